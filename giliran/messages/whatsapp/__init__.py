"""WhatsApp by Meta's Cloud API: what it tells us, what we tell it.

``parsing`` cuts a delivery into events for the inbox, ``reading`` says what one event means,
``payloads`` words an outgoing message, ``errors`` has a policy for each of the provider's refusals
and ``client`` speaks with it. Only ``client`` touches the network, and nothing here the database.
"""

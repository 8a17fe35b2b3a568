"""A provider of WhatsApp and SMS that isn't there: for the demonstration and for tests.

It is as strict as the real one and shares no line with what it checks: ``provider`` keeps its rules
and its people, ``checks`` the shapes it takes, ``hooks`` hands over to giliran's webhook, ``api``
is its HTTP face towards giliran and ``pages`` the telephones to look at and write with.
"""

"""Where each conversation stands."""

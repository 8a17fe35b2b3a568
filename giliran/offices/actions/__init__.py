"""Changing what is known of offices."""

from giliran.offices.actions.importing import BadRows, RowFault, import_offices, import_services
from giliran.offices.actions.posting import close_on, give_post, register_kiosk

__all__ = [
    "BadRows",
    "RowFault",
    "close_on",
    "give_post",
    "import_offices",
    "import_services",
    "register_kiosk",
]

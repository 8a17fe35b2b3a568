"""Changing what is known of offices."""

from giliran.offices.actions.areas import import_areas
from giliran.offices.actions.drawing_plan import DrawPlan, draw_plan, plan_draws
from giliran.offices.actions.importing import BadRows, RowFault, import_offices, import_services
from giliran.offices.actions.posting import close_on, give_post
from giliran.offices.actions.screens import (
    note_alive,
    register_board,
    register_kiosk,
    retire_board,
    retire_kiosk,
)

__all__ = [
    "BadRows",
    "DrawPlan",
    "RowFault",
    "close_on",
    "draw_plan",
    "give_post",
    "import_areas",
    "import_offices",
    "import_services",
    "note_alive",
    "plan_draws",
    "register_board",
    "register_kiosk",
    "retire_board",
    "retire_kiosk",
]

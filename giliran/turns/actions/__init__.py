"""What can happen to a turn; one action, one transaction."""

from giliran.turns.actions.arriving import check_in, leave, take_number, turn_away
from giliran.turns.actions.asking import Asker, asker, book, cancel, erase_statements, reschedule
from giliran.turns.actions.calling import (
    call_again,
    call_next,
    finish,
    identify,
    leave_counter,
    no_show,
    park,
    rejoin,
    start,
    take_back,
    transfer,
)
from giliran.turns.actions.closing import close_day

__all__ = [
    "Asker",
    "asker",
    "book",
    "call_again",
    "call_next",
    "cancel",
    "check_in",
    "close_day",
    "erase_statements",
    "finish",
    "identify",
    "leave",
    "leave_counter",
    "no_show",
    "park",
    "rejoin",
    "reschedule",
    "start",
    "take_back",
    "take_number",
    "transfer",
    "turn_away",
]

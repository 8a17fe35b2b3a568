"""What can happen to a turn; one action, one transaction."""

from giliran.turns.actions.applying import (
    Terms,
    apply,
    change,
    decline,
    note_told,
    start_party,
    withdraw,
)
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
from giliran.turns.actions.consenting import agree_to_window, keep_window, offer_windows
from giliran.turns.actions.drawing import draw_round, fill_held, keep_rounds
from giliran.turns.actions.promising import keep_promises, keep_soon, note_travel, promise
from giliran.turns.actions.rounds import commit, open_round, reveal, seal_round
from giliran.turns.actions.telling import will_come
from giliran.turns.actions.together import apply_with
from giliran.turns.actions.visiting import withdraw_claim

__all__ = [
    "Asker",
    "Terms",
    "agree_to_window",
    "apply",
    "apply_with",
    "asker",
    "book",
    "call_again",
    "call_next",
    "cancel",
    "change",
    "check_in",
    "close_day",
    "commit",
    "decline",
    "draw_round",
    "erase_statements",
    "fill_held",
    "finish",
    "identify",
    "keep_promises",
    "keep_rounds",
    "keep_soon",
    "keep_window",
    "leave",
    "leave_counter",
    "no_show",
    "note_told",
    "note_travel",
    "offer_windows",
    "open_round",
    "park",
    "promise",
    "rejoin",
    "reschedule",
    "reveal",
    "seal_round",
    "start",
    "start_party",
    "take_back",
    "take_number",
    "transfer",
    "turn_away",
    "will_come",
    "withdraw",
    "withdraw_claim",
]

"""What can happen to a message and to an address; one action, one transaction."""

from giliran.messages.actions.claiming import Word
from giliran.messages.actions.confirming import confirm, start_confirming
from giliran.messages.actions.consenting import (
    heard_from,
    is_same,
    know,
    moved,
    opt_in,
    opt_out,
    subscribe,
    unsubscribe,
)
from giliran.messages.actions.forgetting import forget
from giliran.messages.actions.hearing import (
    Event,
    Taken,
    Unreadable,
    give_up,
    handled,
    receive,
    take,
    take_next,
)
from giliran.messages.actions.noticing import OFFICER, mute, notify, try_out, withdraw_notices
from giliran.messages.actions.ordering import confirm_last, put_first, stop_telling
from giliran.messages.actions.reporting import note_status
from giliran.messages.actions.sending import send, send_next
from giliran.messages.actions.sweeping import post_due, sweep
from giliran.messages.actions.telling import Urgency, reply, tell, withdraw

__all__ = [
    "OFFICER",
    "Event",
    "Taken",
    "Unreadable",
    "Urgency",
    "Word",
    "confirm",
    "confirm_last",
    "forget",
    "give_up",
    "handled",
    "heard_from",
    "is_same",
    "know",
    "moved",
    "mute",
    "note_status",
    "notify",
    "opt_in",
    "opt_out",
    "post_due",
    "put_first",
    "receive",
    "reply",
    "send",
    "send_next",
    "start_confirming",
    "stop_telling",
    "subscribe",
    "sweep",
    "take",
    "take_next",
    "tell",
    "try_out",
    "unsubscribe",
    "withdraw",
    "withdraw_notices",
]

"""The life of a turn: its states, the moves between them, and how its history adds up."""

from __future__ import annotations

from enum import StrEnum

from giliran.core.life import Life, MoveRefused
from giliran.core.refusal import gettext_noop


class State(StrEnum):
    """Where a turn stands."""

    BOOKED = "booked"  # has a window, hasn't come yet
    WAITING = "waiting"  # is here, in the line
    CALLED = "called"  # asked to a counter
    SERVING = "serving"
    PARKED = "parked"  # fetches a paper and keeps the place
    FINISHED = "finished"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    LEFT = "left"  # went home without being served


class Move(StrEnum):
    """What can happen to a turn."""

    BOOK = "book"
    TAKE_NUMBER = "take_number"
    CHECK_IN = "check_in"
    RESCHEDULE = "reschedule"
    CALL = "call"
    CALL_AGAIN = "call_again"
    START = "start"
    FINISH = "finish"
    TRANSFER = "transfer"
    PARK = "park"
    TAKE_BACK = "take_back"
    REJOIN = "rejoin"
    NO_SHOW = "no_show"
    CANCEL = "cancel"
    LEAVE = "leave"
    IDENTIFY = "identify"


OPEN = frozenset({State.BOOKED, State.WAITING, State.CALLED, State.SERVING, State.PARKED})
AT_A_COUNTER = frozenset({State.CALLED, State.SERVING})
IN_THE_ROOM = frozenset({State.WAITING, State.CALLED, State.SERVING})

BIRTHS = {Move.BOOK: State.BOOKED, Move.TAKE_NUMBER: State.WAITING}

_FROM: dict[Move, dict[State, State]] = {
    Move.CHECK_IN: {State.BOOKED: State.WAITING},
    Move.RESCHEDULE: {State.BOOKED: State.BOOKED},
    Move.CALL: {State.WAITING: State.CALLED},
    Move.CALL_AGAIN: {State.CALLED: State.CALLED},
    Move.START: {State.CALLED: State.SERVING},
    Move.FINISH: {State.SERVING: State.FINISHED},
    Move.TRANSFER: {State.CALLED: State.WAITING, State.SERVING: State.WAITING},
    Move.PARK: {State.CALLED: State.PARKED, State.SERVING: State.PARKED},
    Move.TAKE_BACK: {State.PARKED: State.SERVING},
    # Somebody who was called while in the washroom hasn't lost the day.
    Move.REJOIN: {State.PARKED: State.WAITING, State.NO_SHOW: State.WAITING},
    Move.NO_SHOW: {State.CALLED: State.NO_SHOW, State.BOOKED: State.NO_SHOW},
    Move.CANCEL: {State.BOOKED: State.CANCELLED, State.WAITING: State.CANCELLED},
    Move.LEAVE: {
        State.WAITING: State.LEFT,
        State.CALLED: State.LEFT,
        State.PARKED: State.LEFT,
    },
    Move.IDENTIFY: {
        State.WAITING: State.WAITING,
        State.CALLED: State.CALLED,
        State.SERVING: State.SERVING,
        State.PARKED: State.PARKED,
    },
}


class MoveNotAllowed(MoveRefused):
    """The turn's state does not allow this move; says which moves it does allow."""

    code = "move_not_allowed"
    sentence = gettext_noop(
        "Langkah “%(move)s” tidak bisa untuk giliran yang sedang “%(state)s”. "
        "Yang bisa sekarang: %(possible)s."
    )


_LIFE = Life(_FROM, BIRTHS, State.CANCELLED, MoveNotAllowed)
possible, sources, after, rebuild = _LIFE.possible, _LIFE.sources, _LIFE.after, _LIFE.rebuild

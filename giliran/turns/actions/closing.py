"""The end of a day: nothing stays open overnight."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime

from django.db import transaction

from giliran.core.refusal import NotFound
from giliran.core.turn import OPEN, Move, MoveNotAllowed, State
from giliran.turns.actions.moving import move
from giliran.turns.actions.telling import turn_closed
from giliran.turns.models import Turn

_LAST_MOVE = {
    State.BOOKED: Move.NO_SHOW,
    State.WAITING: Move.LEAVE,
    State.CALLED: Move.LEAVE,
    State.PARKED: Move.LEAVE,
    State.SERVING: Move.FINISH,
}


def close_day(office_id: int, day: date, *, now: datetime, actor: str = "system") -> int:
    """End the turns of a day (and any before it) that are still open; returns how many.

    Who never came did not show; who was here and not served has left, and is counted as such.
    Asked twice, the second time changes nothing.
    """
    left_over = Turn.objects.filter(office_id=office_id, day__lte=day, state__in=OPEN)
    ended = 0
    for turn_id, state in list(left_over.values_list("id", "state")):
        # Whoever moves at this very moment is met in their new state by the next closing.
        with suppress(MoveNotAllowed, NotFound), transaction.atomic():
            turn = move(turn_id, _LAST_MOVE[State(state)], now=now, actor=actor, ended_at=now)
            if state == State.WAITING:
                turn_closed(turn, now=now)
            ended += 1
    return ended

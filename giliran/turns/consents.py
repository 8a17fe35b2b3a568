"""Who can't be served in the window they were promised, and what they say to another one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from giliran.capacity.places import Touched
from giliran.core.turn import State
from giliran.turns.models import OtherWindow, Turn


class TouchedPerson(NamedTuple):
    """One of the last to be promised a window; by code, for a list that no name belongs in."""

    turn_id: int
    code: str
    window_from: datetime
    window_till: datetime
    answer: str | None
    """None: not asked; empty: asked, not answered."""


def touched_people(touched: Iterable[Touched]) -> list[TouchedPerson]:
    """Return who is meant by windows that can't be served in time, by window.

    The last to have booked, and nobody with priority: they are called first in any case.
    """
    found = []
    for one in touched:
        last = (
            Turn.objects.filter(offer_id=one.offer_id, state=State.BOOKED, is_priority=False)
            .order_by("-asked_at", "-id")
            .values_list("id", "code", "window_from", "window_till")[: one.people]
        )
        answers = dict(
            OtherWindow.objects.filter(
                from_offer_id=one.offer_id, turn_id__in=[row[0] for row in last]
            ).values_list("turn_id", "answer")
        )
        found += [
            TouchedPerson(turn_id, code, begins, ends, answers.get(turn_id))
            for turn_id, code, begins, ends in last
            if begins is not None and ends is not None
        ]
    return found


def open_question(turn: Turn, *, now: datetime) -> OtherWindow | None:
    """Return the other window that somebody was asked to take, while they may still say yes."""
    if turn.state != State.BOOKED:
        return None
    return (
        OtherWindow.objects.select_related("to_offer")
        .filter(
            turn=turn,
            from_offer_id=turn.offer_id,
            answer=OtherWindow.Answer.OPEN,
            to_offer__starts_at__gt=now,
        )
        .first()
    )

"""Promising from when till when people will be called, and learning from how it went."""

from __future__ import annotations

from datetime import datetime

from giliran.core.refusal import BadInput, NotFound, gettext_noop
from giliran.turns.models import Journey, Turn
from giliran.turns.promises import Promised

LONGEST_TRAVEL = 600


class BadTravel(BadInput):
    """The way to the office takes 0 to 600 minutes."""

    code = "bad_travel"
    sentence = gettext_noop("Tulis lama perjalanan dalam menit, dari 0 sampai 600.")


def promise(turn_id: int, *, now: datetime) -> Promised | None:
    """Record the first promise of somebody who just arrived, at once, and return it.

    Asked again, returns what they were promised last. None if nobody can promise them anything:
    no counter will serve them, or they don't wait.
    """
    return None


def keep_promises(office_id: int, *, now: datetime) -> int:
    """Forecast an office's whole line and record what is new; returns how many promises.

    Settles the promises whose people were called or went, in order, and learns from each once;
    then first promises, and revisions of those whose window moved by more than ten minutes or
    can no longer hold; last the forecast for newcomers and whom to call to save promises.
    """
    return 0


def note_travel(turn_id: int, minutes: int | None, *, now: datetime) -> None:
    """Note how long somebody needs to the office, in minutes; None forgets it.

    Raises ``BadTravel`` outside 0 to 600 and ``NotFound`` for an unknown turn.
    """
    if minutes is None:
        Journey.objects.filter(turn_id=turn_id).delete()
        return
    if not 0 <= minutes <= LONGEST_TRAVEL:
        raise BadTravel("travel_minutes")
    if not Turn.objects.filter(id=turn_id).exists():
        raise NotFound
    Journey.objects.update_or_create(turn_id=turn_id, defaults={"minutes": minutes})

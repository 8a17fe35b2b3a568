"""What people were promised, as pages read it: from when till when they'll be called."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from giliran.capacity.models import Offer
from giliran.offices.models import Office
from giliran.turns.models import Journey, Turn


class Promised(NamedTuple):
    """The window in which somebody is called, as it was told; aware times, whole five minutes."""

    begins: datetime
    ends: datetime
    made_at: datetime
    is_first: bool
    come_at: datetime | None
    """When somebody still at home should be at the office; None on arrival, or not known."""


class DayAhead(NamedTuple):
    """What somebody with a window on a later day may count on, nine times in ten."""

    called_from: datetime
    called_till: datetime
    out_by: datetime


class RescueOf(NamedTuple):
    """Whom to call next, against the rule, so that most promises are kept."""

    turn: Turn
    saved: float
    """How many more promises are kept on average."""
    odds_before: float
    """That this person's own promise is kept if the rule decides, 0 to 1."""
    odds_after: float
    harmed: tuple[str, ...]
    """Queue numbers of those whose odds fall by more than a tenth, worst first."""


class KeptWeek(NamedTuple):
    """How one office kept its word in one week; public."""

    office_id: int
    monday: date
    promises: int
    """First promises on arrival that are settled and count; see ``kept``."""
    kept: int
    minutes_wide: float
    """Mean length of these windows as told."""


def promise_of(turn_id: int) -> Promised | None:
    """Return the last window that somebody who isn't called yet was told, or None.

    It may have passed: then it was broken, and a new one is on its way.
    """
    return None


def promises_of(office_id: int, *, now: datetime) -> dict[int, Promised]:
    """Return the last window of everybody who waits or has a turn today, by turn_id."""
    return {}


def newcomer(
    office: Office, *, service_id: int, is_priority: bool, now: datetime
) -> Promised | None:
    """Return the window of somebody who took a number now; not recorded.

    From the office's stored forecast if it is at most a minute old, else worked out (some 30 ms).
    None if nobody can be promised to be called today.
    """
    return None


def line_estimate(office: Office, *, now: datetime) -> tuple[int, int] | None:
    """Return from how many till how many minutes a newcomer of the commonest service waits.

    Only from the stored forecast, at most five minutes old; None without one.
    """
    return None


def day_ahead(
    asked: Turn | Offer, *, service_id: int | None = None, now: datetime
) -> DayAhead | None:
    """Return the window by which somebody with a booked window is called, and is out.

    For an offer, ``service_id`` says what for (else the office's commonest). None for a turn
    without a window, for today's, and for those that are over.
    """
    return None


def travel_minutes(turn_id: int) -> int | None:
    """Return how long the person says that they need to the office, or None."""
    return Journey.objects.filter(turn_id=turn_id).values_list("minutes", flat=True).first()


def leave_by(turn_id: int, *, now: datetime) -> datetime | None:
    """Return when to leave home: when they should come, less their way; None without either.

    They should come at ``come_at`` of the last promise, else at the beginning of their window.
    None for whoever is at the office already.
    """
    return None


def rescues(office_id: int, *, now: datetime) -> list[RescueOf]:
    """Return whom to call next to save most promises, best first; [] when the rule does best.

    As stored with the last forecast, at most two minutes old; cheap enough for every desk.
    """
    return []


def kept(office_ids: Iterable[int], *, since: date, until: date) -> list[KeptWeek]:
    """Return how offices kept their promises in each week of the days ``[since, until)``."""
    return []

"""What a page says of the wait before a number is taken, and why it can promise no time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from giliran.capacity import queries as capacity
from giliran.offices import queries as offices
from giliran.turns import promises

if TYPE_CHECKING:
    from giliran.offices.models import Office

STEP = 5  # minutes; nobody reads 27 to 43
BEFORE_OPENING, NO_COUNTER, TOO_LATE = "before_opening", "no_counter", "too_late"


def newcomer_minutes(office: Office, *, now: datetime) -> tuple[int, int] | None:
    """Return from how many to how many minutes who takes a number now waits, outward to five."""
    minutes = promises.line_estimate(office, now=now)
    if minutes is None:
        return None
    return minutes[0] // STEP * STEP, -(-minutes[1] // STEP) * STEP


def why_none(office: Office, service_id: int, *, now: datetime) -> str:
    """Return why nobody can be told when they will be called.

    ``before_opening``, ``no_counter`` where none that serves this is open, or else ``too_late``:
    the day may end before everybody is called.
    """
    moments = offices.opening_moments(office, offices.local_day(office, now))
    if moments is not None and now < moments[0]:
        return BEFORE_OPENING
    open_ids = {seat.counter_id for seat in capacity.open_seats(office.id)}
    if not any(
        counter.id in open_ids and service_id in counter.service_ids
        for counter in offices.counters(office.id)
    ):
        return NO_COUNTER
    return TOO_LATE

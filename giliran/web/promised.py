"""Why a page can promise no time, in one word for its template to say."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from giliran.capacity import queries as capacity
from giliran.offices import queries as offices

if TYPE_CHECKING:
    from giliran.offices.models import Office

BEFORE_OPENING, NO_COUNTER, TOO_LATE = "before_opening", "no_counter", "too_late"


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

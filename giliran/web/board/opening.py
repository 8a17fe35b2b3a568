"""When an office opens next, as the screens at its door say it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from giliran.core.deadline import CalendarMissing
from giliran.offices import queries as offices

if TYPE_CHECKING:
    from giliran.offices.models import Office


class Opening(NamedTuple):
    """One opening of an office; numbers are given from ``doors_at`` until ``closes_at``."""

    day: date
    doors_at: datetime
    opens_at: datetime
    closes_at: datetime
    is_today: bool


def next_opening(of: Office, *, now: datetime) -> Opening | None:
    """Return the opening that goes on now or comes next, or None where none is known."""
    today = offices.local_day(of, now)
    here = offices.zone(of)
    try:
        # Today's may be over already, so two are looked for.
        for day, hours in offices.open_days(of, today, 2):
            opens = datetime.combine(day, hours.opens, tzinfo=here)
            closes = datetime.combine(day, hours.closes, tzinfo=here)
            if closes > now:
                doors = opens - timedelta(minutes=of.doors_open_minutes_before)
                return Opening(day, doors, opens, closes, day == today)
    except CalendarMissing:
        return None  # the next year's holidays are not decreed yet
    return None

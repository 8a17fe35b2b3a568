"""When an office opens next, as the screens at its door say it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from giliran.offices import queries as offices

if TYPE_CHECKING:
    from giliran.offices.models import Office

_DAYS_AHEAD = 30


class Opening(NamedTuple):
    """One opening of an office; numbers are given from ``doors_at`` until ``closes_at``."""

    day: date
    doors_at: datetime
    opens_at: datetime
    closes_at: datetime
    is_today: bool


def next_opening(of: Office, *, now: datetime) -> Opening | None:
    """Return the opening that goes on now or comes next, or None within a month."""
    today = offices.local_day(of, now)
    here = offices.zone(of)
    for day, hours, *_ in offices.days_ahead(of, today, _DAYS_AHEAD):
        if hours is None:
            continue
        opens = datetime.combine(day, hours.opens, tzinfo=here)
        closes = datetime.combine(day, hours.closes, tzinfo=here)
        if closes > now:
            doors = opens - timedelta(minutes=of.doors_open_minutes_before)
            return Opening(day, doors, opens, closes, day == today)
    return None

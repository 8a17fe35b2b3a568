"""By when an officer answers: during office hours, the same day where there is time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from giliran.offices import queries as offices

if TYPE_CHECKING:
    from giliran.offices.models import Office

WITHIN = timedelta(hours=2)  # of opening hours
_DAYS_AHEAD = 3
_UNKNOWN_HOURS = timedelta(days=3)


def answer_by(office: Office, *, now: datetime) -> datetime:
    """Return by when an officer answers: two opening hours from now.

    What is left over when the office closes goes on when it opens again.
    """
    left, today = WITHIN, offices.local_day(office, now)
    for day, _hours in offices.open_days(office, today, _DAYS_AHEAD):
        moments = offices.opening_moments(office, day)
        if moments is None or moments[1] <= now:
            continue
        begins = max(now, moments[0])
        if begins + left <= moments[1]:
            return begins + left
        left -= moments[1] - begins
    return now + _UNKNOWN_HOURS

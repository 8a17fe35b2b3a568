"""When people sleep: nothing is told then, save what they wait for right now."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

QUIET_FROM = time(21)
QUIET_UNTIL = time(7)


def after_quiet_hours(moment: datetime, zone: str) -> datetime:
    """Return the moment itself, or the end of the quiet hours (21.00 to 07.00) it falls into.

    ``moment`` is aware; the hours are those of the clocks in ``zone`` (an IANA name).
    """
    local = moment.astimezone(ZoneInfo(zone))
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return moment
    day = local.date() + timedelta(days=1 if local.time() >= QUIET_FROM else 0)
    return datetime.combine(day, QUIET_UNTIL, local.tzinfo).astimezone(moment.tzinfo)

"""Which days keep an office shut, and its hours of many days in as many statements as of one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from giliran import rules
from giliran.core.deadline import DayOff
from giliran.core.offers import Hours
from giliran.offices.models import Break, Closure, Office, WeeklyHours


def day_off(of: Office, day: date) -> DayOff | None:
    """Return the holiday, or the collective leave on which this office closes, of a day.

    Raises ``CalendarMissing`` for a year whose decree isn't known yet.
    """
    calendar = rules.calendar()
    off = calendar.day_off(day)
    return off if day in calendar.holidays or of.closes_on_collective_leave else None


def hours_of_days(of: Office, days: Collection[date]) -> dict[date, Hours | None]:
    """Return an office's hours by day, as ``queries.hours`` does one by one; three statements.

    Days of a year whose decree isn't known yet are left out.
    """
    calendar = rules.calendar()
    known = sorted(day for day in set(days) if day.year in calendar.years)
    if not known:
        return {}
    near = Q(since__lte=known[-1]) & (Q(until__isnull=True) | Q(until__gte=known[0]))
    weekly = list(WeeklyHours.objects.filter(near, office=of).order_by("since"))
    pauses = list(Break.objects.filter(near, office=of).order_by("starts"))
    shut = set(Closure.objects.filter(office=of, day__in=known).values_list("day", flat=True))
    found: dict[date, Hours | None] = {}
    for day in known:
        in_force = [one for one in weekly if _holds(one, day)]
        if day_off(of, day) or day in shut or not in_force:
            found[day] = None
            continue
        last = in_force[-1]
        breaks = tuple((one.starts, one.ends) for one in pauses if _holds(one, day))
        found[day] = Hours(last.opens, last.closes, breaks)
    return found


def _holds(one: WeeklyHours | Break, day: date) -> bool:
    is_current = one.since <= day and (one.until is None or day <= one.until)
    return is_current and one.weekday == day.weekday()

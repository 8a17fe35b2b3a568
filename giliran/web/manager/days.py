"""Which day a page is about."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest

from giliran.core.deadline import CalendarMissing
from giliran.offices import queries as offices


def asked_day(request: HttpRequest, default: date) -> date:
    """Return the day that ``?hari=2026-11-23`` names; raises ``Http404`` for no day of ours."""
    sent = request.GET.get("hari", "")
    if not sent:
        return default
    try:
        day = date.fromisoformat(sent)
    except ValueError as error:
        raise Http404 from error
    # Far years have neither turns nor, at both ends, a day before or after them.
    if abs((day - default).days) > 3660:  # noqa: PLR2004 -- ten years either way
        raise Http404
    return day


def is_open_on(office: Any, day: date) -> bool:
    """Return whether the office is open on a day; not where the year's holidays aren't known."""
    try:
        return offices.hours(office, day) is not None
    except CalendarMissing:
        return False


def last_open_day(office: Any, before: date) -> date:
    """Return the last day before one on which the office was open; the day before, if none."""
    days = (before - timedelta(days=n) for n in range(1, 15))
    return next((d for d in days if is_open_on(office, d)), before - timedelta(days=1))


def coming_days(office: Any, today: date) -> list[date]:
    """Return today and the days after it on which the office is open, as far as it is booked."""
    try:
        return [d for d, _ in offices.open_days(office, today, office.booked_days_ahead + 1)]
    except CalendarMissing:
        return [today]

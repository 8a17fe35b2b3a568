"""An officer's own shifts, wishes and calendar address."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vDuration

from giliran.capacity.models import Leave, RosterFeed, Shift, ShiftWish
from giliran.core.refusal import NotFound

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")


class OwnShift(NamedTuple):
    """One shift as its officer sees it; times are the office's."""

    shift_id: int
    day: date
    kind: str
    begins_at: datetime
    ends_at: datetime
    office: str
    address: str
    is_lent: bool


def own_shifts(officer_id: int, first: date, last: date) -> list[OwnShift]:
    """Return an officer's published shifts of some days, but those on days of approved leave."""
    away = Leave.objects.filter(
        officer_id=OuterRef("officer_id"),
        state=Leave.State.APPROVED,
        first_day__lte=OuterRef("day"),
        last_day__gte=OuterRef("day"),
    )
    found = (
        Shift.objects.filter(
            ~Exists(away),
            officer_id=officer_id,
            day__range=(first, last),
            is_draft=False,
            cancelled_at__isnull=True,
        )
        .select_related("office")
        .order_by("day")
    )
    return [
        OwnShift(
            one.id,
            one.day,
            one.kind,
            one.begins_at.astimezone(ZoneInfo(one.office.time_zone)),
            one.ends_at.astimezone(ZoneInfo(one.office.time_zone)),
            one.office.name,
            one.office.address,
            one.loan_id is not None,
        )
        for one in found
    ]


def wishes(officer_id: int, first: date, last: date) -> dict[date, str]:
    """Return what an officer would like, by day."""
    found = ShiftWish.objects.filter(officer_id=officer_id, day__range=(first, last))
    return dict(found.values_list("day", "kind"))


def feed_token(officer_id: int) -> str:
    """Return the secret part of an officer's calendar address; empty without one."""
    found = RosterFeed.objects.filter(officer_id=officer_id, officer__is_active=True).first()
    return found.token if found else ""


def officer_of(token: str) -> int:
    """Return whose calendar address this is, or raise ``NotFound``."""
    if _TOKEN.fullmatch(token):
        found = RosterFeed.objects.filter(token=token, officer__is_active=True).first()
        if found is not None:
            return found.officer_id
    raise NotFound


def calendar_file(shifts: list[OwnShift], *, now: datetime) -> bytes:
    """Return shifts as an .ics file (RFC 5545, UTF-8) that a calendar subscribes to.

    Times are in UTC: Indonesia's zones never shift, so there is no VTIMEZONE to misread. A shift
    that was changed replaces the old one of its day, by the same UID and a higher SEQUENCE.
    """
    calendar = Calendar()
    calendar.add("PRODID", "-//giliran//jadwal//ID")
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("NAME", _("Jadwal dinas"))
    calendar.add("X-WR-CALNAME", _("Jadwal dinas"))
    calendar.add("REFRESH-INTERVAL", vDuration(timedelta(hours=1)), {"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT1H")
    for one in shifts:
        event = Event()
        event.add("UID", f"dinas-{one.day:%Y%m%d}@giliran")
        event.add("SEQUENCE", one.shift_id)
        event.add("DTSTAMP", now.astimezone(UTC))
        event.add("DTSTART", one.begins_at.astimezone(UTC))
        event.add("DTEND", one.ends_at.astimezone(UTC))
        event.add("SUMMARY", _("Dinas di %(office)s") % {"office": one.office})
        event.add("LOCATION", f"{one.office}, {one.address}")
        event.add("TRANSP", "OPAQUE")
        calendar.add_component(event)
    return bytes(calendar.to_ical())

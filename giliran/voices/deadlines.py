"""By when a complaint is to be answered: of all laws that apply, the shortest counts.

The day of receipt is day 0. A year whose holidays aren't decreed yet counts as if it had none, so
that the day told is the law's or an earlier one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from giliran.core.deadline import Calendar, CalendarMissing, due
from giliran.core.parameters import NotInForce
from giliran.offices.models import Office, Region
from giliran.rules import calendar, load

HANDLES = "complaints/bpjs_handles"
CLASSES = "complaints/classes"
ANSWERS = "complaints/provider_answers"
DECIDES = "complaints/provider_decides"
FOLLOWS_UP = "complaints/lapor_followup"
SILENCE = "complaints/lapor_close"
FROM_LAPOR = "lapor"

ZONE = "Asia/Jakarta"
_YEARS_AHEAD = 3  # no deadline here is longer than a year


class Due(NamedTuple):
    """A legal date, and why it is this one. ``unit`` is working_days or days."""

    on: date
    key: str
    length: int
    unit: str
    citation: str
    is_known: bool
    """Whether every holiday on the way is decreed; else the law's own day may be later."""


def zone_of(office: Office | None, region: Region | None) -> str:
    """Return the time zone in which a complaint's days are counted."""
    return office.time_zone if office else region.time_zone if region else ZONE


def local_day(office: Office | None, region: Region | None, now: datetime) -> date:
    """Return the calendar day where a complaint is handled."""
    return now.astimezone(ZoneInfo(zone_of(office, region))).date()


def calendar_of(office: Office | None) -> Calendar:
    """Return the working days of whoever handles it: collective leave counts where one works then.

    An office's own closures (a flood, a local election) move no legal date.
    """
    works = office is not None and not office.closes_on_collective_leave
    return calendar().with_collective_leave_working(works)


def answer_due(
    day0: date, *, weight: str = "", channel: str = "", office: Office | None = None
) -> Due:
    """Return the last day for an answer.

    BPJS handles within 5 working days (UU 24/2011 Pasal 48), a provider decides within 60 days
    (UU 25/2009 Pasal 50), a class of PermenPANRB 62/2018 has its own time, and a report from
    SP4N-LAPOR! is followed up in 5 working days: whichever day comes first.
    """
    keys = [HANDLES, DECIDES]
    if weight:
        keys.append(CLASSES)
    if channel == FROM_LAPOR:
        keys.append(FOLLOWS_UP)
    return _first(day0, keys, weight=weight, office=office)


def acknowledge_due(day0: date, *, channel: str = "", office: Office | None = None) -> Due:
    """Return the last day on which whoever complained is told that it is in hand.

    14 days at most (UU 25/2009 Pasal 44), and never after the day of the answer itself.
    """
    answered = answer_due(day0, channel=channel, office=office)
    first = _first(day0, [ANSWERS], office=office)
    return first if first.on < answered.on else answered


def silence_ends(day0: date, *, office: Office | None = None) -> Due:
    """Return the last day to dispute an answer; then it is closed as SP4N-LAPOR! closes one."""
    return _first(day0, [SILENCE], office=office)


def classes(day: date) -> dict[str, int]:
    """Return each class's time in working days, as the law stands on a day."""
    return _whole(load().on(day).value(CLASSES))


def _first(day0: date, keys: list[str], *, weight: str = "", office: Office | None) -> Due:
    found = [_one(day0, key, weight=weight, office=office) for key in keys]
    # Of two laws that end on one day the shorter time is named: it is the one that presses.
    return min((one for one in found if one), key=lambda one: (one.on, one.length))


def _one(day0: date, key: str, *, weight: str, office: Office | None) -> Due | None:
    parameter = load()[key]
    try:
        dated = parameter.at(day0)
    except NotInForce:
        return None
    value = _whole(dated.value)[weight] if key == CLASSES else dated.value
    length = int(str(value))
    known = calendar_of(office)
    is_known = True
    try:
        on = due(day0, length, parameter.unit, (), known)
    except CalendarMissing:
        is_known = False
        ahead = frozenset(range(day0.year, day0.year + _YEARS_AHEAD))
        on = due(day0, length, parameter.unit, (), replace(known, years=known.years | ahead))
    if on is None:  # nothing stops this clock
        return None
    return Due(on, key, length, parameter.unit, dated.citation, is_known)


def _whole(value: Any) -> dict[str, int]:
    return {str(name): int(days) for name, days in dict(value).items()}

"""Which alarms ring, and who hears them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import Q, QuerySet

from giliran.figures.models import Alarm
from giliran.offices import queries as offices
from giliran.offices.models import Region

_AT_MOST: Final = 200

# Who hears of what: roles at the office, of the region, of the centre.
HEARS: Final[Mapping[str, frozenset[str]]] = {
    Alarm.Kind.EARLY_CROWD: frozenset({"manager", "door", "officer"}),
    Alarm.Kind.QUOTA_GONE: frozenset({"manager"}),
    Alarm.Kind.COUNTER_EMPTY: frozenset({"manager", "officer"}),
    Alarm.Kind.PROMISE_BROKEN: frozenset({"manager", "officer"}),
    Alarm.Kind.DEADLINE: frozenset({"manager", "regional", "administrator"}),
    Alarm.Kind.CHANNEL_DOWN: frozenset({"administrator"}),
    Alarm.Kind.SCREEN_SILENT: frozenset({"manager", "door"}),
}

CAN_WAIT: Final = frozenset({Alarm.Kind.QUOTA_GONE, Alarm.Kind.DEADLINE})
"""Told after quiet hours, and only to who answers for it: a day's work, no matter of minutes."""
TOLD_ELSEWHERE: Final = frozenset({Alarm.Kind.DEADLINE})
"""Shown on pages only: of each date its own room tells, and nobody is told twice."""


class AlarmView(NamedTuple):
    """An alarm as pages show it."""

    id: int
    kind: str
    office_id: int | None
    region_id: int | None
    about: str
    data: dict[str, Any]
    raised_at: datetime
    told_at: datetime | None
    above_at: datetime | None
    seen_at: datetime | None
    seen_by: str
    over_at: datetime | None


class Centre(NamedTuple):
    """Where an alarm rings that rings in no office and no region."""

    name: str = ""
    time_zone: str = "Asia/Jakarta"


def alarm(alarm_id: int) -> AlarmView | None:
    """Return one alarm, over or not; None for none."""
    return next(iter(_views(Alarm.objects.filter(id=alarm_id))), None)


def place(one: AlarmView) -> Any:
    """Return the office or region where an alarm rings, or the ``Centre``."""
    if one.office_id is not None:
        return offices.office_by_id(one.office_id)
    if one.region_id is not None:
        return Region.objects.get(id=one.region_id)
    return Centre()


def ringing(office_id: int, roles: Collection[str]) -> list[AlarmView]:
    """Return what rings at an office for somebody with these roles, the oldest first."""
    kinds = sorted(kind for kind, hear in HEARS.items() if hear & set(roles))
    found = Alarm.objects.filter(office_id=office_id, over_at__isnull=True, kind__in=kinds)
    return _views(found.order_by("raised_at", "id"))


def ringing_above() -> list[AlarmView]:
    """Return what rings for regions and the centre, or was put before a region, the oldest first.

    ``hears_above`` says who hears which.
    """
    found = Alarm.objects.filter(Q(office__isnull=True) | Q(above_at__isnull=False))
    return _views(found.filter(over_at__isnull=True).order_by("raised_at", "id"))


def hears_above(one: AlarmView, roles: Collection[str]) -> bool:
    """Return whether one of ``ringing_above`` is for somebody with these roles in its region."""
    return bool(HEARS[one.kind] & set(roles)) if one.office_id is None else "regional" in roles


def told(
    *, since: datetime, office_ids: Collection[int], above: Collection[int | None] = ()
) -> list[AlarmView]:
    """Return what rings or rang since a moment, newest first.

    At these offices, and ``above``: for these regions themselves, None being the centre.
    """
    whose = Q(office_id__in=list(office_ids))
    for region_id in above:
        whose |= _above(region_id)
    found = Alarm.objects.filter(whose, Q(over_at__isnull=True) | Q(raised_at__gte=since))
    return _views(found.order_by("-raised_at", "-id")[:_AT_MOST])


def _above(region_id: int | None) -> Q:
    if region_id is None:
        return Q(office__isnull=True, region__isnull=True)
    return Q(office__isnull=True, region_id=region_id)


def _views(found: QuerySet[Alarm]) -> list[AlarmView]:
    return [view(one) for one in found.select_related("seen_by")]


def view(one: Alarm) -> AlarmView:
    """Return a row as pages and messages read it."""
    return AlarmView(
        one.id,
        one.kind,
        one.office_id,
        one.region_id,
        one.about,
        one.data,
        one.raised_at,
        one.told_at,
        one.above_at,
        one.seen_at,
        one.seen_by.full_name if one.seen_by else "",
        one.over_at,
    )

"""An alarm on screen: its words, and the page where it can be mended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext

from giliran.figures.alarm_words import words
from giliran.figures.alarms import TOLD_ELSEWHERE, AlarmView
from giliran.offices import queries as offices

_CENTRE: Final = "Asia/Jakarta"


class Said(NamedTuple):
    """An alarm in words; ``link`` leads to where it can be mended, empty where nowhere.

    ``listed`` is the list of alarms above the office in which it stands; ``told`` and ``above`` say
    when its own level and the region were told by message.
    """

    alarm: AlarmView
    place: str
    title: str
    sentence: str
    do: str
    link: str
    listed: str
    since: str
    told: str
    above: str

    @property
    def is_unheard(self) -> bool:
        """Whether it should have been told by message, and there was nobody who could be."""
        if self.alarm.kind in TOLD_ELSEWHERE or self.alarm.seen_by:
            return False
        return not self.told and not self.above


def said(alarm: AlarmView, *, office: Any = None, region: Any = None) -> Said:
    """Put an alarm into words, in the reader's language."""
    spoken, where = words(alarm, office=office), office or region
    link_of = _LINKS.get(alarm.kind)
    return Said(
        alarm,
        where.name if where else gettext("Kantor pusat"),
        spoken.title,
        spoken.sentence,
        spoken.do,
        link_of(alarm, office, region) if link_of else "",
        _listed(office.region if office else region),
        _moment(alarm.raised_at, where),
        _moment(alarm.told_at, where),
        _moment(alarm.above_at, where),
    )


def _moment(moment: datetime | None, where: Any) -> str:
    if moment is None:
        return ""
    zone = where.time_zone if where else _CENTRE
    return f"{moment.astimezone(ZoneInfo(zone)):%H.%M} {offices.ZONE_NAMES[zone]}"


def _listed(region: Any) -> str:
    return reverse("region_alarms", args=[region.slug]) if region else reverse("all_alarms")


Link = Callable[[AlarmView, Any, Any], str]


def _door(alarm: AlarmView, office: Any, region: Any) -> str:
    return reverse("door", args=[office.slug])


def _day(alarm: AlarmView, office: Any, region: Any) -> str:
    return f"{reverse('manager', args=[office.slug])}?hari={alarm.data['day']}#jam"


def _today(alarm: AlarmView, office: Any, region: Any) -> str:
    return reverse("manager", args=[office.slug])


def _due(alarm: AlarmView, office: Any, region: Any) -> str:
    return (_claims_of if alarm.about == "claims" else _complaints_of)(office, region)


def _complaints_of(office: Any, region: Any) -> str:
    if office:
        return reverse("complaint_work", args=[office.slug])
    if region:
        return reverse("region_complaints", args=[region.slug])
    return reverse("complaints_regions")


def _claims_of(office: Any, region: Any) -> str:
    if office:
        return f"{reverse('claim_work', args=[office.slug])}?daftar=kantor"
    return reverse("region_claims", args=[region.slug]) if region else reverse("claims_regions")


_LINKS: Final[Mapping[str, Link]] = {
    "early_crowd": _door,
    "quota_gone": _day,
    "counter_empty": _today,
    "promise_broken": _today,
    "deadline": _due,
    "screen_silent": _door,
}

"""What visitors said, a month at a time: sums of ten or more, with how sure they are.

Whole months, and of the running one whole weeks: who looks each day would otherwise see what was
said on that day, and the roster names who served then.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from giliran import clock
from giliran.core.opinion_words import GROUPS
from giliran.core.satisfaction import FEWEST
from giliran.offices import queries as offices
from giliran.voices import opinion_services, opinions
from giliran.web.manager.claims import of_region
from giliran.web.manager.frame import frame
from giliran.web.staff import LOOK, at_office

CHANNELS = {
    "web": gettext_noop("Halaman giliran"),
    "message": gettext_noop("WhatsApp, SMS, atau email"),
    "kiosk": gettext_noop("Mesin antrean"),
}
_NOTHING_BEFORE = date(2020, 1, 1)
GRADES = {
    "A": gettext_noop("sangat baik"),
    "B": gettext_noop("baik"),
    "C": gettext_noop("kurang baik"),
    "D": gettext_noop("tidak baik"),
}


class Month(NamedTuple):
    """A calendar month by its first and last day."""

    first: date
    last: date

    @property
    def before(self) -> date:
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        return self.last + timedelta(days=1)


@at_office(*LOOK)
@require_safe
def office_satisfaction(request: HttpRequest, office: Any) -> HttpResponse:
    """Show what visitors of one office said in a month."""
    today = offices.local_day(office, clock.now())
    known = _known(request, [office.id], today)
    around = _ids(office.region)
    by_service = opinion_services.of_office(office.id, around, *_days(known))
    context = frame(request, office) | known | {"by_service": by_service}
    return render(request, "manager/satisfaction.html", context)


@require_safe
@of_region
def region_satisfaction(request: HttpRequest, region: Any) -> HttpResponse:
    """Show what visitors of a region's offices said in a month, all together."""
    today = clock.now().astimezone(ZoneInfo(region.time_zone)).date()
    ids = _ids(region)
    known = {"region": region, **_known(request, ids, today)}
    known["by_service"] = opinion_services.of_offices(ids, *_days(known))
    return render(request, "manager/satisfaction_region.html", known)


def _ids(region: Any) -> list[int]:
    return [office.id for office in offices.offices(region_id=region.id)]


def _days(known: dict[str, Any]) -> tuple[date, date]:
    return known["month"].first, known["last"]


def _known(request: HttpRequest, office_ids: list[int], today: date) -> dict[str, Any]:
    month = _month(request.GET.get("bulan", ""), today)
    until = min(month.last, today - timedelta(days=today.isoweekday()))
    found = opinions.summary(office_ids, month.first, until)
    return {
        "month": month,
        "last": until,
        "until": until if month.first <= until < month.last else None,
        "is_too_early": until < month.first,
        "after": month.after if month.after <= today else None,
        "found": found,
        "fewest": FEWEST,
        "share": [round(part * 100) for part in found.share] if found.share else None,
        "grade": gettext(GRADES[found.survey.grade]) if found.survey else "",
        "missing": [one for one in found.elements if one.mean is None],
        "elements": [(gettext(one.name), one) for one in found.elements],
        "words": [(gettext(GROUPS[group]), n) for group, n in found.words],
        "channels": [
            (gettext(CHANNELS.get(one.channel, one.channel)), one) for one in found.channels
        ],
    }


def _month(asked: str, today: date) -> Month:
    """Return the month that is asked for as 2026-11, or the one of ``today``."""
    try:
        first = max(date.fromisoformat(f"{asked}-01"), _NOTHING_BEFORE)
    except ValueError:
        first = today.replace(day=1)
    first = min(first, today.replace(day=1))
    next_first = (first + timedelta(days=31)).replace(day=1)
    return Month(first, next_first - timedelta(days=1))

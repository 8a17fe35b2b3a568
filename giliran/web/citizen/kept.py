"""How well an office keeps the times that it promises: public, week by week."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from io import StringIO
from typing import TYPE_CHECKING, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from giliran import clock
from giliran.offices import queries as offices
from giliran.turns import promises
from giliran.web.citizen.missing import missing_is_404

if TYPE_CHECKING:
    from giliran.offices.models import Office

WEEKS = 12
FEW = 20  # below this a share says more about chance than about the office
_WEEK = timedelta(days=7)
HEADINGS = (
    "office",
    "monday",
    "sunday",
    "promises",
    "kept",
    "called_early",
    "percent",
    "minutes_wide",
)


class Week(NamedTuple):
    """One week from Monday; all but ``promises`` is None where these are too few."""

    monday: date
    promises: int
    kept: int | None
    called_early: int | None
    minutes_wide: float | None

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def percent(self) -> int | None:
        """Whole percent kept, rounded down: nothing is kept that wasn't."""
        return None if self.kept is None else 100 * self.kept // self.promises

    @property
    def name(self) -> str:
        """Write the week's days: 16-22 Nov 2026."""
        begins = "j" if self.monday.month == self.sunday.month else "j M "
        dash = "–" if begins == "j" else "– "
        return f"{date_format(self.monday, begins)}{dash}{date_format(self.sunday, 'j M Y')}"


def weeks(office: Office, *, now: datetime, at_most: int = WEEKS) -> list[Week]:
    """Return the last full weeks, newest first; a week without any promise has none."""
    today = offices.local_day(office, now)
    until = today - timedelta(days=today.weekday())
    since = until - at_most * _WEEK
    found = {w.monday: w for w in promises.kept([office.id], since=since, until=until)}
    mondays = [until - n * _WEEK for n in range(1, at_most + 1)]
    return [_week(monday, found.get(monday)) for monday in mondays]


def _week(monday: date, of: promises.KeptWeek | None) -> Week:
    if of is None or of.promises < FEW:
        return Week(monday, of.promises if of else 0, None, None, None)
    return Week(monday, of.promises, of.kept, of.called_early, of.minutes_wide)


@require_safe
@missing_is_404
def kept_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the last twelve weeks."""
    office = offices.office(slug)
    found = weeks(office, now=clock.now())
    known = {"office": office, "weeks": found, "any": any(w.promises for w in found), "few": FEW}
    return render(request, "citizen/kept.html", known)


@require_safe
@missing_is_404
def kept_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the same as CSV; what is too few to say is left empty."""
    office = offices.office(slug)
    text = StringIO()
    table = csv.writer(text)
    table.writerow(HEADINGS)
    for week in weeks(office, now=clock.now()):
        wide = "" if week.minutes_wide is None else f"{week.minutes_wide:.1f}"
        days, counts = (week.monday, week.sunday), (week.promises, week.kept, week.called_early)
        table.writerow([office.slug, *days, *counts, week.percent, wide])
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="janji-{office.slug}.csv"'
    return response

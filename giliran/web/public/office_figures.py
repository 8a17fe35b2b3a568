"""One office in figures, for everybody: the last twelve weeks, in words and in a table."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from giliran import clock
from giliran.capacity import queries as capacity
from giliran.figures import open_data
from giliran.figures.measures import MEASURES, Measure
from giliran.offices import queries as offices
from giliran.turns import queries as turns
from giliran.web.citizen.missing import missing_is_404

WEEKS: Final = 12
SHOWN: Final = (
    "served",
    "wait_p50",
    "wait_p90",
    "promise_kept",
    "turned_away_share",
    "before_opening",
    "claims_in_time",
    "complaints_in_time",
    "satisfaction",
)
_HEIGHT: Final = 40
_STEP: Final = 20
_MARGIN: Final = 2
"""So that a line along the top or the bottom isn't cut in half."""


class Line(NamedTuple):
    """One figure over the weeks: the newest said, the others as a line of SVG points."""

    name: str
    means: str
    newest: str
    points: list[str]
    """Stretches of a polyline in a box of 220 by 40; a gap where nothing may be told."""
    weeks: list[tuple[str, str]]


@require_safe
@missing_is_404
def figures_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how an office does: today's room, the next free turn, and its weeks."""
    now = clock.now()
    office = offices.office(slug)
    today = offices.local_day(office, now)
    until = today - timedelta(days=today.weekday())
    first = until - WEEKS * timedelta(days=7)
    found = {
        (one.measure, one.monday): one
        for one in open_data.figures([slug], first=first, until=until)
    }
    mondays = [first + n * timedelta(days=7) for n in range(WEEKS)]
    context = {
        "office": office,
        "lines": [
            _line(MEASURES[key], [found.get((key, m)) for m in mondays], mondays) for key in SHOWN
        ],
        "any": bool(found),
        "today": turns.today(office.id, now=now),
        "next_free": capacity.next_free_window(office.id, now=now),
        "few": open_data.FEW,
        "weeks": WEEKS,
    }
    return render(request, "public/office_figures.html", context)


def _line(measure: Measure, figures: list[Any], mondays: list[Any]) -> Line:
    said = [_text(measure, one) for one in figures]
    newest = next((text for text in reversed(said) if text != "–"), "–")
    weeks = [(date_format(m, "j M"), text) for m, text in zip(mondays, said, strict=True)]
    return Line(
        gettext(measure.label), gettext(measure.means), newest, _points(figures), weeks[::-1]
    )


def _text(measure: Measure, figure: Any) -> str:
    if figure is None or (figure.value is None and not figure.is_withheld):
        return "–"
    if figure.is_withheld:
        return gettext("terlalu sedikit")
    if measure.kind == "share":
        percent = round(100 * figure.value, 1)
        return f"{number_format(percent, 0 if percent == int(percent) else 1)}%"
    if measure.kind == "minutes":
        return gettext("%(n)s menit") % {"n": number_format(round(figure.value), 0)}
    digits = 0 if measure.kind == "count" else 1
    return str(number_format(round(figure.value, digits), digits))


def _points(figures: list[Any]) -> list[str]:
    values = [None if one is None or one.is_withheld else one.value for one in figures]
    known = [value for value in values if value is not None]
    most = max(known, default=0) or 1
    stretches: list[list[str]] = [[]]
    for k, value in enumerate(values):
        if value is None:
            stretches.append([])
        else:
            reach = (_HEIGHT - 2 * _MARGIN) * value / most
            stretches[-1].append(f"{k * _STEP},{round(_HEIGHT - _MARGIN - reach, 1)}")
    # A week alone between gaps is drawn as a short dash.
    drawn = [one if len(one) > 1 else [*one, *one] for one in stretches if one]
    return [" ".join(one) for one in drawn]

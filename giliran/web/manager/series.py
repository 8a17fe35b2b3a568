"""Figures over weeks and months: one measure by its parts, and who is left behind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from giliran import clock
from giliran.core.figures import NOTHING, Value, share
from giliran.figures import series
from giliran.figures.folding import Behind, refresh
from giliran.figures.measures import MEASURES, Measure
from giliran.offices import queries as offices
from giliran.web.manager.claims import of_region
from giliran.web.manager.frame import frame
from giliran.web.manager.lines import Line, Written, line, part_name, written
from giliran.web.staff import LOOK, at_office

SPANS: dict[str, tuple[series.By, str, timedelta, timedelta]] = {
    # In the address: what it is, its name, how far back at first, and how far at most.
    "hari": ("day", gettext_noop("Hari"), timedelta(27), timedelta(92)),
    "minggu": ("week", gettext_noop("Minggu"), timedelta(83), timedelta(7 * 105)),
    "bulan": ("month", gettext_noop("Bulan"), timedelta(364), timedelta(3660)),
}
SPLITS = {
    "": gettext_noop("tidak dirinci"),
    "service": gettext_noop("layanan"),
    "class": gettext_noop("prioritas"),
    "channel": gettext_noop("lewat apa"),
    "hour": gettext_noop("jam"),
}
# What visitors said has its own page, by month: of two spans a day apart one mark would follow.
SHOWN = {key: one for key, one in MEASURES.items() if one.kind != "score"}
_AT_FIRST = "wait_p90"
_FAR = 3660  # days: nothing is that old, and a year 1 has no day before it


class Asked(NamedTuple):
    """What a reader wants to see."""

    measure: Measure
    span: str
    first: date
    last: date
    split: str

    @property
    def by(self) -> series.By:
        return SPANS[self.span][0]


class Period(NamedTuple):
    """A row of the table: a period and its parts' values."""

    first: date
    cells: list[Written]


class Group(NamedTuple):
    """A channel or a class: how many asked, and how they fared."""

    name: str
    asked: Written
    share: Written
    missed: Written
    wait: Written
    kept: Written


@at_office(*LOOK)
@require_safe
@never_cache
def office_series(request: HttpRequest, office: Any) -> HttpResponse:
    """Show an office's figures over time."""
    today = offices.local_day(office, clock.now())
    context = {**frame(request, office), **_told(request, [office], today)}
    return render(request, "manager/series_office.html", context)


@require_safe
@of_region
@never_cache
def region_series(request: HttpRequest, region: Any) -> HttpResponse:
    """Show a region's figures over time, all its offices together and one by one."""
    today = clock.now().astimezone(ZoneInfo(region.time_zone)).date()
    here = offices.offices(region_id=region.id)
    context = _told(request, here, today)
    asked: Asked = context["asked"]
    found = series.by_office(
        asked.measure.key, [office.id for office in here], asked.first, asked.last
    )
    context["by_office"] = [(office, written(asked.measure, found[office.id])) for office in here]
    return render(request, "manager/series_region.html", {"region": region, **context})


def _told(request: HttpRequest, here: Sequence[Any], today: date) -> dict[str, Any]:
    behind: Behind = refresh()
    asked = _asked(request, today)
    office_ids = [office.id for office in here]
    rows = series.of(
        asked.measure.key,
        offices=office_ids,
        first=asked.first,
        last=asked.last,
        by=asked.by,
        split=asked.split or None,
    )
    parts = list(dict.fromkeys(row.part for row in rows))
    names = {str(service.id): service for service in offices.services()}
    columns = [part_name(asked.split, part, names) for part in parts]
    found = {(row.first, row.part): row for row in rows}
    firsts = list(dict.fromkeys(row.first for row in rows))
    lines: list[Line] = [
        line(
            asked.measure,
            name,
            [(max(first, asked.first), found[first, part].value) for first in firsts],
        )
        for name, part in zip(columns, parts, strict=True)
    ]
    return {
        "asked": asked,
        "measures": SHOWN.values(),
        "spans": [(key, name) for key, (_, name, _, _) in SPANS.items()],
        "splits": list(SPLITS.items()),
        "columns": columns,
        "lines": [one for one in lines if one.paths or one.dots],
        "periods": [
            Period(
                max(first, asked.first),
                [written(asked.measure, found[first, part].figure) for part in parts],
            )
            for first in reversed(firsts)
        ],
        "behind": behind,
        "groups_of": [
            (gettext("Diminta lewat"), _groups("channel", office_ids, asked, names)),
            (gettext("Prioritas"), _groups("class", office_ids, asked, names)),
        ],
        "whose_turn": _whose_turn(office_ids, asked),
    }


def _asked(request: HttpRequest, today: date) -> Asked:
    """Read what the address asks for; raises ``Http404`` for what there isn't."""
    key, span = request.GET.get("ukur", _AT_FIRST), request.GET.get("per", "minggu")
    split = request.GET.get("rinci", "")
    if key not in SHOWN or span not in SPANS or split not in SPLITS:
        raise Http404
    measure = SHOWN[key]
    by, _, back, most = SPANS[span]
    last = min(_day(request, "sampai", today), today)
    first = _day(request, "dari", _begin(last - back, by))
    first = min(max(first, last - most), last)
    return Asked(measure, span, first, last, split if split in measure.splits else "")


def _begin(day: date, by: series.By) -> date:
    """Return the first day of a day's week or month: nobody is shown half of one unasked."""
    if by == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if by == "month" else day


def _day(request: HttpRequest, name: str, default: date) -> date:
    sent = request.GET.get(name, "")
    if not sent:
        return default
    try:
        day = date.fromisoformat(sent)
    except ValueError as error:
        raise Http404 from error
    if abs((day - default).days) > _FAR:
        raise Http404
    return day


def _groups(split: str, office_ids: list[int], asked: Asked, names: dict[str, Any]) -> list[Group]:
    """Return each channel's or class's share and how it fared, over all the days."""

    def each(key: str) -> dict[str, Value]:
        return series.by_part(key, split, office_ids, asked.first, asked.last)

    turns, missed = each("asked"), each("no_show_share")
    waits, kept = each("wait_p90"), each("promise_kept")
    everybody = sum(found.n for found in turns.values())
    return [
        Group(
            part_name(split, part, names),
            written(MEASURES["asked"], found),
            written(MEASURES["no_show_share"], share(found.n, everybody)),
            written(MEASURES["no_show_share"], missed.get(part, NOTHING)),
            written(MEASURES["wait_p90"], waits.get(part, NOTHING)),
            written(MEASURES["promise_kept"], kept.get(part, NOTHING)),
        )
        for part, found in sorted(turns.items(), key=lambda one: -one[1].n)
        if found.n
    ]


def _whose_turn(office_ids: list[int], asked: Asked) -> str:
    """Say whether people with priority really waited less; chance alone is not news."""
    keys = ("priority_wait_p90", "other_wait_p90")
    found = series.values(keys, office_ids, asked.first, asked.last)
    theirs, others = (found[key] for key in keys)
    if None in {theirs.low, theirs.high, others.low, others.high}:
        return gettext("Belum cukup orang untuk membandingkan prioritas dengan yang lain.")
    if (theirs.low or 0) > (others.high or 0):
        return gettext("Orang prioritas menunggu lebih lama daripada yang lain. Cari sebabnya.")
    if (theirs.high or 0) < (others.low or 0):
        return gettext("Orang prioritas menunggu lebih singkat daripada yang lain.")
    return gettext("Lama menunggu prioritas dan yang lain tidak berbeda nyata.")

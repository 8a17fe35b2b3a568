"""Figures that anybody may have: weekly, per office, and silent where they rest on few people."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from io import BytesIO, StringIO
from typing import Any, Final, NamedTuple

import pyarrow as pa
from pyarrow import parquet

from giliran.figures import series
from giliran.figures.measures import MEASURES, Measure
from giliran.offices import queries as offices

FEW: Final = 10
"""A figure that rests on fewer people isn't told: who they were could be guessed."""
PUBLIC: Final = (
    "asked",
    "drawn",
    "waited_rounds",
    "came",
    "before_opening",
    "early_people",
    "turned_away_share",
    "no_show_share",
    "served",
    "wait_p50",
    "wait_p90",
    "priority_wait_p90",
    "other_wait_p90",
    "promise_kept",
    "told_kept",
    "first_visit_complete",
    "claims_in_time",
    "complaints_in_time",
    "satisfaction",
    "reply_rate",
)
TOGETHER: Final = ("priority_wait_p90", "other_wait_p90")
"""Withheld together: how many the few were would follow from how many the others were."""
LICENCE: Final = "CC-BY-4.0"
_WEEK: Final = timedelta(days=7)
_SCHEMA: Final = pa.schema(
    [
        ("office", pa.string()),
        ("monday", pa.date32()),
        ("measure", pa.string()),
        ("value", pa.float64()),
        ("people", pa.int64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("is_withheld", pa.bool_()),
    ]
)


class Figure(NamedTuple):
    """One figure of an office's week from Monday, at the branch's own clock.

    ``value`` is None where nothing happened or where too few people stand behind it, which
    ``is_withheld`` tells apart; shares are from 0 to 1, waits whole minutes.
    """

    office: str
    monday: date
    measure: str
    value: float | None
    people: int | None
    low: float | None
    high: float | None
    is_withheld: bool


class Place(NamedTuple):
    """An office as the public file gives it."""

    office: str
    name: str
    kind: str
    region: str
    address: str
    latitude: float
    longitude: float
    time_zone: str
    services: str


def figures(slugs: Collection[str], *, first: date, until: date) -> Iterator[Figure]:
    """Yield the figures of the weeks from the Monday ``first`` to before the Monday ``until``.

    By office, week and measure; a week in which nothing was counted is left out. The week that is
    still running belongs to nobody's file: ``until`` is at most this week's Monday.
    """
    ids = offices.office_ids(slugs)
    names = {office_id: slug for slug, office_id in ids.items()}
    if first >= until:
        return
    found = series.weeks(PUBLIC, list(names), first, until - timedelta(days=1))
    for office_id, monday in sorted(found, key=lambda one: (names[one[0]], one[1])):
        told = {
            key: _told(names[office_id], monday, MEASURES[key], found[office_id, monday][key])
            for key in PUBLIC
        }
        if any(told[key].is_withheld for key in TOGETHER):
            told |= {key: _withheld(names[office_id], monday, key) for key in TOGETHER}
        yield from told.values()


def _told(office: str, monday: date, measure: Measure, of: Any) -> Figure:
    if of.value is None or of.n == 0:
        is_nothing = measure.kind == "count" and of.value is not None
        return Figure(
            office, monday, measure.key, 0.0 if is_nothing else None, 0, None, None, False
        )
    if of.n < FEW:
        return _withheld(office, monday, measure.key)
    return Figure(
        office,
        monday,
        measure.key,
        round(of.value, 4),
        of.n,
        _rounded(of.low),
        _rounded(of.high),
        False,
    )


def _withheld(office: str, monday: date, key: str) -> Figure:
    return Figure(office, monday, key, None, None, None, None, is_withheld=True)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def places() -> list[Place]:
    """Return every office, by region and name."""
    return [
        Place(
            one.slug,
            one.name,
            one.kind,
            one.region.slug,
            one.address,
            float(one.latitude),
            float(one.longitude),
            one.time_zone,
            " ".join(service.code for service in offices.services(office_id=one.id)),
        )
        for one in offices.offices()
    ]


def as_csv(rows: Iterator[Any] | list[Any], of: type[Any]) -> Iterator[str]:
    """Yield lines of RFC 4180; the first names the columns, what isn't told is empty."""
    yield _line(of._fields)
    for row in rows:
        yield _line([str(x).lower() if isinstance(x, bool) else x for x in row])


def _line(cells: Any) -> str:
    text = StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def as_parquet(rows: Iterator[Figure]) -> bytes:
    """Return the rows as one Parquet file with the schema of the page."""
    columns: list[tuple[Any, ...]] = list(zip(*rows, strict=True)) or [() for _ in Figure._fields]
    arrays = [pa.array(c, field.type) for c, field in zip(columns, _SCHEMA, strict=True)]
    file = BytesIO()
    parquet.write_table(pa.table(arrays, schema=_SCHEMA), file, compression="zstd")
    return file.getvalue()


def months(*, today: date, at_most: int = 24) -> list[date]:
    """Return the first days of the months that have a whole week behind them, newest first.

    A week belongs to the month of its Monday.
    """
    this_monday = today - timedelta(days=today.weekday())
    newest = (this_monday - _WEEK).replace(day=1)
    found = [newest]
    while len(found) < at_most:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


def mondays_of(month: date, *, today: date) -> tuple[date, date]:
    """Return the first Monday of a month, and the Monday at which its weeks end."""
    first = month + timedelta(days=-month.weekday() % 7)
    after = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
    until = after + timedelta(days=-after.weekday() % 7)
    return first, min(until, today - timedelta(days=today.weekday()))

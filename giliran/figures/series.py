"""Figures by day, week or month, whole or split, of one office or many.

    of(measure, *, offices, first, last, by="day", split=None) -> list[Row]
    value(measure, office_ids, first, last, *, split=None, part="") -> Value
    by_office(measure, office_ids, first, last) -> dict[int, Value]
    by_part(measure, split, office_ids, first, last) -> dict[str, Value]
    values(measures, office_ids, first, last) -> dict[str, Value]
    weeks(measures, office_ids, first, last) -> dict[tuple[int, date], dict[str, Value]]

``measure`` is a key of ``measures.MEASURES``; ``offices`` are ids; days are those of each office's
own clock, both ends included. Each call counts first what is new in the journal (half a second at
most; see ``folding.refresh``).

    Row(first, part, value, n, low, high)   first day of the period; part of the split ("" of none)
    Value(value, n, low, high)              see core.figures.Value

Of a count a period in which nothing happened has 0, of anything else None, and so has a score of
fewer than ten. Raises
``NoSuchMeasure``, or ``NotSplit`` where a measure isn't known by that.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from django.db import connection

from giliran.core.figures import NOTHING, Value, mean_of_marks, percentile, share
from giliran.core.satisfaction import FEWEST
from giliran.figures.folding import refresh
from giliran.figures.measures import Measure, NotSplit, named

By = Literal["day", "week", "month"]
Counts = Mapping[str, int]
_DAY = timedelta(days=1)


class Row(NamedTuple):
    """A figure of one period and one part."""

    first: date
    part: str
    value: float | None
    n: int
    low: float | None
    high: float | None

    @property
    def figure(self) -> Value:
        return Value(*self[2:])


def of(
    measure: str,
    *,
    offices: Collection[int],
    first: date,
    last: date,
    by: By = "day",
    split: str | None = None,
) -> list[Row]:
    """Return a measure's values of each period and part, by period and then by part."""
    asked = _checked(measure, split)
    refresh()
    found = _sums([asked], offices, first, last, by=by, split=split)
    periods = list(_periods(first, last, by))
    parts = sorted({part for _, _, part in found}, key=_in_order) if split else [""]
    return [
        Row(period, part, *reckoned(asked, found.get((0, period, part), {})))
        for period in periods
        for part in parts
    ]


def value(
    measure: str,
    office_ids: Collection[int],
    first: date,
    last: date,
    *,
    split: str | None = None,
    part: str = "",
) -> Value:
    """Return a measure's value over all these days, of one part where a split is named."""
    asked = _checked(measure, split)
    refresh()
    found = _sums([asked], office_ids, first, last, split=split)
    return reckoned(asked, found.get((0, first, part), {}))


def values(
    measures: Iterable[str], office_ids: Collection[int], first: date, last: date
) -> dict[str, Value]:
    """Return several measures' values over all these days, in one reading."""
    asked = [named(key) for key in measures]
    refresh()
    found = _sums(asked, office_ids, first, last)
    return {one.key: reckoned(one, found.get((0, first, ""), {})) for one in asked}


def by_office(
    measure: str, office_ids: Collection[int], first: date, last: date
) -> dict[int, Value]:
    """Return a measure's value over all these days of each office."""
    asked = named(measure)
    refresh()
    found = _sums([asked], office_ids, first, last, each_office=True)
    return {each: reckoned(asked, found.get((each, first, ""), {})) for each in office_ids}


def weeks(
    measures: Iterable[str], office_ids: Collection[int], first: date, last: date
) -> dict[tuple[int, date], dict[str, Value]]:
    """Return measures' values by office and Monday, in one reading; no office-week without any."""
    asked = [named(key) for key in measures]
    refresh()
    found = _sums(asked, office_ids, first, last, by="week", each_office=True)
    return {
        (office_id, monday): {one.key: reckoned(one, counts) for one in asked}
        for (office_id, monday, _), counts in found.items()
    }


def by_part(
    measure: str, split: str, office_ids: Collection[int], first: date, last: date
) -> dict[str, Value]:
    """Return a measure's value over all these days of each part that there was, in order."""
    asked = _checked(measure, split)
    refresh()
    found = _sums([asked], office_ids, first, last, split=split)
    there = sorted((part for _, _, part in found), key=_in_order)
    return {part: reckoned(asked, found[0, first, part]) for part in there}


def reckoned(measure: Measure, counts: Counts) -> Value:
    """Return a measure's value of counts that were added up."""
    if measure.percentile is not None:
        waits: Counter[int] = Counter()
        for key, n in counts.items():
            if key[0].isdigit() and key[-1] in measure.classes:
                waits[int(key[:-1])] += n
        return percentile(waits, measure.percentile)
    if measure.kind == "score":
        marks = {int(key.rpartition("_")[2]): counts.get(key, 0) for key in measure.bottom}
        # One person's mark is nobody's business, least of all that of who served them.
        return mean_of_marks(marks, measure.scale) if sum(marks.values()) >= FEWEST else NOTHING
    top, bottom = _sum(measure.top, counts), _sum(measure.bottom, counts)
    if measure.kind == "share":
        return share(top, bottom)
    if not measure.bottom:
        return Value(top if measure.scale == 1 else top * measure.scale, top)
    return Value(top * measure.scale / bottom, bottom) if bottom else Value(None, 0)


def _sum(keys: Iterable[str], counts: Counts) -> int:
    return sum(
        -counts.get(key[1:], 0) if key.startswith("-") else counts.get(key, 0) for key in keys
    )


def _checked(measure: str, split: str | None) -> Measure:
    asked = named(measure)
    if split is not None and split not in asked.splits:
        raise NotSplit(key=measure, split=split)
    return asked


def _in_order(part: str) -> tuple[int, str]:
    return (int(part), "") if part.isdigit() else (-1, part)


def _periods(first: date, last: date, by: By) -> Iterator[date]:
    """Yield the first day of each period; the first of them may begin before ``first``."""
    at = _begin(first, by)
    while at <= last:
        yield at
        at = _begin_next(at, by)


def _begin(day: date, by: By) -> date:
    if by == "week":
        return day - day.weekday() * _DAY
    return day.replace(day=1) if by == "month" else day


def _begin_next(day: date, by: By) -> date:
    if by == "month":
        return (day.replace(day=1) + 32 * _DAY).replace(day=1)
    return _begin(day, by) + (7 * _DAY if by == "week" else _DAY)


_SUMS = """
SELECT {office}, {period}, c.part, n.key, sum(n.value::bigint)::bigint
FROM figures_cell c CROSS JOIN LATERAL jsonb_each_text(c.{column}) n
WHERE c.span = %(span)s AND c.split = %(split)s AND c.office_id = ANY(%(offices)s)
  AND c.first BETWEEN %(first)s AND %(last)s {only}
GROUP BY 1, 2, 3, 4
"""
_PERIOD = {
    "day": "c.first",
    "week": "date_trunc('week', c.first)::date",
    "month": "date_trunc('month', c.first)::date",
    None: "%(whole)s::date",
}


def _sums(
    measures: Iterable[Measure],
    office_ids: Collection[int],
    first: date,
    last: date,
    *,
    by: By | None = None,
    split: str | None = None,
    each_office: bool = False,
) -> dict[tuple[int, date, str], dict[str, int]]:
    """Return counts by office (0: all together), period and part.

    Whole months are read from the months' cells, whole weeks from the weeks' where weeks are asked
    for.
    """
    asked = list(measures)
    keys = {key.lstrip("-") for one in asked for key in (*one.top, *one.bottom)}
    found: dict[tuple[int, date, str], dict[str, int]] = defaultdict(dict)
    given: dict[str, Any] = {
        "split": split or "all",
        "offices": list(office_ids),
        "keys": sorted(keys),
        "whole": first,
    }
    columns = [("counts", "AND n.key = ANY(%(keys)s)")] if keys else []
    columns += [("waits", "")] if any(one.percentile for one in asked) else []
    spans = _spans(first, last, by or "month")
    with connection.cursor() as cursor:
        for column, only in columns:
            statement = _SUMS.format(
                office="c.office_id" if each_office else "0",
                period=_PERIOD[by],
                column=column,
                only=only,
            )
            for span, since, until in spans:
                cursor.execute(statement, given | {"span": span, "first": since, "last": until})
                for office_id, period, part, key, n in cursor:
                    counts = found[office_id, period, part]
                    counts[key] = counts.get(key, 0) + n
    return found


def _spans(first: date, last: date, by: By) -> list[tuple[By, date, date]]:
    """Divide days into whole weeks or months, whose sums stand ready, and the days at both ends."""
    begins = first if first == _begin(first, by) else _begin_next(first, by)
    ends = _begin(last + _DAY, by) - _DAY
    if by == "day" or begins > ends:
        return [("day", first, last)] if first <= last else []
    spans: list[tuple[By, date, date]] = [(by, begins, ends)]
    if first < begins:
        spans.append(("day", first, begins - _DAY))
    if ends < last:
        spans.append(("day", ends + _DAY, last))
    return spans

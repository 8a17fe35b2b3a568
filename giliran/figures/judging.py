"""One figure of a review: its past, its limits, and whether it is more than ups and downs.

A share is judged by the people behind it, a count by what it was counted on, anything else by its
own ups and downs alone; shares and counts by the wider of both limits (see ``core.control``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from giliran.core.control import (
    FUNNEL_RATE,
    LEAST_BEFORE,
    Limits,
    Part,
    Verdict,
    count_limits,
    pooled,
    run_length,
    run_of,
    share_limits,
    usual_range,
    wider,
)
from giliran.core.figures import Value
from giliran.figures.measures import Measure

PER: Final[Mapping[str, str]] = {
    "before_opening": "came",
    "early_people": "came",
    "left_unserved": "came",
    "missed_calls": "came",
    "complaints": "served",
}
"""What a count is counted on; any other is counted on working days."""


class Point(NamedTuple):
    """A figure in one period; between ``low`` and ``high`` it would be as usual."""

    first: str
    """ISO day on which the period begins."""
    value: float | None
    n: int
    low: float | None
    high: float | None


class Reading(NamedTuple):
    """A figure of a review, oldest period first; the last one is the review's own."""

    key: str
    """Of ``measures.MEASURES``, or ``channel:web``: a channel's share of what is asked for."""
    points: tuple[Point, ...]
    verdict: str
    run: int
    """How many last periods lie on one side, where the verdict is that they do."""

    @property
    def now(self) -> Point:
        return self.points[-1]

    @property
    def is_unusual(self) -> bool:
        return self.verdict not in {Verdict.FEW, Verdict.USUAL}

    @property
    def before(self) -> int:
        """Return how many periods before it there were to compare with."""
        return sum(point.value is not None for point in self.points[:-1])


class OfficePoint(NamedTuple):
    office_id: int
    value: float
    n: int
    low: float
    high: float


class Funnel(NamedTuple):
    """A share of several offices against how many people it was counted on."""

    key: str
    centre: float
    offices: tuple[OfficePoint, ...]

    @property
    def outside(self) -> tuple[OfficePoint, ...]:
        return tuple(one for one in self.offices if not one.low <= one.value <= one.high)


def read_reading(row: Sequence[Any]) -> Reading:
    """Return a kept reading; a tuple's fields are a list in JSON."""
    key, points, *rest = row
    return Reading(key, tuple(Point._make(point) for point in points), *rest)


def read_funnel(row: Sequence[Any]) -> Funnel:
    """Return a kept funnel."""
    key, centre, found = row
    return Funnel(key, centre, tuple(OfficePoint._make(one) for one in found))


def judged(
    measure: Measure,
    firsts: Sequence[date],
    values: Sequence[Value],
    exposures: Sequence[float],
) -> Reading:
    """Return a figure with its limits; the last of each is the period that is judged.

    ``exposures`` is what a count was counted on: people or working days.
    """
    if measure.kind == "share":
        limits = _shares(values)
    elif measure.kind == "count":
        limits = _counts(values, exposures)
    else:
        limits = _as_before([one.value for one in values])
    points = tuple(
        Point(
            first.isoformat(),
            None if one.value is None else round(one.value, 4),
            one.n,
            None if each is None else round(max(0.0, each.low), 4),
            None if each is None else round(each.high, 4),
        )
        for first, one, each in zip(firsts, values, limits, strict=True)
    )
    comparable = [
        _rate(one, exposure) if measure.kind == "count" else one.value
        for one, exposure in zip(values, exposures, strict=True)
    ]
    found = _verdict(comparable, values[-1], limits[-1])
    run = run_length(sum(one is not None for one in comparable)) or 0
    is_run = found in {Verdict.HIGHER_SINCE, Verdict.LOWER_SINCE}
    return Reading(measure.key, points, found.value, run if is_run else 0)


def funnel(key: str, found: Mapping[int, Value]) -> Funnel | None:
    """Return a share of offices that have one; None with fewer than three, or all the same."""
    parts = {
        office_id: _part(value)
        for office_id, value in found.items()
        if value.value is not None and value.n
    }
    if len(parts) < 3:  # noqa: PLR2004 -- two can't be told from one another's mean
        return None
    centre = pooled(list(parts.values()))
    if centre in {0.0, 1.0}:
        return None
    return Funnel(
        key,
        round(centre, 6),
        tuple(
            OfficePoint(office_id, round(part.yes / part.of, 6), part.of, *_around(centre, part))
            for office_id, part in parts.items()
        ),
    )


def _around(centre: float, part: Part) -> tuple[float, float]:
    limits = share_limits(centre, part.of, rate=FUNNEL_RATE)
    return round(limits.low, 6), round(limits.high, 6)


def _verdict(comparable: Sequence[float | None], now: Value, limits: Limits | None) -> Verdict:
    *before, last = comparable
    known = [one for one in before if one is not None]
    if last is None or limits is None or now.value is None or len(known) < LEAST_BEFORE:
        return Verdict.FEW
    if not limits.hold(now.value):
        return Verdict.HIGH if now.value > limits.high else Verdict.LOW
    return run_of([*known, last])


def _shares(values: Sequence[Value]) -> list[Limits | None]:
    parts = [_part(one) if one.value is not None and one.n else None for one in values]
    known = [part for part in parts if part is not None]
    usual = _usual([one.value for one in values])
    if not known or usual is None:
        return [None] * len(values)
    centre = pooled(known)
    return [
        None if part is None else _capped(wider(share_limits(centre, part.of), usual))
        for part in parts
    ]


def _capped(limits: Limits) -> Limits:
    return Limits(limits.centre, max(0.0, limits.low), min(1.0, limits.high))


def _counts(values: Sequence[Value], exposures: Sequence[float]) -> list[Limits | None]:
    rates = [_rate(one, exposure) for one, exposure in zip(values, exposures, strict=True)]
    usual = _usual(rates)
    if usual is None:
        return [None] * len(values)
    events = sum(one.value or 0 for one in values)
    centre = max(0.0, events) / sum(exposures)
    found: list[Limits | None] = []
    for rate, exposure in zip(rates, exposures, strict=True):
        if rate is None:
            found.append(None)
            continue
        limits = wider(count_limits(centre, exposure), usual)
        found.append(Limits(*(end * exposure for end in limits)))
    return found


def _rate(one: Value, exposure: float) -> float | None:
    return one.value / exposure if exposure and one.value is not None else None


def _as_before(values: Sequence[float | None]) -> list[Limits | None]:
    usual = _usual(values)
    return [usual if value is not None else None for value in values]


def _usual(values: Sequence[float | None]) -> Limits | None:
    """Return the limits that the periods before the last give; None if they are too few."""
    before = [value for value in values[:-1] if value is not None]
    return usual_range(before) if len(before) >= LEAST_BEFORE else None


def _part(value: Value) -> Part:
    return Part(round((value.value or 0) * value.n), value.n)

"""Pictures of a review as numbers that a template writes into an SVG of 320 units' width."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from giliran.core.control import FUNNEL_RATE, share_limits
from giliran.figures.judging import Funnel, OfficePoint, Reading

WIDTH, TOP, GROUND, LEFT, RIGHT = 320, 12, 112, 44, 312
_STEPS = 48


class Dot(NamedTuple):
    x: float
    y: float
    is_outside: bool
    is_last: bool


class Chart(NamedTuple):
    """A figure over time: a band in which it moves as usual, its line and its dots."""

    said: str
    band: str
    lines: tuple[str, ...]
    dots: tuple[Dot, ...]
    most: str
    least: str
    begins: str
    ends: str


class Mark(NamedTuple):
    x: float
    y: float
    letter: str


class FunnelChart(NamedTuple):
    """Shares of offices against how many people they were counted on."""

    said: str
    band: str
    centre: float
    marks: tuple[Mark, ...]
    most: str
    least: str
    largest: int


def chart(
    one: Reading, said: str, *, written: Callable[[float], str], dated: Callable[[str], str]
) -> Chart:
    """Draw a figure's periods; one without a value breaks the line."""
    ends = [end for point in one.points for end in (point.value, point.low, point.high)]
    known = [end for end in ends if end is not None]
    least, most = min(0.0, *known), max(*known, min(known) + 1e-9)
    across = _scale(0, max(1, len(one.points) - 1), LEFT, RIGHT - 4)
    up = _scale(least, most, GROUND, TOP)
    upper = [(across(n), up(p.high)) for n, p in enumerate(one.points) if p.high is not None]
    lower = [(across(n), up(p.low)) for n, p in enumerate(one.points) if p.low is not None]
    lines: list[list[tuple[float, float]]] = [[]]
    dots = []
    for n, point in enumerate(one.points):
        if point.value is None:
            lines.append([])
            continue
        at = (across(n), up(point.value))
        lines[-1].append(at)
        low, high = point.low, point.high
        outside = low is not None and high is not None and not low <= point.value <= high
        dots.append(Dot(*at, outside, n == len(one.points) - 1))
    return Chart(
        said,
        _path([*upper, *reversed(lower)]),
        tuple(_path(line) for line in lines if len(line) > 1),
        tuple(dots),
        written(most),
        written(least),
        dated(one.points[0].first),
        dated(one.points[-1].first),
    )


def funnel_chart(one: Funnel, letters: Mapping[OfficePoint, str], said: str) -> FunnelChart:
    """Draw offices in the funnel within which chance alone puts all of them."""
    largest = max(office.n for office in one.offices)
    sizes = sorted({max(1, round(largest * (n / _STEPS) ** 2)) for n in range(1, _STEPS + 1)})
    limits = [share_limits(one.centre, n, rate=FUNNEL_RATE) for n in sizes]
    shown = [office.value for office in one.offices]
    wide = [limit for n, limit in zip(sizes, limits, strict=True) if n >= min(sizes[-1], 10)]
    most = min(1.0, max([*shown, *(limit.high for limit in wide)]))
    least = max(0.0, min([*shown, *(limit.low for limit in wide)]))
    across = _scale(0, largest, LEFT, RIGHT - 6)
    up = _scale(least, max(most, least + 1e-9), GROUND, TOP)
    upper = [(across(n), up(min(most, e.high))) for n, e in zip(sizes, limits, strict=True)]
    lower = [(across(n), up(max(least, e.low))) for n, e in zip(sizes, limits, strict=True)]
    return FunnelChart(
        said,
        _path([*upper, *reversed(lower)]),
        up(one.centre),
        tuple(Mark(across(each.n), up(each.value), letters.get(each, "")) for each in one.offices),
        f"{100 * most:.0f}%",
        f"{100 * least:.0f}%",
        largest,
    )


def _scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    return lambda value: round(start + (value - low) / (high - low) * (end - start), 1)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)

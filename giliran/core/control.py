"""Control charts: which ups and downs are the usual ones, and which are no chance.

A figure is unusual in two cases: it lies beyond its limits, or the last ones all lie on one side of
the middle of those before. Of steady figures the first says so wrongly at most ``BEYOND_RATE`` of
the times, the second at most ``RUN_RATE``; both are tested. More rules (trends, two of three) would
find little more and cry wolf more often (Davis and Woodall, J. of Quality Technology 20, 1988).

Limits of shares and counts allow for chance alone, but weeks differ by more than that: a rainy
Monday moves a hundred people at once. So whoever judges a share or a count takes the wider of these
limits and of those that its own earlier ups and downs give (``usual_range``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from itertools import pairwise
from math import comb, sqrt
from statistics import fmean
from typing import NamedTuple

from giliran.core.student import student

BEYOND_RATE = 0.0027
"""Of steady figures so many lie beyond their limits by chance: Shewhart's three deviations."""
FUNNEL_RATE = 0.002
"""Of offices that are all alike so many lie outside a funnel (Spiegelhalter, SiM 24, 2005)."""
RUN_RATE = 0.01
LEAST_BEFORE = 7
"""With fewer figures before it nothing is said of a figure."""

_MOVING_RANGE = 1.128  # a moving range of two is so many deviations on average
_FREEDOM = 0.62  # degrees of freedom that each moving range is worth; they overlap
_NO_WEIGHT = 1e-15


class Limits(NamedTuple):
    """Between ``low`` and ``high``, both included, a figure is as usual."""

    centre: float
    low: float
    high: float

    def hold(self, value: float) -> bool:
        return self.low <= value <= self.high


class Part(NamedTuple):
    """``yes`` of ``of`` people: promises kept, no-shows."""

    yes: int
    of: int


class Verdict(StrEnum):
    FEW = "few"
    """Too few figures before it to say anything."""
    USUAL = "usual"
    HIGH = "high"
    LOW = "low"
    HIGHER_SINCE = "higher_since"
    """The last ones all lie above the middle of those before."""
    LOWER_SINCE = "lower_since"


def usual_range(before: Sequence[float], *, rate: float = BEYOND_RATE) -> Limits:
    """Return where the next figure will lie if all stays as it was: an XmR chart's limits.

    The deviation comes from the differences of neighbours, so that a slow drift doesn't widen it.
    With few figures before it is itself unsure, and Student's factor stands in for Shewhart's
    2.66, which it becomes with many. ``rate`` holds for normal figures that don't depend on those
    before. Raises ``ValueError`` with fewer than two.
    """
    ranges = [abs(after - earlier) for earlier, after in pairwise(before)]
    if not ranges:
        raise ValueError("Two figures are the least that has a range.")
    freedom = max(2.0, _FREEDOM * len(ranges))
    factor = student(rate, freedom) * sqrt(1 + 1 / len(before)) / _MOVING_RANGE
    centre, reach = fmean(before), factor * fmean(ranges)
    return Limits(centre, centre - reach, centre + reach)


def share_limits(share: float, of: int, *, rate: float = BEYOND_RATE) -> Limits:
    """Return between which shares ``of`` people lie by chance if each is a yes with ``share``.

    Exact for small numbers, where three deviations reach below nothing and beyond all: outside lies
    at most ``rate``, half of it on either side. Raises ``ValueError`` for no people or no share.
    """
    if of < 1 or not 0 <= share <= 1:
        raise ValueError(f"{share} of {of} is no share.")
    if share in (0, 1):
        return Limits(share, share, share)
    odds = share / (1 - share)
    low, high = _outermost(
        min(of, int((of + 1) * share)),
        lambda n: (of - n) / (n + 1) * odds,
        tail=rate / 2,
    )
    return Limits(share, low / of, high / of)


def count_limits(events_per_unit: float, exposure: float, *, rate: float = BEYOND_RATE) -> Limits:
    """Return between which rates (events by unit of exposure) a count lies by chance: a u-chart.

    Exact as ``share_limits``, for events that come one by one. Raises ``ValueError`` for no
    exposure.
    """
    if exposure <= 0 or events_per_unit < 0:
        raise ValueError(f"{events_per_unit} in {exposure} is no rate.")
    mean = events_per_unit * exposure
    if mean == 0:
        return Limits(0.0, 0.0, 0.0)
    low, high = _outermost(int(mean), lambda n: mean / (n + 1), tail=rate / 2)
    return Limits(events_per_unit, low / exposure, high / exposure)


def pooled(parts: Sequence[Part]) -> float:
    """Return the share of all together; raises ``ValueError`` for nobody.

    Limits around it may be asked for each of the parts: that a part is in it itself brings it
    nearer, so that ``rate`` is kept from above however few parts there are.
    """
    of = sum(part.of for part in parts)
    if of == 0:
        raise ValueError("Nobody has no share.")
    return sum(part.yes for part in parts) / of


def wider(one: Limits, other: Limits) -> Limits:
    """Return the centre of the one, with limits that hold what either holds."""
    return Limits(one.centre, min(one.low, other.low), max(one.high, other.high))


def verdict(before: Sequence[float], value: float, limits: Limits) -> Verdict:
    """Say whether a figure is unusual by its limits, or by the run that it ends."""
    if len(before) < LEAST_BEFORE:
        return Verdict.FEW
    if not limits.hold(value):
        return Verdict.HIGH if value > limits.high else Verdict.LOW
    return run_of([*before, value])


def run_length(figures: int) -> int | None:
    """Return how many of so many figures have to lie on one side for a run; None: too few."""
    for length in range(1, figures - LEAST_BEFORE + 1):
        if run_chance(figures - length, length) <= RUN_RATE:
            return length
    return None


def run_chance(before: int, length: int) -> float:
    """Return the chance that ``length`` steady figures all lie on one side of the middle before.

    It needs no distribution: every order of steady figures is as likely as any other.
    """
    above = before - (before // 2 + 1)
    return 2 * comb(above + length, length) / comb(before + length, length)


def run_of(values: Sequence[float]) -> Verdict:
    """Say whether the last figures all lie on one side of the middle of those before."""
    length = run_length(len(values))
    if length is None:
        return Verdict.USUAL
    earlier, last = sorted(values[:-length]), values[-length:]
    # With an even number of figures there are two in the middle: a run lies beyond both.
    if min(last) > earlier[len(earlier) // 2]:
        return Verdict.HIGHER_SINCE
    if max(last) < earlier[(len(earlier) - 1) // 2]:
        return Verdict.LOWER_SINCE
    return Verdict.USUAL


def _outermost(mode: int, up: Callable[[int], float], *, tail: float) -> tuple[int, int]:
    """Return the least and the most count that more than ``tail`` reaches from its side.

    ``up(n)`` is how much likelier ``n + 1`` is than ``n``. The walk begins at the likeliest count
    and ends where nothing is left, so that no factorial is needed.
    """
    rising = _walk(lambda step: up(mode + step))
    falling = _walk(lambda step: 1 / up(mode - step - 1) if step < mode else 0.0)
    tail *= sum(rising) + sum(falling) - 1
    return mode - _reach(falling, tail), mode + _reach(rising, tail)


def _walk(ratio: Callable[[int], float]) -> list[float]:
    weights = [1.0]
    while (weight := weights[-1] * ratio(len(weights) - 1)) > _NO_WEIGHT:
        weights.append(weight)
    return weights


def _reach(weights: Sequence[float], tail: float) -> int:
    """Return how far from the mode the outer weights come together to more than ``tail``."""
    beyond = 0.0
    for step in range(len(weights) - 1, 0, -1):
        beyond += weights[step]
        if beyond > tail:
            return step
    return 0

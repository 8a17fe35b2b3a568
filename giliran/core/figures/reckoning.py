"""Values from counts, each with an interval that says how much is chance."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

_Z = 1.96
"""Intervals hold 95 times of 100, if people come independently of each other."""


class Value(NamedTuple):
    """A figure. ``value`` is None where nothing can be said of it.

    ``n`` is how many it rests on: people, claims, days. ``low`` to ``high`` is its interval (95 %);
    None for a count, which is what it is, and for a ratio.
    """

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None


NOTHING = Value(None, 0)


def share(yes: int, of: int) -> Value:
    """Return a share from 0 to 1 with Wilson's interval.

    >>> share(9, 10)
    Value(value=0.9, n=10, low=0.5958..., high=0.9821...)
    """
    if of <= 0:
        return NOTHING
    found, square = yes / of, _Z * _Z / of
    middle = (found + square / 2) / (1 + square)
    spread = max(0.0, found * (1 - found)) / of + square / (4 * of)
    half = _Z * math.sqrt(spread) / (1 + square)
    return Value(
        found, of, max(0.0, min(found, middle - half)), min(1.0, max(found, middle + half))
    )


def percentile(histogram: Mapping[int, int], level: float) -> Value:
    """Return a percentile of whole minutes, as ``percentile_cont`` does, and its interval.

    The interval goes from one of those waits to another: the ranks between which the true
    percentile lies (binomial). Of so few that a rank would lie outside, that end isn't known.

    >>> percentile({3: 1, 5: 1}, 0.5)
    Value(value=4.0, n=2, low=None, high=None)
    """
    n = sum(histogram.values())
    if n <= 0:
        return NOTHING
    half = _Z * math.sqrt(n * level * (1 - level))
    place = level * (n - 1)
    lowest, highest = math.floor(n * level - half) - 1, math.ceil(n * level + half)
    ranks = (math.floor(place), math.ceil(place), max(0, lowest), min(n - 1, highest))
    below, above, low, high = _at_ranks(histogram, ranks)
    return Value(
        below + (above - below) * (place - math.floor(place)),
        n,
        low if lowest >= 0 else None,
        high if highest < n else None,
    )


def _at_ranks(histogram: Mapping[int, int], ranks: Iterable[int]) -> list[int]:
    """Return the values at ranks from 0 among all values in order."""
    wanted = sorted(set(ranks), reverse=True)
    found, passed = {}, 0
    for minutes in sorted(histogram):
        passed += histogram[minutes]
        while wanted and wanted[-1] < passed:
            found[wanted.pop()] = minutes
    return [found[rank] for rank in ranks]


def mean_of_marks(marks: Mapping[int, int], scale: float) -> Value:
    """Return the mean of marks times ``scale``, with the interval of a mean.

    None of its interval is known for fewer than two.
    """
    n = sum(marks.values())
    if n <= 0:
        return NOTHING
    mean = sum(mark * times for mark, times in marks.items()) / n
    if n == 1:
        return Value(mean * scale, n)
    variance = sum(times * (mark - mean) ** 2 for mark, times in marks.items()) / (n - 1)
    half = _Z * math.sqrt(variance / n)
    low, high = max(min(marks), mean - half), min(max(marks), mean + half)
    return Value(mean * scale, n, low * scale, high * scale)

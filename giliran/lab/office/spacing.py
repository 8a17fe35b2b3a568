"""When to ask people to come, one after another, to one counter: exact cost, best spacing.

A service is a number of exponential phases of one rate (a mixture of Erlangs with its mean and
variation, Tijms 1986), so that the work in the line is a whole number of phases and no simulation
is needed. Everybody comes on time or not at all. After R. Mahes, M. Mandjes, M. Boon, P. Taylor,
"Adaptive scheduling in service systems", EJOR 312 (2024), whose published numbers the tests meet.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from giliran.lab.office.packed import Floats

_LOGARITHMS: Final = (-12.0, 6.0)
"""Of gaps in mean lengths: from as good as together to as good as alone."""


class Phases(NamedTuple):
    """How many phases a service has: `share` of the services one less than `most`."""

    most: int
    share: float
    rate: float
    """Phases a unit of time."""
    show_up: float = 1.0
    """Share of the people who come."""

    @classmethod
    def fit(cls, mean: float, scv: float, *, show_up: float = 1.0) -> Phases:
        """Fit mean and squared coefficient of variation; 0.01 (a hundred phases) to 1.

        Both are of those who come; `show_up` is above 0.
        """
        if mean <= 0 or not 0.01 <= scv <= 1:  # noqa: PLR2004 -- said in the sentence
            raise ValueError("Phases fit a mean above zero and a variation from 0.01 to 1.")
        if not 0 < show_up <= 1:
            raise ValueError("The share of people who come is above 0 and at most 1.")
        most = max(1, math.ceil(1 / scv - 1e-9))
        share = (most * scv - math.sqrt(max(0.0, most * (1 + scv) - most**2 * scv))) / (1 + scv)
        share = min(1.0, max(0.0, share)) if most > 1 else 0.0
        return cls(most, share, (most - share) / mean, show_up)

    @property
    def mean(self) -> float:
        """Of a service of somebody who comes."""
        return (self.most - self.share) / self.rate


class Cost(NamedTuple):
    """Expected, in the schedule's unit of time."""

    waiting: float
    """Of all people together."""
    idling: float
    """Of the counter, until the last service begins, or could if the last one stays away."""
    overtime: float
    """After `closes`; nan if no closing was given."""


def cost(gaps: Sequence[float] | Floats, phases: Phases, *, closes: float | None = None) -> Cost:
    """Evaluate people asked to come at 0 and then after each gap. Exact but for rounding.

    `closes` is counted from the first arrival.
    """
    line = _forward(np.asarray(gaps, dtype=np.float64), phases)
    sizes = np.arange(line.shape[1]) / phases.rate
    waits = line @ sizes
    until = float(np.sum(gaps))
    overtime = math.nan
    if closes is not None:
        after = _joined(line[-1], phases)
        left = max(0.0, closes - until)
        overtime = max(0.0, until - closes) + float((_served(after, phases.rate * left)) @ sizes)
        if until > closes:
            overtime = until - closes + float(after @ sizes)
    worked = len(gaps) * phases.show_up * phases.mean
    return Cost(phases.show_up * float(waits.sum()), until + float(waits[-1]) - worked, overtime)


def best_gaps(people: int, phases: Phases, *, idling_weight: float = 0.5) -> Floats:
    """Give the gaps that make idling_weight * idling + (1 - idling_weight) * waiting smallest.

    The cost is convex in the gaps for exponential services and behaves so for the others; solved
    with its exact gradient on the logarithms of the gaps. Raises ValueError for fewer than two
    people or a weight that is not between 0 and 1.
    """
    from scipy.optimize import minimize  # as long to load as a schedule takes to solve

    if people < 2 or not 0 < idling_weight < 1:  # noqa: PLR2004 -- said in the sentence
        raise ValueError("A schedule needs two people and a weight between 0 and 1.")
    # In units of one mean length: steps and tolerances then mean the same for every service.
    unit = phases._replace(rate=phases.rate * phases.mean)
    best = minimize(
        _value,
        np.full(people - 1, math.log(1.2)),
        (unit, idling_weight),
        method="L-BFGS-B",
        jac=True,
        bounds=[_LOGARITHMS] * (people - 1),
        options={"maxcor": 50, "maxiter": 1000, "ftol": 0.0, "gtol": 1e-10},
    )
    gaps: Floats = phases.mean * np.exp(best.x)
    return gaps


def _value(logs: Floats, phases: Phases, weight: float) -> tuple[float, Floats]:
    """The weighted cost and its slope in the logarithms of the gaps, by going back once."""
    gaps = np.exp(logs)
    line = _forward(gaps, phases)
    sizes = np.arange(line.shape[1]) / phases.rate
    waits = line @ sizes
    idling = float(gaps.sum() + waits[-1] - len(gaps) * phases.show_up * phases.mean)
    of_waiting = (1 - weight) * phases.show_up
    value = weight * idling + of_waiting * float(waits.sum())
    slope = np.empty(len(gaps))
    back = (weight + of_waiting) * sizes  # what one more phase in the last one's line costs
    for gap in range(len(gaps) - 1, -1, -1):
        left = line[gap + 1]
        flow = np.append(left[1:], 0.0) - left
        flow[0] = left[1] if len(left) > 1 else 0.0
        slope[gap] = gaps[gap] * (weight + phases.rate * float(flow @ back))
        back = of_waiting * sizes + _joined_back(
            _served_back(back, phases.rate * gaps[gap]), phases
        )
    return value, slope


def _forward(gaps: Floats, phases: Phases) -> Floats:
    """For each person, the chances that so many phases are before them."""
    line = np.zeros((len(gaps) + 1, phases.most * (len(gaps) + 1) + 1))
    line[0, 0] = 1.0
    for person, gap in enumerate(gaps):
        line[person + 1] = _served(_joined(line[person], phases), phases.rate * gap)
    return line


def _joined(line: Floats, phases: Phases) -> Floats:
    """Add one person's phases, or none if they stay away."""
    joined = (1 - phases.show_up) * line
    for more, share in _of_one(phases):
        joined[more:] += share * line[: len(line) - more]
    return joined


def _joined_back(value: Floats, phases: Phases) -> Floats:
    before = (1 - phases.show_up) * value
    for more, share in _of_one(phases):
        before[: len(value) - more] += share * value[more:]
    return before


def _of_one(phases: Phases) -> tuple[tuple[int, float], tuple[int, float]]:
    """Give how many phases somebody who comes brings, each with its chance."""
    fewer = phases.show_up * phases.share
    return (phases.most, phases.show_up - fewer), (phases.most - 1, fewer)


def _done(size: int, mean: float) -> Floats:
    """Chances of 0, 1, ... size - 1 phases in this time, while there are phases left."""
    counts = np.arange(size)
    chances: Floats = (counts == 0).astype(np.float64)
    if mean > 0:
        chances = np.exp(counts * math.log(mean) - mean - _log_factorials(size))
    return chances


def _log_factorials(size: int) -> Floats:
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, max(size, 1))))])[:size]


def _served(line: Floats, mean: float) -> Floats:
    """Let phases end for a time in which `mean` would on average."""
    size = len(line)
    left = np.convolve(line[::-1], _done(size, mean))[:size][::-1].copy()
    left[0] = max(0.0, 1.0 - left[1:].sum() - (1.0 - line.sum()))
    return left


def _served_back(value: Floats, mean: float) -> Floats:
    """The mean of `value` after that time, for every number of phases before."""
    done = _done(len(value), mean)
    over = value - value[0]  # nothing is left with the chance that is missing
    before: Floats = np.convolve(over, done)[: len(value)] + value[0]
    return before

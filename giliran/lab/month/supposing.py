"""What an office's work may be as well, given how little was counted of it."""

from __future__ import annotations

from dataclasses import replace
from math import inf, sqrt

import numpy as np

from giliran.core.need.estimate import Estimate
from giliran.core.need.work import ServiceWork, Work

_Z = 1.6448536269514722  # the intervals of core.need.estimate hold 90 %
_LEAST = 0.2
_WORTH = 10.0  # of a share's prior: core.need.estimate.share


def supposed(work: Work, rng: np.random.Generator) -> Work:
    """Draw one work that what was counted allows, each figure from its own posterior.

    Only ``value`` is drawn; the intervals stay those of the estimate.
    """
    return replace(
        work,
        services={one: _service(found, rng) for one, found in work.services.items()},
        arrivals={key: a_rate(found, rng) for key, found in work.arrivals.items()},
        standing=a_rate(work.standing, rng),
        booked=_share(work.booked, rng),
        no_show=_share(work.no_show, rng),
        leaving=a_rate(work.leaving, rng),
    )


def a_rate(found: Estimate, rng: np.random.Generator) -> Estimate:
    """Draw a Poisson rate from the gamma distribution of which the interval holds 90 %."""
    shape = _shape(found)
    if found.value <= 0 or shape == inf:
        return found
    return _at(found, found.value * float(rng.gamma(shape)) / shape)


def _shape(found: Estimate) -> float:
    """Return the gamma's shape: Wilson and Hilferty's formula of its upper end, turned around."""
    if found.value <= 0 or found.high <= found.value:
        # Of what hardly ever happens the interval's end is the mean itself: one event or none.
        return 0.1 if found.low < found.value else inf
    root = (found.high / found.value) ** (1 / 3) - 1
    inside = _Z * _Z - 4 * root
    if inside <= 0:
        return 0.1
    x = (_Z - sqrt(inside)) / 2
    return max(0.1, 1 / (9 * x * x))


def _share(found: Estimate, rng: np.random.Generator) -> Estimate:
    n = found.counted + _WORTH
    if not 0 < found.value < 1:
        return found
    return _at(found, float(rng.beta(found.value * n, (1 - found.value) * n)))


def _service(found: ServiceWork, rng: np.random.Generator) -> ServiceWork:
    return replace(
        found,
        minutes=_mean(found.minutes, rng),
        checked=_mean(found.checked, rng),
        checked_share=_share(found.checked_share, rng),
    )


def _mean(found: Estimate, rng: np.random.Generator) -> Estimate:
    error = (found.high - found.value) / _Z
    return _at(found, max(_LEAST * found.value, found.value + error * float(rng.normal())))


def _at(found: Estimate, value: float) -> Estimate:
    return Estimate(value, found.low, found.high, found.counted)

"""How much work there is, from what was counted, with how sure one can be of it.

With few days the usual speaks, and fades as the office's own days come in: arrivals and leaving
are Poisson counts with a gamma prior, coming or not is a coin with a beta prior, services are
averaged with as many usual ones as the prior is worth. Intervals hold 90 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, fmean, variance

_TAIL = 0.05
_Z = NormalDist().inv_cdf(1 - _TAIL)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, the interval that holds it nine times in ten, and what was counted for it."""

    value: float
    low: float
    high: float
    counted: float

    def to_json(self) -> list[float]:
        """Return the figure as a short list, for storing."""
        return [round(number, 4) for number in (self.value, self.low, self.high, self.counted)]

    @staticmethod
    def from_json(data: Sequence[float]) -> Estimate:
        return Estimate(*data)


def rate(events: float, exposure: float, *, usual: float, worth: float = 2.0) -> Estimate:
    """Return events per unit of exposure: people per half-hour, leavers per minute waited.

    ``worth`` is the exposure that the ``usual`` rate counts for. The interval is Wilson and
    Hilferty's for a gamma distribution (PNAS 17, 1931), within a percent from two events on.
    Raises ``ValueError`` for negative counts.
    """
    if events < 0 or exposure < 0 or usual < 0 or worth <= 0:
        raise ValueError("Counts aren't negative, and a prior is worth something.")
    shape, exposed = events + usual * worth, exposure + worth
    value = shape / exposed
    # Of what hardly ever happens the mean lies above nearly all that may come: it is kept inside.
    high = max(_gamma(shape, _Z) / exposed, value)
    return Estimate(value, _gamma(shape, -_Z) / exposed, high, events)


def share(yes: float, of: float, *, usual: float, worth: float = 10.0) -> Estimate:
    """Return a share between 0 and 1: who doesn't come, which claims were checked beforehand.

    The interval is Wilson's (JASA 22, 1927). Raises ``ValueError`` for a share that can't be.
    """
    if not (0 <= yes <= of and 0 <= usual <= 1 and worth > 0):
        raise ValueError(f"{yes} of {of} is no share.")
    n = of + worth
    p = (yes + usual * worth) / n
    middle, spread = (p + _Z**2 / 2 / n), _Z * sqrt(p * (1 - p) / n + _Z**2 / 4 / n**2)
    scale = 1 + _Z**2 / n
    return Estimate(p, max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale), of)


def mean(values: Sequence[float], *, usual: float, worth: float = 20.0) -> Estimate:
    """Return a mean of minutes; ``worth`` is as how many the ``usual`` mean counts.

    Raises ``ValueError`` for a usual length that isn't positive.
    """
    if usual <= 0 or worth <= 0:
        raise ValueError("A service usually takes some minutes.")
    n = len(values)
    middle = (sum(values) + usual * worth) / (n + worth)
    own = variance(values) if n > 1 else 0.0
    # Of a usual service nobody knows better than that its deviation is about its length.
    spread = (own * n + usual**2 * worth) / (n + worth) + (
        n * worth * (fmean(values) - usual) ** 2 / (n + worth) ** 2 if n else 0.0
    )
    error = _Z * sqrt(spread / (n + worth))
    return Estimate(middle, max(middle - error, 0.0), middle + error, n)


def _gamma(shape: float, z: float) -> float:
    if shape == 0:
        return 0.0
    root = 1 - 1 / (9 * shape) + z / (3 * sqrt(shape))
    return shape * max(root, 0.0) ** 3

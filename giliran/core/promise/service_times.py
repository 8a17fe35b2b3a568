"""How long a service takes at a counter, as equally likely minutes, and how fast today goes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

POINTS = 512
"""So many equally likely lengths stand for a distribution that is given by mean and variation."""
FEWEST_LEFT = 8
"""With fewer lengths above the elapsed time, the tail is taken as exponential."""


@dataclass(frozen=True, eq=False)
class ServiceTimes:
    """Equally likely minutes from a call until the counter can call the next person.

    A person who does not answer the call is one of these too, a short one.
    """

    minutes: Floats
    """Sorted, above or equal to zero."""

    @staticmethod
    def of_sample(minutes: Iterable[float]) -> ServiceTimes:
        """Take observed lengths as they are; raises ValueError for none, or a negative one."""
        sample = np.sort(np.fromiter(minutes, dtype=np.float64))
        if not sample.size or not np.isfinite(sample).all() or sample[0] < 0:
            raise ValueError("A sample of service times has at least one length, none negative.")
        return ServiceTimes(sample)

    @staticmethod
    def fixed(minutes: float) -> ServiceTimes:
        return ServiceTimes.of_sample([minutes])

    @staticmethod
    def gamma(mean: float, scv: float) -> ServiceTimes:
        """Give a gamma distribution by its mean (minutes) and variance / mean squared.

        Raises ValueError unless both are above zero.
        """
        if not (mean > 0 and scv > 0 and math.isfinite(mean) and math.isfinite(scv)):
            raise ValueError(f"Mean and variation are above zero, not {mean} and {scv}.")
        return ServiceTimes(_gamma_of_mean_one(scv) * mean)

    @property
    def mean(self) -> float:
        return float(self.minutes.mean())

    def at(self, shares: Floats) -> Floats:
        """Return the lengths that these shares (0 to below 1) of all services fall short of."""
        return self.minutes[(shares * self.minutes.size).astype(np.intp)]

    def draw_rest(self, rng: np.random.Generator, elapsed: float, size: int) -> Floats:
        """Draw the minutes that a service still takes which has lasted `elapsed` minutes."""
        left = self.minutes[np.searchsorted(self.minutes, elapsed, side="right") :]
        if left.size >= min(FEWEST_LEFT, self.minutes.size):
            return ServiceTimes(left - elapsed).at(rng.random(size))
        if self.minutes.size == 1 and not left.size:
            return np.zeros(size)
        # The mean excess over the longest tenth says how slowly the tail thins out.
        tail = self.minutes[-max(FEWEST_LEFT, self.minutes.size // 10) :]
        return rng.exponential(max(float(tail.mean() - tail[0]), 0.05 * self.mean), size)


@dataclass(frozen=True)
class Factor:
    """By what factor today differs from what was learned, and how sure that is.

    All of a day's services (or arrivals) share it, so it does not average out along a line.
    """

    mean: float = 1.0
    spread: float = 0.0
    """Standard deviation of the factor's logarithm."""

    def __post_init__(self) -> None:
        if not (self.mean > 0 and self.spread >= 0):
            raise ValueError(f"A factor is above zero and its spread not below, got {self}.")

    def after(self, *, seen: float, expected: float, count: int, scv: float) -> Factor:
        """Learn from today's sum of `count` things, which was expected to be another.

        `scv` is the variance / mean squared of one of them: of a service's length, or 1 for
        arrivals, of which the sum is their number. Bayes with a normal approximation of the
        logarithm. For services, minutes worked on those that still run count in `seen`, but
        not in `count` and `expected`; otherwise long services would be missed.
        """
        if self.spread == 0 or count < 1 or not seen > 0 or not expected > 0:
            return self
        told, known = count / scv, 1 / self.spread**2
        log_mean = (known * math.log(self.mean) + told * math.log(seen / expected)) / (known + told)
        return Factor(math.exp(log_mean), (known + told) ** -0.5)

    def draw(self, rng: np.random.Generator, size: int) -> Floats:
        if self.spread == 0:
            return np.full(size, self.mean)
        return self.mean * np.exp(self.spread * rng.standard_normal(size))


@lru_cache(maxsize=64)
def _gamma_of_mean_one(scv: float) -> Floats:
    """Give the middle of each of POINTS equal shares of the distribution, with mean one."""
    shape = 1 / scv
    # In logarithms of x the density is smooth even for shapes below one.
    log_x = np.linspace(math.log(1e-12), math.log(60 * max(1.0, scv)), 8001)
    log_density = shape * log_x - np.exp(log_x) * shape
    density = np.exp(log_density - log_density.max())
    cumulated = np.concatenate(([0.0], np.cumsum((density[1:] + density[:-1]) / 2)))
    cumulated /= cumulated[-1]
    points = np.exp(np.interp((np.arange(POINTS) + 0.5) / POINTS, cumulated, log_x))
    return np.asarray(points / points.mean(), dtype=np.float64)

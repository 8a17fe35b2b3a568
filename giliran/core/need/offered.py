"""How much work a changing flow of people brings, and how many officers it needs.

The modified offered load: people who came a while ago are still being served, so the work lags
behind the arrivals. Staffing each half-hour by its own arrivals alone gives too many officers
before the peak and too few after it. Jennings, Mandelbaum, Massey, Whitt, "Server staffing to meet
time-varying demand", Management Science 42(10), 1996; Massey, Whitt, "Unstable asymptotics for
nonstationary queues", Math. of OR 19(2), 1994.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from giliran.core.need.erlang import Line, would_wait_longer

MOST_OFFICERS = 200
_GRID = 1.0  # minutes


@dataclass(frozen=True, slots=True)
class Target:
    """What the office promises: at most ``share`` of people wait longer than ``minutes``."""

    minutes: float
    share: float

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for a promise that can't be one."""
        if self.minutes < 0 or not 0 < self.share < 1:
            raise ValueError("A promise names minutes from 0 on and a share between 0 and 1.")


BOOKED = Target(20, 0.10)
"""Nine of ten with a window are called within 20 minutes past it."""
WALK_IN = Target(60, 0.10)
"""Nine of ten without one are called within an hour."""


def offered_load(
    arrivals: Sequence[float], service: float, *, interval: float = 30.0
) -> tuple[float, ...]:
    """Return the largest mean number of busy officers in each interval, if nobody had to wait.

    ``arrivals`` are people per interval, ``service`` and ``interval`` minutes; the office is empty
    before the first interval. Services last exponentially long.
    """
    rates = np.repeat(np.asarray(arrivals, float) / interval, round(interval / _GRID))
    keep = np.exp(-_GRID / service)
    busy, loads = 0.0, []
    for rate in rates:
        # Exact for a rate that stays the same over the step.
        busy = busy * keep + rate * service * (1 - keep)
        loads.append(busy)
    steps = round(interval / _GRID)
    return tuple(max(loads[begin : begin + steps]) for begin in range(0, len(loads), steps))


def officers_needed(load: float, service: float, target: Target, *, patience: float = inf) -> int:
    """Return the fewest officers with whom a steady load keeps the promise.

    People who leave because it takes too long don't help to keep it. ``load`` in erlangs,
    ``service`` and ``patience`` in minutes. Raises ``ValueError`` beyond 200 officers, which no
    office has.
    """
    if load <= 0:
        return 0
    low, high = 0, 1
    while not _keeps(load, service, high, target, patience):
        low, high = high, high * 2
        if low > MOST_OFFICERS:
            raise ValueError(f"{load:.1f} erlangs need more than {MOST_OFFICERS} officers.")
    while high - low > 1:
        middle = (low + high) // 2
        if _keeps(load, service, middle, target, patience):
            high = middle
        else:
            low = middle
    return high


def _keeps(load: float, service: float, officers: int, target: Target, patience: float) -> bool:
    line = Line(load / service, service, officers, patience)
    return would_wait_longer(line, target.minutes) <= target.share


def need(
    arrivals: Sequence[float],
    service: float,
    target: Target,
    *,
    patience: float = inf,
    interval: float = 30.0,
) -> tuple[int, ...]:
    """Return the officers needed in each interval of a day, by exact Erlang on the lagging load.

    Units as in ``offered_load``. A queue that stands at the door at opening is not in it: see
    ``giliran.lab.office`` for a simulation.
    """
    loads = offered_load(arrivals, service, interval=interval)
    return tuple(officers_needed(load, service, target, patience=patience) for load in loads)

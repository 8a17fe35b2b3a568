"""The people of a network, with all that is by chance of each: the same for every way and day.

Each replication, and in it each day and purpose, has its own stream, so that two networks that
differ in one rule meet the same people on the same days (common random numbers).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from giliran.lab.network.setting import SERVICE_MINUTES, SERVICE_SCV, Network
from giliran.lab.serang import CLAIMS, OPENS_AT
from giliran.lab.visits import HOUR

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

PRIORITY_SHARE: Final = 0.2
FAR_SHARE: Final = 0.1
OFFLINE_SHARE: Final = 0.15  # of those who apply: at a desk or a kiosk
DAWN_SHARE: Final = 0.6  # of those who come without a time: they stand there before opening
FIRST_AT: Final = 2.0 * HOUR
_LAST_AT: Final = 14.0 * HOUR
_MORNING_MEAN: Final = 1.5 * HOUR
_PATIENCE_SIGMA: Final = 0.6
_GIVES_UP_SIGMA: Final = 0.7
_EARLY, _EARLY_SPREAD = 600.0, 360.0
_PEOPLE, _DAY, _LEAVE = range(3)
_BEFORE: Final = 1000  # the first day's key


@dataclass(frozen=True, eq=False)
class Town:
    """Everybody of one replication in order of asking; arrays [people]."""

    seed: int
    replication: int
    asked: Ints
    home: Ints
    service: Ints
    is_priority: Bools
    is_far: Bools
    is_offline: Bools
    is_narrow: Bools
    at_the_door: Bools
    lasts: Floats  # seconds at the counter
    patience: Floats  # seconds in the room
    gives_up: Floats  # the day

    def here(self, day: int) -> int:
        """Count the people who have asked by this day."""
        return int(np.searchsorted(self.asked, day, side="right"))


class Chance(NamedTuple):
    """One day's chances, a value a person who has asked."""

    comes: Floats  # uniform
    shows_up: Floats  # uniform
    at_dawn: Bools
    dawn: Floats  # seconds from midnight
    morning: Floats
    early: Floats  # seconds before the window
    number: npt.NDArray[np.uint64]  # of the lottery


def town(network: Network, *, seed: int, replication: int) -> Town:
    """Draw everybody who asks; `seed` and `replication` are 0 or more."""
    rng = np.random.default_rng([seed, replication, _PEOPLE])
    demand = np.array([one.people for one in network.branches])
    each = rng.poisson(demand, (network.days, len(demand)))
    each = np.vstack([rng.poisson(network.backlog_days * demand), each])
    asked = np.repeat([-network.lead_days, *range(network.days)], each.sum(axis=1))
    home = np.concatenate([np.repeat(np.arange(len(demand)), row) for row in each])
    count = len(asked)
    paid = np.array(list(CLAIMS.values()), dtype=np.float64)
    chosen, first, far, offline, narrow, door = rng.random((6, count))
    return Town(
        seed=seed,
        replication=replication,
        asked=asked,
        home=home,
        service=np.searchsorted(np.cumsum(paid / paid.sum()), chosen).clip(max=len(paid) - 1),
        is_priority=first < PRIORITY_SHARE,
        is_far=far < FAR_SHARE,
        is_offline=offline < OFFLINE_SHARE,
        is_narrow=narrow < network.narrow,
        at_the_door=door < network.at_the_door,
        lasts=60 * rng.gamma(1 / SERVICE_SCV, SERVICE_MINUTES * SERVICE_SCV, count),
        patience=60
        * network.patience_minutes
        * np.exp(_PATIENCE_SIGMA * rng.standard_normal(count)),
        gives_up=asked
        + network.gives_up_days * np.exp(_GIVES_UP_SIGMA * rng.standard_normal(count)),
    )


def chances(of: Town, day: int) -> Chance:
    """Give a day's chances of those who have asked by then; before the first, days are negative."""
    rng = np.random.default_rng([of.seed, of.replication, _DAY, _BEFORE + day])
    count = of.here(day)
    comes, shows_up, dawn = rng.random((3, count))
    return Chance(
        comes=comes,
        shows_up=shows_up,
        at_dawn=dawn < DAWN_SHARE,
        dawn=FIRST_AT + (OPENS_AT - FIRST_AT) * rng.beta(3.0, 1.5, count),
        morning=np.minimum(OPENS_AT + _MORNING_MEAN * rng.exponential(size=count), _LAST_AT),
        early=_EARLY + _EARLY_SPREAD * rng.standard_normal(count),
        number=rng.integers(0, 2**64, count, dtype=np.uint64),
    )


def counters_there(network: Network, *, seed: int, replication: int) -> Ints:
    """Give how many counters are open, by day and branch; at least one."""
    rng = np.random.default_rng([seed, replication, _LEAVE])
    most = max(one.counters for one in network.branches)
    u = rng.random((network.days, len(network.branches), most))
    has = np.array([one.counters for one in network.branches])
    works = (u >= network.leave) & (np.arange(most) < has[:, None])
    there: Ints = np.maximum(works.sum(axis=2), 1)
    return there

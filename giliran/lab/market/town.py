"""The people of a town, their habits of each day, and how far a run has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from giliran.lab.market import setting as assume
from giliran.lab.market.setting import HALVES, OFFLINE, Setting

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

WAITING, SERVED, LEFT = 0, 1, 2
_PEOPLE, _DAY, _NAMES = 0, 1, 2  # streams of chance that don't disturb each other
NEVER: Final = -1


class Chance(NamedTuple):
    """One day's chances, a value for each person who has arrived; uniform unless said."""

    online: Floats
    noise: Floats  # standard normal
    no_show: Floats
    declines: Floats
    turn: Floats  # who is next, where nothing else decides
    luck: Floats  # swaps, doors and refills
    number: NDArray[np.uint64]  # lottery numbers


@dataclass(frozen=True, eq=False)
class Town:
    """All people in order of arrival; arrays [people], and `wishes` [people, cells] or -1."""

    setting: Setting
    seed: int
    arrived: Ints
    channel: Ints
    seconds: Floats
    home: Ints
    narrow: Bools
    kinds: Ints
    price: Floats  # willingness to pay; 0: wouldn't
    leaves: Floats  # the day on which patience ends
    wishes: Ints

    def here(self, day: int) -> int:
        """Count the people who have arrived by this day."""
        return int(np.searchsorted(self.arrived, day, side="right"))

    def chances(self, day: int) -> Chance:
        """Give a day's chances: the same for every mechanism."""
        rng = np.random.default_rng([self.seed, _DAY, day])
        people = self.here(day)
        online, no_show, declines, turn, luck = rng.random((5, people))
        return Chance(
            online=online,
            noise=rng.standard_normal(people),
            no_show=no_show,
            declines=declines,
            turn=turn,
            luck=luck,
            number=rng.integers(0, 2**64, people, dtype=np.uint64),
        )

    def numbers_of_names(self, day: int, names: int) -> NDArray[np.uint64]:
        rng = np.random.default_rng([self.seed, _NAMES, day])
        return rng.integers(0, 2**64, names, dtype=np.uint64)

    def places(self) -> Ints:
        """Places of each office and half-day, as even as can be; int64[cells]."""
        cells = self.setting.offices * HALVES
        return self.setting.places // cells + (np.arange(cells) < self.setting.places % cells)


def town(setting: Setting, *, seed: int) -> Town:
    """Draw the people of a town. `seed` is 0 or more; shares and medians are in `setting.py`."""
    rng = np.random.default_rng([seed, _PEOPLE])
    newcomers = rng.poisson(setting.arrivals, setting.days)
    newcomers[0] += round(setting.backlog_days * setting.places)
    arrived = np.repeat(np.arange(setting.days), newcomers)
    people = len(arrived)
    channel = rng.choice(3, people, p=assume.CHANNEL_SHARES)
    home = rng.integers(0, setting.offices, people)
    narrow = rng.random(people) < setting.narrow
    prefers = rng.integers(0, HALVES, people)
    spread = np.exp(assume.PERSON_SIGMA * rng.standard_normal(people))
    price = assume.PRICE_MEDIAN * np.exp(assume.PRICE_SIGMA * rng.standard_normal(people))
    patience = np.exp(assume.PATIENCE_SIGMA * rng.standard_normal(people))
    is_priority = rng.random(people) < assume.PRIORITY_SHARE
    is_far = rng.random(people) < assume.FAR_SHARE
    return Town(
        setting=setting,
        seed=seed,
        arrived=arrived,
        channel=channel,
        seconds=np.array(assume.SECONDS)[channel] * spread,
        home=home,
        narrow=narrow,
        kinds=is_priority + 2 * is_far + 4 * (channel == OFFLINE),
        price=np.where(rng.random(people) < assume.WOULD_BUY, price, 0.0),
        leaves=arrived + assume.PATIENCE_MEDIAN_DAYS * patience,
        wishes=ranked_wishes(home, prefers, narrow, setting.offices),
    )


def ranked_wishes(home: Ints, prefers: Ints, narrow: Bools, offices: int) -> Ints:
    """Rank cells (office x 2 + half-day) for each person: home first, then the next offices.

    Within an office the preferred half-day (0 or 1) comes first. Narrow people wish only their
    first cell; the rest of the row is -1.
    """
    office = (home[:, None] + np.arange(offices)) % offices
    cells = office[:, :, None] * HALVES + (prefers[:, None, None] + np.arange(HALVES)) % HALVES
    wishes = cells.reshape(len(home), offices * HALVES)
    wishes[narrow, 1:] = NEVER
    return wishes


@dataclass(eq=False)
class Run:
    """What has happened so far; each place of each day is used, wasted or idle in the end."""

    town: Town
    status: Ints
    served_on: Ints
    bought: Bools
    used: int = 0
    wasted: int = 0  # held by somebody, and nobody came
    idle: int = 0  # taken by nobody
    scalped: int = 0  # held by scalpers
    sold: int = 0
    income: float = 0.0  # Rupiah, of all scalpers
    ransom: float = 0.0  # part of income: paid by whoever is next for the release of a place
    violations: int = 0  # found by the core's audit of each draw

    @classmethod
    def start(cls, people: Town) -> Run:
        count = len(people.arrived)
        return cls(
            town=people,
            status=np.full(count, WAITING),
            served_on=np.full(count, NEVER),
            bought=np.zeros(count, bool),
        )

    def waiting(self, day: int) -> Ints:
        """Let those go whose patience has ended; return who waits, in order of arrival."""
        here = self.town.here(day)
        status = self.status[:here]
        status[(status == WAITING) & (self.town.leaves[:here] <= day)] = LEFT
        return np.flatnonzero(status == WAITING)

    def buyers(self, who: Ints) -> Ints:
        """Order those who would pay a scalper by what they would pay, most first."""
        price = self.town.price[who]
        willing = who[price >= assume.PRICE_LEAST]
        return willing[np.argsort(-self.town.price[willing], kind="stable")]

    def serve(self, who: Ints, day: int) -> None:
        """Serve people on the day after `day`, each on a place of their own."""
        self.status[who] = SERVED
        self.served_on[who] = day + 1
        self.used += len(who)

    def sell(self, buyers: Ints, day: int) -> None:
        """Serve people on scalpers' places; each pays all that they would (the most there is)."""
        self.serve(buyers, day)
        self.bought[buyers] = True
        self.sold += len(buyers)
        self.income += float(self.town.price[buyers].sum())

    def lose(self, places: int, left: Ints, day: int) -> None:
        """Let places be found empty on the day; some go to people standing at the door."""
        count = min(round(places * self.town.setting.at_the_door), len(left))
        self.serve(left[:count], day)
        self.wasted += places - count

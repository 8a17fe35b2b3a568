"""What an office and its day are, to the laboratory. Times of day are seconds from midnight."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from giliran.core.calling import POLICIES, Policy
from giliran.core.offers import DayPlan
from giliran.lab.visits import HOUR

HALF_HOUR: Final = HOUR // 2
HALF_HOURS: Final = 48


def _check(holds: bool, sentence: str) -> None:
    if not holds:
        raise ValueError(sentence)


@dataclass(frozen=True)
class Service:
    """What people come for, and how long it lasts at the counter."""

    name: str
    minutes: float = 12.0
    """Mean length of one that was not pre-checked."""
    scv: float = 0.5
    """Squared coefficient of variation, variance / mean²; 0: always the same length."""
    shape: Literal["gamma", "lognormal"] = "gamma"
    sample_minutes: tuple[float, ...] = ()
    """Measured lengths; if given, lengths are drawn from them instead of from a shape."""
    prechecked: float = 0.0
    """Share of the files that were complete and checked before their owner came."""
    prechecked_factor: float = 0.5
    """Length of a pre-checked service, as a share of the others' length."""

    def __post_init__(self) -> None:
        _check(self.minutes > 0, f"{self.name}: a service takes more than no time.")
        _check(self.scv >= 0, f"{self.name}: the variation cannot be below zero.")
        _check(0 <= self.prechecked <= 1, f"{self.name}: the share pre-checked is from 0 to 1.")
        _check(self.prechecked_factor > 0, f"{self.name}: a service takes more than no time.")
        _check(all(one > 0 for one in self.sample_minutes), f"{self.name}: lengths are above zero.")


@dataclass(frozen=True)
class Counter:
    """When a counter calls, and whom."""

    spells: tuple[tuple[float, float], ...]
    """From when till when it calls, between the breaks; in order, apart. A service begun before
    the end is finished; the break still ends when it was to end."""
    services: frozenset[str] | None = None
    """Names of the services that it gives; None: all."""
    leave: float = 0.0
    """Share of days on which its officer is away and nobody stands in."""

    def __post_init__(self) -> None:
        moments = [moment for spell in self.spells for moment in spell]
        _check(moments == sorted(moments), "The spells of a counter are in order and apart.")
        _check(all(one < two for one, two in self.spells), "A spell ends after it begins.")
        _check(0 <= self.leave <= 1, "The share of days on leave is from 0 to 1.")


@dataclass(frozen=True)
class Patience:
    """How long people stay unserved; counted from when they could first be called."""

    kind: Literal["endless", "exponential", "lognormal"] = "endless"
    minutes: float = 0.0
    """The mean of an exponential, the median of a lognormal patience."""
    sigma: float = 0.0

    def __post_init__(self) -> None:
        _check(self.kind == "endless" or self.minutes > 0, "A patience is longer than no time.")
        _check(self.sigma >= 0, "The spread of the patience cannot be below zero.")


@dataclass(frozen=True)
class Booked:
    """One promised window and how many were given it."""

    starts_at: float
    ends_at: float
    people: int

    def __post_init__(self) -> None:
        _check(self.starts_at < self.ends_at, "A window ends after it begins.")
        _check(self.people >= 0, "A window cannot be given to fewer than nobody.")


@dataclass(frozen=True)
class Office:
    """One office on one kind of day."""

    services: tuple[Service, ...]
    counters: tuple[Counter, ...]
    opens_at: float = 8.0 * HOUR
    closes_at: float = 15.0 * HOUR
    """The door; whoever comes later without an appointment is turned away."""
    walk_ins: Mapping[tuple[bool, str], tuple[float, ...]] = field(default_factory=dict)
    """(is_priority, service) to people an hour, in each of 48 half-hours from midnight. Those
    before opening stand at the door: the dawn queue."""
    walk_in_places: int | None = None
    """Numbers for a day, given in order of arrival; None: nobody is turned away for want of one."""
    booked: tuple[Booked, ...] = ()
    booked_services: Mapping[str, float] = field(default_factory=dict)
    """Shares of the services among the booked; empty: all alike."""
    booked_priority: float = 0.0
    show_up: float = 1.0
    early_minutes: float = 10.0
    """The booked come on average so long before their window begins; below zero: after."""
    early_spread_minutes: float = 6.0
    patience: Patience = Patience()
    policy: Policy = POLICIES["accumulating"]

    def __post_init__(self) -> None:
        names = [one.name for one in self.services]
        _check(bool(names), "An office gives at least one service.")
        _check(len(set(names)) == len(names), "Each service has its own name.")
        known = set(names)
        for (_, name), rates in self.walk_ins.items():
            _check(name in known, f"Nobody gives the service {name!r}.")
            _check(len(rates) == HALF_HOURS, f"{name}: a day has 48 half-hours.")
            _check(all(0 <= rate < math.inf for rate in rates), f"{name}: rates are zero or above.")
        for counter in self.counters:
            _check(
                counter.services is None or counter.services <= known,
                "A counter gives a service that the office hasn't.",
            )
        _check(set(self.booked_services) <= known, "A service is booked that the office hasn't.")
        _check(
            not self.booked_services or sum(self.booked_services.values()) > 0,
            "The shares of the booked services add up to nothing.",
        )
        _check(self.opens_at < self.closes_at, "An office closes after it opens.")
        _check(0 <= self.show_up <= 1, "The share who come is from 0 to 1.")
        _check(0 <= self.booked_priority <= 1, "The share with priority is from 0 to 1.")
        _check(self.early_spread_minutes >= 0, "A spread cannot be below zero.")
        _check(
            self.walk_in_places is None or self.walk_in_places >= 0,
            "There cannot be fewer numbers than none.",
        )


def booked_by(plan: DayPlan, *, taken: float = 1.0) -> tuple[Booked, ...]:
    """Turn the offers of `core.offers.plan_day` into booked windows.

    `taken` is the share of each window's places that found somebody, rounded to whole people.
    """
    _check(0 <= taken <= 1, "The share taken is from 0 to 1.")
    windows = []
    for window, places in plan.windows:
        midnight = window.starts_at.replace(hour=0, minute=0, second=0, microsecond=0)
        windows.append(
            Booked(
                (window.starts_at - midnight).total_seconds(),
                (window.ends_at - midnight).total_seconds(),
                round(places * taken),
            )
        )
    return tuple(windows)

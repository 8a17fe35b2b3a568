"""Where theory knows the answer: the same lines played, and how far apart the two are.

Each case is one long day from an empty line; the first half is not counted. Services last half a
minute on average, so that half a day is 1,440 of them and the line has forgotten how it began.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from giliran.core.calling import POLICIES, Policy, Rates
from giliran.lab.office.figures import CLASSES
from giliran.lab.office.packed import Floats
from giliran.lab.office.play import play
from giliran.lab.office.setting import HALF_HOURS, Counter, Office, Patience, Service
from giliran.lab.office.theory import (
    erlang_a,
    wait_erlang_c,
    waits_accumulating,
    waits_priority,
)
from giliran.lab.visits import DAY, HOUR

_MINUTES: Final = 0.5
_STANDARD, _PRIORITY = CLASSES.index("standard_walk_in"), CLASSES.index("priority_walk_in")
_HALF_DAY: Final = DAY / 2


class Case(NamedTuple):
    """One line, and what theory says of it: mean waits in minutes, shares who leave."""

    name: str
    office: Office
    waits: dict[int, float]  # by place in CLASSES; of all, served or not
    leave: float | None = None


class Score(NamedTuple):
    """How a played line and theory compare."""

    name: str
    theory: float
    played: float
    errors: float
    """Their distance in standard errors."""


def cases() -> list[Case]:
    """Give lines of every kind that has a formula: 1 to 20 counters, loads from half to .85."""
    found = [_erlang_c(c, load) for c, load in ((1, 0.7), (2, 0.8), (5, 0.85), (20, 0.85))]
    found += [_pollaczek(scv) for scv in (0.0, 0.5, 2.0)]
    found += [
        _erlang_a(c, load, patience)
        for c, load, patience in ((1, 0.9, 1.0), (3, 1.2, 0.5), (10, 1.0, 2.0))
    ]
    found += [
        _priority(c, load, share, scv)
        for c, load, share, scv in ((1, 0.8, 0.2, 0.5), (4, 0.8, 0.4, 1.0), (1, 0.7, 0.5, 2.0))
    ]
    found += [
        _accumulating(c, load, share, growth, scv)
        for c, load, share, growth, scv in (
            (1, 0.8, 0.3, 4.0, 1.0),
            (1, 0.8, 0.3, 2.0, 0.5),
            (3, 0.85, 0.5, 4.0, 1.0),
        )
    ]
    return found


def scores(case: Case, *, seed: int, days: int) -> list[Score]:
    """Play a case and tell the distance of each figure from theory. At least two days."""
    from giliran.lab.office import engine

    run = play([case.office], seed=seed, replications=days, counted_from=_HALF_DAY)
    sums = run.totals[0, :, : engine.OF_CLASS * engine.CLASSES]
    by_class = sums.reshape(days, engine.CLASSES, engine.OF_CLASS)
    found = []
    for place, theory in case.waits.items():
        of = by_class[:, place]
        waited = (of[:, engine.WAITED] + of[:, engine.LEFT_WAITED]) / 60
        found.append(_score(f"{case.name}: wait, {CLASSES[place]}", theory, waited, of))
    if case.leave is not None:
        of = by_class.sum(axis=1)
        found.append(_score(f"{case.name}: leave", case.leave, of[:, engine.LEFT], of))
    return found


def ratio(some: Floats, of: Floats) -> tuple[float, float]:
    """Give the ratio of two sums over days and its standard error (the days are independent)."""
    value = float(some.sum() / of.sum())
    rest = some - value * of
    return value, float(np.std(rest, ddof=1) / math.sqrt(len(of)) / of.mean())


def _score(name: str, theory: float, some: Floats, of: Floats) -> Score:
    played, error = ratio(some, of[:, 0])
    return Score(name, theory, played, abs(played - theory) / error)


def _office(
    counters: int,
    arrivals: tuple[float, float],
    *,
    scv: float = 1.0,
    policy: Policy = POLICIES["first_come"],
    patience: Patience = Patience(),  # noqa: B008 -- frozen
) -> Office:
    """Take people a minute, without and with priority; open until everybody has been served."""
    return Office(
        services=(Service("any", minutes=_MINUTES, scv=scv),),
        counters=(Counter(((0.0, 30.0 * DAY),)),) * counters,
        opens_at=0.0,
        closes_at=float(DAY),
        walk_ins={
            (bool(is_priority), "any"): (rate * HOUR / 60,) * HALF_HOURS
            for is_priority, rate in enumerate(arrivals)
        },
        patience=patience,
        policy=policy,
    )


def _erlang_c(counters: int, rho: float) -> Case:
    arrivals = rho * counters / _MINUTES
    wait = wait_erlang_c(counters, arrivals, _MINUTES)
    name = f"M/M/{counters}, load {rho:g}"
    return Case(name, _office(counters, (arrivals, 0.0)), {_STANDARD: wait})


def _pollaczek(scv: float) -> Case:
    arrivals = 0.7 / _MINUTES
    [wait] = waits_priority(1, [arrivals], _MINUTES, scv)
    return Case(f"M/G/1, scv {scv:g}", _office(1, (arrivals, 0.0), scv=scv), {_STANDARD: wait})


def _erlang_a(counters: int, rho: float, patience: float) -> Case:
    arrivals = rho * counters / _MINUTES
    exact = erlang_a(counters, arrivals, _MINUTES, patience)
    office = _office(counters, (arrivals, 0.0), patience=Patience("exponential", patience))
    name = f"M/M/{counters}+M, load {rho:g}"
    return Case(name, office, {_STANDARD: exact.mean_wait}, exact.leave)


def _two(counters: int, rho: float, share: float) -> tuple[float, float]:
    """Arrivals with priority and without."""
    arrivals = rho * counters / _MINUTES
    return share * arrivals, (1 - share) * arrivals


def _priority(counters: int, rho: float, share: float, scv: float) -> Case:
    first, then = _two(counters, rho, share)
    waits = waits_priority(counters, [first, then], _MINUTES, scv)
    office = _office(counters, (then, first), scv=scv, policy=POLICIES["strict_priority"])
    name = f"priority, {counters} counters, load {rho:g}, scv {scv:g}"
    return Case(name, office, {_PRIORITY: waits[0], _STANDARD: waits[1]})


def _accumulating(counters: int, rho: float, share: float, growth: float, scv: float) -> Case:
    first, then = _two(counters, rho, share)
    waits = waits_accumulating(counters, [first, then], [growth, 1.0], _MINUTES, scv)
    policy = Policy("two rates", priority=Rates(growth, growth), standard=Rates(1.0, 1.0))
    office = _office(counters, (then, first), scv=scv, policy=policy)
    name = f"accumulating {growth:g}:1, {counters} counters, scv {scv:g}"
    return Case(name, office, {_PRIORITY: waits[0], _STANDARD: waits[1]})

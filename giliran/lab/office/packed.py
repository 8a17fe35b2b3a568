"""Offices as arrays, so that compiled code can walk through them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from giliran.lab.office.setting import HALF_HOURS, Office
from giliran.lab.visits import HOUR

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

# Columns of `services`, of `office` and of `windows`; few arrays, because handing one over costs.
KIND, MEAN, SHAPE, SAMPLE_FROM, SAMPLE_SIZE, PRECHECKED, FACTOR, POOL = range(8)
OPENS, CLOSES, PLACES, POOLS, COUNTERS, GRACE = range(6)
SHOW_UP, PRIORITY, EARLY, SPREAD, PATIENCE, PATIENCE_SCALE, SIGMA = range(6, 13)
PEOPLE, FROM, TILL = range(3)
RANK, RATE = range(2)

GAMMA, LOGNORMAL, SAMPLE = range(3)
ENDLESS, EXPONENTIAL = 0, 1
_PATIENCE: Final = {"endless": ENDLESS, "exponential": EXPONENTIAL, "lognormal": 2}
_LEAST_SCV: Final = 1e-9  # below it a length is taken as constant


class Packed(NamedTuple):
    """The first axis of every array but `samples` is the office; times are in seconds."""

    office: Floats  # [office, column]
    rates: Floats  # [office, half-hour], people a second
    mix: Floats  # [office, half-hour, 2 * service + is_priority], cumulative
    services: Floats  # [office, service, column]
    samples: Floats
    windows: Floats  # [office, window, column]
    booked_mix: Floats  # [office, service], cumulative
    claims: Floats  # [office, 2 * is_priority + is_appointment, column]
    spells: Floats  # [office, counter, spell, from and till]; infinite after the last
    leave: Floats  # [office, counter]
    serves: Bools  # [office, counter, pool]


def packed(offices: Sequence[Office]) -> Packed:
    """Pack offices, each padded to the largest; services that the same counters give share a line.

    Raises ValueError without an office.
    """
    if not offices:
        raise ValueError("There is no office to play.")
    many = len(offices)
    services = max(len(one.services) for one in offices)
    windows = max(len(one.booked) for one in offices)
    counters = max(len(one.counters) for one in offices)
    spells = max((len(c.spells) for one in offices for c in one.counters), default=0)
    into = Packed(
        office=np.array([_scalars(one) for one in offices]),
        rates=np.zeros((many, HALF_HOURS)),
        mix=np.ones((many, HALF_HOURS, 2 * services)),
        services=np.zeros((many, services, 8)),
        samples=np.array(
            [60 * x for one in offices for s in one.services for x in s.sample_minutes],
            dtype=np.float64,
        ),
        windows=np.zeros((many, windows, 3)),
        booked_mix=np.ones((many, services)),
        claims=np.zeros((many, 4, 2)),
        spells=np.full((many, counters, spells + 1, 2), math.inf),
        leave=np.zeros((many, counters)),
        serves=np.zeros((many, counters, services), dtype=np.bool_),
    )
    used = 0
    for place, office in enumerate(offices):
        used = _pack_services(into, place, office, used)
        _pack_arrivals(into, place, office)
        _pack_counters(into, place, office)
    return into


def people_at_most(into: Packed) -> int:
    """Room for the people of any one day; more come less than once in 10^30 days."""
    mean = float((into.rates.sum(axis=1) * HOUR / 2).max())
    booked = into.windows[:, :, PEOPLE].sum(axis=1).max(initial=0)
    return int(mean + 12 * math.sqrt(mean) + 100 + booked)


def _scalars(office: Office) -> list[float]:
    given = [
        tuple(c.services is None or service.name in c.services for c in office.counters)
        for service in office.services
    ]
    return [  # in the order of the columns
        office.opens_at,
        office.closes_at,
        math.inf if office.walk_in_places is None else office.walk_in_places,
        len(set(given)),
        len(office.counters),
        office.policy.late_grace.total_seconds(),
        office.show_up,
        office.booked_priority,
        60 * office.early_minutes,
        60 * office.early_spread_minutes,
        _PATIENCE[office.patience.kind],
        60 * office.patience.minutes,
        office.patience.sigma,
    ]


def _pack_services(into: Packed, place: int, office: Office, used: int) -> int:
    for at, service in enumerate(office.services):
        row = into.services[place, at]
        row[MEAN] = 60 * service.minutes
        row[PRECHECKED] = service.prechecked
        row[FACTOR] = service.prechecked_factor
        if service.sample_minutes:
            row[KIND], row[SAMPLE_FROM] = SAMPLE, used
            row[SAMPLE_SIZE] = len(service.sample_minutes)
            used += len(service.sample_minutes)
        elif service.shape == "lognormal":
            row[KIND], row[SHAPE] = LOGNORMAL, math.sqrt(math.log1p(service.scv))
        else:
            row[KIND] = GAMMA
            row[SHAPE] = 1 / service.scv if service.scv > _LEAST_SCV else 0.0
    return used


def _pack_arrivals(into: Packed, place: int, office: Office) -> None:
    by_pair = np.zeros((HALF_HOURS, into.mix.shape[2]))
    for at, service in enumerate(office.services):
        for is_priority in (False, True):
            rates = office.walk_ins.get((is_priority, service.name))
            if rates is not None:
                by_pair[:, 2 * at + is_priority] = np.array(rates) / HOUR
    heaped = np.cumsum(by_pair, axis=1)
    into.rates[place] = heaped[:, -1]
    come = into.rates[place] > 0
    into.mix[place, come] = heaped[come] / heaped[come, -1:]
    for at, window in enumerate(office.booked):
        into.windows[place, at] = window.people, window.starts_at, window.ends_at
    shares = office.booked_services or {one.name: 1.0 for one in office.services}
    weights = np.cumsum([shares.get(one.name, 0.0) for one in office.services])
    into.booked_mix[place, : len(weights)] = weights / weights[-1]


def _pack_counters(into: Packed, place: int, office: Office) -> None:
    policy = office.policy
    for is_priority, rates in enumerate((policy.standard, policy.priority)):
        rank = 1 if policy.priority_always_first and not is_priority else 0
        into.claims[place, 2 * is_priority] = rank, rates.walk_in
        into.claims[place, 2 * is_priority + 1] = rank, rates.appointment
    for at, counter in enumerate(office.counters):
        into.leave[place, at] = counter.leave
        for number, spell in enumerate(counter.spells):
            into.spells[place, at, number] = spell
    pools: dict[tuple[bool, ...], int] = {}
    for at, service in enumerate(office.services):
        given = tuple(c.services is None or service.name in c.services for c in office.counters)
        pool = pools.setdefault(given, len(pools))
        into.services[place, at, POOL] = pool
        into.serves[place, : len(given), pool] = given

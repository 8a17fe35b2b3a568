"""The same lines in Ciw and in SimPy, for agreement and for speed.

A day: two classes, each with its own service, rates that change every half hour, counters that
open at `opens_minute`, the second class before the first where `strict`, exponential patience.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import ciw
import numpy as np
import simpy

from giliran.core.calling import POLICIES
from giliran.lab.office import CLASSES, Counter, Office, Patience, Service, play
from giliran.lab.office.agreement import ratio

DAY_MINUTES = 1440.0
NAMES = ("standard", "priority")
FEWEST = 50


@dataclass(frozen=True)
class Line:
    counters: int
    services: tuple[tuple[float, float, str], ...]
    """For each class: mean minutes, scv, shape."""
    rates: tuple[tuple[float, ...], ...]
    """For each class: people a minute in each half hour."""
    patience: float | None
    strict: bool
    opens_minute: float


def random_line(rng: random.Random) -> Line:
    counters = rng.randint(1, 6)
    half_hours = rng.randint(2, 5)
    share = rng.uniform(0.1, 0.6)
    services = tuple(
        (
            rng.uniform(2, 8),
            *rng.choice(
                [(0.0, "gamma"), (0.3, "gamma"), (1.0, "gamma"), (2.5, "gamma"), (0.8, "lognormal")]
            ),
        )
        for _ in NAMES
    )
    loads = [rng.uniform(0.3, 1.5) * counters for _ in range(half_hours)]
    return Line(
        counters,
        services,
        tuple(
            tuple(part * load / service[0] for load in loads)
            for part, service in zip((1 - share, share), services, strict=True)
        ),
        rng.choice([None, rng.uniform(5, 60)]),
        rng.random() < 0.5,
        rng.choice([0.0, rng.uniform(5, 40)]),
    )


def as_office(line: Line) -> Office:
    return Office(
        services=tuple(
            Service(name, mean, scv, shape)  # type: ignore[arg-type]
            for name, (mean, scv, shape) in zip(NAMES, line.services, strict=True)
        ),
        counters=(Counter(((60 * line.opens_minute, 30 * 60 * DAY_MINUTES),)),) * line.counters,
        opens_at=0.0,
        closes_at=60 * DAY_MINUTES,
        walk_ins={
            (bool(place), name): tuple(60 * rate for rate in line.rates[place])
            + (0.0,) * (48 - len(line.rates[place]))
            for place, name in enumerate(NAMES)
        },
        patience=Patience("exponential", line.patience) if line.patience else Patience(),
        policy=POLICIES["strict_priority" if line.strict else "first_come"],
    )


def _service(mean: float, scv: float, shape: str) -> Any:
    if scv == 0:
        return ciw.dists.Deterministic(mean)
    if shape == "lognormal":
        sigma = math.sqrt(math.log1p(scv))
        return ciw.dists.Lognormal(math.log(mean) - sigma**2 / 2, sigma)
    return ciw.dists.Gamma(1 / scv, mean * scv)


def in_ciw(line: Line, days: int, seed: int) -> list[Any]:
    """Play the days one after another; each is long enough to end empty. Gives Ciw's records."""
    ciw.seed(seed)
    until = days * DAY_MINUTES
    ends = [30.0 * (at + 1) for at in range(len(line.rates[0]))] + [DAY_MINUTES]
    many: Any = line.counters
    if line.opens_minute > 0:
        many = ciw.Schedule([0, line.counters], [line.opens_minute, DAY_MINUTES])
    network = ciw.create_network(
        arrival_distributions={
            name: [ciw.dists.PoissonIntervals([*rates, 0.0], ends, until)]
            for name, rates in zip(NAMES, line.rates, strict=True)
        },
        service_distributions={
            name: [_service(*one)] for name, one in zip(NAMES, line.services, strict=True)
        },
        priority_classes={name: int(line.strict and not at) for at, name in enumerate(NAMES)},
        reneging_time_distributions={
            name: [ciw.dists.Exponential(1 / line.patience) if line.patience else None]
            for name in NAMES
        },
        number_of_servers=[many],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(until)
    return list(simulation.get_all_records())


def in_simpy(line: Line, days: int, seed: int) -> list[tuple[str, bool, float]]:
    """Play the days; gives class, served, and minutes waited of everybody."""
    rng = random.Random(seed)
    seen: list[tuple[str, bool, float]] = []

    def person(env: Any, desks: Any, name: str, lasts: float, patience: float) -> Iterator[Any]:
        came = env.now
        with desks.request(priority=int(line.strict and name == "standard")) as asked:
            yield asked | env.timeout(patience)
            seen.append((name, asked.triggered, env.now - came))
            if asked.triggered:
                yield env.timeout(lasts)

    def arrivals(env: Any, desks: Any, place: int) -> Iterator[Any]:
        mean, scv, shape = line.services[place]
        sigma = math.sqrt(math.log1p(scv))
        for half_hour, rate in enumerate(line.rates[place]):
            while True:
                gap = rng.expovariate(rate)
                if env.now + gap >= 30.0 * (half_hour + 1):
                    yield env.timeout(30.0 * (half_hour + 1) - env.now)
                    break
                yield env.timeout(gap)
                if scv == 0:
                    lasts = mean
                elif shape == "lognormal":
                    lasts = rng.lognormvariate(math.log(mean) - sigma**2 / 2, sigma)
                else:
                    lasts = rng.gammavariate(1 / scv, mean * scv)
                patience = rng.expovariate(1 / line.patience) if line.patience else 1e9
                env.process(person(env, desks, NAMES[place], lasts, patience))

    def opening(env: Any, desks: Any) -> Iterator[Any]:
        with desks.request(priority=-1) as asked:
            yield asked
            yield env.timeout(line.opens_minute)

    for _ in range(days):
        env = simpy.Environment()
        desks = simpy.PriorityResource(env, capacity=line.counters)
        if line.opens_minute > 0:
            for _ in range(line.counters):
                env.process(opening(env, desks))
        for place in range(len(NAMES)):
            env.process(arrivals(env, desks, place))
        env.run()
    return seen


def errors_apart(line: Line, *, days: int, ciw_days: int, seed: int) -> dict[str, float]:
    """Play a line here and in Ciw; how many standard errors each figure is apart."""
    from giliran.lab.office import engine

    run = play([as_office(line)], seed=seed, replications=days)
    sums = run.totals[0, :, : engine.OF_CLASS * engine.CLASSES]
    ours = sums.reshape(days, engine.CLASSES, engine.OF_CLASS)
    theirs = np.zeros((len(NAMES), 3, ciw_days))  # came, waited, left
    for record in in_ciw(line, ciw_days, seed):
        of = theirs[NAMES.index(record.customer_class), :, int(record.arrival_date // DAY_MINUTES)]
        of[0] += 1
        of[1] += record.waiting_time
        of[2] += record.record_type == "renege"
    found = {}
    for place, name in enumerate(NAMES):
        one = ours[:, CLASSES.index(f"{name}_walk_in")]
        waited = (one[:, engine.WAITED] + one[:, engine.LEFT_WAITED]) / 60
        pairs = {"wait": (waited, theirs[place, 1])}
        # So few that the sum is far from normal tell nothing in standard errors.
        if theirs[place, 2].sum() >= FEWEST:
            pairs["leave"] = (one[:, engine.LEFT], theirs[place, 2])
        for figure, (here, there) in pairs.items():
            (a, error_a), (b, error_b) = (
                ratio(here, one[:, engine.CAME]),
                ratio(there, theirs[place, 0]),
            )
            found[f"{figure}, {name}"] = abs(a - b) / max(1e-12, math.hypot(error_a, error_b))
    return found


def customers_per_second(line: Line, days: int, seed: int) -> dict[str, float]:
    """People a second of processor time, of each simulator; compiling is not counted."""
    office = as_office(line)
    play([office], seed=seed)
    found = {}
    for name, run in (
        ("giliran", lambda: play([office], seed=seed, days=400 * days).people),
        ("ciw", lambda: len(in_ciw(line, days, seed))),
        ("simpy", lambda: len(in_simpy(line, days, seed))),
    ):
        begins = time.process_time()
        people = run()
        found[name] = people / (time.process_time() - begins)
    return found

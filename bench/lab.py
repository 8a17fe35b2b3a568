"""How fast the laboratory plays, against Ciw and SimPy, after counting what it gets wrong.

    python -m bench.lab [--quick] [--json]

`wrong_results` counts the figures more than four standard errors from theory (Erlang C and A,
Pollaczek-Khinchine, Cobham, accumulating priority) or from Ciw on random lines, and every run that
does not repeat bit for bit. Speeds are people a second of one core's processor time, so that other
programs on the machine disturb little; compiling is told apart. `customers_per_second` is a whole
office day: four services, booked windows with no-shows, a dawn queue, priority, breaks, leave,
pre-checked files, patience. The ratios play one same model in all three in this run.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from dataclasses import replace
from typing import Any

import numpy as np

from bench.lab_others import Line, customers_per_second, errors_apart, random_line
from bench.measure import say_result
from giliran.lab.network import WAYS, Network, figures_of, five_branches, play_network
from giliran.lab.office import Office, Run, play, serang_office, with_prechecked
from giliran.lab.office.agreement import cases, scores

ERRORS_ALLOWED = 4.0
OFFICES, YEAR_DAYS = 325, 250
SAME = Line(
    counters=4,
    services=((6.0, 0.5, "gamma"), (8.0, 0.5, "gamma")),
    rates=((0.3, 0.6, 0.6, 0.4), (0.1, 0.1, 0.2, 0.1)),
    patience=30.0,
    strict=True,
    opens_minute=20.0,
)


def an_office(counters: int = 4) -> Office:
    """Everything that an office can have; everybody who comes gets a number."""
    one = with_prechecked(serang_office(counters=counters), 0.3)
    return replace(
        one,
        counters=tuple(replace(desk, leave=0.05) for desk in one.counters),
        walk_ins={
            who: tuple(counters / 4 * rate for rate in rates) for who, rates in one.walk_ins.items()
        },
        walk_in_places=None,
    )


def network() -> list[Office]:
    """325 offices of one to seven counters, with as many people as fit."""
    return [an_office(1 + at % 7) for at in range(OFFICES)]


def same(one: Run, two: Run) -> bool:
    return np.array_equal(one.totals, two.totals) and np.array_equal(one.waits, two.waits)


def is_repeatable() -> bool:
    offices = [an_office(), an_office(2), serang_office()]
    runs = [play(offices, seed=9, days=20, replications=5, cores=cores) for cores in (1, 1, 2)]
    return same(runs[0], runs[1]) and same(runs[0], runs[2])


def disagreements(*, days: int, lines: int, ciw_days: int) -> tuple[list[str], int, float]:
    """Name what is too far from theory or from Ciw, count the figures, and tell the farthest."""
    found = {one.name: one.errors for case in cases() for one in scores(case, seed=11, days=days)}
    rng = random.Random(2026)
    for number in range(lines):
        errors = errors_apart(random_line(rng), days=4000, ciw_days=ciw_days, seed=number)
        found |= {f"Ciw, line {number}, {name}": value for name, value in errors.items()}
    wrong = [name for name, errors in found.items() if not errors <= ERRORS_ALLOWED]
    return wrong, len(found), max(found.values())


def speed(tries: int, replications: int) -> list[float]:
    office, found = an_office(), []
    for seed in range(tries):
        begins = time.process_time()
        people = play([office], seed=seed, days=250, replications=replications).people
        found.append(people / (time.process_time() - begins))
    return found


def year() -> tuple[float, float, int]:
    """A year of the network: seconds of one core, seconds on all cores, people."""
    offices = network()
    begins = time.process_time()
    alone = play(offices, seed=1, days=YEAR_DAYS)
    one_core = time.process_time() - begins
    clock = time.perf_counter()
    play(offices, seed=1, days=YEAR_DAYS, cores=os.cpu_count() or 1)
    return one_core, time.perf_counter() - clock, alone.people


def weeks() -> tuple[dict[str, float], bool]:
    """Six weeks of five offices, each way: seconds of one core, and whether they repeat."""
    seconds, repeatable = {}, True
    for way in WAYS:
        network = Network(five_branches(), way=way, leave=0.1)
        told = []
        for _ in range(2):
            begins = time.process_time()
            told.append(repr(figures_of(play_network(network, seed=1))))
            seconds[way] = time.process_time() - begins
        repeatable &= told[0] == told[1]
    return seconds, repeatable


def measure(*, quick: bool) -> dict[str, Any]:
    begins = time.perf_counter()
    play([an_office()], seed=0)
    compile_seconds = time.perf_counter() - begins
    weeks_seconds, weeks_repeat = weeks()
    repeatable = is_repeatable() and weeks_repeat
    wrong, figures, farthest = disagreements(
        days=40 if quick else 300, lines=12 if quick else 200, ciw_days=40 if quick else 100
    )
    speeds = speed(3 if quick else 7, 20 if quick else 60)
    rates = customers_per_second(SAME, 100 if quick else 500, seed=3)
    one_core, all_cores, people = year()
    return {
        "wrong_results": len(wrong) + (not repeatable),
        "wrong": wrong,
        "figures_compared": figures,
        "farthest_standard_errors": farthest,
        "repeatable": repeatable,
        "customers_per_second": round(max(speeds)),
        "customers_per_second_median": round(statistics.median(speeds)),
        "same_model_per_second": {name: round(rate) for name, rate in rates.items()},
        "ratio_to_ciw": rates["giliran"] / rates["ciw"],
        "ratio_to_simpy": rates["giliran"] / rates["simpy"],
        "network_year_seconds": one_core,
        "network_year_wall_seconds_all_cores": all_cores,
        "network_year_people": people,
        "five_offices_six_weeks_seconds": weeks_seconds,
        "first_play_seconds": compile_seconds,
    }


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    reader.add_argument("--quick", action="store_true", help="fewer days, 12 lines against Ciw")
    reader.add_argument("--json", action="store_true", help="only the JSON line")
    asked = reader.parse_args()
    result = measure(quick=asked.quick)
    if not asked.json:
        print(f"{result['wrong_results']} of {result['figures_compared']} figures wrong")
        print(f"{result['customers_per_second'] / 1e6:.1f} million people a second on one core")
        print(f"{result['ratio_to_ciw']:.0f} times Ciw, {result['ratio_to_simpy']:.0f} times SimPy")
        print(f"a year of {OFFICES} offices in {result['network_year_seconds']:.1f} s of one core")
    say_result(result)
    raise SystemExit(0 if result["wrong_results"] == 0 else 1)


if __name__ == "__main__":
    main()

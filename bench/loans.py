"""How much of what an absence costs can neighbours take back, and how fast is it found?

    python -m bench.loans [--quick] [--json]

Made-up days of a region of 30 offices: on each, one officer in eight is missing, as the leave and
the sickness of a week without substitutes. Waiting is computed exactly (giliran.core.need.day).
Ours lends over the whole region at once; the peer is what a telephone does: each short office, the
shortest first, asks its nearest neighbour that has somebody to spare. `recovered` is the share of
the waiting that the absences cause and the loans take back, the way counted as lost minutes.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from functools import cache
from typing import NamedTuple

from bench.measure import say_result
from giliran.core.need import BOOKED, day_course, need
from giliran.lab.loans import Group, Loan, Office, lend, waited

ARRIVALS = (10, 9, 7, 6, 5, 4, 4, 5, 6, 5, 4, 3, 2, 1)
"""People per half-hour at an office of 60 people a day and more, scaled by its size."""
SERVICE, PATIENCE = 12.0, 120.0
MISSING = 1 / 8
FARTHEST = 90.0  # minutes
KM_A_MINUTE = 0.6


class Region(NamedTuple):
    offices: list[Office]
    full: dict[str, int]
    way: dict[str, dict[str, float]]


@cache
def waits(percent: int, most: int) -> tuple[float, ...]:
    """Return the person-minutes waited with 0, 1, ... officers at an office of a size."""
    people = [n * percent / 100 for n in ARRIVALS]
    found = [sum(people) * PATIENCE]
    for officers in range(1, most + 1):
        course = day_course(people, [officers] * len(people), SERVICE, BOOKED, patience=PATIENCE)
        # Who leaves unserved lost the day: counted as if they had waited twice their patience.
        found.append(course.waited + 2 * PATIENCE * course.left)
    return tuple(found)


def a_region(offices: int, seed: int) -> Region:
    chance = random.Random(seed)
    places = {f"k{n:03}": (chance.uniform(0, 120), chance.uniform(0, 80)) for n in range(offices)}
    sizes = {key: chance.randrange(40, 201, 20) for key in places}
    full = {}
    for key, percent in sizes.items():
        people = [n * percent / 100 for n in ARRIVALS]
        full[key] = max(need(people, SERVICE, BOOKED, patience=PATIENCE))
    way = {
        one: {
            other: round(math.dist(here, there) / KM_A_MINUTE, 1)
            for other, there in places.items()
            if other != one and math.dist(here, there) / KM_A_MINUTE <= FARTHEST
        }
        for one, here in places.items()
    }
    most = max(full.values()) + 3
    return Region([Office(key, waits(sizes[key], most)) for key in places], full, way)


def absences(region: Region, seed: int) -> dict[str, int]:
    """Return the officers present at each office on a day."""
    chance = random.Random(seed)
    return {
        key: sum(chance.random() > MISSING for _ in range(count))
        for key, count in region.full.items()
    }


def nearest_first(region: Region, present: dict[str, int]) -> list[Loan]:
    """Lend as by telephone: from the nearest that has more than it needs by its own plan."""
    there, loans = dict(present), []
    # What an office can do with while nobody is promised more: one fewer than its plan.
    spare = {key: there[key] - (region.full[key] - 1) for key in there}
    for key in sorted(there, key=lambda k: there[k] - region.full[k]):
        while there[key] < region.full[key]:
            able = [o for o in region.way[key] if spare[o] > 0]
            if not able:
                break
            lender = min(able, key=lambda o: region.way[key][o])
            loans.append(Loan(lender, key, frozenset(), 1, region.way[lender][key]))
            spare[lender] -= 1
            there[lender] -= 1
            there[key] += 1
    return loans


def measure(offices: int, days: int, seed: int = 1) -> dict[str, float]:
    region = a_region(offices, seed)
    everybody = waited(
        region.offices, [Group(k, n, region.way[k]) for k, n in region.full.items()], ()
    )
    lost = ours = theirs = 0.0
    wrong = 0
    seconds: list[float] = []
    for day in range(days):
        present = absences(region, seed * 1000 + day)
        groups = [Group(key, count, region.way[key]) for key, count in present.items()]
        began = time.perf_counter()
        plan = lend(region.offices, groups)
        seconds.append(time.perf_counter() - began)
        asked = nearest_first(region, present)
        lost += plan.waited_without - everybody
        ours += plan.waited_without - after(region, groups, plan.loans)
        theirs += plan.waited_without - after(region, groups, asked)
        wrong += not possible(present, plan.loans, region)
        wrong += after(region, groups, plan.loans) > plan.waited_without + 1e-6
    return {
        "wrong_results": wrong,
        "offices": offices,
        "officers": sum(region.full.values()),
        "days": days,
        "recovered": ours / lost,
        "recovered_nearest_first": theirs / lost,
        "seconds": sum(seconds) / days,
        "slowest_seconds": max(seconds),
    }


def after(region: Region, groups: list[Group], loans: list[Loan] | tuple[Loan, ...]) -> float:
    way = sum(loan.count * loan.minutes for loan in loans)
    return waited(region.offices, groups, loans) + way


def possible(present: dict[str, int], loans: tuple[Loan, ...], region: Region) -> bool:
    gone: dict[str, int] = {}
    for loan in loans:
        gone[loan.home] = gone.get(loan.home, 0) + loan.count
    return all(gone[home] <= present[home] for home in gone) and all(
        loan.minutes == region.way[loan.home][loan.to] <= FARTHEST for loan in loans
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    days = 10 if given.quick else 60
    result: dict[str, float] = measure(30, days)
    if not given.quick:
        grown = measure(325, 5)
        result |= {
            "wrong_results": result["wrong_results"] + grown["wrong_results"],
            "recovered_325": grown["recovered"],
            "seconds_325": grown["seconds"],
        }
    if given.json:
        say_result(result)
    else:
        print("\n".join(f"{key:24} {value:,.3f}" for key, value in result.items()))


if __name__ == "__main__":
    main()

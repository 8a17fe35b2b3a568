"""How good is a week's roster of a region, how far from the best there can be, and how soon?

    python -m bench.roster [--quick] [--json] [--instances FOLDER]
    python -m bench.roster --offices 60 --seconds 60

First the nurse-rostering instances of schedulingbenchmarks.org (in tests/data/rosters, or
a folder that is given): a wrong result is a broken limit, a cost other than counted by the checker,
or anything but the best known cost where the solver says that it is proven. Then a made-up region
of 30 offices and 300 officers, five days and a Saturday at every third office, need by half-hour
(giliran.core.need), leave, wishes and loans to two neighbours.

`gap` is the share of the cost between the roster and `bound_of`: the region with its officers
counted by groups of equals, which allows more than the limits do and so can't be beaten.
"""

from __future__ import annotations

import argparse
import math
import random
import resource
from functools import cache
from pathlib import Path
from typing import Any

from bench.measure import say_result
from giliran.core.need import BOOKED, need
from giliran.lab.roster import (
    Cover,
    Duty,
    Setting,
    Wish,
    Worker,
    clusters_near,
    cost,
    faults,
    solve,
    solve_region,
)
from giliran.lab.roster.benchmark import read_instance

INSTANCES = Path(__file__).parent.parent / "tests" / "data" / "rosters"
BEST_KNOWN = {"Instance1": 607, "Instance2": 828, "Instance3": 1001, "Instance4": 1716}
INSTANCE_SECONDS = {"Instance1": 60, "Instance2": 120, "Instance3": 180, "Instance4": 600}

ARRIVALS = (10, 9, 7, 6, 5, 4, 4, 5, 6, 5, 4, 3, 2, 1)
"""People per half-hour from 08.00 at an office of 60 people a day and more, scaled by its size."""
SERVICE, PATIENCE = 12.0, 120.0
OPENS, CLOSES, HALF = 8 * 60, 15 * 60, 30
KINDS = {  # begins, ends, the break
    "full": (480, 900, (720, 750)),
    "early": (480, 840, (690, 720)),
    "late": (540, 900, (750, 780)),
    "am": (480, 720, None),
    "pm": (660, 900, None),
}
DAY_SIZE = (1.25, 1.0, 0.9, 0.95, 1.05, 0.6)  # Mondays are full
UNDER, FIRST, OVER, MINUTE_OF_WAY = 60, 300, 1, 2


@cache
def wanted(percent: int, day: int) -> tuple[int, ...]:
    people = [n * percent / 100 * DAY_SIZE[day] for n in ARRIVALS]
    return need(people, SERVICE, BOOKED, patience=PATIENCE)


def a_region(offices: int, officers: int, seed: int = 1) -> tuple[Setting, list[frozenset[str]]]:
    """Return a region's week and its clusters of near offices."""
    chance = random.Random(seed)
    wide = math.sqrt(offices / 30)  # as many offices to a square kilometre, however many there are
    where = {
        f"k{n:03}": (chance.uniform(0, 120 * wide), chance.uniform(0, 80 * wide))
        for n in range(offices)
    }
    near = {
        one: sorted((o for o in where if o != one), key=lambda o: math.dist(where[o], here))
        for one, here in where.items()
    }
    size = {key: chance.randrange(40, 201, 20) for key in where}
    scale = officers / sum(size.values())
    staff = {key: max(2, round(percent * scale)) for key, percent in size.items()}
    for key in sorted(staff, key=staff.get, reverse=True)[: abs(officers - sum(staff.values()))]:
        staff[key] += 1 if sum(staff.values()) < officers else -1
    days = {key: 6 if n % 3 == 0 else 5 for n, key in enumerate(where)}
    duties = {
        key: [
            Duty(
                f"{key}-{day}-{kind}", day, "sat" if day == 5 else kind, begins, ends, minutes, key
            )
            for day in range(days[key])
            for kind, (begins, ends, pause) in KINDS.items()
            for minutes in [ends - begins - (pause[1] - pause[0] if pause else 0)]
        ]
        for key in where
    }
    workers, wishes = [], []
    for key, here in where.items():
        helps = [(o, math.dist(here, where[o]) / 0.6) for o in near[key][:2]]
        for number in range(staff[key]):
            may = {duty.key: 0 for duty in duties[key]}
            for other, minutes in helps:
                if minutes <= 60:
                    extra = 100 + MINUTE_OF_WAY * 2 * round(minutes)
                    may |= {duty.key: extra for duty in duties[other]}
            off = frozenset({chance.randrange(5)}) if chance.random() < 1 / 8 else frozenset()
            who = f"{key}-{number}"
            skills = frozenset({"jkk"} if number % 3 == 0 else ())
            before = {kind: chance.randrange(4) for kind in ("late", "sat")}
            workers.append(Worker(who, may, skills, days_off=off, before=before))
            if chance.random() < 1 / 10:
                day = chance.randrange(5)
                wishes += [Wish(who, d.key, 20, is_for=False) for d in duties[key] if d.day == day]
    covers = [cover for key in where for cover in covers_of(key, duties[key], size[key])]
    setting = Setting(
        7, tuple(d for mine in duties.values() for d in mine), tuple(workers), tuple(covers),
        tuple(wishes), rest_minutes=11 * 60, fair={"late": 1, "sat": 2},
    )  # fmt: skip
    return setting, clusters_near(near, 4)


def covers_of(key: str, duties: list[Duty], size: int) -> list[Cover]:
    found = []
    for day in sorted({duty.day for duty in duties}):
        for slot, count in enumerate(wanted(size, day)):
            begins = OPENS + slot * HALF
            there = tuple(d.key for d in duties if d.day == day and on_duty(d, begins))
            name = f"{key} {day} {begins}"
            found.append(Cover(name, there, count, UNDER, OVER))
            found.append(Cover(f"{name} first", there, 1, FIRST))
            found.append(Cover(f"{name} jkk", there, 1, UNDER, skill="jkk"))
    return found


def on_duty(duty: Duty, begins: int) -> bool:
    pause = KINDS[duty.key.rpartition("-")[2]][2]
    is_break = pause is not None and pause[0] < begins + HALF and begins < pause[1]
    return duty.begins <= begins and begins + HALF <= duty.ends and not is_break


def instances(folder: Path, names: list[str]) -> dict[str, Any]:
    """Solve published instances; returns how many results are wrong, and which are proven."""
    wrong, proven, result = 0, 0, {}
    for name in names:
        if not (folder / f"{name}.txt").exists():
            continue
        setting = read_instance((folder / f"{name}.txt").read_text())
        roster = solve(setting, seconds=INSTANCE_SECONDS[name])
        best, price = BEST_KNOWN[name], cost(setting, roster.assigned)
        is_proven = roster.gap < 1e-6
        wrong += bool(faults(setting, roster.assigned)) + (abs(roster.cost - price) > 0.5)
        wrong += roster.bound > best + 0.5 or price < best or (is_proven and price != best)
        proven += is_proven
        result |= {f"{name}_cost": price, f"{name}_seconds": roster.seconds}
    return {"wrong_results": wrong, "instances_proven": proven, **result}


def region(offices: int, officers: int, seconds: float, seed: int = 1) -> dict[str, Any]:
    setting, clusters = a_region(offices, officers, seed)
    told: list[tuple[float, float, float]] = []
    roster = solve_region(
        setting, clusters, seconds=seconds, gap=0.001, progress=lambda *news: told.append(news)
    )
    price = cost(setting, roster.assigned)
    wrong = bool(faults(setting, roster.assigned)) + (abs(price - roster.cost) > 0.5)
    wrong += roster.bound > price + 0.5
    home = {worker.key: worker.key.rpartition("-")[0] for worker in setting.workers}
    return {
        "wrong_results": wrong,
        "offices": offices,
        "officers": len(setting.workers),
        "gap": roster.gap,
        "seconds_to_first": roster.seconds_to_first,
        "seconds": roster.seconds,
        "cost": price,
        "cost_of_first": told[0][0],
        "bound": roster.bound,
        "bound_of": roster.bound_of,
        "loans": sum(home[who] != key.split("-")[0] for (who, _), key in roster.assigned.items()),
        "half_hours_short": sum(
            short.missing for short in roster.shorts if len(short.cover.split()) == 3
        ),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=120.0, help="for the region")
    parser.add_argument("--instances", type=Path, default=INSTANCES)
    parser.add_argument("--offices", type=int, help="only a region of so many, no instances")
    given = parser.parse_args()
    if given.offices:
        result = {"wrong_results": 0}
        weeks = region(given.offices, 10 * given.offices, given.seconds)
    elif given.quick:
        result = instances(given.instances, ["Instance1"])
        weeks = region(8, 70, 15.0)
    else:
        result = instances(given.instances, list(BEST_KNOWN))
        weeks = region(30, 300, given.seconds)
        grown = region(325, 3250, 5 * given.seconds)
        weeks["wrong_results"] += grown.pop("wrong_results")
        keys = ("officers", "gap", "seconds_to_first", "seconds")
        weeks |= {f"{key}_325": grown[key] for key in keys}
    wrong = result["wrong_results"] + weeks["wrong_results"]
    result = {
        "wrong_results": wrong,
        **{k: v for k, v in (weeks | result).items() if k != "wrong_results"},
    }
    result["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if given.json:
        say_result(result)
    else:
        print("\n".join(f"{key:24} {value}" for key, value in result.items()))


if __name__ == "__main__":
    main()

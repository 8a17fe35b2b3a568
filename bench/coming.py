"""Does it help to tell people when to come, and is nobody told what breaks what they accepted?

    python -m bench.coming [--quick] [--json]

First the published setting (one counter, everybody on time): how far the spacing of a window lies
above the exact optimum, what re-timing gains over the best plan, and what our simpler rule keeps
of that gain. Then whole days of made-up offices (bench/coming_days.py): the same people come at
the start of their windows, as planned before the day, or as they are told while it goes.
"""

from __future__ import annotations

import argparse
import statistics
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np

from bench.coming_days import (
    OFFICES,
    Day,
    Office,
    Outcome,
    a_day,
    as_it_goes,
    as_planned,
    told_first,
)
from bench.measure import say_result
from bench.promise import NOW, a_line
from giliran.core.promise import Expected, Line
from giliran.core.promise.coming import PATHS, come_at
from giliran.lab.office.adaptive import adaptive_cost, quantile_cost
from giliran.lab.office.offsets import offsets
from giliran.lab.office.spacing import Phases, best_gaps, cost

PUBLISHED = (
    (10, 0.2, 0.5, 1.76),
    (20, 0.2, 0.5, 3.74),
    (10, 0.5, 0.2, 2.12),
    (20, 0.5, 0.2, 4.50),
    (10, 0.5, 0.5, 2.77),
    (20, 0.5, 0.5, 5.91),
    (10, 0.5, 0.8, 1.89),
    (20, 0.5, 0.8, 4.08),
    (10, 0.8, 0.5, 3.50),
    (20, 0.8, 0.5, 7.47),
)
"""People, variation, weight of idling, cost: tables xi of the authors' data, two decimals
(github.com/Roshanmahes/Dyn-Sched-Data, for Mahes, Mandjes, Boon & Taylor, EJOR 312, 2024)."""
TOLERANCE = 0.011
SECONDS_OF_95_PERCENT = 1.96
COMPARED = ("room", "walk_in_room", "idle", "last_call", "kept", "kept_with_grace")


def in_theory() -> dict[str, Any]:
    """Compare with what is known exactly for one counter; costs in mean services."""
    off = [
        abs(adaptive_cost(people, Phases.fit(1.0, scv), idling_weight=weight) - published)
        for people, scv, weight, published in PUBLISHED
    ]
    gains, ratios = [], []
    for people in (10, 20):
        for weight in (0.2, 0.5, 0.8):
            for scv in (0.2, 0.5, 1.0):
                phases = Phases.fit(1.0, scv)
                best = adaptive_cost(people, phases, idling_weight=weight)
                gains.append(1 - best / best_fixed(people, phases, weight))
                ours = quantile_cost(people, phases, idling_weight=weight, come_before=1 - weight)
                ratios.append(ours / best)
    phases = Phases.fit(1.0, 1.0)
    return {
        "published_costs_missed": sum(one > TOLERANCE for one in off),
        "published_farthest": max(off),
        "adaptive_gain": 1 - adaptive_cost(10, phases) / best_fixed(10, phases, 0.5),
        "adaptive_gain_least": min(gains),
        "adaptive_gain_most": max(gains),
        "rule_ratio_most": max(ratios),
        "static_ratio": max(
            static_ratio(places, show_up) for places in (4, 8, 12) for show_up in (1.0, 0.9)
        ),
    }


def best_fixed(people: int, phases: Phases, weight: float) -> float:
    one = cost(best_gaps(people, phases, idling_weight=weight), phases)
    return weight * one.idling + (1 - weight) * one.waiting


def static_ratio(places: int, show_up: float) -> float:
    """Compare our five-minute plan of one window with the exact optimum on any minute."""
    phases = Phases.fit(12.0, 0.5, show_up=show_up)
    plan = offsets(
        places,
        window_minutes=240,
        counters=1,
        mean_minutes=12.0,
        scv=0.5,
        show_up=show_up,
        windows=1,
    )
    ours = cost(np.maximum(1e-9, np.diff(plan)), phases)
    return (ours.idling + ours.waiting) / 2 / best_fixed(places, phases, 0.5)


def in_office(office: Office, days: int, seed: int) -> dict[str, Any]:
    """Play the same days three times; differences with the half of their 95 % interval."""
    played: dict[str, list[Outcome]] = {"start": [], "planned": [], "told": []}
    for number in range(days):
        guests = a_day(office, np.random.default_rng([seed, number]))
        for name, is_planned, tell in (
            ("start", False, as_planned),
            ("planned", True, as_planned),
            ("told", True, as_it_goes),
        ):
            told = told_first(office, guests, is_planned=is_planned)
            played[name].append(Day(office, guests, told).play(tell))
    result: dict[str, Any] = {
        f"{name}_{field}": float(np.mean([getattr(one, field) for one in outcomes]))
        for name, outcomes in played.items()
        for field in COMPARED
    }
    for field in COMPARED:
        for before in ("start", "planned"):
            differences = [
                getattr(told, field) - getattr(other, field)
                for told, other in zip(played["told"], played[before], strict=True)
            ]
            half = SECONDS_OF_95_PERCENT * float(np.std(differences, ddof=1)) / days**0.5
            result[f"{field}_against_{before}"] = float(np.mean(differences))
            result[f"{field}_against_{before}_half"] = half
    result["told_again"] = float(np.mean([one.told_again for one in played["told"]]))
    result["wrong"] = sum(one.wrong for outcomes in played.values() for one in outcomes)
    return result


def ms_of_a_line(rounds: int) -> tuple[float, float]:
    """Return the quickest and the middle round: 100 wait, 100 are booked, 10 counters."""
    rng = np.random.default_rng(1)
    line = with_booked(a_line(rng, 100, counters=10), 100, rng)
    took = []
    for n in range(rounds):
        started = time.process_time()
        come_at(line, now=NOW, seed=n, paths=PATHS)
        took.append((time.process_time() - started) * 1000)
    return min(took), statistics.median(took)


def with_booked(line: Line, people: int, rng: np.random.Generator) -> Line:
    lateness = tuple(float(one) for one in np.linspace(-15, 5, 50))
    booked = []
    for n in range(people):
        begins = NOW + timedelta(minutes=30 * (n * 12 // people))
        ends = begins + timedelta(minutes=30)
        service = int(rng.integers(1, 5))
        booked.append(Expected(10_000 + n, False, begins, ends, service, 0.92, lateness))
    return replace(line, to_come=booked)


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--quick", action="store_true", help="half a minute at most")
    reader.add_argument("--json", action="store_true", help="only the JSON line")
    reader.add_argument("--days", type=int, help="of each office, instead of 60")
    reader.add_argument("--seed", type=int, default=2026)
    asked = reader.parse_args()
    days = asked.days or (2 if asked.quick else 60)
    offices = {office.name: in_office(office, days, asked.seed) for office in OFFICES}
    theory = in_theory()
    quickest, middle = ms_of_a_line(3 if asked.quick else 20)
    result: dict[str, Any] = {
        "wrong": sum(one["wrong"] for one in offices.values()) + theory["published_costs_missed"],
        **theory,
        "room_ratio": statistics.fmean(
            one["told_room"] / one["planned_room"] for one in offices.values()
        ),
        "kept_change_worst": min(one["kept_against_planned"] for one in offices.values()),
        "ms_per_line": quickest,
        "ms_per_line_median": middle,
        "days": days,
    }
    if not asked.json:
        for name, one in offices.items():
            print(name)
            for what, value in one.items():
                print(f"{what:>38}  {value:.3f}")
        for what, value in result.items():
            print(f"{what:>38}  {value}")
    say_result(result)
    raise SystemExit(1 if result["wrong"] else 0)


if __name__ == "__main__":
    main()

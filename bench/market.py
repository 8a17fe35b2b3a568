"""What scalpers earn and who waits longest, under first come and under the draw.

    python -m bench.market [--quick] [--json]

Two parts. Without scalpers, at equal capacity and with a ten-day backlog: the days until served.
With scalpers, for shares of false identities of 0, 0.1, 0.3 and 0.6 and a door that finds none,
half and all of the wrong people: their income against what they would earn under first come, and
the places that nobody used. A draw that the core's audit objects to, a Rupiah earned in a draw
while the door checks everybody, and a person or place that is not accounted for are wrong results.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from itertools import product
from statistics import fmean
from typing import Any

from bench.measure import say_result
from giliran.lab.market import MECHANISMS, Figures, Setting, play

FALSE_IDENTITIES = (0.0, 0.1, 0.3, 0.6)
DOOR_CHECKS = (0.0, 0.5, 1.0)
Grid = dict[tuple[str, float, float], list[Figures]]


def equal_capacity(days: int) -> Setting:
    """The setting of the figures that the draw was chosen by: as many people as places."""
    return Setting(
        days=days,
        arrivals=Setting.places,
        narrow=0,
        no_show=0,
        declines=0,
        scalpers=0,
        bots=0,
    )


def played(setting: Setting, mechanism: str, seeds: Sequence[int]) -> list[Figures]:
    return [play(setting, mechanism, seed=seed) for seed in seeds]


def unaccounted(one: Figures) -> bool:
    return (
        one.served + one.waiting + one.left != one.arrived
        or one.used + one.wasted + one.idle != one.seats
    )


def income(runs: list[Figures]) -> float:
    return fmean(one.income for one in runs)


def ratios(grid: Grid, mechanism: str, check: float) -> list[float]:
    """Income in a draw over that under first come, for each share of false identities."""
    return [
        income(grid[mechanism, false, check]) / income(grid["first_come", false, check])
        for false in FALSE_IDENTITIES
    ]


def measure(*, quick: bool) -> dict[str, Any]:
    started = time.perf_counter()
    seeds = range(1 if quick else 2)
    days = 60 if quick else 120
    calm = {name: played(equal_capacity(240 if quick else 480), name, seeds) for name in MECHANISMS}
    grid: Grid = {
        (name, false, check): played(
            Setting(days=days, false_identities=false, door_check=check), name, seeds
        )
        for name, false, check in product(MECHANISMS, FALSE_IDENTITIES, DOOR_CHECKS)
    }
    flood = played(
        Setting(days=days, false_identities=max(FALSE_IDENTITIES), names_per_phone=0),
        "credit_first",
        seeds,
    )
    seen_first = played(
        Setting(days=days, false_identities=max(FALSE_IDENTITIES), seen_first=True),
        "credit_first",
        seeds,
    )
    runs = [one for some in (*calm.values(), *grid.values(), flood, seen_first) for one in some]
    paid_at_a_checked_door = sum(
        one.income > 0
        for (name, _, check), some in grid.items()
        if check == 1 and name != "first_come"
        for one in some
    ) + sum(one.income > 0 for one in (*flood, *seen_first))
    wrong = sum(one.violations + unaccounted(one) for one in runs) + paid_at_a_checked_door
    checked = [
        ratio for name in MECHANISMS if name != "first_come" for ratio in ratios(grid, name, 1)
    ]
    result: dict[str, Any] = {
        "wrong_results": wrong,
        "towns_played": len(runs),
        "scalper_income_ratio": fmean(ratios(grid, "credit_first", 1)),
        "scalper_income_ratio_worst": max(checked),
        "scalper_income_ratio_half_checked": fmean(ratios(grid, "credit_first", 0.5)),
        "scalper_income_ratio_unchecked": fmean(ratios(grid, "credit_first", 0)),
        "first_come_income_a_day": fmean(
            income(grid["first_come", false, 1]) / days for false in FALSE_IDENTITIES
        ),
    }
    for name, some in calm.items():
        for figure in ("slowest_decile_mean_days", "p99_days", "longest_days"):
            result[f"{figure}_{name}"] = fmean(getattr(one, figure) for one in some)
    for name in MECHANISMS:
        for false in FALSE_IDENTITIES:
            some = grid[name, false, 1]
            result[f"wasted_share_{name}_{false:g}"] = fmean(one.wasted_share for one in some)
    result["wasted_share_credit_first_no_limit"] = fmean(one.wasted_share for one in flood)
    result["wasted_share_credit_first_seen_first"] = fmean(one.wasted_share for one in seen_first)
    result["seconds"] = time.perf_counter() - started
    result["ok"] = wrong == 0 and max(checked) == 0
    return result


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--quick", action="store_true", help="fewer days, one town of each kind")
    reader.add_argument("--json", action="store_true", help="only the JSON line")
    asked = reader.parse_args()
    result = measure(quick=asked.quick)
    if not asked.json:
        print(f"{result['wrong_results']} wrong results in {result['towns_played']} towns")
        for name in MECHANISMS:
            print(
                f"{name}: 99 in 100 within {result[f'p99_days_{name}']:.0f} days, "
                f"longest {result[f'longest_days_{name}']:.0f}"
            )
        print(
            f"scalpers earn {result['scalper_income_ratio_worst']:.0%} of first come's when the "
            f"door checks, {result['scalper_income_ratio_half_checked']:.0%} when it checks half, "
            f"{result['scalper_income_ratio_unchecked']:.0%} when it doesn't"
        )
    say_result(result)
    raise SystemExit(0 if result["ok"] else 1)


if __name__ == "__main__":
    main()

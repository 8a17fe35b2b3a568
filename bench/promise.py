"""Do promised windows hold, how narrow are they, and how long does a line take?

    python -m bench.promise [--quick] [--json] [--data warsaw_office_queues.csv.xz]

Simulated: an office learns on ordinary days, then come days that differ in ways that the forecast
is not told (bench/promise_days.py). Each person who has to wait is promised a window when they
come. Real: Warsaw's city offices (bench/promise_warsaw.py), the last days held back.

Peers predict by the queue's length, by what the last one called had waited, and by what the head
of the line has waited. Each is calibrated by the same method to the same coverage, with errors
measured in minutes, in shares of the prediction, or in its square root: the narrowest counts.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bench import promise_warsaw as warsaw
from bench.promise_days import (
    MINUTE,
    OPENS,
    ORDINARY,
    SHIFTS,
    Call,
    Learned,
    Moment,
    Office,
    a_day,
    clock,
)
from giliran.core.calling import POLICIES, Waiting, order
from giliran.core.promise import (
    Calibration,
    Cell,
    Counter,
    Factor,
    Forecast,
    Line,
    Running,
    ServiceTimes,
    Stream,
    told,
    windows,
)
from giliran.core.promise.simulation import call_times
from giliran.core.promise.windows import PATHS

LEARNING_DAYS, WARM_UP_DAYS = 20, 15
FEWEST_IN_CELL = 150
"""A cell with fewer people can't show two points of coverage; half of that in a quick run."""
OURS = "simulation"
PEERS = ("queue_length", "people_ahead", "last_served", "head_of_line")
SLICE = Path(__file__).parent.parent / "tests" / "data" / "warsaw_slice.csv.xz"
SCALES = ("minutes", "share", "root")


class Kept(NamedTuple):
    cell: Cell
    holds: bool
    width: float
    shown_holds: bool
    shown_width: float
    stretch: float
    """By what factor the window, drawn out from its middle, would just have held."""


class Scores:
    """One calibration for each predictor, and what became of its windows."""

    def __init__(self) -> None:
        self.calibrations: dict[str, Calibration] = defaultdict(Calibration)
        self.kept: dict[str, list[Kept]] = defaultdict(list)
        self.raw: list[bool] = []

    def promise(self, cell: Cell, forecasts: dict[str, Forecast]) -> dict[str, Any]:
        return {
            name: (cell, raw, self.calibrations[name].window(cell, raw))
            for name, raw in forecasts.items()
        }

    def settle(self, promises: dict[str, Any], made: Any, actual: float, *, counts: bool) -> None:
        for name, (cell, raw, window) in promises.items():
            self.calibrations[name].observe(cell, raw, actual, given=window)
            if not counts:
                continue
            first, last = told(made, *window)
            at = made + timedelta(minutes=actual)
            self.kept[name].append(
                Kept(
                    cell,
                    window.begins <= actual <= window.ends,
                    window.ends - window.begins,
                    first <= at <= last,
                    (last - first) / MINUTE,
                    max(
                        (actual - raw.middle) / max(0.01, window.ends - raw.middle),
                        (raw.middle - actual) / max(0.01, raw.middle - window.begins),
                    ),
                )
            )
            if name == OURS:
                self.raw.append(raw.low <= actual <= raw.high)

    def result(self, fewest_in_cell: int) -> dict[str, Any]:
        ours = self.kept[OURS]
        cells: dict[tuple[int, str], list[bool]] = defaultdict(list)
        for one in ours:
            cells[one.cell.hour, one.cell.group].append(one.holds)
        shares = sorted(
            statistics.fmean(holds) for holds in cells.values() if len(holds) >= fewest_in_cell
        )
        coverage = statistics.fmean(one.holds for one in ours)
        width = statistics.fmean(one.width for one in ours)
        peers = {
            peer: min((width_at(coverage, self.kept[f"{peer}_{scale}"]), scale) for scale in SCALES)
            for peer in PEERS
        }
        peer_coverages = {
            peer: statistics.fmean(one.holds for one in self.kept[f"{peer}_{scale}"])
            for peer, (_, scale) in peers.items()
        }
        return {
            "people": len(ours),
            "coverage": coverage,
            "worst_cell_coverage": shares[0] if shares else math.nan,
            "best_cell_coverage": shares[-1] if shares else math.nan,
            "cells": len(shares),
            "cells_outside_88_to_92": sum(not 0.88 <= one <= 0.92 for one in shares),
            "width_minutes": width,
            "width_ratio": width / min(one for one, _ in peers.values()),
            **{f"{peer}_width": one for peer, (one, _) in peers.items()},
            **{f"{peer}_coverage": one for peer, one in peer_coverages.items()},
            "raw_coverage": statistics.fmean(self.raw),
            "shown_coverage": statistics.fmean(one.shown_holds for one in ours),
            "shown_width_minutes": statistics.fmean(one.shown_width for one in ours),
        }


def width_at(coverage: float, kept: list[Kept]) -> float:
    """Return how wide the windows would have been if stretched, in hindsight, to this coverage."""
    stretch = float(np.quantile([one.stretch for one in kept], coverage))
    return stretch * statistics.fmean(one.width for one in kept)


def by_scale(peer: str, predicted: float) -> Iterator[tuple[str, Forecast]]:
    """Give a peer's prediction with each measure of its error; calibration finds the factor."""
    for scale, half in zip(
        SCALES, (10.0, predicted, 3 * math.sqrt(max(0.0, predicted))), strict=True
    ):
        yield (
            f"{peer}_{scale}",
            Forecast(max(0.0, predicted - half), predicted, predicted + half),
        )


def simulated(
    *, people: int, warm_up_days: int, paths: int, seed: int, fewest_in_cell: int
) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    learned = Learned()
    for _ in range(LEARNING_DAYS):
        learned.add(*a_day(rng, ORDINARY))
    scores = Scores()
    never = day = 0
    shares: dict[str, list[bool]] = defaultdict(list)
    for _ in range(warm_up_days):
        never += a_promised_day(Office(rng, ORDINARY, learned), scores, paths, day, counts=False)
        day += 1
    for number, shift in enumerate(SHIFTS):
        before = len(scores.kept[OURS])
        while len(scores.kept[OURS]) <= max(before, people * (number + 1) / len(SHIFTS)):
            never += a_promised_day(Office(rng, shift, learned), scores, paths, day, counts=True)
            day += 1
        shares[shift.name] = [one.holds for one in scores.kept[OURS][before:]]
        so_far = rounded(scores.result(fewest_in_cell))
        print(f"{shift.name}: {json.dumps(so_far)}", file=sys.stderr, flush=True)
    return {
        **scores.result(fewest_in_cell),
        "never_called": never,
        "by_shift": {name: round(statistics.fmean(held), 3) for name, held in shares.items()},
    }


def a_promised_day(office: Office, scores: Scores, paths: int, seed: int, *, counts: bool) -> int:
    """Promise everybody who has to wait a window; return how many were never called."""
    open_promises: dict[int, Any] = {}
    for event in office.events():
        if isinstance(event, Call):
            if event.turn_id in open_promises:
                promises, made = open_promises.pop(event.turn_id)
                scores.settle(promises, made, (event.now - made) / MINUTE, counts=counts)
        elif len(event.line.waiting) > 1 and event.now >= clock(OPENS):
            forecasts = predictions(event, paths, seed * 1000 + event.person.turn_id)
            if forecasts[OURS].middle == math.inf:
                continue
            group = event.person.calling_class.value
            promises = scores.promise(Cell("office", event.now.hour, group), forecasts)
            open_promises[event.person.turn_id] = promises, event.now
    return len(open_promises)


def predictions(event: Moment, paths: int, seed: int) -> dict[str, Forecast]:
    line, person, now = event.line, event.person, event.now
    ours = windows(line, now=now, seed=seed, paths=paths, only={person.turn_id}).people[
        person.turn_id
    ]
    until_due = 0.0 if person.window_from is None else (person.window_from - now) / MINUTE
    by_rule = order(
        line.waiting, now=now, policy=line.policy, counter_id=0, service_ids=frozenset(line.times)
    )
    at_work = sum(
        any(begins <= now < ends for begins, ends in one.on_duty) for one in line.counters
    )
    each = event.mean_minutes / max(1, at_work)
    same_class = [
        (now - one.arrived_at) / MINUTE
        for one in line.waiting
        if one.is_priority == person.is_priority and one.turn_id != person.turn_id
    ]
    guesses = {
        "queue_length": len(by_rule) * each,
        "people_ahead": (by_rule.index(person.turn_id) + 1) * each,
        "last_served": event.waited_by_class.get(person.is_priority, 0.0),
        "head_of_line": max(same_class, default=0.0),
    }
    # Nobody tells a person with an appointment an earlier time than that.
    return with_peers(ours, {peer: max(one, until_due) for peer, one in guesses.items()})


def with_peers(ours: Forecast, guesses: dict[str, float]) -> dict[str, Forecast]:
    found = {OURS: ours}
    for peer, minutes in guesses.items():
        found.update(by_scale(peer, minutes))
    return found


def real(path: Path, *, share: float, paths: int, seed: int, fewest_in_cell: int) -> dict[str, Any]:
    """Promise on Warsaw's days; with at least a week of them, only the last three count."""
    rng = np.random.default_rng(seed)
    learned, scores = warsaw.Learned(), Scores()
    days = list(warsaw.days_of(path, seed))
    learning = warsaw.LEARNING_DAYS if len(days) > warsaw.LEARNING_DAYS else 0
    counted_from = max(0, len(days) - warsaw.HELD_BACK_DAYS)
    for number, (_, queues) in enumerate(days):
        if number < learning:
            for queue in queues:
                learned.add(queue)
            continue
        people = list(warsaw.tickets(queues, learned, share=share, paths=paths, rng=rng))
        moments = sorted(
            [(one.made, 0, n) for n, one in enumerate(people)]
            + [(one.called, 1, n) for n, one in enumerate(people)]
        )
        promised: dict[int, Any] = {}
        for at, is_called, n in moments:
            person = people[n]
            if is_called:
                actual = (at - person.made) / MINUTE
                scores.settle(promised.pop(n), person.made, actual, counts=number >= counted_from)
            else:
                cell = Cell(person.office, at.hour, "standard")
                promised[n] = scores.promise(cell, with_peers(person.ours, person.guesses))
    return scores.result(fewest_in_cell)


def wrong_results(lines: int, seed: int) -> dict[str, int]:
    """Count what may never be: another order than the rule's, a window that is none, chance."""
    rng = np.random.default_rng(seed)
    wrong = {"not the rule's order": 0, "not a window": 0, "not repeatable": 0}
    for n in range(lines):
        policy = sorted(POLICIES)[n % len(POLICIES)]
        line = a_line(rng, int(rng.integers(1, 60)), counters=1, policy=policy)
        fixed = {one: ServiceTimes.fixed(0) for one in line.times}
        still = Line(line.waiting, [line.counters[0]._replace(running=None)], line.policy, fixed)
        # With services of no length all are called now: only the order of calls tells them apart.
        step = {one: ServiceTimes.fixed(1 / 60) for one in line.times}
        calls = call_times(
            Line(still.waiting, still.counters, still.policy, step), now=NOW, paths=1, seed=0
        ).waiting[:, 0]
        left, at = list(still.waiting), NOW
        for row in np.argsort(calls):
            first = order(
                left, now=at, policy=still.policy, counter_id=0, service_ids=frozenset(step)
            )[0]
            wrong["not the rule's order"] += still.waiting[int(row)].turn_id != first
            left = [one for one in left if one.turn_id != first]
            at += timedelta(seconds=1)
        once, again = (windows(line, now=NOW, seed=n, paths=20).people for _ in range(2))
        wrong["not repeatable"] += once != again
        for raw in once.values():
            if raw.middle == math.inf:
                continue
            window = Calibration().window(Cell("office", 9, "standard"), raw)
            first_shown, last_shown = told(NOW, *window)
            wrong["not a window"] += not (
                0 <= window.begins <= window.ends
                and first_shown < last_shown
                and raw.low <= raw.middle <= raw.high
            )
    return wrong


NOW = clock(9 * 60)


def a_line(
    rng: np.random.Generator, people: int, *, counters: int, policy: str = "accumulating"
) -> Line:
    """Make a mixed line: four services, a fifth priority, four in ten with an appointment."""
    waiting = []
    for turn_id in range(people):
        came = NOW - timedelta(seconds=int(rng.integers(0, 7200)))
        starts = NOW - timedelta(minutes=30 * int(rng.integers(-1, 3)))
        booked = rng.random() < 0.4
        waiting.append(
            Waiting(
                turn_id,
                bool(rng.random() < 0.2),
                starts if booked else None,
                starts + timedelta(minutes=30) if booked else None,
                came,
                None,
                int(rng.integers(1, 5)),
                None,
            )
        )
    hours = ((NOW, clock(12 * 60)), (clock(13 * 60), clock(20 * 60)))
    everything = frozenset(range(1, 5))
    return Line(
        waiting,
        [
            Counter(n, everything, hours, Running(1, NOW - timedelta(minutes=n)))
            for n in range(counters)
        ],
        POLICIES[policy],
        {n: ServiceTimes.gamma(6 + 2 * n, 0.5) for n in range(1, 5)},
        streams=[
            Stream(is_priority, n, 0.15 * (0.2 if is_priority else 0.8), NOW, clock(15 * 60))
            for n in range(1, 5)
            for is_priority in (True, False)
        ],
        pace=Factor(1.0, 0.1),
    )


def ms_of_a_full_line(rounds: int, paths: int) -> tuple[float, float]:
    """Return the quickest and the middle round: windows for 200 people and 10 counters."""
    line = a_line(np.random.default_rng(1), 200, counters=10)
    calibration = Calibration()
    cells = [Cell("office", 9, one.calling_class.value) for one in line.waiting]
    for cell in cells:
        calibration.observe(cell, Forecast(10, 20, 30), 20)
    took = []
    for n in range(rounds):
        started = time.process_time()
        found = windows(line, now=NOW, seed=n, paths=paths).people
        for cell, raw in zip(cells, found.values(), strict=True):
            told(NOW, *calibration.window(cell, raw))
        took.append((time.process_time() - started) * 1000)
    return min(took), statistics.median(took)


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--quick", action="store_true", help="half a minute at most")
    reader.add_argument("--json", action="store_true", help="only the JSON line")
    reader.add_argument("--people", type=int, help="whom to promise, instead of 10,000")
    reader.add_argument("--paths", type=int, default=PATHS)
    reader.add_argument("--seed", type=int, default=2026)
    reader.add_argument("--data", type=Path, default=SLICE, help="snapshots of Warsaw's offices")
    reader.add_argument("--share", type=float, default=0.25, help="of Warsaw's people promised")
    asked = reader.parse_args()
    fewest = FEWEST_IN_CELL // 2 if asked.quick else FEWEST_IN_CELL
    wrong = wrong_results(20 if asked.quick else 200, asked.seed)
    quickest, middle = ms_of_a_full_line(5 if asked.quick else 20, asked.paths)
    result: dict[str, Any] = {
        **simulated(
            people=asked.people or (300 if asked.quick else 10_000),
            warm_up_days=WARM_UP_DAYS // 5 if asked.quick else WARM_UP_DAYS,
            paths=asked.paths,
            seed=asked.seed,
            fewest_in_cell=fewest,
        ),
        **{
            f"warsaw_{what}": value
            for what, value in real(
                asked.data,
                share=asked.share,
                paths=asked.paths // 2,
                seed=asked.seed,
                fewest_in_cell=fewest,
            ).items()
        },
        "ms_per_line": quickest,
        "ms_per_line_median": middle,
        "wrong_results": sum(wrong.values()),
    }
    if not asked.json:
        for what, times in {**wrong, **result}.items():
            print(f"{what:>28}  {times}")
    print(json.dumps(rounded(result)))
    raise SystemExit(1 if result["wrong_results"] else 0)


def rounded(result: dict[str, Any]) -> dict[str, Any]:
    return {
        # JSON knows no nan: where too few people were in any cell there is no value.
        key: None
        if isinstance(value, float) and math.isnan(value)
        else round(value, 3)
        if isinstance(value, float)
        else value
        for key, value in result.items()
    }


if __name__ == "__main__":
    main()

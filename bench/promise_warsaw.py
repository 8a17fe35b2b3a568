"""Real queues: what people of Warsaw's city offices would have been promised, and what came.

A ticket's arrival and call are known to the snapshot, about five minutes; within it they are
placed at random (seeded). Forecast and peers know what the snapshot before the arrival says: how
many tickets are ahead, the open counters, the calls so far today. Who can't be told apart:
counters shared by services, those who left, priority. Only people with somebody ahead count.
"""

from __future__ import annotations

import csv
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bench.promise_days import MIDNIGHT
from giliran.core.calling import POLICIES, Waiting
from giliran.core.promise import Counter, Factor, Forecast, Line, Newcomer, Running, ServiceTimes
from giliran.core.promise import windows as windows_of
from giliran.lab.warsaw import Service, _rows, services_of, tickets_called, tickets_issued

LEARNING_DAYS, HELD_BACK_DAYS = 3, 3
SCV = 1.0
"""Calls from counters that also serve others, pause and close vary more than services do."""
PACE_SPREAD = 0.3
PACE_MINUTES = 90
"""Today's pace is that of so many last minutes."""
PRIOR_MINUTES, PRIOR_CALLS = 10.0, 10
NO_END = timedelta(hours=24)


class Queue(NamedTuple):
    """One service on one day; minutes of the day, tickets counted from 0."""

    office: str
    name: str
    at: list[float]
    counters: list[int]
    waiting: list[int]
    called: list[int]
    issued: list[int]
    arrivals: np.ndarray
    calls: np.ndarray


class Asked(NamedTuple):
    """Somebody who came, and what could be known then."""

    number: int
    arrived: float
    called: float
    seen: int
    """The last snapshot before."""
    ahead: int
    counters: int


class Learned:
    """Minutes that a counter takes for each call, by service, and waits for each one ahead."""

    def __init__(self) -> None:
        self.minutes: dict[tuple[str, str], float] = defaultdict(float)
        self.calls: dict[tuple[str, str], int] = defaultdict(int)
        self.waits: dict[tuple[str, str], float] = defaultdict(float)
        self.shares: dict[tuple[str, str], float] = defaultdict(float)

    def add(self, queue: Queue) -> None:
        key = queue.office, queue.name
        for n in range(len(queue.at) - 1):
            worked, calls = busy(queue, n)
            self.minutes[key] += worked
            self.calls[key] += calls
        for one in asked(queue):
            self.waits[key] += one.called - one.arrived
            self.shares[key] += (one.ahead + 1) / one.counters

    def while_busy(self, queue: Queue) -> float:
        key = queue.office, queue.name
        return (self.minutes[key] + PRIOR_CALLS * PRIOR_MINUTES) / (self.calls[key] + PRIOR_CALLS)

    def mean(self, queue: Queue) -> float:
        """Return minutes for each one ahead and counter: more counters open for long queues, and
        people leave, so it is less than a counter takes while people wait."""
        key = queue.office, queue.name
        of_all = sum(self.waits.values()) / max(1.0, sum(self.shares.values())) or PRIOR_MINUTES
        return (self.waits[key] + PRIOR_CALLS * of_all) / (self.shares[key] + PRIOR_CALLS)


def asked(queue: Queue) -> Iterator[Asked]:
    """Yield who came while others waited and was called that day."""
    for number, arrived in enumerate(queue.arrivals[: len(queue.calls)]):
        n = int(np.searchsorted(queue.at, arrived, side="left")) - 1
        if n < 0 or queue.calls[number] < arrived:
            continue
        # Not the tickets between: some of those have left.
        ahead = queue.waiting[n] + number - queue.issued[n]
        # No counter open is a break, or a fault of the record: it was open or will be.
        counters = queue.counters[n] or max(1, round(np.mean(queue.counters[: n + 1])))
        if ahead >= 1:
            yield Asked(number, float(arrived), float(queue.calls[number]), n, ahead, counters)


class Ticket(NamedTuple):
    made: datetime
    called: datetime
    office: str
    ours: Forecast
    guesses: dict[str, float]


def busy(queue: Queue, n: int) -> tuple[float, int]:
    """Return the counter-minutes and the calls from snapshot n to the next, if people waited."""
    if not min(queue.waiting[n : n + 2]) or not min(queue.counters[n : n + 2]):
        return 0.0, 0
    minutes = queue.at[n + 1] - queue.at[n]
    return minutes * sum(queue.counters[n : n + 2]) / 2, queue.called[n + 1] - queue.called[n]


def days_of(path: Path, seed: int) -> Iterator[tuple[str, list[Queue]]]:
    """Yield each day of the file with its queues, in order."""
    rng = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as folder:
        # One file for each office and day, as the whole is too long to read 180 times.
        files: dict[tuple[str, str], Any] = {}
        for row in _rows(path):
            key = row["day"], row["office"]
            if key not in files:
                file = (Path(folder) / f"{len(files)}.csv").open("w+", encoding="utf-8")
                files[key] = file, csv.DictWriter(file, list(row))
                files[key][1].writeheader()
            files[key][1].writerow(row)
        for day in sorted({day for day, _ in files}):
            queues = []
            for (its_day, office), (file, _) in sorted(files.items()):
                if its_day != day:
                    continue
                file.close()
                services = services_of(Path(file.name), office, date.fromisoformat(day))
                queues += [queue_of(office, service, rng) for service in services]
            yield day, queues


def queue_of(office: str, service: Service, rng: np.random.Generator) -> Queue:
    at = [seen.at / 60 for seen in service.seen]
    called, issued = tickets_called(service), tickets_issued(service)

    def spread(counts: list[int], first_from: float) -> np.ndarray:
        moments = []
        before, since = 0, first_from
        for so_far, until in zip(counts, at, strict=True):
            moments += sorted(rng.uniform(since, until, so_far - before))
            before, since = so_far, until
        return np.array(moments)

    return Queue(
        office,
        service.name,
        at,
        [seen.counters for seen in service.seen],
        [seen.waiting for seen in service.seen],
        called,
        issued,
        spread(issued, at[0] - 30),
        spread(called, at[0] - 5),
    )


def tickets(
    queues: list[Queue], learned: Learned, *, share: float, paths: int, rng: np.random.Generator
) -> Iterator[Ticket]:
    """Yield a share of the people of one day, each with what would have been forecast."""
    for queue in queues:
        for one in asked(queue):
            if rng.random() < share:
                made = MIDNIGHT + timedelta(minutes=one.arrived)
                called = MIDNIGHT + timedelta(minutes=one.called)
                yield Ticket(made, called, queue.office, *predictions(queue, learned, one, paths))


def predictions(
    queue: Queue, learned: Learned, one: Asked, paths: int
) -> tuple[Forecast, dict[str, float]]:
    """Return our forecast and the peers' guesses; without anybody served, the queue's length."""
    n, ahead, counters = one.seen, one.ahead, one.counters
    seen = MIDNIGHT + timedelta(minutes=queue.at[n])
    since = one.arrived - queue.at[n]
    mean = learned.mean(queue)
    recent = [k for k in range(n) if queue.at[k] >= queue.at[n] - PACE_MINUTES]
    worked = sum(busy(queue, k)[0] for k in recent)
    calls = sum(busy(queue, k)[1] for k in recent)
    pace = Factor(1.0, PACE_SPREAD).after(
        seen=worked,
        expected=calls * learned.while_busy(queue),
        count=calls,
        scv=SCV,
    )
    just_called = n > 0 and queue.called[n] > queue.called[n - 1]
    began = seen - timedelta(minutes=2.5 if just_called else mean / 2)
    line = Line(
        [
            Waiting(k, False, None, None, seen - (ahead - k) * timedelta(seconds=1), None, 1, None)
            for k in range(ahead)
        ],
        [
            Counter(k, frozenset({1}), ((seen, seen + NO_END),), Running(1, began))
            for k in range(counters)
        ],
        POLICIES["first_come"],
        {1: ServiceTimes.gamma(mean, SCV)},
        pace=pace,
    )
    raw = windows_of(
        line, now=seen, seed=one.number, paths=paths, newcomers=[Newcomer(False, 1)], only=()
    ).newcomers[0]
    last = queue.called[n] - 1
    head = queue.called[n]
    by_length = (ahead + 1) * mean / counters
    guesses = {
        "queue_length": by_length,
        "people_ahead": by_length * pace.mean,
        "last_served": float(max(0.0, queue.calls[last] - queue.arrivals[last]))
        if last >= 0
        else by_length,
        "head_of_line": max(0.0, queue.at[n] - float(queue.arrivals[head])),
    }
    return Forecast(*(max(0.0, one - since) for one in raw[:3])), guesses

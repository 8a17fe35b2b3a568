"""Days of a made-up office, played with the counters' own rule, to hold promises against.

What the forecast knows was learned on earlier, ordinary days: lengths of services, lateness,
odds of coming, walk-ins by time of day. The shifted days differ in ways that it is not told.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

import numpy as np

from giliran.core.calling import POLICIES, Waiting, next_turn
from giliran.core.promise import Counter, Expected, Factor, Line, Running, ServiceTimes, Stream

WIB = timezone(timedelta(hours=7))
MIDNIGHT = datetime(2026, 11, 23, tzinfo=WIB)
POLICY = POLICIES["accumulating"]
OPENS, LAST_WALK_IN, CLOSES = 8 * 60, 15 * 60, 17 * 60
SERVICE_MINUTES = {1: 12.0, 2: 18.0, 3: 8.0, 4: 6.0}
SERVICE_SHARES = (0.55, 0.1, 0.2, 0.15)
SCV = 0.5
FACTOR_SPREAD = 0.15
"""How far a day's pace and crowd may be from what was learned, before the day has told."""
COUNTERS = 6
ONLY_SHORT = frozenset({3, 4})
"""The last counter serves these alone."""
BREAKS = ((12 * 60, 12 * 60 + 30), (12 * 60 + 30, 13 * 60))
PRIORITY = 0.2
SHOW_UP = 0.85
BOOKED_PER_WINDOW = 4
BEFORE_OPENING = 30
PIECES = ((OPENS, 570, 0.33), (570, 720, 0.27), (720, 810, 0.14), (810, LAST_WALK_IN, 0.18))
"""From, till (minutes of the day), walk-ins a minute."""
MISSING_FROM = (8.5 * 60, 11 * 60)


class Shift(NamedTuple):
    name: str
    service: float = 1.0
    load: float = 1.0
    missing: int = 0


ORDINARY = Shift("ordinary")
SHIFTS = (
    Shift("services 15 % longer", service=1.15),
    Shift("services 15 % shorter", service=0.85),
    Shift("load 30 % higher", load=1.3),
    Shift("a counter missing", missing=1),
    Shift("all of these", service=1.15, load=1.3, missing=1),
)


class Guest(NamedTuple):
    waiting: Waiting
    minutes: float


@dataclass
class Learned:
    lengths: dict[int, list[float]] = field(default_factory=dict)
    lateness: list[float] = field(default_factory=list)
    booked: int = 0
    came: int = 0
    walk_ins: dict[tuple[int, int, bool], int] = field(default_factory=dict)
    days: int = 0

    def add(self, guests: list[Guest], booked: list[Expected]) -> None:
        self.days += 1
        self.booked += len(booked)
        for guest in guests:
            person = guest.waiting
            self.lengths.setdefault(person.service_id, []).append(guest.minutes)
            if person.window_from is not None:
                self.came += 1
                self.lateness.append((person.arrived_at - person.window_from) / MINUTE)
                continue
            at = max(OPENS, (person.arrived_at - MIDNIGHT) / MINUTE)
            piece = next(n for n, (_, ends, _) in enumerate(PIECES) if at < ends)
            if (person.arrived_at - MIDNIGHT) / MINUTE >= OPENS:
                key = piece, person.service_id, person.is_priority
                self.walk_ins[key] = self.walk_ins.get(key, 0) + 1

    def times(self) -> dict[int, ServiceTimes]:
        return {one: ServiceTimes.of_sample(lengths) for one, lengths in self.lengths.items()}

    def streams(self) -> list[Stream]:
        return [
            Stream(
                is_priority,
                service,
                count / self.days / (PIECES[piece][1] - PIECES[piece][0]),
                clock(PIECES[piece][0]),
                clock(PIECES[piece][1]),
            )
            for (piece, service, is_priority), count in sorted(self.walk_ins.items())
        ]


class Moment(NamedTuple):
    """Somebody has come; `line` includes them."""

    now: datetime
    line: Line
    person: Waiting
    waited_by_class: dict[bool, float]
    """Minutes that the one called last of this class (priority or not) had waited."""
    mean_minutes: float
    """Of all services learned."""


class Call(NamedTuple):
    now: datetime
    turn_id: int


MINUTE = timedelta(minutes=1)


def clock(minutes: float) -> datetime:
    return MIDNIGHT + timedelta(seconds=round(60 * minutes))


def a_day(rng: np.random.Generator, shift: Shift) -> tuple[list[Guest], list[Expected]]:
    """Return who comes, in order of arrival, and who has booked."""
    services = list(SERVICE_MINUTES)
    windows = [
        start
        for start in range(OPENS, LAST_WALK_IN, 30)
        if start not in {begins for begins, _ in BREAKS}
        for _ in range(BOOKED_PER_WINDOW)
    ]
    walk_ins = list(rng.uniform(6 * 60, OPENS, rng.poisson(BEFORE_OPENING * shift.load)))
    for begins, ends, per_minute in PIECES:
        count = rng.poisson(per_minute * (ends - begins) * shift.load)
        walk_ins += list(rng.uniform(begins, ends, count))
    people: list[tuple[float, float | None]] = [(at, None) for at in walk_ins]
    people += [(start + rng.normal(-6, 9), start) for start in windows]
    comes = rng.random(len(people)) < np.where([one[1] is None for one in people], 1, SHOW_UP)
    guests, booked = [], []
    for turn_id, (at, window) in enumerate(people):
        service = int(rng.choice(services, p=SERVICE_SHARES))
        mean = SERVICE_MINUTES[service] * shift.service
        minutes = max(0.5, float(rng.gamma(1 / SCV, mean * SCV)))
        is_priority = bool(rng.random() < PRIORITY)
        starts = None if window is None else clock(window)
        ends = None if window is None else clock(window + 30)
        waiting = Waiting(turn_id, is_priority, starts, ends, clock(at), None, service, None)
        if comes[turn_id]:
            guests.append(Guest(waiting, minutes))
        if starts is not None and ends is not None:
            booked.append(Expected(turn_id, is_priority, starts, ends, service))
    return sorted(guests, key=lambda one: one.waiting.arrived_at), booked


class Office:
    """Plays one day; `events` yields each arrival and each call as it happens."""

    def __init__(self, rng: np.random.Generator, shift: Shift, learned: Learned) -> None:
        self.guests, booked = a_day(rng, shift)
        self.missing_from = clock(rng.uniform(*MISSING_FROM)) if shift.missing else None
        self.missing = int(rng.integers(0, COUNTERS - 1))
        self.times, self.streams = learned.times(), learned.streams()
        self.mean = float(np.mean(np.concatenate([one.minutes for one in self.times.values()])))
        self.lateness = tuple(learned.lateness[-200:])
        show_up = learned.came / learned.booked
        self.to_come = {
            one.turn_id: one._replace(show_up=show_up, lateness=self.lateness) for one in booked
        }
        self.minutes = {one.waiting.turn_id: one.minutes for one in self.guests}
        self.people = {one.waiting.turn_id: one.waiting for one in self.guests}
        self.here: list[Waiting] = []
        self.running: dict[int, Running] = {}
        self.waited: dict[bool, float] = {}
        self.worked = self.expected = 0.0
        self.finished = self.walked_in = 0
        self.services = {
            n: ONLY_SHORT if n == COUNTERS - 1 else frozenset(SERVICE_MINUTES)
            for n in range(COUNTERS)
        }

    def on_duty(self, counter: int, now: datetime) -> tuple[tuple[datetime, datetime], ...]:
        if self.missing_from is not None and counter == self.missing and now >= self.missing_from:
            return ()
        begins, ends = BREAKS[counter % 2]
        return ((clock(OPENS), clock(begins)), (clock(ends), clock(CLOSES)))

    def line(self, now: datetime) -> Line:
        usual = sum(
            one.per_minute * max(0.0, (min(now, one.ends) - one.begins) / MINUTE)
            for one in self.streams
        )
        worked = self.worked + sum((now - one.since) / MINUTE for one in self.running.values())
        return Line(
            list(self.here),
            [
                Counter(n, self.services[n], self.on_duty(n, now), self.running.get(n))
                for n in range(COUNTERS)
            ],
            POLICY,
            self.times,
            to_come=list(self.to_come.values()),
            streams=self.streams,
            pace=Factor(1.0, FACTOR_SPREAD).after(
                seen=worked, expected=self.expected, count=self.finished, scv=SCV
            ),
            crowd=Factor(1.0, FACTOR_SPREAD).after(
                seen=self.walked_in, expected=usual, count=self.walked_in, scv=1.0
            ),
        )

    def events(self) -> Iterator[Moment | Call]:
        # Arrivals before calls at the same moment; a counter wakes when it may call again.
        heap: list[tuple[datetime, int, int]] = [
            (one.waiting.arrived_at, 0, one.waiting.turn_id) for one in self.guests
        ]
        heap += [(clock(OPENS), 1, n) for n in range(COUNTERS)]
        heapq.heapify(heap)
        asleep: set[int] = set()
        while heap:
            now, is_counter, number = heapq.heappop(heap)
            if not is_counter:
                person = self.people[number]
                self.here.append(person)
                self.to_come.pop(number, None)
                self.walked_in += person.window_from is None and now >= clock(OPENS)
                yield Moment(now, self.line(now), person, dict(self.waited), self.mean)
                for counter in sorted(asleep):
                    heapq.heappush(heap, (now, 1, counter))
                asleep.clear()
                continue
            ended = self.running.pop(number, None)
            if ended is not None and ended.turn_id is not None:
                self.worked += self.minutes[ended.turn_id]
                self.expected += self.times[ended.service_id].mean
                self.finished += 1
            wakes = [max(now, begins) for begins, ends in self.on_duty(number, now) if now < ends]
            if not wakes:
                continue
            if wakes[0] > now:
                heapq.heappush(heap, (wakes[0], 1, number))
                continue
            turn_id = next_turn(
                self.here,
                now=now,
                policy=POLICY,
                counter_id=number,
                service_ids=self.services[number],
            )
            if turn_id is None:
                asleep.add(number)
                continue
            person = self.people[turn_id]
            self.here.remove(person)
            self.waited[person.is_priority] = (now - person.arrived_at) / MINUTE
            self.running[number] = Running(person.service_id, now, turn_id)
            heapq.heappush(heap, (now + timedelta(minutes=self.minutes[turn_id]), 1, number))
            yield Call(now, turn_id)

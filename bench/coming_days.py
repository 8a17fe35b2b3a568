"""Days of made-up offices in which the booked come when they are told to.

Each day is played several times with the same people: everybody comes at the start of their
window, at the place within it that was planned before the day, or when they are told as the day
goes. Who calls whom is the counters' own rule.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

import numpy as np

from giliran.core.calling import POLICIES, Waiting, next_turn
from giliran.core.promise import Counter, Expected, Factor, Line, Running, ServiceTimes, Stream
from giliran.core.promise.coming import LOOK_AHEAD, STEP, WORTH_TELLING, come_at
from giliran.lab.office.offsets import offsets

WIB = timezone(timedelta(hours=7))
MIDNIGHT = datetime(2026, 11, 23, tzinfo=WIB)
MINUTE = timedelta(minutes=1)
OPENS, CLOSES = 8 * 60, 18 * 60
LAST_WALK_IN = 14 * 60
LAST_WINDOW_ENDS = 15 * 60
PAUSE = (12 * 60, 13 * 60)
POLICY = POLICIES["accumulating"]
MINUTES, SCV = 12.0, 0.5
SHOW_UP = 0.92
EARLY, SPREAD = 6.0, 5.0
"""The booked come so many minutes before they were asked to, on average."""
PRIORITY = 0.2
DAY_SPREAD = 0.15
"""By how much all of a day's services are longer or shorter, not told to the forecast."""
TRAVEL = (10, 60)
SERVICE = 1


def clock(minutes: float) -> datetime:
    return MIDNIGHT + timedelta(seconds=round(60 * minutes))


HOURS = ((clock(OPENS), clock(PAUSE[0])), (clock(PAUSE[1]), clock(CLOSES)))


class Office(NamedTuple):
    name: str
    counters: int
    booked: int
    """In each window."""
    dawn: int = 0
    """Walk-ins who are there at opening."""
    an_hour: float = 0.0
    """Walk-ins from opening till 14.00."""
    window: int = 30
    """Minutes."""

    @property
    def windows(self) -> list[int]:
        """When each begins, in minutes of the day."""
        return [
            at
            for at in range(OPENS, LAST_WINDOW_ENDS, self.window)
            if not PAUSE[0] <= at < PAUSE[1]
        ]


OFFICES = (
    Office("two counters, dawn queue", 2, 3, dawn=24),
    Office("three counters, only booked", 3, 6),
    Office("four counters, walk-ins", 4, 6, an_hour=6.0),
    Office("one counter, windows of an hour", 1, 4, window=60),
)


class Guest(NamedTuple):
    turn_id: int
    window_from: datetime | None
    is_priority: bool
    comes: bool
    late: timedelta
    """Against the time they were asked to come."""
    minutes: float
    travel: int
    arrives: datetime | None
    """Of a walk-in."""


class Outcome(NamedTuple):
    """Of one day; minutes."""

    room: float
    """Mean wait in the room of the booked who came."""
    walk_in_room: float
    idle: float
    """Of all counters while they were open, until the last one booked was called."""
    last_call: float
    """After opening."""
    kept: float
    """Share of the booked who came and were called by the end of their window."""
    kept_with_grace: float
    """The same, or ten minutes after."""
    told_again: float
    """Times that a booked person was told another time."""
    wrong: int


def a_day(office: Office, rng: np.random.Generator) -> list[Guest]:
    pace = float(np.exp(DAY_SPREAD * rng.standard_normal()))
    starts: list[float | None] = [at for at in office.windows for _ in range(office.booked)]
    walk_ins = list(rng.uniform(5 * 60, OPENS, office.dawn))
    walk_ins += list(
        rng.uniform(OPENS, LAST_WALK_IN, rng.poisson(office.an_hour * (LAST_WALK_IN - OPENS) / 60))
    )
    people = len(starts) + len(walk_ins)
    minutes = np.maximum(1.0, pace * rng.gamma(1 / SCV, MINUTES * SCV, people))
    late = rng.normal(-EARLY, SPREAD, people)
    comes = rng.random(people) < SHOW_UP
    priority = rng.random(people) < PRIORITY
    travel = rng.integers(*TRAVEL, people)
    return [
        Guest(
            n,
            None if n >= len(starts) else clock(starts[n] or 0),
            bool(priority[n]),
            bool(comes[n]) or n >= len(starts),
            timedelta(seconds=round(60 * float(late[n]))),
            float(minutes[n]),
            int(travel[n]),
            clock(walk_ins[n - len(starts)]) if n >= len(starts) else None,
        )
        for n in range(people)
    ]


def planned(office: Office) -> tuple[int, ...]:
    return offsets(
        office.booked,
        window_minutes=office.window,
        counters=office.counters,
        mean_minutes=MINUTES,
        scv=SCV,
        show_up=SHOW_UP,
    )


def told_first(office: Office, guests: list[Guest], *, is_planned: bool) -> dict[int, datetime]:
    """Give what was told at booking: the window's start, or the place planned within it."""
    plan = planned(office) if is_planned else (0,) * office.booked
    return {
        guest.turn_id: guest.window_from + plan[guest.turn_id % office.booked] * MINUTE
        for guest in guests
        if guest.window_from is not None
    }


Tell = Callable[[Line, datetime, Mapping[int, datetime], Mapping[int, int]], dict[int, datetime]]


def as_planned(
    line: Line, now: datetime, told: Mapping[int, datetime], travel: Mapping[int, int]
) -> dict[int, datetime]:
    del line, now, told, travel
    return {}


def as_it_goes(
    line: Line, now: datetime, told: Mapping[int, datetime], travel: Mapping[int, int]
) -> dict[int, datetime]:
    return come_at(line, now=now, seed=1, told=told, travel_minutes=travel)


class Day:
    """One office day; everybody booked comes around the time that they were told last."""

    def __init__(self, office: Office, guests: list[Guest], told: dict[int, datetime]) -> None:
        self.office = office
        self.guests = {one.turn_id: one for one in guests}
        self.told = told
        self.travel = {one.turn_id: one.travel for one in guests}
        self.lateness = tuple(
            float(one)
            for one in np.quantile(
                np.random.default_rng(0).normal(-EARLY, SPREAD, 2000), np.arange(0.025, 1, 0.05)
            )
        )
        self.here: dict[int, Waiting] = {}
        self.at_home = {one.turn_id for one in guests if one.window_from is not None}
        self.running: dict[int, Running] = {}
        self.called: dict[int, datetime] = {}
        self.arrived: dict[int, datetime] = {}
        self.due: dict[int, datetime] = {}
        self.worked = self.expected = 0.0
        self.finished = self.told_again = self.wrong = 0
        self.times = {SERVICE: ServiceTimes.gamma(MINUTES, SCV)}
        streams = [
            Stream(p, SERVICE, office.an_hour / 60 * share, clock(OPENS), clock(LAST_WALK_IN))
            for p, share in ((True, PRIORITY), (False, 1 - PRIORITY))
        ]
        self.streams = streams if office.an_hour else []

    def line(self, now: datetime) -> Line:
        worked = self.worked + sum((now - one.since) / MINUTE for one in self.running.values())
        return Line(
            list(self.here.values()),
            [
                Counter(n, frozenset({SERVICE}), HOURS, self.running.get(n))
                for n in range(self.office.counters)
            ],
            POLICY,
            self.times,
            to_come=[
                Expected(
                    turn_id,
                    guest.is_priority,
                    guest.window_from,
                    guest.window_from + self.office.window * MINUTE,
                    SERVICE,
                    SHOW_UP,
                    self.lateness,
                )
                for turn_id in sorted(self.at_home)
                if (guest := self.guests[turn_id]).window_from is not None
            ],
            streams=self.streams,
            pace=Factor(1.0, DAY_SPREAD).after(
                seen=worked, expected=self.expected, count=self.finished, scv=SCV
            ),
        )

    def play(self, tell: Tell) -> Outcome:
        heap = [(clock(minute), 0, 0) for minute in range(OPENS - 60, LAST_WINDOW_ENDS, 5)]
        heap += [(clock(OPENS), 2, n) for n in range(self.office.counters)]
        for one in self.guests.values():
            if one.arrives is not None:
                heap.append((one.arrives, 1, one.turn_id))
            elif one.comes:
                self.due[one.turn_id] = self.told[one.turn_id] + one.late
                heap.append((self.due[one.turn_id], 1, one.turn_id))
        heapq.heapify(heap)
        asleep: list[int] = []
        while heap:
            now, kind, number = heapq.heappop(heap)
            if kind == 0:
                for turn_id in self.tell(tell, now):
                    if self.guests[turn_id].comes:
                        at = self.told[turn_id] + self.guests[turn_id].late
                        self.due[turn_id] = max(at, now)
                        heapq.heappush(heap, (self.due[turn_id], 1, turn_id))
            elif kind == 1:
                if self.comes_now(number, now):
                    for counter in asleep:
                        heapq.heappush(heap, (now, 2, counter))
                    asleep.clear()
            elif (wakes := self.call(number, now)) is None:
                asleep.append(number)
            elif wakes > now:
                heapq.heappush(heap, (wakes, 2, number))
        return self.outcome()

    def tell(self, tell: Tell, now: datetime) -> list[int]:
        """Tell those at home, and count what may never be told; return who was told anew."""
        booked = {one for one in self.at_home if self.told[one] > now}
        line = self.line(now)
        new = tell(line, now, self.told, self.travel)
        moved = []
        for turn_id, at in new.items():
            begins = self.guests[turn_id].window_from
            before = self.told[turn_id]
            is_right = (
                turn_id in booked
                and begins is not None
                and begins <= at <= begins + self.office.window * MINUTE
                and at >= now
                and (at - MIDNIGHT) % STEP == timedelta(0)
                and (at == before or abs(at - before) >= WORTH_TELLING)
                and (at == before or at - self.travel[turn_id] * MINUTE >= now)
                and (at == before or before - self.travel[turn_id] * MINUTE > now)
                and (at == before or begins - now <= LOOK_AHEAD)
            )
            self.wrong += not is_right
            if at != before:
                self.told[turn_id] = at
                self.told_again += 1
                moved.append(turn_id)
        return moved

    def comes_now(self, turn_id: int, now: datetime) -> bool:
        guest = self.guests[turn_id]
        if turn_id in self.arrived:
            return False
        if guest.window_from is not None and self.due[turn_id] != now:
            return False  # they were told another time since
        self.at_home.discard(turn_id)
        self.arrived[turn_id] = now
        ends = (
            None if guest.window_from is None else guest.window_from + self.office.window * MINUTE
        )
        self.here[turn_id] = Waiting(
            turn_id, guest.is_priority, guest.window_from, ends, now, None, SERVICE, None
        )
        return True

    def call(self, counter: int, now: datetime) -> datetime | None:
        """Return when the counter looks again; None if nobody is there."""
        ended = self.running.pop(counter, None)
        if ended is not None and ended.turn_id is not None:
            self.worked += self.guests[ended.turn_id].minutes
            self.expected += MINUTES
            self.finished += 1
        if clock(PAUSE[0]) <= now < clock(PAUSE[1]):
            return clock(PAUSE[1])
        turn_id = next_turn(
            list(self.here.values()),
            now=now,
            policy=POLICY,
            counter_id=counter,
            service_ids=frozenset({SERVICE}),
        )
        if turn_id is None:
            return None
        del self.here[turn_id]
        self.called[turn_id] = now
        self.running[counter] = Running(SERVICE, now, turn_id)
        return now + timedelta(seconds=round(60 * self.guests[turn_id].minutes))

    def outcome(self) -> Outcome:
        booked = [n for n, one in self.guests.items() if one.window_from is not None and one.comes]
        walk_ins = [n for n, one in self.guests.items() if one.window_from is None]
        opens = clock(OPENS)
        waits = {n: (at - max(opens, self.arrived[n])) / MINUTE for n, at in self.called.items()}
        past = [
            (self.called[n] - self.guests[n].window_from) / MINUTE - self.office.window  # type: ignore[operator]
            for n in booked
        ]
        last = max(self.called[n] for n in booked)
        open_minutes = sum(max(0.0, (min(last, ends) - begins) / MINUTE) for begins, ends in HOURS)
        busy = sum(
            min(self.guests[n].minutes, (last - at) / MINUTE)
            for n, at in self.called.items()
            if at < last
        )
        return Outcome(
            float(np.mean([waits[n] for n in booked])),
            float(np.mean([waits[n] for n in walk_ins])) if walk_ins else 0.0,
            open_minutes * self.office.counters - busy,
            (last - opens) / MINUTE,
            float(np.mean([late <= 0 for late in past])),
            float(np.mean([late <= 10 for late in past])),
            self.told_again / len(booked),
            self.wrong,
        )

"""How often does a running office keep what it promised, and how wide are its windows?

    python -m bench.promise_running [--days 15] [--json]

Made-up days at a branch like Serang (giliran/lab/serang.py), played through the same actions that
the screens use, on a real database: three counters, 36 booked places of which some stay empty, 24
numbers at the door, people who lose patience, a break at noon. The office begins knowing nothing.
Whoever takes a number is promised a window at once; the worker's job runs after each call
and departure, and every quarter of an hour. The first three days aren't counted.
"""

from __future__ import annotations

import argparse
import heapq
import itertools
import json
import random
import sys
import time as real_time
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from bench.database import database

FIRST_DAY = date(2026, 11, 23)
COUNTERS, PLACES_OF_A_WINDOW, DOOR_PLACES = 3, 3, 24
WARM_UP_DAYS = 3
FEWEST_IN_CELL = 150
TICK = timedelta(minutes=15)


def an_office() -> Any:
    from giliran.offices.models import Break, Counter
    from tests import builders

    office = builders.an_office(counters=0)
    services = [
        builders.a_service(code, letter) for code, letter in zip(CODES, "ABCD", strict=True)
    ]
    for n in range(COUNTERS):
        Counter.objects.create(office=office, label=str(n + 1)).services.set(services)
    Break.objects.filter(office=office).delete()
    for weekday in range(5):
        Break.objects.create(
            office=office,
            weekday=weekday,
            starts=time(12),
            ends=time(13),
            reason="Istirahat",
            since=date(2020, 1, 1),
        )
    return office


CODES = ("jht", "jkm", "jkk", "jp")


class PlayedDay:
    """One day, event by event."""

    def __init__(self, office: Any, staff: list[Any], day: date, *, seed: int) -> None:
        from giliran.lab.serang import serang_day
        from tests import builders

        self.office, self.staff, self.day = office, staff, day
        self.midnight = builders.at("00:00", day)
        self.closes = builders.at("15:00", day)
        self.noon = builders.at("12:00", day), builders.at("13:00", day)
        self.chance = random.Random(seed)
        self.visits = serang_day(seed)
        self.minutes: dict[int, float] = {}
        self.idle: list[tuple[int, int]] = []
        self.events: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self.order = itertools.count()
        self.keeping: list[float] = []

    def at(self, moment: datetime, happens: Callable[[datetime], None]) -> None:
        heapq.heappush(self.events, (moment, next(self.order), happens))

    def run(self) -> None:
        from giliran.capacity.models import Offer
        from giliran.turns import actions as turns
        from tests import builders

        builders.walk_in_places(self.office, places=DOOR_PLACES, day=self.day)
        booked: dict[int, list[Any]] = defaultdict(list)
        for visit in self.visits:
            if visit.window_starts_at is not None:
                booked[visit.window_starts_at].append(visit)
        for seconds in range(8 * 3600, 15 * 3600, 1800):
            starts = self.midnight + timedelta(seconds=seconds)
            if self.noon[0] <= starts < self.noon[1]:
                continue
            window = Offer.objects.create(
                office=self.office,
                kind="window",
                day=self.day,
                starts_at=starts,
                ends_at=starts + timedelta(minutes=30),
                places=PLACES_OF_A_WINDOW,
            )
            for n in range(PLACES_OF_A_WINDOW):
                self._book(window, booked[seconds][n] if n < len(booked[seconds]) else None)
        for visit in self.visits:
            if visit.window_starts_at is None:
                came = self.midnight + timedelta(seconds=visit.arrives_at)
                self.at(
                    max(came, self.midnight + timedelta(hours=7)),
                    partial(self._take_number, visit, came),
                )
        for officer, counter_id in self.staff:
            sits = builders.at("08:00", self.day) + timedelta(seconds=self.chance.uniform(0, 240))
            self.at(sits, partial(self._sit_down, officer.id, counter_id))
        self.at(self.closes, self._send_idle_home)
        tick = self.midnight + timedelta(hours=7)
        while tick < self.closes + TICK:
            self.at(tick, self._keep)
            tick += TICK
        while self.events:
            now, _, happens = heapq.heappop(self.events)
            happens(now)
        turns.close_day(self.office.id, self.day, now=self.closes + timedelta(minutes=45))
        self._keep(self.closes + timedelta(minutes=46))

    def _send_idle_home(self, now: datetime) -> None:
        for officer_id, counter_id in self.idle:
            self._call(officer_id, counter_id, now)

    def _keep(self, now: datetime) -> None:
        from giliran.turns import actions as turns

        began = real_time.process_time()
        turns.keep_promises(self.office.id, now=now)
        self.keeping.append(1000 * (real_time.process_time() - began))

    def _book(self, window: Any, visit: Any) -> None:
        from giliran.turns import actions as turns
        from tests import builders

        turn = turns.book(
            builders.somebody(builders.a_nik()),
            offer_id=window.id,
            service_id=builders.a_service(visit.service.lower() if visit else "jht").id,
            request_key=UUID(int=self.chance.getrandbits(128)),
            is_priority=bool(visit and visit.is_priority),
            channel="web",
            actor="citizen",
            now=self.midnight - timedelta(days=1),
        )
        if visit is not None:
            self.minutes[turn.id] = visit.service_minutes
            came = self.midnight + timedelta(seconds=visit.arrives_at)
            self.at(came, partial(self._check_in, turn.id, visit, came))

    def _check_in(self, turn_id: int, visit: Any, came: datetime, now: datetime) -> None:
        from giliran.turns import actions as turns

        turns.check_in(turn_id, actor="kiosk:1", now=now)
        self._wait(turn_id, visit, came, now)

    def _take_number(self, visit: Any, came: datetime, now: datetime) -> None:
        from giliran.turns import actions as turns
        from giliran.turns.refusals import NoWalkInPlaceLeft
        from tests import builders

        with suppress(NoWalkInPlaceLeft):
            turn = turns.take_number(
                office_id=self.office.id,
                service_id=builders.a_service(visit.service.lower()).id,
                request_key=UUID(int=self.chance.getrandbits(128)),
                is_priority=visit.is_priority,
                channel="kiosk",
                actor="kiosk:1",
                now=now,
            )
            self.minutes[turn.id] = visit.service_minutes
            self._wait(turn.id, visit, came, now)

    def _wait(self, turn_id: int, visit: Any, came: datetime, now: datetime) -> None:
        from giliran.turns import actions as turns

        turns.promise(turn_id, now=now)
        if visit.patience_minutes is not None:
            gone = max(now, came + timedelta(minutes=visit.patience_minutes))
            self.at(gone, partial(self._give_up, turn_id))
        if self.idle:
            self._call(*self.idle.pop(0), now)

    def _give_up(self, turn_id: int, now: datetime) -> None:
        from giliran.core.refusal import Refusal
        from giliran.turns import actions as turns
        from giliran.turns.models import Turn

        if Turn.objects.filter(id=turn_id, state="waiting").exists():
            with suppress(Refusal):
                turns.leave(turn_id, actor="citizen", now=now)
                self._keep(now)

    def _sit_down(self, officer_id: int, counter_id: int, now: datetime) -> None:
        from giliran.capacity import actions as capacity

        capacity.open_counter(counter_id, officer_id=officer_id, now=now)
        self._call(officer_id, counter_id, now)

    def _call(self, officer_id: int, counter_id: int, now: datetime) -> None:
        from giliran.turns import actions as turns

        if now >= self.closes:
            turns.leave_counter(officer_id=officer_id, now=now)
            return
        if self.noon[0] <= now < self.noon[1]:
            back = self.noon[1] + timedelta(seconds=self.chance.uniform(0, 240))
            self.at(back, partial(self._call, officer_id, counter_id))
            return
        called = turns.call_next(counter_id, officer_id=officer_id, now=now)
        if called is None:
            self.idle.append((officer_id, counter_id))
            return
        walks = now + timedelta(seconds=self.chance.uniform(15, 60))
        done = walks + timedelta(minutes=self.minutes[called.id])
        self.at(walks, partial(self._start, officer_id))
        self.at(done, partial(self._finish, officer_id, counter_id))
        self._keep(now)

    def _start(self, officer_id: int, now: datetime) -> None:
        from giliran.turns import actions as turns

        turns.start(officer_id=officer_id, now=now)

    def _finish(self, officer_id: int, counter_id: int, now: datetime) -> None:
        from giliran.turns import actions as turns

        turns.finish(officer_id=officer_id, now=now)
        rest = now + timedelta(seconds=self.chance.uniform(20, 90))
        self.at(rest, partial(self._call, officer_id, counter_id))


def run(*, days: int, seed: int) -> dict[str, Any]:
    with database():
        from giliran.turns.models import Promise, Turn
        from tests import builders

        office = an_office()
        staff = [
            (builders.an_officer(office), counter.id)
            for counter in office.counters.order_by("label")
        ]
        keeping: list[float] = []
        played: list[date] = []
        day = FIRST_DAY
        while len(played) < days:
            if day.weekday() < 5:
                one = PlayedDay(office, staff, day, seed=seed + len(played))
                one.run()
                played.append(day)
                keeping += one.keeping
                print(f"{day} {figures(played[-1:])}", file=sys.stderr, flush=True)
            day += timedelta(days=1)
        counted = played[WARM_UP_DAYS:] or played
        told = Promise.objects.filter(turn__day__in=counted)
        came = Turn.objects.filter(day__in=counted, arrived_at__isnull=False)
        return {
            **figures(counted),
            "first_day_held": figures(played[:1])["held"],
            "came": came.count(),
            "left": came.filter(state="left").count(),
            "windows_told_each": round(told.filter(stage="here").count() / came.count(), 2),
            "forecast_p50_ms": round(sorted(keeping)[len(keeping) // 2], 1),
        }


def figures(days: list[date]) -> dict[str, Any]:
    from giliran.turns.models import Promise

    firsts = list(Promise.objects.filter(turn__day__in=days, is_first=True))
    here = [one for one in firsts if one.stage == "here" and one.kept is not None]
    home = [one for one in firsts if one.stage == "home" and one.kept is not None]
    raw = [
        one.from_minutes <= (one.called_at - one.made_at) / timedelta(minutes=1) <= one.till_minutes
        for one in here
        if one.called_at is not None
    ]
    cells: Tally[tuple[int, str]] = Tally((one.hour, one.group) for one in here)
    worst = [
        share([one.kept for one in here if (one.hour, one.group) == cell])
        for cell, count in cells.items()
        if count >= FEWEST_IN_CELL
    ]
    return {
        "promises": sum(one.stage == "here" for one in firsts),
        "counted": len(here),
        "held": share([one.kept for one in here]),
        "held_before_rounding": share(raw),
        "worst_cell": min(worst, default=None),
        "called_early": share(
            [one.called_at is not None and one.called_at < one.begins for one in here]
        ),
        "minutes_wide": mean([(one.ends - one.begins) / timedelta(minutes=1) for one in here]),
        "minutes_until_the_middle": mean([one.middle for one in here]),
        "at_home_held": share([one.kept for one in home]),
        "at_home_minutes_wide": mean(
            [(one.ends - one.begins) / timedelta(minutes=1) for one in home]
        ),
    }


def share(held: list[Any]) -> float | None:
    return round(sum(map(bool, held)) / len(held), 3) if held else None


def mean(values: list[float]) -> float | None:
    return round(sum(values) / len(values), 1) if values else None


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--days", type=int, default=15)
    asked.add_argument("--seed", type=int, default=100)
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args()
    result = run(days=given.days, seed=given.seed)
    print(json.dumps(result) if given.json else json.dumps(result, indent=2))


if __name__ == "__main__":
    main()

"""Plays visits over HTTP against a running server, and keeps its own books to check it by.

One task per officer, one for each arrival's moment, one that walks through the doors. All times
of a visit are the server's clock (it may run at many times real speed); the player reads that
clock once and converts.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

import httpx

from giliran.cli.remote import Counts, Pace, Server
from giliran.lab.visits import Visit

WALK_TO_COUNTER_SECONDS = 15.0  # of office time
LOOK_AGAIN_SECONDS = 30.0  # of office time, for an officer whom nobody needs
CHECK_SECONDS = 300.0  # of office time, between two looks at the server's own counts


class Fate(StrEnum):
    AT_THE_DOOR = "at_the_door"
    WAITING = "waiting"
    AT_A_COUNTER = "at_a_counter"
    SERVED = "served"
    LEFT = "left"
    TURNED_AWAY = "turned_away"


@dataclass(eq=False)
class Person:
    visit: Visit
    service: str
    arrives_at: datetime
    booked_code: str | None = None
    code: str = ""
    fate: Fate = Fate.AT_THE_DOOR
    waits_since: datetime | None = None
    called_at: datetime | None = None
    # Moments of the monotonic clock: surely in the line from the one until the other.
    seen_waiting: float = float("inf")
    asked_out: float = float("inf")
    going: asyncio.Task[None] | None = None
    is_on_the_way_out: bool = False

    @property
    def group(self) -> str:
        if self.visit.is_priority:
            return "priority"
        return "appointment" if self.booked_code else "walk-in"


class ToldNobody(NamedTuple):
    """An officer asked and was told that nobody waits; moments of the monotonic clock."""

    counter: str
    services: frozenset[str]
    asked: float
    told: float


@dataclass
class Desk:
    """A counter with its officer's own connection."""

    counter_id: int
    label: str
    services: frozenset[str]
    server: Server


@dataclass
class Day:
    """A day being played: the people, and what the player's own books say of it."""

    pace: Pace
    public: Server
    people: Sequence[Person]
    desks: Sequence[Desk]
    doors_at: datetime
    opens_at: datetime
    until: datetime
    wrong: list[str] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)
    in_hall: dict[str, Person] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    told_nobody: list[ToldNobody] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    doors_done: bool = False
    longest_at_kiosk: timedelta = timedelta()

    async def book(self) -> None:
        """Book a place for each appointment, in its window or the nearest of the day with one.

        Who finds none comes as a walk-in.
        """
        midnight = self.doors_at.replace(hour=0, minute=0)
        for person in self.people:
            if person.visit.window_starts_at is None:
                continue
            wished = midnight + timedelta(seconds=person.visit.window_starts_at)
            today = [
                (abs(starts - wished), window["id"])
                for window in await self.public.windows()
                if (starts := datetime.fromisoformat(window["from"]))
                .astimezone(wished.tzinfo)
                .date()
                == wished.date()
            ]
            if not today:
                self.refusals["no window today"] += 1
                continue
            answer = await self.public.book(
                min(today)[1], person.service, is_priority=person.visit.is_priority
            )
            if answer.is_success:
                person.booked_code = answer.json()["code"]
            else:
                self.refusals[f"booking: {self._refusal(answer)}"] += 1

    async def play(self, on_step: Callable[[], None] = lambda: None) -> None:
        """Run until everybody was served or left, or until closing; then compare the books."""
        before = await self.desks[0].server.counts()
        door = asyncio.create_task(self._let_in())
        officers = [asyncio.create_task(self._serve(desk)) for desk in self.desks]
        watch = asyncio.create_task(self._watch(on_step, before))
        try:
            await asyncio.gather(door, *officers)
        finally:
            going = [person.going for person in self.people if person.going]
            staying = [one.going for one in self.people if one.going and not one.is_on_the_way_out]
            for task in (door, *officers, watch, *staying):
                task.cancel()
            ends = await asyncio.gather(watch, *going, return_exceptions=True)
        self.wrong += [f"{end!r}" for end in ends if isinstance(end, Exception)]
        self._compare(before, await self.desks[0].server.counts())
        on_step()

    def count(self, *fates: Fate) -> int:
        return sum(person.fate in fates for person in self.people)

    async def _let_in(self) -> None:
        """One kiosk: people take numbers one after another, in the order in which they came."""
        for person in sorted(self.people, key=lambda one: one.arrives_at):
            moment = max(person.arrives_at, self.doors_at)
            await self.pace.wait_until(min(moment, self.until))
            if self.pace.now() >= self.until:
                break
            # Beyond a few minutes the server (or this machine) is too slow for the chosen speed.
            self.longest_at_kiosk = max(self.longest_at_kiosk, self.pace.now() - moment)
            await self._give_number(person)
        self.doors_done = True
        self.arrived.set()

    async def _give_number(self, person: Person) -> None:
        answer = (
            await self.public.check_in(person.booked_code)
            if person.booked_code
            else await self.public.take_number(person.service, is_priority=person.visit.is_priority)
        )
        if not answer.is_success:
            person.fate = Fate.TURNED_AWAY
            self.refusals[self._refusal(answer)] += 1
            return
        turn = answer.json()
        person.code, person.fate, person.waits_since = turn["code"], Fate.WAITING, self.pace.now()
        person.seen_waiting = time.monotonic()
        if person.code in self.in_hall or turn["number"] in self.numbers:
            self.wrong.append(f"number {turn['number']} ({person.code}) was given twice")
        self.numbers.add(turn["number"])
        self.in_hall[person.code] = person
        self.arrived.set()
        if person.visit.patience_minutes is not None:
            gives_up = person.arrives_at + timedelta(minutes=person.visit.patience_minutes)
            person.going = asyncio.create_task(self._give_up(person, gives_up))

    async def _give_up(self, person: Person, moment: datetime) -> None:
        await self.pace.wait_until(moment)
        if person.fate is not Fate.WAITING:
            return
        person.is_on_the_way_out = True
        person.asked_out = min(person.asked_out, time.monotonic())
        answer = await self.public.leave(person.code)
        if answer.is_success:
            person.fate = Fate.LEFT
        elif person.fate is Fate.WAITING:
            self.wrong.append(f"{person.code} could not leave: {self._refusal(answer)}")

    async def _serve(self, desk: Desk) -> None:
        await self.pace.wait_until(self.opens_at)
        if not await self._do(desk, "open"):
            return
        while self.pace.now() < self.until:
            self.arrived.clear()
            asked = time.monotonic()
            answer = await desk.server.counter(desk.counter_id, "next")
            if not answer.is_success:
                self.wrong.append(f"counter {desk.label}, next: {self._refusal(answer)}")
                await self.pace.sleep(LOOK_AGAIN_SECONDS)
            elif (turn := answer.json()["turn"]) is not None:
                await self._serve_one(desk, turn["code"], asked)
            else:
                told = ToldNobody(desk.label, desk.services, asked, time.monotonic())
                self.told_nobody.append(told)
                if self.doors_done and not self.count(Fate.WAITING):
                    break
                await self._wait_for_somebody()
        await self._do(desk, "close")

    async def _wait_for_somebody(self) -> None:
        # At high speeds half a minute of the office is a blink; the server isn't asked more often.
        seconds = max(LOOK_AGAIN_SECONDS / self.pace.speed, 0.05)
        try:
            await asyncio.wait_for(self.arrived.wait(), seconds)
        except TimeoutError:
            return

    async def _serve_one(self, desk: Desk, code: str, asked: float) -> None:
        person = await self._find(code)
        if person is None:
            self.wrong.append(f"counter {desk.label} was given {code}, who is not in the hall")
            await self._free(desk)
            return
        person.asked_out = min(person.asked_out, asked)
        if person.is_on_the_way_out and person.going:
            # Somebody on the way out may still be called; the door decides before the counter.
            await asyncio.wait([person.going])
        if person.fate is Fate.LEFT:
            return
        if person.fate is not Fate.WAITING:
            self.wrong.append(f"counter {desk.label} was given {code}, who is {person.fate}")
            await self._free(desk)
            return
        person.fate, person.called_at = Fate.AT_A_COUNTER, self.pace.now()
        await self.pace.sleep(WALK_TO_COUNTER_SECONDS)
        if await self._do(desk, "start"):
            await self.pace.sleep(person.visit.service_minutes * 60)
            if await self._do(desk, "finish"):
                person.fate = Fate.SERVED

    async def _free(self, desk: Desk) -> None:
        """Send away whoever should not be at this counter, so that the day goes on."""
        if await self._do(desk, "start"):
            await self._do(desk, "finish")

    async def _find(self, code: str) -> Person | None:
        # The kiosk's answer may still be on its way to the player when the number is called.
        for _ in range(100):
            if code in self.in_hall or self.doors_done:
                break
            await asyncio.sleep(0.02)
        return self.in_hall.get(code)

    async def _do(self, desk: Desk, verb: str) -> bool:
        answer = await desk.server.counter(desk.counter_id, verb)
        if not answer.is_success:
            self.wrong.append(f"counter {desk.label}, {verb}: {self._refusal(answer)}")
        return answer.is_success

    def _refusal(self, answer: httpx.Response) -> str:
        if answer.status_code == httpx.codes.CONFLICT:
            return str(answer.json().get("refusal", "conflict"))
        # A refusal is an answer; anything else means that server and player misunderstand.
        self.wrong.append(f"{answer.request.url.path} answered {answer.status_code}")
        return f"status {answer.status_code}"

    async def _watch(self, on_step: Callable[[], None], before: Counts) -> None:
        checked = self.pace.now()
        while True:
            await asyncio.sleep(0.1)
            on_step()
            if (self.pace.now() - checked).total_seconds() >= CHECK_SECONDS:
                checked = self.pace.now()
                at_counters = (await self.desks[0].server.counts()).at_a_counter
                if at_counters - before.at_a_counter > len(self.desks):
                    self.wrong.append(
                        f"{at_counters} people at {len(self.desks)} counters at {checked}"
                    )

    def _compare(self, before: Counts, after: Counts) -> None:
        own = Counts(
            self.count(Fate.SERVED),
            self.count(Fate.LEFT),
            self.count(Fate.WAITING),
            self.count(Fate.AT_A_COUNTER),
            self.refusals["no_walk_in_place_left"],
        )
        for name, mine, first, last in zip(Counts._fields, own, before, after, strict=True):
            if last - first != mine:
                self.wrong.append(f"the server counts {last - first} {name}, the player {mine}")
        for told in self.told_nobody:
            waited = [
                person.code
                for person in self.people
                if person.service in told.services
                and person.seen_waiting < told.asked
                and person.asked_out > told.told
            ]
            if waited:
                self.wrong.append(
                    f'counter {told.counter} was told "nobody waits" while {waited[0]} waited'
                )


def people_of(
    visits: Sequence[Visit], *, midnight: datetime, services: Mapping[str, str]
) -> list[Person]:
    """Make people of visits on the day that begins at `midnight` (aware, office's zone).

    `services` maps the record's services to the server's codes.
    """
    return [
        Person(visit, services[visit.service], midnight + timedelta(seconds=visit.arrives_at))
        for visit in visits
    ]

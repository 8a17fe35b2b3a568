"""Filling the demonstration: offices, people, yesterday in full and this morning so far.

Everything happens through the same actions that the screens use, with times of the demo's days.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from importlib.resources import files
from uuid import UUID

from giliran import rules
from giliran.capacity import actions as capacity
from giliran.capacity import queries as capacity_now
from giliran.cli import demo_draws
from giliran.cli.demo_staff import PASSWORD, SITTING, STAFF
from giliran.core.deadline import is_working_day
from giliran.core.refusal import Refusal
from giliran.lab.serang import PLACES, serang_day
from giliran.lab.visits import Visit
from giliran.offices import actions as office_actions
from giliran.offices import queries as offices
from giliran.offices.models import Office
from giliran.people import actions as people
from giliran.people import queries as people_known
from giliran.turns import actions as turns
from giliran.turns import queries as turns_known
from giliran.turns.refusals import NoWalkInPlaceLeft


def load(*, yesterday: date, today: date, until: datetime) -> None:
    """Fill an empty, migrated database with the demo as it stands at ``until`` on ``today``."""
    data = files("giliran.cli").joinpath("demo_data")
    office_actions.import_services(data.joinpath("services.csv").read_text(encoding="utf-8"))
    office_actions.import_offices(data.joinpath("offices.csv").read_text(encoding="utf-8"))
    office_actions.import_areas(data.joinpath("areas.csv").read_text(encoding="utf-8"))
    for office in offices.offices():
        office_actions.register_kiosk(office, "pintu utama")
    _hire()
    eve = yesterday - timedelta(days=1)
    while not is_working_day(eve, rules.calendar()):
        eve -= timedelta(days=1)
    demo_draws.plan(eve)
    _put_days_on_offer(eve)
    demo_draws.apply(eve, until=time(17), people=260, seed=1)
    demo_draws.draw(eve)
    serang = offices.office("serang")
    _put_days_on_offer(yesterday)
    _Day(serang, yesterday, serang_day(seed=1), seed=1).run()
    demo_draws.apply(yesterday, until=time(17), people=110, seed=2)
    demo_draws.draw(yesterday)
    evening = datetime.combine(yesterday, datetime.max.time(), tzinfo=offices.zone(serang))
    turns.close_day(serang.id, yesterday, now=evening)
    _put_days_on_offer(today)
    demo_draws.apply(today, until=time(9), people=60, seed=3)
    _Day(serang, today, serang_day(seed=2), seed=2).run(until=until)


def _put_days_on_offer(day: date) -> None:
    """Offer what the clockwork would on a morning, with Serang's quota."""
    serang = offices.office("serang")
    morning = datetime.combine(day, datetime.min.time(), tzinfo=offices.zone(serang))
    for office in offices.offices():
        capacity.offer_coming_days(office, now=morning)
    for open_day, _ in offices.open_days(serang, day, serang.booked_days_ahead + 1):
        _keep_quota(serang, open_day, now=morning)


def _keep_quota(serang: Office, day: date, *, now: datetime) -> None:
    """Set the 60 places a day that were reported of Serang in 2025: 3 a window, 24 at the door."""
    quota = [
        (window.id, max(3, window.taken)) for window in capacity_now.windows(serang.id, day=day)
    ]
    door = capacity_now.walk_in_offer(serang.id, day=day)
    if door is not None:
        quota.append((door.id, PLACES - sum(places for _, places in quota)))
    manager = f"officer:{people_known.officer_id('kepala')}"
    for offer_id, places in quota:
        capacity.set_places(offer_id, places, office_id=serang.id, now=now, actor=manager)


def _hire() -> None:
    regions = {office.region.slug: office.region for office in offices.offices()}
    for username, (name, role, where) in STAFF.items():
        officer = people.hire(username, full_name=name, password=PASSWORD)
        office_actions.give_post(
            officer.pk,
            role,
            office=offices.office(where) if where and where not in regions else None,
            region=regions.get(where) if where else None,
        )


class _Day:
    """A day of visits played through the actions, event by event."""

    def __init__(self, office: Office, day: date, visits: list[Visit], *, seed: int) -> None:
        self.office = office
        self.midnight = datetime.combine(day, datetime.min.time(), tzinfo=offices.zone(office))
        self.day = day
        moments = offices.opening_moments(office, day)
        if moments is None:
            raise ValueError(f"{office} is shut on {day}.")
        self.opens, self.closes = moments
        self.chance = random.Random(seed)  # noqa: S311 -- a made-up day, repeatable
        self.visits = visits
        self.service_ids = {s.code: s.id for s in offices.services(office_id=office.id)}
        self.minutes: dict[int, float] = {}
        self.idle: list[tuple[int, int]] = []
        self.counter_of: dict[int, int] = {}
        self.events: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self.order = itertools.count()

    def at(self, moment: datetime, happens: Callable[[datetime], None]) -> None:
        heapq.heappush(self.events, (moment, next(self.order), happens))

    def run(self, *, until: datetime | None = None) -> None:
        """Play the day, or its part before ``until``."""
        self._meet_who_was_drawn()
        doors = self.opens - timedelta(minutes=self.office.doors_open_minutes_before)
        for visit in self.visits:
            arrives = self.midnight + timedelta(seconds=visit.arrives_at)
            if visit.window_starts_at is None:
                # Whoever came at night takes a number when the doors open, in order of coming.
                self.at(max(arrives, doors), partial(self._take_number, visit))
        for username, counter in zip(SITTING, offices.counters(self.office.id), strict=False):
            officer_id = people_known.officer_id(username)
            self.at(self.opens, partial(self._sit_down, officer_id, counter.id))
        while self.events and (until is None or self.events[0][0] < until):
            now, _, happens = heapq.heappop(self.events)
            happens(now)

    def _key(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128))

    def _meet_who_was_drawn(self) -> None:
        """Let those who have a turn come; they take as long as the made-up day's appointments."""
        booked = turns_known.expected(self.office.id, day=self.day)
        planned = [visit for visit in self.visits if visit.window_starts_at is not None]
        for turn, visit in zip(booked, itertools.cycle(planned), strict=False):
            self.minutes[turn.id] = visit.service_minutes
            if turn.window_from is None or self.chance.random() < 0.12:  # noqa: PLR2004 -- about what is seen a day ahead
                continue
            arrives = turn.window_from + timedelta(minutes=self.chance.uniform(-25, 12))
            patient = visit._replace(patience_minutes=None)
            self.at(arrives, partial(self._check_in, turn.id, patient))

    def _check_in(self, turn_id: int, visit: Visit, now: datetime) -> None:
        turns.check_in(turn_id, office_id=self.office.id, actor="kiosk:1", now=now)
        self._wait(turn_id, visit, now)

    def _take_number(self, visit: Visit, now: datetime) -> None:
        service_id = self.service_ids[visit.service.lower()]
        try:
            turn = turns.take_number(
                office_id=self.office.id,
                service_id=service_id,
                request_key=self._key(),
                is_priority=visit.is_priority,
                channel="kiosk",
                actor="kiosk:1",
                now=now,
            )
        except NoWalkInPlaceLeft as refusal:
            turns.turn_away(
                office_id=self.office.id,
                service_id=service_id,
                why=refusal.code,
                actor="kiosk:1",
                now=now,
            )
            return
        self.minutes[turn.id] = visit.service_minutes
        self._wait(turn.id, visit, now)

    def _wait(self, turn_id: int, visit: Visit, now: datetime) -> None:
        if visit.patience_minutes is not None:
            came = self.midnight + timedelta(seconds=visit.arrives_at)
            gone = max(now, came + timedelta(minutes=visit.patience_minutes))
            self.at(gone, partial(self._give_up, turn_id))
        if self.idle:
            self._call(*self.idle.pop(0), now)

    def _give_up(self, turn_id: int, now: datetime) -> None:
        try:
            turns.leave(turn_id, actor="citizen", now=now)
        except Refusal:
            return  # called in time, or already home

    def _sit_down(self, officer_id: int, counter_id: int, now: datetime) -> None:
        self.counter_of[officer_id] = counter_id
        capacity.open_counter(counter_id, officer_id=officer_id, now=now)
        self._call(officer_id, counter_id, now)

    def _call(self, officer_id: int, counter_id: int, now: datetime) -> None:
        if now >= self.closes:
            capacity.close_counter(counter_id, officer_id=officer_id, now=now)
            return
        called = turns.call_next(counter_id, officer_id=officer_id, now=now)
        if called is None:
            self.idle.append((officer_id, counter_id))
            return
        walks = now + timedelta(seconds=self.chance.uniform(15, 60))
        done = walks + timedelta(minutes=self.minutes[called.id])
        self.at(walks, partial(self._start, officer_id))
        self.at(done, partial(self._finish, officer_id, counter_id))

    def _start(self, officer_id: int, now: datetime) -> None:
        turn = turns_known.at_counter(self.counter_of[officer_id])
        if turn is not None and turn.citizen_id is not None:
            card = turns.asker(
                nik=people_known.nik_of(turn.citizen_id),
                name=turns_known.stated_name(turn),
                phone="",
            )
            actor = f"officer:{officer_id}"
            turns.identify(turn.id, card, actor=actor, office_id=self.office.id, now=now)
        turns.start(officer_id=officer_id, now=now)

    def _finish(self, officer_id: int, counter_id: int, now: datetime) -> None:
        turns.finish(officer_id=officer_id, now=now)
        rest = now + timedelta(seconds=self.chance.uniform(20, 90))
        self.at(rest, partial(self._call, officer_id, counter_id))

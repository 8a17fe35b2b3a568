"""A day of the demonstration's office, played through the same actions that the screens use."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from giliran.capacity import actions as capacity
from giliran.cli.demo_staff import SITTING
from giliran.core.turn import State
from giliran.lab.visits import Visit
from giliran.offices import queries as offices
from giliran.offices.models import Office
from giliran.people import queries as people_known
from giliran.turns import actions as turns
from giliran.turns import queries as turns_known
from giliran.turns.refusals import NoWalkInPlaceLeft


class PlayedDay:
    """A day of visits played through the actions, event by event."""

    def __init__(
        self,
        office: Office,
        day: date,
        visits: list[Visit],
        *,
        seed: int,
        sitting: Sequence[str] = SITTING,
    ) -> None:
        self.office = office
        self.midnight = datetime.combine(day, datetime.min.time(), tzinfo=offices.zone(office))
        self.day = day
        moments = offices.opening_moments(office, day)
        if moments is None:
            raise ValueError(f"{office} is shut on {day}.")
        self.opens, self.closes = moments
        self.chance = random.Random(seed)  # noqa: S311 -- a made-up day, repeatable
        self.visits, self.sitting = visits, sitting
        self.service_ids = {s.code: s.id for s in offices.services(office_id=office.id)}
        self.minutes: dict[int, float] = {}
        self.idle: list[tuple[int, int]] = []
        self.counter_of: dict[int, int] = {}
        self.events: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self.order = itertools.count()
        self.has_numbers = True
        self.came_together = False

    def at(self, moment: datetime, happens: Callable[[datetime], None]) -> None:
        heapq.heappush(self.events, (moment, next(self.order), happens))

    def run(self, *, until: datetime | None = None) -> None:
        """Play the day, or its part before ``until``."""
        self._meet_who_has_a_turn()
        doors = self.opens - timedelta(minutes=self.office.doors_open_minutes_before)
        for visit in self.visits:
            arrives = self.midnight + timedelta(seconds=visit.arrives_at)
            if visit.window_starts_at is None:
                # Whoever came at night takes a number when the doors open, in order of coming.
                self.at(max(arrives, doors), partial(self._take_number, visit))
        for username, counter in zip(self.sitting, offices.counters(self.office.id), strict=False):
            officer_id = people_known.officer_id(username)
            self.at(self.opens, partial(self._sit_down, officer_id, counter.id))
        self.at(self.closes, self._send_the_idle_home)
        while self.events and (until is None or self.events[0][0] < until):
            now, _, happens = heapq.heappop(self.events)
            happens(now)
            if self.came_together and not self._goes_on(now):
                turns.keep_promises(self.office.id, now=now)
                self.came_together = False

    def _goes_on(self, now: datetime) -> bool:
        """Return whether more happens at this very moment, as when the doors open."""
        return bool(self.events) and self.events[0][0] == now

    def end(self) -> None:
        """Send home whoever is left, and settle what was promised."""
        evening = datetime.combine(self.day, datetime.max.time(), tzinfo=self.midnight.tzinfo)
        turns.close_day(self.office.id, self.day, now=evening)
        turns.keep_promises(self.office.id, now=evening)

    def _key(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128))

    def _meet_who_has_a_turn(self) -> None:
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
        if not self.has_numbers:
            self._turn_away(service_id, now)
            return
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
        except NoWalkInPlaceLeft:
            self.has_numbers = False
            self._turn_away(service_id, now)
            return
        self.minutes[turn.id] = visit.service_minutes
        self._wait(turn.id, visit, now)

    def _turn_away(self, service_id: int, now: datetime) -> None:
        turns.turn_away(
            office_id=self.office.id,
            service_id=service_id,
            why=NoWalkInPlaceLeft.code,
            actor="kiosk:1",
            now=now,
        )

    def _wait(self, turn_id: int, visit: Visit, now: datetime) -> None:
        if self._goes_on(now):
            self.came_together = True
        elif not self.came_together:
            turns.promise(turn_id, now=now)
        if visit.patience_minutes is not None:
            came = self.midnight + timedelta(seconds=visit.arrives_at)
            gone = max(now, came + timedelta(minutes=visit.patience_minutes))
            self.at(gone, partial(self._give_up, turn_id))
        if self.idle:
            self._call(*self.idle.pop(0), now)

    def _give_up(self, turn_id: int, now: datetime) -> None:
        # Who is called may leave, too, but nobody does in the minute of walking to the counter.
        if turns_known.by_id(turn_id).state == State.WAITING:
            turns.leave(turn_id, actor="citizen", now=now)

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

    def _send_the_idle_home(self, now: datetime) -> None:
        while self.idle:
            self._call(*self.idle.pop(), now)

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

"""One office's past days: who had a turn and who came, played and turned into rows."""

from __future__ import annotations

import random
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final, NamedTuple
from uuid import UUID

from giliran.capacity.models import Leave, Offer
from giliran.cli.demo_past_offices import (
    CHANNELS,
    DOOR_NUMBERS,
    PASTS,
    SERVICES,
    Asked,
    at_the_door,
    chosen,
    comers,
    opens_late,
)
from giliran.cli.demo_past_telling import Away, Days, Sat, Told, Visited, next_ids
from giliran.core.calling import POLICIES
from giliran.core.offers import Hours
from giliran.core.promise.keeping import was_kept
from giliran.encryption import new_code
from giliran.lab.quick_day import Desk, Fate, Lived, play, without_breaks
from giliran.lab.visits import Visit
from giliran.offices import queries as offices
from giliran.offices.models import Office
from giliran.people import queries as people
from giliran.turns.models import Turn

_PRIORITY: Final = 0.17
_CANCELS: Final = 0.3
"""Of those who stay away, assumed."""
_TOLD: Final = 0.5
"""Of those who came: who was told a window, that is who asked or looked."""
_STEP: Final = timedelta(minutes=5)
_AT_COUNTER: Final = frozenset({Fate.FINISHED, Fate.MISSED})


class _Seat(NamedTuple):
    """A counter with its officer on a day."""

    counter_id: int
    officer_id: int
    desk: Desk


class OfficePast:
    """One office, whose days are added to what is written down."""

    def __init__(self, office: Office, monday: date, drawn_since: date, found: Days) -> None:
        self.office, self.monday, self.drawn_since, self.found = office, monday, drawn_since, found
        self.past = PASTS[office.slug]
        self.is_serang = office.slug == "serang"
        self.zone = offices.zone(office)
        services = offices.services(office_id=office.id)
        self.ids = {one.code: one.id for one in services}
        self.codes = {one.id: one.code for one in services}
        self.letters = {one.id: one.letter for one in services}
        self.weights = {code: n for code, n in SERVICES.items() if code in self.ids}
        self.counters = offices.counters(office.id)
        self.officers = [people.officer_id(name) if name else None for name in self.past.officers]
        self.leaves = list(Leave.objects.filter(office=office, state=Leave.State.APPROVED))
        self.hours: dict[int, Hours | None] = {}
        self.kiosk = f"kiosk:{offices.kiosks(office.id)[0].id}"
        self.turn_ids = next_ids("turns_turn")
        self.citizen_ids = next_ids("people_citizen")

    def live(self, days: Sequence[date]) -> None:
        """Live these days; those without an offer are passed over."""
        offers: dict[date, list[Offer]] = defaultdict(list)
        for offer in Offer.objects.filter(office=self.office, day__in=days).order_by("starts_at"):
            offers[offer.day].append(offer)
        drawn: dict[int, list[Turn]] = defaultdict(list)
        for turn in Turn.objects.filter(office=self.office, day__in=days, state="booked"):
            drawn[turn.offer_id].append(turn)
        for day in days:
            if offers[day]:
                self._live(day, offers[day], drawn)

    def _live(self, day: date, of_day: list[Offer], drawn: dict[int, list[Turn]]) -> None:
        chance = random.Random(f"{self.office.slug} {day}")  # noqa: S311 -- made-up people
        midnight = datetime.combine(day, time(), tzinfo=self.zone)
        rows = list(self._asked(of_day, drawn, midnight, chance))
        is_drawn = day >= self.drawn_since
        booked, walk_ins = comers(
            self.office.slug,
            [self._as_asked(row, midnight) for row in rows],
            services=self.weights,
            drawn_for=(day - self.drawn_since).days // 7 if is_drawn else None,
            chance=chance,
        )
        inside, outside = at_the_door(walk_ins, DOOR_NUMBERS if self.is_serang else None)
        for at, visit in outside:
            moment = midnight + timedelta(seconds=at)
            sent = Away(moment, self.kiosk, self.office.id, self.ids[visit.service])
            self.found.away.append(sent)
        come = [(visit, row) for visit, row in zip(booked, rows, strict=True) if visit]
        door = next(one for one in of_day if one.kind == Offer.Kind.WALK_IN)
        come += [(visit, self._walk_in(door, visit, midnight, chance)) for visit in inside]
        seats = self._seats(day, midnight, chance)
        lived = play(
            [visit for visit, _ in come],
            [seat.desk for seat in seats],
            policy=POLICIES[self.office.calling_policy],
            chance=chance,
        )
        stayed = [row for visit, row in zip(booked, rows, strict=True) if visit is None]
        self.found.visits.extend(self._stayed_away(row, midnight, chance) for row in stayed)
        self._note(lived, [row for _, row in come], seats, midnight, chance)

    def _asked(
        self,
        of_day: list[Offer],
        drawn: dict[int, list[Turn]],
        midnight: datetime,
        chance: Random,
    ) -> Iterator[Visited]:
        """Yield the turns of the day's windows: those drawn, and those booked besides."""
        for offer in of_day:
            if offer.kind != Offer.Kind.WINDOW:
                continue
            for turn in drawn[offer.id]:
                yield self._row(
                    offer, turn.service_id, turn.channel, turn.asked_at, chance, turn=turn
                )
            for _ in range(max(0, offer.places - len(drawn[offer.id]))):
                if chance.random() >= self.past.booked:
                    continue
                days, seconds = chance.choice((0, 0, 1, 3)), chance.randrange(40_000)
                yield self._row(
                    offer,
                    self.ids[chosen(self.weights, chance)],
                    chosen(CHANNELS, chance),
                    midnight - timedelta(days=days, hours=3, seconds=seconds),
                    chance,
                )

    def _walk_in(self, door: Offer, visit: Visit, midnight: datetime, chance: Random) -> Visited:
        at = midnight + timedelta(seconds=visit.arrives_at)
        row = self._row(door, self.ids[visit.service], "kiosk", at, chance)
        return row._replace(is_priority=visit.is_priority)

    def _row(
        self,
        offer: Offer,
        service_id: int,
        channel: str,
        asked_at: datetime,
        chance: Random,
        *,
        turn: Turn | None = None,
    ) -> Visited:
        is_window = offer.kind == Offer.Kind.WINDOW
        return Visited(
            turn_id=turn.id if turn else next(self.turn_ids),
            is_new=turn is None,
            code=turn.code if turn else new_code(),
            request_key=turn.request_key if turn else UUID(int=chance.getrandbits(128)),
            office_id=self.office.id,
            service_id=service_id,
            offer_id=offer.id,
            citizen_id=next(self.citizen_ids) if is_window and turn is None else None,
            kind=Turn.Kind.APPOINTMENT.value if is_window else Turn.Kind.WALK_IN.value,
            channel=channel,
            day=offer.day,
            window_from=offer.starts_at if is_window else None,
            window_till=offer.ends_at if is_window else None,
            number=None,
            is_priority=turn.is_priority if turn else chance.random() < _PRIORITY,
            asked_at=asked_at,
            arrived_at=None,
            called_at=None,
            started_at=None,
            ended_at=asked_at,
            fate="absent",
            counter_id=None,
            officer_id=None,
            at_the_door=self.kiosk,
        )

    def _as_asked(self, row: Visited, midnight: datetime) -> Asked:
        begins, ends = (
            0 if at is None else (at - midnight) // timedelta(seconds=1)
            for at in (row.window_from, row.window_till)
        )
        return Asked(begins, ends, self.codes[row.service_id], row.is_priority)

    def _stayed_away(self, row: Visited, midnight: datetime, chance: Random) -> Visited:
        """Return how somebody who doesn't come ends: by giving it back, or at night."""
        if row.is_new and chance.random() < _CANCELS:
            at = row.asked_at + (midnight - row.asked_at) * chance.uniform(0.2, 1)
            return row._replace(fate="cancelled", ended_at=at.replace(microsecond=0))
        return row._replace(fate="absent", ended_at=midnight + timedelta(hours=23, minutes=30))

    def _seats(self, day: date, midnight: datetime, chance: Random) -> list[_Seat]:
        """Return who sits where; nobody takes the place of who is on leave."""
        if day.weekday() not in self.hours:
            self.hours[day.weekday()] = offices.hours(self.office, day)
        hours = self.hours[day.weekday()]
        if hours is None:
            return []
        days_back = (self.monday - day).days // 7 * 5 + 5 - day.weekday()
        away = {one.officer_id for one in self.leaves if one.first_day <= day <= one.last_day}
        breaks = [(_seconds(begins), _seconds(ends)) for begins, ends in hours.breaks]
        seats = []
        for counter, officer_id in zip(self.counters, self.officers, strict=True):
            late = opens_late(self.office.slug, days_back, chance)
            if officer_id is None or officer_id in away:
                continue
            spans = without_breaks(_seconds(hours.opens) + late, _seconds(hours.closes), breaks)
            serves = frozenset(self.codes[one] for one in counter.service_ids)
            seats.append(_Seat(counter.id, officer_id, Desk(serves, spans)))
        return seats

    def _note(
        self,
        lived: list[Lived],
        rows: list[Visited],
        seats: list[_Seat],
        midnight: datetime,
        chance: Random,
    ) -> None:
        numbers: Tally[str] = Tally()
        last: dict[int, int] = {}
        for one, row in sorted(zip(lived, rows, strict=True), key=lambda pair: pair[0].arrived):
            letter = self.letters[row.service_id]
            numbers[letter] += 1
            seat = None if one.desk is None else seats[one.desk]
            if one.desk is not None:
                last[one.desk] = max(last.get(one.desk, 0), one.ended)
            visited = row._replace(
                number=f"{letter}{numbers[letter]:03d}",
                arrived_at=_at(midnight, one.arrived),
                called_at=_at(midnight, one.called),
                started_at=_at(midnight, one.started),
                ended_at=midnight + timedelta(seconds=one.ended),
                fate=one.fate.value,
                counter_id=seat.counter_id if seat else None,
                officer_id=seat.officer_id if seat else None,
            )
            self.found.visits.append(visited)
            if chance.random() < _TOLD:
                made_at = midnight + timedelta(seconds=one.arrived)
                self.found.told.append(_told(visited, made_at, midnight, chance))
        for place, seat in enumerate(seats):
            for n, (begins, ends) in enumerate(seat.desk.spans, 1):
                over = max(ends, last.get(place, 0)) if n == len(seat.desk.spans) else ends
                opened, closed = (midnight + timedelta(seconds=at) for at in (begins, over))
                sat = Sat(self.office.id, seat.counter_id, seat.officer_id, opened, closed)
                self.found.sat.append(sat)


def _told(of: Visited, made: datetime, midnight: datetime, chance: Random) -> Told:
    """Return the window that somebody was told on arrival: right about nine times in ten."""
    wait = ((of.called_at or of.ended_at) - made) / timedelta(minutes=1)
    middle = max(0.0, wait + chance.gauss(0, 4 + 0.13 * wait))
    reach = 7 + 0.2 * middle
    low, high = max(0.0, middle - reach), middle + reach
    begins = midnight + (made + timedelta(minutes=low) - midnight) // _STEP * _STEP
    ends = midnight - (midnight - made - timedelta(minutes=high)) // _STEP * _STEP
    kept = was_kept(
        begins,
        ends,
        called_at=of.called_at,
        gone_at=None if of.called_at else of.ended_at,
        ended_by_office=of.fate == Fate.SENT_HOME,
    )
    return Told(
        turn_id=of.turn_id,
        office_id=of.office_id,
        made_at=made,
        begins=begins,
        ends=ends,
        hour=made.hour,
        group="priority" if of.is_priority else "standard",
        low=round(low, 2),
        middle=round(middle, 2),
        high=round(high, 2),
        called_at=of.called_at,
        kept=kept,
        settled_at=of.called_at or of.ended_at,
    )


def _at(midnight: datetime, seconds: int | None) -> datetime | None:
    return None if seconds is None else midnight + timedelta(seconds=seconds)


def _seconds(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60

"""What an office's days tell of its work: made-up days with known rates, and what is found."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from uuid import uuid4

import numpy as np
import pytest

from giliran.capacity import needs
from giliran.capacity.models import Work as WorkRow
from giliran.core.need.work import Work
from giliran.journal.models import Event
from giliran.turns import estimating
from giliran.turns.models import Turn
from tests.builders import MONDAY, a_claim, a_service, an_office, at, walk_in_places

pytestmark = pytest.mark.django_db

TODAY = MONDAY + timedelta(days=7)
DAYS = 40
SERVICE, SCV, GAP = {"jht": 10.0, "jkm": 18.0}, 0.5, 0.6
PATIENCE, NO_SHOW, BOOKED, STANDING = 45.0, 0.2, 0.4, 3.0
RATES = {"jht": 2.4, "jkm": 0.8}
_MINUTE = timedelta(minutes=1)


def weekdays_before(day: date, n: int) -> list[date]:
    found = []
    while len(found) < n:
        day -= timedelta(days=1)
        if day.weekday() < 5 and day != date(2026, 10, 1):
            found.append(day)
    return found[::-1]


class Diary:
    """Plays days of an office with two counters, and writes them down as the system does."""

    def __init__(self, office, seed: int) -> None:
        self.office, self.chance = office, np.random.default_rng(seed)
        self.turns: list[Turn] = []
        self.calls: list[Event] = []
        self.count = itertools.count(1)
        self.counters = [counter.id for counter in office.counters.order_by("label")]

    def play(self, day: date, *, mondays: float = 1.0) -> None:
        door = walk_in_places(self.office, day=day)
        opens, closes = at("08:00", day), at("15:00", day)
        prayer = (at("11:30", day), at("13:00", day)) if day.weekday() == 4 else None
        busy = mondays if day.weekday() == 0 else 1.0
        people = [
            (opens - 10 * _MINUTE, "jht", False) for _ in range(self.chance.poisson(STANDING))
        ]
        for code, rate in RATES.items():
            for half_hour in range(14):
                begins = opens + 30 * half_hour * _MINUTE
                if prayer and prayer[0] <= begins < prayer[1]:
                    continue
                for _ in range(self.chance.poisson(rate * busy)):
                    came = begins + self.chance.uniform(0, 30) * _MINUTE
                    people.append((came, code, self.chance.random() < BOOKED))
        free = dict.fromkeys(self.counters, opens)
        for came, code, is_booked in sorted(people):
            if is_booked:
                for _ in range(self.chance.geometric(1 - NO_SHOW) - 1):
                    self.write(door, code, day, state="no_show", ended=closes, window=came)
            counter = min(free, key=lambda one: free[one])
            called = max(came + _MINUTE, free[counter])
            if prayer and prayer[0] <= called < prayer[1]:
                called = prayer[1]
            gives_up = max(came, opens) + self.chance.exponential(PATIENCE) * _MINUTE
            window = came if is_booked else None
            if gives_up < called:
                self.write(door, code, day, state="left", came=came, ended=gives_up, window=window)
                continue
            length = self.chance.gamma(1 / SCV, SERVICE[code] * SCV)
            ended = called + length * _MINUTE
            free[counter] = ended + GAP * _MINUTE
            self.write(
                door,
                code,
                day,
                state="finished",
                came=came,
                ended=ended,
                window=window,
                call=(called, counter),
            )

    def write(self, door, code, day, *, state, ended, came=None, window=None, call=None) -> None:
        moves = {"finished": "finish", "left": "leave", "no_show": "no_show"}
        n = next(self.count)
        self.turns.append(
            Turn(
                code=f"T{n:06}",
                request_key=uuid4(),
                office=self.office,
                service=a_service(code),
                offer=door,
                kind="appointment" if window else "walk_in",
                channel="web",
                day=day,
                window_from=window,
                window_till=window + 30 * _MINUTE if window else None,
                number=f"A{n:05}" if came else None,
                state=state,
                asked_at=at("07:00", day),
                arrived_at=came,
                ended_at=ended,
                move=moves[state],
                moved_at=ended,
                moved_by="citizen",
            )
        )
        self.calls.append((n - 1, call))

    def keep(self) -> None:
        """Write it all: the database itself notes each turn's last move in the journal."""
        turns = Turn.objects.bulk_create(self.turns)
        Event.objects.bulk_create(
            Event(
                at=call[0],
                actor="officer:1",
                kind="turn.call",
                office_id=self.office.id,
                subject="turn",
                subject_id=turns[n].id,
                data={"counter_id": call[1]},
            )
            for n, call in self.calls
            if call
        )


def played(seed: int, days: int = DAYS, *, mondays: float = 1.0):
    a_service("jkm", "B", typical_minutes=16)
    office = an_office()
    diary = Diary(office, seed)
    for day in weekdays_before(TODAY, days):
        diary.play(day, mondays=mondays)
    diary.keep()
    return office


def found_in(office) -> Work:
    return estimating.estimate(office, now=at("02:20", TODAY))


def holds(estimate, truth: float) -> bool:
    return estimate.low <= truth <= estimate.high


def nearly_holds(estimate, truth: float) -> bool:
    """One interval in ten misses, as it should; made twice as wide, one in a thousand does."""
    middle = estimate.value
    return 2 * (estimate.low - middle) <= truth - middle <= 2 * (estimate.high - middle)


def test_the_rates_that_made_the_days_lie_in_the_intervals_that_are_found():
    office = played(1)
    work = found_in(office)
    ids = {a_service(code).id: rate for code, rate in RATES.items()}
    held = [holds(found, ids[service]) for (service, _, _), found in work.arrivals.items()]
    assert len(held) == 2 * (5 * 14 - 3)
    assert sum(held) / len(held) > 0.85
    for code, minutes in SERVICE.items():
        service = work.services[a_service(code).id]
        assert nearly_holds(service.minutes, minutes + GAP), code
        assert service.scv == pytest.approx(SCV, abs=0.15)
    assert nearly_holds(work.no_show, NO_SHOW)
    assert nearly_holds(work.standing, STANDING)
    assert nearly_holds(work.leaving, 1 / PATIENCE)
    assert work.patience == pytest.approx(PATIENCE, rel=0.25)

    friday = needs.need_of(office, TODAY + timedelta(days=4)).half_hours
    by_clock = {one.begins.strftime("%H:%M"): one.officers for one in friday}
    assert next(iter(by_clock)) == "08:00"
    assert [by_clock[clock] for clock in ("11:30", "12:00", "12:30")] == [0, 0, 0]
    assert by_clock["13:00"] >= 1


def test_a_busier_monday_is_seen_and_needs_more_officers():
    office = played(3, 15, mondays=2.5)
    work = found_in(office)
    jht = a_service("jht").id
    mondays = sum(work.arrivals[jht, 0, k].value for k in range(16, 30))
    tuesdays = sum(work.arrivals[jht, 1, k].value for k in range(16, 30))
    assert mondays > 1.4 * tuesdays

    monday, tuesday = (needs.need_of(office, TODAY + timedelta(days=k)) for k in (0, 1))
    assert monday.is_estimated
    assert sum(one.officers for one in monday.half_hours) > sum(
        one.officers for one in tuesday.half_hours
    )


def test_files_checked_before_the_visit_are_measured_apart():
    office = played(4, 5)
    claim = a_claim(office, now=at("09:00"))
    of_jht = Turn.objects.filter(state="finished", service=a_service("jht"))
    mean_before = found_in(office).services[a_service("jht").id]
    short = [turn.id for turn in of_jht if _length(turn) < 6 * _MINUTE]
    Turn.objects.filter(id__in=short).update(claim=claim)

    after = found_in(office).services[a_service("jht").id]

    assert after.minutes == mean_before.minutes
    assert after.checked.value < 6 + GAP
    assert after.checked.counted == len(short)
    assert holds(after.checked_share, len(short) / of_jht.count())


def _length(turn: Turn) -> timedelta:
    called: datetime = Event.objects.get(kind="turn.call", subject_id=turn.id).at
    assert turn.ended_at is not None
    return turn.ended_at - called


def test_of_a_new_office_the_usual_is_noted_with_wide_intervals():
    office = an_office()
    assert needs.need_of(office, MONDAY).half_hours
    assert not needs.need_of(office, MONDAY).is_estimated

    work = found_in(office)

    assert (work.days, needs.need_of(office, MONDAY).is_estimated) == (0, False)
    some = work.arrivals[a_service("jht").id, 0, 18]
    assert some.low < some.value / 2
    assert some.high > some.value * 1.5


def test_what_is_noted_is_read_again_as_it_was():
    office = played(5, 2)
    work = found_in(office)
    row = WorkRow.objects.get(office=office)
    assert row.made_on == TODAY
    assert Work.from_json(row.data).to_json() == work.to_json()
    found_in(office)
    assert WorkRow.objects.filter(office=office).count() == 1

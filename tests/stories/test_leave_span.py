"""Days read at once say the same as days read one by one, in as many statements as one takes."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from giliran import clock
from giliran.capacity import actions as capacity
from giliran.capacity import needs, span
from giliran.capacity.models import Loan
from giliran.offices import queries as offices
from giliran.offices.hours import hours_of_days
from giliran.offices.models import Break, Closure, WeeklyHours
from tests.builders import MONDAY, a_booking, a_window, an_office, an_officer, at
from tests.stories.test_leave import EARLY, TUESDAY, WEEK, a_team, asks, ill, put_down
from tests.stories.test_lending import a_pair

pytestmark = pytest.mark.django_db
AT_MOST = 40
"""Statements of the page of leaves, however many ask for however many days."""


@pytest.fixture(autouse=True)
def ten_past_seven(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: EARLY)


def a_team_of_weeks(office, officers):
    days = [day + timedelta(weeks=week) for week in range(6) for day in WEEK]
    return a_team(office, officers, days)


def statements(office, head, path="") -> int:
    client = Client()
    client.force_login(head)
    with CaptureQueriesContext(connection) as done:
        assert client.get(f"/kepala/{office.slug}/cuti/{path}").status_code == 200
    return len(done)


def test_the_page_of_five_requests_of_five_days_takes_few_statements():
    office = an_office(counters=3)
    team = a_team_of_weeks(office, 6)
    head = an_officer(office, "manager")
    statements(office, head)  # what a process reads only once
    taken = []
    for week, officer in enumerate(team[:5]):
        first = MONDAY + timedelta(weeks=week)
        asks(officer, office, first, first + timedelta(days=4))
        taken.append(statements(office, head))
    ill(team[5], office)
    taken.append(statements(office, head))

    assert max(taken) <= AT_MOST, taken
    assert max(taken) - min(taken) < len(taken), taken  # less than one for each request


def test_the_page_of_one_request_weighs_five_days_in_few_statements():
    office = an_office(counters=3)
    officer, *_ = a_team_of_weeks(office, 3)
    head = an_officer(office, "manager")
    one = asks(officer, office, MONDAY, MONDAY + timedelta(days=4))
    assert statements(office, head, f"{one.id}/") <= 320


def test_hours_read_at_once_are_the_hours_of_each_day():
    office = an_office()
    WeeklyHours.objects.create(
        office=office, weekday=2, opens=time(9), closes=time(12), since=MONDAY, until=MONDAY
    )
    WeeklyHours.objects.create(
        office=office, weekday=2, opens=time(10), closes=time(12), since=date(2026, 12, 1)
    )
    Break.objects.create(
        office=office,
        weekday=0,
        starts=time(12),
        ends=time(13),
        reason="Rapat",
        since=date(2026, 12, 7),
    )
    Closure.objects.create(office=office, day=TUESDAY, reason="Banjir")
    days = [MONDAY + timedelta(days=n) for n in range(39)]
    for closes in (True, False):
        office.closes_on_collective_leave = closes
        assert hours_of_days(office, days) == {day: offices.hours(office, day) for day in days}


def test_a_span_says_of_each_day_what_the_day_alone_says():
    office, team, neighbour, theirs = a_pair(here=3, there=3)
    for each in (office, neighbour):
        for officer in team if each == office else theirs:
            for day in WEEK[1:]:
                put_down(officer, each, day)
    ill(team[0], office)
    asked = asks(team[1], office, TUESDAY)
    capacity.approve_leave(
        asked.id, office_id=office.id, officer_id=an_officer(office, "manager").id, now=EARLY
    )
    loan = capacity.ask_loan(
        theirs[0].id,
        to_id=office.id,
        day=TUESDAY,
        asked_by_id=an_officer(office, "manager").id,
        now=EARLY,
    )
    head = an_officer(neighbour, "manager")
    capacity.accept_loan(loan.id, office_id=neighbour.id, officer_id=head.id, now=EARLY)
    assert Loan.objects.get().state == "accepted"
    days = [MONDAY + timedelta(days=n) for n in range(21)]
    for each in (office, neighbour):
        here = span.read(each, days)
        for day in days:
            assert here.is_planned(day) == needs.has_roster(each, day)
            assert here.there(day) == needs.shifts_there(each, day)
            assert here.staff(day) == needs.staff_of(each, day)
            halves = here.halves(day, here.staff(day)) if here.is_open(day) else []
            need = needs.need_of(each, day).half_hours
            assert [(one.begins, one.need) for one in halves] == [
                (one.begins, one.officers) for one in need
            ]


def test_a_promise_that_the_staff_cannot_keep_is_found_whichever_way_it_is_read():
    office = an_office(counters=1)
    offer = a_window(office, "08:00", places=10)
    for _ in range(9):
        a_booking(offer)
    [alone] = span.touched(office, MONDAY, now=EARLY)
    here = span.read(office, [MONDAY, TUESDAY])
    assert here.touched(MONDAY, here.staff(MONDAY), now=EARLY) == [alone]
    assert here.touched(TUESDAY, here.staff(TUESDAY), now=EARLY) == []
    assert here.touched(MONDAY, here.staff(MONDAY), now=at("08:30")) == []

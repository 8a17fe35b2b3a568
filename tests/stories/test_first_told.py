"""From the first day on a booked person reads when to come, and no page says another time."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from giliran.messages import actions as messages
from giliran.messages.models import Message
from giliran.outbox import post
from giliran.turns import actions as turns
from giliran.turns import learning, planned, promises
from giliran.turns.actions.reminding import due_reminders
from giliran.turns.models import Learned, Promise, Turn
from giliran.turns.wordings import word
from tests.builders import (
    MONDAY,
    a_booking,
    a_walk_in,
    a_window,
    an_office,
    at,
    at_counter,
    walk_in_places,
)

pytestmark = pytest.mark.django_db
DAYS_BEFORE = at("07:00", MONDAY - timedelta(days=3))


def booked(office, clock="09:30", *, people=6, places=6):
    window = a_window(office, clock, places=places)
    return window, [a_booking(window, now=DAYS_BEFORE) for _ in range(people)]


def times(people, *, now=DAYS_BEFORE):
    return [promises.come_at(Turn.objects.get(id=one.id), now=now) for one in people]


def test_those_of_one_window_come_one_after_the_other_in_the_order_of_booking():
    _, people = booked(an_office(counters=2))

    told = times(people)

    assert told == sorted(told)
    assert told[0] == at("09:30")
    assert at("09:40") <= told[-1] <= at("10:00")
    assert all(one.minute % 5 == 0 for one in told)


def test_many_counters_ask_everybody_for_the_beginning():
    _, people = booked(an_office(counters=6))

    assert set(times(people)) == {at("09:30")}


def test_booking_itself_plans_nothing():
    window = a_window(an_office(), "09:30")
    with CaptureQueriesContext(connection) as asked:
        a_booking(window, now=DAYS_BEFORE)

    assert not any("turns_planned" in one["sql"] for one in asked)


def test_the_time_stays_when_others_cancel_and_the_office_learns():
    office = an_office(counters=2)
    _, people = booked(office)
    before = times(people)
    turns.cancel(people[2].id, actor="citizen", now=DAYS_BEFORE)
    learned = learning.learned(office, now=DAYS_BEFORE).to_json()
    learned["minutes"] = [[one, [40.0] * 20] for one, _ in learned["minutes"]]
    Learned.objects.filter(office=office).update(data=learned)

    stayed = [one for one in people if one != people[2]]
    assert times(stayed) == [*before[:2], *before[3:]]


def test_whoever_takes_a_freed_place_comes_when_its_holder_would_have():
    window, people = booked(an_office(counters=2))
    before = times(people)
    turns.cancel(people[2].id, actor="citizen", now=DAYS_BEFORE)

    assert times([a_booking(window, now=DAYS_BEFORE)]) == [before[2]]


def test_a_turn_that_is_moved_has_the_time_of_its_new_window():
    office = an_office(counters=2)
    _, people = booked(office)
    times(people)
    later = a_window(office, "13:00")

    turns.reschedule(people[4].id, offer_id=later.id, actor="citizen", now=DAYS_BEFORE)

    assert times([people[4]]) == [at("13:00")]


def test_nobody_else_has_a_time_to_come():
    office = an_office()
    walk_in_places(office)
    turn = a_booking(a_window(office, "09:30"), now=DAYS_BEFORE)
    turns.check_in(turn.id, actor="kiosk:1", now=at("09:20"))
    gone = a_booking(a_window(office, "10:00"), now=DAYS_BEFORE)
    turns.cancel(gone.id, actor="citizen", now=DAYS_BEFORE)

    assert times([turn, gone, a_walk_in(office)], now=at("09:21")) == [None] * 3


def test_leaving_home_goes_by_the_planned_time():
    _, people = booked(an_office(counters=2))
    last = people[-1]
    turns.note_travel(last.id, 40, now=DAYS_BEFORE)

    assert promises.leave_by(last.id, now=DAYS_BEFORE) == times([last])[0] - timedelta(minutes=40)


def test_page_program_and_reminder_say_the_same_time(client, monkeypatch):
    _, people = booked(an_office(counters=2))
    last = people[-1]
    comes = times([last])[0]
    clock = f"{comes.astimezone(DAYS_BEFORE.tzinfo):%H.%M} WIB"
    eve = at("17:00", MONDAY - timedelta(days=1))
    monkeypatch.setattr("giliran.clock.now", lambda: eve)
    contact = messages.heard_from("sms", "081234567890", now=eve)
    messages.subscribe(contact, subject="turn", subject_id=last.id, now=eve)

    due_reminders(now=eve)

    [asked] = Message.objects.filter(kind="turn.tomorrow")
    page = " ".join(client.get(f"/g/{last.code}/").content.decode().split())
    program = client.get(f"/api/v1/turns/{last.code}").json()
    assert f"Datanglah pukul {clock}." in word(asked.id, "id").text
    assert f'Datang Senin, 23 November 2026 pukul <strong class="number">{clock}' in page
    assert "disimpan dari pukul 09.30 sampai 10.00 WIB" in page
    assert datetime.fromisoformat(program["come_at"]) == comes


def test_the_day_begins_with_what_was_told_and_moves_it_only_for_a_reason():
    office = an_office(counters=2)
    walk_in_places(office)
    for label in ("1", "2"):
        at_counter(office, label)
    _, people = booked(office)
    before = dict(zip([one.id for one in people], times(people), strict=True))
    for one in people:
        contact = messages.heard_from("sms", f"0812345678{one.id % 100:02}", now=DAYS_BEFORE)
        messages.subscribe(contact, subject="turn", subject_id=one.id, now=DAYS_BEFORE)

    turns.keep_promises(office.id, now=at("08:30"))

    for promised in Promise.objects.filter(turn__in=people, stage="home"):
        moved = abs(promised.come_at - before[promised.turn_id])
        assert moved == timedelta(0) or moved >= timedelta(minutes=10)
        told = Message.objects.filter(kind="turn.promise", subject_id=promised.turn_id)
        assert told.exists() == (moved > timedelta(minutes=10))
    assert times(people, now=at("08:31")) == [promises.promise_of(one.id).come_at for one in people]


def test_whoever_was_told_to_come_late_in_the_window_is_still_expected_after_that_time():
    """Until the eight of a window come, the last one who took a number has to wait for them."""
    ends, at_once, asked = [], [], []
    for told in ("09:30", "09:55"):
        office = an_office(f"kota-{told[3:]}", counters=1)
        walk_in_places(office)
        at_counter(office)
        _, people = booked(office, people=8, places=8)
        for one in people:
            planned_at(one, at(told))
        walk_ins = [a_walk_in(office, "09:55") for _ in range(6)]
        asked.append(
            promises.newcomer(
                office, service_id=people[0].service_id, is_priority=False, now=at("09:56")
            ).ends
        )
        at_once.append(turns.promise(walk_ins[-2].id, now=at("09:56")).ends)
        turns.keep_promises(office.id, now=at("09:56"))
        ends.append(promises.promise_of(walk_ins[-1].id).ends)

    for early, late in (ends, at_once, asked):
        assert late > early


def planned_at(turn, moment):
    planned.come_at(turn, now=DAYS_BEFORE)
    turn.planned.come_at = moment
    turn.planned.save()


def test_what_is_learned_of_lateness_is_held_against_the_time_that_was_told():
    office = an_office(counters=2)
    walk_in_places(office)
    _, people = booked(office)
    for one in people:
        planned_at(one, at("09:50"))
        turns.check_in(one.id, actor="kiosk:1", now=at("09:50"))

    learned = learning.learn_from_days(office, MONDAY + timedelta(days=1))

    assert learned.lateness.count(0.0) == len(people) + 1  # one is among the usual ones
    assert 20.0 not in learned.lateness


def test_asking_the_worker_again_costs_one_statement_and_no_refusal():
    with CaptureQueriesContext(connection) as first:
        post("turns.keep_promises", key="turns.keep_promises:1", office_id=1)
    with CaptureQueriesContext(connection) as again:
        post("turns.keep_promises", key="turns.keep_promises:1", office_id=1)

    assert len(first) > 1
    assert len(again) == 1
    assert "SAVEPOINT" not in again[0]["sql"]

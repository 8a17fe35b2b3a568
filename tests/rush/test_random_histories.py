"""Whatever people and officers do, in whatever order, the promises hold after every step."""

from collections import Counter as Tally
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from giliran.capacity import actions as capacity
from giliran.capacity.models import CounterOpening, Offer
from giliran.core.refusal import Refusal
from giliran.core.turn import AT_A_COUNTER, OPEN, State
from giliran.journal.models import Event
from giliran.offices.models import Counter, Office, Service
from giliran.people.models import Citizen, Officer
from giliran.turns import actions as turns
from giliran.turns import queries
from giliran.turns.models import LastNumber, Turn
from tests.builders import (
    MONDAY,
    a_nik,
    a_window,
    an_office,
    an_officer,
    at,
    somebody,
    walk_in_places,
)

NIKS = [a_nik(serial) for serial in (1, 2, 3, 4, 5)]
TABLES = (Turn, Offer, LastNumber, CounterOpening)

services = st.sampled_from(["jht", "jkm"])
some = st.integers(0, 30)
"""Stands for one of the rows that there are by then."""


class OfficeDays(RuleBasedStateMachine):
    """Two offices, few places, five people and three officers, all as contrary as can be."""

    def __init__(self):
        super().__init__()
        self.world = transaction.atomic()
        self.world.__enter__()
        self.now = at("07:45")
        self.keys = []
        self.offices = ids(Office)
        self.counters = ids(Counter)
        self.officers = ids(Officer)
        self.services = dict(Service.objects.values_list("code", "id"))
        self.serves = {
            counter: set(Service.objects.filter(counters=counter).values_list("id", flat=True))
            for counter in self.counters
        }
        self.office_of = dict(Counter.objects.values_list("id", "office_id"))
        self.look()

    def teardown(self):
        connection.check_constraints()
        transaction.set_rollback(True)
        self.world.__exit__(None, None, None)

    @initialize(which=st.sampled_from(["accumulating", "first_come", "strict_priority"]))
    def an_office_chooses_its_policy(self, which):
        Office.objects.update(calling_policy=which)

    # What people and officers do.

    @rule(nik=st.sampled_from(NIKS), offer=some, service=services, is_priority=st.booleans())
    def book(self, nik, offer, service, is_priority):
        key = uuid4()
        turn = self.attempt(
            turns.book,
            somebody(nik),
            offer_id=one(self.offers, offer)["id"],
            service_id=self.services[service],
            request_key=key,
            is_priority=is_priority,
            channel="web",
            actor="citizen",
        )
        if turn:
            self.keys.append((key, nik, turn.id))

    @rule(which=some)
    def send_the_same_request_again(self, which):
        if not self.keys:
            return
        key, nik, turn_id = self.keys[which % len(self.keys)]
        before = self.seen
        again = self.attempt(
            turns.book,
            somebody(nik),
            offer_id=one(self.offers, which)["id"],
            service_id=self.services["jht"],
            request_key=key,
            is_priority=False,
            channel="web",
            actor="citizen",
        )
        assert again is None or again.id == turn_id
        assert self.seen == before

    @rule(service=services, nik=st.sampled_from([None, *NIKS]), is_priority=st.booleans())
    def take_number(self, service, nik, is_priority):
        self.attempt(
            turns.take_number,
            office_id=self.offices[0],
            service_id=self.services[service],
            request_key=uuid4(),
            is_priority=is_priority,
            who=somebody(nik) if nik else None,
            channel="kiosk",
            actor="kiosk:1",
        )

    @rule(turn=some, offer=some)
    def reschedule(self, turn, offer):
        self.on_a_turn(
            turns.reschedule, turn, offer_id=one(self.offers, offer)["id"], actor="citizen"
        )

    @rule(turn=some)
    def cancel(self, turn):
        self.on_a_turn(turns.cancel, turn, actor="citizen")

    @rule(turn=some, office=some)
    def check_in(self, turn, office):
        self.on_a_turn(turns.check_in, turn, office_id=one(self.offices, office), actor="kiosk:1")

    @rule(turn=some)
    def leave(self, turn):
        self.on_a_turn(turns.leave, turn, actor="citizen")

    @rule(turn=some, nik=st.sampled_from(NIKS))
    def identify(self, turn, nik):
        self.on_a_turn(
            turns.identify, turn, somebody(nik), office_id=self.offices[0], actor="officer:1"
        )

    @rule(officer=some, counter=some)
    def open_counter(self, officer, counter):
        self.attempt(
            capacity.open_counter,
            one(self.counters, counter),
            officer_id=one(self.officers, officer),
        )

    @rule(officer=some, counter=some)
    def close_counter(self, officer, counter):
        self.attempt(
            capacity.close_counter,
            one(self.counters, counter),
            officer_id=one(self.officers, officer),
        )

    @rule(seat=some)
    def call(self, seat):
        sitting = [opening for opening in self.openings if opening["closed_at"] is None]
        if not sitting:
            return
        officer, counter = (one(sitting, seat)[key] for key in ("officer_id", "counter_id"))
        waited = any(
            turn["counter_id"] == counter
            or (turn["counter_id"] is None and turn["service_id"] in self.serves[counter])
            for turn in self.turns
            if turn["state"] == State.WAITING and turn["office_id"] == self.office_of[counter]
        )
        busy = any(
            turn["counter_id"] == counter for turn in self.turns if turn["state"] in AT_A_COUNTER
        )
        called = self.attempt(turns.call_next, counter, officer_id=officer)
        assert (called is not None) == (waited and not busy)

    @rule(verb=st.sampled_from(["start", "finish", "no_show", "park", "call_again"]), officer=some)
    def press(self, verb, officer):
        self.attempt(getattr(turns, verb), officer_id=one(self.officers, officer))

    @rule(officer=some, service=st.none() | services, counter=st.none() | some)
    def transfer(self, officer, service, counter):
        self.attempt(
            turns.transfer,
            officer_id=one(self.officers, officer),
            service_id=service and self.services[service],
            counter_id=counter and one(self.counters, counter),
        )

    @rule(turn=some, officer=some)
    def take_back(self, turn, officer):
        self.on_a_turn(turns.take_back, turn, officer_id=one(self.officers, officer))

    @rule(turn=some)
    def rejoin(self, turn):
        self.on_a_turn(turns.rejoin, turn, office_id=self.offices[0], actor="officer:1")

    @rule(office=some)
    def close_day(self, office):
        office_id = one(self.offices, office)
        self.attempt(turns.close_day, office_id, MONDAY, actor="system")
        assert not any(t["state"] in OPEN for t in self.turns if t["office_id"] == office_id)

    @rule(offer=some, places=st.integers(0, 4))
    def set_places(self, offer, places):
        chosen = one(self.offers, offer)
        self.attempt(
            capacity.set_places,
            chosen["id"],
            places,
            office_id=chosen["office_id"],
            actor="officer:1",
        )

    @rule(offer=some, is_open=st.booleans())
    def set_open(self, offer, is_open):
        chosen = one(self.offers, offer)
        self.attempt(
            capacity.set_open,
            [chosen["id"]],
            office_id=chosen["office_id"],
            is_open=is_open,
            actor="officer:1",
        )

    @rule(minutes=st.integers(1, 40))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)

    # What must be true after each of it.

    @invariant()
    def places_taken_are_places_held(self):
        """Only a cancelled booking gives its place back; who came, or was missed, has used it."""
        held = Tally(
            turn["offer_id"]
            for turn in self.turns
            if turn["state"] != State.CANCELLED or turn["arrived_at"]
        )
        for offer in self.offers:
            assert offer["taken"] == held[offer["id"]] <= offer["places"]

    @invariant()
    def a_person_has_one_open_turn_per_service(self):
        known = [turn for turn in self.turns if turn["citizen_id"] and turn["state"] in OPEN]
        assert most(known, "citizen_id", "service_id") <= 1

    @invariant()
    def a_counter_has_one_person(self):
        there = [turn for turn in self.turns if turn["state"] in AT_A_COUNTER]
        assert most(there, "counter_id") <= 1

    @invariant()
    def numbers_are_given_once_and_without_a_gap(self):
        given = [turn for turn in self.turns if turn["number"]]
        assert most(given, "office_id", "day", "number") <= 1
        letters = Tally((turn["office_id"], turn["day"], turn["number"][0]) for turn in given)
        assert letters == {
            (row["office_id"], row["day"], row["letter"]): row["last"] for row in self.last_numbers
        }

    @invariant()
    def the_history_tells_the_same(self):
        assert not [said for _, said in queries.differences_from_history() if said]

    @invariant()
    def a_turn_is_whole(self):
        for turn in self.turns:
            assert (turn["arrived_at"] is None) == (turn["number"] is None)
            assert (turn["state"] in OPEN) == (turn["ended_at"] is None)
            assert turn["state"] != State.PARKED or turn["counter_id"] is None
            assert self.office_of.get(turn["counter_id"], turn["office_id"]) == turn["office_id"]

    # How it is done.

    def attempt(self, action, *arguments, **named):
        """Do it, or be refused and see that nothing at all has changed."""
        before = self.seen
        try:
            done = action(*arguments, now=self.now, **named)
        except Refusal:
            self.look()
            assert self.seen == before
            return None
        self.look()
        return done

    def on_a_turn(self, action, which, *arguments, **named):
        if self.turns:
            self.attempt(action, one(self.turns, which)["id"], *arguments, **named)

    def look(self):
        """Read the whole database: rows of what changes, and how long the rest is."""
        rows = [list(table.objects.order_by("id").values()) for table in TABLES]
        self.turns, self.offers, self.last_numbers, self.openings = rows
        self.seen = rows, Event.objects.count(), Citizen.objects.count()


def ids(table):
    return list(table.objects.order_by("id").values_list("id", flat=True))


def one(rows, which):
    return rows[which % len(rows)]


def most(turns_found, *columns):
    """Return how many have the same columns, at most."""
    same = Tally(tuple(turn[column] for column in columns) for turn in turns_found)
    return max(same.values(), default=0)


@pytest.mark.django_db
def test_any_history_of_an_office_day_keeps_every_promise():
    first, second = an_office("serang", counters=2), an_office("cilegon", counters=1)
    Counter.objects.get(office=first, label="2").services.set(Service.objects.filter(code="jkm"))
    for office in (first, second):
        a_window(office, "09:30", places=2)
        a_window(office, "10:00", places=1)
    walk_in_places(first, places=4)
    for office in (first, first, second):
        an_officer(office)
    run_state_machine_as_test(
        OfficeDays,
        settings=settings(
            max_examples=12,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            # Shortening a history that fails takes minutes: without this line it is done.
            phases=[Phase.reuse, Phase.generate],
        ),
    )

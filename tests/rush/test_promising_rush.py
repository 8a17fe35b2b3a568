"""Many workers and kiosks at once: each person is promised once, each call taught once."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest
from django.db import connection

from giliran.core.promise import Calibration
from giliran.turns import actions as turns
from giliran.turns.models import OfficeCalibration, Promise
from tests.builders import a_walk_in, an_office, at, at_counter, walk_in_places

pytestmark = pytest.mark.rush
WORKERS, PEOPLE = 6, 12


@pytest.fixture
def db():
    """Asks for the test database to be made, without a transaction around the test."""


def at_once(*work):
    """Run functions at once, each on a connection of its own; returns what they returned."""

    def run(one):
        try:
            return one()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(run, work))


def test_workers_and_kiosks_at_once_promise_each_person_once(db, server):
    office = an_office()
    walk_in_places(office)
    officer, counter_id = at_counter(office)
    people = [a_walk_in(office, f"08:{n:02}") for n in range(PEOPLE)]

    answers = at_once(
        *[lambda: turns.keep_promises(office.id, now=at("08:15"))] * WORKERS,
        *[lambda one=one: turns.promise(one.id, now=at("08:15")) for one in people],
    )

    firsts = Promise.objects.filter(turn__in=people, stage="here", is_first=True)
    assert sorted(firsts.values_list("turn_id", flat=True)) == [one.id for one in people]
    for person, answer in zip(people, answers[WORKERS:], strict=True):
        assert Promise.objects.filter(turn=person, begins=answer.begins, ends=answer.ends).exists()

    for n in range(5):
        turns.call_next(counter_id, officer_id=officer.id, now=at("08:16") + n * MINUTES)
        turns.no_show(officer_id=officer.id, now=at("08:17") + n * MINUTES)
    at_once(*[lambda: turns.keep_promises(office.id, now=at("08:40"))] * WORKERS)

    stored = OfficeCalibration.objects.get(office=office)
    assert len(stored.data["all"]) == 5
    assert Calibration.from_json(stored.data).to_json() == stored.data
    assert firsts.filter(settled_at=at("08:40")).count() == 5


MINUTES = timedelta(minutes=4)


def test_a_new_promise_rings_the_bell_of_that_persons_page(db, server):
    office = an_office("cilegon")
    walk_in_places(office)
    at_counter(office)
    people = [a_walk_in(office, f"08:0{n}") for n in range(3)]
    with psycopg.connect(server.database_url, autocommit=True) as bell:
        bell.execute("LISTEN giliran")

        turns.keep_promises(office.id, now=at("08:15"))

        rung = [json.loads(one.payload) for one in bell.notifies(timeout=5, stop_after=3)]
    assert {one["turn"] for one in rung} == {person.code for person in people}
    assert {(one["move"], one["office"]) for one in rung} == {("promise", office.id)}
    assert len({one["id"] for one in rung}) == 3  # readers tell events apart by it

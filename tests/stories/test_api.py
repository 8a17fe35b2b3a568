"""The public JSON refuses in plain sentences and changes nothing."""

import json
from uuid import uuid4

import pytest
from django.test import Client

from giliran.turns import actions as turns
from giliran.turns.models import Turn
from tests.builders import (
    PASSWORD,
    a_nik,
    a_walk_in,
    a_window,
    an_office,
    an_officer,
    at,
    at_counter,
    walk_in_places,
)

pytestmark = pytest.mark.django_db


def post(client, path, body=None, **headers):
    return client.post(
        f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json", headers=headers
    )


def logged_in(client, officer):
    post(client, "session", {"username": officer.username, "password": PASSWORD})


@pytest.fixture
def open_office(monkeypatch):
    """An office with places, at half past eight on the test's Monday."""
    monkeypatch.setattr("giliran.clock.now", lambda: at("08:30"))
    office = an_office()
    walk_in_places(office)
    return office


def a_request(window, **fields):
    return {
        "window": window.id,
        "service": "jht",
        "nik": a_nik(),
        "name": "Siti Aminah",
        "request_key": str(uuid4()),
        **fields,
    }


@pytest.mark.parametrize(
    ("wrong", "field", "status"),
    [
        ({"nik": "123"}, "nik", 422),
        ({"nik": "3673019908850001"}, "nik", 422),
        ({"name": "   "}, "name", 422),
        ({"phone": "12"}, "phone", 422),
        ({"window": "9"}, "window", 422),
        ({"window": 999_999_999}, None, 409),
        ({"service": "xyz"}, None, 404),
        ({"request_key": "once"}, "request_key", 422),
        ({"needs": ["crown"]}, "needs", 422),
        ({"is_priority": "yes"}, "is_priority", 422),
        ({"name": "a\x00b"}, None, 422),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_booked(client, open_office, wrong, field, status):
    answer = post(client, "turns", {**a_request(a_window(open_office)), **wrong})

    assert answer.status_code == status
    assert answer.json()["sentence"]
    if field:
        assert answer.json()["field"] == field
    assert not Turn.objects.exists()


def test_numbers_are_given_only_at_the_door(client, open_office):
    body = {"service": "jht", "request_key": str(uuid4())}

    assert post(client, "offices/serang/tickets", body).status_code == 403
    answer = post(client, "offices/serang/tickets", body, **{"X-Kiosk-Token": "guessed"})
    assert answer.status_code == 404
    assert not Turn.objects.exists()


def test_a_session_alone_moves_nothing(client, open_office):
    officer, counter_id = at_counter(open_office)
    a_walk_in(open_office)
    logged_in(client, officer)

    assert post(client, f"counters/{counter_id}/next").status_code == 403
    answer = post(client, f"counters/{counter_id}/next", **{"X-Requested-With": "giliran"})
    assert answer.json()["turn"]["number"] == "A001"


def test_a_counter_with_somebody_at_it_stays_open(client, open_office):
    officer, counter_id = at_counter(open_office)
    a_walk_in(open_office)
    turns.call_next(counter_id, officer_id=officer.id, now=at("08:31"))
    logged_in(client, officer)

    answer = post(client, f"counters/{counter_id}/close", **{"X-Requested-With": "giliran"})

    assert answer.status_code == 409
    assert answer.json()["refusal"] == "counter_busy"


def test_guessing_passwords_is_slowed_down(client, open_office):
    officer = an_officer(open_office)
    for _ in range(5):
        wrong = post(client, "session", {"username": officer.username, "password": "wrong"})
        assert wrong.status_code == 403

    answer = post(client, "session", {"username": officer.username, "password": PASSWORD})

    assert answer.status_code == 429


def test_an_officer_of_another_office_calls_nobody(open_office):
    stranger = an_officer(an_office("cilegon"))
    _, counter_id = at_counter(open_office)
    client = Client()
    logged_in(client, stranger)

    answer = post(client, f"counters/{counter_id}/open", **{"X-Requested-With": "giliran"})

    assert answer.status_code == 403


def test_other_programs_may_ask_in_english_but_a_phone_shows_indonesian(client, open_office):
    page = client.get("/", headers={"Accept-Language": "en"})
    answer = client.get("/api/v1/turns/22222222", headers={"Accept-Language": "en"})

    assert page.headers["Content-Language"] == "id"
    assert answer.headers["Content-Language"] == "en"

"""Everybody wants the same place at the same moment: the database keeps the promise."""

import asyncio
import random
from collections import Counter as Tally
from uuid import uuid4

import pytest

from giliran import clock
from giliran.capacity.models import Offer
from giliran.core.turn import OPEN
from giliran.journal.models import Event
from giliran.people.models import Citizen
from giliran.turns import queries
from giliran.turns.models import Turn
from tests.builders import a_kiosk, a_nik, a_window, an_office, at, walk_in_places
from tests.rush.crowd import rush

pytestmark = [pytest.mark.rush, pytest.mark.alone]


@pytest.fixture(autouse=True)
def monday_morning(server):
    clock.set_simulation(at("07:30"), speed=1)


def assert_promises_kept():
    """Hold what must be true of the whole database, whatever the clients did."""
    for offer in Offer.objects.all():
        holders = Turn.objects.filter(offer=offer).exclude(state="cancelled").count()
        assert offer.taken == holders <= offer.places
    assert not [said for _, said in queries.differences_from_history() if said]


def at_once(*requests):
    return asyncio.gather(*requests)


def test_of_32_clients_at_one_window_exactly_as_many_get_in_as_there_are_places(server):
    window = a_window(an_office("satu-jam"), places=10)

    answers = rush(
        server.url,
        lambda crowd: at_once(*(crowd.book(window.id, nik=a_nik(n)) for n in range(1, 33))),
    )

    window.refresh_from_db()
    told = Tally((answer.status, answer.refusal) for answer in answers)
    assert told == {(201, None): 10, (409, "no_place_left"): 22}
    assert window.taken == Turn.objects.filter(offer=window).count() == 10
    codes = {answer.body["code"] for answer in answers if answer.status == 201}
    assert codes == set(Turn.objects.filter(offer=window).values_list("code", flat=True))
    # Who got nothing left nothing behind, not even having been met.
    assert Citizen.objects.filter(turns=None).count() == 0
    assert_promises_kept()


def test_one_person_who_asks_from_32_places_at_once_gets_one_turn(server):
    window = a_window(an_office("satu-orang"), places=40)

    answers = rush(
        server.url,
        lambda crowd: at_once(*(crowd.book(window.id, nik=a_nik(100)) for _ in range(32))),
    )

    window.refresh_from_db()
    told = Tally((answer.status, answer.refusal) for answer in answers)
    assert told == {(201, None): 1, (409, "already_has_turn"): 31}
    assert window.taken == 1
    assert_promises_kept()


def test_one_request_sent_32_times_at_once_makes_one_turn_and_answers_alike(server):
    window = a_window(an_office("satu-kunci"), places=40)
    key = str(uuid4())

    answers = rush(
        server.url,
        lambda crowd: at_once(*(crowd.book(window.id, nik=a_nik(200), key=key) for _ in range(32))),
    )

    window.refresh_from_db()
    assert [answer.status for answer in answers] == [201] * 32
    assert all(answer.body == answers[0].body for answer in answers)
    assert window.taken == Turn.objects.filter(request_key=key).count() == 1
    assert_promises_kept()


def test_a_repeated_request_for_the_last_place_is_answered_with_the_turn_it_made(server):
    window = a_window(an_office("tempat-terakhir"), places=1)
    key = str(uuid4())

    answers = rush(
        server.url,
        lambda crowd: at_once(*(crowd.book(window.id, nik=a_nik(210), key=key) for _ in range(32))),
    )

    assert [answer.status for answer in answers] == [201] * 32
    assert len({answer.body["code"] for answer in answers}) == 1
    assert_promises_kept()


def test_80_tickets_at_once_are_80_numbers_without_a_gap(server):
    office = an_office("banyak-nomor")
    walk_in_places(office, places=80)
    token = a_kiosk(office).token

    answers = rush(
        server.url,
        lambda crowd: at_once(*(crowd.take_number(office.slug, token) for _ in range(80))),
    )

    assert [answer.status for answer in answers] == [201] * 80
    numbers = sorted(answer.body["number"] for answer in answers)
    assert numbers == [f"A{n:03}" for n in range(1, 81)]
    assert_promises_kept()


def test_80_tickets_at_once_for_50_places_leave_no_gap_and_count_who_was_sent_home(server):
    office = an_office("habis")
    walk_in_places(office, places=50)
    token = a_kiosk(office).token

    answers = rush(
        server.url,
        lambda crowd: at_once(*(crowd.take_number(office.slug, token) for _ in range(80))),
    )

    told = Tally((answer.status, answer.refusal) for answer in answers)
    assert told == {(201, None): 50, (409, "no_walk_in_place_left"): 30}
    numbers = sorted(answer.body["number"] for answer in answers if answer.status == 201)
    assert numbers == [f"A{n:03}" for n in range(1, 51)]
    assert Event.objects.filter(kind="door.turned_away", office_id=office.id).count() == 30
    assert_promises_kept()


def test_one_ticket_asked_for_32_times_at_once_is_one_number(server):
    office = an_office("satu-karcis")
    walk_in_places(office, places=40)
    token, key = a_kiosk(office).token, str(uuid4())

    answers = rush(
        server.url,
        lambda crowd: at_once(*(crowd.take_number(office.slug, token, key=key) for _ in range(32))),
    )

    assert {(answer.status, answer.body.get("number")) for answer in answers} == {(201, "A001")}
    assert_promises_kept()


def test_swapping_giving_back_and_asking_at_once_loses_no_place_and_never_blocks(server):
    office = an_office("tukar")
    one, other = a_window(office, "09:30", places=24), a_window(office, "10:00", places=24)

    async def story(crowd):
        first = await at_once(
            *(crowd.book(one.id, nik=a_nik(300 + n)) for n in range(20)),
            *(crowd.book(other.id, nik=a_nik(320 + n)) for n in range(20)),
        )
        codes = [answer.body["code"] for answer in first]
        there = [crowd.post(f"turns/{code}/move", window=other.id) for code in codes[:20]]
        back = [crowd.post(f"turns/{code}/move", window=one.id) for code in codes[20:]]
        there_again = [crowd.post(f"turns/{code}/move", window=other.id) for code in codes[10:30]]
        given_back = [crowd.post(f"turns/{code}/cancel") for code in codes[5:25]]
        asked = [
            crowd.book(window.id, nik=a_nik(340 + n)) for n, window in enumerate([one, other] * 10)
        ]
        mixed = [*there, *back, *there_again, *given_back, *asked]
        random.Random(11).shuffle(mixed)
        return await at_once(*mixed)

    answers = rush(server.url, story)

    told = Tally((answer.status, answer.refusal) for answer in answers)
    assert set(told) <= {
        (200, None),
        (201, None),
        (409, "no_place_left"),
        (409, "move_not_allowed"),
    }
    assert Turn.objects.filter(office=office, state="cancelled").count() == 20
    for window in (one, other):
        window.refresh_from_db()
        assert window.taken == Turn.objects.filter(offer=window, state__in=OPEN).count()
    assert_promises_kept()


def test_people_who_swap_two_full_windows_are_refused_or_moved_but_never_stuck(server):
    office = an_office("penuh")
    one, other = a_window(office, "09:30", places=16), a_window(office, "10:00", places=17)

    async def story(crowd):
        first = await at_once(
            *(crowd.book(one.id, nik=a_nik(400 + n)) for n in range(16)),
            *(crowd.book(other.id, nik=a_nik(420 + n)) for n in range(16)),
        )
        codes = [answer.body["code"] for answer in first]
        return await at_once(
            *(
                crowd.post(f"turns/{code}/move", window=window.id)
                for here, there in zip(codes[:16], codes[16:], strict=True)
                for code, window in ((here, other), (there, one))
            )
        )

    answers = rush(server.url, story)

    told = Tally((answer.status, answer.refusal) for answer in answers)
    assert set(told) <= {(200, None), (409, "no_place_left")}
    assert told[200, None] >= 1
    assert Turn.objects.filter(office=office, state="booked").count() == 32
    assert_promises_kept()


def test_nonsense_from_32_clients_at_once_is_refused_by_name_and_changes_nothing(server):
    window = a_window(an_office("salah-isi"), places=40)
    good = {
        "window": window.id,
        "service": "jht",
        "nik": a_nik(500),
        "name": "Siti Aminah",
        "request_key": str(uuid4()),
    }
    nonsense = [
        ({**good, "nik": "123"}, 422),
        ({**good, "nik": "9" * 16}, 422),
        ({**good, "nik": None}, 422),
        ({**good, "name": "<>\x00"}, 422),
        ({**good, "name": "A" * 100_000}, 422),
        ({**good, "phone": "belum punya"}, 422),
        ({**good, "window": "satu"}, 422),
        ({**good, "window": True}, 422),
        ({**good, "window": 2**70}, 422),
        ({**good, "window": -1}, 409),
        ({**good, "service": "sulap"}, 404),
        ({**good, "service": "jht\x00"}, 422),
        ({**good, "service": "jht\ud800"}, 422),
        ({**good, "request_key": "kunci"}, 422),
        ({**good, "needs": ["diagnosis"]}, 422),
        ({**good, "is_priority": "ya"}, 422),
        ({}, 422),
    ]
    raw = [b"{", b"[]", b"\xff\xfe", b"null", b"[" * 50_000, b" " * 300_000]
    before = Turn.objects.count(), Event.objects.count(), Citizen.objects.count()

    async def story(crowd):
        wrong_bodies = (crowd.post("turns", **body) for body, _ in nonsense * 2)
        not_objects = (crowd.post("turns", raw=content) for content in raw)
        return await at_once(*wrong_bodies), await at_once(*not_objects)

    answers, not_objects = rush(server.url, story)

    told = [(body, answer.status) for (body, _), answer in zip(nonsense * 2, answers, strict=True)]
    assert told == nonsense * 2
    assert [answer.status for answer in not_objects] == [400] * len(raw)
    assert all(answer.refusal for answer in [*answers, *not_objects])
    window.refresh_from_db()
    assert window.taken == 0
    assert (Turn.objects.count(), Event.objects.count(), Citizen.objects.count()) == before

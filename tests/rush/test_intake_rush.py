"""Everybody applies at once, also in the last second: nobody is lost, nobody is drawn twice."""

import asyncio
import random
import threading
from collections import Counter as Tally
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connections
from django.db.models import Count, F

from giliran import clock
from giliran.capacity.models import Offer
from giliran.core.turn import OPEN
from giliran.journal.models import Event
from giliran.offices.models import Region
from giliran.turns import actions as turns
from giliran.turns import queries
from giliran.turns.models import Application, Entry, Round, Turn
from tests.builders import MONDAY, a_drawing_office, a_nik, an_application, at, draw_now
from tests.rush.crowd import rush

pytestmark = [pytest.mark.rush, pytest.mark.alone]
TUESDAY = MONDAY + timedelta(days=1)
CLOSING = at("17:00")


@pytest.fixture
def region(server):
    """A region of its own for each test, and no open application when it ends."""
    clock.set_simulation(at("09:00"), speed=1)
    name = f"wilayah-{uuid4().hex[:8]}"
    yield Region.objects.create(slug=name, name=name)
    Application.objects.filter(state="open").update(state="withdrawn")


def at_once(*requests):
    return asyncio.gather(*requests)


def assert_promises_kept(region):
    """Hold what must be true of the region, whatever the clients did."""
    windows = Offer.objects.filter(office__region=region)
    for offer in windows:
        holders = Turn.objects.filter(offer=offer).exclude(state="cancelled").count()
        assert offer.taken == holders
        assert offer.taken + offer.held <= offer.places
    assert not [said for _, said in queries.differences_from_history() if said]
    of_one_person = Turn.objects.filter(state__in=OPEN).values("citizen", "service")
    assert not of_one_person.annotate(n=Count("id")).filter(n__gt=1).exists()
    won = Application.objects.filter(region=region, state="placed")
    assert not won.exclude(turn__citizen=F("citizen")).exists()
    for application in Application.objects.filter(region=region):
        noted = Event.objects.filter(kind="application.apply", subject_id=application.id)
        assert noted.count() == 1


def alone(act):
    """Do something in a thread of its own, and leave no connection behind."""
    try:
        return act()
    finally:
        connections.close_all()


def in_a_thread(act):
    """Do something beside the clients, as the clockwork's process does."""
    return asyncio.get_running_loop().run_in_executor(None, alone, act)


def keep_rounds_until(region, moment):
    """Seal, draw and open the region's rounds all the time, and say what went wrong."""
    while clock.now() < moment:
        turns.keep_rounds(region, fetch=lambda _: None, now=clock.now())


def test_one_person_who_applies_from_32_places_at_once_is_in_the_draw_once(server, region):
    office = a_drawing_office("satu-pemohon", region=region)

    answers = rush(
        server.url,
        lambda crowd: at_once(*(crowd.apply(office.slug, nik=a_nik(100)) for _ in range(32))),
    )

    told = Tally((answer.status, answer.refusal) for answer in answers)
    assert told == {(201, None): 1, (409, "already_applied"): 31}
    [answer] = [answer for answer in answers if answer.status == 201]
    assert Application.objects.get(region=region).code == answer.body["code"]
    assert_promises_kept(region)


def test_one_request_sent_32_times_at_once_makes_one_application_and_answers_alike(server, region):
    office = a_drawing_office("satu-permohonan", region=region)
    key = str(uuid4())

    answers = rush(
        server.url,
        lambda crowd: at_once(
            *(crowd.apply(office.slug, nik=a_nik(200), key=key) for _ in range(32))
        ),
    )

    assert [answer.status for answer in answers] == [201] * 32
    assert all(answer.body == answers[0].body for answer in answers)
    assert Application.objects.filter(region=region).count() == 1
    assert_promises_kept(region)


def test_who_applies_or_books_at_once_gets_one_of_both_or_the_draw_passes_them_over(server, region):
    """The booking of a leftover and the application of one person race; the draw settles it."""
    office = a_drawing_office("dua-jalan", region=region, places=40, windows=("09:00",))
    draw_now(region)
    clock.set_simulation(at("18:00"), speed=1)
    window = Offer.objects.get(office=office)
    niks = [a_nik(n) for n in range(300, 332)]

    answers = rush(
        server.url,
        lambda crowd: at_once(
            *(crowd.book(window.id, nik=nik) for nik in niks),
            *(crowd.apply(office.slug, nik=nik) for nik in niks),
        ),
    )

    assert {answer.status for answer in answers} <= {201, 409}
    assert Turn.objects.filter(offer=window).count() == 32
    draw_now(region, day=TUESDAY)
    assert_promises_kept(region)
    assert not Application.objects.filter(region=region, state="placed").exists()


def test_in_the_last_second_everybody_is_in_exactly_the_draw_they_were_promised(server, region):
    """Many are being answered at the very moment when the list is read, sealed and drawn."""
    office = a_drawing_office("detik-terakhir", region=region, places=20, days=2)
    # A list that takes a while to seal.
    before = [an_application(office, nik=a_nik(900 + n), any_near=True).code for n in range(50)]

    async def story(crowd):
        clock.set_simulation(CLOSING - timedelta(seconds=0.7), speed=1)
        keeper = in_a_thread(lambda: keep_rounds_until(region, CLOSING + timedelta(seconds=0.5)))

        async def apply(nik):
            await asyncio.sleep(random.uniform(0, 1.2))
            return nik, await crowd.apply(office.slug, nik=nik)

        answers = await at_once(*(apply(a_nik(1000 + n)) for n in range(70)))
        await keeper
        return answers

    answers = rush(server.url, story)

    assert {answer.status for _, answer in answers} == {201}
    promised = Tally(answer.body["known_by"] for _, answer in answers)
    assert set(promised) == {CLOSING.isoformat(), at("17:00", TUESDAY).isoformat()}
    turns.keep_rounds(region, fetch=lambda _: None, now=at("17:00", TUESDAY))
    first, second, _open = Round.objects.filter(region=region).order_by("serial")
    assert (first.closes_at, second.closes_at) == (CLOSING, at("17:00", TUESDAY))
    in_first, in_second = (
        set(Entry.objects.filter(round=found).values_list("application__code", flat=True))
        for found in (first, second)
    )
    for _, answer in answers:
        first_chance = datetime.fromisoformat(answer.body["known_by"])
        assert (answer.body["code"] in in_first) == (first_chance == CLOSING)
    # And whoever didn't win then is in the next, as nobody has to do anything for.
    won_first = set(
        Entry.objects.filter(round=first, offer__isnull=False).values_list(
            "application__code", flat=True
        )
    )
    assert in_second == {*before, *(answer.body["code"] for _, answer in answers)} - won_first
    assert_promises_kept(region)


def test_sealing_waits_for_who_is_being_answered(server, region, monkeypatch):
    office = a_drawing_office("sedang-dijawab", region=region)
    opened = turns.open_round(region, now=at("09:00"))
    is_in_the_middle, may_go_on = threading.Event(), threading.Event()

    def slow_code():
        is_in_the_middle.set()
        assert may_go_on.wait(20)
        return "K7QM3XPA"

    monkeypatch.setattr("giliran.turns.actions.applying.new_code", slow_code)
    with ThreadPoolExecutor(2) as two:
        answered = two.submit(alone, lambda: an_application(office, now=at("16:59:59")))
        assert is_in_the_middle.wait(20)
        sealed = two.submit(alone, lambda: turns.seal_round(opened.id, now=CLOSING))
        with pytest.raises(TimeoutError):
            sealed.result(timeout=0.5)
        may_go_on.set()
        application = answered.result(20)
        assert sealed.result(20).applications == 1

    assert Entry.objects.get(round=opened).application_id == application.id


def test_while_the_draw_runs_people_cancel_book_and_decline_and_no_window_is_overbooked(
    server, region
):
    office = a_drawing_office("ramai", region=region, places=6, days=3)
    for n in range(40):
        an_application(office, nik=a_nik(2000 + n), any_near=True, stands_by=n % 2 == 0)
    draw_now(region)
    for n in range(40):
        an_application(
            office,
            nik=a_nik(2100 + n),
            any_near=True,
            stands_by=n % 3 == 0,
            now=at("12:00", TUESDAY),
        )
    won = list(Application.objects.filter(region=region, state="placed").select_related("turn"))
    windows = Offer.objects.filter(office=office)
    window = max(windows, key=lambda offer: offer.left)
    assert window.left
    closing = at("17:00", TUESDAY)
    until = closing + timedelta(seconds=1.5)

    async def story(crowd):
        clock.set_simulation(closing - timedelta(seconds=1), speed=1)
        workers = [
            in_a_thread(lambda: keep_rounds_until(region, until)),
            in_a_thread(lambda: fill_until(office, until)),
        ]

        async def at_a_moment(request, *args, **body):
            await asyncio.sleep(random.uniform(0, 2))
            return await request(*args, **body)

        answers = await at_once(
            *(at_a_moment(crowd.post, f"turns/{one.turn.code}/cancel") for one in won[::3]),
            *(at_a_moment(crowd.post, f"applications/{one.code}/decline") for one in won[1::3]),
            # Half of them are in the draw at the same time.
            *(at_a_moment(crowd.book, window.id, nik=a_nik(2120 + n)) for n in range(40)),
            *(at_a_moment(crowd.apply, office.slug, nik=a_nik(2300 + n)) for n in range(30)),
        )
        await asyncio.gather(*workers)
        return answers

    answers = rush(server.url, story)

    assert {answer.status for answer in answers} <= {200, 201, 409}
    assert_promises_kept(region)
    [opened] = Round.objects.filter(region=region, state="open")
    drawn = Round.objects.filter(region=region, state="drawn")
    assert drawn.count() == opened.serial - 1 == 2
    for found in drawn:
        given = Event.objects.filter(
            kind="turn.book", actor=f"draw:{found.serial}", office_id=office.id
        )
        assert found.placed == given.count() > 0


def fill_until(office, moment):
    while clock.now() < moment:
        turns.fill_held(office.id, now=clock.now())


def test_four_who_fill_freed_places_at_once_give_each_place_once(server, region):
    office = a_drawing_office("siap", region=region, places=12, windows=("13:00",))
    for n in range(40):
        an_application(office, nik=a_nik(3000 + n), any_near=True, stands_by=True)
    draw_now(region)
    won = Application.objects.filter(region=region, state="placed")
    for application in list(won[:10]):
        turns.cancel(application.turn_id, actor="citizen", now=at("18:00"))

    def fill():
        return turns.fill_held(office.id, now=at("18:01"))

    with ThreadPoolExecutor(4) as four:
        given = list(four.map(alone, [fill] * 4))

    window = Offer.objects.get(office=office)
    assert sum(given) == 10
    assert (window.taken, window.held) == (12, 0)
    assert Event.objects.filter(kind="application.stood_by", office_id=office.id).count() == 10
    assert_promises_kept(region)

"""Many officers at one line: nobody is called twice, nobody is passed over in silence."""

import asyncio
import random
from collections import Counter as Tally

import pytest
from django.test import Client

from giliran import clock
from giliran.journal.models import Event
from giliran.offices.models import Counter, Post
from giliran.people.models import Officer
from giliran.turns import queries
from giliran.turns.models import Turn
from tests.builders import a_kiosk, a_walk_in, an_office, at, walk_in_places
from tests.rush.crowd import rush

pytestmark = [pytest.mark.rush, pytest.mark.alone]
OFFICERS = 16
PEOPLE = 48


@pytest.fixture(autouse=True)
def monday_morning(server):
    clock.set_simulation(at("08:30"), speed=1)


def busy_office(slug, *, officers=OFFICERS, places=PEOPLE):
    """Return an office with places at the door, and for each counter its officer's session."""
    office = an_office(slug, counters=officers)
    walk_in_places(office, places=places)
    counters = Counter.objects.filter(office=office).order_by("id").values_list("id", flat=True)
    return office, [(counter_id, a_session(office, counter_id)) for counter_id in counters]


def a_session(office, counter_id):
    """Return the session of a new officer, without the time that hashing a password takes."""
    officer = Officer.objects.create(username=f"petugas-{counter_id}")
    Post.objects.create(officer=officer, role="officer", office=office)
    browser = Client()
    browser.force_login(officer)
    return browser.cookies["sessionid"].value


async def sit_down(crowd, seats):
    return await asyncio.gather(*(crowd.sit_down(*seat) for seat in seats))


def assert_history_tells_the_same(office):
    assert not [said for _, said in queries.differences_from_history() if said]
    calls = Tally(
        Event.objects.filter(kind="turn.call", office_id=office.id).values_list(
            "subject_id", flat=True
        )
    )
    assert set(calls.values()) <= {1}
    return set(calls)


def test_as_many_officers_as_people_who_wait_each_get_one_and_the_next_is_told_nobody(server):
    """Three times sixteen ask at the same moment, the last time for the last sixteen.

    Whoever chooses without looking at who else chooses tells somebody here that nobody waits.
    """
    office, seats = busy_office("banyak-loket")
    people = [a_walk_in(office, is_priority=n % 7 == 0) for n in range(PEOPLE)]

    async def story(crowd):
        desks = await sit_down(crowd, seats)

        async def all_press(verb):
            return await asyncio.gather(*(desk.press(verb) for desk in desks))

        rounds = []
        for _ in range(PEOPLE // OFFICERS):
            rounds.append(await all_press("next"))
            rounds.append(await all_press("start"))
            rounds.append(await all_press("finish"))
        return rounds, await all_press("next")

    rounds, at_the_end = rush(server.url, story)

    assert {answer.status for answers in rounds for answer in answers} == {200}
    called = [answer.body["turn"]["code"] for answers in rounds[::3] for answer in answers]
    assert sorted(called) == sorted(turn.code for turn in people)
    assert [answer.body for answer in at_the_end] == [{"turn": None}] * OFFICERS
    assert not Turn.objects.filter(office=office).exclude(state="finished").exists()
    assert assert_history_tells_the_same(office) == {turn.id for turn in people}


def test_while_people_come_go_and_are_served_no_officer_is_lied_to(server):
    office, seats = busy_office("pintu-terbuka")
    token = a_kiosk(office).token
    joined, taken, nobody = {}, {}, []

    async def story(crowd):
        desks = await sit_down(crowd, seats)
        coming = PEOPLE

        async def one_comes(number):
            nonlocal coming
            await asyncio.sleep(number * 0.01)
            answer = await crowd.take_number(office.slug, token)
            assert answer.status == 201
            code = answer.body["code"]
            joined[code] = answer.got
            if number % 5 == 0:
                gone = await crowd.post(f"turns/{code}/leave")
                assert gone.refusal in {None, "move_not_allowed"}
                taken[code] = min(taken.get(code, gone.sent), gone.sent)
            coming -= 1

        async def one_works(desk, *, seed):
            chance = random.Random(seed)
            while True:
                everybody_has_come = coming == 0
                answer = await desk.press("next")
                assert answer.status == 200
                if answer.body["turn"] is None:
                    nobody.append((answer.sent, answer.got))
                    if everybody_has_come:
                        return
                    await asyncio.sleep(0.02)
                    continue
                code = answer.body["turn"]["code"]
                taken[code] = min(taken.get(code, answer.sent), answer.sent)
                for verb in chance.choice((["start", "finish"], ["no-show"], ["start", "park"])):
                    pressed = await desk.press(verb)
                    # Whoever is called may still turn round and go.
                    assert pressed.refusal in {None, "nobody_at_counter", "move_not_allowed"}

        await asyncio.gather(
            *(one_comes(number) for number in range(PEOPLE)),
            *(one_works(desk, seed=seed) for seed, desk in enumerate(desks)),
        )

    rush(server.url, story)

    assert len(joined) == len(taken) == PEOPLE
    waits = [(joined[code], taken[code]) for code in joined]
    assert [told for told in nobody if somebody_waited_throughout(told, waits)] == []
    assert not Turn.objects.filter(office=office, state__in=["waiting", "called"]).exists()
    called = assert_history_tells_the_same(office)
    left = Turn.objects.filter(office=office, state="left").exclude(id__in=called).count()
    assert len(called) + left == PEOPLE


def somebody_waited_throughout(asked, waits):
    """Whether at every moment between question and answer somebody certainly waited.

    Certain is from the ticket's arrival at the client until somebody sent for its turn. Then
    "nobody waits" was a lie, at whichever of these moments the server looked.
    """
    reached, end = asked
    for begins, ends in sorted(waits):
        if begins <= reached < ends:
            reached = ends
        if reached >= end:
            return True
    return False


@pytest.mark.parametrize(
    ("waits", "is_a_lie"),
    [
        ([(0, 10)], True),
        ([(0, 6), (5, 10)], True),
        ([(0, 6), (7, 10)], False),
        ([(4, 10)], False),
        ([], False),
    ],
)
def test_the_check_for_lies_itself_is_right(waits, is_a_lie):
    assert somebody_waited_throughout((3, 9), waits) is is_a_lie


def test_an_officer_who_clicks_four_times_at_once_gets_one_person(server):
    office, seats = busy_office("klik-ganda", officers=8, places=16)
    for _ in range(16):
        a_walk_in(office)

    async def story(crowd):
        desks = await sit_down(crowd, seats)
        return await asyncio.gather(*(desk.press("next") for desk in desks for _ in range(4)))

    answers = rush(server.url, story)

    told = Tally((answer.status, answer.refusal) for answer in answers)
    assert told == {(200, None): 8, (409, "counter_busy"): 24}
    assert Turn.objects.filter(office=office, state="called").count() == 8
    assert len(assert_history_tells_the_same(office)) == 8


def test_who_leaves_at_the_moment_of_the_call_is_called_or_gone_and_nobody_is_lost(server):
    office, seats = busy_office("pulang", officers=16, places=32)
    people = [a_walk_in(office) for _ in range(32)]

    async def story(crowd):
        desks = await sit_down(crowd, seats)
        leaving = [crowd.post(f"turns/{turn.code}/leave") for turn in people[::2]]
        calling = [desk.press("next") for desk in desks]
        return await asyncio.gather(asyncio.gather(*leaving), asyncio.gather(*calling))

    left, called = rush(server.url, story)

    assert {answer.status for answer in [*left, *called]} == {200}
    codes = [answer.body["turn"]["code"] for answer in called]
    assert len(set(codes)) == 16  # 16 never leave, so there is somebody for each officer
    states = dict(Turn.objects.filter(office=office).values_list("code", "state"))
    assert all(states[turn.code] == "left" for turn in people[::2])
    for turn in people[1::2]:
        assert states[turn.code] == ("called" if turn.code in codes else "waiting")
    assert_history_tells_the_same(office)


def test_passing_people_on_while_everybody_calls_keeps_one_person_at_a_counter(server):
    office, seats = busy_office("oper", officers=10, places=30)
    people = [a_walk_in(office, service="jht" if n % 2 else "jkm") for n in range(30)]
    counters = [counter_id for counter_id, _ in seats]

    async def story(crowd):
        desks = await sit_down(crowd, seats)

        async def one_works(desk, seed):
            chance = random.Random(seed)
            seen = []
            while True:
                called = await desk.press("next")
                assert called.status == 200
                if called.body["turn"] is None:
                    return seen
                code = called.body["turn"]["code"]
                seen.append(code)
                assert (await desk.press("start")).status == 200
                if len(seen) < 6 and chance.random() < 0.4:
                    passed = await desk.press("transfer", counter=chance.choice(counters))
                    assert passed.status == 200
                else:
                    assert (await desk.press("finish")).status == 200

        first = await asyncio.gather(*(one_works(desk, seed) for seed, desk in enumerate(desks)))
        # Somebody may have been sent to a counter whose officer had already seen an empty line.
        second = await asyncio.gather(*(one_works(desk, seed) for seed, desk in enumerate(desks)))
        return first, second

    rush(server.url, story)

    waiting = Turn.objects.filter(office=office, state="waiting")
    assert {turn.counter_id for turn in waiting} <= set(counters)
    assert Turn.objects.filter(office=office).count() == len(people)
    assert not Turn.objects.filter(office=office, state__in=["called", "serving"]).exists()
    assert not [said for _, said in queries.differences_from_history() if said]

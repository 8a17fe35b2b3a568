"""The demonstration's days are played through the real actions, and hold whatever chance brings."""

from datetime import timedelta

import pytest

from giliran.cli import demo_load
from giliran.cli.demo_day import PlayedDay
from giliran.lab.visits import Visit
from giliran.turns import promises
from giliran.turns.models import Turn
from tests.builders import MONDAY, a_service, an_office, an_officer, walk_in_places

pytestmark = pytest.mark.django_db


def staffed(*usernames):
    office = an_office(counters=len(usernames))
    for username in usernames:
        an_officer(office, username=username)
    return office


def test_nobody_walks_away_while_walking_to_the_counter():
    """Patience that ends in the minute after the call once left an officer with nobody to serve."""
    office = staffed("rina")
    walk_in_places(office)
    eight = 8 * 3600
    visits = [Visit(eight + n, "JHT", 5.0, 0.01 * n) for n in range(1, 60)]

    played = PlayedDay(office, MONDAY, visits, seed=1)
    played.run()
    played.end()

    states = set(Turn.objects.filter(office=office).values_list("state", flat=True))
    assert states <= {"finished", "left"}
    assert Turn.objects.filter(state="finished", called_at__isnull=False).exists()


def test_a_played_day_of_the_past_settles_its_promises_and_leaves_nobody_behind():
    office = staffed("rina", "budi", "dewi", "eko")
    for code, letter in (("jkm", "B"), ("jkk", "C"), ("jp", "D")):
        service = a_service(code, letter)
        for counter in office.counters.all():
            counter.services.add(service)
    walk_in_places(office)

    demo_load._play(office, MONDAY, seed=10).end()

    [week] = promises.kept([office.id], since=MONDAY, until=MONDAY + timedelta(days=7))
    assert week.promises >= 5
    assert office.id not in promises.offices_with_promises()
    assert not Turn.objects.filter(state__in=["waiting", "booked", "called", "serving"]).exists()

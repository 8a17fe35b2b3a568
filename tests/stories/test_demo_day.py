"""The demonstration's days are played through the real actions, and hold whatever chance brings."""

from datetime import date

import pytest

from giliran.cli import demo_load
from giliran.cli.demo_day import PlayedDay
from giliran.lab.visits import Visit
from giliran.offices.models import Office
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


def test_the_weeks_before_hold_promises_that_were_settled_or_count_nowhere(monkeypatch):
    monkeypatch.setattr(demo_load, "WEEKS_BEFORE", 1)
    monkeypatch.setattr(demo_load, "DAYS_OF_A_WEEK", 1)
    office = staffed("rina", "budi", "dewi")
    for code, letter in (("jkm", "B"), ("jkk", "C"), ("jp", "D")):
        service = a_service(code, letter)
        for counter in office.counters.all():
            counter.services.add(service)
    an_officer(office, role="manager", username="kepala")

    demo_load._play_weeks_before(office, date(2026, 12, 4), monday=date(2026, 12, 7))

    [week] = promises.kept([office.id], since=MONDAY, until=date(2026, 12, 7))
    assert week.monday == date(2026, 11, 30)
    assert week.promises >= 10
    assert office.id not in promises.offices_with_promises()
    assert Office.objects.get(id=office.id).region.draw_at is None
    assert not Turn.objects.filter(state__in=["waiting", "booked", "called", "serving"]).exists()

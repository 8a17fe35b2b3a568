"""The demonstration has claims in every state, and says how to try them."""

import time
from collections import Counter
from datetime import timedelta
from importlib.resources import files

import pytest

from giliran.claims.models import Claim, Payment, Warned
from giliran.claims.queries import differences_from_history
from giliran.cli import demo_claims, demo_load
from giliran.core.claim import State
from giliran.offices import actions as offices
from giliran.people.models import Card, Match
from tests.builders import MONDAY, at

TUESDAY = MONDAY + timedelta(days=1)
AT_MOST_SECONDS = 60  # on a machine that does other things as well; alone it takes a few


@pytest.fixture
def demo(db, settings, tmp_path):
    settings.GILIRAN_DEMO = True
    settings.GILIRAN_PAYER = "BRI:000000000000000:Kantor Contoh"
    settings.STORAGES = {
        **settings.STORAGES,
        "documents": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }
    data = files("giliran.cli").joinpath("demo_data")
    offices.import_services(data.joinpath("services.csv").read_text(encoding="utf-8"))
    offices.import_offices(data.joinpath("offices.csv").read_text(encoding="utf-8"))
    demo_load._hire()
    began = time.monotonic()
    demo_claims.load(today=TUESDAY, until=at("09:10", TUESDAY))
    assert time.monotonic() - began < AT_MOST_SECONDS


def test_every_state_is_there_with_what_is_late_and_two_cards_of_one_person(demo, client):
    states = Counter(Claim.objects.values_list("state", flat=True))
    assert set(states) == {state.value for state in State}
    assert states.total() >= 36
    assert {"office", "region", "centre"} <= set(Warned.objects.values_list("level", flat=True))
    assert {"paid", "bounced"} <= set(Payment.objects.values_list("state", flat=True))
    assert Claim.objects.filter(due_on__lt=TUESDAY).count() >= 2
    assert {"same_nik", "near_name"} <= set(Match.objects.values_list("kind", flat=True))
    assert Card.objects.count() >= 200
    assert not [said for _id, said in differences_from_history() if said]

    page = client.get("/coba/").content.decode()

    for state in ("returned", "drafted", "complete", "bounced", "paid", "refused"):
        codes = Claim.objects.filter(state=state).values_list("code", flat=True)
        assert any(f"/k/{code}/" in page for code in codes), state
    assert "17-08-1985" in page


def test_where_people_are_real_nothing_is_listed_to_try(db, client, settings):
    settings.GILIRAN_DEMO = False

    assert client.get("/coba/").status_code == 404

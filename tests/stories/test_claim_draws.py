"""In a region that draws its turns, a claim's visit is drawn too, and the turn knows its claim."""

from uuid import uuid4

import pytest
from django.test import Client

from giliran import clock
from giliran.claims import actions as claims
from giliran.claims.models import Claim
from giliran.claims.refusals import ClaimIsOver
from giliran.turns.models import Application, Turn
from tests.builders import (
    MONDAY,
    a_booking,
    a_complete_claim,
    a_drawing_office,
    a_nik,
    a_window,
    at,
    draw_now,
)

pytestmark = pytest.mark.django_db
BORN = {"hari": "17", "bulan": "8", "tahun": "1985"}


@pytest.fixture(autouse=True)
def nine_in_the_morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("09:00"))


@pytest.fixture
def nik() -> str:
    return a_nik()


@pytest.fixture
def claim(nik) -> Claim:
    return a_complete_claim(a_drawing_office(), nik=nik, needs_visit=True)


def opened(claim: Claim) -> Client:
    client = Client()
    client.post("/klaim/", {"kode": claim.code, **BORN})
    return client


def apply(client: Client, claim: Claim, nik: str) -> Application:
    who = {"name": "Siti Aminah", "nik": nik, "phone": "", "request_key": str(uuid4())}
    wish = {"kantor": "serang", "dekat": "1", "klaim": claim.code, "langkah": "simpan"}
    sent = client.post("/ajukan/jht/", who | wish)
    return Application.objects.get(code=sent["Location"].split("/")[2])


def test_the_turn_that_was_drawn_is_for_the_claim(claim, nik):
    client = opened(claim)
    ask = client.get(f"/k/{claim.code}/giliran/").content.decode()
    assert f"kantor=serang&amp;klaim={claim.code}" in ask
    carried = client.get(f"/ajukan/jht/?kantor=serang&klaim={claim.code}").content.decode()
    assert f'name="klaim" value="{claim.code}"' in carried
    apply(client, claim, nik)
    assert "ikut undian tempat" in client.get(f"/k/{claim.code}/").content.decode()
    draw_now(claim.office.region, day=MONDAY)
    turn = Turn.objects.get()
    assert turn.claim_id == claim.id
    page = client.get(f"/k/{claim.code}/").content.decode()
    assert turn.code in page
    assert "ikut undian tempat" not in page


def test_a_code_without_its_birth_date_or_somebody_elses_nik_links_nothing(claim, nik):
    assert apply(Client(), claim, nik).claim_id is None
    assert apply(opened(claim), claim, a_nik()).claim_id is None


def test_a_claim_that_was_taken_back_meanwhile_is_visited_by_nobody(claim, nik):
    client = opened(claim)
    claims.withdraw(claim.id, actor="citizen", now=at("09:00"))
    assert apply(client, claim, nik).claim_id is None
    with pytest.raises(ClaimIsOver):
        a_booking(a_window(claim.office), nik=a_nik(), claim_id=claim.id)

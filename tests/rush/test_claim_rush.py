"""Many hands on one claim at once: it is begun once, decided once, and warned of once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection

from giliran.claims import actions as claims
from giliran.claims import queries, refusals
from giliran.claims.models import Claim, Letter, Paper, Warned
from giliran.core.claim import ClaimMoveNotAllowed
from giliran.core.refusal import Refusal
from tests.builders import (
    BIRTH,
    PHK,
    a_claim,
    a_complete_claim,
    a_nik,
    an_office,
    an_officer,
    at,
)

pytestmark = pytest.mark.rush
HANDS = 8


@pytest.fixture
def office(server):
    return an_office(f"kantor-{uuid4().hex[:8]}")


def at_once(deed, times: int = HANDS) -> list[object]:
    """What each of many hands got: a state, or the refusal's name."""

    def one(serial: int) -> object:
        try:
            return deed(serial)
        except Refusal as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def a_verified_claim(office) -> Claim:
    claim = a_complete_claim(office)
    officer = an_officer(office)
    return claims.verify(claim.id, amount=Decimal(500), officer_id=officer.id, now=at("09:30"))


def test_of_officers_who_decide_at_once_one_decides(office):
    claim = a_verified_claim(office)
    bosses = [an_officer(office, "manager").id for _ in range(HANDS)]

    def decide(serial):
        if serial % 2:
            done = claims.approve(claim.id, officer_id=bosses[serial], now=at("10:00"))
        else:
            done = claims.refuse(
                claim.id,
                article="Pasal 1",
                reason="Alasan.",
                officer_id=bosses[serial],
                now=at("10:00"),
            )
        return done.state

    got = Counter(at_once(decide))
    assert got[ClaimMoveNotAllowed] == HANDS - 1
    assert got["approved"] + got["refused"] == 1
    assert Letter.objects.filter(claim=claim).exclude(kind="receipt").count() == 1
    assert not [said for _, said in queries.differences_from_history() if said]


def test_a_file_that_is_completed_and_given_back_at_once_is_one_of_both(office):
    officer = an_officer(office)
    claim = a_complete_claim(office)
    paper = Paper.objects.filter(claim=claim).first()
    claims.check_paper(
        paper.id, verdict="wrong", fault="blurred", officer_id=officer.id, now=at("09:30")
    )

    def decide(serial):
        if serial % 2:
            done = claims.ask_for_papers(claim.id, officer_id=officer.id, now=at("10:00"))
        else:
            done = claims.withdraw(claim.id, actor="citizen", now=at("10:00"))
        return done.state

    got = Counter(at_once(decide))
    # A returned claim may still be withdrawn, so the other order lets two through.
    assert got["withdrawn"] == 1
    assert got["returned"] <= 1
    assert not [said for _, said in queries.differences_from_history() if said]


def test_a_double_click_begins_one_claim(office):
    who = claims.claimant(nik=a_nik(), name="Siti Aminah", phone="", birth=BIRTH)
    keys = [uuid4(), uuid4()]

    def begin(serial):
        return claims.begin(
            who,
            situation=PHK,
            program="JHT",
            kind="jht/dismissed",
            kpj="12345678901",
            office_id=office.id,
            request_key=keys[serial % 2],
            channel="web",
            actor="citizen",
            now=at("09:00"),
        ).id

    got = Counter(at_once(begin))
    assert list(got.values()) == [HANDS // 2, HANDS // 2]
    assert Claim.objects.filter(request_key__in=keys).count() == 2


def test_of_drafts_side_by_side_one_is_handed_in(office):
    nik = a_nik()
    drafts = [a_claim(office, nik=nik) for _ in range(HANDS)]
    account = claims.Account("BRI", "001234567890", "Siti Aminah")
    for draft in drafts:
        Paper.objects.filter(claim=draft, need="yes").update(state="sent")
        claims.fill(draft.id, account=account, actor="citizen", now=at("09:10"))

    def submit(serial):
        return claims.submit(drafts[serial].id, actor="citizen", now=at("09:15")).state

    assert Counter(at_once(submit)) == {"submitted": 1, refusals.AlreadyClaimed: HANDS - 1}


def test_workers_that_warn_at_once_warn_once(office):
    claim = a_complete_claim(office)
    later = at("12:00", date(2026, 12, 28))
    warned = at_once(lambda _: claims.warn_due(now=later))
    assert Warned.objects.filter(claim=claim).count() == 3
    assert sum(warned) == Warned.objects.filter(at=later).count()


def test_who_guesses_with_many_hands_gets_no_more_tries(office):
    claim = a_claim(office, nik=a_nik())
    hands = 3 * HANDS
    at_birth = at_once(
        lambda n: queries.tracked(
            claim.code, date(1950, 1, 1 + n), address=f"198.51.100.{n}", now=at("10:00")
        ),
        hands,
    )
    assert Counter(at_birth) == {refusals.NotYours: 5, refusals.TooManyLooks: hands - 5}
    niks = [a_nik() for _ in range(hands)]
    at_nik = at_once(
        lambda n: queries.prove(claim.id, niks[n], address=f"203.0.113.{n}", now=at("10:00")),
        hands,
    )
    assert Counter(at_nik) == {refusals.NikDiffers: 5, refusals.TooManyLooks: hands - 5}


def test_of_two_heirs_who_are_approved_at_once_one_is_paid(office):
    dead, head = a_nik(), an_officer(office, "manager")
    death = {"reason": "death", "segment": "PU", "claimant": {"kind": "heir", "heir": "child"}}
    heirs = []
    for _ in range(2):
        claim = a_complete_claim(
            office,
            nik=a_nik(),
            participant_nik=dead,
            program="JKM",
            kind="jkm/death",
            situation=death,
        )
        officer = an_officer(office)
        claims.verify(claim.id, amount=Decimal(500), officer_id=officer.id, now=at("09:30"))
        heirs.append(claim.id)
    done = at_once(lambda n: claims.approve(heirs[n], officer_id=head.id, now=at("10:00")).state, 2)
    assert Counter(done) == {"approved": 1, refusals.DecidedBefore: 1}

"""Officers order at once while claims are approved and banks answer: nothing is paid twice."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection

from giliran.claims import actions as claims
from giliran.claims import payments
from giliran.claims.accounts import Account
from giliran.claims.models import Batch, Claim, Payment, StatusReport
from giliran.claims.payments import practice
from giliran.core.claim import State
from giliran.core.refusal import Refusal
from giliran.journal.models import Event
from tests.builders import a_complete_claim, an_office, an_officer, at

pytestmark = [pytest.mark.rush, pytest.mark.usefixtures("server")]
CLAIMS = 12
NOON = at("12:00")
LIVE = ["ready", "sent", "paid"]


@pytest.fixture(scope="module")
def office(server):
    return an_office("serang")


def verified(office, n=CLAIMS):
    checker, verifier = an_officer(office), an_officer(office)
    made = [a_complete_claim(office, officer=checker) for _ in range(n)]
    for number, claim in enumerate(made, start=1):
        amount = Decimal(1_000_000 + number)
        claims.verify(claim.id, amount=amount, officer_id=verifier.id, now=at("10:00"))
    return made


def at_once(*work: Callable[[], None]) -> None:
    """Run each in a thread with a connection of its own, all from the same moment on."""
    ready = threading.Barrier(len(work))

    def run(one: Callable[[], None]) -> None:
        try:
            ready.wait()
            one()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        for done in [pool.submit(run, one) for one in work]:
            done.result()


def order(office, officer) -> bool:
    try:
        payments.make_batch(office.region_id, officer_id=officer.id, now=NOON)
    except payments.NothingToPay:
        return False
    return True


def test_two_officers_order_while_claims_are_approved(office):
    made = verified(office)
    manager = an_officer(office, "manager")
    officers = [an_officer(office, "regional") for _ in range(3)]
    approved = threading.Event()

    def approve() -> None:
        for claim in made:
            claims.approve(claim.id, officer_id=manager.id, now=at("11:00"))
        approved.set()

    def orders(officer) -> Callable[[], None]:
        def until_none_is_left() -> None:
            while order(office, officer) or not approved.is_set():
                pass

        return until_none_is_left

    at_once(approve, *(orders(officer) for officer in officers))
    order(office, officers[0])  # what was locked when the last one looked

    live = Counter(Payment.objects.filter(state__in=LIVE).values_list("claim_id", flat=True))
    assert live == Counter({claim.id: 1 for claim in made})
    assert sum(batch.count for batch in Batch.objects.all()) == CLAIMS
    assert sum(batch.total for batch in Batch.objects.all()) == sum(
        Decimal(1_000_000 + n) for n in range(1, CLAIMS + 1)
    )
    for batch in Batch.objects.all():
        assert payments.file(batch.id).count(b"<CdtTrfTxInf>") == batch.count


def test_one_answer_handed_in_by_four_pays_once(office):
    releaser = an_officer(office, "regional")
    batch = Batch.objects.filter(state="made").first()
    assert batch is not None
    payments.note_sent(batch.id, officer_id=releaser.id, now=NOON)
    content = practice.reply(payments.file(batch.id), code="BANK-1", now=at("13:00"))
    taken: list[int] = []

    def take() -> None:
        report = payments.take_report(content, actor="officer:1", now=at("13:00"))
        taken.append(report.id)

    at_once(take, take, take, take)
    assert len(set(taken)) == 1
    assert StatusReport.objects.count() == 1
    assert Event.objects.filter(kind="claim.pay").count() == batch.count


def test_a_busy_afternoon_pays_every_claim_once(office):
    """Orders, releases, answers, bounces and new accounts cross each other until all is paid."""
    officers = [an_officer(office, "regional") for _ in range(3)]
    for claim in verified(office):
        claims.approve(claim.id, officer_id=an_officer(office, "manager").id, now=at("11:00"))
    bounced_once: set[str] = set()

    def work(officer, serial: int) -> Callable[[], None]:
        def afternoon() -> None:
            for turn in range(8):
                order(office, officer)
                for batch in Batch.objects.filter(state__in=["made", "sent"]):
                    quietly(payments.note_sent, batch.id, officer_id=officer.id, now=NOON)
                    quietly(answer, batch, f"B{serial}-{turn}")
                for claim in Claim.objects.filter(state=State.BOUNCED):
                    account = Account("BCA", "0012345678", "Siti Aminah")
                    quietly(claims.mend_account, claim.id, account, actor="citizen", now=NOON)

        return afternoon

    def answer(batch: Batch, code: str) -> None:
        names = batch.payments.values_list("end_to_end", flat=True)
        says = {name: "AC04" for name in names if name.endswith("-1") and int(name[1:-2]) % 2}
        bounced_once.update(says)
        content = practice.reply(payments.file(batch.id), code=code, now=NOON, says=says)
        payments.take_report(content, actor="officer:1", now=NOON)

    at_once(*(work(officer, serial) for serial, officer in enumerate(officers)))
    order(office, officers[0])
    for batch in Batch.objects.filter(state__in=["made", "sent"]):
        quietly(payments.note_sent, batch.id, officer_id=officers[0].id, now=NOON)
        answer(batch, "last")

    paid = Counter(Payment.objects.filter(state="paid").values_list("claim_id", flat=True))
    assert set(paid.values()) == {1}
    assert bounced_once
    assert set(Claim.objects.values_list("state", flat=True)) == {State.PAID}
    assert Claim.objects.count() == len(paid) == 2 * CLAIMS
    for name in bounced_once:
        assert Payment.objects.get(end_to_end=name).state == Payment.State.BOUNCED


def quietly(action: Callable[..., object], *args: object, **fields: object) -> None:
    """Do it unless a colleague was faster."""
    try:
        action(*args, **fields)
    except Refusal:
        return

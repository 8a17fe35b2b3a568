"""The life of a claim, from a draft to its end: who may do what, and what is never lost."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giliran.claims import actions as claims
from giliran.claims import queries, refusals
from giliran.claims.actions.ending import erase_statements
from giliran.claims.models import Claim, Letter, Paper, Pause, Payment
from giliran.claims.payments.banks import BankUnknown
from giliran.core.claim import CLOCK_RUNS, ClaimMoveNotAllowed, State
from giliran.core.identifiers import BadBirthInNik
from giliran.core.refusal import NotFound, Refusal
from giliran.encryption import unseal
from giliran.jobs import claims as clockwork
from giliran.jobs import tasks
from giliran.journal.models import Event
from giliran.people.names import BadName
from tests.builders import (
    BIRTH,
    MONDAY,
    PHK,
    a_claim,
    a_complete_claim,
    a_nik,
    a_submitted_claim,
    an_approved_claim,
    an_office,
    an_officer,
    at,
)
from tests.examples import examples

pytestmark = pytest.mark.django_db

HERS = claims.Account("BRI", "001234567890", "Siti Aminah")


@pytest.fixture
def office():
    return an_office()


def states(claim) -> dict[str, str]:
    return {paper.code: paper.state for paper in Paper.objects.filter(claim=claim)}


def accept_all(claim, officer, *, verdict="good", now=None):
    for paper in Paper.objects.filter(claim=claim, need="yes"):
        claims.check_paper(paper.id, verdict=verdict, officer_id=officer.id, now=now or at("09:30"))


# Beginning


def test_a_draft_has_the_papers_of_its_situation_and_no_more(office):
    claim = a_claim(office)
    assert claim.state == "drafted"
    needed = {paper.code for paper in queries.papers(claim.id) if paper.is_needed}
    assert needed == {"KTP", "BUKTI_PHK", "REKENING"}
    told_nothing = a_claim(office, situation={}, kpj="")
    by_code = {paper.code: paper.need for paper in queries.papers(told_nothing.id)}
    assert by_code["NPWP"] == "if"


def test_the_card_needs_no_photo_where_its_number_is_written(office):
    def card(claim):
        return next(one for one in queries.papers(claim.id) if one.code == "KARTU_PESERTA")

    claim = a_claim(office, kpj="")
    assert (card(claim).need, "atau nomor KPJ" in card(claim).name) == ("yes", True)
    claims.fill(claim.id, kpj="12345678901", actor="citizen", now=at("09:10"))
    assert (card(claim).need, "sudah ditulis" in card(claim).name) == ("if_available", True)
    claims.fill(claim.id, kpj="", actor="citizen", now=at("09:20"))
    assert card(claim).need == "yes"
    two = [{"kpj": "12345678901"}, {"kpj": "12345678902"}]
    assert card(a_claim(office, situation={**PHK, "cards": two})).need == "yes"


def test_each_paper_says_its_name_and_who_issues_it(office):
    papers = {paper.code: paper for paper in queries.papers(a_claim(office).id)}
    assert papers["BUKTI_PHK"].name == "Bukti PHK (salah satu)"
    assert papers["BUKTI_PHK"].one_of
    assert papers["KTP"].name.startswith("KTP")


def test_the_same_request_twice_begins_one_claim(office):
    who = claims.claimant(nik=a_nik(), name="Siti Aminah", phone="", birth=BIRTH)
    key = uuid4()
    told = {
        "situation": PHK,
        "program": "JHT",
        "kind": "jht/dismissed",
        "kpj": "12345678901",
        "office_id": office.id,
        "request_key": key,
        "channel": "web",
        "actor": "citizen",
        "now": at("09:00"),
    }
    first, second = claims.begin(who, **told), claims.begin(who, **told)
    assert first.id == second.id
    assert Paper.objects.filter(claim=first).count() == len(queries.papers(first.id))
    other = claims.begin(who, **{**told, "request_key": uuid4(), "kpj": "12345678902"})
    assert other.id != first.id


def test_a_draft_by_a_stranger_who_typed_a_nik_blocks_nobody(office):
    """Anybody may know a NIK and a card's number; of drafts only one is handed in."""
    nik = a_nik()
    strangers = a_claim(office, nik=nik)
    own = a_submitted_claim(office, nik=nik)
    with pytest.raises(refusals.AlreadyClaimed):
        a_claim(office, nik=nik)
    Paper.objects.filter(claim=strangers, need="yes").update(state="sent")
    account = claims.Account("BRI", "001234567890", "Siti Aminah")
    claims.fill(strangers.id, account=account, actor="citizen", now=at("09:10"))
    with pytest.raises(refusals.AlreadyClaimed):
        claims.submit(strangers.id, actor="citizen", now=at("09:10"))
    strangers.refresh_from_db()
    assert (own.state, strangers.state) == ("submitted", "drafted")
    assert not strangers.letters.exists()


def test_after_a_withdrawal_the_same_may_be_claimed_again(office):
    nik = a_nik()
    first = a_claim(office, nik=nik)
    claims.withdraw(first.id, actor="citizen", now=at("09:10"))
    assert a_claim(office, nik=nik).id != first.id


def test_changing_the_card_into_one_that_is_claimed_already_is_refused(office):
    nik = a_nik()
    a_submitted_claim(office, nik=nik)
    second = a_submitted_claim(office, nik=nik, kpj="12345678902")
    with pytest.raises(refusals.AlreadyClaimed):
        claims.fill(second.id, kpj="12345678901", actor="citizen", now=at("09:10"))


def test_an_heir_claims_for_whom_the_insured_person_is_somebody_else(office):
    claim = a_claim(
        office,
        program="JKM",
        kind="jkm/death",
        situation={"reason": "death", "claimant": "widow"},
        participant_nik=a_nik(),
        kpj="",
    )
    assert claim.citizen_id != claim.claimant_id
    assert "AKTA_KEMATIAN" in states(claim)
    assert [one.id for one in queries.claims_of(claim.citizen_id)] == [claim.id]


@pytest.mark.parametrize(
    ("program", "kind"),
    [("JHT", "jkm/death"), ("JHT", "jht/none"), ("JHT", "catalogue"), ("JHT", ""), ("X", "x/y")],
)
def test_a_kind_that_no_list_knows_is_refused(office, program, kind):
    with pytest.raises(refusals.UnknownKind):
        a_claim(office, program=program, kind=kind)


@pytest.mark.parametrize(
    "written",
    ["1985-08-17", "17-08-1985", "17/8/1985", "17 Agustus 1985", "17081985", BIRTH],
)
def test_a_birth_date_is_read_as_people_write_it(written):
    who = claims.claimant(nik=a_nik(), name="Siti", phone="", birth=written)
    assert who.birth == BIRTH


@pytest.mark.parametrize("written", ["", "kemarin", "31-02-1985", "17-08-85", "17-08-1885", "1 2"])
def test_a_birth_date_that_is_none_is_refused(written):
    with pytest.raises(refusals.BadBirth):
        claims.claimant(nik=a_nik(), name="Siti", phone="", birth=written)


def test_nobody_is_born_tomorrow(office):
    with pytest.raises(refusals.BadBirth):
        a_claim(office, birth=MONDAY + timedelta(days=1))


def test_what_is_typed_wrong_names_its_field(office):
    with pytest.raises(BadBirthInNik):
        claims.claimant(nik="3673019908850001", name="Siti", phone="", birth=BIRTH)
    with pytest.raises(BadName):
        claims.claimant(nik=a_nik(), name="123", phone="", birth=BIRTH)
    with pytest.raises(refusals.BadKpj) as refusal:
        a_claim(office, kpj="123")
    assert refusal.value.field == "kpj"


# The account


@pytest.mark.parametrize(
    "holder",
    [
        "SITI AMINAH",
        "Hj. Siti Aminah, S.E.",
        "Aminah Siti",
        "Siti Amina",
        "siti  aminah",
        "BUDI SANTOSO QQ SITI AMINAH",
        "Budi Santoso Q.Q. Siti Aminah",
    ],
)
def test_an_account_may_write_the_name_a_little_otherwise(office, holder):
    claim = a_claim(office)
    claims.fill(claim.id, account=HERS._replace(holder=holder), actor="citizen", now=at("09:10"))
    assert queries.account_of(claim.id) is not None


def test_a_long_name_may_be_cut_off_as_banks_do(office):
    claim = a_claim(office, name="Raden Ajeng Kartika Wulandari Kusumaningrum")
    cut = HERS._replace(holder="RADEN AJENG KARTIKA WUL")
    claims.fill(claim.id, account=cut, actor="citizen", now=at("09:10"))
    assert queries.account_of(claim.id).holder == "RADEN AJENG KARTIKA WUL"


@pytest.mark.parametrize(
    "holder",
    ["Budi Santoso", "Siti", "Siti Aisyah", "Aminah", "Dr. H.", "Siti Aminah QQ Budi Santoso"],
)
def test_an_account_of_somebody_else_is_refused(office, holder):
    claim = a_claim(office)
    with pytest.raises(refusals.HolderDiffers) as refusal:
        claims.fill(
            claim.id, account=HERS._replace(holder=holder), actor="citizen", now=at("09:10")
        )
    assert refusal.value.field == "holder"
    assert queries.account_of(claim.id) is None


def test_an_account_number_has_digits_and_its_bank_is_one_that_we_pay_to(office):
    claim = a_claim(office)
    for number in ("12", "abc", "1" * 21):
        with pytest.raises(refusals.BadAccount):
            claims.fill(claim.id, account=HERS._replace(number=number), actor="c", now=at("09:10"))
    with pytest.raises(BankUnknown):
        claims.fill(claim.id, account=HERS._replace(bank="Bank Anu"), actor="c", now=at("09:10"))
    spaced = HERS._replace(number="0012 3456-7890", bank="bank rakyat indonesia (bri)")
    claims.fill(claim.id, account=spaced, actor="citizen", now=at("09:10"))
    assert queries.account_of(claim.id) == HERS


# Sending


def test_a_claim_is_not_sent_without_its_papers_and_says_which_are_missing(office):
    claim = a_claim(office)
    claims.fill(claim.id, account=HERS, actor="citizen", now=at("09:05"))
    Paper.objects.filter(claim=claim).exclude(code="BUKTI_PHK").update(state="sent")
    with pytest.raises(refusals.PapersMissing, match="Bukti PHK"):
        claims.submit(claim.id, actor="citizen", now=at("09:10"))
    paper = Paper.objects.get(claim=claim, code="BUKTI_PHK")
    claims.bring_paper(paper.id, actor="citizen", now=at("09:15"))
    assert claims.submit(claim.id, actor="citizen", now=at("09:20")).state == "submitted"


def test_a_claim_is_not_sent_without_an_account(office):
    claim = a_claim(office)
    Paper.objects.filter(claim=claim).update(state="sent")
    with pytest.raises(refusals.AccountMissing):
        claims.submit(claim.id, actor="citizen", now=at("09:10"))


def test_a_claim_sent_twice_is_sent_once_and_has_one_receipt(office):
    claim = a_submitted_claim(office)
    with pytest.raises(ClaimMoveNotAllowed):
        claims.submit(claim.id, actor="citizen", now=at("09:10"))
    assert Letter.objects.filter(claim=claim, kind="receipt").count() == 1


# Checking


def test_a_file_is_complete_when_every_needed_paper_was_accepted(office):
    claim, officer = a_submitted_claim(office), an_officer(office)
    with pytest.raises(refusals.PapersNotChecked, match="KTP"):
        claims.complete(claim.id, needs_visit=False, officer_id=officer.id, now=at("09:30"))
    accept_all(claim, officer)
    done = claims.complete(claim.id, needs_visit=False, officer_id=officer.id, now=at("09:40"))
    assert (done.state, done.due_on) == ("complete", date(2026, 11, 30))


def test_a_paper_that_was_sent_unasked_is_looked_at_too(office):
    claim, officer = a_submitted_claim(office, situation={}, kpj=""), an_officer(office)
    accept_all(claim, officer)
    Paper.objects.filter(claim=claim, code="NPWP").update(state="sent")
    with pytest.raises(refusals.PapersNotChecked, match="NPWP"):
        claims.complete(claim.id, needs_visit=False, officer_id=officer.id, now=at("09:40"))


def test_originals_that_were_never_sent_are_shown_first_and_then_the_clock_starts(office):
    claim, officer = a_claim(office), an_officer(office)
    claims.fill(claim.id, account=HERS, actor="citizen", now=at("09:05"))
    for paper in Paper.objects.filter(claim=claim, need="yes"):
        claims.bring_paper(paper.id, actor="citizen", now=at("09:05"))
    claims.submit(claim.id, actor="citizen", now=at("09:10"))
    with pytest.raises(refusals.PapersNotChecked):
        claims.complete(claim.id, needs_visit=False, officer_id=officer.id, now=at("09:20"))
    waiting = claims.complete(claim.id, needs_visit=True, officer_id=officer.id, now=at("09:20"))
    assert (waiting.state, waiting.needs_visit, waiting.due_on) == ("complete", True, None)
    with pytest.raises(refusals.PapersNotChecked):
        claims.verify(claim.id, amount=Decimal(1), officer_id=officer.id, now=at("09:25"))
    accept_all(claim, officer, verdict="seen", now=at("10:00", date(2026, 11, 25)))
    claim.refresh_from_db()
    assert (claim.complete_on, claim.due_on) == (date(2026, 11, 25), date(2026, 12, 2))
    assert not [said for _, said in queries.differences_from_history() if said]


def test_a_visit_to_compare_originals_does_not_hold_up_the_clock(office):
    claim = a_complete_claim(office, needs_visit=True)
    assert (claim.needs_visit, claim.due_on) == (True, date(2026, 11, 30))


def test_who_finds_a_paper_wrong_says_what_is_wrong(office):
    claim, officer = a_submitted_claim(office), an_officer(office)
    paper = Paper.objects.filter(claim=claim).first()
    with pytest.raises(refusals.FaultMissing):
        claims.check_paper(paper.id, verdict="wrong", officer_id=officer.id, now=at("09:30"))


def test_papers_are_asked_for_only_when_one_is_wrong_or_missing(office):
    claim, officer = a_submitted_claim(office), an_officer(office)
    with pytest.raises(refusals.NothingToAskFor):
        claims.ask_for_papers(claim.id, officer_id=officer.id, now=at("09:30"))
    paper = Paper.objects.filter(claim=claim).first()
    claims.check_paper(
        paper.id, verdict="wrong", fault="blurred", officer_id=officer.id, now=at("09:30")
    )
    claims.ask_for_papers(claim.id, officer_id=officer.id, now=at("09:31"))
    with pytest.raises(refusals.PapersMissing):
        claims.submit(claim.id, actor="citizen", now=at("09:40"))
    # Never complete before, so nothing stood still.
    assert not Pause.objects.exists()


def test_an_officer_who_looks_at_the_same_file_later_finds_it_complete_already(office):
    claim, late = a_complete_claim(office), an_officer(office)
    with pytest.raises(ClaimMoveNotAllowed, match="verifikasi"):
        claims.complete(claim.id, needs_visit=False, officer_id=late.id, now=at("10:00"))


# Deciding


def test_who_verified_neither_approves_nor_refuses(office):
    claim, same = a_complete_claim(office), an_officer(office, "manager")
    claims.verify(claim.id, amount=Decimal(100), officer_id=same.id, now=at("10:00"))
    with pytest.raises(refusals.NotByTheSameOfficer):
        claims.approve(claim.id, officer_id=same.id, now=at("10:10"))
    with pytest.raises(refusals.NotByTheSameOfficer):
        claims.refuse(
            claim.id, article="Pasal 1", reason="Alasan", officer_id=same.id, now=at("10:10")
        )
    other = an_officer(office, "manager")
    assert claims.approve(claim.id, officer_id=other.id, now=at("10:20")).state == "approved"


def test_the_database_too_refuses_one_officer_for_both(office):
    claim, officer = a_complete_claim(office), an_officer(office)
    with pytest.raises(IntegrityError, match="who_verifies"), transaction.atomic():
        Claim.objects.filter(id=claim.id).update(verified_by=officer, decided_by=officer)


def test_a_claim_sent_back_is_verified_anew_by_whom_ever(office):
    claim = a_complete_claim(office)
    first, boss = an_officer(office), an_officer(office, "manager")
    claims.verify(claim.id, amount=Decimal(100), officer_id=first.id, now=at("10:00"))
    back = claims.send_back(claim.id, officer_id=boss.id, now=at("10:05"))
    assert (back.state, back.verified_by_id, back.due_on) == ("complete", None, date(2026, 11, 30))
    claims.verify(claim.id, amount=Decimal(200), officer_id=boss.id, now=at("10:10"))
    done = claims.approve(claim.id, officer_id=first.id, now=at("10:20"))
    assert (done.amount, done.decided_by_id) == (Decimal(200), first.id)


def test_a_paper_found_wrong_while_the_boss_looks_holds_up_the_approval(office):
    claim = a_complete_claim(office)
    first, boss = an_officer(office), an_officer(office, "manager")
    claims.verify(claim.id, amount=Decimal(100), officer_id=first.id, now=at("10:00"))
    paper = Paper.objects.filter(claim=claim).first()
    claims.check_paper(
        paper.id, verdict="wrong", fault="expired", officer_id=boss.id, now=at("10:05")
    )
    with pytest.raises(refusals.PapersNotChecked):
        claims.approve(claim.id, officer_id=boss.id, now=at("10:10"))
    back = claims.ask_for_papers(claim.id, officer_id=boss.id, now=at("10:10"))
    assert (back.state, back.verified_by_id) == ("returned", None)


def test_a_decided_claims_papers_stay_as_they_are(office):
    claim = an_approved_claim(office)
    paper = Paper.objects.filter(claim=claim).first()
    with pytest.raises(refusals.PapersFixed):
        claims.check_paper(
            paper.id, verdict="wrong", fault="expired", officer_id=1, now=at("11:00")
        )
    with pytest.raises(refusals.PapersFixed):
        claims.bring_paper(paper.id, actor="citizen", now=at("11:00"))


@pytest.mark.parametrize("amount", ["-1", "NaN", "Infinity", "1e15"])
def test_an_amount_that_is_none_is_refused(office, amount):
    claim, officer = a_complete_claim(office), an_officer(office)
    with pytest.raises(refusals.BadAmount):
        claims.verify(claim.id, amount=Decimal(amount), officer_id=officer.id, now=at("10:00"))


def test_nothing_is_not_approved_but_can_be_refused(office):
    claim = a_complete_claim(office)
    first, boss = an_officer(office), an_officer(office, "manager")
    claims.verify(claim.id, amount=Decimal(0), officer_id=first.id, now=at("10:00"))
    with pytest.raises(refusals.BadAmount):
        claims.approve(claim.id, officer_id=boss.id, now=at("10:10"))
    no = claims.refuse(
        claim.id,
        article="PP 46/2015 Pasal 26",
        reason="Masih bekerja dan kartu masih aktif.",
        officer_id=boss.id,
        now=at("10:10"),
    )
    assert (no.state, no.due_on, no.article) == ("refused", None, "PP 46/2015 Pasal 26")
    assert queries.reason_of(claim.id) == "Masih bekerja dan kartu masih aktif."


@pytest.mark.parametrize(
    ("article", "reason", "field"), [("", "Alasan", "article"), ("Pasal 1", "  ", "reason")]
)
def test_a_refusal_names_its_article_and_its_reason(office, article, reason, field):
    claim = a_complete_claim(office)
    first, boss = an_officer(office), an_officer(office, "manager")
    claims.verify(claim.id, amount=Decimal(1), officer_id=first.id, now=at("10:00"))
    with pytest.raises(refusals.BadRefusal) as refusal:
        claims.refuse(claim.id, article=article, reason=reason, officer_id=boss.id, now=at("10:10"))
    assert refusal.value.field == field


def test_a_refusal_letter_says_how_to_object(office):
    claim = a_complete_claim(office)
    first, boss = an_officer(office), an_officer(office, "manager")
    claims.verify(claim.id, amount=Decimal(0), officer_id=first.id, now=at("10:00"))
    claims.refuse(
        claim.id,
        article="PP 46/2015 Pasal 26",
        reason="Masih bekerja.",
        officer_id=boss.id,
        now=at("10:10"),
    )
    content = json.loads(unseal(Letter.objects.get(claim=claim, kind="refusal").content_sealed))
    ways = content["objecting"]
    assert "kantor cabang" in ways[0]["where"]
    assert ways[0]["days"] == "5 hari kerja"
    assert any("Ombudsman" in way["where"] for way in ways)


def test_each_decision_has_one_letter(office):
    claim = an_approved_claim(office)
    kinds = list(Letter.objects.filter(claim=claim).order_by("id").values_list("kind", flat=True))
    assert kinds == ["receipt", "decision"]


# Paying


def test_a_paid_claim_is_closed_later_and_not_before_the_bank_may_send_money_back(office):
    claim = an_approved_claim(office)
    claims.note_paid(claim.id, paid_on=MONDAY, actor="bank", now=at("12:00"))
    assert claims.close_settled(before=at("12:00"), now=at("12:00")) == 0
    later = at("12:00", date(2027, 1, 4))
    assert claims.close_settled(before=later - timedelta(days=30), now=later) == 1
    claim.refresh_from_db()
    assert (claim.state, claim.ended_at) == ("closed", later)


def test_money_that_comes_back_asks_for_another_account_and_the_clock_waits(office):
    claim = an_approved_claim(office)
    claims.note_paid(claim.id, paid_on=MONDAY, actor="bank", now=at("12:00"))
    tuesday, friday = at("12:00", date(2026, 11, 24)), at("12:00", date(2026, 11, 27))
    back = claims.note_bounced(claim.id, reason="AC04", actor="bank", now=tuesday)
    assert (back.state, back.paid_on, back.due_on) == ("bounced", None, None)
    with pytest.raises(refusals.HolderDiffers):
        claims.mend_account(claim.id, HERS._replace(holder="Budi"), actor="citizen", now=friday)
    other = claims.Account("BCA", "9876543210", "Siti Aminah")
    mended = claims.mend_account(claim.id, other, actor="citizen", now=friday)
    # Tuesday counted; then Monday 30 November and 1, 2, 3 December.
    assert (mended.state, mended.due_on) == ("approved", date(2026, 12, 3))
    assert queries.account_of(claim.id) == other


def test_an_account_is_not_changed_any_more_once_the_file_was_verified(office):
    claim = an_approved_claim(office)
    with pytest.raises(ClaimMoveNotAllowed):
        claims.fill(claim.id, account=HERS, actor="citizen", now=at("12:00"))


# The end


def test_a_claim_is_taken_back_until_it_is_verified(office):
    claim = a_complete_claim(office)
    gone = claims.withdraw(claim.id, actor="citizen", now=at("10:00"))
    assert (gone.state, gone.due_on, gone.ended_at) == ("withdrawn", None, at("10:00"))
    approved = an_approved_claim(office)
    with pytest.raises(ClaimMoveNotAllowed):
        claims.withdraw(approved.id, actor="citizen", now=at("10:00"))


def test_a_draft_that_nobody_goes_on_with_is_withdrawn_but_a_sent_claim_never(office):
    draft, sent = a_claim(office), a_submitted_claim(office)
    later = at("09:00", date(2027, 3, 1))
    assert claims.drop_drafts(before=later, now=later) == 1
    draft.refresh_from_db()
    sent.refresh_from_db()
    assert (draft.state, sent.state) == ("withdrawn", "submitted")


def test_a_claim_is_never_deleted(office):
    claim = a_claim(office)
    Paper.objects.filter(claim=claim).delete()
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        claim.delete()


def test_what_a_claimant_stated_is_forgotten_after_the_end_and_the_history_stays(office):
    old, live = a_submitted_claim(office), a_submitted_claim(office)
    claims.withdraw(old.id, actor="citizen", now=at("10:00"))
    Payment.objects.create(
        claim=old,
        end_to_end="E2E-1",
        amount=1,
        account_sealed=b"sealed",
        state="bounced",
        made_at=at("10:00"),
    )
    assert erase_statements(before=MONDAY) == 0
    assert erase_statements(before=MONDAY + timedelta(days=1)) == 1
    assert erase_statements(before=MONDAY + timedelta(days=1)) == 0
    assert queries.name_of(old.id) == queries.phone_of(old.id) == ""
    assert queries.account_of(old.id) is None
    assert queries.situation_of(old.id) == {}
    assert not queries.open_to(old.id, BIRTH)
    assert bytes(Payment.objects.get(claim=old).account_sealed) == b""
    assert queries.papers(old.id)
    assert queries.amount_expected(old.id) is None
    assert queries.name_of(live.id) == "Siti Aminah"
    assert not [said for _, said in queries.differences_from_history() if said]


def test_no_name_number_or_account_stands_in_clear_in_any_table_or_in_the_history(office):
    nik = "3673011708851234"
    claim = an_approved_claim(office, nik=nik, name="Zubaidah Qomariah")
    claims.note_bounced(claim.id, reason="AC01", actor="bank", now=at("11:00"))
    claims.note_look(
        claim.id, what="account", office_id=office.id, actor="officer:1", now=at("11:10")
    )
    secrets = (nik, "Zubaidah", "001234567890", "81234567890", "1985-08-17")
    with connection.cursor() as cursor:
        for table in (
            "claims_claim",
            "claims_paper",
            "claims_letter",
            "journal_event",
            "people_citizen",
            "giliran_messages_message",
        ):
            cursor.execute(f"SELECT t::text FROM {table} t")  # noqa: S608 -- names from above
            text = "\n".join(row for (row,) in cursor.fetchall())
            assert not [one for one in secrets if one in text], table


def test_a_look_at_a_claimants_data_is_written_down_once(office):
    claim = a_claim(office)
    for _ in range(2):
        claims.note_look(
            claim.id, what="name", office_id=office.id, actor="officer:7", now=at("09:30")
        )
    [event] = Event.objects.filter(kind="person.seen", subject_id=claim.claimant_id)
    assert event.data == {"claim": claim.id, "what": "name"}


# Tracking


def test_code_and_birth_date_show_how_a_claim_stands_and_no_more(office):
    claim = a_complete_claim(office)
    seen = queries.tracked(claim.code, BIRTH, now=at("10:00"))
    assert (seen.state, seen.due_on) == (State.COMPLETE, date(2026, 11, 30))
    assert seen._fields == ("claim_id", "code", "state", "due_on", "paid_on", "lacking")


def test_a_wrong_birth_date_and_a_wrong_code_are_answered_with_the_same_words(office):
    claim = a_claim(office)
    said = set()
    for code, birth in ((claim.code, date(1985, 8, 18)), ("ZZZZZZZZ", BIRTH)):
        with pytest.raises(refusals.NotYours) as refusal:
            queries.tracked(code, birth, now=at("10:00"))
        said.add(str(refusal.value))
    assert len(said) == 1


def test_who_guesses_at_a_birth_date_waits_and_the_right_one_does_not_help_meanwhile(office):
    claim = a_claim(office)
    for day in range(1, 6):
        with pytest.raises(refusals.NotYours):
            queries.tracked(claim.code, date(1985, 1, day), now=at("10:00"))
    with pytest.raises(refusals.TooManyLooks, match="10 menit"):
        queries.tracked(claim.code, BIRTH, now=at("10:00"))
    assert queries.tracked(claim.code, BIRTH, now=at("10:11")).claim_id == claim.id


def test_who_guesses_at_codes_from_one_address_waits_also_with_a_claim_of_their_own(office):
    claim = a_claim(office)
    for letter in "ABCDEFGHJKMNPQRSTVWX":
        with pytest.raises(refusals.NotYours):
            queries.tracked(letter * 8, BIRTH, address="203.0.113.9", now=at("10:00"))
        if letter == "C":
            queries.tracked(claim.code, BIRTH, address="203.0.113.9", now=at("10:00"))
    with pytest.raises(refusals.TooManyLooks):
        queries.tracked(claim.code, BIRTH, address="203.0.113.9", now=at("10:00"))
    assert queries.tracked(claim.code, BIRTH, address="203.0.113.10", now=at("10:00"))


def test_what_was_not_found_is_said_so():
    with pytest.raises(NotFound):
        queries.by_code("K7QM3XPA")
    with pytest.raises(NotFound):
        queries.name_of(0)
    with pytest.raises(NotFound):
        claims.approve(0, officer_id=1, now=at("09:00"))


# Any life at all


def send_all(claim: Claim, _: int, now) -> None:
    claims.fill(claim.id, account=HERS, actor="citizen", now=now)
    Paper.objects.filter(claim=claim, state__in=["missing", "wrong"]).update(state="sent")
    claims.submit(claim.id, actor="citizen", now=now)


def judge(claim: Claim, officer: int, now, *, verdict: str) -> None:
    for paper in Paper.objects.filter(claim=claim, need="yes"):
        claims.check_paper(paper.id, verdict=verdict, fault="blurred", officer_id=officer, now=now)


DEEDS = {
    "send": send_all,
    "check": lambda claim, who, now: judge(claim, who, now, verdict="good"),
    "spoil": lambda claim, who, now: judge(claim, who, now, verdict="wrong"),
    "ask": lambda claim, who, now: claims.ask_for_papers(claim.id, officer_id=who, now=now),
    "complete": lambda claim, who, now: claims.complete(
        claim.id, needs_visit=False, officer_id=who, now=now
    ),
    "verify": lambda claim, who, now: claims.verify(
        claim.id, amount=Decimal(1000), officer_id=who, now=now
    ),
    "send_back": lambda claim, who, now: claims.send_back(claim.id, officer_id=who, now=now),
    "approve": lambda claim, who, now: claims.approve(claim.id, officer_id=who, now=now),
    "refuse": lambda claim, who, now: claims.refuse(
        claim.id, article="Pasal 1", reason="Ada", officer_id=who, now=now
    ),
    "pay": lambda claim, _, now: claims.note_paid(
        claim.id, paid_on=now.date(), actor="bank", now=now
    ),
    "bounce": lambda claim, _, now: claims.note_bounced(
        claim.id, reason="AC01", actor="bank", now=now
    ),
    "mend": lambda claim, _, now: claims.mend_account(claim.id, HERS, actor="citizen", now=now),
    "close": lambda claim, _, now: claims.close(claim.id, actor="system", now=now),
    "withdraw": lambda claim, _, now: claims.withdraw(claim.id, actor="citizen", now=now),
    "warn": lambda _claim, _, now: claims.warn_due(now=now),
}


@settings(
    max_examples=examples(7),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    begun=st.integers(0, 4),
    course=st.lists(
        st.tuples(st.sampled_from(sorted(DEEDS)), st.integers(0, 2), st.integers(0, 3)),
        max_size=25,
    ),
)
def test_whatever_is_tried_history_adds_up_and_no_promise_is_broken(begun, course):
    with transaction.atomic():
        office = an_office()
        people = [an_officer(office, "manager").id for _ in range(3)]
        makers = (a_claim, a_submitted_claim, a_complete_claim, an_approved_claim, a_claim)
        claim, now = makers[begun](office), at("10:00")
        for deed, who, days in course:
            now += timedelta(days=days)
            # A refusal is an answer too; whatever else is raised here is a fault.
            with suppress(Refusal), transaction.atomic():
                DEEDS[deed](claim, people[who], now)
            assert_promises_kept(claim)
        transaction.set_rollback(True)


def assert_promises_kept(claim: Claim) -> None:
    claim.refresh_from_db()
    assert [said for _, said in queries.differences_from_history()] == [""]
    assert claim.verified_by_id is None or claim.verified_by_id != claim.decided_by_id
    runs = claim.state in CLOCK_RUNS and claim.complete_on is not None
    assert (claim.due_on is not None) == runs
    stands = Pause.objects.filter(claim=claim, resumed_on__isnull=True).exists()
    assert not (stands and runs)
    if claim.state in {"approved", "paid", "bounced", "refused"}:
        assert claim.decided_by_id is not None
    assert (claim.ended_at is not None) == (claim.state in {"closed", "withdrawn"})


# By night


def test_the_worker_forgets_what_ended_long_ago_and_ends_what_was_settled(office, monkeypatch):
    old, paid, draft = a_submitted_claim(office), an_approved_claim(office), a_claim(office)
    claims.withdraw(old.id, actor="citizen", now=at("10:00"))
    claims.note_paid(paid.id, paid_on=MONDAY, actor="bank", now=at("10:00"))
    later = at("02:00", date(2027, 2, 28))
    monkeypatch.setattr("giliran.clock.now", lambda: later)
    clockwork.end_old(0)
    tasks.forget(0)
    assert queries.name_of(old.id) == ""
    assert queries.name_of(paid.id) == "Siti Aminah"
    found = {one.id: one.state for one in Claim.objects.all()}
    assert found == {old.id: "withdrawn", paid.id: "closed", draft.id: "withdrawn"}
    [event] = Event.objects.filter(kind="people.erased")
    assert event.data["claims"] == 1


def test_the_worker_warns_each_quarter_of_an_hour(office, monkeypatch):
    claim = a_complete_claim(office)
    monkeypatch.setattr("giliran.clock.now", lambda: at("12:00", date(2026, 12, 1)))
    clockwork.warn_due(0)
    assert claim.warnings.count() == 2

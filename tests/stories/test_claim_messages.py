"""What claimants are told of a claim: at once, truly, in one SMS, and nothing for strangers."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction
from django.utils.translation import override

from giliran.claims import actions as claims
from giliran.claims.actions import telling
from giliran.claims.models import Claim, Paper
from giliran.claims.wordings import KINDS, forms, word, worded
from giliran.claims.wordings.facts import PAPERS_LETTERS, READERS, Known
from giliran.core.conversation.rendering import SMS_LETTERS
from giliran.core.refusal import Refusal
from giliran.jobs import sending
from giliran.messages import actions as messages
from giliran.messages.forms import PLACE
from giliran.messages.models import Message
from giliran.turns.wordings.forms import EXAMPLES
from tests.builders import (
    WIB,
    a_claim,
    a_complete_claim,
    a_submitted_claim,
    an_approved_claim,
    an_office,
    an_officer,
    at,
)

LANGUAGES = ("id", "en")
both = pytest.mark.parametrize("language", LANGUAGES)
every = pytest.mark.parametrize("form", forms.FORMS, ids=lambda form: form.name)
db = pytest.mark.django_db


def told_of(claim: Claim, *, channel: str = "sms", address: str = "0812 3456 7890") -> None:
    contact_id = messages.heard_from(channel, address, now=at("07:00"))
    messages.subscribe(contact_id, subject="claim", subject_id=claim.id, now=at("07:00"))


def a_told_claim(make=a_submitted_claim, **fields) -> Claim:
    """A claim whose claimant is told from its draft on."""
    draft = make(**fields)
    told_of(draft)
    return draft


def said(kind: str, language: str = "id"):
    return word(Message.objects.get(kind=kind).id, language)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=WIB)


def spoil(claim: Claim, officer, *, code: str = "KTP", fault: str = "blurred", text: str = ""):
    paper = Paper.objects.get(claim=claim, code=code)
    claims.check_paper(
        paper.id,
        verdict="wrong",
        fault=fault,
        fault_text=text,
        officer_id=officer.id,
        now=at("10:00"),
    )


@db
def test_a_complete_file_is_told_the_day_by_which_it_is_paid():
    claim, officer = a_told_claim(), an_officer(None, "administrator")
    Paper.objects.filter(claim=claim).update(state="good")
    claims.complete(
        claim.id, needs_visit=False, officer_id=officer.id, now=noon(date(2026, 11, 27))
    )
    wording = said("claim_complete")
    assert "dibayar paling lambat Jumat, 4 Desember 2026" in wording.text
    assert "Dibayar paling lambat Jum 4 Des" in wording.short
    assert "by Friday, 4 December 2026 at the latest" in said("claim_complete", "en").text


@db
def test_papers_that_are_wanted_are_told_at_once_a_sentence_each():
    claim, officer = a_told_claim(), an_officer(None, "administrator")
    spoil(claim, officer, code="KTP", fault="blurred")
    spoil(claim, officer, code="BUKTI_PHK", fault="other", text="Halaman dua tertutup jari.")
    Paper.objects.filter(claim=claim, code="REKENING").update(state="missing")
    claims.ask_for_papers(claim.id, officer_id=officer.id, now=at("10:05"))
    message = Message.objects.get(kind="claim_papers_wanted")
    assert (message.state, message.due_at) == ("waiting", at("10:05"))
    text = said("claim_papers_wanted").text
    assert "KTP-el atau bukti identitas lain: Fotonya buram." in text
    assert "Halaman dua tertutup jari." in text
    assert "Buku tabungan / nomor rekening atas nama penerima: belum ada." in text
    assert "3 dokumen" in said("claim_papers_wanted").short


@db
def test_a_long_list_of_wrong_papers_still_fits_the_channel():
    claim = a_told_claim(program="JKM", kind="jkm/death", situation={}, kpj="")
    officer = an_officer(None, "administrator")
    for paper in Paper.objects.filter(claim=claim):
        claims.check_paper(
            paper.id,
            verdict="wrong",
            fault="name_differs",
            fault_text="x" * 200,
            officer_id=officer.id,
            now=at("10:00"),
        )
    claims.ask_for_papers(claim.id, officer_id=officer.id, now=at("10:05"))
    wording = said("claim_papers_wanted")
    assert len(wording.text) <= 1024
    assert "Akta / surat keterangan kematian" in wording.text
    assert "Buku tabungan" in wording.text
    assert len(wording.short) <= SMS_LETTERS


@db
def test_news_are_told_in_the_transaction_of_the_change_or_not_at_all():
    claim, officer = a_told_claim(), an_officer(None, "administrator")
    Paper.objects.filter(claim=claim).update(state="good")
    before = Message.objects.count()
    with transaction.atomic():
        claims.complete(claim.id, needs_visit=False, officer_id=officer.id, now=at("10:00"))
        assert Message.objects.count() == before + 1
        transaction.set_rollback(True)
    assert Message.objects.count() == before
    claim.refresh_from_db()
    assert claim.state == "submitted"


@db
def test_what_is_refused_tells_nobody_anything():
    claim, officer = a_told_claim(), an_officer(None, "administrator")
    with pytest.raises(Refusal):
        claims.ask_for_papers(claim.id, officer_id=officer.id, now=at("10:00"))
    assert not Message.objects.filter(kind="claim_papers_wanted").exists()


@db
def test_who_did_not_subscribe_is_told_nothing():
    an_approved_claim()
    assert not Message.objects.exists()


@db
def test_old_news_die_when_the_claim_has_moved_on():
    claim, officer = a_told_claim(), an_officer(None, "administrator")
    spoil(claim, officer)
    claims.ask_for_papers(claim.id, officer_id=officer.id, now=at("10:05"))
    asked = Message.objects.get(kind="claim_papers_wanted").id
    Paper.objects.filter(claim=claim).update(state="good")
    claims.submit(claim.id, actor="citizen", now=at("11:00"))
    assert word(asked, "id") is None
    claims.complete(claim.id, needs_visit=False, officer_id=officer.id, now=at("11:10"))
    complete = Message.objects.get(kind="claim_complete").id
    assert word(complete, "id") is not None
    claims.withdraw(claim.id, actor="citizen", now=at("11:20"))
    assert word(complete, "id") is None


@db
def test_a_day_that_changed_after_a_pause_is_told_again_and_the_old_one_no_more():
    claim = a_complete_claim()
    told_of(claim)
    office = claim.office
    officer = an_officer(office)
    paper = Paper.objects.filter(claim=claim).first()
    dues = []
    for stop, go_on in ((24, 26), (27, 30)):
        claims.check_paper(
            paper.id, verdict="wrong", fault="blurred", officer_id=officer.id, now=at("09:30")
        )
        claims.ask_for_papers(claim.id, officer_id=officer.id, now=noon(date(2026, 11, stop)))
        Paper.objects.filter(id=paper.id).update(state="good")
        moment = noon(date(2026, 11, go_on))
        claims.submit(claim.id, actor="citizen", now=moment)
        done = claims.complete(claim.id, needs_visit=False, officer_id=officer.id, now=moment)
        dues.append(done.due_on)
    first, second = Message.objects.filter(kind="claim_complete").order_by("id")
    assert len(set(dues)) == 2
    assert word(first.id, "id") is None
    assert word(second.id, "id") is not None


@db
def test_a_decision_tells_when_the_money_comes_or_how_to_object():
    office = an_office()
    first, boss = an_officer(office), an_officer(office, "manager")
    yes, no = a_complete_claim(office), a_complete_claim(office, kpj="12345678902")
    for claim in (yes, no):
        claims.verify(claim.id, amount=Decimal(500), officer_id=first.id, now=at("10:00"))
    told_of(yes)
    claims.approve(yes.id, officer_id=boss.id, now=at("10:10"))
    told_of(no, address="0812 3456 7899")
    claims.refuse(
        no.id,
        article="PP 46/2015 Pasal 26",
        reason="Masih bekerja.",
        officer_id=boss.id,
        now=at("10:10"),
    )
    assert "paling lambat Senin, 30 November 2026" in said("claim_decided_yes").text
    text = said("claim_decided_no").text
    assert "PP 46/2015 Pasal 26" in text
    assert "kantor cabang" in text
    assert "5 hari kerja" in text
    assert "Masih bekerja" not in text  # the reason stands in the letter, not on a lock screen


@db
def test_money_that_arrived_and_money_that_came_back_are_told():
    claim = an_approved_claim()
    told_of(claim)
    claims.note_paid(claim.id, paid_on=date(2026, 11, 25), actor="bank", now=at("12:00"))
    assert "Rabu, 25 November 2026" in said("claim_paid").text
    claims.note_bounced(claim.id, reason="AC04", actor="bank", now=at("13:00"))
    assert word(Message.objects.get(kind="claim_paid").id, "id") is None
    assert "tidak pernah meminta PIN" in said("claim_bounced").text


@db
def test_paid_again_after_a_bounce_is_told_again():
    claim = an_approved_claim()
    told_of(claim)
    for hour in ("12:00", "14:00"):
        claims.note_paid(claim.id, paid_on=date(2026, 11, 25), actor="bank", now=at(hour))
        if hour == "12:00":
            claims.note_bounced(claim.id, reason="AC04", actor="bank", now=at("13:00"))
            account = claims.Account("BRI", "001234567890", "Siti Aminah")
            claims.mend_account(claim.id, account, actor="citizen", now=at("13:30"))
    assert Message.objects.filter(kind="claim_paid").count() == 2


@db
def test_where_the_day_is_not_known_yet_the_length_is_told_instead():
    claim, officer = a_told_claim(now=noon(date(2027, 12, 30))), an_officer(None, "administrator")
    Paper.objects.filter(claim=claim).update(state="good")
    claims.complete(
        claim.id, needs_visit=False, officer_id=officer.id, now=noon(date(2027, 12, 30))
    )
    wording = said("claim_complete")
    assert wording.template == "berkas_lengkap_tanpa_tanggal"
    assert "paling lama 5 hari kerja" in wording.text


@db
def test_only_originals_are_left_to_show():
    claim, officer = a_claim(), an_officer(None, "administrator")
    told_of(claim)
    account = claims.Account("BRI", "001234567890", "Siti Aminah")
    claims.fill(claim.id, account=account, actor="citizen", now=at("09:05"))
    for paper in Paper.objects.filter(claim=claim):
        claims.bring_paper(paper.id, actor="citizen", now=at("09:05"))
    claims.submit(claim.id, actor="citizen", now=at("09:10"))
    claims.complete(claim.id, needs_visit=True, officer_id=officer.id, now=at("09:20"))
    assert "Bawa 4 dokumen asli ke loket" in said("claim_visit_wanted").short
    assert not Message.objects.filter(kind="claim_complete").exists()


@db
def test_who_is_to_show_originals_is_told_so_with_the_day():
    claim = a_told_claim()
    officer = an_officer(claim.office)
    Paper.objects.filter(claim=claim).update(state="good")
    claims.complete(claim.id, needs_visit=True, officer_id=officer.id, now=at("10:00"))
    wording = said("claim_complete")
    assert wording.template == "berkas_lengkap_perlihatkan_asli"
    assert "paling lambat Senin, 30 November 2026" in wording.text
    assert "loket" in wording.short


@db
def test_a_new_account_brings_a_new_day_and_the_old_one_is_told_no_more():
    office = an_office()
    claim = a_complete_claim(office)
    told_of(claim)
    first, boss = an_officer(office), an_officer(office, "manager")
    claims.verify(claim.id, amount=Decimal(500), officer_id=first.id, now=at("10:00"))
    claims.approve(claim.id, officer_id=boss.id, now=at("10:10"))
    claims.note_bounced(claim.id, reason="AC04", actor="bank", now=at("11:00"))
    account = claims.Account("BRI", "001234567890", "Siti Aminah")
    claims.mend_account(claim.id, account, actor="citizen", now=noon(date(2026, 11, 25)))
    old, new = Message.objects.filter(kind="claim_decided_yes").order_by("id")
    assert word(old.id, "id") is None
    assert "Rabu, 2 Desember 2026" in word(new.id, "id").text


@db
def test_the_worker_words_a_claims_news_and_a_letter_leads_to_its_page():
    claim = a_claim()
    told_of(claim, channel="email", address="siti@contoh.id")
    Paper.objects.filter(claim=claim).update(state="sent")
    account = claims.Account("BRI", "001234567890", "Siti Aminah")
    claims.fill(claim.id, account=account, actor="citizen", now=at("09:05"))
    claims.submit(claim.id, actor="citizen", now=at("09:10"))
    message = Message.objects.get(kind="claim_received")
    wording = sending.word(message.id, "id")
    assert wording is not None
    assert wording.letter.endswith(f"/k/{claim.code}/")
    assert claim.code not in wording.text + wording.short
    assert claim.code[-4:] in wording.short


def test_every_kind_that_is_told_has_words():
    source = Path(telling.__file__).read_text(encoding="utf-8")
    told = set(re.findall(r'"(claim_\w+)"', source))
    assert told == set(READERS) == KINDS


WORST = {
    **EXAMPLES,
    **forms.EXAMPLES,
    "date": "Wed 25 Nov",
    "due_date": "Wed 25 Nov",
    "count": "12",
}


@both
@every
def test_every_message_is_one_plain_sms_that_keeps_its_first_sentence(form, language):
    short = worded(Known(form, WORST), language).short
    assert len(short) <= SMS_LETTERS
    assert short.isascii()
    assert short.startswith(form.short[0].spoken(language) % WORST)


@both
@every
def test_a_template_can_be_registered(form, language):
    body = form.registered(language)
    assert not body.startswith("{{")
    assert not body.endswith("}}")
    assert "}}{{" not in body.replace(" ", "")
    assert len(body) + PAPERS_LETTERS <= 1024
    places = form.places(language)
    assert len(set(places)) == len(places)
    assert set(places) == set(form.places("en"))
    named = set(places).union(*(PLACE.findall(one.spoken(language)) for one in form.short))
    assert named <= forms.EXAMPLES.keys()


@both
def test_no_message_names_the_program_a_person_a_sum_or_a_misfortune(language):
    tells = re.compile(
        r"\b(jht|jkm|jkk|jp|jkp|nik|klaim|claim|kematian|death|kecelakaan|accident|phk|"
        r"ahli waris|heir|almarhum|bpjs|rp)\b",
        re.IGNORECASE,
    )
    with override(language):
        for form in forms.FORMS:
            sentences = [form.said(language), form.title.spoken(language)]
            sentences += [one.spoken(language) for one in form.short]
            assert not tells.search(" ".join(sentences)), form.name


@db
def test_news_wait_for_the_morning_and_questions_do_too():
    claim, officer = a_told_claim(), an_officer(None, "administrator")
    spoil(claim, officer)
    night = at("22:30")
    claims.ask_for_papers(claim.id, officer_id=officer.id, now=night)
    message = Message.objects.get(kind="claim_papers_wanted")
    assert night < message.due_at < night + timedelta(hours=12)

"""A claim on the telephone: how it stands, its papers, and where one is begun."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image, ImageDraw

from giliran.claims import actions as claims
from giliran.claims.models import Claim, Paper
from giliran.claims.models import Document as ClaimDocument
from giliran.conversations import actions, queries
from giliran.conversations.models import Conversation, Document, Exchange, Handover
from giliran.core.conversation import Document as Sent
from giliran.core.conversation import Said
from giliran.core.identifiers import written_code
from giliran.encryption import unseal
from giliran.messages import actions as messages
from tests.builders import (
    BIRTH,
    a_claim,
    a_complete_claim,
    a_submitted_claim,
    an_office,
    an_officer,
    at,
)

pytestmark = pytest.mark.django_db

BORN = f"{BIRTH:%d-%m-%Y}"
ONE_SMS = 160


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "documents": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }


def a_photo(text="KARTU TANDA PENDUDUK"):
    """Return a sharp JPEG of a page with writing on it."""
    picture = Image.new("RGB", (1200, 1600), "white")
    pen = ImageDraw.Draw(picture)
    for line in range(40):
        pen.text((60, 40 + 38 * line), f"{text} {line} " * 4, fill="black", font_size=26)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()


def a_blurred_photo():
    picture = Image.new("RGB", (1200, 1600), "white")
    ImageDraw.Draw(picture).ellipse((200, 200, 900, 900), fill="lightgrey")
    out = io.BytesIO()
    picture.resize((60, 80)).resize((1200, 1600)).save(out, "JPEG")
    return out.getvalue()


class Person:
    """Somebody with a telephone or a browser."""

    def __init__(self, channel="sms", key="+6281234567890", **fields):
        self.contact_id = None
        if channel in {"sms", "whatsapp"}:
            self.contact_id = messages.heard_from(channel, key, now=at("06:00"))
        self.speaker = actions.Speaker(channel, key, contact_id=self.contact_id, **fields)
        self.now = at("11:00")

    def says(self, *texts, **said):
        answer = []
        for text in texts or [""]:
            self.now += timedelta(seconds=20)
            answer = actions.hear(self.speaker, Said(text, **said), now=self.now)
        return "\n".join(say.text for say in answer)

    def choices(self):
        asked = queries.stand(self.speaker).asked
        return [one.label for one in asked.choices] if asked else []


def returned(**fields):
    """Return a claim whose KTP was sent back, and the officer who did it."""
    claim = a_submitted_claim(**fields)
    officer = an_officer(claim.office)
    paper = Paper.objects.get(claim=claim, code="KTP")
    claims.check_paper(
        paper.id, verdict="wrong", fault="blurred", officer_id=officer.id, now=at("10:00")
    )
    claims.ask_for_papers(claim.id, officer_id=officer.id, now=at("10:01"))
    return claim, paper


@pytest.mark.parametrize("channel", ["sms", "ussd", "whatsapp", "web"])
def test_a_claim_is_tracked_with_code_and_birth_date_on_any_channel(channel):
    claim = a_complete_claim()

    told = Person(channel).says("menu", "lacak klaim", written_code(claim.code).lower(), BORN)

    assert written_code(claim.code) in told
    assert "Dibayar paling lambat" in told
    assert "SITI" not in told.upper()


def test_what_sms_is_told_of_a_claim_fits_one_part_in_every_state():
    claim = a_complete_claim()
    person = Person()
    for state in ("drafted", "submitted", "returned", "complete", "verified", "refused", "closed"):
        Claim.objects.filter(id=claim.id).update(state=state, article="Pasal 1", move="fill")
        told = person.says("menu", "lacak klaim", claim.code, BORN)
        assert claim.code[:4] in told
        assert len(told) <= ONE_SMS, told
        assert told.isascii()


def test_whose_originals_must_still_be_seen_is_told_so_and_not_that_all_is_complete():
    claim = a_submitted_claim()
    officer = an_officer(claim.office)
    Paper.objects.filter(claim=claim, code="KTP").update(state="brought")
    for paper in Paper.objects.filter(claim=claim, state="sent"):
        claims.check_paper(paper.id, verdict="good", officer_id=officer.id, now=at("10:00"))
    claims.complete(claim.id, needs_visit=True, officer_id=officer.id, now=at("10:00"))

    told = Person().says("menu", "lacak klaim", claim.code, BORN)

    assert "dokumen asli di kantor" in told
    assert "Dibayar" not in told
    assert len(told) <= ONE_SMS


@pytest.mark.parametrize("typed", ["17 Agustus 1985", "17/8/1985", "17081985"])
def test_a_birth_date_is_read_as_people_write_it(typed):
    claim = a_complete_claim()
    assert "Dibayar" in Person().says("menu", "lacak klaim", claim.code, typed)


def test_a_wrong_birth_date_and_a_code_that_is_nobodys_are_answered_alike():
    claim = a_complete_claim()

    wrong_date = Person(key="+6281234567891").says("menu", "lacak", claim.code, "01-01-1990")
    no_code = Person(key="+6281234567892").says("menu", "lacak", "22222222", "01-01-1990")

    assert "tidak cocok" in wrong_date
    assert wrong_date == no_code


def test_whoever_guesses_birth_dates_by_sms_is_stopped_though_each_message_is_answered():
    claim = a_complete_claim()
    guesser = Person(key="+6281234567899")
    guesser.says("menu", "lacak klaim")
    for day in range(1, 6):
        guesser.says(claim.code, f"0{day}-01-1990")

    told = guesser.says(claim.code, BORN)

    assert "Terlalu banyak percobaan" in told
    other = Person(key="+6281234567800")
    assert "Terlalu banyak percobaan" in other.says("menu", "lacak klaim", claim.code, BORN)


def test_neither_birth_date_nor_code_stays_in_the_conversation_after_the_answer():
    claim = a_complete_claim()
    person = Person()

    person.says("menu", "lacak klaim", claim.code, BORN, "menu")

    state = unseal(Conversation.objects.get().state_sealed)
    assert "1985" not in state
    assert claim.code not in state
    assert "claim_id" not in state


def test_without_a_code_an_officer_looks_the_claim_up():
    an_office("serang")

    told = Person().says("menu", "lacak klaim", "JHT, bulan lalu", "serang")

    assert Handover.objects.get().kind == "claim"
    assert "Diterima" in told


def test_a_mistyped_code_is_asked_for_again_and_reaches_no_officer():
    an_office("serang")

    told = Person().says("menu", "lacak klaim", "K7QM-3XP")

    assert "8 huruf dan angka" in told
    assert not Handover.objects.exists()


def test_whose_contact_hears_news_of_a_claim_need_not_say_its_code():
    claim = a_complete_claim()
    person = Person("whatsapp", "user.1")
    messages.subscribe(person.contact_id, subject="claim", subject_id=claim.id, now=at("09:00"))

    assert written_code(claim.code) in person.says("menu", "lacak klaim")


def test_a_photo_is_sent_for_the_paper_that_was_sent_back_and_the_claim_handed_in_again():
    claim, paper = returned()
    person = Person("whatsapp", "user.1")

    told = person.says("menu", "lacak klaim", claim.code, BORN)
    assert "Masih perlu:\n- KTP-el atau bukti identitas lain: Fotonya buram." in told
    person.says("kirim dokumen", "1")
    told = person.says("", document=Sent("image/jpeg", a_photo()))
    assert "Sudah kami terima: KTP-el" in told
    paper.refresh_from_db()
    assert paper.state == "sent"
    told = person.says("kirim ke petugas")

    claim.refresh_from_db()
    assert claim.state == "submitted"
    assert "sedang diperiksa" in told


def test_a_file_that_came_first_goes_to_the_claim_and_leaves_the_conversation():
    claim, paper = returned()
    person = Person("web", "session")

    person.says("", document=Sent("image/jpeg", a_photo()))
    told = person.says("untuk klaim saya", claim.code, BORN, "kirim dokumen", "1")

    assert "Sudah kami terima" in told
    assert ClaimDocument.objects.get().paper_id == paper.id
    assert not Document.objects.exists()
    assert not Handover.objects.exists()


def test_what_the_machine_refuses_is_said_and_asked_for_again():
    claim, _paper = returned()
    person = Person("whatsapp", "user.1")
    person.says("menu", "lacak klaim", claim.code, BORN, "kirim dokumen", "1")

    told = person.says("", document=Sent("image/jpeg", b"MZ this is a program"))

    assert "Kirim foto (JPG, PNG) atau PDF: KTP-el" in told
    assert not ClaimDocument.objects.exists()
    assert "Sudah kami terima" in person.says("", document=Sent("image/jpeg", a_photo()))


def test_a_photo_that_a_machine_finds_hard_to_read_may_be_sent_all_the_same():
    claim, _paper = returned()
    person = Person("whatsapp", "user.1")
    person.says("menu", "lacak klaim", claim.code, BORN, "kirim dokumen", "1")

    told = person.says("", document=Sent("image/jpeg", a_blurred_photo()))
    assert "Foto ulang, atau kirim saja?" in told
    assert not ClaimDocument.objects.exists()

    assert "Sudah kami terima" in person.says("kirim saja")
    assert ClaimDocument.objects.get().findings["insisted"]
    assert not Document.objects.exists()


def test_nobody_sends_a_paper_to_a_claim_that_they_have_not_opened():
    claim, paper = returned()
    other, _ = returned(name="Budi Hidayat")
    person = Person("web", "session")
    person.says("menu", "lacak klaim", other.code, BORN, "kirim dokumen")

    person.says("", choice=str(paper.id))
    person.says("", document=Sent("image/jpeg", a_photo()))

    assert not ClaimDocument.objects.filter(paper__claim=claim).exists()


def test_a_draft_without_an_account_is_not_handed_in_and_its_page_is_named():
    claim = a_claim()
    Paper.objects.filter(claim=claim).update(state="sent")

    told = Person("web", "session").says("menu", "lacak", claim.code, BORN, "kirim ke petugas")

    assert "rekening" in told
    assert f"/k/{claim.code}/" in told


def test_by_sms_nobody_is_offered_to_send_a_photo():
    claim, _paper = returned()
    person = Person()

    told = person.says("menu", "lacak klaim", claim.code, BORN)

    assert "Kurang 1 dokumen" in told
    assert "Kirim dokumen" not in person.choices()


RETIRES = (
    "pensiun",
    "tidak",
    "05-1965",
    "1",
    "tidak tahu",
    "tidak tahu",
    "belum pernah",
    "tidak ada",
)


def test_at_the_end_of_a_right_the_claim_is_begun_on_a_page_with_the_answers_in_it():
    an_office("serang")
    person = Person("web", "session", site="https://giliran.test/")
    person.says("menu", "cek hak", *RETIRES)
    assert "Ajukan klaim" in person.choices()

    told = person.says("ajukan klaim")

    assert "https://giliran.test/klaim/mulai/?apa=pensiun" in told
    assert "untuk=JHT" in told


def test_whoever_has_only_sms_is_sent_to_people_and_may_be_called():
    an_office("serang")
    person = Person()
    person.says("menu", "cek hak", *RETIRES)

    told = person.says("ajukan klaim")
    assert "gerai MPP" in told
    assert len(told) <= ONE_SMS
    told = person.says("telepon saya", "serang")

    handover = Handover.objects.get()
    assert handover.kind == "claim"
    assert "ditelepon untuk mengajukan klaim JHT" in unseal(handover.lines.get().text_sealed)
    assert "Diterima" in told


def test_what_was_said_of_a_birth_date_lies_sealed():
    claim = a_complete_claim()
    Person().says("menu", "lacak klaim", claim.code, BORN)

    kept = b"".join(bytes(one) for one in Exchange.objects.values_list("said_sealed", flat=True))
    assert BORN.encode() not in kept

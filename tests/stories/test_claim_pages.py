"""A claim from home as pages: what a claimant sends, what a stranger doesn't learn."""

import re
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from giliran import clock
from giliran.claims import actions as claims
from giliran.claims import documents, payments, queries
from giliran.claims.models import Claim, Document, Paper
from giliran.claims.payments import practice
from giliran.encryption import unseal
from giliran.messages import ports
from giliran.messages import queries as told
from giliran.messages.models import Message
from giliran.turns.models import Turn
from tests.builders import (
    a_booking,
    a_claim,
    a_complete_claim,
    a_nik,
    a_submitted_claim,
    a_window,
    an_approved_claim,
    an_office,
    an_officer,
    at,
)
from tests.photos import a_page, photographed, written

pytestmark = pytest.mark.django_db
DISMISSED = {
    "apa": "phk",
    "ikut_jkp": "tidak",
    "bekerja": "tidak",
    "kapan_phk": "2026-10-01",
    "kartu_aktif": "tidak",
    "saldo": "30000000",
    "pernah_ambil": "belum",
    "masalah": "tidak-ada",
}
DIED = {
    "apa": "meninggal",
    "kapan_meninggal": "2026-10-05",
    "jenis": "PU",
    "aktif_saat_itu": "ya",
    "karena_kerja": "other",
    "ahli_waris": "spouse",
    "menikah_lagi": "tidak",
    "pensiun_bulan": "200",
    "iuran_bulan": "60",
    "menunggak": "0",
    "saldo": "20000000",
    "anak": "0",
    "masalah": "tidak-ada",
}
BEGIN = f"/klaim/mulai/?{urlencode({**DISMISSED, 'untuk': 'JHT'})}"
BORN = {"hari": "17", "bulan": "8", "tahun": "1985"}


@pytest.fixture(autouse=True)
def seven_in_the_morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("07:00"))


@pytest.fixture(scope="module")
def sharp() -> bytes:
    return written(photographed(a_page()))


class Silent:
    def send(self, outgoing):
        return ports.Sent("1")


def read(response) -> str:
    text = re.sub(r"<(script|style|svg).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def typed(**other) -> dict:
    usual = {"name": "Siti Aminah", "nik": a_nik(1), **BORN, "phone": "", "kpj": ""}
    return {**usual, "office": "serang", "request_key": str(uuid4()), "langkah": "simpan", **other}


def opened(client: Client, claim: Claim) -> None:
    sent = client.post("/klaim/", {"kode": claim.code, **BORN})
    assert sent["Location"] == f"/k/{claim.code}/"


def proved(client: Client, claim: Claim, nik: str) -> None:
    opened(client, claim)
    client.post(f"/k/{claim.code}/nik/", {"nik": nik})


def photo(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("ktp.jpg", content, "image/jpeg")


def first_paper(claim: Claim) -> Paper:
    return claim.papers.order_by("position")[0]


# ---- beginning


def test_an_answer_about_a_right_leads_to_a_claim_with_the_same_answers(client):
    an_office()
    page = client.get(f"/hak/?{urlencode(DISMISSED)}").content.decode()
    assert "Ajukan klaim sekarang dari rumah" in page
    link = re.search(r'href="(/klaim/mulai/[^"]+)"', page)
    begun = client.get(link[1].replace("&amp;", "&"))
    assert begun.status_code == 200
    assert "Jaminan Hari Tua (JHT)" in read(begun)


def test_who_is_not_entitled_is_offered_no_claim(client):
    works = DISMISSED | {"bekerja": "ya"}
    assert "Ajukan klaim" not in read(client.get(f"/hak/?{urlencode(works)}"))
    sent = client.get(f"/klaim/mulai/?{urlencode({**works, 'untuk': 'JHT'})}")
    assert sent["Location"].startswith("/hak/?apa=phk")


def test_a_claim_is_begun_in_three_pages_and_its_papers_are_listed(client):
    an_office()
    form = typed(langkah="siapa", office="", kpj="")
    carried = client.post(BEGIN, form | {"langkah": "kartu", "office": "serang"})
    assert f'name="nik" value="{a_nik(1)}"' in carried.content.decode()
    assert "Kartu dan kantor" in read(client.post(BEGIN, form))
    assert "Periksa dulu" in read(
        client.post(BEGIN, form | {"langkah": "kartu", "office": "serang"})
    )
    sent = client.post(BEGIN, form | {"langkah": "simpan", "office": "serang"})
    claim = Claim.objects.get()
    assert sent["Location"] == f"/k/{claim.code}/"
    assert (claim.kind, claim.channel, claim.state) == ("jht/dismissed", "web", "drafted")
    page = read(client.get(sent["Location"]))
    assert "Klaim belum dikirim" in page
    assert "Kartu Tanda Penduduk" in page or "KTP" in page


def test_the_same_form_sent_twice_begins_one_claim(client):
    an_office()
    form = typed()
    first, second = (client.post(BEGIN, form) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Claim.objects.count() == 1


def test_every_wrong_field_is_named_and_nothing_typed_is_lost(client):
    an_office()
    bad = typed(langkah="siapa", office="", name="", nik="123", hari="31", bulan="2", phone="12")
    answer = client.post(BEGIN, bad)
    page = read(answer)
    assert answer.status_code == 422
    for said in (
        "Tulis nama seperti di KTP",
        "NIK harus 16 angka",
        "Tanggal lahir",
        "Nomor telepon",
    ):
        assert said in page
    assert 'value="123"' in answer.content.decode()
    assert Claim.objects.count() == 0


def test_no_address_and_no_cache_carries_a_nik(client):
    an_office()
    answer = client.post(BEGIN, typed(langkah="kartu"))
    assert "no-store" in answer["Cache-Control"]
    sent = client.post(BEGIN, typed())
    assert a_nik(1) not in sent["Location"]


def test_an_heir_also_says_for_whom_and_is_the_one_who_is_paid(client):
    an_office()
    page = f"/klaim/mulai/?{urlencode({**DIED, 'untuk': 'JKM'})}"
    nobody = client.post(page, typed(participant=""))
    assert nobody.status_code == 422
    assert "NIK peserta: NIK harus 16 angka" in read(nobody)
    herself = client.post(page, typed(participant=a_nik(1)))
    assert "NIK yang sama" in read(herself)
    client.post(page, typed(participant=a_nik(2)))
    claim = Claim.objects.get()
    assert claim.citizen_id != claim.claimant_id
    assert claim.kind == "jkm/death"


def test_a_second_claim_of_the_same_kind_says_nothing_of_the_first(client):
    an_office()
    client.post(BEGIN, typed())
    first = Claim.objects.get()
    Paper.objects.filter(claim=first).update(state="sent")
    account = claims.Account("BRI", "001234567890", queries.name_of(first.id))
    claims.fill(first.id, account=account, actor="citizen", now=clock.now())
    claims.submit(first.id, actor="citizen", now=clock.now())
    answer = Client().post(BEGIN, typed())
    assert answer.status_code == 409
    assert "sudah ada" in read(answer)
    assert first.code not in answer.content.decode()


# ---- opening


def test_code_and_birth_date_open_a_claim_and_show_no_name_nik_or_account(client):
    claim = a_submitted_claim(nik=a_nik(3), name="Siti Aminah")
    assert client.get(f"/k/{claim.code}/")["Location"] == f"/klaim/?kode={claim.code}"
    opened(client, claim)
    page = client.get(f"/k/{claim.code}/").content.decode()
    assert "sedang diperiksa" in page
    assert "7890" not in page
    for private in ("Siti", "Aminah", a_nik(3), "001234567890"):
        assert private not in page


def test_a_wrong_code_and_a_wrong_birth_date_say_the_same_sentence(client):
    claim = a_submitted_claim()
    wrong_day = read(client.post("/klaim/", {"kode": claim.code, **BORN, "hari": "18"}))
    no_claim = read(client.post("/klaim/", {"kode": "K7QM3XPA", **BORN}))
    said = "Kode klaim atau tanggal lahir tidak cocok"
    assert said in wrong_day
    assert said in no_claim


def test_guessing_birth_dates_ends_after_five_tries(client):
    claim = a_submitted_claim()
    for day in range(1, 6):
        client.post("/klaim/", {"kode": claim.code, **BORN, "hari": str(day)})
    answer = client.post("/klaim/", {"kode": claim.code, **BORN})
    assert answer.status_code == 409
    assert "Terlalu banyak percobaan" in read(answer)


def test_a_closed_page_asks_the_next_person_for_the_birth_date_again(client):
    claim = a_submitted_claim()
    opened(client, claim)
    client.post(f"/k/{claim.code}/tutup/")
    assert client.get(f"/k/{claim.code}/").status_code == 302


def test_somebody_elses_open_claim_opens_no_other(client):
    mine = a_submitted_claim()
    other = a_submitted_claim(mine.office, nik=a_nik(9))
    opened(client, mine)
    assert client.get(f"/k/{other.code}/").status_code == 302
    paper = first_paper(other)
    assert client.get(f"/k/{mine.code}/berkas/{paper.id}/").status_code == 404
    refused = client.post(f"/k/{mine.code}/berkas/{paper.id}/bawa/")
    assert refused.status_code == 404


# ---- papers


def test_a_photo_sent_by_a_plain_form_is_kept_and_the_next_paper_is_offered(client, sharp):
    claim = a_claim()
    opened(client, claim)
    paper = first_paper(claim)
    sent = client.post(f"/k/{claim.code}/berkas/{paper.id}/", {"document": photo(sharp)})
    assert sent["Location"] == f"/k/{claim.code}/?terkirim={paper.id}"
    page = read(client.get(sent["Location"]))
    assert "Terkirim:" in page
    assert "Sudah dikirim" in page
    paper.refresh_from_db()
    assert paper.state == "sent"


def test_a_form_without_a_file_says_what_to_do(client):
    claim = a_claim()
    opened(client, claim)
    answer = client.post(f"/k/{claim.code}/berkas/{first_paper(claim).id}/", {})
    assert answer.status_code == 422
    assert "Pilih dulu foto atau PDF" in read(answer)


def test_a_blurred_photo_is_refused_beside_the_paper_and_may_be_insisted_on(client):
    claim = a_claim()
    opened(client, claim)
    page = f"/k/{claim.code}/berkas/{first_paper(claim).id}/"
    blurred = written(photographed(a_page(), blur=14))
    refused = client.post(page, {"document": photo(blurred)})
    assert refused.status_code == 422
    assert "buram" in read(refused)
    assert 'name="insist"' in refused.content.decode()
    assert Document.objects.count() == 0
    assert client.post(page, {"document": photo(blurred), "insist": "1"}).status_code == 302
    assert Document.objects.count() == 1


def test_what_is_no_photo_may_not_be_insisted_on(client):
    claim = a_claim()
    opened(client, claim)
    page = f"/k/{claim.code}/berkas/{first_paper(claim).id}/"
    refused = client.post(page, {"document": photo(b"<svg onload=alert(1)>"), "insist": "1"})
    assert refused.status_code == 422
    assert 'name="insist"' not in refused.content.decode()
    assert Document.objects.count() == 0


def test_a_body_too_large_is_refused_before_it_is_read(client):
    claim = a_claim()
    opened(client, claim)
    page = f"/k/{claim.code}/berkas/{first_paper(claim).id}/"
    answer = client.generic("POST", page, b"", CONTENT_LENGTH=str(2 * 1024**3))
    assert answer.status_code == 413
    assert "terlalu besar" in read(answer)


def test_a_plain_form_without_its_token_is_refused(sharp):
    strict = Client(enforce_csrf_checks=True)
    claim = a_claim()
    page = f"/k/{claim.code}/berkas/{first_paper(claim).id}/"
    assert strict.post(page, {"document": photo(sharp)}).status_code == 403


def pieces(client: Client, claim: Claim, content: bytes, *, token=None, size=131072):
    """Send a file in pieces; yields each answer, the announcement's first."""
    page = f"/k/{claim.code}/berkas/{first_paper(claim).id}/potongan/"
    token = token or uuid4()
    answer = client.post(page, {"token": str(token), "size": len(content)})
    yield answer
    at_byte = answer.json()["received"]
    while at_byte < len(content):
        answer = client.put(
            f"{page}?token={token}&at={at_byte}",
            content[at_byte : at_byte + size],
            content_type="application/octet-stream",
        )
        yield answer
        at_byte = answer.json().get("received", len(content))


def test_a_photo_comes_in_pieces_and_goes_on_where_the_line_broke(client, sharp):
    claim, token = a_claim(), uuid4()
    opened(client, claim)
    before = pieces(client, claim, sharp, token=token)
    next(before)
    assert next(before).json() == {"received": 131072, "is_kept": False}
    later = list(pieces(client, claim, sharp, token=token))
    assert later[0].json()["received"] == 131072
    assert later[-1].json() == {"received": len(sharp), "is_kept": True}
    assert Document.objects.get().paper_id == first_paper(claim).id


def test_a_piece_that_begins_elsewhere_is_told_where_to_go_on(client, sharp):
    claim, token = a_claim(), uuid4()
    opened(client, claim)
    next(pieces(client, claim, sharp, token=token))
    page = f"/k/{claim.code}/berkas/{first_paper(claim).id}/potongan/"
    answer = client.put(
        f"{page}?token={token}&at=5000", b"x", content_type="application/octet-stream"
    )
    assert (answer.status_code, answer.json()["received"]) == (409, 0)


def test_a_blurred_photo_in_pieces_is_insisted_on_without_sending_it_again(client):
    claim, token = a_claim(), uuid4()
    opened(client, claim)
    blurred = written(photographed(a_page(), blur=14))
    refused = list(pieces(client, claim, blurred, token=token))[-1]
    assert refused.status_code == 422
    assert refused.json()["may_insist"] is True
    assert "buram" in refused.json()["sentence"]
    page = f"/k/{claim.code}/berkas/{first_paper(claim).id}/potongan/"
    kept = client.put(
        f"{page}?token={token}&at={len(blurred)}&insist=1",
        b"",
        content_type="application/octet-stream",
    )
    assert kept.json()["is_kept"] is True


def test_a_token_or_a_place_that_is_none_gets_a_sentence(client):
    claim = a_claim()
    opened(client, claim)
    page = f"/k/{claim.code}/berkas/{first_paper(claim).id}/potongan/"
    for answer in (
        client.post(page, {"token": "x", "size": "y"}),
        client.put(f"{page}?token=x&at=0", b""),
    ):
        assert answer.status_code == 422
        assert "Muat ulang halaman" in answer.json()["sentence"]


def test_a_photo_is_taken_back_and_the_paper_is_missing_again(client, sharp):
    claim = a_claim()
    paper = first_paper(claim)
    document = documents.keep(paper.id, sharp, actor="citizen", now=at("07:00"))
    opened(client, claim)
    client.post(f"/k/{claim.code}/berkas/{paper.id}/hapus/{document.id}/")
    paper.refresh_from_db()
    assert paper.state == "missing"


# ---- account, sending, and what comes after


def test_an_account_needs_the_nik_once_and_must_be_ones_own(client):
    claim = a_claim(nik=a_nik(3), name="Siti Aminah")
    opened(client, claim)
    page = f"/k/{claim.code}/rekening/"
    asked = client.get(page)["Location"]
    assert asked.startswith(f"/k/{claim.code}/nik/?lalu=")
    assert "bukan milik orang" in read(client.post(asked, {"nik": a_nik(4)}))
    assert client.post(asked, {"nik": a_nik(3)})["Location"] == page
    account = {"bank": "BRI", "number": "0012 3456 7890", "holder": "Joko Susilo"}
    differs = client.post(page, account)
    assert differs.status_code == 422
    assert "atas nama sendiri" in read(differs)
    assert client.post(page, account | {"holder": "SITI AMINAH"}).status_code == 302
    assert queries.account_of(claim.id).number == "001234567890"


def test_the_nik_leads_to_no_other_site(client):
    claim = a_claim(nik=a_nik(3))
    opened(client, claim)
    sent = client.post(f"/k/{claim.code}/nik/?lalu=//contoh.id/", {"nik": a_nik(3)})
    assert sent["Location"] == f"/k/{claim.code}/"


def test_a_claim_is_sent_only_when_all_is_there_and_says_what_is_missing(client):
    claim = a_claim(nik=a_nik(3))
    proved(client, claim, a_nik(3))
    page = read(client.get(f"/k/{claim.code}/kirim/"))
    assert "Belum bisa dikirim" in page
    assert "Rekening untuk menerima uang" in page
    client.post(f"/k/{claim.code}/kirim/")
    claim.refresh_from_db()
    assert claim.state == "drafted"
    Paper.objects.filter(claim=claim, need="yes").update(state="sent")
    account = claims.Account("BRI", "001234567890", "Siti Aminah")
    claims.fill(claim.id, account=account, actor="citizen", now=at("07:00"))
    assert "Kirim klaim ini?" in read(client.get(f"/k/{claim.code}/kirim/"))
    client.post(f"/k/{claim.code}/kirim/")
    page = read(client.get(f"/k/{claim.code}/"))
    assert "Klaim sudah dikirim" in page
    assert "tidak perlu datang sekarang" in page


def test_a_returned_file_names_each_paper_with_its_sentence_and_can_be_sent_again(client, sharp):
    claim = a_submitted_claim(nik=a_nik(3))
    officer, paper = an_officer(claim.office), first_paper(claim)
    claims.check_paper(
        paper.id, verdict="wrong", fault="cut_off", officer_id=officer.id, now=at("08:00")
    )
    claims.ask_for_papers(claim.id, officer_id=officer.id, now=at("08:05"))
    opened(client, claim)
    page = read(client.get(f"/k/{claim.code}/"))
    assert "Perbaiki yang ini, lalu kirim lagi" in page
    assert "terpotong" in page
    client.post(f"/k/{claim.code}/berkas/{paper.id}/", {"document": photo(sharp)})
    assert "Kirim lagi" in read(client.get(f"/k/{claim.code}/"))
    client.post(f"/k/{claim.code}/kirim/")
    claim.refresh_from_db()
    assert claim.state == "submitted"


def test_a_complete_file_tells_the_last_day_and_that_nobody_need_come(client):
    claim = a_complete_claim()
    opened(client, claim)
    page = read(client.get(f"/k/{claim.code}/"))
    assert "Dibayar paling lambat Senin, 30 November 2026" in page
    assert "tidak perlu datang" in page
    assert client.get(f"/k/{claim.code}/giliran/")["Location"] == f"/k/{claim.code}/"


def test_originals_are_shown_in_a_turn_of_the_claim_and_nothing_is_asked_twice(client):
    claim = a_complete_claim(needs_visit=True)
    window = a_window(claim.office)
    opened(client, claim)
    page = client.get(f"/k/{claim.code}/giliran/")
    assert 'name="nik"' not in page.content.decode()
    none = client.post(f"/k/{claim.code}/giliran/", {})
    assert none.status_code == 422
    form = {"jendela": str(window.id), "request_key": str(uuid4())}
    sent = client.post(f"/k/{claim.code}/giliran/", form)
    turn = Turn.objects.get()
    assert sent["Location"] == f"/g/{turn.code}/"
    assert (turn.claim_id, turn.citizen_id) == (claim.id, claim.claimant_id)
    assert "Giliran Bapak/Ibu" in read(client.get(f"/k/{claim.code}/"))
    assert "Bukti PHK" in read(Client().get(sent["Location"]))


def test_a_bounced_payment_asks_for_another_account_and_keeps_the_claim(client):
    claim = an_approved_claim(nik=a_nik(3))
    regional = an_officer(claim.office, "regional")
    batch = payments.make_batch(claim.office.region_id, officer_id=regional.id, now=at("12:00"))
    payments.note_sent(batch.id, officer_id=regional.id, now=at("12:00"))
    says = {batch.payments.get().end_to_end: "AC04"}
    answer = practice.reply(payments.file(batch.id), code="B-1", now=at("15:00"), says=says)
    payments.take_report(answer, actor="bank", now=at("15:00"))
    proved(client, claim, a_nik(3))
    for page in (f"/k/{claim.code}/", f"/k/{claim.code}/rekening/"):
        assert "Rekening ini sudah ditutup." in read(client.get(page))
    other = {"bank": "BCA", "number": "5550001234", "holder": "Siti Aminah"}
    client.post(f"/k/{claim.code}/rekening/", other)
    claim.refresh_from_db()
    assert claim.state == "approved"
    assert "•••1234" in read(client.get(f"/k/{claim.code}/"))


def test_a_refusal_shows_its_article_its_reason_and_how_to_object(client):
    claim = a_complete_claim(nik=a_nik(3))
    first, second = an_officer(claim.office), an_officer(claim.office, "manager")
    claims.verify(claim.id, amount=Decimal(1), officer_id=first.id, now=at("08:00"))
    claims.refuse(
        claim.id,
        article="PP 46/2015 Pasal 26",
        reason="Masih bekerja di perusahaan lain.",
        officer_id=second.id,
        now=at("09:00"),
    )
    opened(client, claim)
    page = read(client.get(f"/k/{claim.code}/"))
    for said in ("PP 46/2015 Pasal 26", "Masih bekerja", "keberatan", "Ombudsman"):
        assert said in page


def test_a_letter_is_opened_with_the_nik_only_and_none_of_another_claim(client):
    claim = a_submitted_claim(nik=a_nik(3))
    opened(client, claim)
    link = re.search(r'href="(/k/[^"]+\.pdf)"', client.get(f"/k/{claim.code}/").content.decode())[1]
    assert "/nik/" in client.get(link)["Location"]
    client.post(f"/k/{claim.code}/nik/", {"nik": a_nik(3)})
    letter = client.get(link)
    assert letter["Content-Type"] == "application/pdf"
    assert letter.content.startswith(b"%PDF")
    assert client.get(f"/k/{claim.code}/surat/AAAABBBBCCCC.pdf").status_code == 404


def test_a_claim_is_taken_back_by_its_claimant_only(client):
    claim = a_submitted_claim(nik=a_nik(3))
    opened(client, claim)
    assert "/nik/" in client.post(f"/k/{claim.code}/tarik/")["Location"]
    proved(client, claim, a_nik(3))
    assert "Tarik klaim ini?" in read(client.get(f"/k/{claim.code}/tarik/"))
    client.post(f"/k/{claim.code}/tarik/")
    claim.refresh_from_db()
    assert claim.state == "withdrawn"
    assert "sudah ditarik" in read(client.get(f"/k/{claim.code}/"))


def test_with_a_claim_the_turn_taken_for_it_is_given_back(client):
    claim = a_submitted_claim(nik=a_nik(3))
    window = a_window(claim.office, places=1)
    turn = a_booking(window, nik=a_nik(3), claim_id=claim.id)
    opened(client, claim)
    proved(client, claim, a_nik(3))
    assert "ikut dibatalkan" in read(client.get(f"/k/{claim.code}/tarik/"))

    page = read(client.post(f"/k/{claim.code}/tarik/", follow=True))

    assert "Giliran untuk klaim ini juga sudah dibatalkan." in page
    turn.refresh_from_db()
    assert turn.state == "cancelled"
    assert a_booking(window, nik=a_nik(4)).state == "booked"


def test_reminders_of_a_claim_are_asked_for_on_its_own_page(client, monkeypatch):
    monkeypatch.setitem(ports.PORTS, "sms", Silent)
    claim = a_submitted_claim()
    page = f"/k/{claim.code}/pengingat/"
    assert client.get(page)["Location"] == f"/klaim/?kode={claim.code}"
    opened(client, claim)
    assert "Bila ada surat yang kurang" in read(client.get(page))
    form = {"langkah": "kirim", "channel": "sms", "address": "0812 3456 7890"}
    asked = client.post(page, form)["Location"]
    message = Message.objects.get(kind="code")
    code = re.search(r"\b\d{6}\b", unseal(message.body_sealed))[0]
    token = asked.partition("kontak=")[2]
    client.post(page, {"langkah": "kode", "kontak": token, "code": code})
    assert [one.contact.channel for one in told.subscriptions("claim", claim.id)] == ["sms"]


def test_every_state_of_a_claim_has_a_page(client):
    claim = an_approved_claim()
    opened(client, claim)
    claims.note_paid(claim.id, paid_on=date(2026, 11, 24), actor="bank", now=at("07:00"))
    assert "Dibayarkan pada Selasa, 24 November 2026" in read(client.get(f"/k/{claim.code}/"))
    claims.close(claim.id, actor="system", now=at("07:00") + timedelta(days=40))
    assert "selesai" in read(client.get(f"/k/{claim.code}/"))


def test_the_front_page_leads_to_tracking(client):
    page = client.get("/").content.decode()
    assert 'href="/klaim/"' in page
    assert "Lacak klaim" in page

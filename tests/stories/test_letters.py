"""Letters: written once, printed in the agency's form, checked by whoever holds one."""

import io
import json
import re
import uuid
from datetime import date
from decimal import Decimal

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from giliran.claims import letters
from giliran.claims.letters import codes, printing
from giliran.claims.models import Claim, Document, Letter, Paper
from giliran.core.rupiah import rupiah_in_words
from giliran.encryption import blind_index, seal
from giliran.people import actions as people
from giliran.web.public.letters import letter_as_file
from tests.builders import an_office, an_officer, at

pytestmark = pytest.mark.django_db

NIK = "3604016405900003"
WORDS = "nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas"
ONES = {word: number for number, word in enumerate(WORDS.split())} | {"seratus": 100}
SCALES = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "triliun": 10**12}


def read_back(words: str) -> int:
    """Read a number's words by a rule of its own: add, multiply, close a group at each scale."""
    total = group = last = 0
    for word in words.split():
        if word in SCALES:
            total, group, last = total + (group + last) * SCALES[word], 0, 0
        elif word == "seribu":
            total += 1000
        elif word == "belas":
            last += 10
        elif word == "puluh":
            group, last = group + last * 10, 0
        elif word == "ratus":
            group, last = group + last * 100, 0
        else:
            group, last = group + last, ONES[word]
    return total + group + last


@given(st.integers(0, 10**15 - 1))
def test_the_words_of_an_amount_read_back_as_the_amount(number):
    words = rupiah_in_words(Decimal(number))

    assert words.endswith(" rupiah")
    assert read_back(words.removesuffix(" rupiah")) == number


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "nol rupiah"),
        ("11", "sebelas rupiah"),
        ("1000", "seribu rupiah"),
        ("1000000", "satu juta rupiah"),
        ("101119", "seratus satu ribu seratus sembilan belas rupiah"),
        ("42500000", "empat puluh dua juta lima ratus ribu rupiah"),
        ("1250.50", "seribu dua ratus lima puluh rupiah lima puluh sen"),
    ],
)
def test_an_amount_is_written_as_a_bank_clerk_writes_it(amount, words):
    assert rupiah_in_words(Decimal(amount)) == words


@pytest.mark.parametrize("amount", ["-1", "1000000000000000", "0.001"])
def test_an_amount_without_exact_words_is_not_rounded_into_some(amount):
    with pytest.raises(ValueError, match="no words"):
        rupiah_in_words(Decimal(amount))


def a_letters_claim(office, **fields):
    citizen_id = people.know(NIK, now=at("08:00"))
    claim = Claim.objects.create(
        **{
            "code": "K7QM3XPA",
            "request_key": uuid.uuid4(),
            "program": "JHT",
            "kind": "jht/dismissed",
            "citizen_id": citizen_id,
            "claimant_id": citizen_id,
            "kpj": "12345678901",
            "office": office,
            "channel": "web",
            "situation_sealed": seal("{}"),
            "name_sealed": seal("SITI AMINAH"),
            "birth_index": blind_index("1990-05-24"),
            "account_sealed": seal(
                json.dumps({"bank": "BRI", "number": "003301004417", "holder": "SITI A."})
            ),
            "state": "submitted",
            "begun_on": at("08:00"),
            "move": "submit",
            "moved_at": at("08:00"),
            "moved_by": "citizen",
            **fields,
        }
    )
    ktp = Paper.objects.create(
        claim=claim, code="KTP", need="yes", form="copy", position=1, state="sent"
    )
    Paper.objects.create(claim=claim, code="KK", need="yes", form="copy", position=2)
    Document.objects.create(
        paper=ktp, sha256="a" * 64, size=1, kind="image/jpeg", sent_at=at("07:45"), sent_by="x"
    )
    return claim


def written(kind, claim, content=None, *, actor="citizen"):
    return letters.write(
        kind,
        claim_id=claim.id,
        citizen_id=claim.claimant_id,
        office_id=claim.office_id,
        content=content or {},
        actor=actor,
        now=at("09:30"),
    )


def paper(letter):
    """Return the letter's text, and hold that it is one tagged page of A4 in Indonesian."""
    read = pypdf.PdfReader(io.BytesIO(letters.pdf(letter.id)))
    assert len(read.pages) == 1
    assert [round(side) for side in read.pages[0].mediabox[2:]] == [595, 842]
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "id"
    assert re.search(rb"pdfuaid:part\W+1\b", root["/Metadata"].get_data())
    fonts = read.pages[0]["/Resources"]["/Font"].values()
    assert all("DejaVu" in font.get_object()["/BaseFont"] for font in fonts)
    return " ".join(read.pages[0].extract_text().split())


needs_pango = pytest.mark.skipif(not letters.can_make_pdf(), reason="no Pango on this machine")


@needs_pango
def test_a_receipt_says_what_was_received_when_and_how_long_it_takes():
    text = paper(written("receipt", a_letters_claim(an_office())))

    assert "SITI AMINAH" in text
    assert NIK not in text
    assert "KTP-el" in text
    assert "07.45 WIB" in text
    assert "Kartu Keluarga" not in text
    assert "paling lama 5 hari kerja" in text
    assert "K7QM-3XPA" in text


@needs_pango
def test_a_receipt_of_a_complete_file_says_by_when_it_is_paid():
    claim = a_letters_claim(an_office(), state="complete", due_on=date(2026, 11, 30))

    assert "Dibayar paling lambat Senin, 30 November 2026" in paper(written("receipt", claim))


@needs_pango
def test_a_decision_says_the_sum_in_figures_and_words_and_where_it_goes():
    office = an_office()
    officer = an_officer(office, "manager")
    claim = a_letters_claim(
        office, state="approved", amount=Decimal(42500000), decided_by_id=officer.id,
        due_on=date(2026, 11, 30),
    )  # fmt: skip

    text = paper(written("decision", claim, actor=f"officer:{officer.id}"))

    assert "Rp42.500.000" in text
    assert "empat puluh dua juta lima ratus ribu rupiah" in text
    assert "Bank Rakyat Indonesia (BRI), nomor berakhir 4417" in text
    assert "0100" not in text
    assert officer.full_name in text
    assert "Kepala Kantor Cabang" in text


@needs_pango
def test_a_refusal_gives_article_reason_and_every_way_to_object():
    claim = a_letters_claim(an_office(), article="Permenaker 4/2022 Pasal 4", reason_sealed=seal(
        "Bapak/Ibu masih tercatat bekerja di perusahaan lain."
    ))  # fmt: skip

    text = paper(written("refusal", claim))

    assert "Permenaker 4/2022 Pasal 4" in text
    assert "masih tercatat bekerja" in text
    for way in ("5 hari kerja", "30 hari kerja", "DJSN", "SP4N-LAPOR!", "Ombudsman"):
        assert way in text, way


@needs_pango
def test_a_merger_names_the_card_that_is_kept():
    office = an_office()
    citizen_id = people.know(NIK, now=at("08:00"))

    made = letters.write(
        "merger",
        citizen_id=citizen_id,
        office_id=office.id,
        content={"name": "SITI AMINAH", "kept": "12345678901", "joined": ["10987654321"],
                 "reason": "NIK pada kedua kartu sama."},
        actor="system",
        now=at("09:30"),
    )  # fmt: skip

    text = paper(made)
    assert text.index("12345678901") < text.index("10987654321")
    assert "Tidak ada yang hilang." in text
    # That months of several cards add up is a reading that nobody has confirmed.
    assert "belum tentu dijumlahkan" in text


def test_a_letter_never_changes_when_its_claim_does():
    claim = a_letters_claim(an_office(), amount=Decimal(1000000))
    made = written("decision", claim)
    Claim.objects.filter(id=claim.id).update(amount=Decimal(9000000), move="fill")

    assert "Rp1.000.000" in letters.page(made.id, style="/x.css")


def test_a_letter_without_its_reason_is_not_written():
    claim = a_letters_claim(an_office(), article="Pasal 4")

    with pytest.raises(letters.NothingToWrite):
        written("refusal", claim)
    assert not Letter.objects.exists()


def test_a_decision_on_a_claim_without_a_sum_is_not_written():
    with pytest.raises(letters.NothingToWrite):
        written("decision", a_letters_claim(an_office()))


def test_what_a_person_stated_stands_in_the_letter_as_text_and_not_as_markup():
    claim = a_letters_claim(an_office(), name_sealed=seal("<img src=x onerror=alert(1)>"))

    page = letters.page(written("receipt", claim).id, style="/x.css")

    assert "<img" not in page
    assert "&lt;img" in page


@needs_pango
def test_a_letter_fetches_nothing_but_its_own_fonts(monkeypatch):
    monkeypatch.setattr(
        printing, "style_sheet", lambda: "body { background: url('http://192.0.2.1/x.png'); }"
    )
    made = written("receipt", a_letters_claim(an_office()))

    with pytest.raises(printing.OnlyOurFonts, match=r"192\.0\.2\.1"):
        letters.pdf(made.id)


def test_where_no_pdf_can_be_made_the_letter_is_a_page_to_print(monkeypatch):
    monkeypatch.setattr(letters, "can_make_pdf", lambda: False)
    made = written("receipt", a_letters_claim(an_office()))

    response = letter_as_file(letters.letter(made.code))

    text = response.content.decode()
    assert response["Content-Type"].startswith("text/html")
    assert "Pakai menu Cetak di peramban" in text
    assert "SITI AMINAH" in text
    assert "/periksa/surat.css" in text


@needs_pango
def test_where_it_can_the_letter_is_a_pdf_that_nobody_caches():
    made = written("receipt", a_letters_claim(an_office()))

    response = letter_as_file(letters.letter(made.code))

    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-1.7")
    assert response["Cache-Control"] == "private, no-store"


def test_whoever_holds_a_letter_sees_that_it_is_ours_and_nothing_private(client):
    made = written("refusal", a_letters_claim(
        an_office(), article="Pasal 4", reason_sealed=seal("Masih bekerja.")
    ))  # fmt: skip
    typed = codes.grouped(made.code).lower()

    page = client.get("/periksa/", {"kode": f" {typed} "}, follow=True).content.decode()

    assert "Surat dengan kode ini dari kami" in page
    assert "Senin, 23 November 2026" in page
    assert "Serang" in page
    assert "S••• A•••••" in page
    for private in ("SITI", "AMINAH", "360401", "0003", "Masih bekerja", "K7QM"):
        assert private not in page, private


def test_the_fingerprint_on_the_page_is_the_one_on_the_paper(client):
    made = written("receipt", a_letters_claim(an_office()))

    shown = letters.check(made.code).fingerprint

    assert shown in client.get(f"/periksa/{made.code}/").content.decode()
    assert shown in letters.page(made.id, style="/x.css")


def test_a_letter_whose_content_was_exchanged_no_longer_agrees(client):
    claim = a_letters_claim(an_office(), amount=Decimal(1000000))
    honest, forged = written("decision", claim), written("decision", claim)
    Letter.objects.filter(id=forged.id).update(content_sealed=honest.content_sealed)

    page = client.get(f"/periksa/{forged.code}/").content.decode()

    assert "Jangan pakai surat ini" in page
    assert "S•••" not in page
    assert letters.check(honest.code).agrees


def test_a_letter_whose_content_was_damaged_no_longer_agrees():
    made = written("receipt", a_letters_claim(an_office()))
    Letter.objects.filter(id=made.id).update(content_sealed=b"x" * 40)

    assert not letters.check(made.code).agrees


def test_a_code_that_we_never_gave_is_told_so(client):
    response = client.get("/periksa/222222222222/")

    assert response.status_code == 404
    assert "surat itu bukan dari kami" in response.content.decode()


@pytest.mark.parametrize("typed", ["K7QM3XPA", "O0O0O0O0O0O0", "'; drop table", "x" * 80])
def test_what_cannot_be_a_code_is_asked_for_again(client, typed):
    response = client.get("/periksa/", {"kode": typed})

    assert response.status_code == 422
    assert "12 huruf dan angka" in response.content.decode()


def test_two_letters_of_the_same_content_have_other_codes_and_other_fingerprints():
    claim = a_letters_claim(an_office())
    first, second = written("receipt", claim), written("receipt", claim)

    assert first.code != second.code
    assert first.sha256 != second.sha256


def test_the_letters_of_a_claim_are_listed_newest_first():
    claim = a_letters_claim(an_office(), amount=Decimal(1000000))
    written("receipt", claim)
    written("decision", claim)

    assert [one.kind for one in letters.of_claim(claim.id)] == ["decision", "receipt"]
    assert len(letters.letters_to(claim.claimant_id)) == 2

"""Letters: written once, printed in the agency's form, checked by whoever holds one."""

import io
import json
import uuid
from datetime import date
from decimal import Decimal

import pypdf
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from giliran.claims import letters
from giliran.claims.letters import codes, printing
from giliran.claims.models import Claim, Document, Letter, Paper
from giliran.core.rupiah import rupiah_in_words
from giliran.encryption import blind_index, seal
from giliran.people import actions as people
from giliran.people.models import Officer
from tests.builders import an_office, an_officer, at

pytestmark = pytest.mark.django_db

NIK = "3604016405900003"
ONES = {
    **{word: n for n, word in enumerate(
        "nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas".split()
    )},
    "seratus": 100,
    "seribu": 1000,
}  # fmt: skip
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
                json.dumps({"bank": "Bank BRI", "number": "0033 0100 4417", "holder": "SITI A."})
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
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().replace(b" ", b"")
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
    assert "berakhir 4417" in text
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

"""Files of SP4N-LAPOR!: taken whole and once, and given back without a name."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from uuid import uuid4

import pytest

from giliran.voices import actions as voices
from giliran.voices import exchange
from giliran.voices.models import Complaint
from giliran.voices.refusals import BadFile
from tests.builders import an_office, an_officer, at

pytestmark = pytest.mark.django_db

HEAD = "id_laporan,tanggal,isi,kategori,kantor,wilayah,nama,telepon,anonim,rahasia\n"
FIRST = (
    '8801,2026-11-20,"Kuota habis, loket belum buka.",Antrean atau kuota,serang,,Siti,,tidak,tidak'
)
SECOND = "8802,2026-11-23T08:30:00+07:00,Calo menawarkan nomor di pintu.,bribe,serang,,,,ya,ya"


def take(text: str, *, kind="csv"):
    return exchange.take(text.encode(), kind=kind, actor="system", now=at("09:00"))


def test_a_file_is_taken_once_and_its_reports_too():
    an_office()
    assert take(HEAD + FIRST) == (1, 0)
    assert take(HEAD + FIRST) == (0, 1)
    assert take(f"{HEAD}{FIRST}\n{SECOND}") == (1, 1)
    assert Complaint.objects.count() == 2


def test_the_legal_date_counts_from_the_day_on_which_it_was_handed_to_us():
    an_office()
    take(f"{HEAD}{FIRST}\n{SECOND}")
    first, second = Complaint.objects.order_by("id")
    assert (first.channel, first.due_on) == ("lapor", date(2026, 11, 27))
    assert (second.due_on, second.is_anonymous, second.is_protected) == (
        date(2026, 11, 30),
        True,
        True,
    )
    assert (first.level, second.level) == ("office", "region")


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ("8803,2026-11-20,,queue,serang,,,,,", 3),
        ("8803,20-11-2026,Kuota habis terus.,queue,serang,,,,,", 3),
        ("8803,2026-11-24,Kuota habis terus.,queue,serang,,,,,", 3),
        ("8803,2026-11-20,Kuota habis terus.,queue,atlantis,,,,,", 3),
        ("8803,2026-11-20,Buruk.,queue,serang,,,,,", 3),
    ],
)
def test_a_file_with_a_fault_takes_nothing_and_names_its_line(row, line):
    an_office()
    with pytest.raises(BadFile) as refused:
        take(f"{HEAD}{FIRST}\n{row}")
    assert refused.value.params["line"] == line
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("content", ["\x00\xff", "{", "[1, 2]", '{"lain": []}', "a,b\n1,2"])
@pytest.mark.parametrize("kind", ["csv", "json"])
def test_whatever_a_file_holds_it_is_taken_or_named_as_wrong(content, kind):
    with pytest.raises(BadFile, match="baris 1"):
        take(content, kind=kind)
    assert not Complaint.objects.exists()


def test_json_holds_the_same():
    an_office()
    report = {
        "id_laporan": 8801,
        "tanggal": "2026-11-20",
        "isi": "Kuota habis terus.",
        "anonim": True,
    }
    assert take(json.dumps({"laporan": [report]}), kind="json") == (1, 0)
    assert Complaint.objects.get().external_id == "8801"


def test_what_became_of_them_goes_back_without_a_name():
    office = an_office()
    clerk = an_officer(office)
    take(HEAD + FIRST)
    one = Complaint.objects.get()
    voices.classify(one.id, weight="light", category="queue", officer_id=clerk.id, now=at("10:00"))
    voices.answer(
        one.id, "=Kuota ditambah besok.", request_key=uuid4(), officer_id=clerk.id, now=at("11:00")
    )
    rows = exchange.rows_to_give()
    assert [(row["id_laporan"], row["status"]) for row in rows] == [("8801", "answered")]
    as_csv = exchange.written(rows, kind="csv")
    assert next(csv.DictReader(io.StringIO(as_csv)))["jawaban"] == "'=Kuota ditambah besok."
    as_json = json.loads(exchange.written(rows, kind="json"))
    assert as_json["laporan"][0]["jawaban"] == "=Kuota ditambah besok."
    assert "Siti" not in as_csv
    assert exchange.rows_to_give(since=date(2026, 11, 24)) == []

"""Files of the register: taken whole or not at all, and every fault named."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner
from django.db import IntegrityError, connection, transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pyarrow import parquet

from giliran import encryption
from giliran.claims.queries import verdict
from giliran.cli import people as command
from giliran.core.identifiers import parse_nik
from giliran.core.refusal import BadInput, NotFound
from giliran.journal.models import Event
from giliran.people import actions, register
from giliran.people.models import Card, Citizen, Contribution, Employer, Heir, Import, Spell
from giliran.people.queries import citizen_with, nik_of
from giliran.people.register import cells, columns, importing
from giliran.people.register.faults import BadCell, BadFile, Unreadable
from giliran.people.register.files import Block
from giliran.people.register.sealing import indexer, sealer
from tests.examples import examples

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)
BUDI, SITI = "3601010203900001", "3601014203900002"
MEMBER = {
    "kpj": "10000000001",
    "nik": BUDI,
    "name": "Budi Santoso",
    "birth_date": "1990-03-02",
    "segment": "PU",
    "opened_on": "2015-01-01",
    "phone": "0812 3456 7890",
    "closed_on": "",
    "balance": "62000000",
    "balance_on": "2026-10-31",
}
PAID = {
    "kpj": "10000000001",
    "month": "2026-09",
    "wage": "5000000",
    "amount": "285000",
    "paid_on": "2026-10-10",
}
SPELL = {
    "kpj": "10000000001",
    "npp": "JJ012345",
    "employer": "PT Contoh",
    "began_on": "2015-01-01",
    "ended_on": "",
}
HEIR = {
    "nik": BUDI,
    "heir_nik": SITI,
    "heir_name": "Siti Lestari",
    "relation": "istri",
    "heir_birth_date": "1990-03-02",
}


def sheet(*rows: dict[str, str], delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


@pytest.fixture
def bring(tmp_path, db):
    """Take a file with these bytes into the register."""

    def take(content: bytes, name: str = "berkas.csv", **how):
        path = tmp_path / name
        path.write_bytes(content)
        return importing.take(path, actor="test", now=NOW, **how)

    return take


@pytest.fixture
def refused(bring):
    """Return why a file is not taken, having looked that it left nothing."""

    def why(content: bytes, name: str = "berkas.csv") -> str:
        before = state()
        with pytest.raises((Unreadable, BadFile)) as refusal:
            bring(content, name)
        assert state() == before
        return str(refusal.value)

    return why


def state() -> list[list[tuple[object, ...]]]:
    tables = (Citizen, Card, Employer, Spell, Contribution, Heir, Import, Event)
    return [
        sorted(
            (
                tuple(bytes(one) if isinstance(one, memoryview) else one for one in row)
                for row in table.objects.values_list()
            ),
            key=repr,
        )
        for table in tables
    ]


def test_a_member_is_found_again_by_nik_and_card_and_opens_to_what_the_file_said(bring):
    taken = bring(sheet(MEMBER))

    assert (taken.kind, taken.rows, taken.new, taken.changed) == ("members", 1, 1, 0)
    card = register.card("10000000001")
    assert (card.name, card.birth_date, card.phone) == (
        "Budi Santoso",
        date(1990, 3, 2),
        "+6281234567890",
    )
    assert (card.balance, card.balance_on, card.opened_on, card.closed_on) == (
        Decimal(62000000),
        date(2026, 10, 31),
        date(2015, 1, 1),
        None,
    )
    assert nik_of(card.citizen_id) == BUDI
    assert register.cards_of(citizen_with(BUDI)) == [card]


def test_nothing_personal_stands_in_clear_in_the_tables(bring):
    bring(sheet(MEMBER))
    bring(sheet(HEIR), "heirs.csv")

    held = repr(state())

    for secret in (BUDI, SITI, "Budi", "Siti", "1990-03-02", "81234567890"):
        assert secret not in held


def test_a_citizen_known_from_a_turn_is_the_same_one(bring):
    known = actions.know(BUDI, now=NOW)

    bring(sheet(MEMBER))

    assert register.card("10000000001").citizen_id == known
    assert Citizen.objects.count() == 1


def test_two_cards_with_one_nik_belong_to_one_person(bring):
    bring(sheet(MEMBER, MEMBER | {"kpj": "10000000002"}))

    assert len(register.cards_of(citizen_with(BUDI))) == 2


def test_the_same_file_again_changes_nothing(bring):
    bring(sheet(MEMBER))
    before = state()

    again = bring(sheet(MEMBER))

    assert again.was_known
    assert state() == before


def test_the_same_rows_in_another_file_touch_no_row(bring):
    bring(sheet(MEMBER))
    before = list(Card.objects.values())

    again = bring(sheet(MEMBER, delimiter=";"))

    assert (again.new, again.changed, again.was_known) == (0, 0, False)
    assert list(Card.objects.values()) == before


def test_a_changed_row_changes_its_card_in_place(bring):
    bring(sheet(MEMBER, MEMBER | {"kpj": "10000000002"}))
    card = register.card("10000000001")

    taken = bring(sheet(MEMBER | {"balance": "63000000", "closed_on": "2026-11-01"}))

    assert (taken.new, taken.changed) == (0, 1)
    after = register.card("10000000001")
    assert (after.id, after.balance, after.closed_on) == (
        card.id,
        Decimal(63000000),
        date(2026, 11, 1),
    )


def test_an_import_does_not_take_back_a_merger(bring):
    bring(sheet(MEMBER, MEMBER | {"kpj": "10000000002", "nik": SITI}))
    kept, joined = register.card("10000000001"), register.card("10000000002")
    Card.objects.filter(id=joined.id).update(citizen_id=kept.citizen_id, merged_into_id=kept.id)

    bring(sheet(MEMBER | {"kpj": "10000000002", "nik": SITI, "balance": "1"}))

    after = register.card("10000000002")
    assert (after.citizen_id, after.balance) == (kept.citizen_id, Decimal(1))


def test_spells_bring_their_employers_and_an_end_that_comes_later(bring):
    bring(sheet(MEMBER))
    bring(sheet(SPELL))

    taken = bring(sheet(SPELL | {"ended_on": "2026-10-31", "employer": "PT Contoh Baru"}))

    assert (taken.new, taken.changed) == (0, 1)
    (spell,) = register.spells([register.card("10000000001").id])
    assert (spell.npp, spell.employer, spell.ended_on) == (
        "JJ012345",
        "PT Contoh Baru",
        date(2026, 10, 31),
    )


def test_heirs_stand_with_the_member_and_open_to_what_the_file_said(bring):
    bring(sheet(MEMBER))
    bring(sheet(HEIR))

    taken = bring(sheet(HEIR | {"heir_name": "Siti Rahayu"}))

    assert (taken.new, taken.changed) == (0, 1)
    (heir,) = register.heirs_of(citizen_with(BUDI))
    assert heir == (SITI, "Siti Rahayu", "spouse", date(1990, 3, 2))


def test_contributions_come_beside_those_that_are_there(bring):
    bring(sheet(MEMBER))
    bring(sheet(PAID, PAID | {"month": "2026-08"}))

    taken = bring(
        sheet(PAID | {"paid_on": ""}, PAID | {"month": "2026-08"}, PAID | {"month": "2026-10-01"})
    )

    assert (taken.rows, taken.new, taken.changed) == (3, 1, 1)
    assert sorted(Contribution.objects.values_list("month", "paid_on")) == [
        (date(2026, 8, 1), date(2026, 10, 10)),
        (date(2026, 9, 1), None),
        (date(2026, 10, 1), date(2026, 10, 10)),
    ]


def test_money_keeps_every_sen(bring):
    bring(sheet(MEMBER))
    amounts = ["0", "0.01", "999999999999.99", "10000", "123456789.5", "5,25"]

    bring(sheet(*(PAID | {"month": f"2026-0{at}", "amount": a} for at, a in enumerate(amounts, 1))))

    found = Contribution.objects.order_by("month").values_list("amount", flat=True)
    assert list(found) == [Decimal(one.replace(",", ".")) for one in amounts]


def test_indonesian_headings_with_semicolons_a_mark_and_empty_rows_are_read(bring):
    text = (
        "\ufeffKPJ;NIK;Nama;Tanggal Lahir;Segmen;Tanggal Mulai\r\n"
        f"'10000000001;{BUDI};Budi;1990-03-02;Penerima Upah;2015-01-01\r\n;;;;;\r\n\r\n"
    )

    assert bring(text.encode()).rows == 1
    assert register.card("10000000001").name == "Budi"


def test_what_was_imported_is_in_the_journal_without_a_name(bring):
    bring(sheet(MEMBER))

    event = Event.objects.get(kind="register.imported")
    assert event.data == {"kind_of_file": "members", "rows": 1, "new": 1, "changed": 0}
    assert Import.objects.get().pk == event.subject_id


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"nik": "3.6E+15"}, "baris 2, kolom nik: Excel mengubah NIK"),
        ({"nik": "3,60101E+15"}, "Excel mengubah NIK"),
        ({"nik": "360101020390000"}, "NIK harus 16 angka, di sini 15 angka"),
        ({"nik": "3601013902900001"}, "NIK ini tidak mungkin"),
        ({"nik": ""}, "NIK harus diisi"),
        ({"kpj": "1.0E+10"}, "Excel mengubah KPJ"),
        ({"kpj": "1000000001"}, "KPJ harus 11 angka"),
        ({"name": "12345"}, "nama harus diisi"),
        ({"birth_date": "02/03/1990"}, "tanggal harus tahun-bulan-hari"),
        ({"birth_date": "32934"}, "nomor hari Excel"),
        ({"birth_date": "1990-02-30"}, "tidak ada di kalender"),
        ({"birth_date": "2027-01-01"}, "tanggal harus dari 1900-01-01 sampai 2026-11-23"),
        ({"segment": "PNS"}, "segmen harus PU"),
        ({"opened_on": "1985-01-01"}, "dibuka sebelum lahir"),
        ({"closed_on": "2014-12-31"}, "ditutup sebelum dibuka"),
        ({"balance": "-1"}, "tidak boleh kurang dari nol"),
        ({"balance": "62.000.000"}, "tanpa titik ribuan"),
        ({"balance": "1.234"}, "tanpa titik ribuan"),
        ({"balance_on": ""}, "saldo dan tanggalnya diisi bersama"),
        ({"phone": "tidak ada"}, "nomor telepon tidak dikenali"),
    ],
)
def test_a_bad_cell_refuses_the_file_with_its_line_and_reason(refused, change, reason):
    assert reason in refused(sheet(MEMBER | change, MEMBER | {"kpj": "10000000002"}))


def test_a_report_repeats_nothing_personal(refused):
    told = refused(sheet(MEMBER | {"nik": "123", "birth_date": "kemarin", "phone": "x9"}))

    assert told.count("\n") == 2
    for secret in ("123", "kemarin", "x9", "“"):
        assert secret not in told


def test_every_bad_row_is_named_and_none_of_the_good_ones(bring, tmp_path):
    bring(sheet(MEMBER))
    rows = [
        PAID | {"month": f"{year}-{month:02}"} for year in range(2000, 2026) for month in (1, 7)
    ]
    rows[3] |= {"kpj": "10000000009"}
    rows[7] |= {"wage": "lima juta"}
    rows[11] |= {"month": "2025-13"}
    rows[20] = dict(rows[19])
    named = []

    with pytest.raises(BadFile) as refusal:
        bring(sheet(*rows), on_fault=named.append)

    assert [one.line for one in named] == [5, 9, 13, 22]
    assert refusal.value.count == 4
    assert named[-1].reason == "sudah ada di baris 21"
    assert not Contribution.objects.exists()


def test_a_second_name_for_one_employer_is_refused(bring, refused):
    bring(sheet(MEMBER))

    told = refused(sheet(SPELL, SPELL | {"began_on": "2016-01-01", "employer": "PT Lain"}, SPELL))

    assert "baris 3, kolom employer: “PT Lain”; NPP JJ012345 sudah bernama lain" in told
    assert "baris 4, kolom began_on: sudah ada di baris 2" in told


def test_an_heir_needs_a_member_who_is_somebody_else(bring, refused):
    bring(sheet(MEMBER))

    assert "belum terdaftar" in refused(sheet(HEIR | {"nik": SITI, "heir_nik": BUDI}))
    assert "peserta itu sendiri" in refused(sheet(HEIR | {"heir_nik": BUDI}))
    assert "hubungan harus" in refused(sheet(HEIR | {"relation": "atasan"}))


def test_a_column_of_niks_whose_last_digit_excel_lost_is_refused(refused):
    rows = [
        MEMBER | {"kpj": f"1000000{at:04}", "nik": f"36010102039{at:04}0"} for at in range(1, 30)
    ]

    assert "Excel hanya menyimpan 15 angka" in refused(sheet(*rows))


HEADER = b"kpj,month,wage,amount,paid_on\n"
HOSTILE = {
    "nothing": (b"", "kosong"),
    "only a mark": (b"\xef\xbb\xbf\n\n", "kosong"),
    "only a header": (HEADER, "tidak ada satu baris data pun"),
    "header and empty lines": (HEADER + b"\n,,,,\n\n", "tidak ada satu baris data pun"),
    "NUL": (HEADER + b"10000000001,2026-09,1,1,\n1000\x00", "Baris 3: ada karakter nol"),
    "Latin-1": (HEADER + b"10000000001,2026-09,1,1,\nAndr\xe9,,,,\n", "Baris 3: bukan teks UTF-8"),
    "half a letter": (HEADER + b"10000000001,2026-09,1,1,\xc3", "Baris 2: bukan teks UTF-8"),
    "UTF-16": ("kpj,nik".encode("utf-16"), "UTF-16"),
    "a line of 10 MB": (HEADER + b"1" * 10_000_000 + b"\n", "Baris 2: lebih dari"),
    "10 MB without a line": (b"k" * 10_000_000, "Baris 1: lebih dari"),
    "zip": (b"PK\x03\x04" + bytes(30), "berkas Excel atau ZIP"),
    "gzip": (b"\x1f\x8b" + bytes(30), "gzip"),
    "old Excel": (b"\xd0\xcf\x11\xe0" + bytes(30), "Excel lama"),
    "PDF": (b"%PDF-1.7\n", "PDF"),
    "no header": (b"10000000001,2026-09,1,1,\n", "Baris pertama bukan nama kolom"),
    "half a header": (b"kpj,month,wage\n1,1,1\n", "kolom yang belum ada: amount"),
    "one column too many": (
        b"kpj,month,wage,amount,=cmd\n1,1,1,1,1\n",
        "kolom yang tidak dikenal: =cmd",
    ),
    "a column twice": (b"kpj,month,wage,amount,Bulan\n1,1,1,1,1\n", "dua kali: month"),
    "old Mac": (b"kpj,month,wage,amount\r1,1,1,1\r", "format Mac lama"),
    "a quotation mark that stays open": (
        HEADER + b'"10000000001,2026-09,1,1,\n10000000001,2026-09,1,1,\n',
        "baris 2: tanda kutip dibuka",
    ),
    "a cell over two lines": (HEADER + b'"1000\n0000001",2026-09,1,1,\n', "baris 2: tanda kutip"),
    "too few cells": (HEADER + b"10000000001,2026-09,1\n", "baris 2: ada 3 sel, seharusnya 5"),
    "too many cells": (HEADER + b"10000000001,2026-09,1,1,,,\n", "ada 7 sel, seharusnya 5"),
    "Parquet in name": (b"PAR1" + bytes(100), "Parquet ini rusak"),
    "SQL": (HEADER + b"'; DROP TABLE--,2026-09,1,1,\n", "KPJ harus 11"),
    "hexadecimal": (HEADER + b"10000000001,2026-09,0x10,1,\n", "tanpa titik ribuan"),
    "infinity": (HEADER + b"10000000001,2026-09,inf,nan,\n", "tanpa titik ribuan"),
    "other digits": (HEADER + "10000000001,2026-09,٣٤,1,\n".encode(), "tanpa titik ribuan"),
    "far future": (HEADER + b"10000000001,9999-12,1,1,\n", "bulan harus dari 1977-12"),
    "year 0": (HEADER + b"10000000001,0000-01,1,1,\n", "bulan harus dari 1977-12"),
    "paid tomorrow": (HEADER + b"10000000001,2026-09,1,1,2026-11-24\n", "sampai 2026-11-23"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence_and_leaves_nothing(bring, refused, name):
    bring(sheet(MEMBER), "anggota.csv")
    content, reason = HOSTILE[name]

    assert reason in refused(content)


def parquet_bytes(**arrays: object) -> bytes:
    out = io.BytesIO()
    parquet.write_table(pa.table(arrays), out)
    return out.getvalue()


def test_parquet_means_what_csv_means_whatever_its_types(bring):
    bring(sheet(MEMBER))
    content = parquet_bytes(
        kpj=pa.array(["10000000001"] * 3).dictionary_encode(),
        month=pa.array([date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1)]),
        wage=pa.array([5_000_000, 1, 0]),
        amount=pa.array([Decimal("285000.25"), Decimal(0), Decimal(7)], pa.decimal128(14, 2)),
        paid_on=pa.array([datetime(2026, 8, 1), None, datetime(2026, 10, 1)], pa.timestamp("ms")),  # noqa: DTZ001
    )

    bring(content, "iuran.parquet")

    assert list(
        Contribution.objects.order_by("month").values_list("month", "amount", "paid_on")
    ) == [
        (date(2026, 7, 1), Decimal("285000.25"), date(2026, 8, 1)),
        (date(2026, 8, 1), Decimal(0), None),
        (date(2026, 9, 1), Decimal(7), date(2026, 10, 1)),
    ]


@pytest.mark.parametrize(
    ("column", "cells_", "told"),
    [
        ("kpj", pa.array([1.0e10]), "Kolom kpj bertipe double"),
        ("month", pa.array([True]), "Kolom month bertipe bool"),
        ("wage", pa.array([[1]]), "Kolom wage bertipe list"),
        ("amount", pa.array([b"1"]), "Kolom amount bertipe binary"),
        ("paid_on", pa.array([datetime(2026, 10, 1, 8)]), "baris 1, kolom paid_on"),  # noqa: DTZ001
        ("wage", pa.array([None], pa.int64()), "baris 1, kolom wage"),
        ("month", pa.array([202609]), "baris 1, kolom month"),
    ],
)
def test_parquet_of_another_type_is_refused_with_a_sentence(bring, refused, column, cells_, told):
    bring(sheet(MEMBER))
    arrays = {name: pa.array([cell]) for name, cell in PAID.items()}

    assert told in refused(parquet_bytes(**{**arrays, column: cells_}), "iuran.parquet")


def test_a_file_that_changes_while_it_is_read_is_refused(bring, tmp_path):
    path = tmp_path / "berkas.csv"

    def grow(_rows: int, _bytes: int) -> None:
        with path.open("ab") as file:
            file.write(b"\n")

    with pytest.raises(Unreadable, match="berubah saat dibaca"):
        bring(sheet(MEMBER), progress=grow)
    assert not Card.objects.exists()


def test_checking_names_the_faults_and_changes_nothing(tmp_path, db):
    path = tmp_path / "berkas.csv"
    path.write_bytes(sheet(MEMBER))
    assert importing.check(path, now=NOW) == ("members", 1)

    path.write_bytes(sheet(MEMBER, MEMBER))
    with pytest.raises(BadFile, match="sudah ada di baris 2"):
        importing.check(path, now=NOW)
    assert not Card.objects.exists()


def test_the_database_refuses_a_contribution_without_a_card_and_a_card_taken_from_under_one(bring):
    with pytest.raises(IntegrityError, match="no card"), transaction.atomic():
        Contribution.objects.create(card_id=999, month=date(2026, 1, 1), wage=1, amount=1)
    bring(sheet(MEMBER))
    bring(sheet(PAID))

    with (
        pytest.raises(IntegrityError, match="still has contributions"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM people_card")
    assert Card.objects.exists()


# Whatever comes: a file is valid and stands in the register as it was, or nothing of it does.

KPJS = [f"1000000000{at}" for at in range(5)]
good_cells = {
    "kpj": st.sampled_from(KPJS),
    "month": st.sampled_from(["2026-01", "2026-02-01", "2026-03", "2025-12"]),
    "wage": st.sampled_from(["0", "5000000", "4500000.50", "12,5"]),
    "amount": st.integers(0, 10**12 - 1).map(str),
    "paid_on": st.sampled_from(["", "2026-10-10", "2026-11-23"]),
}
bad_cells = st.sampled_from(
    [
        ("kpj", "10000000099"),
        ("kpj", ""),
        ("month", "2026-00"),
        ("wage", "-1"),
        ("amount", ""),
        ("amount", "1.000.000"),
        ("paid_on", "2026-11-24"),
    ]
)


@st.composite
def files(draw):
    """Give rows, and the indexes of those that are bad: a cell, or a month told twice."""
    rows = draw(st.lists(st.fixed_dictionaries(good_cells), min_size=1, max_size=12))
    bad = set()
    for at in draw(st.sets(st.integers(0, len(rows) - 1), max_size=2)):
        column, cell = draw(bad_cells)
        rows[at][column] = cell
        bad.add(at)
    seen = set()
    for at, row in enumerate(rows):
        key = (row["kpj"], row["month"][:7])
        if row["kpj"] not in KPJS or row["month"] == "2026-00":
            continue
        if key in seen:
            bad.add(at)
        seen.add(key)
    return rows, bad


class TestWhatever(TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        path = self.folder / "members.csv"
        rows = (
            MEMBER | {"kpj": kpj, "nik": f"36010102039000{at:02}"} for at, kpj in enumerate(KPJS, 1)
        )
        path.write_bytes(sheet(*rows))
        importing.take(path, actor="test", now=NOW)

    @settings(max_examples=examples(20))
    @given(
        told=files(),
        first=files(),
        block_bytes=st.integers(1, 300),
        delimiter=st.sampled_from(",;\t"),
        order=st.randoms(use_true_random=False),
    )
    def test_a_file_is_in_as_it_was_or_not_at_all(self, told, first, block_bytes, delimiter, order):
        """Whatever stood there before, in whatever order, however the file is cut into blocks."""
        if delimiter == ",":
            for row in [*told[0], *first[0]]:
                row["wage"] = row["wage"].replace(",", ".")
        before = self._take(first, delimiter, 1 << 20)
        rows, bad = told

        after = before | self._take(told, delimiter, block_bytes)

        assert self._held() == after
        if not bad:
            held = sorted(Contribution.objects.values_list())
            again = rows[:]
            order.shuffle(again)
            path = self.folder / "again.csv"
            path.write_bytes(sheet(*again, delimiter=delimiter) + b"\n")
            taken = importing.take(path, actor="test", now=NOW, block_bytes=block_bytes)
            assert (taken.new, taken.changed) == (0, 0)
            assert sorted(Contribution.objects.values_list()) == held

    def _take(self, told, delimiter, block_bytes):
        """Return what must stand there because of this file."""
        rows, bad = told
        path = self.folder / "iuran.csv"
        path.write_bytes(sheet(*rows, delimiter=delimiter))
        if not bad:
            importing.take(path, actor="test", now=NOW, block_bytes=block_bytes)
            return {
                (row["kpj"], row["month"][:7]): (
                    Decimal(row["wage"].replace(",", ".")),
                    Decimal(row["amount"]),
                    row["paid_on"],
                )
                for row in rows
            }
        named = []
        with pytest.raises(BadFile):
            importing.take(
                path, actor="test", now=NOW, block_bytes=block_bytes, on_fault=named.append
            )
        assert {one.line - 2 for one in named} == bad
        return {}

    def _held(self):
        return {
            (kpj, f"{month:%Y-%m}"): (wage, amount, str(paid or ""))
            for kpj, month, wage, amount, paid in Contribution.objects.values_list(
                "card__kpj", "month", "wage", "amount", "paid_on"
            )
        }


cells_like = st.one_of(
    st.text(max_size=18),
    st.from_regex(r"[0-9]{1,17}(\.[0-9]{0,3})?", fullmatch=True),
    st.from_regex(r"[0-9A-Za-z .\-']{9,14}", fullmatch=True),
    st.from_regex(r"36010[0-9]{11}", fullmatch=True),
)


def as_block(texts):
    column = pa.array(["x", *texts], pa.string())[1:]  # not at the buffer's beginning
    return columns.Rows(Block({"cell": column}, np.arange(len(texts)), [], 0))


@given(st.lists(cells_like, max_size=12))
@example(["0x10", "+5", " 5", "5 ", "1e3", "007", "٣"])
def test_columns_mean_what_their_cells_mean(texts):
    def one_by_one(read, empty):
        found = []
        for text in texts:
            try:
                found.append(read(text))
            except BadCell:
                found.append(empty)
        return found

    rows = as_block(texts)
    assert rows.sens("cell").tolist() == one_by_one(lambda t: int(cells.money(t) * 100), -1)
    assert rows.kpjs("cell").tolist() == one_by_one(lambda t: int(cells.kpj(t), 36), -1)
    assert rows.niks("cell").tolist() == one_by_one(lambda t: int(cells.nik(t)), -1)


@given(st.lists(st.from_regex(r"[0-9A-Z]{11}", fullmatch=True)))
def test_a_packed_card_number_is_written_as_it_was(kpjs):
    packed = np.array([columns.packed_kpj(kpj) for kpj in kpjs], np.int64)
    assert columns.written_kpjs(packed) == kpjs


@given(st.lists(st.from_regex(r"[0-9A-Z]{8,12}", fullmatch=True), unique=True))
def test_no_two_employers_numbers_are_packed_alike(npps):
    packed = [columns.packed_npp(npp) for npp in npps]
    assert len(set(packed)) == len(npps)
    assert all(0 <= one < 2**63 for one in packed)


@given(st.from_regex(r"[0-9]{16}", fullmatch=True))
def test_the_register_takes_exactly_the_niks_that_a_form_takes(digits):
    try:
        expected = int(parse_nik(digits))
    except BadInput:
        expected = -1
    assert as_block([digits]).niks("cell").tolist() == [expected]


@given(st.text())
def test_what_is_sealed_in_bulk_opens_and_is_found_like_the_rest(text):
    text = text.encode(errors="ignore").decode()
    assert encryption.unseal(bytes.fromhex(sealer()(text))) == text
    assert bytes.fromhex(indexer()(text)) == encryption.blind_index(text)


# What the register knows of a person


def test_months_are_counted_once_over_all_cards_with_gaps_and_arrears(bring):
    bring(sheet(MEMBER, MEMBER | {"kpj": "10000000002"}))
    months = ["2026-03", "2026-04", "2026-06", "2026-07", "2026-08"]
    unpaid = ["2026-09", "2026-10", "2026-11"]
    bring(
        sheet(
            *(PAID | {"month": month} for month in months),
            *(PAID | {"month": month, "paid_on": ""} for month in unpaid),
            PAID | {"kpj": "10000000002", "month": "2026-08", "wage": "1000000"},
        )
    )
    cards = [one.id for one in register.cards_of(citizen_with(BUDI))]

    found = register.contribution_months(cards, today=TODAY)

    assert (found.first, found.last) == (date(2026, 3, 1), date(2026, 11, 1))
    assert (found.paid, found.owed, found.owed_at_the_end) == (5, 2, 2)
    assert found.gaps == [date(2026, 5, 1)]
    assert (found.last_wage, found.amount) == (Decimal(5000000), 6 * Decimal(285000))
    assert register.contribution_months([], today=TODAY).first is None


def test_the_two_cards_member_is_told_to_the_law_as_the_register_knows_them(bring):
    bring(
        sheet(
            MEMBER | {"closed_on": "2024-05-31"},
            MEMBER | {"kpj": "10000000002", "opened_on": "2024-06-01", "balance": "9000000"},
        )
    )
    bring(
        sheet(
            SPELL | {"ended_on": "2024-05-31"},
            SPELL
            | {
                "kpj": "10000000002",
                "npp": "KK012345",
                "employer": "PT B",
                "began_on": "2024-06-01",
            },
        )
    )
    bring(sheet(PAID | {"kpj": "10000000002"}))

    told = register.situation_from_register(citizen_with(BUDI), TODAY)

    assert told["birth_date"] == "1990-03-02"
    assert [card["active"] for card in told["cards"]] == [False, True]
    assert told["cards"][0]["until"] == "2024-05-31"
    assert told["employment"] == {
        "working": True,
        "employer": "PT B",
        "segment": "PU",
        "since": "2024-06-01",
    }
    assert (told["merged"], told["contribution_months"]) == (False, 1)
    answer = verdict({**told, "reason": "old_card"}, TODAY)
    assert not answer.to_json().get("unread")
    assert answer.decision.value == "not_entitled"


def test_nobody_is_told_of_without_a_card(db):
    citizen = actions.know(BUDI, now=NOW)

    assert register.situation_from_register(citizen, TODAY) == {}
    with pytest.raises(NotFound):
        register.card("10000000001")


# The command


@pytest.fixture
def run(monkeypatch, db, tmp_path):
    """Return `giliran people import` as a function of files' bytes by name."""
    monkeypatch.setattr(command, "connect", lambda: None)
    monkeypatch.setattr("giliran.clock.now", lambda: NOW)

    def import_files(files, *options):
        for name, content in files.items():
            (tmp_path / name).write_bytes(content)
        paths = [str(tmp_path / name) for name in files]
        return CliRunner().invoke(command.people, ["import", *paths, *options])

    return import_files


def test_the_command_takes_files_in_order_and_says_what_became_of_them(run):
    answer = run({"m.csv": sheet(MEMBER), "i.csv": sheet(PAID)})

    assert answer.exit_code == 0
    assert "m.csv: 1 members are in: 1 new, 0 changed, 0 as before." in answer.output
    assert "i.csv: 1 contributions are in" in answer.output
    assert "this very file is in already" in run({"m.csv": sheet(MEMBER)}).output


def test_the_command_writes_every_fault_to_a_report_and_ends_with_2(run, tmp_path):
    rows = [MEMBER | {"kpj": f"1000000{at:04}", "segment": "=A1"} for at in range(50)]

    answer = run({"m.csv": sheet(*rows), "i.csv": sheet(PAID)})

    assert answer.exit_code == 2
    assert "nothing was imported. 50 fault(s):" in answer.output
    assert "baris 2, kolom segment: “A1”; segmen harus" in answer.output
    assert "i.csv" not in answer.output
    report = (tmp_path / "m.csv.faults.csv").read_text(encoding="utf-8-sig").splitlines()
    assert report[0] == "baris,kolom,isi,alasan"
    assert len(report) == 51
    assert not Card.objects.exists()


def test_the_command_checks_without_a_change(run):
    answer = run({"m.csv": sheet(MEMBER)}, "--check")

    assert "1 members, no fault. Nothing was changed." in answer.output
    assert not Card.objects.exists()


def test_the_command_refuses_a_file_of_another_kind_or_none(run):
    told = run({"m.csv": sheet(MEMBER)}, "--kind", "heirs")
    missing = CliRunner().invoke(command.people, ["import", "tidak-ada.csv"])

    assert (told.exit_code, missing.exit_code) == (2, 2)
    assert "Berkas heirs: kolom yang belum ada" in told.output
    assert "Berkas tidak dapat dibuka" in missing.output

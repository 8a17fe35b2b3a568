"""A region pays: one officer orders, another releases, the bank's answer comes back as a file."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from giliran.claims import payments
from giliran.claims.models import Batch, Claim, Payment
from giliran.claims.payments import practice
from giliran.core.claim import State
from giliran.encryption import seal
from tests.browser.conftest import enter, never_wider_than_the_screen, no_violations
from tests.builders import an_approved_claim, an_office, an_officer, at

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("nine_o_clock")]
PAGE = "/kepala/wilayah/banten/pembayaran/"


def look(page) -> None:
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        no_violations(page)
        never_wider_than_the_screen(page)
    page.set_viewport_size({"width": 1280, "height": 800})


def to(claim: Claim, number: str, bank: str = "BRI") -> None:
    account = {"bank": bank, "number": number, "holder": "Siti Aminah"}
    Claim.objects.filter(id=claim.id).update(account_sealed=seal(json.dumps(account)))


def test_a_bounced_payment_from_the_order_to_the_question(server, page, tmp_path):
    office = an_office("serang")
    first, second = (an_officer(office, "regional") for _ in range(2))
    claims = [
        an_approved_claim(amount=Decimal(n), now=at("08:00")) for n in (42_000_000, 7_500_000)
    ]
    claims += [
        an_approved_claim(approver=first, now=at("08:00")),
        an_approved_claim(now=at("08:00")),
    ]
    to(claims[1], "032901000001")
    to(claims[2], "032901000505")
    to(claims[3], "5551234", bank="BANKU")

    enter(page, server, first, PAGE)
    assert "Rp91.500.000" in page.inner_text("main")
    assert "••••7890" in page.inner_text("main")
    look(page)
    page.get_by_role("button", name="Buat berkas pembayaran").click()
    code = page.inner_text("p.lead")
    assert "petugas lain yang melepasnya" in page.inner_text("main")
    assert page.get_by_role("button", name="Lepaskan untuk dikirim").count() == 0
    look(page)

    enter(page, server, second, f"{PAGE}{code}/")
    assert page.get_by_role("button", name="Unduh CSV").count() == 0
    page.get_by_role("button", name="Lepaskan untuk dikirim").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Unduh XML (pain.001)").click()
    ordered = Path(download.value.path()).read_bytes()
    assert download.value.suggested_filename == f"{code}.xml"
    page.reload()
    assert "Sudah diunduh" in page.inner_text("main")
    look(page)

    answer = tmp_path / "jawaban.xml"
    answer.write_bytes(practice.reply(ordered, code="BANK-1", now=at("09:30")))
    page.goto(f"{server.url}{PAGE}")
    page.get_by_label("Berkas jawaban dari bank (XML)").set_input_files(answer)
    page.get_by_role("button", name="Serahkan jawaban").click()
    told = page.inner_text("main")
    assert "1 sudah masuk, 1 ditolak" in told
    assert "Nomor rekening tidak ditemukan" in told
    look(page)
    assert [Claim.objects.get(id=one.id).state for one in claims] == [
        State.PAID,
        State.BOUNCED,
        State.APPROVED,
        State.APPROVED,
    ]

    page.get_by_role("link", name="tanyakan ke bank").click()
    look(page)
    page.get_by_role("button", name=f"K{claims[2].id}-1 tidak masuk").click()
    assert "Jawaban dicatat." in page.inner_text("main")
    page.get_by_role("button", name="Minta rekening lain").click()
    assert Claim.objects.get(id=claims[3].id).state == State.BOUNCED
    assert Payment.objects.get(claim=claims[2]).state == Payment.State.BOUNCED
    assert Batch.objects.get().state == Batch.State.ANSWERED


def test_a_file_that_isnt_an_answer_is_refused_with_a_sentence(server, page, tmp_path):
    office = an_office("cilegon")
    enter(page, server, an_officer(office, "regional"), PAGE)
    photo = tmp_path / "jawaban.xml"
    photo.write_bytes(b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>')
    page.get_by_label("Berkas jawaban dari bank (XML)").set_input_files(photo)
    page.get_by_role("button", name="Serahkan jawaban").click()
    assert "tidak aman" in page.get_by_role("alert").inner_text()
    look(page)


def test_what_waits_too_long_is_shown_and_an_auditor_only_looks(server, page):
    office = an_office("rangkas")
    regional = an_officer(office, "regional")
    an_approved_claim(office, now=at("08:00"))
    early = at("08:00").replace(day=18)
    batch = payments.make_batch(office.region_id, officer_id=regional.id, now=early)
    payments.note_sent(batch.id, officer_id=regional.id, now=early)
    enter(page, server, an_officer(office, "auditor"), PAGE)
    assert "Mintalah jawabannya ke bank" in page.inner_text("main")
    assert page.get_by_role("button", name="Serahkan jawaban").count() == 0
    look(page)
    page.goto(f"{server.url}{PAGE}{batch.code}/")
    assert page.get_by_role("button", name="Unduh").count() == 0

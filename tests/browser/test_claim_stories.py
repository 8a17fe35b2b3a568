"""Three people's claims from the first page to the last, each step by whoever does it in life."""

import itertools
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from giliran import clock
from giliran.claims.models import Claim
from giliran.claims.payments import practice
from giliran.people import matching
from giliran.people.models import Match
from tests.browser.conftest import enter, never_wider_than_the_screen, no_violations
from tests.builders import (
    a_card,
    a_nik,
    a_service,
    a_submitted_claim,
    an_office,
    an_officer,
    at,
)
from tests.photos import a_page, photographed, written
from tests.servers import RunningServer

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("nine_o_clock")]
PAYMENTS = "/kepala/wilayah/banten/pembayaran/"
_count = itertools.count(1)


@pytest.fixture
def phone(server: RunningServer, browser: Browser):
    context = browser.new_context(
        base_url=server.url, locale="id-ID", viewport={"width": 320, "height": 640}
    )
    yield context.new_page()
    context.close()


def sit_down(page: Page, server: RunningServer, officer, path: str) -> None:
    """Another officer at the same browser."""
    page.context.clear_cookies()
    enter(page, server, officer, path)


def scans(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"pindaian{n}.jpg" for n in range(count)]
    for n, path in enumerate(paths):
        path.write_bytes(written(a_page((f"SURAT {n}", "Nama: Ratna Dewi", "Serang"))))
    return paths


def take_in(page: Page, insured: str, heir: str, folder: Path) -> str:
    """Take an heir's file in at a booth, all of it scanned; returns the claim's code."""
    page.get_by_role("link", name="Terima klaim baru").click()
    page.get_by_label("Pilih langsung").select_option("jkm/death")
    page.get_by_text("Suami atau istri").click()
    page.get_by_role("button", name="Lanjut").click()
    page.get_by_label("NIK peserta").fill(insured)
    page.get_by_label("NIK di KTP").fill(heir)
    page.get_by_label("Nama di KTP", exact=True).fill("Ratna Dewi")
    page.get_by_label("Tanggal lahir").fill("17-08-1985")
    page.get_by_label("Bank", exact=True).select_option("BRI")
    page.get_by_role("textbox", name="Nomor rekening").fill("001234567890")
    page.get_by_text("Pemohon setuju datanya").click()
    inputs = page.locator(".intake-scans input[type=file]")
    for n, path in enumerate(scans(folder, inputs.count())):
        inputs.nth(n).set_input_files(path)
    expect(page.locator(".intake-scans__kept li")).to_have_count(inputs.count())
    page.get_by_role("button", name="Kirim", exact=True).click()
    expect(page.get_by_text("Kode klaim", exact=True)).to_be_visible(timeout=60_000)
    return re.search(r"/klaim/(\w{8})/", page.url)[1]


def find_all_good(page: Page, found: str = "Baik") -> None:
    waiting = page.locator(".claim-paper:has(.tag--waiting)")
    while waiting.count():
        waiting.first.get_by_role("button", name=found).click()
        expect(page.get_by_text("Penilaian dokumen dicatat.")).to_be_visible()
    page.get_by_role("button", name="Lengkap, tidak perlu datang").click()
    expect(page.get_by_text("Dibayar paling lambat")).to_be_visible()


def pay(page: Page, server: RunningServer, region: tuple, folder: Path) -> None:
    """Order by one officer, release by another, and the bank's answer."""
    sit_down(page, server, region[0], PAYMENTS)
    page.get_by_role("button", name="Buat berkas pembayaran").click()
    code = page.inner_text("p.lead")
    sit_down(page, server, region[1], f"{PAYMENTS}{code}/")
    page.get_by_role("button", name="Lepaskan untuk dikirim").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Unduh XML (pain.001)").click()
    answer = folder / "jawaban.xml"
    ordered = Path(download.value.path()).read_bytes()
    answer.write_bytes(practice.reply(ordered, code=f"BANK-{next(_count)}", now=clock.now()))
    page.goto(f"{server.url}{PAYMENTS}")
    page.get_by_label("Berkas jawaban dari bank (XML)").set_input_files(answer)
    page.get_by_role("button", name="Serahkan jawaban").click()
    expect(page.locator("main")).to_contain_text("1 sudah masuk, 0 ditolak")


def track(phone: Page, code: str) -> None:
    phone.goto("/klaim/")
    phone.get_by_label("Kode klaim").fill(code)
    for label, part in (("Tanggal", "17"), ("Bulan", "8"), ("Tahun", "1985")):
        phone.get_by_label(label, exact=True).fill(part)
    phone.get_by_role("button", name="Lihat klaim").click()
    phone.wait_for_url("**/k/*/")


def fits(page: Page) -> None:
    never_wider_than_the_screen(page)
    no_violations(page)


def test_an_heir_claims_jkm_from_a_booth_to_the_payment(server, page, phone, tmp_path):
    branch, other = an_office("utama"), an_office("tetangga")
    booth = an_office("gerai", kind="mpp_booth", parent=branch, name="MPP Kota")
    checker, verifier = an_officer(other), an_officer(branch)
    head = an_officer(branch, "manager")
    region = (an_officer(branch, "regional"), an_officer(branch, "regional"))
    insured, heir = a_nik(), a_nik()

    enter(page, server, an_officer(booth, "door"), "/petugas/gerai/klaim/")
    code = take_in(page, insured, heir, tmp_path)
    track(phone, code)
    assert "Berkas sedang diperiksa" in phone.inner_text("h1")

    # Any officer of the region checks the file, not only where the widow would go.
    sit_down(page, server, checker, "/petugas/tetangga/klaim/")
    page.get_by_label("Kode klaim, diketik atau dipindai").fill(code)
    page.get_by_role("button", name="Buka").click()
    find_all_good(page)
    phone.reload()
    assert "Bapak/Ibu tidak perlu datang" in phone.inner_text("main")

    sit_down(page, server, verifier, f"/petugas/utama/klaim/{code}/")
    page.get_by_label("Jumlah yang dibayar").fill("42.000.000")
    page.get_by_role("button", name="Verifikasi").click()
    expect(page.get_by_text("Keputusan dibuat petugas lain")).to_be_visible()
    sit_down(page, server, head, f"/petugas/utama/klaim/{code}/")
    page.get_by_role("button", name="Setujui").click()
    expect(page.get_by_text("Disetujui. Klaim masuk daftar pembayaran.")).to_be_visible()

    pay(page, server, region, tmp_path)
    phone.reload()
    assert "Uang sudah dibayarkan" in phone.inner_text("h1")
    assert heir not in phone.content()
    fits(phone)
    letter = phone.get_by_role("link", name="Surat Keputusan").get_attribute("href")
    phone.goto(f"/k/{code}/nik/")
    phone.get_by_label("Tulis NIK").fill(heir)
    phone.get_by_role("button", name="Lanjutkan").click()
    phone.wait_for_url(f"**/k/{code}/")
    answer = phone.request.get(f"{server.url}{letter}")
    assert answer.ok
    assert answer.headers["content-type"] == "application/pdf"
    printed = re.search(r"/surat/(\w+)\.pdf", letter)[1]
    phone.goto(f"/periksa/{printed}/")
    assert "keputusan" in phone.inner_text("main").casefold()
    claim = Claim.objects.get(code=code)
    assert (claim.state, claim.amount, claim.turns.count()) == ("paid", 42_000_000, 0)
    assert len({claim.verified_by_id, claim.decided_by_id, checker.id, region[0].id}) == 4


def test_a_member_with_two_cards_goes_from_the_answer_to_one_card_and_its_letter(
    server, page, phone
):
    office = an_office("legok")
    a_service("data", "E")
    nik, slip = "3603121708890003", "3603121708890030"
    facts = {"segment": "PU", "balance_on": date(2026, 10, 31), "birth": "1989-08-17"}
    old = a_card(
        "H. Moch. Soedjono, S.E.",
        nik=nik,
        opened_on=date(2009, 3, 1),
        closed_on=date(2017, 6, 30),
        balance=Decimal(31_450_000),
        **facts,
    )
    new = a_card(
        "MUHAMMAD SUJONO",
        nik=slip,
        opened_on=date(2017, 8, 1),
        balance=Decimal(48_120_500),
        **facts,
    )
    phone.goto("/hak/")
    for said in ("Saya punya dua kartu atau lebih", "Dua kartu", "Ya", "Ya"):
        phone.get_by_label(said, exact=said == "Ya").check()
        phone.get_by_role("button", name="Lanjutkan").click()
    phone.get_by_role("button", name="Lanjutkan").click()
    assert "Gabungkan kartu" in phone.inner_text("main")
    fits(phone)

    while matching.search_next(now=at("08:00")):
        pass
    match = Match.objects.get(first=old, second=new)
    enter(page, server, an_officer(office, "manager"), "/petugas/legok/data/")
    page.get_by_role("link", name=old.kpj).click()
    expect(page.get_by_text("Rp79.570.500")).to_be_visible()
    page.get_by_role("textbox", name="Alasan").first.fill("KTP dan kedua kartu sudah dilihat")
    page.get_by_role("group", name="NIK mana").get_by_text("di kartu").first.click()
    page.get_by_role("button", name="Gabungkan kartu").click()
    expect(page.get_by_text("Kartu sudah digabung.")).to_be_visible()
    letter = page.get_by_role("link", name="Cetak surat penggabungan").get_attribute("href")
    assert page.request.get(f"{server.url}{letter}").ok
    new.refresh_from_db()
    match.refresh_from_db()
    assert new.merged_into == old


def test_a_returned_file_goes_from_the_desk_to_the_phone_and_back(server, page, phone):
    office = an_office("kembali")
    nik = a_nik()
    claim = a_submitted_claim(office, nik=nik)
    officer = an_officer(office)
    enter(page, server, officer, f"/petugas/kembali/klaim/{claim.code}/")
    paper = page.locator(".claim-paper").filter(has_text="KTP").first
    paper.locator("summary", has_text="Perlu diperbaiki").click()
    paper.get_by_label("Apa yang salah").select_option("blurred")
    paper.get_by_role("button", name="Tandai perlu diperbaiki").click()
    page.get_by_role("button", name="Minta dokumen").click()
    expect(page.get_by_text("Dokumen diminta.")).to_be_visible()

    track(phone, claim.code)
    assert "Ada surat yang perlu diperbaiki" in phone.inner_text("h1")
    fits(phone)
    phone.get_by_role("link", name=re.compile("^Kirim:")).click()
    photo = {"name": "ktp.jpg", "mimeType": "image/jpeg"}
    photo["buffer"] = written(photographed(a_page()))
    phone.get_by_label("Foto atau PDF").set_input_files(photo)
    phone.get_by_role("link", name="Kirim lagi").click()
    phone.get_by_role("button", name="Kirim klaim").click()
    phone.get_by_text("Klaim sudah dikirim").wait_for()

    page.goto(f"{server.url}/petugas/kembali/klaim/")
    page.get_by_role("link", name=claim.code[:4]).click()
    find_all_good(page, "Asli sudah dilihat")
    claim.refresh_from_db()
    assert (claim.state, claim.due_on) == ("complete", date(2026, 11, 30))

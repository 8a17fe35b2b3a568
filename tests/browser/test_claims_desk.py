"""An heir claims JKM at a booth, and officers decide: on real screens, wide and narrow."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from giliran.claims.models import Claim
from tests.browser.conftest import enter, never_wider_than_the_screen, no_violations
from tests.builders import MONDAY, a_complete_claim, a_nik, an_office, an_officer, at
from tests.photos import a_page, written
from tests.servers import RunningServer

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("nine_o_clock")]


def as_(page: Page, server: RunningServer, officer, path: str) -> None:
    page.context.clear_cookies()
    enter(page, server, officer, path)


def fine_on_every_screen(page: Page, name: str) -> None:
    no_violations(page)
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        never_wider_than_the_screen(page)
        SHOTS and page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 800})


SHOTS = __import__("os").environ.get("SHOTS", "")


def scans(tmp_path, count: int) -> list[str]:
    paths = []
    for n in range(count):
        path = tmp_path / f"pindaian{n}.jpg"
        path.write_bytes(written(a_page((f"SURAT {n}", "Nama: Ratna Dewi", "Serang"))))
        paths.append(str(path))
    return paths


def test_an_heir_claims_jkm_from_a_booth_and_the_desk_sees_the_scans(server, page, tmp_path):
    branch = an_office("pusat")
    booth = an_office("mpp", kind="mpp_booth", parent=branch, name="MPP Kota")
    clerk, officer = an_officer(booth, "door"), an_officer(branch)
    enter(page, server, clerk, "/petugas/mpp/klaim/")
    page.get_by_role("link", name="Terima klaim baru").click()
    fine_on_every_screen(page, "choose")
    page.get_by_label("Pilih langsung").select_option("jkm/death")
    page.get_by_text("Suami atau istri").click()
    page.get_by_role("button", name="Lanjut").click()
    fine_on_every_screen(page, "intake")
    page.get_by_label("NIK peserta").fill(a_nik(1))
    page.get_by_label("NIK di KTP").fill(a_nik(2))
    page.get_by_label("Nama di KTP", exact=True).fill("Ratna Dewi")
    page.get_by_label("Tanggal lahir").fill("17-08-1985")
    page.get_by_label("Nomor kartu (KPJ)").fill("12345678901")
    page.get_by_label("Bank", exact=True).select_option("BRI")
    page.get_by_role("textbox", name="Nomor rekening").fill("001234567890")
    page.get_by_text("Pemohon setuju datanya").click()
    inputs = page.locator(".intake-scans input[type=file]")
    for n, path in enumerate(scans(tmp_path, inputs.count())):
        inputs.nth(n).set_input_files(path)
    expect(page.locator(".intake-scans__kept li")).to_have_count(inputs.count())
    page.get_by_role("button", name="Kirim").click()
    expect(page.get_by_text("Kode klaim", exact=True)).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Menunggu pemeriksaan")).to_be_visible()
    fine_on_every_screen(page, "receipt")
    claim = Claim.objects.get()

    as_(page, server, officer, "/petugas/pusat/klaim/")
    fine_on_every_screen(page, "list")
    page.get_by_role("link", name=claim.code[:4]).click()
    fine_on_every_screen(page, "file")
    expect(page.locator(".claim-document img").first).to_be_visible()
    page.locator(".claim-document img").first.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.claim-document img').naturalWidth > 0")
    assert claim.channel == "booth"


def test_a_complete_file_is_verified_by_one_officer_and_approved_by_the_head(server, page):
    office = an_office("putusan")
    claim = a_complete_claim(office, program="JKM", kind="jkm/death", situation={})
    enter(page, server, an_officer(office), f"/petugas/putusan/klaim/{claim.code}/")
    page.get_by_label("Jumlah yang dibayar").fill("42.000.000")
    page.get_by_role("button", name="Verifikasi").click()
    expect(page.get_by_text("Keputusan dibuat petugas lain")).to_be_visible()
    expect(page.get_by_role("button", name="Setujui")).to_have_count(0)

    as_(page, server, an_officer(office, "manager"), f"/petugas/putusan/klaim/{claim.code}/")
    fine_on_every_screen(page, "decide")
    page.get_by_role("button", name="Setujui").click()
    expect(page.get_by_text("Disetujui. Klaim masuk daftar pembayaran.")).to_be_visible()
    claim.refresh_from_db()
    assert (claim.state, claim.amount) == ("approved", 42_000_000)


def test_the_region_sees_what_is_late_on_every_screen(server, page):
    office = an_office("lambat")
    a_complete_claim(office, now=at("09:00", MONDAY - timedelta(days=21)))
    enter(page, server, an_officer(office, "regional"), "/kepala/wilayah/banten/klaim/")
    expect(page.get_by_role("heading", name="Klaim wilayah")).to_be_visible()
    fine_on_every_screen(page, "region")


def test_without_a_script_the_same_form_takes_the_claim_in(server, browser, tmp_path):
    branch = an_office("tanpa")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    enter(page, server, an_officer(branch), "/petugas/tanpa/klaim/baru/?untuk=jht/resigned")
    expect(page.get_by_text("Peramban ini tidak bisa menyimpan")).to_be_visible()
    page.get_by_label("NIK di KTP").fill(a_nik(3))
    page.get_by_label("Nama di KTP", exact=True).fill("Siti Aminah")
    page.get_by_label("Tanggal lahir").fill("17-08-1985")
    page.get_by_text("Pemohon setuju datanya").click()
    page.locator(".intake-scans input[type=file]").first.set_input_files(scans(tmp_path, 1))
    page.get_by_role("button", name="Kirim").click()
    expect(page.get_by_role("heading", name="Masih kurang")).to_be_visible()
    assert Claim.objects.get(office=branch).papers.filter(state="sent").count() == 1
    context.close()

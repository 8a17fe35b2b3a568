"""A booth on a line that comes and goes: what was typed and scanned is never lost, nor doubled."""

import itertools
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from giliran.claims.models import Claim, Document
from tests.browser.conftest import enter, no_violations
from tests.builders import a_nik, an_office, an_officer
from tests.photos import a_page, photographed, written
from tests.servers import RunningServer

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("nine_o_clock")]
_count = itertools.count(1)
INTAKE = "klaim/baru/?untuk=jht/resigned"
KEPT = """async () => {
  const open = indexedDB.open("giliran-intake", 1);
  const db = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  const all = db.transaction("kept").objectStore("kept").getAll();
  const found = await new Promise((done) => { all.onsuccess = () => done(all.result); });
  const text = (one) => new TextDecoder("latin1").decode(one);
  return found.map((one) => (one.fields ? text(one.fields.bytes) : "")
    + one.scans.map((each) => text(each.sealed.bytes)).join(""));
}"""


@pytest.fixture
def booth(server: RunningServer):
    n = next(_count)
    branch = an_office(f"cabang{n}")
    return an_office(f"gerai{n}", kind="mpp_booth", parent=branch, name="MPP Kota")


def a_scan(tmp_path: Path, name: str, *, blur: float = 0.0) -> str:
    path = tmp_path / f"{name}.jpg"
    page = a_page((name.upper(), "Nama: Siti Aminah", "Kota Serang"))
    path.write_bytes(written(photographed(page, blur=blur) if blur else page))
    return str(path)


def begin(page: Page, server: RunningServer, booth, officer=None):
    officer = officer or an_officer(booth, "door")
    enter(page, server, officer, f"/petugas/{booth.slug}/{INTAKE}")
    expect(page.locator("#keeps-nothing")).to_be_hidden()
    return officer


def fill(page: Page, nik: str, name: str = "Siti Aminah") -> None:
    page.get_by_label("NIK di KTP").fill(nik)
    page.get_by_label("Nama di KTP", exact=True).fill(name)
    page.get_by_label("Tanggal lahir").fill("17-08-1985")
    page.get_by_text("Pemohon setuju datanya").click()


def scan(page: Page, path: str, place: int = 0) -> None:
    page.locator(".intake-scans input[type=file]").nth(place).set_input_files(path)
    expect(page.locator(".intake-scans__kept").nth(place)).to_contain_text(Path(path).name)


def taken(booth) -> int:
    return Claim.objects.filter(begun_at=booth).count()


def documents(booth):
    return Document.objects.filter(paper__claim__begun_at=booth)


def press_send(page: Page) -> None:
    page.get_by_role("button", name="Kirim", exact=True).click()


def test_two_people_are_taken_in_without_a_line_and_sent_once_it_is_back(
    server, page, booth, tmp_path
):
    begin(page, server, booth)
    page.context.set_offline(True)
    for n, name in enumerate(("Siti Aminah", "Budi Santoso"), start=1):
        fill(page, a_nik(), name)
        scan(page, a_scan(tmp_path, f"ktp{n}"))
        press_send(page)
        expect(page.get_by_role("heading", name=f"Belum terkirim ({n})")).to_be_visible()
        expect(page.get_by_label("NIK di KTP")).to_have_value("")
    expect(page.locator("#unsent li").first).to_contain_text("menunggu sambungan")
    no_violations(page)
    kept = page.evaluate(KEPT)
    assert all("Siti" not in one and "JFIF" not in one for one in kept)
    assert not taken(booth)

    page.context.set_offline(False)
    expect(page.get_by_role("link", name="Buka tanda terima")).to_have_count(2, timeout=40_000)
    expect(page.get_by_role("heading", name="Belum terkirim (0)")).to_be_visible()
    assert taken(booth) == 2
    assert documents(booth).count() == 2
    assert page.evaluate(KEPT) == []
    page.get_by_role("link", name="Buka tanda terima").first.click()
    expect(page.get_by_text("Kode klaim", exact=True)).to_be_visible()


def test_a_line_that_breaks_between_two_scans_doubles_nothing(server, page, booth, tmp_path):
    begin(page, server, booth)
    fill(page, a_nik())
    scan(page, a_scan(tmp_path, "kartu"), 0)
    scan(page, a_scan(tmp_path, "ktp"), 1)
    answers = {"count": 0}

    def lose_the_answer(route):
        # It arrives there, and nobody hears of it here: the worst that a line can do.
        answers["count"] += 1
        if answers["count"] in {1, 4}:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(re.compile(r"klaim/baru/|potongan|selesai"), lose_the_answer)
    press_send(page)
    expect(page.locator("#unsent li, .receipt__code").first).to_be_visible(timeout=20_000)
    while not page.get_by_role("link", name="Buka tanda terima").is_visible():
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_timeout(100)
    assert answers["count"] > 4
    assert taken(booth) == 1
    assert documents(booth).count() == 2
    assert page.evaluate(KEPT) == []


def test_what_was_typed_and_scanned_comes_back_after_the_browser_was_closed(
    server, page, booth, tmp_path
):
    begin(page, server, booth)
    fill(page, a_nik())
    scan(page, a_scan(tmp_path, "kartu"))
    page.wait_for_timeout(700)
    page.goto("about:blank")
    page.goto(f"{server.url}/petugas/{booth.slug}/{INTAKE}")
    expect(page.get_by_text("Isian yang belum dikirim dipulihkan.")).to_be_visible()
    expect(page.get_by_label("Nama di KTP", exact=True)).to_have_value("Siti Aminah")
    expect(page.locator(".intake-scans__kept").first).to_contain_text("kartu.jpg")
    press_send(page)
    expect(page.get_by_text("Kode klaim", exact=True)).to_be_visible(timeout=30_000)
    assert documents(booth).count() == 1


def test_another_officer_at_the_same_browser_cannot_read_what_is_kept(
    server, page, booth, tmp_path
):
    begin(page, server, booth)
    fill(page, a_nik())
    page.context.set_offline(True)
    press_send(page)
    expect(page.locator("#unsent li")).to_contain_text("menunggu sambungan")
    expect(page.get_by_role("heading", name="Belum terkirim (1)")).to_be_visible()
    page.goto("about:blank")
    page.context.set_offline(False)
    page.context.clear_cookies()
    begin(page, server, booth)
    expect(page.locator("#unsent")).to_be_hidden()
    page.wait_for_timeout(500)
    assert not taken(booth)
    assert len(page.evaluate(KEPT)) == 1


def test_after_a_day_what_is_kept_is_gone(server, page, booth):
    begin(page, server, booth)
    fill(page, a_nik())
    page.wait_for_timeout(700)
    assert len(page.evaluate(KEPT)) == 1
    page.add_init_script("const now = Date.now; Date.now = () => now() + 25 * 3600 * 1000;")
    page.reload()
    expect(page.get_by_label("Nama di KTP", exact=True)).to_have_value("")
    page.wait_for_timeout(500)
    assert page.evaluate(KEPT) == []


def test_a_wrong_field_is_pointed_at_and_nothing_is_lost(server, page, booth):
    begin(page, server, booth)
    fill(page, "123")
    press_send(page)
    expect(page.get_by_label("NIK di KTP")).to_be_focused()
    expect(page.get_by_label("NIK di KTP")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("NIK di KTP").fill(a_nik())
    press_send(page)
    expect(page.get_by_text("Kode klaim", exact=True)).to_be_visible(timeout=30_000)
    assert taken(booth) == 1


def test_a_blurred_scan_waits_for_the_clerk_who_may_insist(server, page, booth, tmp_path):
    begin(page, server, booth)
    fill(page, a_nik())
    scan(page, a_scan(tmp_path, "kartu", blur=14))
    press_send(page)
    expect(page.locator("#unsent li")).to_contain_text("buram", timeout=30_000)
    page.get_by_role("button", name="Tetap pakai").click()
    expect(page.get_by_role("link", name="Buka tanda terima")).to_be_visible(timeout=30_000)
    assert documents(booth).get().findings["insisted"] is True

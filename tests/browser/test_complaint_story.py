"""A complaint from the poster at the door to its end; nobody answers, so the region has to."""

from __future__ import annotations

import itertools
import os
from datetime import date

import pytest

from giliran import clock
from giliran.offices.models import Office
from giliran.voices import actions as voices
from giliran.voices.models import Complaint
from tests.browser.conftest import enter, never_wider_than_the_screen, no_violations
from tests.builders import a_kiosk, an_office, an_officer, at

pytestmark = pytest.mark.browser
PHONE = {"width": 320, "height": 640}
KILOBYTES = 50
TEXT = "Petugas di loket 3, sekitar jam 10, menolak fotokopi KTP tanpa menyebut alasannya."
LATE = date(2026, 12, 1)  # five working days after 23 November are over on the 30th
_offices = itertools.count(1)


@pytest.fixture(autouse=True)
def nine_o_clock(server):
    clock.set_simulation(at("09:00"), speed=1)


@pytest.fixture
def office(server) -> Office:
    return an_office(f"aduan-{next(_offices)}", name="Kantor Cabang Serang")


@pytest.fixture
def phone(server, browser):
    context = browser.new_context(base_url=server.url, locale="id-ID", viewport=PHONE)
    context.set_default_timeout(15000)
    yield context.new_page()
    context.close()


def look(page, name: str) -> None:
    """Keep a picture where GILIRAN_SHOTS names a folder, for somebody who wants to look."""
    if folder := os.environ.get("GILIRAN_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def complain(phone, office: Office) -> Complaint:
    phone.goto(f"/aduan/?kantor={office.slug}&dari=pintu")
    phone.get_by_label("Apa yang terjadi?").fill(TEXT)
    phone.get_by_label("Tentang apa?").select_option(label="Antrean atau kuota")
    phone.get_by_role("radio", name="Sebut nama saya").check()
    phone.get_by_label("Nama (boleh kosong)").fill("Siti Rohmah")
    phone.get_by_role("button", name="Lanjutkan").click()
    phone.get_by_role("button", name="Kirim aduan").click()
    phone.wait_for_url("**/tanda-terima/")
    return Complaint.objects.get(code=phone.url.split("/")[-3])


def test_nobody_answers_so_it_rises_by_itself_is_answered_and_ends(phone, page, server, office):
    page.context.set_default_timeout(15000)
    # At the door: the code comes at once, with the day that the law sets.
    kept = complain(phone, office)
    assert kept.channel == "door"
    assert phone.get_by_text(f"{kept.code[:4]}-{kept.code[4:]}").first.is_visible()
    assert phone.get_by_text("Senin, 30 November 2026").first.is_visible()
    look(phone, "aduan-tanda-terima")

    # An officer takes it in hand, says of which kind it is, and leaves it lying.
    officer = an_officer(office)
    enter(page, server, officer, f"/petugas/{office.slug}/aduan/")
    page.get_by_role("link", name=f"No. {kept.id}", exact=True).first.click()
    page.get_by_role("button", name="Saya pelajari").click()
    page.get_by_role("radio", name="Tidak berkadar pengawasan").check()
    page.get_by_role("button", name="Simpan jenis").click()
    page.get_by_text("Jenis ditentukan. Dijawab").wait_for()
    phone.goto(f"/a/{kept.code}/")
    phone.get_by_role("heading", name="Aduan sedang ditangani").wait_for()

    # The day passes. The clockwork puts it before the region, and says so.
    clock.set_simulation(at("09:00", LATE), speed=1)
    assert voices.escalate_due(now=clock.now()) >= 1
    kept.refresh_from_db()
    assert kept.level == "region"
    phone.reload()
    assert phone.get_by_text("Kantor wilayah: Kanwil Banten").is_visible()
    look(phone, "aduan-naik")

    # The region answers; who complained disputes nothing and ends it.
    regional = an_officer(office, "regional")
    page.context.clear_cookies()
    enter(page, server, regional, f"/petugas/aduan/{kept.code}/")
    page.get_by_label("Jawaban", exact=True).fill(
        "Fotokopi KTP memang tidak perlu. Loket 3 sudah diberi tahu, mohon maaf."
    )
    page.get_by_role("button", name="Kirim jawaban").click()
    page.get_by_text("Menunggu pelapor").first.wait_for()
    phone.reload()
    phone.get_by_text("Fotokopi KTP memang tidak perlu").wait_for()
    no_violations(phone)
    look(phone, "aduan-dijawab")
    phone.get_by_role("button", name="Ya, cukup. Selesai").click()
    phone.get_by_role("heading", name="Aduan sudah selesai").wait_for()
    kept.refresh_from_db()
    assert (kept.state, kept.answered_in_time) == ("closed", False)


def weight(answer) -> int:
    """Return how many bytes an answer had on the line, headers aside."""
    size = answer.headers.get("content-length")
    return int(size) if size else len(answer.body())


def test_every_page_of_a_complaint_is_accessible_light_and_fits_a_small_phone(phone, office):
    kept = complain(phone, office)
    here = f"/a/{kept.code}/"
    transferred: list[int] = []
    phone.on("response", lambda answer: transferred.append(weight(answer)))
    for path in (
        "/aduan/",
        f"/aduan/?kantor={office.slug}&dari=pintu",
        "/aduan/cek/",
        "/aduan/cek/?kode=xx",
        here,
        f"{here}tanda-terima/",
        f"/aduan/kantor/{office.slug}/",
    ):
        transferred.clear()
        phone.goto(path)
        assert sum(transferred) < KILOBYTES * 1024, path
        never_wider_than_the_screen(phone)
        no_violations(phone)
        look(phone, "aduan" + path.replace("/", "_").replace("?", "_")[:40])


def test_what_is_wrong_is_led_to_from_the_top_of_the_page(phone, office):
    phone.goto("/aduan/")
    phone.get_by_role("button", name="Lanjutkan").click()
    summary = phone.get_by_role("alert")
    summary.wait_for()
    no_violations(phone)
    never_wider_than_the_screen(phone)
    look(phone, "aduan-salah")
    summary.get_by_role("link", name="Tulis apa yang terjadi").click()
    assert phone.evaluate("document.activeElement.id") == "id_text"


def test_it_is_complained_without_scripts_too(browser, server, office):
    context = browser.new_context(
        base_url=server.url, locale="id-ID", viewport=PHONE, java_script_enabled=False
    )
    kept = complain(context.new_page(), office)
    context.close()
    assert kept.state == "received"


def test_the_poster_fits_one_sheet_of_a4(phone, office):
    phone.goto(f"/aduan/kantor/{office.slug}/")
    phone.emulate_media(media="print")
    sheet = phone.pdf(format="A4", prefer_css_page_size=True)
    assert sheet.count(b"/Type /Page\n") == 1
    if folder := os.environ.get("GILIRAN_SHOTS"):
        with open(f"{folder}/poster.pdf", "wb") as file:  # noqa: PTH123
            file.write(sheet)


def test_the_desk_writes_it_down_and_the_kiosk_shows_where_to(page, server, office):
    enter(page, server, an_officer(office, "door"), f"/petugas/{office.slug}/aduan/baru/")
    no_violations(page)
    look(page, "aduan-meja")
    page.get_by_label("Apa yang terjadi?").fill(TEXT)
    page.get_by_role("radio", name="Tanpa nama").check()
    page.get_by_role("button", name="Simpan dan tampilkan tanda terima").click()
    page.get_by_role("heading", name="Kode aduan").wait_for()
    no_violations(page)
    look(page, "aduan-meja-tanda-terima")
    page.goto(f"{server.url}/kios/{a_kiosk(office).token}/")
    page.get_by_role("button", name="Sampaikan aduan").click()
    page.get_by_role("heading", name="Ada yang tidak beres? Sampaikan.").wait_for()
    no_violations(page)
    look(page, "aduan-kios")

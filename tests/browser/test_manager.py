"""The manager's screens in a real browser: they move by themselves, and do without scripts."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from giliran.capacity.models import Offer
from giliran.turns import actions as turns
from tests.browser.conftest import enter, never_wider_than_the_screen, no_violations
from tests.builders import (
    MONDAY,
    a_booking,
    a_walk_in,
    a_window,
    an_office,
    an_officer,
    at,
    at_counter,
    walk_in_places,
)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("nine_o_clock")]


def a_busy_office(slug: str):
    """Return an office on Monday at nine: a served Friday, a line, somebody at a counter."""
    office = an_office(slug)
    friday = MONDAY - timedelta(days=3)
    walk_in_places(office)
    walk_in_places(office, day=friday)
    officer, counter_id = at_counter(office)
    for minute in (10, 30):
        a_walk_in(office, f"08:{minute}")
    turns.call_next(counter_id, officer_id=officer.id, now=at("08:50"))
    for clock_time in ("09:30", "10:00", "10:30"):
        a_booking(a_window(office, clock_time, places=3))
    for why in ("no_number", "papers"):
        turns.turn_away(
            office_id=office.id, service_id=None, why=why, actor="x", now=at("10:00", friday)
        )
    return office, officer, counter_id


def test_tiles_and_counters_move_by_themselves(server, page):
    office, officer, _ = a_busy_office("bergerak")
    enter(page, server, an_officer(office, "manager"), f"/kepala/{office.slug}/")
    expect(page.locator("#waiting")).to_have_text("1")
    first = page.get_by_role("row", name="1 Petugas")
    expect(first).to_contain_text("Dipanggil")

    turns.start(officer_id=officer.id, now=at("09:00"))
    a_walk_in(office, "09:00")

    expect(page.locator("#waiting")).to_have_text("2", timeout=10_000)
    expect(first).to_contain_text("Sedang dilayani")


def test_who_was_logged_out_meanwhile_finds_the_log_in_page_in_the_window_not_in_a_banner(
    server, page
):
    office, _, _ = a_busy_office("keluar")
    enter(page, server, an_officer(office, "manager"), f"/kepala/{office.slug}/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.context.clear_cookies()

    page.evaluate("document.body.dispatchEvent(new CustomEvent('giliran:line'))")

    expect(page.get_by_label("Nama pengguna")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/petugas/masuk/\?next=/kepala/keluar/$"))
    expect(page.locator("#alarms")).to_have_count(0)


def test_closing_windows_and_setting_places_needs_no_script(server, browser):
    office, _, _ = a_busy_office("tanpa-skrip")
    context = browser.new_context(java_script_enabled=False, locale="id-ID")
    page = context.new_page()
    enter(page, server, an_officer(office, "manager"), f"/kepala/{office.slug}/")

    page.get_by_label("Pilih 09.30–10.00 WIB").check()
    page.get_by_label("Pilih 10.30–11.00 WIB").check()
    page.get_by_role("button", name="Tutup yang dipilih").click()
    expect(page.get_by_text("2 jam ditutup.")).to_be_visible()
    places = page.get_by_label("Tempat, 10.00–10.30 WIB")
    places.fill("7")
    places.press("Enter")
    expect(page.get_by_text("Jumlah tempat disimpan: 7.")).to_be_visible()
    context.close()

    windows = Offer.objects.filter(office=office, kind="window").order_by("starts_at")
    found = list(windows.values_list("is_open", "places"))
    assert found == [(False, 3), (True, 7), (False, 3)]


def test_too_few_places_are_refused_beside_the_field_and_read_aloud(server, page):
    office, _, _ = a_busy_office("terlalu-sedikit")
    enter(page, server, an_officer(office, "manager"), f"/kepala/{office.slug}/")
    places = page.get_by_label("Tempat, 09.30–10.00 WIB")

    places.fill("0")
    places.press("Enter")

    wrong = page.get_by_role("alert").get_by_role("link")
    expect(wrong).to_contain_text("Sudah 1 orang dijanjikan jam ini")
    no_violations(page)
    wrong.click()
    expect(places).to_be_focused()
    expect(places).to_have_value("0")


def test_every_screen_is_accessible_fits_a_phone_and_keeps_the_content_policy(server, page):
    office, _, _ = a_busy_office("semua-layar")
    said = []
    page.on("console", lambda message: said.append(message.text))
    enter(page, server, an_officer(office, "manager"), f"/kepala/{office.slug}/")

    for path in ("", f"angka/?hari={MONDAY}", "riwayat/", "akhiri/"):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{server.url}/kepala/{office.slug}/{path}")
        no_violations(page)
        page.set_viewport_size({"width": 320, "height": 640})
        never_wider_than_the_screen(page)
    assert [text for text in said if "Content Security Policy" in text] == []


def test_a_region_opens_the_office_that_is_short(server, page):
    office, _, _ = a_busy_office("wilayah-satu")
    other = an_office("wilayah-dua")
    walk_in_places(other)
    a_walk_in(other, "07:10")
    enter(page, server, an_officer(office, "regional"), "/kepala/")

    no_violations(page)
    short = page.get_by_role("row").filter(has_text=other.name)
    expect(short).to_contain_text("Kekurangan")
    expect(short).to_contain_text("110 mnt")
    page.set_viewport_size({"width": 320, "height": 640})
    never_wider_than_the_screen(page)
    short.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Kantor hari ini")).to_be_visible()

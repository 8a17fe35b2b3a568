"""A complaint at the desk: put before head and region by itself, answered, on every screen."""

import os
from datetime import date
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from giliran import clock
from giliran.voices import actions as voices
from giliran.voices.models import Complaint
from tests.browser.conftest import enter, never_wider_than_the_screen, no_violations
from tests.builders import an_office, an_officer, at
from tests.servers import RunningServer

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("nine_o_clock")]

SHOTS = os.environ.get("SHOTS", "")


def as_(page: Page, server: RunningServer, officer, path: str) -> None:
    page.context.clear_cookies()
    enter(page, server, officer, path)


def fine_on_every_screen(page: Page, name: str) -> None:
    no_violations(page)
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        never_wider_than_the_screen(page)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 800})


def complain(office, text="Kuota antrean habis jam lima pagi, loket belum buka.", **fields):
    defaults = {"request_key": uuid4(), "channel": "web", "category": "queue", "now": at("09:00")}
    return voices.complain(text=text, office=office, **{**defaults, **fields})


def test_a_late_complaint_reaches_the_region_and_is_answered_there(server, page):
    office = an_office("kota-timur")
    clerk, region = an_officer(office), an_officer(office, "regional")
    view = complain(office, name="Siti Aminah", is_protected=False)
    complain(office, "Kuota antrian sudah habis jam lima pagi padahal loket belum buka.")
    code = f"No. {view.id}"

    enter(page, server, clerk, "/petugas/kota-timur/aduan/")
    expect(page.get_by_role("heading", name="Aduan", exact=True)).to_be_visible()
    fine_on_every_screen(page, "list")
    page.get_by_role("link", name=code, exact=True).click()
    page.get_by_role("button", name="Saya pelajari").click()
    page.get_by_text("Normatif").click()
    page.get_by_role("button", name="Simpan jenis").click()
    expect(page.get_by_text("Jenis ditentukan.")).to_be_visible()
    fine_on_every_screen(page, "classified")

    voices.escalate_due(now=at("08:00", date(2026, 12, 1)))
    clock.set_simulation(at("08:05", date(2026, 12, 1)), speed=1)
    as_(page, server, region, "/kepala/wilayah/banten/aduan/")
    expect(page.get_by_text("terlambat 1 hari kerja").first).to_be_visible()
    fine_on_every_screen(page, "region")
    page.get_by_role("link", name=code, exact=True).first.click()
    page.get_by_role("button", name="Lihat nama dan telepon").click()
    expect(page.get_by_text("Siti Aminah")).to_be_visible()
    page.get_by_label("Jawaban", exact=True).fill("ya")
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_role("alert")).to_contain_text("paling sedikit 10 huruf")
    fine_on_every_screen(page, "wrong")
    page.get_by_label("Jawaban", exact=True).fill("Kuota pagi ditambah dua puluh mulai besok.")
    page.locator("fieldset", has_text="Jawab juga yang serupa").locator("label").first.click()
    page.get_by_role("button", name="Kirim juga ke yang ditandai").click()
    expect(page.get_by_text("2 aduan dijawab.")).to_be_visible()
    of_office = Complaint.objects.filter(office=office)
    assert set(of_office.values_list("state", flat=True)) == {"answered"}


def test_the_centre_sees_every_region_and_what_stands_before_it(server, page):
    complain(an_office("kota-barat"))
    complain(None, "Aplikasi menolak foto wajah saya.", category="app")
    enter(page, server, an_officer(None, "administrator"), "/kepala/aduan/")
    expect(page.get_by_role("rowheader", name="Tanpa kantor")).to_be_visible()
    fine_on_every_screen(page, "centre")


def test_the_desk_works_without_scripts(server, browser):
    context = browser.new_context(locale="id-ID", java_script_enabled=False)
    page = context.new_page()
    office = an_office("kota-utara")
    view = complain(office)
    enter(page, server, an_officer(office), f"/petugas/aduan/{view.code}/")
    page.get_by_role("button", name="Saya pelajari").click()
    page.get_by_text("Ringan").click()
    page.get_by_role("button", name="Simpan jenis").click()
    page.get_by_label("Jawaban", exact=True).fill("Kuota pagi ditambah mulai besok.")
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_text("Jawaban dikirim lewat saluran")).to_be_visible()
    context.close()

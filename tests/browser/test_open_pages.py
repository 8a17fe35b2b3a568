"""Findings, and what is open to all, in a real browser: on a phone, and without scripts."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from giliran import clock
from giliran.offices.models import Office
from giliran.voices.models import Finding
from tests.browser.conftest import enter, never_wider_than_the_screen, no_violations
from tests.builders import (
    MONDAY,
    a_walk_in,
    an_office,
    an_officer,
    at,
    at_counter,
    walk_in_places,
)
from tests.servers import RunningServer

pytestmark = pytest.mark.browser
NEXT_WEEK = MONDAY + timedelta(days=8)
PHONE = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def serang(server: RunningServer) -> Office:
    """Return an office that gave twelve numbers last Monday."""
    office = an_office()
    an_office("tangerang", latitude="-6.1783", longitude="106.6319")
    walk_in_places(office)
    at_counter(office)
    for _ in range(12):
        a_walk_in(office)
    clock.set_simulation(at("10:00", NEXT_WEEK), speed=1)
    return office


@pytest.fixture
def phones(browser: Browser):
    """Make phones without scripts, one for each person."""
    made = []

    def another() -> Page:
        made.append(browser.new_context(java_script_enabled=False, locale="id-ID", viewport=PHONE))
        return made[-1].new_page()

    yield another
    for context in made:
        context.close()


def widest(page: Page, path: str, server: RunningServer) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{server.url}{path}")
    never_wider_than_the_screen(page)
    no_violations(page)


@pytest.mark.parametrize(
    "path",
    ["/kantor/peta/", "/kantor/serang/angka/", "/data/", "/papan/serang/sematan/"],
)
def test_public_pages_fit_a_phone_and_pass_the_rules(page, server, serang, path):
    widest(page, path, server)


def test_a_finding_goes_from_the_letter_to_accepted_without_scripts(phones, server, serang):
    phone = phones()
    enter(phone, server, an_officer(serang, "regional"), "/kepala/temuan/")
    phone.get_by_role("link", name="Masukkan temuan").click()
    phone.get_by_label("Dari siapa").fill("Ombudsman RI Perwakilan Banten")
    phone.get_by_label("Diterima tanggal").fill(MONDAY.isoformat())
    phone.get_by_label("Tentang").select_option("office:serang")
    phone.get_by_label("Isi temuan").fill("Orang menginap demi nomor.")
    first = phone.get_by_role("group", name="Tindakan 1")
    first.get_by_label("Apa yang harus dilakukan").fill("Tak seorang pun datang sebelum 06.00")
    first.get_by_label("Angka yang menunjukkan").select_option("early_people")
    first.get_by_label("Target").fill("0")
    phone.get_by_role("button", name="Simpan temuan").click()
    phone.get_by_role("link", name="Tulisan ini").or_(
        phone.get_by_role("link", name="Bagian ini wajib diisi.")
    ).click()
    phone.get_by_label("Judul").fill("Antrean sejak dini hari")
    first.get_by_label("Siapa yang mengerjakan").fill("Kepala Cabang")
    phone.get_by_role("button", name="Simpan temuan").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Antrean sejak dini hari")
    expect(phone.get_by_text("Target tercapai dalam 28 hari terakhir.")).to_be_visible()
    where = phone.url

    phone = phones()
    enter(phone, server, an_officer(serang, "manager"), where.removeprefix(server.url))
    phone.get_by_text("Laporkan selesai").click()
    phone.get_by_label("Apa yang sudah dilakukan").fill("Undian berjalan.")
    phone.get_by_role("button", name="Simpan laporan").click()
    expect(phone.get_by_text("Dilaporkan selesai")).to_be_visible()

    phone = phones()
    enter(phone, server, an_officer(serang, "auditor"), where.removeprefix(server.url))
    phone.get_by_role("button", name="Terima").click()
    expect(phone.get_by_text("Diterima", exact=True).first).to_be_visible()
    assert Finding.objects.get().actions.get().state == "accepted"


def test_findings_pass_the_rules_on_a_phone(page, server, serang):
    enter(page, server, an_officer(serang, "regional"), "/kepala/temuan/")
    for path in ("/kepala/temuan/", "/kepala/temuan/baru/"):
        widest(page, path, server)
    page.get_by_role("button", name="Simpan temuan").click()
    no_violations(page)

"""The door where places are drawn, in a real browser: turned away, registered, drawn, told."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from giliran import clock
from giliran.offices.models import Region
from giliran.turns import actions as turns
from giliran.turns.models import Application, Turn
from giliran.turns.queries import turned_away
from tests.browser.conftest import enter, never_wider_than_the_screen, no_violations
from tests.builders import (
    MONDAY,
    a_drawing_office,
    a_kiosk,
    a_nik,
    an_application,
    an_officer,
    at,
    at_counter,
    draw_now,
    walk_in_places,
)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("nine_o_clock")]
TUESDAY = MONDAY.replace(day=24)


def an_office_that_draws(slug: str, **fields):
    """Return an office alone in its region: one region draws once a day, for all tests at once."""
    region = Region.objects.create(slug=slug, name=f"Kanwil {slug.title()}")
    return a_drawing_office(slug, region=region, **fields)


def has_no_barrier(page: Page) -> None:
    """Check a screen with axe, and that a narrow phone shows all of it."""
    no_violations(page)
    page.set_viewport_size({"width": 320, "height": 640})
    never_wider_than_the_screen(page)
    page.set_viewport_size({"width": 1280, "height": 800})


def test_who_is_turned_away_is_registered_drawn_and_told(server, page):
    office = an_office_that_draws("undi-pintu", places=1, windows=("09:00",))
    enter(page, server, an_officer(office, "door"), f"/petugas/{office.slug}/pintu/")

    page.get_by_label("Sebab").select_option("Nomor hari ini sudah habis")
    page.get_by_role("button", name="Catat dan lanjutkan").click()
    expect(page.get_by_role("heading", name="Catat permohonan")).to_be_visible()
    page.get_by_text("Hanya hari dan waktu tertentu").click()
    page.get_by_text("Kantor lain menurut urutan pilihan").click()
    has_no_barrier(page)
    page.get_by_label("NIK di KTP").fill("12")
    page.get_by_label("Nama di KTP").fill("Budi Santoso")
    page.get_by_role("button", name="Catat permohonan").click()
    page.get_by_role("alert").get_by_role("link", name="NIK harus 16 angka").click()
    expect(page.get_by_label("NIK di KTP")).to_be_focused()
    has_no_barrier(page)
    page.get_by_label("NIK di KTP").fill(a_nik(9001))
    page.get_by_label("Nomor telepon").fill("0812 3456 7890")
    page.get_by_role("button", name="Catat permohonan").click()

    code = page.locator(".receipt__code")
    expect(code).to_have_text(re.compile(r"^\w{4}-\w{4}$"))
    expect(page.get_by_text("Senin, 23 November 2026, 17.00 WIB")).to_be_visible()
    has_no_barrier(page)
    written = code.inner_text()

    clock.set_simulation(at("17:00"), speed=1)
    turns.keep_rounds(office.region, fetch=lambda _: None, now=at("17:00"))
    page.get_by_role("link", name="Orang berikutnya").click()
    page.get_by_role("link", name="Kabar hasil undian: 1 orang").click()
    expect(page.get_by_text("Selasa, 24 November 2026, 09.00–09.30 WIB")).to_be_visible()
    expect(page.get_by_text("Budi Santoso")).to_have_count(0)
    page.get_by_role("button", name=f"Tampilkan nama dan telepon (dicatat) {written}").click()
    expect(page.get_by_text("Budi Santoso")).to_be_visible()
    expect(page.get_by_role("link", name="+6281234567890")).to_be_visible()
    has_no_barrier(page)
    page.get_by_role("button", name=f"Sudah diberi tahu {written}").click()

    expect(page.get_by_text("Tidak ada yang menunggu kabar.")).to_be_visible()
    made = Application.objects.get(region=office.region, code=written.replace("-", ""))
    assert (made.state, made.channel, made.told_at is not None) == ("placed", "clerk", True)


def said_by(application: Application) -> dict[str, object]:
    """Return all that a person can ask for, as it is recorded now."""
    asked = "office_ids any_near halves prefers home_id is_priority shown_by needs stands_by"
    return Application.objects.values(*asked.split(), "notice_hours").get(id=application.id)


def test_an_application_is_found_by_nik_changed_and_withdrawn(server, page):
    office = an_office_that_draws("undi-cari")
    nik = a_nik(9002)
    made = an_application(
        office, nik=nik, halves=("thu-pm", "sat-am"), is_priority=True, notice_hours=5
    )
    before = said_by(made)
    enter(page, server, an_officer(office, "door"), f"/petugas/{office.slug}/pintu/")

    def find() -> None:
        page.get_by_label("NIK di KTP").fill(nik)
        page.get_by_role("button", name="Cari").click()

    find()
    has_no_barrier(page)
    page.get_by_role("link", name="Ubah").click()
    page.get_by_text("Siap menggantikan bila ada yang batal").click()
    has_no_barrier(page)
    page.get_by_role("button", name="Simpan perubahan").click()
    expect(page.get_by_text("Permohonan diubah")).to_be_visible()
    assert said_by(made) == {**before, "stands_by": True}
    find()
    page.get_by_text("Tarik permohonan").click()
    page.get_by_role("button", name="Ya, tarik").click()
    expect(page.get_by_text("ditarik")).to_be_visible()

    made.refresh_from_db()
    assert made.state == "withdrawn"


def test_the_desk_checks_a_winner_and_leads_another_to_an_application(server, page):
    office = an_office_that_draws("undi-loket", places=1, windows=("09:00",))
    made = an_application(office, nik=a_nik(9003), is_priority=True)
    draw_now(office.region)
    made.refresh_from_db()
    walk_in_places(office, day=TUESDAY, places=0)
    officer, _ = at_counter(office)
    clock.set_simulation(at("09:00", TUESDAY), speed=1)
    turns.check_in(made.turn_id, actor="kiosk:1", now=at("08:50", TUESDAY))
    enter(page, server, officer, f"/petugas/{office.slug}/loket/")

    page.keyboard.press("b")
    expect(page.get_by_text("Dari undian: periksa KTP")).to_be_visible()
    has_no_barrier(page)
    page.keyboard.press("i")
    page.get_by_label("NIK di KTP").fill(a_nik(9004))
    page.get_by_label("Nama di KTP").fill("Joko Susilo")
    page.get_by_role("button", name="Cocokkan").click()
    expect(page.get_by_text("Orang ini perlu permohonan sendiri")).to_be_visible()
    expect(page.get_by_role("button", name="Beri nomor baru untuk orang ini")).to_have_count(0)
    has_no_barrier(page)
    page.get_by_role("button", name="Catat permohonan orang ini").click()
    expect(page.get_by_label("NIK di KTP")).to_have_value(a_nik(9004))
    expect(page.get_by_label("Nama di KTP")).to_have_value("Joko Susilo")
    assert a_nik(9004) not in page.url
    page.get_by_role("button", name="Catat permohonan").click()
    expect(page.get_by_role("heading", name="Kode permohonan")).to_be_visible()

    assert Turn.objects.get(id=made.turn_id).state == "called"
    assert Application.objects.filter(state="open", office_ids=[office.id]).count() == 1


def test_a_full_kiosk_leads_to_the_draw_and_counts_who_it_sends_home(server, page):
    office = an_office_that_draws("undi-kios")
    walk_in_places(office, places=0)
    kiosk = a_kiosk(office)
    page.set_viewport_size({"width": 1080, "height": 1920})
    page.goto(f"{server.url}/kios/{kiosk.token}/")

    page.get_by_role("button", name="Ambil nomor").click()
    page.get_by_role("button", name="Klaim JHT").click()

    expect(page.get_by_text(f"{server.url.partition('://')[2]}/ajukan")).to_be_visible()
    expect(page.get_by_text("Petugas di pintu bisa mencatatnya")).to_be_visible()
    no_violations(page)
    never_wider_than_the_screen(page)
    assert turned_away(office.id, day=MONDAY) == 1


def test_a_request_that_comes_eight_times_at_once_sends_one_person_home(server):
    office = an_office_that_draws("undi-ganda")
    walk_in_places(office, places=0)
    request = Request(  # noqa: S310 -- our own server
        f"{server.url}/api/v1/offices/{office.slug}/tickets",
        json.dumps({"service": "jht", "request_key": str(uuid4())}).encode(),
        {"Content-Type": "application/json", "X-Kiosk-Token": a_kiosk(office).token},
    )

    def ask(_: int) -> int:
        try:
            with urlopen(request) as answer:  # noqa: S310
                return int(answer.status)
        except HTTPError as refused:
            return refused.code

    with ThreadPoolExecutor(8) as crowd:
        assert set(crowd.map(ask, range(8))) == {409}
    assert turned_away(office.id, day=MONDAY) == 1

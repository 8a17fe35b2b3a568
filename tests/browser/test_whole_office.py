"""One office, five screens at once: a citizen's phone, the kiosk, two desks and the board."""

import pytest
from playwright.sync_api import Browser, Page, expect

from giliran import clock
from giliran.turns.models import Turn
from giliran.turns.queries import differences_from_history
from tests.browser.conftest import enter
from tests.builders import a_kiosk, a_nik, a_window, an_office, an_officer, at, walk_in_places
from tests.servers import RunningServer

pytestmark = pytest.mark.browser


def a_screen(browser: Browser, server: RunningServer, **options) -> Page:
    context = browser.new_context(base_url=server.url, locale="id-ID", **options)
    context.set_default_timeout(10_000)
    return context.new_page()


def a_desk(browser: Browser, server: RunningServer, office, label: str) -> Page:
    page = a_screen(browser, server, viewport={"width": 1280, "height": 800})
    enter(page, server, an_officer(office), f"/petugas/{office.slug}/loket/")
    page.get_by_role("button", name=f"Buka loket {label}").click()
    expect(page.get_by_role("heading", name="Belum ada yang dipanggil")).to_be_visible()
    return page


def a_booked_phone(browser: Browser, server: RunningServer) -> Page:
    phone = a_screen(browser, server, viewport={"width": 390, "height": 844})
    phone.goto("/ambil/")
    phone.get_by_label("Klaim JHT").check()
    phone.get_by_role("button", name="Lanjutkan").click()
    phone.get_by_role("link", name="Serang").click()
    phone.get_by_label("09.30–10.00 WIB").check()
    phone.get_by_role("button", name="Lanjutkan").click()
    phone.get_by_label("Nama lengkap").fill("Siti Rohmah")
    phone.get_by_label("NIK").fill(a_nik())
    phone.get_by_role("button", name="Lanjutkan").click()
    phone.get_by_role("button", name="Ambil giliran ini").click()
    phone.wait_for_url("**/g/*/")
    return phone


def test_a_citizen_a_kiosk_two_officers_and_a_board_share_one_morning(server, browser):
    clock.set_simulation(at("09:00"), speed=1)
    office = an_office("serang")
    a_window(office, "09:30")
    walk_in_places(office)
    phone = a_booked_phone(browser, server)
    code = phone.url.rstrip("/").rsplit("/", 1)[-1]
    board = a_screen(browser, server, viewport={"width": 1920, "height": 1080})
    board.goto("/papan/serang/")
    kiosk = a_screen(browser, server, viewport={"width": 1080, "height": 1920}, has_touch=True)
    kiosk.goto(f"/kios/{a_kiosk(office).token}/")

    kiosk.get_by_role("button", name="Ambil nomor").tap()
    kiosk.get_by_role("button", name="Klaim JHT").tap()
    kiosk.get_by_role("button", name="Tidak Beri nomor biasa").tap()
    expect(kiosk.get_by_text("A001").first).to_be_visible()
    kiosk.get_by_role("link", name="Selesai").tap()
    expect(kiosk.get_by_role("heading", name="Selamat datang")).to_be_visible()
    # A scanner types the address in the citizen's QR code and presses Enter.
    kiosk.keyboard.type(phone.url)
    kiosk.keyboard.press("Enter")
    expect(kiosk.get_by_text("A002").first).to_be_visible()
    expect(phone.locator(".ticket__number")).to_have_text("A002")

    desks = [a_desk(browser, server, office, label) for label in ("1", "2")]
    for desk in desks:
        desk.get_by_role("button", name="Panggil berikutnya").click(no_wait_after=True)
    for label in ("1", "2"):
        expect(board.locator("tr", has_text=f"Loket {label}")).to_contain_text("A00")

    mine = Turn.objects.select_related("counter").get(code=code)
    expect(phone.get_by_text(f"Silakan ke loket {mine.counter.label}").first).to_be_visible()
    assert sorted(Turn.objects.values_list("state", flat=True)) == ["called", "called"]
    assert "Siti" not in board.inner_text("body")

    for desk in desks:
        desk.get_by_role("button", name="Mulai").click()
        desk.get_by_role("button", name="Selesai").click()
        expect(desk.get_by_text("selesai dilayani")).to_be_visible()
    expect(phone.locator(".ticket")).to_contain_text("Selesai")
    for desk in desks:
        desk.get_by_role("button", name="Panggil berikutnya").click()
        expect(desk.get_by_text("Tidak ada yang menunggu").first).to_be_visible()
    assert [found for _, found in differences_from_history() if found] == []
    for page in (phone, board, kiosk, *desks):
        page.context.close()

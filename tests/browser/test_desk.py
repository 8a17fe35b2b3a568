"""The desk and the door in a real browser, with keys, without scripts, on a phone's width."""

import re

import pytest
from playwright.sync_api import Page, expect

from giliran import clock
from giliran.turns import actions as turns
from giliran.turns.models import Turn
from tests.browser.conftest import enter, never_wider_than_the_screen, no_violations
from tests.builders import (
    PASSWORD,
    a_booking,
    a_nik,
    a_walk_in,
    a_window,
    an_office,
    an_officer,
    at,
    walk_in_places,
)
from tests.servers import RunningServer

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("nine_o_clock")]


def log_in(page: Page, server: RunningServer, officer, path: str) -> None:
    page.goto(f"{server.url}{path}")
    page.get_by_label("Nama pengguna").fill(officer.username)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()


def sit_down(page: Page, server: RunningServer, office, label: str = "1"):
    officer = an_officer(office)
    enter(page, server, officer, f"/petugas/{office.slug}/loket/")
    page.get_by_role("button", name=f"Buka loket {label}").click()
    expect(page.get_by_role("heading", name="Belum ada yang dipanggil")).to_be_visible()
    return officer


def an_office_with_a_line(slug: str, people: int = 3, **fields):
    office = an_office(slug, **fields)
    walk_in_places(office)
    return office, [a_walk_in(office, f"08:{10 + i}") for i in range(people)]


def test_a_whole_service_is_done_with_keys_alone(server, page):
    office, [first, *_] = an_office_with_a_line("kunci")
    sit_down(page, server, office)

    page.keyboard.press("b")
    expect(page.get_by_text("Nomor A001 dipanggil ke loket 1.")).to_be_visible()
    expect(page.locator("#person-title")).to_be_focused()
    page.keyboard.press("l")
    expect(page.get_by_text("sudah 2 kali")).to_be_visible()
    page.keyboard.press("m")
    expect(page.get_by_text("Layanan nomor A001 dimulai.")).to_be_visible()
    page.keyboard.press("s")
    expect(page.get_by_text("Nomor A001 selesai dilayani.")).to_be_visible()

    first.refresh_from_db()
    assert (first.state, first.times_called) == ("finished", 2)


def test_keys_rest_while_somebody_types_and_can_be_switched_off_for_good(server, page):
    office, _ = an_office_with_a_line("ketik")
    sit_down(page, server, office)
    page.keyboard.press("b")
    expect(page.get_by_text("Nomor A001 dipanggil")).to_be_visible()

    page.get_by_label("Nama di KTP").click()
    page.keyboard.type("hamish")
    expect(page.get_by_label("Nama di KTP")).to_have_value("hamish")
    page.get_by_text("Tombol cepat papan ketik").click()
    page.get_by_role("button", name="Tombol cepat menyala").click()
    page.reload()
    page.keyboard.press("h")
    page.wait_for_timeout(300)

    expect(page.locator("#desk kbd").first).to_be_hidden()
    assert Turn.objects.get(office=office, number="A001").state == "called"


def test_a_double_click_calls_one_person(server, page):
    office, _ = an_office_with_a_line("ganda")
    sit_down(page, server, office)

    page.get_by_role("button", name="Panggil berikutnya").dblclick()
    expect(page.get_by_text("Nomor A001 dipanggil")).to_be_visible()
    page.wait_for_timeout(300)

    assert Turn.objects.filter(office=office, state="called").count() == 1
    assert Turn.objects.get(office=office, number="A001").state == "called"


def test_a_refusal_is_said_aloud_and_changes_nothing(server, page):
    office, [first, *_] = an_office_with_a_line("tolak")
    officer = sit_down(page, server, office)
    page.keyboard.press("b")
    expect(page.get_by_text("Nomor A001 dipanggil")).to_be_visible()
    page.route("**/*bagian=antrean*", lambda route: route.abort())
    turns.no_show(officer_id=officer.pk, now=clock.now())

    page.keyboard.press("m")

    expect(page.get_by_role("alert").get_by_text("Belum ada orang di loket Anda")).to_be_visible()
    first.refresh_from_db()
    assert first.state == "no_show"


def test_the_line_moves_by_itself_and_what_is_being_typed_stays(server, page):
    office, _ = an_office_with_a_line("gerak", people=1)
    sit_down(page, server, office)
    page.keyboard.press("b")
    page.get_by_label("Nama di KTP").fill("Bud")

    a_walk_in(office, "08:40", is_priority=True)

    expect(page.get_by_role("heading", name="Menunggu: 1")).to_be_visible(timeout=5000)
    expect(page.locator("#line").get_by_text("Prioritas")).to_be_visible()
    expect(page.get_by_label("Nama di KTP")).to_have_value("Bud")


def test_a_bell_that_rings_just_before_the_line_is_swapped_is_heard(server, page):
    """The line waits 150 ms after a bell before it asks; swapped meanwhile, it forgot to."""
    office, _ = an_office_with_a_line("dering", people=1)
    sit_down(page, server, office)
    held = []
    page.route("**/*bagian=antrean*", lambda route: held.append((route, route.fetch())), times=1)
    page.evaluate("document.body.dispatchEvent(new CustomEvent('giliran:line'))")
    while not held:
        page.wait_for_timeout(20)

    page.evaluate(
        "document.body.addEventListener('giliran:line', () => { document.body.dataset.rang = 1 })"
    )
    a_walk_in(office, "08:40")
    while not page.evaluate("document.body.dataset.rang"):
        page.wait_for_timeout(10)
    [(route, old)] = held
    route.fulfill(response=old)

    expect(page.get_by_role("heading", name="Menunggu: 2")).to_be_visible()


def test_an_old_refresh_of_the_line_does_not_close_what_was_opened_meanwhile(server, page):
    """Under load the line asked before the call and was answered after it: the card form closed."""
    office, _ = an_office_with_a_line("lambat", people=2)
    late = []
    page.route("**/*di_loket=-", lambda route: late.append(route))  # noqa: PLW0108
    sit_down(page, server, office)
    page.evaluate("document.body.dispatchEvent(new CustomEvent('giliran:line'))")
    page.wait_for_timeout(300)
    page.keyboard.press("b")
    expect(page.get_by_text("Nomor A001 dipanggil")).to_be_visible()
    page.get_by_label("Nama di KTP").fill("Budi")

    late[-1].continue_()
    page.wait_for_timeout(600)

    expect(page.get_by_label("Nama di KTP")).to_have_value("Budi")


def test_somebody_parked_comes_back_and_somebody_moved_keeps_the_place(server, page):
    office, [first, *_] = an_office_with_a_line("tunda")
    sit_down(page, server, office)
    page.keyboard.press("b")
    page.get_by_role("button", name="Tunda sebentar").click()
    expect(page.get_by_role("heading", name="Ditunda: 1")).to_be_visible()
    page.get_by_role("button", name="Layani lagi A001").click()
    expect(page.get_by_text("Nomor A001 dilayani lagi.")).to_be_visible()

    page.keyboard.press("p")
    expect(page.get_by_label("Pindah ke")).to_be_focused()
    page.get_by_label("Pindah ke").select_option("Loket 2")
    page.get_by_role("button", name="Pindahkan, urutan tetap").click()
    expect(page.get_by_text("A001 dipindahkan")).to_be_visible()

    first.refresh_from_db()
    assert (first.state, first.counter.label) == ("waiting", "2")
    expect(page.get_by_text("1 orang lain menunggu loket yang lain.")).to_be_visible()


def test_a_key_pressed_as_soon_as_the_answer_is_there_keeps_what_it_opened(server, page):
    """Under load a key came 20 ms after a call, and settling closed the form that it had opened."""
    office, _ = an_office_with_a_line("segera", people=1)
    sit_down(page, server, office)
    page.evaluate(
        """document.addEventListener("htmx:afterOnLoad", () => setTimeout(() =>
        document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "p", bubbles: true}))))"""
    )

    page.keyboard.press("b")
    expect(page.get_by_text("Nomor A001 dipanggil")).to_be_visible()
    page.wait_for_timeout(100)

    expect(page.get_by_label("Pindah ke")).to_be_focused(timeout=500)


def test_another_persons_card_gets_a_number_of_its_own(server, page):
    office, _ = an_office_with_a_line("kartu", people=0)
    turn = a_booking(a_window(office, "09:00"), nik=a_nik(7001))
    turns.check_in(turn.id, actor="kiosk:1", now=at("08:50"))
    sit_down(page, server, office)
    page.keyboard.press("b")
    expect(page.get_by_role("heading", name="Siti Aminah")).to_be_visible()

    page.keyboard.press("i")
    page.get_by_label("NIK di KTP").fill(a_nik(7002))
    page.get_by_label("Nama di KTP").fill("Budi Santoso")
    page.get_by_role("button", name="Cocokkan").click()
    expect(page.get_by_role("alert").get_by_text("atas NIK lain")).to_be_visible()
    page.get_by_role("button", name="Beri nomor baru untuk orang ini").click()

    expect(page.get_by_text("Nomor baru untuk orang ini: A002.")).to_be_visible()
    assert Turn.objects.get(office=office, number="A002").state == "waiting"


def test_a_full_desk_has_no_barrier_and_fits_a_narrow_screen(server, page):
    office, _ = an_office_with_a_line("penuh", people=6)
    a_booking(a_window(office, "10:00"))
    officer = sit_down(page, server, office)
    no_violations(page)
    for finish in ("park", "no_show", None):
        page.get_by_role("button", name="Panggil berikutnya").click()
        expect(page.get_by_text(re.compile(r"Nomor A00\d dipanggil"))).to_be_visible()
        if finish:
            getattr(turns, finish)(officer_id=officer.pk, now=clock.now())
            expect(page.get_by_role("heading", name="Belum ada yang dipanggil")).to_be_visible()
    page.get_by_text("Tombol cepat papan ketik").click()
    page.get_by_text("Janji yang belum datang").click()

    no_violations(page)
    page.set_viewport_size({"width": 320, "height": 640})
    never_wider_than_the_screen(page)


def test_everything_is_done_without_scripts(server, browser):
    office, [first, *_] = an_office_with_a_line("tanpa")
    context = browser.new_context(locale="id-ID", java_script_enabled=False)
    page = context.new_page()
    sit_down(page, server, office)

    page.get_by_role("button", name="Panggil berikutnya").click()
    expect(page.get_by_text("Nomor A001 dipanggil ke loket 1.")).to_be_visible()
    page.get_by_role("button", name="Mulai melayani").click()
    page.locator("#transfer summary").click()
    page.get_by_role("button", name="Pindahkan, urutan tetap").click()
    expect(page.get_by_text("A001 dipindahkan")).to_be_visible()
    expect(page.get_by_role("link", name="Muat ulang")).to_be_visible()
    page.get_by_role("button", name="Keluar").click()

    expect(page.get_by_text("loket 1 ditutup")).to_be_visible()
    first.refresh_from_db()
    assert first.state == "waiting"
    context.close()


def test_an_ended_log_in_leads_back_to_the_log_in_page(server, page):
    office, _ = an_office_with_a_line("habis")
    sit_down(page, server, office)
    page.context.clear_cookies()

    page.get_by_role("button", name="Panggil berikutnya").click()

    expect(page.get_by_role("heading", name="Masuk sebagai petugas")).to_be_visible()
    assert not Turn.objects.filter(office=office, state="called").exists()


def test_the_door_finds_gives_and_books_without_barrier(server, page):
    office, _ = an_office_with_a_line("pintu-a")
    nik = a_nik(8001)
    a_booking(a_window(office, "10:00"), nik=nik)
    enter(page, server, an_officer(office, "door"), f"/petugas/{office.slug}/pintu/")
    no_violations(page)

    page.get_by_label("NIK di KTP").fill(nik)
    page.get_by_role("button", name="Cari").click()
    no_violations(page)
    page.locator(".door__found").get_by_role("button", name="Lapor hadir").click()
    expect(page.locator(".ticket__number")).to_have_text("A004")
    no_violations(page)

    page.get_by_label("Sebab").select_option("Ruang tunggu penuh")
    page.get_by_role("button", name="Catat dan tawarkan janji").click()
    no_violations(page)
    page.set_viewport_size({"width": 320, "height": 640})
    never_wider_than_the_screen(page)
    page.get_by_text("10.00–10.30 WIB").click()
    page.get_by_label("NIK di KTP").fill("12")
    page.get_by_label("Nama di KTP").fill("Budi")
    page.get_by_role("button", name="Catat janji").click()
    expect(page.get_by_role("alert")).to_contain_text("NIK harus 16 angka")
    page.get_by_label("NIK di KTP").fill(a_nik(8002))
    page.get_by_role("button", name="Catat janji").click()

    expect(page.get_by_role("heading", name="Janji dicatat")).to_be_visible()
    never_wider_than_the_screen(page)


def test_the_first_page_and_the_log_in_have_no_barrier(server, page):
    office = an_office("awal")
    page.goto(f"{server.url}/petugas/masuk/")
    no_violations(page)
    page.set_viewport_size({"width": 320, "height": 640})
    log_in(page, server, an_officer(office, "manager"), "/petugas/")

    expect(page.get_by_role("link", name=re.compile("^Loket"))).to_be_visible()
    no_violations(page)
    never_wider_than_the_screen(page)

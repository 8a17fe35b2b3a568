"""The kiosk in a real browser: touched, scanned, forgotten, with a printer that listens."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from giliran import clock
from giliran.offices.models import Kiosk
from giliran.turns.models import Turn
from giliran.turns.queries import turned_away
from tests.browser.conftest import no_violations
from tests.builders import (
    MONDAY,
    a_booking,
    a_kiosk,
    a_walk_in,
    a_window,
    an_office,
    at,
    walk_in_places,
)
from tests.servers import RunningServer

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("nine_o_clock")]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1080, "height": 1920}, has_touch=True)
    yield context.new_page()
    context.close()


@contextmanager
def a_printer() -> Iterator[tuple[str, list[bytes]]]:
    """Listen as a ticket printer does; gives its address and the tickets that it took."""
    tickets: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def take() -> None:
            while True:
                try:
                    line, _ = listening.accept()
                except OSError:
                    return
                with line, line.makefile("rb") as said:
                    tickets.append(said.read())

        threading.Thread(target=take, daemon=True).start()
        yield f"127.0.0.1:{listening.getsockname()[1]}", tickets


def an_office_with_a_kiosk(slug: str, *, places: int = 50, **fields):
    office = an_office(slug, name=f"Kantor {slug.title()}")
    walk_in_places(office, places=places)
    return office, a_kiosk(office, **fields)


def stand_before(page: Page, server: RunningServer, kiosk) -> None:
    page.goto(f"{server.url}/kios/{kiosk.token}/")


def touch(page: Page, name: str, **how) -> None:
    page.get_by_role("button", name=name, **how).tap()


def take_a_number(page: Page, *, priority: bool = False) -> None:
    touch(page, "Ambil nomor")
    touch(page, "Klaim JHT")
    touch(page, "Ya Dahulukan saya" if priority else "Tidak Beri nomor biasa")


def test_three_touches_give_a_number_and_its_printed_ticket(server, page):
    with a_printer() as (address, tickets):
        office, kiosk = an_office_with_a_kiosk("kios-cetak", printer=address)
        a_walk_in(office)
        stand_before(page, server, kiosk)
        expect(page.get_by_text("1 orang menunggu.")).to_be_visible()
        take_a_number(page, priority=True)
        expect(page.locator(".ticket__number")).to_have_text("A002")
        expect(page.get_by_role("heading", name="Ambil tiket Bapak/Ibu")).to_be_visible()
    turn = Turn.objects.get(office=office, number="A002")
    assert (turn.channel, turn.moved_by, turn.is_priority) == ("kiosk", f"kiosk:{kiosk.id}", True)
    [ticket] = tickets
    assert ticket.startswith(b"\x1b@")
    assert b"A002" in ticket
    assert f"{server.url}/g/{turn.code}/".encode() in ticket


def test_a_dead_printer_loses_no_number_and_the_code_stays_longer(server, page):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound and not listening: every ticket is refused
        address = f"127.0.0.1:{nobody.getsockname()[1]}"
        office, kiosk = an_office_with_a_kiosk("kios-macet", printer=address)
        stand_before(page, server, kiosk)
        take_a_number(page)
        expect(page.locator(".ticket__number")).to_have_text("A001")
        expect(page.get_by_text("Tiket tidak tercetak, nomor tetap berlaku")).to_be_visible()
        expect(page.locator(".ticket__code svg")).to_be_visible()
        assert page.locator("[data-silence]").get_attribute("data-silence") == "60"
        no_violations(page)
    assert Turn.objects.get(office=office).state == "waiting"


def test_a_scanner_checks_an_appointment_in_without_a_touch(server, page):
    office, kiosk = an_office_with_a_kiosk("kios-pindai")
    turn = a_booking(a_window(office, "09:30"))
    stand_before(page, server, kiosk)
    page.keyboard.type(f"{server.url}/g/{turn.code}/")
    page.keyboard.press("Enter")
    expect(page.locator(".ticket__number")).to_have_text("A001")
    expect(page.get_by_text("09.30–10.00 WIB")).to_be_visible()
    turn.refresh_from_db()
    assert (turn.state, turn.moved_by) == ("waiting", f"kiosk:{kiosk.id}")


def test_a_code_is_typed_on_the_screen_and_a_wrong_one_is_explained(server, page):
    office, kiosk = an_office_with_a_kiosk("kios-ketik")
    turn = a_booking(a_window(office, "09:30"))
    stand_before(page, server, kiosk)
    touch(page, "Saya punya janji")
    for key in turn.code[:3]:
        touch(page, key, exact=True)
    touch(page, "Lanjutkan")
    expect(page.get_by_role("alert")).to_contain_text("8 huruf dan angka")
    expect(page.get_by_label("Kode janji")).to_have_value(turn.code[:3])
    no_violations(page)
    touch(page, "2" if turn.code[3] != "2" else "3", exact=True)
    touch(page, "Hapus")
    for key in turn.code[3:]:
        touch(page, key, exact=True)
    expect(page.get_by_label("Kode janji")).to_have_value(f"{turn.code[:4]}-{turn.code[4:]}")
    page.keyboard.press("Enter")
    expect(page.locator(".ticket__number")).to_have_text("A001")


def test_all_is_forgotten_after_silence_with_a_warning_before(server, page):
    _, kiosk = an_office_with_a_kiosk("kios-lupa")
    page.clock.install()
    stand_before(page, server, kiosk)
    page.get_by_role("button", name="English").tap()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator("[value=nomor]").tap()
    page.locator("[name=layanan][value=jht]").tap()
    page.locator("[value=tidak]").tap()
    expect(page.locator(".ticket__number")).to_have_text("A001")
    page.clock.run_for(45_000)
    expect(page.locator("#kiosk-silence")).to_be_hidden()
    page.clock.run_for(6_000)
    expect(page.locator("#kiosk-silence")).to_be_visible()
    assert int(page.locator("#kiosk-seconds").inner_text()) in {8, 9, 10}
    page.locator("h1").tap()
    page.clock.run_for(500)
    expect(page.locator("#kiosk-silence")).to_be_hidden()
    page.clock.run_for(61_000)
    expect(page.get_by_role("heading", name="Selamat datang")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "id")
    page.go_back()
    expect(page.locator(".ticket__number")).to_have_count(0)
    assert "A001" not in page.content()


def test_back_never_shows_the_person_before(server, page):
    _, kiosk = an_office_with_a_kiosk("kios-mundur")
    page.goto("about:blank")
    stand_before(page, server, kiosk)
    take_a_number(page)
    expect(page.locator(".ticket__number")).to_have_text("A001")
    page.get_by_role("link", name="Selesai").tap()
    expect(page.get_by_role("heading", name="Selamat datang")).to_be_visible()
    page.go_back()
    assert page.url == "about:blank"
    page.go_forward()
    expect(page.get_by_role("heading", name="Selamat datang")).to_be_visible()


def test_when_numbers_are_gone_other_windows_are_shown_and_the_person_is_counted(server, page):
    office, near = (
        an_office(slug, name=slug, latitude=Decimal(latitude))
        for slug, latitude in [("kios-penuh", "-5.00"), ("kios-tetangga", "-5.05")]
    )
    walk_in_places(office, places=0)
    kiosk = a_kiosk(office)
    a_window(office, "13:00")
    a_window(near, "10:30")
    stand_before(page, server, kiosk)
    expect(page.get_by_text("Nomor hari ini sudah habis. Lihat waktu lain.")).to_be_visible()
    touch(page, "Ambil nomor")
    touch(page, "Klaim JHT")
    expect(page.get_by_role("heading", name="Maaf, nomor hari ini sudah habis")).to_be_visible()
    expect(page.get_by_text("13.00–13.30 WIB")).to_be_visible()
    expect(page.get_by_text("10.30–11.00 WIB")).to_be_visible()
    expect(page.locator(".kiosk__elsewhere svg")).to_have_count(2)
    no_violations(page)
    assert turned_away(office.id, day=MONDAY) == 1
    assert not Turn.objects.filter(office=office).exists()


def test_before_the_doors_open_the_kiosk_says_when(server, page):
    _, kiosk = an_office_with_a_kiosk("kios-tutup")
    clock.set_simulation(at("06:00"), speed=1)
    stand_before(page, server, kiosk)
    expect(page.get_by_text("Nomor dibagikan mulai pukul 07.00 WIB")).to_be_visible()
    expect(page.get_by_role("button", name="Ambil nomor")).to_have_count(0)
    no_violations(page)
    clock.set_simulation(at("16:00"), speed=1)
    page.reload()
    expect(page.get_by_text("Buka lagi Selasa, 24 November 2026")).to_be_visible()


@pytest.mark.parametrize("size", [(1080, 1920), (1280, 800), (320, 640)])
def test_every_step_fits_its_screen_and_passes_axe(server, browser, size):
    _, kiosk = an_office_with_a_kiosk(f"kios-{size[0]}")
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce"
    )
    page = context.new_page()
    stand_before(page, server, kiosk)

    def look(heading: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        if size[0] == 1280:  # the same elements on every size
            no_violations(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if size[0] > 320:
            assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")

    look("Selamat datang")
    page.locator("[value=nomor]").click()
    look("Untuk apa Bapak/Ibu datang?")
    page.locator("[value=jht]").click()
    look("Apakah Bapak/Ibu 60 tahun ke atas")
    page.locator("[value=tidak]").click()
    look("Ingat atau foto nomor ini")
    page.get_by_role("link", name="Selesai").click()
    page.locator("[value=janji]").click()
    look("Pindai kode QR, atau ketik kode janji")
    context.close()


def test_without_scripts_a_number_is_given_and_a_code_is_typed(server, browser):
    office, kiosk = an_office_with_a_kiosk("kios-polos")
    turn = a_booking(a_window(office, "09:30"))
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    stand_before(page, server, kiosk)
    page.get_by_role("button", name="Ambil nomor").click()
    page.get_by_role("button", name="Klaim JHT").click()
    page.get_by_role("button", name="Tidak Beri nomor biasa").click()
    expect(page.locator(".ticket__number")).to_have_text("A001")
    page.get_by_role("link", name="Selesai").click()
    page.get_by_role("button", name="Saya punya janji").click()
    for key in turn.code:
        page.get_by_role("button", name=key, exact=True).click()
    page.get_by_role("button", name="Lanjutkan").click()
    expect(page.locator(".ticket__number")).to_have_text("A002")
    context.close()


def test_a_lost_network_is_said_and_the_same_touch_gives_one_number(server, page):
    office, kiosk = an_office_with_a_kiosk("kios-putus")
    stand_before(page, server, kiosk)
    touch(page, "Ambil nomor")
    touch(page, "Klaim JHT")
    expect(page.get_by_role("button", name="Tidak Beri nomor biasa")).to_be_visible()
    page.route("**/kios/**", lambda route: (route.fetch(), route.abort()))
    touch(page, "Tidak Beri nomor biasa")
    expect(page.get_by_text("Sambungan mesin terputus.")).to_be_visible()
    page.unroute("**/kios/**")
    touch(page, "Tidak Beri nomor biasa")
    expect(page.locator(".ticket__number")).to_have_text("A001")
    expect(page.locator("#kiosk-lost")).to_be_hidden()
    assert Turn.objects.filter(office=office).count() == 1


def test_only_a_known_device_gets_the_screen(server, page):
    assert page.goto(f"{server.url}/kios/bukan-mesin-kami/").status == 404


def test_without_a_network_the_number_is_wiped_all_the_same(server, page):
    _, kiosk = an_office_with_a_kiosk("kios-gelap")
    page.clock.install()
    stand_before(page, server, kiosk)
    take_a_number(page)
    expect(page.locator(".ticket__number")).to_have_text("A001")
    page.route("**/kios/**", lambda route: route.abort())
    page.clock.run_for(61_000)
    expect(page.get_by_text("Sambungan mesin terputus.")).to_be_visible()
    assert "A001" not in page.content()
    page.unroute("**/kios/**")
    page.clock.run_for(21_000)
    expect(page.get_by_role("heading", name="Selamat datang")).to_be_visible()


def step(kiosk, step: str, **fields):
    return Client().post(f"/kios/{kiosk.token}/", {"langkah": step, **fields})


def test_an_appointment_elsewhere_or_on_another_day_is_told_where_and_when(server):
    _, kiosk = an_office_with_a_kiosk("kios-salah")
    elsewhere = an_office("kios-benar", name="Kantor Benar")
    answer = step(kiosk, "hadir", kode=a_booking(a_window(elsewhere, "09:30")).code)
    assert answer.status_code == 409
    assert "Giliran ini di Kantor Benar" in answer.content.decode()
    office = kiosk.office
    walk_in_places(office, day=MONDAY + timedelta(days=1))
    turn = a_booking(a_window(office, "10:00"))
    clock.set_simulation(at("09:00", MONDAY + timedelta(days=1)), speed=1)
    answer = step(kiosk, "hadir", kode=turn.code)
    assert answer.status_code == 409
    assert "Senin, 23 November 2026" in answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "fields", "status"),
    [
        ("hadir", {"kode": "K7QM3XPA"}, 404),
        ("hadir", {"kode": "x\0" * 200}, 422),
        ("layanan", {"layanan": "tidak-ada"}, 404),
        ("ambil", {"layanan": "jht", "request_key": "bukan"}, 422),
        ("cetak", {"kode": "\0"}, 404),
        ("tidak-dikenal", {}, 200),
    ],
)
def test_nonsense_is_answered_in_words(server, asked, fields, status):
    kiosk = Kiosk.objects.filter(office__slug="kios-aneh").first()
    kiosk = kiosk or an_office_with_a_kiosk("kios-aneh")[1]
    answer = step(kiosk, asked, **fields)
    assert answer.status_code == status
    assert status == 404 or "no-store" in answer["Cache-Control"]


def test_the_same_touch_twice_prints_one_ticket(server):
    with a_printer() as (address, tickets):
        office, kiosk = an_office_with_a_kiosk("kios-dobel", printer=address)
        fields = {"layanan": "jht", "prioritas": "tidak", "request_key": str(uuid4())}
        answers = [step(kiosk, "ambil", **fields) for _ in range(2)]
        assert all(">A001<" in answer.content.decode() for answer in answers)
        assert len(tickets) == 1
        code = Turn.objects.get(office=office).code
        step(kiosk, "cetak", kode=code)
    assert len(tickets) == 2

"""The kiosk in a real browser: touched, scanned, forgotten, with a printer that listens."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from giliran import clock
from giliran.turns.models import Turn
from tests.builders import (
    a_kiosk,
    a_walk_in,
    an_office,
    at,
    walk_in_places,
)
from tests.conftest import RunningServer

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def nine_o_clock(server: RunningServer):
    clock.set_simulation(at("09:00"), speed=1)


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


def no_violations(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []


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

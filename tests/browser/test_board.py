"""The board in a real browser: what is called is seen and said at once, and old is called old."""

import time
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from giliran import clock
from giliran.turns import actions as turns
from tests.builders import a_walk_in, an_office, at, at_counter, walk_in_places
from tests.conftest import RunningServer

pytestmark = pytest.mark.browser
NUMBER = "#called .called__number"


@pytest.fixture(autouse=True)
def nine_o_clock(server: RunningServer):
    clock.set_simulation(at("09:00"), speed=1)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    yield context.new_page()
    context.close()


def an_office_with_a_line(slug: str, people: int = 3, counters: int = 2):
    office = an_office(slug, counters=counters, name=f"Kantor {slug.title()}")
    walk_in_places(office)
    return office, [a_walk_in(office, f"08:{10 + i}") for i in range(people)]


def watch(page: Page, server: RunningServer, office) -> None:
    """Open the board, and wait until its stream and its script are there."""
    with page.expect_response(lambda answer: f"/live/office/{office.id}" in answer.url):
        page.goto(f"{server.url}/papan/{office.slug}/")
    page.evaluate(
        "window.heard = []; addEventListener('board:said', (e) => heard.push(e.detail.sentence))"
    )


def seconds_until(answer: Callable[[], bool], *, at_most: float = 10) -> float:
    began = time.monotonic()
    while not answer():
        assert time.monotonic() - began < at_most
        time.sleep(0.01)
    return time.monotonic() - began


def shows(page: Page, number: str) -> Callable[[], bool]:
    text = f"document.querySelector('{NUMBER}')?.textContent"
    return lambda: page.evaluate(text) == number


def no_violations(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []


def test_a_call_is_on_the_board_within_a_second_and_is_said_once(server, page):
    office, _ = an_office_with_a_line("papan-cepat")
    officer, counter_id = at_counter(office)
    watch(page, server, office)
    expect(page.get_by_text("Belum ada yang dipanggil")).to_be_visible()

    turns.call_next(counter_id, officer_id=officer.id, now=clock.now())
    assert seconds_until(shows(page, "A001")) < 1
    expect(page.locator("#called")).to_have_class("called called--fresh")
    expect(page.locator("#board-said")).to_have_text(
        "Nomor antrean, A nol nol satu, silakan ke loket satu"
    )
    expect(page.locator("tr.now")).to_have_text("Loket 1A001")
    page.wait_for_timeout(500)
    assert page.evaluate("heard") == ["Nomor antrean, A nol nol satu, silakan ke loket satu"]

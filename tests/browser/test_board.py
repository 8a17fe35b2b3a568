"""The board in a real browser: what is called is seen and said at once, and old is called old."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from giliran import clock
from giliran.cli.processes import Processes, wait_until_up
from giliran.turns import actions as turns
from tests.browser.conftest import no_violations
from tests.builders import (
    a_booking,
    a_walk_in,
    a_window,
    an_office,
    at,
    at_counter,
    walk_in_places,
)
from tests.conftest import chromium
from tests.servers import RunningServer, free_port

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("nine_o_clock")]
NUMBER = "#called .called__number"
LIVE = "giliran.live.app:application"


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
    page.evaluate("window.said = []; addEventListener('board:call', (e) => said.push(e.detail))")


def wait_until(answer: Callable[[], bool], *, at_most: float = 15) -> None:
    began = time.monotonic()
    while not answer():
        assert time.monotonic() - began < at_most
        time.sleep(0.01)


def shows(page: Page, number: str) -> Callable[[], bool]:
    text = f"document.querySelector('{NUMBER}')?.textContent"
    return lambda: page.evaluate(text) == number


def test_a_call_comes_by_the_stream_and_is_said_once(server, page):
    office, _ = an_office_with_a_line("papan-cepat")
    officer, counter_id = at_counter(office)
    watch(page, server, office)
    expect(page.get_by_text("Belum ada yang dipanggil")).to_be_visible()

    turns.call_next(counter_id, officer_id=officer.id, now=clock.now())
    # The board also asks every 20 seconds by itself; how fast the stream is, bench.boards says.
    wait_until(shows(page, "A001"), at_most=15)
    expect(page.locator("#called")).to_have_class("called called--fresh")
    expect(page.locator("#board-said")).to_have_text(
        "Nomor antrean, A nol nol satu, silakan ke loket satu"
    )
    expect(page.locator("tr.now")).to_have_text("Loket 1A001")
    wait_until(lambda: page.evaluate("said.length") > 0)
    page.wait_for_timeout(300)
    sentence = "Nomor antrean, A nol nol satu, silakan ke loket satu"
    assert page.evaluate("said") == [{"sentence": sentence, "isHeard": True}]


def test_calling_again_flashes_and_says_the_number_once_more(server, page):
    office, _ = an_office_with_a_line("papan-lagi")
    first, second = at_counter(office, "1"), at_counter(office, "2")
    page.clock.install()
    watch(page, server, office)
    turns.call_next(first[1], officer_id=first[0].id, now=clock.now())
    wait_until(shows(page, "A001"))
    turns.call_next(second[1], officer_id=second[0].id, now=clock.now())
    wait_until(shows(page, "A002"))
    # An older call that is repeated is the one that people must see now, in large.
    turns.call_again(officer_id=first[0].id, now=clock.now())
    wait_until(shows(page, "A001"))
    expect(page.locator("#called")).to_have_class("called called--fresh")
    page.clock.run_for(5_000)
    expect(page.locator("#called")).to_have_class("called called--fresh")
    page.clock.run_for(1_500)
    expect(page.locator("#called")).to_have_class("called")
    wait_until(lambda: page.evaluate("said.length") == 3)
    said = page.evaluate("said.map((one) => one.sentence.split(', ')[1])")
    assert said == ["A nol nol satu", "A nol nol dua", "A nol nol satu"]
    turns.start(officer_id=first[0].id, now=clock.now())
    wait_until(shows(page, "A002"))
    expect(page.locator("tr", has_text="Loket 1")).to_have_text("Loket 1A001")


def test_flashing_does_not_move_for_people_who_want_no_motion(server, browser):
    office, _ = an_office_with_a_line("papan-tenang")
    officer, counter_id = at_counter(office)
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    watch(page, server, office)
    turns.call_next(counter_id, officer_id=officer.id, now=clock.now())
    expect(page.locator("#called")).to_have_class("called called--fresh")
    assert page.evaluate("document.getElementById('called').getAnimations().length") == 0
    context.close()


def test_the_board_tells_who_is_next_and_how_long_but_never_a_name(server, page):
    office, _ = an_office_with_a_line("papan-baris", people=7, counters=3)
    officer, counter_id = at_counter(office)
    window = a_window(office, "09:30")
    turns.check_in(a_booking(window).id, actor="kiosk:1", now=at("09:00"))
    turns.call_next(counter_id, officer_id=officer.id, now=clock.now())
    turns.keep_promises(office.id, now=clock.now())
    watch(page, server, office)
    expect(page.locator(".next li")).to_have_count(5)
    expect(page.locator(".next li").first).to_have_text("A002")
    expect(page.locator("#board-foot h2")).to_contain_text("7 orang menunggu")
    expect(page.locator("#board-foot strong")).to_contain_text("menit")
    expect(page.locator("tr.closed")).to_have_text(["Loket 2tutup", "Loket 3tutup"])
    expect(page.locator("#board-time time")).to_have_text("09.00")
    assert "Siti" not in page.content()
    no_violations(page)


def test_a_full_board_fits_every_screen(server, page):
    office, _ = an_office_with_a_line("papan-ramai", people=9, counters=8)
    for label in "12345678":
        officer, counter_id = at_counter(office, label)
        turns.call_next(counter_id, officer_id=officer.id, now=clock.now())
    page.goto(f"{server.url}/papan/{office.slug}/")
    for width, height in [(1920, 1080), (1280, 720), (1080, 1920), (390, 800)]:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if width > height:
            table, foot = (
                page.locator(part).bounding_box() for part in (".counters", "#board-foot")
            )
            assert table["y"] + table["height"] <= foot["y"]
            assert foot["y"] + foot["height"] <= height + 1


def test_a_closed_office_says_when_it_opens(server, page):
    office = an_office("papan-tutup")
    clock.set_simulation(at("18:00"), speed=1)
    page.goto(f"{server.url}/papan/{office.slug}/")
    expect(page.get_by_text("Kantor sedang tutup")).to_be_visible()
    expect(page.get_by_text("Buka Selasa, 24 November 2026, pukul 08.00 WIB")).to_be_visible()
    no_violations(page)


def test_without_scripts_the_board_reads_itself_anew(server, browser):
    office, _ = an_office_with_a_line("papan-polos")
    officer, counter_id = at_counter(office)
    turns.call_next(counter_id, officer_id=officer.id, now=clock.now())
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server.url}/papan/{office.slug}/")
    expect(page.locator(NUMBER)).to_have_text("A001")
    assert page.locator("meta[http-equiv=refresh]").get_attribute("content") == "10"
    context.close()


def test_the_sound_is_turned_on_by_one_press(server, browser):
    office, _ = an_office_with_a_line("papan-suara")
    strict = browser.browser_type.launch(
        executable_path=chromium(),
        args=["--no-sandbox", "--autoplay-policy=document-user-activation-required"],
    )
    page = strict.new_page()
    page.goto(f"{server.url}/papan/{office.slug}/")
    button = page.get_by_role("button", name="Nyalakan suara")
    expect(button).to_be_visible()
    button.click()
    expect(button).to_be_hidden()
    strict.close()


def test_a_broken_stream_is_said_and_after_a_restart_calls_arrive_again(server, page):
    """The live process is really killed; only the 25 s of silence are wound on."""
    office, _ = an_office_with_a_line("papan-putus")
    officer, counter_id = at_counter(office)
    port, live_port = free_port(), free_port()
    live_url = f"http://127.0.0.1:{live_port}"
    quiet = ["--no-ws", "--log-level=warning", "--workers=1", "--host=127.0.0.1"]
    streams = ["granian", "--interface=asgi", f"--port={live_port}", *quiet, LIVE]
    web = Processes()
    web.start(
        "web",
        *["granian", "--interface=wsgi", f"--port={port}", *quiet, "giliran.wsgi:application"],
        env={"GILIRAN_LIVE_URL": live_url},
    )
    live = Processes()
    live.start("live", *streams)
    try:
        wait_until_up(f"http://127.0.0.1:{port}/api/v1/clock")
        wait_until_up(f"{live_url}/live/health")
        page.clock.install()
        with page.expect_response(lambda answer: f"/live/office/{office.id}" in answer.url):
            page.goto(f"http://127.0.0.1:{port}/papan/{office.slug}/")
        expect(page.locator("#stale")).to_be_hidden()

        live.stop()
        page.clock.fast_forward(27_000)
        expect(page.locator("#stale")).to_have_text(
            re.compile(r"Sambungan terputus\. Angka ini dari pukul 09\.0\d")
        )
        expect(page.locator("#stale")).to_be_visible()
        expect(page.locator("body")).to_have_class("board board--stale")
        turns.call_next(counter_id, officer_id=officer.id, now=clock.now())

        # The browser comes back by itself after two seconds, and fetches what it missed.
        with page.expect_response(lambda answer: f"/live/office/{office.id}" in answer.url):
            live.start("live", *streams)
        expect(page.locator("#stale")).to_be_hidden()
        expect(page.locator(NUMBER)).to_have_text("A001")
        turns.call_again(officer_id=officer.id, now=clock.now())
        expect(page.locator("#called")).to_have_class("called called--fresh")
    finally:
        live.stop()
        web.stop()

"""The board's voice in a real browser: what is decoded, in which order it is heard."""

import functools
import http.server
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from giliran.core.spoken import CLIPS, clips_for_call
from tests.conftest import chromium

STATIC = Path(__file__).parents[2] / "giliran/web/static/giliran"
PAGE = b"""<!doctype html><html lang="id"><title>Papan</title>
<button id="on">Nyalakan suara</button><script type="module" src="/page.js"></script>"""
SCRIPT = b"""import * as voice from "/board_voice.js";
Object.assign(window, { voice, ended: [], missing: [] });
document.addEventListener("voice:ended", (event) => ended.push(event.detail.clip));
document.addEventListener("voice:missing", (event) => missing.push(event.detail.clip));
document.querySelector("#on").onclick = async () => { window.pressed = await voice.unlock(); };
console.info(JSON.stringify([await voice.unlock(), voice.announce(["tone"])]));
"""
SHORT = STATIC / "voice/huruf_e.mp3"
LISTEN = """async (names) => {
  const context = new OfflineAudioContext(1, 1, 44100);
  return Promise.all(names.map(async (name) => {
    const answer = await fetch(`/voice/${name}.mp3`);
    const sound = await context.decodeAudioData(await answer.arrayBuffer());
    const wave = sound.getChannelData(0);
    const loud = wave.findIndex((height) => Math.abs(height) > 0.02) / 44100;
    const peak = wave.reduce((most, height) => Math.max(most, Math.abs(height)), 0);
    return [name, sound.numberOfChannels, sound.duration, loud, peak];
  }));
}"""
STRICT = "default-src 'none'; script-src 'self'; connect-src 'self'"

pytestmark = pytest.mark.browser


class Site(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        made_here = {"/": ("text/html", PAGE), "/page.js": ("text/javascript", SCRIPT)}
        if self.path not in made_here:
            super().do_GET()
            return
        kind, body = made_here[self.path]
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self):
        self.send_header("Content-Security-Policy", STRICT)
        super().end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    site = functools.partial(Site, directory=str(STATIC))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def strict_browser(browser: Browser) -> Iterator[Browser]:
    """A browser that plays nothing before a press, as people's own do."""
    strict = browser.browser_type.launch(
        executable_path=chromium(),
        args=["--no-sandbox", "--autoplay-policy=document-user-activation-required"],
    )
    yield strict
    strict.close()


@pytest.fixture
def silent_board(strict_browser: Browser, address: str) -> Iterator[tuple[Page, str]]:
    """A board on which nobody pressed anything, and what its own script was answered.

    The answer comes by the console, because what Playwright evaluates counts as a press.
    """
    page = strict_browser.new_page()
    with page.expect_console_message(lambda message: message.type == "info") as said:
        page.goto(address)
    yield page, said.value.text
    page.close()


@pytest.fixture
def board(silent_board: tuple[Page, str]) -> Page:
    page, _ = silent_board
    page.click("#on")
    assert eventually(lambda: page.evaluate("window.pressed === true"))
    return page


def eventually(answer: Callable[[], bool], *, within_s: float = 30) -> bool:
    # The page forbids eval, so Playwright's own wait_for_function can't run in it.
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if answer():
            return True
        time.sleep(0.05)
    return False


def heard(board: Page, many: int) -> list[str]:
    eventually(lambda: board.evaluate("ended.length") >= many)
    return board.evaluate("ended")


def announce(board: Page, *calls: list[str]) -> list[bool]:
    return board.evaluate("calls => calls.map(voice.announce)", list(calls))


def call(digit: int, counter: int) -> list[str]:
    return [f"angka_{digit}", "silakan_ke_loket", f"angka_{counter}"]


def test_nothing_is_heard_or_kept_before_somebody_turns_the_sound_on(silent_board):
    _, answers = silent_board
    assert answers == "[false,false]"


def test_every_clip_is_heard_in_mono_at_once_and_loud_enough(board: Page):
    measured = board.evaluate(LISTEN, sorted(CLIPS))
    assert len(measured) == len(CLIPS)
    for name, channels, duration_s, silent_s, peak in measured:
        assert channels == 1, name
        assert 0.2 < duration_s < 3, name
        assert 0 <= silent_s < 0.1, name
        assert 0.2 < peak <= 1, name


def test_a_tv_that_may_play_by_itself_needs_no_button(browser: Browser, address: str):
    page = browser.new_page()
    with page.expect_console_message(lambda message: message.type == "info") as said:
        page.goto(address)
    assert said.value.text == "[true,true]"
    page.close()


def test_a_call_never_cuts_another_and_the_same_call_twice_is_one(board: Page):
    first, second = clips_for_call("A014", "3"), call(7, 2)
    assert announce(board, first, first, second, second) == [True, False, True, False]
    assert heard(board, len(first) + len(second)) == first + second


def test_a_clip_that_cannot_be_had_is_reported_and_the_rest_is_heard(board: Page):
    announce(board, ["angka_1", "tidak_ada", "angka_2"])
    assert heard(board, 2) == ["angka_1", "angka_2"]
    assert board.evaluate("missing") == ["tidak_ada"]


def test_of_too_many_calls_each_counter_keeps_its_newest(board: Page):
    board.route("**/silakan_ke_loket.mp3", lambda route: route.fulfill(path=SHORT))
    playing, stale = call(0, 1), call(1, 1)
    kept = [call(2, 2), call(3, 1), call(4, 3), call(5, 4), call(6, 5)]
    announce(board, playing, stale, *kept)
    assert heard(board, 18) == [clip for one in [playing, *kept] for clip in one]

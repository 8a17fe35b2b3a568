"""The telephones of the demonstration, on a telephone's screen."""

import threading
from datetime import UTC, datetime
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from giliran.cli.phone.app import App
from giliran.cli.phone.people import people
from giliran.cli.phone.provider import Provider
from tests.browser.conftest import never_wider_than_the_screen, no_violations

pytestmark = pytest.mark.browser
NINE = datetime(2026, 11, 24, 2, tzinfo=UTC)
LONG = "Kantor Cabang " + "Tangerang" * 12


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def telephones():
    told = []
    provider = Provider(
        people(),
        templates={},
        tell=lambda value, _: told.append(value),
        now=lambda: NINE,
        phone_id="1",
    )
    app = App(provider, token="t")
    with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", provider, told
        server.shutdown()
        thread.join()


def answer(provider, text, choices):
    buttons = [{"type": "reply", "reply": {"id": i, "title": title}} for i, title in choices]
    provider.send(
        {
            "messaging_product": "whatsapp",
            "to": provider.people["siti"].phone,
            "type": "interactive",
            "interactive": {
                "type": "button",
                "body": {"text": text},
                "action": {"buttons": buttons},
            },
        }
    )


def test_a_chat_is_written_read_and_pressed(page, telephones):
    address, provider, told = telephones
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(address)
    no_violations(page)
    never_wider_than_the_screen(page)

    page.get_by_role("link", name="WhatsApp").first.click()
    page.get_by_label("Pesan").fill("halo")
    page.get_by_role("button", name="Kirim", exact=True).click()
    for _ in range(12):  # more than fits on the screen
        answer(provider, f"Mau apa? {LONG}", [("ambil", "Ambil giliran"), ("tanya", "Tanya hak")])
    chat = page.frame_locator("iframe")
    button = chat.get_by_role("button", name="Tanya hak")
    button.wait_for()

    assert button.evaluate("(it) => it.getBoundingClientRect().bottom <= innerHeight")
    assert button.count() == 1  # only the newest can be answered
    no_violations(page)
    never_wider_than_the_screen(page)
    button.click()
    chat.get_by_text("Siti Rahmawati").nth(1).wait_for()
    assert told[-1]["messages"][0]["interactive"]["button_reply"]["id"] == "tanya"


def test_short_messages_have_a_telephone_too(page, telephones):
    address, *_ = telephones
    page.goto(f"{address}/udin/sms")

    no_violations(page)
    assert page.get_by_role("heading", name="SMS: 175").is_visible()


def test_a_menu_is_shown_on_its_own_screen(page, telephones):
    address, *_ = telephones
    page.goto(f"{address}/udin/ussd")

    page.get_by_role("button", name="Panggil *175#").click()

    page.get_by_text("Layanan sedang tidak dapat dihubungi.").wait_for()
    no_violations(page)

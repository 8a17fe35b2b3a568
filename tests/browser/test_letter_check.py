"""Checking a letter on a small phone: typed or scanned, without scripts."""

import io
import itertools

import pytest
import zxingcpp
from PIL import Image

from giliran.claims import letters
from giliran.people import actions as people
from tests.browser.conftest import never_wider_than_the_screen, no_violations
from tests.builders import a_nik, an_office, at

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("nine_o_clock")]

PHONE = {"width": 320, "height": 640}
KILOBYTES = 50
_serial = itertools.count(1)


@pytest.fixture
def letter(server):
    office = an_office(f"surat-{next(_serial)}", name="Kantor Cabang Serang")
    return letters.write(
        "merger",
        citizen_id=people.know(a_nik(), now=at("08:00")),
        office_id=office.id,
        content={
            "name": "Siti Aminah",
            "kept": "12345678901",
            "joined": ["10987654321"],
            "reason": "NIK pada kedua kartu sama.",
        },
        actor="system",
        now=at("09:00"),
    )


@pytest.fixture
def phone(server, browser):
    context = browser.new_context(base_url=server.url, locale="id-ID", viewport=PHONE)
    context.set_default_timeout(8000)
    yield context.new_page()
    context.close()


def test_a_letter_is_checked_by_typing_its_code(phone, letter):
    weights = []
    phone.on("response", lambda got: weights.append(got.request.sizes()["responseBodySize"]))
    phone.goto("/periksa/")
    phone.wait_for_load_state()
    assert 0 < sum(weights) < KILOBYTES * 1024
    no_violations(phone)
    never_wider_than_the_screen(phone)

    phone.get_by_label("Kode surat").fill(f"{letter.code[:4]}-{letter.code[4:].lower()}")
    phone.get_by_role("button", name="Periksa").click()

    phone.get_by_role("heading", name="Surat dengan kode ini dari kami").wait_for()
    assert phone.url.endswith(f"/periksa/{letter.code}/")
    text = phone.locator("main").inner_text()
    assert "Penggabungan kartu peserta" in text
    assert "S••• A•••••" in text
    assert "12345678901" not in text
    no_violations(phone)
    never_wider_than_the_screen(phone)


def test_a_code_that_is_nobodys_is_answered_with_what_to_do(phone, letter):
    phone.goto("/periksa/")
    phone.get_by_label("Kode surat").fill("2222 2222 2222")
    phone.get_by_role("button", name="Periksa").click()

    phone.get_by_text("Tidak ada surat dengan kode itu").wait_for()
    no_violations(phone)


def test_the_qr_code_on_the_printed_letter_leads_to_its_check(browser, letter):
    context = browser.new_context(viewport={"width": 800, "height": 1100}, device_scale_factor=3)
    page = context.new_page()
    css = f"<style>{letters.style_sheet()}</style></head>"
    page.set_content(letters.page(letter.id, style="data:,").replace("</head>", css))
    page.emulate_media(media="print")

    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.screenshot())))

    context.close()
    assert [one.text.partition("/periksa/")[2] for one in found] == [f"{letter.code}/"]

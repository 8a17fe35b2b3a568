"""The public pages of a draw in a real browser: light, readable on any phone, without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from giliran import clock
from giliran.core.lottery import commitment
from giliran.core.recount import differences, load
from giliran.turns import actions as turns
from giliran.turns.models import Round
from tests.browser.axe import seen_by_axe
from tests.builders import (
    MONDAY,
    PASSWORD,
    a_drawing_office,
    an_application,
    an_office,
    an_officer,
    at,
)
from tests.servers import RunningServer

pytestmark = pytest.mark.browser
PAGE_AT_MOST = 50_000  # bytes on the wire, of everything that a page loads
SECRET = bytes(range(32))


@pytest.fixture(scope="module")
def drawn(server: RunningServer) -> Round:
    """Return a drawn round with an ombudsman's secret and one that was never revealed."""
    office = a_drawing_office("serang", places=4)
    opened = turns.open_round(office.region, now=at("08:00"))
    for party, digest in (
        ("ombudsman", commitment("ombudsman", SECRET).hex()),
        ("public", "ab" * 32),
    ):
        turns.commit(opened.id, party=party, digest=digest, actor="x", now=at("10:00"))
    for place in range(16):
        an_application(
            office,
            any_near=place % 2 == 0,
            is_priority=place % 5 == 0,
            channel="clerk" if place % 4 == 0 else "web",
        )
    turns.keep_rounds(office.region, fetch=lambda _: None, now=at("17:00"))
    turns.reveal(opened.id, party="ombudsman", secret=SECRET.hex(), actor="x", now=at("17:02"))
    turns.keep_rounds(office.region, fetch=lambda _: None, now=at("17:15"))
    clock.set_simulation(at("18:00", MONDAY), speed=1)
    return Round.objects.get(id=opened.id)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, locale="id-ID")
    yield context.new_page()
    context.close()


def test_from_the_explanation_to_a_recount_at_home(server, page, drawn, tmp_path):
    page.goto(f"{server.url}/undian/")
    page.get_by_role("link", name="Kanwil Banten").click()
    page.get_by_role("link", name="Nomor 1", exact=True).click()
    expect(page.get_by_role("heading", name="Undian nomor 1")).to_be_visible()
    expect(page.get_by_text(SECRET.hex())).to_be_visible()
    expect(page.get_by_text("Tidak dibuka. Undian berjalan tanpa pihak ini.")).to_be_visible()

    with page.expect_download() as saved:
        page.get_by_role("link", name="Unduh berkas undian").click()

    assert saved.value.suggested_filename == "undian-banten-1.json"
    file = tmp_path / "draw.json"
    saved.value.save_as(file)
    assert differences(load(file), root=drawn.root) == []


def test_every_page_is_light_accessible_and_fits_the_smallest_phone(server, browser, drawn):
    for path in ("/undian/", "/undian/banten/", "/undian/banten/1/", "/undian/banten/2/"):
        context = browser.new_context(viewport={"width": 320, "height": 640}, locale="id-ID")
        page = context.new_page()
        scripts = []
        page.on("request", lambda r, s=scripts: r.resource_type == "script" and s.append(r.url))
        sizes = []
        page.on("requestfinished", lambda r, s=sizes: s.append(r.sizes()["responseBodySize"]))
        page.goto(f"{server.url}{path}")

        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert sum(sizes) < PAGE_AT_MOST, path
        assert scripts == []
        found = seen_by_axe(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found] == [], path
        context.close()


def test_what_the_region_and_the_auditor_see_is_accessible_and_fits_a_phone(server, browser, drawn):
    office = an_office("cilegon")
    for minute in range(5):
        an_application(office, phone="0812 3456 7890", now=at(f"17:3{minute}"))
    turns.turn_away(
        office_id=office.id, service_id=None, why="no_number", actor="x", now=at("10:00")
    )
    context = browser.new_context(locale="id-ID")
    page = context.new_page()
    page.goto(f"{server.url}/petugas/masuk/")
    page.get_by_label("Nama pengguna").fill(an_officer(office, "auditor").username)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.wait_for_url(f"{server.url}/petugas/")

    tuesday = f"{MONDAY.replace(day=24)}"
    for path in (
        "/kepala/",
        "/kepala/wilayah/banten/undian/",
        "/kepala/wilayah/banten/mencurigakan/",
        f"/kepala/serang/?hari={tuesday}",
    ):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{server.url}{path}")
        found = seen_by_axe(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found] == [], path
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.goto(f"{server.url}/kepala/wilayah/banten/mencurigakan/")
    page.get_by_text("5 permohonan").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("17.30 WIB")
    context.close()

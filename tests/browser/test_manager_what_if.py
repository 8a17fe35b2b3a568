"""The manager's "what if" in a real browser: the answer comes by itself, or by a link."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from giliran.capacity.models import Offer
from giliran.figures import rehearsals
from giliran.figures.models import Rehearsal
from tests.browser.conftest import enter, never_wider_than_the_screen, no_violations
from tests.builders import MONDAY, an_office, an_officer, at, walk_in_places

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("nine_o_clock")]


def a_known_office(slug):
    office = an_office(slug)
    friday = MONDAY - timedelta(days=3)
    walk_in_places(office, places=60, day=friday)
    walk_in_places(office, places=60)
    for clock_time in ("08:00", "09:00", "10:00", "13:30"):
        starts = at(clock_time, friday)
        Offer.objects.create(
            office=office,
            kind=Offer.Kind.WINDOW,
            day=friday,
            starts_at=starts,
            ends_at=starts + timedelta(minutes=30),
            places=5,
            taken=4,
        )
    return office


def play_what_was_asked(office):
    rehearsals.rehearse(Rehearsal.objects.get(office=office).id, now=at("09:00"))


def test_the_answer_replaces_the_waiting_by_itself_and_is_accessible_on_a_phone(server, page):
    office = a_known_office("bagaimana-jika")
    said = []
    page.on("console", lambda message: said.append(message.text))
    enter(page, server, an_officer(office, "manager"), f"/kepala/{office.slug}/bagaimana-jika/")
    no_violations(page)

    page.get_by_label("Berkas yang diperiksa").select_option("50")
    page.get_by_role("button", name="Hitung").click()
    expect(page.get_by_text("Sedang dihitung")).to_be_visible()
    no_violations(page)
    play_what_was_asked(office)

    expect(page.get_by_role("img", name="Separuh orang")).to_be_visible(timeout=10_000)
    expect(page.get_by_role("heading", name="50% berkas diperiksa dulu")).to_be_visible()
    no_violations(page)
    page.set_viewport_size({"width": 320, "height": 640})
    never_wider_than_the_screen(page)
    assert [text for text in said if "Content Security Policy" in text] == []


def test_without_scripts_a_link_brings_the_answer(server, browser):
    office = a_known_office("tanpa-skrip-jika")
    context = browser.new_context(java_script_enabled=False, locale="id-ID")
    page = context.new_page()
    enter(page, server, an_officer(office, "manager"), f"/kepala/{office.slug}/bagaimana-jika/")

    page.get_by_role("button", name="Hitung").click()
    play_what_was_asked(office)
    page.get_by_role("link", name="Lihat apakah sudah selesai").click()

    expect(page.get_by_text("Yang dianggap")).to_be_visible()
    context.close()

"""A month's capacity check in a real browser: on a phone, without scripts, and on paper."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from giliran.capacity.models import CounterOpening
from giliran.figures import capacity_check as checks
from giliran.figures.models import CapacityCheck
from giliran.turns.models import Turn
from tests.browser.conftest import enter, never_wider_than_the_screen, no_violations
from tests.builders import a_service, an_office, an_officer, at, walk_in_places

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("nine_o_clock")]

MONDAYS = [date(2026, 10, 5) + timedelta(days=7 * n) for n in range(4)]
_HALF_A_MINUTE = timedelta(seconds=30)


def a_busy_office(slug):
    """An office with one officer and 100 people on each of four Mondays."""
    office = an_office(slug, counters=3)
    officer, counter = an_officer(office), office.counters.first()
    for number, day in enumerate(MONDAYS):
        CounterOpening.objects.create(
            counter=counter,
            officer=officer,
            opened_at=at("08:00", day),
            closed_at=at("15:00", day),
        )
        door = walk_in_places(office, places=200, day=day)
        Turn.objects.bulk_create(
            Turn(
                code=f"{number}{slug[:3].upper()}{n:04}",
                request_key=f"{office.id:08x}-0000-0000-{number:04x}-{n:012x}",
                office=office,
                service=a_service(),
                offer=door,
                kind="walk_in",
                channel="kiosk",
                day=day,
                number=f"A{n:03}",
                state="left",
                asked_at=at("08:00", day),
                arrived_at=at("08:00", day) + n * 8 * _HALF_A_MINUTE,
                ended_at=at("14:00", day) + n * _HALF_A_MINUTE,
                move="leave",
                moved_at=at("15:00", day),
                moved_by="officer:1",
            )
            for n in range(100)
        )
    return office


def count_what_was_asked(office):
    asked = CapacityCheck.objects.get(office=office)
    checks.check(asked.id, now=at("09:00"))


def test_the_answer_comes_by_itself_is_accessible_and_fits_a_phone_and_paper(server, page):
    office = a_busy_office("periksa-kapasitas")
    said = []
    page.on("console", lambda message: said.append(message.text))
    address = f"/kepala/{office.slug}/kapasitas/?bulan=2026-10"
    enter(page, server, an_officer(office, "manager"), address)
    no_violations(page)

    page.get_by_role("button", name="Periksa bulan ini").click()
    expect(page.get_by_text("Sedang dihitung")).to_be_visible()
    no_violations(page)
    count_what_was_asked(office)

    expect(page.get_by_text("Periksa-Kapasitas kekurangan setara")).to_be_visible(timeout=15_000)
    expect(page.get_by_role("img", name="Tambah petugas")).to_be_visible()
    no_violations(page)
    page.set_viewport_size({"width": 320, "height": 640})
    never_wider_than_the_screen(page)
    assert [text for text in said if "Content Security Policy" in text] == []

    page.set_viewport_size({"width": 794, "height": 1123})
    page.emulate_media(media="print")
    for hidden in (".nav", ".capacity__choose", ".capacity__more"):
        assert not page.locator(hidden).first.is_visible()
    expect(page.get_by_text("Yang dianggap, dan dari mana")).to_be_visible()
    never_wider_than_the_screen(page)


def test_without_scripts_a_link_brings_the_answer_and_an_auditor_reads_it(server, browser):
    office = a_busy_office("kapasitas-tanpa-skrip")
    context = browser.new_context(java_script_enabled=False, locale="id-ID")
    page = context.new_page()
    address = f"/kepala/{office.slug}/kapasitas/?bulan=2026-10"
    enter(page, server, an_officer(office, "auditor"), address)

    page.get_by_role("button", name="Periksa bulan ini").click()
    count_what_was_asked(office)
    page.get_by_role("link", name="Lihat apakah sudah selesai").click()

    expect(page.get_by_role("heading", name="Yang bisa membantu")).to_be_visible()
    expect(page.get_by_text("Catatannya masih sedikit")).to_be_visible()
    context.close()

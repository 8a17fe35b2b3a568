"""Reviews and alarms in a real browser: read on a phone, printed, and gone when it is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from playwright.sync_api import expect

from giliran.figures import actions as figures
from giliran.figures.models import Cell
from giliran.offices.models import Region
from tests.browser.conftest import enter, never_wider_than_the_screen, no_violations
from tests.builders import MONDAY, a_walk_in, an_office, an_officer, at, at_counter, walk_in_places

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("nine_o_clock")]
LAST = MONDAY - timedelta(days=7)
WEEKS = 13


def weeks(office, *, kept: int) -> None:
    for back in range(WEEKS, -1, -1):
        came = 90 + 3 * (back % 7)
        counts = {"came": came, "served": came, "asked": came, "promises": 100}
        counts["promises_kept"] = 86 + back % 6 if back else kept
        for span in ("day", "week"):
            Cell.objects.create(
                span=span,
                split="all",
                office_id=office.id,
                first=LAST - back * timedelta(days=7),
                counts=counts,
                waits={f"{15 + back % 5 + n}s": 9 for n in range(10)},
            )


def reviewed(slug: str):
    office = an_office(slug)
    weeks(office, kept=40)
    figures.make(figures.Place(office=office), "week", LAST, now=at("05:10"))
    return office


def test_a_head_reads_agrees_and_signs_on_a_phone(server, page):
    office = reviewed("tinjau")
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.set_viewport_size({"width": 320, "height": 640})
    enter(page, server, an_officer(office, "manager"), f"/kepala/{office.slug}/tinjauan/")
    no_violations(page)
    page.get_by_role("link", name="16–22 November 2026").click()
    expect(page.get_by_text("Memburuk: Janji jam ditepati.")).to_be_visible()
    never_wider_than_the_screen(page)
    for summary in page.locator("summary").all():
        summary.click()
    no_violations(page)

    page.get_by_role("button", name="Tambah", exact=True).click()
    expect(page.get_by_role("link", name="Isi bagian ini")).to_be_visible()
    no_violations(page)
    page.get_by_label("Apa yang akan dilakukan").fill("Buka loket 4 setiap Senin")
    page.get_by_label("Siapa yang mengerjakan").fill("Kepala pelayanan")
    page.get_by_label("Paling lambat").fill("2026-11-30")
    page.get_by_role("button", name="Tambah", exact=True).click()
    expect(page.get_by_text("Buka loket 4 setiap Senin").first).to_be_visible()
    page.get_by_label("Catatan kepala").fill("Saya setuju.")
    page.get_by_role("button", name="Tanda tangani").click()
    expect(page.get_by_text("Ditandatangani Petugas")).to_be_visible()
    expect(page.get_by_role("button", name="Tanda tangani")).to_have_count(0)
    never_wider_than_the_screen(page)
    no_violations(page)
    assert [text for text in said if "Content Security Policy" in text] == []


def test_a_region_sees_its_offices_by_size_and_prints_it(server, page):
    region = Region.objects.create(slug="corong", name="Kanwil Corong")
    for n in range(7):
        office = an_office(f"corong-{n}", region=region)
        weeks(office, kept=88 if n else 40)
    figures.make(figures.Place(region=region), "week", LAST, now=at("05:10"))
    address = f"/kepala/wilayah/corong/tinjauan/pekan-{LAST}/"
    enter(page, server, an_officer(office, "regional"), address)

    expect(page.get_by_role("img", name="1 kantor berbeda dari yang lain").first).to_be_visible()
    for summary in page.locator("summary").all():
        summary.click()
    no_violations(page)
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Tanda tangani")).to_be_hidden()
    never_wider_than_the_screen(page)


def test_without_scripts_all_of_a_review_is_there(server, browser):
    office = reviewed("tanpa-skrip-tinjau")
    context = browser.new_context(java_script_enabled=False, locale="id-ID")
    page = context.new_page()
    head = an_officer(office, "manager")
    enter(page, server, head, f"/kepala/{office.slug}/tinjauan/pekan-{LAST}/")
    page.get_by_label("Catatan kepala").fill("Saya setuju.")
    page.get_by_role("button", name="Tanda tangani").click()
    expect(page.get_by_text("Saya setuju.")).to_be_visible()
    context.close()


def test_an_alarm_appears_on_the_heads_open_page_and_goes_when_it_is_over(server, page):
    office = an_office("loket-kosong")
    walk_in_places(office)
    _, counter_id = at_counter(office, "2", "08:00")
    a_walk_in(office, "08:40")
    enter(page, server, an_officer(office, "manager"), f"/kepala/{office.slug}/")
    expect(page.get_by_text("Loket 2 terbuka")).to_have_count(0)

    figures.watch(now=at("09:00"))

    expect(page.get_by_text("Loket 2 terbuka, tetapi sudah 20 menit")).to_be_visible(timeout=30_000)
    no_violations(page)
    page.get_by_role("link", name="Semua peringatan").click()
    page.get_by_role("button", name="Saya tangani").click()
    expect(page.get_by_text("Ditangani Petugas")).to_be_visible()
    page.set_viewport_size({"width": 320, "height": 640})
    never_wider_than_the_screen(page)
    no_violations(page)
    close(office, counter_id)
    figures.watch(now=at("09:01"))
    page.reload()
    expect(page.get_by_text("Loket 2 terbuka, tetapi sudah 20 menit")).to_be_visible()
    expect(page.get_by_role("button", name="Saya tangani")).to_have_count(0)


def close(office, counter_id: int) -> None:
    from giliran.capacity import actions as capacity
    from giliran.capacity.models import CounterOpening

    there = CounterOpening.objects.get(counter_id=counter_id, closed_at__isnull=True)
    capacity.close_counter(counter_id, officer_id=there.officer_id, now=at("09:00"))
    assert Client().get(f"/papan/{office.slug}/").status_code == 200

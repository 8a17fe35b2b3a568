"""A manager's week in a real browser: dragged with the mouse, and the same by forms."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from giliran.capacity.models import Shift
from giliran.offices.models import Region
from tests.browser.conftest import enter, never_wider_than_the_screen, no_violations
from tests.builders import MONDAY, a_booking, a_window, an_office, an_officer, at
from tests.stories.test_week_shifts import a_leave, a_roster, a_shift

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("nine_o_clock")]

TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)


def a_staffed_office(slug):
    """Return an office with Ani on Tuesday, Budi on Wednesday and Citra on leave that day."""
    region = Region.objects.create(slug=f"wilayah-{slug}", name=f"Kanwil {slug}")
    office = an_office(slug, counters=3, region=region)
    a_roster(office)
    people = {}
    for name in ("Ani", "Budi", "Citra"):
        officer = an_officer(office, username=f"{name.lower()}-{slug}")
        officer.full_name = name
        officer.save()
        people[name] = officer
    a_shift(people["Ani"], office, TUESDAY)
    a_shift(people["Budi"], office, WEDNESDAY, "early")
    a_leave(people["Citra"], office, WEDNESDAY)
    return office, people


def in_force(officer):
    found = Shift.objects.filter(officer=officer, is_draft=False, cancelled_at__isnull=True)
    return list(found.values_list("day", "kind"))


def drag(page: Page, what, to) -> None:
    """Drag with the mouse: a browser takes the first move for a drag, and shows where to."""
    what.hover()
    page.mouse.down()
    box = what.bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    to.hover()
    to.hover()


def test_a_shift_is_dragged_its_effect_read_and_then_saved(server, page):
    office, people = a_staffed_office("seret")
    offer = a_window(office, "14:00", places=9)
    offer.day = TUESDAY
    offer.starts_at, offer.ends_at = at("14:00", TUESDAY), at("14:30", TUESDAY)
    offer.save()
    for _ in range(2):
        a_booking(offer)
    said = []
    page.on("console", lambda message: said.append(message.text))
    enter(page, server, an_officer(office, "manager"), f"/kepala/{office.slug}/minggu/")
    no_violations(page)

    ani = page.locator(f"[data-officer='{people['Ani'].id}']")
    chip = ani.locator("[data-shift]")
    drag(page, chip, page.locator(f"[data-officer='{people['Ani'].id}'][data-day='{WEDNESDAY}']"))
    expect(page.get_by_role("heading", name="Akibatnya, sebelum disimpan")).to_be_visible()
    expect(page.locator("#h24-0900[data-then^='0/']")).to_be_visible()
    assert in_force(people["Ani"]) == [(TUESDAY, "full")]
    page.mouse.up()

    effect = page.locator("#akibat")
    expect(effect).to_be_focused()
    expect(effect).to_contain_text("Ani: Selasa 08.00–15.00 menjadi Rabu 08.00–15.00")
    expect(effect).to_contain_text("2 orang yang sudah dijanjikan jam tidak bisa dilayani")
    no_violations(page)
    effect.get_by_role("button", name="Simpan perubahan").click()

    expect(page.locator(".notice--success")).to_contain_text("Jadwal diubah")
    assert in_force(people["Ani"]) == [(WEDNESDAY, "full")]
    assert [text for text in said if "Content Security Policy" in text] == []


def test_a_shift_dropped_on_another_hour_on_a_colleague_or_on_nothing(server, page):
    office, people = a_staffed_office("seret-lain")
    enter(page, server, an_officer(office, "manager"), f"/kepala/{office.slug}/minggu/")
    chip = page.locator(f"[data-officer='{people['Ani'].id}'] [data-shift]")

    drag(page, chip, page.locator("[data-to-kind='am']"))
    page.mouse.up()
    expect(page.locator("#akibat")).to_contain_text("menjadi Selasa 08.00–12.00")
    page.get_by_role("link", name="Tidak jadi").click()
    expect(page.locator("#akibat")).to_have_count(0)

    drag(page, chip, page.locator(f"[data-officer='{people['Budi'].id}'] [data-shift]"))
    page.mouse.up()
    expect(page.locator("#akibat")).to_contain_text("Budi: Rabu 08.00–14.00 menjadi Selasa")

    drag(page, chip, page.locator("h1"))
    page.mouse.up()
    expect(page.locator("#akibat")).to_have_count(0)
    assert in_force(people["Ani"]) == [(TUESDAY, "full")]


def test_a_rule_that_stands_against_it_is_named_and_nothing_can_be_saved(server, page):
    office, people = a_staffed_office("aturan")
    enter(page, server, an_officer(office, "manager"), f"/kepala/{office.slug}/minggu/")
    shift = a_shift(people["Citra"], office, TUESDAY, "am")
    address = f"{server.url}/kepala/{office.slug}/minggu/?senin={MONDAY}&dinas={shift.id}"
    page.goto(f"{address}&mau=ganti&petugas={people['Citra'].id}&hari={WEDNESDAY}&jenis=am#akibat")
    expect(page.locator("#akibat")).to_contain_text("Citra cuti pada Rabu, 25 November 2026")
    expect(page.get_by_role("button", name="Simpan perubahan")).to_have_count(0)
    no_violations(page)


def test_without_scripts_and_with_the_keyboard_alone_on_a_phone(server, browser):
    office, people = a_staffed_office("tanpa-skrip-pekan")
    context = browser.new_context(
        java_script_enabled=False, locale="id-ID", viewport={"width": 320, "height": 640}
    )
    page = context.new_page()
    enter(page, server, an_officer(office, "manager"), f"/kepala/{office.slug}/minggu/")

    page.locator(f"[data-officer='{people['Ani'].id}'] [data-shift]").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Jam", exact=True).select_option("pm")
    page.get_by_role("button", name="Lihat akibatnya").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ani: Selasa 08.00–15.00 menjadi Selasa 11.00–15.00")).to_be_visible()
    page.get_by_role("button", name="Simpan perubahan").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".notice--success")).to_contain_text("Jadwal diubah")
    assert in_force(people["Ani"]) == [(TUESDAY, "pm")]

    page.get_by_role("link", name="Tambah dinas Budi, Selasa").click()
    page.get_by_role("button", name="Lihat akibatnya").click()
    page.get_by_role("button", name="Simpan perubahan").click()
    expect(page.locator(".notice--success")).to_contain_text("Jadwal diubah")
    assert (TUESDAY, "full") in in_force(people["Budi"])
    context.close()


def test_the_week_fits_a_phone(server, page):
    office, _ = a_staffed_office("pekan-kecil")
    page.set_viewport_size({"width": 320, "height": 640})
    enter(page, server, an_officer(office, "manager"), f"/kepala/{office.slug}/minggu/")
    never_wider_than_the_screen(page)
    no_violations(page)

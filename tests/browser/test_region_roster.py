"""A region's roster and its map of strength in a real browser; an officer's weeks on the phone."""

from datetime import timedelta
from itertools import combinations
from math import hypot

import pytest
from playwright.sync_api import expect

from giliran.capacity import actions as capacity
from giliran.capacity.models import Loan, Roster, Shift, ShiftWish
from giliran.offices.models import Region
from tests.browser.conftest import enter, never_wider_than_the_screen, no_violations
from tests.builders import MONDAY, an_office, an_officer, at
from tests.stories.test_week_shifts import EARLIER, a_roster, a_shift

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("nine_o_clock")]

NEXT = MONDAY + timedelta(days=7)
TOWNS = {"serang": (-6.12, 106.15), "cilegon": (-6.02, 106.05), "pandeglang": (-6.31, 106.1)}


def a_region(slug):
    """Return a region of three offices: one short on Monday, one that could lend, one shut."""
    region = Region.objects.create(slug=f"wilayah-{slug}", name=f"Kanwil {slug.title()}")
    found = {}
    for town, (latitude, longitude) in TOWNS.items():
        found[town] = an_office(
            f"{town}-{slug}",
            counters=3,
            region=region,
            name=town.title(),
            latitude=latitude,
            longitude=longitude,
        )
    found["pandeglang"].weekly_hours.all().delete()
    return region, found


def fingers_find(dots, n):
    """Say that each is at least 24 px across, and that none lies on another (WCAG 2.5.8)."""
    expect(dots).to_have_count(n)
    boxes = [box for one in dots.all() if (box := one.bounding_box())]
    assert min(min(box["width"], box["height"]) for box in boxes) >= 24
    for one, other in combinations(boxes, 2):
        apart = hypot(one["x"] - other["x"], one["y"] - other["y"])
        assert apart >= max(one["width"], other["width"])


def test_a_roster_is_asked_for_watched_read_and_put_in_force(server, page):
    region, offices = a_region("jadwal")
    for _ in range(3):
        an_officer(offices["serang"])
        an_officer(offices["cilegon"])
    said = []
    page.on("console", lambda message: said.append(message.text))
    head = an_officer(offices["serang"], "regional")
    address = f"/kepala/wilayah/{region.slug}/jadwal/?senin={NEXT}"
    enter(page, server, head, address)
    expect(page.get_by_text("Belum ada jadwal yang berlaku")).to_be_visible()
    no_violations(page)
    page.get_by_role("button", name="Susun jadwal").click()
    expect(page.get_by_role("heading", name="Jadwal sedang disusun")).to_be_visible()
    no_violations(page)

    made = Roster.objects.get(region=region)
    capacity.solve_roster(made.id, now=at("09:00"), seconds=3)

    expect(page.get_by_text("Belum berlaku bagi siapa pun")).to_be_visible(timeout=10_000)
    no_violations(page)
    assert not Shift.objects.filter(roster=made, is_draft=False).exists()
    page.get_by_role("button", name="Berlakukan jadwal ini").click()
    expect(page.locator(".notice--success")).to_contain_text("Jadwal berlaku")
    expect(page.get_by_role("heading", name="Jadwal yang berlaku")).to_be_visible()
    assert Shift.objects.filter(roster=made, is_draft=False).exists()
    no_violations(page)
    page.set_viewport_size({"width": 320, "height": 640})
    never_wider_than_the_screen(page)
    assert [text for text in said if "Content Security Policy" in text] == []


def test_an_auditor_reads_the_roster_and_changes_nothing(server, page):
    region, offices = a_region("baca")
    enter(
        page,
        server,
        an_officer(offices["serang"], "auditor"),
        f"/kepala/wilayah/{region.slug}/jadwal/",
    )
    expect(page.get_by_role("heading", name="Jadwal wilayah")).to_be_visible()
    expect(page.get_by_role("button", name="Susun jadwal")).to_have_count(0)


def a_day_of_strength(slug):
    region, offices = a_region(slug)
    a_roster(offices["serang"])
    a_shift(an_officer(offices["serang"]), offices["serang"])
    for _ in range(3):
        a_shift(an_officer(offices["cilegon"]), offices["cilegon"])
    lent = an_officer(offices["cilegon"])
    Loan.objects.create(
        officer=lent,
        home=offices["cilegon"],
        to=offices["serang"],
        day=MONDAY,
        travel_minutes=25,
        asked_by=lent,
        asked_at=EARLIER,
    )
    return region, offices


def test_the_map_says_by_sign_and_in_a_table_who_is_short_and_what_is_lent(server, page):
    region, offices = a_day_of_strength("peta")
    enter(
        page,
        server,
        an_officer(offices["serang"], "regional"),
        f"/kepala/wilayah/{region.slug}/kekuatan/",
    )
    no_violations(page)
    row = page.get_by_role("row", name="Serang")
    expect(row).to_contain_text("kurang 3")
    expect(page.locator("svg:visible .spot--short2")).to_contain_text("−3")
    expect(page.get_by_role("row", name="Pandeglang")).to_contain_text("tutup")
    expect(page.locator("svg:visible .loan--asked")).to_have_count(1)
    expect(page.get_by_text("25 menit perjalanan")).to_be_visible()
    for width, height in ((1920, 1080), (320, 640)):
        page.set_viewport_size({"width": width, "height": height})
        never_wider_than_the_screen(page)
        no_violations(page)
    row.get_by_role("link", name="Serang").click()
    expect(page.get_by_role("heading", name="Jadwal petugas")).to_be_visible()


def test_a_finger_finds_each_office_of_one_town_on_both_maps(server, page):
    region, offices = a_day_of_strength("kota")
    for n in range(4):
        an_office(
            f"gerai-{n}",
            region=region,
            name=f"Gerai MPP {n}",
            latitude=-6.12,
            longitude=106.15,
            parent=offices["serang"],
        )
    manager = an_officer(offices["serang"], "regional")
    enter(page, server, manager, f"/kepala/wilayah/{region.slug}/kekuatan/")
    for width in (1280, 737, 736, 320):
        page.set_viewport_size({"width": width, "height": 800})
        fingers_find(page.locator("svg:visible .spot circle"), 7)
    page.locator("svg:visible a.spot", has_text="Cilegon").click()
    expect(page.get_by_role("heading", name="Jadwal petugas")).to_be_visible()
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{server.url}/kantor/peta/")
        here = page.get_by_role("region", name=region.name)
        fingers_find(here.locator("svg .dot"), 7)
    here.locator("svg a", has_text="Cilegon").click()
    expect(page.get_by_role("heading", name="Cilegon")).to_be_visible()


def test_an_officer_reads_shifts_wishes_and_gets_an_address_on_a_phone(server, page):
    _, offices = a_day_of_strength("ponsel")
    officer = Shift.objects.get(office=offices["serang"]).officer
    page.set_viewport_size({"width": 320, "height": 640})
    enter(page, server, officer, "/petugas/jadwal/")
    expect(page.get_by_text("08.00–15.00")).to_be_visible()
    never_wider_than_the_screen(page)
    no_violations(page)

    page.get_by_label("Senin 30/11").select_option("early")
    page.get_by_role("button", name="Simpan keinginan").click()
    expect(page.locator(".notice--success")).to_contain_text("1 keinginan disimpan")
    assert ShiftWish.objects.get(officer=officer).kind == "early"
    page.get_by_role("button", name="Buat alamat kalender").click()
    expect(page.locator(".code-block")).to_contain_text(f"{server.url}/jadwal/")
    never_wider_than_the_screen(page)
    no_violations(page)

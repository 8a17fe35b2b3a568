"""Figures over time in a real browser: an office, a region, a phone, and who is left behind."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from giliran.turns import actions as turns
from tests.browser.conftest import enter, never_wider_than_the_screen, no_violations
from tests.builders import (
    MONDAY,
    a_booking,
    a_walk_in,
    a_window,
    an_office,
    an_officer,
    at,
    at_counter,
    walk_in_places,
)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("nine_o_clock")]


def an_office_with_a_past(slug: str):
    """Return an office that served two on this Monday and sent somebody away a week before."""
    office = an_office(slug)
    walk_in_places(office)
    officer, counter_id = at_counter(office)
    a_walk_in(office, "08:00", is_priority=True)
    a_walk_in(office, "08:05")
    a_booking(a_window(office, "10:00"))
    for called in ("08:10", "08:30"):
        turns.call_next(counter_id, officer_id=officer.id, now=at(called))
        turns.start(officer_id=officer.id, now=at(called))
        turns.finish(officer_id=officer.id, now=at(called) + timedelta(minutes=9))
    turns.turn_away(
        office_id=office.id,
        service_id=None,
        why="no_number",
        actor="x",
        now=at("10:00", MONDAY - timedelta(days=7)),
    )
    return office


def test_a_head_sees_a_measure_by_week_and_splits_it(server, page):
    office = an_office_with_a_past("deret")
    enter(page, server, an_officer(office, "manager"), f"/kepala/{office.slug}/deret/")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Lama menunggu, 9 dari 10")
    page.get_by_label("Angka", exact=True).select_option("turned_away")
    page.get_by_role("button", name="Tampilkan").click()
    weeks = page.get_by_role("table", name="Ditolak di pintu").get_by_role("row")
    expect(weeks.nth(1)).to_contain_text("23 November 2026")
    expect(weeks.nth(1).get_by_role("cell")).to_have_text("0")
    expect(weeks.nth(2).get_by_role("cell")).to_have_text("1")
    expect(page.get_by_role("img", name="antara 0 dan 1")).to_be_visible()

    page.get_by_label("Angka", exact=True).select_option("asked")
    page.get_by_label("Dirinci menurut").select_option("channel")
    page.get_by_role("button", name="Tampilkan").click()
    row = page.get_by_role("table", name="Giliran diminta").get_by_role("row").nth(1)
    expect(row.get_by_role("cell")).to_have_text(["2", "1"])
    no_violations(page)


def test_who_is_left_behind_is_told_by_channel_and_class(server, page):
    office = an_office_with_a_past("tertinggal")
    enter(page, server, an_officer(office, "auditor"), f"/kepala/{office.slug}/deret/")

    table = page.get_by_role("region", name="Siapa yang tertinggal?")
    expect(table.get_by_role("row", name="Kios")).to_contain_text("66,6%")
    expect(table.get_by_role("row", name="Prioritas 1")).to_contain_text("10")
    expect(page.get_by_text("Belum cukup orang untuk membandingkan")).to_be_visible()


def test_a_region_reads_all_its_offices_by_name_and_fits_a_phone(server, page):
    office = an_office_with_a_past("satu-wilayah")
    other = an_office("lain-kantor")
    enter(page, server, an_officer(office, "regional"), "/kepala/wilayah/banten/deret/?ukur=served")

    no_violations(page)
    table = page.get_by_role("region", name="Per kantor")
    expect(table.get_by_role("row", name=office.name)).to_contain_text("2")
    expect(table.get_by_role("row", name=other.name)).to_contain_text("0")
    for path in (
        "wilayah/banten/deret/?rinci=hour",
        f"{office.slug}/deret/?rinci=service&per=hari",
    ):
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(f"{server.url}/kepala/{path}")
        never_wider_than_the_screen(page)
        no_violations(page)


def test_what_there_is_not_is_not_found_and_who_may_not_look_does_not(server, page):
    office = an_office_with_a_past("bukan")
    path = f"/kepala/{office.slug}/deret/"
    enter(page, server, an_officer(office, "manager"), path)
    for wrong in ("ukur=bahagia", "per=abad", "rinci=nama", "dari=kemarin", "sampai=0001-01-01"):
        assert page.goto(f"{server.url}{path}?{wrong}").status == 404
    page.context.clear_cookies()
    enter(page, server, an_officer(an_office("tetangga"), "manager"), path)
    assert page.goto(f"{server.url}{path}").status == 403

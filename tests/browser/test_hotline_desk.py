"""The hot line's screen, by ear and on a narrow screen; it works without scripts."""

from __future__ import annotations

import pytest

from tests.browser.conftest import enter, never_wider_than_the_screen, no_violations
from tests.builders import (
    a_booking,
    a_drawing_office,
    a_window,
    an_application,
    an_office,
    an_officer,
    at,
)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("nine_o_clock")]


def test_an_officer_moves_a_callers_turn(server, page):
    office = an_office("serang")
    turn = a_booking(a_window(office, "10:00"))
    a_window(office, "13:00")
    page.set_viewport_size({"width": 320, "height": 640})
    enter(page, server, an_officer(office, "door"), f"/petugas/{office.slug}/telepon/")

    def look():
        no_violations(page)
        never_wider_than_the_screen(page)

    look()
    page.get_by_label("Kode giliran atau permohonan").fill(turn.code)
    page.get_by_role("button", name="Lihat").click()
    look()
    page.get_by_text("Pindah waktu", exact=True).click()
    page.get_by_label("13.00–13.30 WIB").check()
    page.get_by_label("Penelepon menyetujui (dicatat)").locator("visible=true").check()
    look()
    page.get_by_role("button", name="Pindahkan giliran").click()
    assert "13.00–13.30 WIB" in page.inner_text("main")


def test_an_officer_tells_an_applicant_of_the_next_draw(server, page):
    office = a_drawing_office("cilegon")
    nik = "3673011708850042"
    an_application(office, nik=nik, phone="0812 3456 7890", now=at("08:00"))
    enter(page, server, an_officer(office), f"/petugas/{office.slug}/telepon/")
    page.get_by_label("NIK di KTP").fill(nik)
    page.get_by_role("button", name="Cari").click()
    assert "Siti Aminah" in page.inner_text("main")
    no_violations(page)

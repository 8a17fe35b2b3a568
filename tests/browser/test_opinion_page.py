"""How was it? One touch on a small phone, with or without scripts, and on the kiosk."""

from __future__ import annotations

import itertools
import os
from datetime import timedelta

import pytest

from giliran import clock
from giliran.core.satisfaction import ELEMENTS
from giliran.turns import actions as turns
from giliran.turns.models import Turn
from giliran.voices.models import Opinion
from tests.browser.conftest import enter, never_wider_than_the_screen, no_violations
from tests.builders import (
    MONDAY,
    a_kiosk,
    a_walk_in,
    an_office,
    an_officer,
    at,
    at_counter,
    walk_in_places,
)
from tests.stories.test_opinions import Branch, answered

pytestmark = pytest.mark.browser
PHONE = {"width": 320, "height": 640}
KILOBYTES = 50
_offices = itertools.count(1)


@pytest.fixture(autouse=True)
def nine_o_clock(server):
    clock.set_simulation(at("09:00"), speed=1)


@pytest.fixture
def served(server) -> Turn:
    """A visit that ended half an hour ago, at an office of its own."""
    office = an_office(f"nilai-{next(_offices)}", name="Kantor Cabang Serang")
    walk_in_places(office)
    officer, counter = at_counter(office)
    turn = a_walk_in(office)
    turns.call_next(counter, officer_id=officer.id, now=at("08:20"))
    turns.start(officer_id=officer.id, now=at("08:20"))
    turns.finish(officer_id=officer.id, now=at("08:30"))
    return Turn.objects.get(id=turn.id)


def look(page, name: str) -> None:
    """Keep a picture where GILIRAN_SHOTS names a folder, for somebody who wants to look."""
    if folder := os.environ.get("GILIRAN_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def weight(answer) -> int:
    """Return how many bytes an answer had on the line, headers aside."""
    size = answer.headers.get("content-length")
    return int(size) if size else len(answer.body())


@pytest.mark.parametrize("scripts", [True, False])
def test_one_touch_on_the_page_of_the_visit_answers_it(browser, server, served, scripts):
    context = browser.new_context(
        base_url=server.url, locale="id-ID", viewport=PHONE, java_script_enabled=scripts
    )
    phone = context.new_page()
    phone.goto(f"/g/{served.code}/")
    if scripts:
        never_wider_than_the_screen(phone)
        no_violations(phone)
    look(phone, f"nilai-giliran-{scripts}")
    phone.get_by_role("button", name="Sangat baik").click()
    phone.get_by_role("heading", name="Terima kasih, sudah kami catat").wait_for()
    assert Opinion.objects.get(turn=served).score == 4
    phone.get_by_role("group").nth(0).get_by_label("Baik", exact=True).check()
    phone.get_by_label("Ada yang ingin disampaikan?").fill("Kursinya kurang.")
    phone.get_by_role("button", name="Kirim", exact=True).click()
    phone.get_by_text("dihitung bersama jawaban orang lain").wait_for()
    found = Opinion.objects.get(turn=served)
    assert (found.elements, found.words_group) == ({found.asked_elements[0]: 3}, "place")
    context.close()


def test_every_page_of_the_question_is_accessible_light_and_fits_a_small_phone(
    browser, server, served
):
    context = browser.new_context(base_url=server.url, locale="id-ID", viewport=PHONE)
    phone, transferred = context.new_page(), []
    phone.goto(f"/g/{served.code}/")
    here = f"/nilai/{Opinion.objects.get(turn=served).token}/"
    phone.on("response", lambda answer: transferred.append(weight(answer)))
    for name, do in (
        ("nilai", lambda: phone.goto(here)),
        ("nilai-lagi", lambda: phone.get_by_role("button", name="Kurang baik").click()),
        ("nilai-selesai", lambda: phone.get_by_role("link", name="Lewati").click()),
    ):
        transferred.clear()
        do()
        phone.wait_for_load_state()
        never_wider_than_the_screen(phone)
        no_violations(phone)
        assert sum(transferred) < KILOBYTES * 1024, name
        look(phone, name)
    context.close()


def test_the_kiosk_asks_whoever_scans_their_paper_on_the_way_out(page, server, served):
    page.goto(f"{server.url}/kios/{a_kiosk(served.office).token}/")
    page.get_by_role("button", name="Saya punya janji").click()
    page.get_by_label("Kode janji").fill(served.code)
    page.get_by_role("button", name="Lanjutkan").click()
    page.get_by_role("heading", name="Bagaimana layanan kami?").wait_for()
    no_violations(page)
    look(page, "nilai-kios")
    page.get_by_role("button", name="Kurang baik").click()
    page.get_by_role("heading", name="Terima kasih, sudah kami catat").wait_for()
    no_violations(page)
    assert Opinion.objects.get(turn=served).score == 2


def test_the_head_reads_the_months_sums_on_any_screen(page, server):
    clock.set_simulation(at("09:00", MONDAY + timedelta(days=7)), speed=1)
    branch = Branch(f"puas-{next(_offices)}")
    answered(branch, 12, score=3, **dict.fromkeys(ELEMENTS, 3))
    here = f"/kepala/{branch.office.slug}/kepuasan/"
    enter(page, server, an_officer(branch.office, "manager"), here)
    page.get_by_text("Mutu C, kurang baik").wait_for()
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 640})
        never_wider_than_the_screen(page)
        no_violations(page)

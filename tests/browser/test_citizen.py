"""A citizen in a real browser: on a small phone, without scripts, and while the line moves."""

import re
import time
from uuid import uuid4

import pytest

from giliran import clock
from giliran.capacity.models import Offer
from giliran.offices.models import Office
from giliran.turns import actions as turns
from giliran.turns.models import Turn
from tests.browser.axe import seen_by_axe
from tests.builders import (
    a_booking,
    a_nik,
    a_service,
    a_walk_in,
    a_window,
    an_office,
    at,
    at_counter,
    somebody,
    walk_in_places,
)

pytestmark = pytest.mark.browser
PHONE = {"width": 320, "height": 640}
KILOBYTES = 50


@pytest.fixture(autouse=True)
def nine_o_clock(server):
    clock.set_simulation(at("09:00"), speed=1)


@pytest.fixture
def page(server, browser):
    context = browser.new_context(
        base_url=server.url, locale="id-ID", viewport=PHONE, reduced_motion="reduce"
    )
    context.set_default_timeout(8000)
    yield context.new_page()
    context.close()


def type_who(page, nik: str) -> None:
    page.get_by_label("Nama lengkap").fill("Siti Rohmah")
    page.get_by_label("NIK").fill(nik)


def who_url(office: Office, window: Offer) -> str:
    return f"/ambil/jht/{office.slug}/{window.id}/"


def test_a_citizen_gets_a_turn_on_a_small_phone_without_scripts(server, browser):
    office = an_office("serang")
    a_window(office, "10:00")
    context = browser.new_context(
        base_url=server.url, locale="id-ID", viewport=PHONE, java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name="Ambil giliran").click()
    page.get_by_label("Klaim JHT").check()
    page.get_by_role("button", name="Lanjutkan").click()
    page.get_by_role("link", name="Serang").click()
    page.get_by_label("10.00–10.30 WIB").check()
    page.get_by_role("button", name="Lanjutkan").click()
    nik = a_nik()
    type_who(page, nik)
    page.get_by_label("Saya berusia 60 tahun ke atas").check()
    page.get_by_label("Juru bahasa isyarat").check()
    page.get_by_role("button", name="Lanjutkan").click()
    assert f"{nik[:4]} {nik[4:8]}" in page.inner_text("main")
    page.get_by_role("button", name="Ambil giliran ini").click()
    turn = Turn.objects.get(office=office)
    assert page.url == f"{server.url}/g/{turn.code}/"
    assert "10.00–10.30 WIB" in page.inner_text(".ticket")
    assert (turn.is_priority, turn.needs) == (True, ["sign_language"])
    assert not any(nik in str(cookie) for cookie in context.cookies())
    page.get_by_role("link", name="Batalkan giliran ini").click()
    page.get_by_role("button", name="Ya, batalkan").click()
    assert "Dibatalkan" in page.inner_text(".ticket")
    context.close()


def test_a_window_that_fills_while_somebody_checks_costs_them_one_more_press(page):
    office = an_office("cilegon")
    last, later = a_window(office, "10:00", places=1), a_window(office, "10:30")
    page.goto(who_url(office, last))
    type_who(page, a_nik())
    page.get_by_role("button", name="Lanjutkan").click()
    faster = a_booking(last)
    page.get_by_role("button", name="Ambil giliran ini").click()
    assert "baru saja penuh" in page.inner_text("main")
    page.get_by_role("button", name="10.30–11.00 WIB").click()
    assert "Siti Rohmah" in page.inner_text(".summary")
    page.get_by_role("button", name="Ambil giliran ini").click()
    page.wait_for_url("**/g/*/")
    mine = Turn.objects.exclude(id=faster.id).get(office=office)
    assert mine.offer_id == later.id


def test_a_double_click_gives_one_turn(page):
    office = an_office("pandeglang")
    window = a_window(office, "10:00")
    page.goto(who_url(office, window))
    type_who(page, a_nik())
    page.get_by_role("button", name="Lanjutkan").click()
    page.get_by_role("button", name="Ambil giliran ini").dblclick()
    page.wait_for_url("**/g/*/")
    window.refresh_from_db()
    assert window.taken == 1


def test_the_phone_of_who_waits_follows_the_line_and_the_call(page):
    office = an_office("lebak")
    walk_in_places(office)
    ahead, mine = a_walk_in(office, "08:10"), a_walk_in(office, "08:20")
    officer, counter = at_counter(office)
    with page.expect_request("**/live/turn/*"):
        page.goto(f"/g/{mine.code}/")
    assert "1 orang sebelum Bapak/Ibu" in page.inner_text("#turn")
    page.get_by_role("button", name="Bunyikan saat saya dipanggil").click()
    page.wait_for_timeout(500)
    turns.call_next(counter, officer_id=officer.id, now=at("09:00"))
    page.get_by_text("Bapak/Ibu berikutnya").first.wait_for()
    for act in (turns.start, turns.finish):
        act(officer_id=officer.id, now=at("09:01"))
    called_at = time.monotonic()
    turns.call_next(counter, officer_id=officer.id, now=at("09:02"))
    page.locator(".ticket--now").get_by_text("Silakan ke loket 1").wait_for()
    assert time.monotonic() - called_at < 12
    assert page.inner_text("#turn-said") == "Nomor A002, silakan ke loket 1"
    assert "loket 1" in page.title()
    assert Turn.objects.get(id=ahead.id).state == "finished"


def test_a_phone_that_lost_its_connection_says_so_and_recovers(page):
    office = an_office("tangerang")
    walk_in_places(office)
    turn = a_walk_in(office, "08:10")
    page.goto(f"/g/{turn.code}/")
    page.route("**/g/*/?bagian=keadaan", lambda route: route.abort())
    tell = "document.dispatchEvent(new CustomEvent('giliran:line'))"
    page.evaluate(tell)
    page.get_by_text("Sambungan terputus").wait_for()
    page.get_by_text(re.compile(r"Keadaan di bawah ini dari pukul 09\.\d\d WIB")).wait_for()
    page.unroute("**/g/*/?bagian=keadaan")
    page.evaluate(tell)
    page.get_by_text("Sambungan terputus").wait_for(state="hidden")


def test_every_screen_is_accessible_fits_a_small_phone_and_is_light(page):
    office, near = an_office("balaraja"), an_office("tigaraksa", latitude="-6.13")
    walk_in_places(office)
    full, free = a_window(office, "10:00", places=1), a_window(office, "13:00")
    a_window(near, "10:00")
    a_booking(full)
    booked, cancelled = a_booking(free), a_booking(free)
    turns.cancel(cancelled.id, actor="citizen", now=at("08:00"))
    called, waiting = a_walk_in(office, "08:10"), a_walk_in(office, "08:20")
    officer, counter = at_counter(office)
    turns.call_next(counter, officer_id=officer.id, now=at("09:00"))
    holder = a_nik()
    turns.book(
        somebody(holder),
        offer_id=free.id,
        service_id=a_service().id,
        request_key=uuid4(),
        is_priority=False,
        channel="web",
        actor="citizen",
        now=at("08:30"),
    )
    scales = Scales(page)
    for url in (
        "/",
        "/ambil/?lanjut=1",
        "/ambil/jht/",
        "/ambil/jht/balaraja/?lanjut=1",
        f"/g/{booked.code}/",
        f"/g/{called.code}/",
        f"/g/{waiting.code}/",
        f"/g/{cancelled.code}/",
        f"/g/{booked.code}/pindah/",
        f"/g/{booked.code}/batal/",
        "/cari/?kode=salah",
        "/kantor/?q=xyz",
        "/kantor/balaraja/",
        "/tidak-ada/",
    ):
        with scales.weigh(url):
            page.goto(url)
        look(page, url)
    page.goto(who_url(office, free))
    page.get_by_role("button", name="Lanjutkan").click()
    look(page, "wrong fields")
    type_who(page, holder)
    page.get_by_role("button", name="Lanjutkan").click()
    look(page, "check")
    page.get_by_role("button", name="Ubah waktu").click()
    look(page, "other windows")
    page.go_back()
    page.goto(who_url(office, free))
    type_who(page, holder)
    page.get_by_role("button", name="Lanjutkan").click()
    page.get_by_role("button", name="Ambil giliran ini").click()
    assert "NIK ini sudah punya giliran" in page.inner_text("main")
    look(page, "already")


def look(page, name: str) -> None:
    """Demand that a screen has no fault that axe knows, and needs no scrolling to the side."""
    found = seen_by_axe(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name


class Scales:
    """Weigh what a page takes over the wire, with nothing in the cache."""

    def __init__(self, page) -> None:
        self.page, self.bytes = page, 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.loadingFinished", self._add)

    def _add(self, event) -> None:
        self.bytes += event["encodedDataLength"]

    def weigh(self, name: str) -> "Weighing":
        return Weighing(self, name)


class Weighing:
    def __init__(self, scales: Scales, name: str) -> None:
        self.scales, self.name = scales, name

    def __enter__(self) -> None:
        self.scales.bytes = 0

    def __exit__(self, *error) -> None:
        self.scales.page.wait_for_load_state("load")
        assert 2000 < self.scales.bytes < KILOBYTES * 1024, (self.name, self.scales.bytes)

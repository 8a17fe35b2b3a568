"""The promised time in a real browser: live, light, without scripts, and for every screen."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from giliran.offices.models import Office
from giliran.people.models import Officer
from giliran.turns import actions as turns
from giliran.turns import forecasts, promises
from giliran.turns.forecasts import StoredRescue
from giliran.turns.models import Promise, Turn
from tests.browser.conftest import enter, never_wider_than_the_screen, no_violations
from tests.builders import (
    MONDAY,
    a_booking,
    a_kiosk,
    a_service,
    a_walk_in,
    a_window,
    an_office,
    an_officer,
    at,
    at_counter,
    walk_in_places,
)
from tests.servers import RunningServer

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("nine_o_clock")]
PHONE: Any = {"width": 320, "height": 640}
KILOBYTES = 50


@pytest.fixture
def phone(server: RunningServer, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        base_url=server.url, locale="id-ID", viewport=PHONE, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def plain_phone(server: RunningServer, browser: Browser) -> Iterator[Page]:
    """Give a phone without scripts."""
    context = browser.new_context(
        base_url=server.url, locale="id-ID", viewport=PHONE, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


def an_office_with_a_line(slug: str, people: int = 4) -> tuple[Office, list[Turn]]:
    """Return an office with two open counters whose line was promised its times at nine."""
    office = an_office(slug, name=f"Kantor {slug.title()}")
    walk_in_places(office)
    for label in ("1", "2"):
        at_counter(office, label)
    line = [a_walk_in(office, f"08:{50 + n}") for n in range(people)]
    turns.keep_promises(office.id, now=at("09:00"))
    return office, line


def told(turn: Turn) -> str:
    """Return the window as the pages write it."""
    promised = promises.promise_of(turn.id)
    assert promised is not None
    begins, ends = (moment.astimezone(at("09:00").tzinfo) for moment in promised[:2])
    return f"antara pukul {begins:%H.%M} dan {ends:%H.%M} WIB"


def test_the_phone_shows_the_promise_and_a_new_one_without_being_touched(phone: Page):
    _, line = an_office_with_a_line("serang")
    with phone.expect_request("**/live/turn/*"):
        phone.goto(f"/g/{line[3].code}/")
    expect(phone.locator(".promise__window")).to_have_text(f"Bapak/Ibu dipanggil {told(line[3])}")
    newest = Promise.objects.filter(turn=line[3]).latest("id")
    Promise.objects.create(
        **{
            field: getattr(newest, field)
            for field in (
                *("turn", "office", "stage", "hour", "group", "low", "middle", "high"),
                *("from_minutes", "till_minutes"),
            )
        },
        made_at=at("09:01"),
        begins=at("11:00"),
        ends=at("11:40"),
        is_first=False,
    )

    phone.evaluate("document.dispatchEvent(new CustomEvent('giliran:line'))")

    expect(phone.locator(".promise__window")).to_contain_text("11.00 dan 11.40 WIB")
    expect(phone.locator("#turn-said")).to_contain_text("Dipanggil antara pukul 11.00 dan 11.40")


def test_the_way_to_the_office_is_noted_without_scripts(plain_phone: Page):
    office = an_office("cilegon")
    turn = a_booking(a_window(office, "11:00"))
    plain_phone.goto(f"/g/{turn.code}/")

    plain_phone.get_by_label("Berapa menit perjalanan").fill("satu jam")
    plain_phone.get_by_role("button", name="Simpan").click()
    expect(plain_phone.get_by_label("Berapa menit perjalanan")).to_have_value("satu jam")
    expect(plain_phone.locator("#perjalanan-error")).to_contain_text("dari 0 sampai 600")

    plain_phone.get_by_label("Berapa menit perjalanan").fill("70")
    plain_phone.get_by_role("button", name="Simpan").click()
    expect(plain_phone.locator(".then")).to_contain_text("Berangkat dari rumah pukul 09.50 WIB")
    assert plain_phone.url.endswith(f"/g/{turn.code}/")


def test_what_is_typed_is_not_lost_when_the_line_moves(phone: Page):
    office = an_office("pandeglang")
    turn = a_booking(a_window(office, "11:00"))
    phone.goto(f"/g/{turn.code}/")
    phone.get_by_label("Berapa menit perjalanan").fill("4")

    with phone.expect_response("**/?bagian=keadaan"):
        phone.evaluate("document.dispatchEvent(new CustomEvent('giliran:line'))")

    expect(phone.get_by_label("Berapa menit perjalanan")).to_have_value("4")


def test_the_refused_page_still_follows_the_turn(phone: Page):
    office = an_office("lebak")
    turn = a_booking(a_window(office, "11:00"))
    phone.goto(f"/g/{turn.code}/")
    phone.get_by_label("Berapa menit perjalanan").fill("entah")
    phone.get_by_role("button", name="Simpan").click()
    turns.cancel(turn.id, actor="citizen", now=at("09:00"))

    phone.evaluate("document.dispatchEvent(new CustomEvent('giliran:moved'))")

    expect(phone.locator(".ticket")).to_contain_text("Dibatalkan")
    expect(phone.locator("#turn-stale")).to_be_hidden()


def kept_last_week(office: Office, people: int = 25) -> None:
    """Let an office have kept all promises of last Monday but one."""
    day = MONDAY - timedelta(days=7)
    walk_in_places(office, day=day)
    for n in range(people):
        turn = turns.take_number(
            office_id=office.id,
            service_id=a_service().id,
            request_key=uuid4(),
            is_priority=False,
            channel="kiosk",
            actor="kiosk:1",
            now=at("08:10", day),
        )
        Promise.objects.create(
            turn=turn,
            office=office,
            stage="here",
            made_at=at("08:10", day),
            begins=at("08:20", day),
            ends=at("08:45", day),
            is_first=True,
            hour=8,
            group="standard",
            low=10,
            middle=20,
            high=35,
            from_minutes=10,
            till_minutes=35,
            called_at=at("08:30", day),
            kept=n > 0,
            settled_at=at("08:31", day),
        )


def test_every_screen_is_accessible_fits_a_small_phone_and_is_light(phone: Page):
    office, line = an_office_with_a_line("balaraja")
    booked, home = a_booking(a_window(office, "11:00")), a_window(office, "13:00")
    tomorrow = type(home).objects.create(
        office=office,
        kind="window",
        day=MONDAY + timedelta(days=1),
        starts_at=at("09:30", MONDAY + timedelta(days=1)),
        ends_at=at("10:00", MONDAY + timedelta(days=1)),
        places=4,
    )
    later = a_booking(tomorrow)
    turns.note_travel(booked.id, 45, now=at("09:00"))
    turns.keep_promises(office.id, now=at("09:00"))
    kept_last_week(office)
    for url in (
        f"/g/{line[3].code}/",
        f"/g/{booked.code}/",
        f"/g/{later.code}/",
        f"/ambil/jht/{office.slug}/?hari={tomorrow.day}",
        f"/ambil/jht/{office.slug}/{tomorrow.id}/",
        f"/kantor/{office.slug}/",
        f"/kantor/{office.slug}/janji/",
    ):
        assert 2000 < weighed(phone, url) < KILOBYTES * 1024, url
        no_violations(phone)
        never_wider_than_the_screen(phone)
    expect(phone.locator("tbody tr").first).to_contain_text("96 %")


def weighed(page: Page, url: str) -> int:
    """Open a page with nothing in the cache; returns the bytes that it took over the wire."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(url)
    page.wait_for_load_state("load")
    session.detach()
    return sum(sizes)


def at_risk(office: Office, turn: Turn, harmed: Turn) -> None:
    """Let the last forecast say that calling this person first saves three promises."""
    last = forecasts.stored(office.id)
    assert last is not None
    rescue = StoredRescue(turn.id, 2.7, 0.3, 0.97, (harmed.id,))
    forecasts.store(office.id, last._replace(rescues=(rescue,)))


def test_an_officer_follows_the_suggestion_with_one_press(server: RunningServer, page: Page):
    office, line = an_office_with_a_line("tangerang")
    at_risk(office, line[3], harmed=line[0])
    officer = Officer.objects.get(openings__counter__office=office, openings__counter__label="1")
    enter(page, server, officer, f"/petugas/{office.slug}/loket/")
    expect(page.locator("#suggestion")).to_contain_text(
        "Panggil A004 dulu: janji kira-kira 3 orang tertolong"
    )
    no_violations(page)

    page.get_by_role("button", name="Panggil A004 sekarang").click()

    expect(page.locator(".person__number")).to_have_text("A004")
    expect(page.locator("#said")).to_contain_text("mendahului urutan. Alasannya dicatat")
    expect(page.locator("#suggestion")).to_have_count(0)


def test_the_manager_reads_which_promises_are_at_risk(server: RunningServer, page: Page):
    office, line = an_office_with_a_line("tigaraksa")
    at_risk(office, line[3], harmed=line[0])
    boss = an_officer(office, "manager")
    enter(page, server, boss, f"/kepala/{office.slug}/")

    expect(page.locator("#now")).to_contain_text(
        "Panggil A004 dulu: janji kira-kira 3 orang tertolong"
    )
    expect(page.locator("#now")).to_contain_text("Janji yang menjadi kurang pasti: A001")
    no_violations(page)
    page.set_viewport_size(PHONE)
    never_wider_than_the_screen(page)


@pytest.mark.parametrize("screen", [(1920, 1080), (1080, 1920)])
def test_the_board_says_how_long_who_takes_a_number_now_waits(
    server: RunningServer, page: Page, screen: tuple[int, int]
):
    office, _ = an_office_with_a_line(f"cikupa-{screen[0]}", people=9)
    page.set_viewport_size({"width": screen[0], "height": screen[1]})
    page.goto(f"{server.url}/papan/{office.slug}/")

    expect(page.locator("#board-foot")).to_contain_text("Ambil nomor sekarang")
    expect(page.locator("#board-foot strong")).to_contain_text("menit")
    never_wider_than_the_screen(page)
    no_violations(page)


@pytest.mark.parametrize("screen", [(1280, 800), (1080, 1920)])
def test_the_kiosk_promises_before_and_after_a_number_is_taken(
    server: RunningServer, browser: Browser, screen: tuple[int, int]
):
    office, _ = an_office_with_a_line(f"curug-{screen[0]}")
    a_window(office, "13:00")
    kiosk = a_kiosk(office)
    size: Any = {"width": screen[0], "height": screen[1]}
    context = browser.new_context(base_url=server.url, viewport=size, has_touch=True)
    page = context.new_page()
    page.goto(f"/kios/{kiosk.token}/")
    page.get_by_role("button", name="Ambil nomor").tap()
    page.get_by_role("button", name="Klaim JHT").tap()
    expect(page.locator(".kiosk__promise")).to_contain_text("Bapak/Ibu dipanggil antara pukul")
    expect(page.locator(".kiosk__later")).to_contain_text("untuk hari ini, 13.00–13.30 WIB")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    no_violations(page)

    page.get_by_role("button", name="Tidak Beri nomor biasa").tap()

    expect(page.locator(".ticket__number")).to_have_text("A005")
    mine = Turn.objects.get(office=office, number="A005")
    assert promises.promise_of(mine.id) is not None
    expect(page.locator(".ticket__facts")).to_contain_text("Dipanggil antara pukul")
    no_violations(page)
    context.close()

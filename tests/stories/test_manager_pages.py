"""The manager's pages: who sees what, and what a button changes or refuses."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from giliran import clock
from giliran.capacity.models import Offer
from giliran.journal.models import Event
from giliran.turns import actions as turns
from giliran.turns.models import Turn
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

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_nine(monkeypatch):
    set_clock(monkeypatch, "09:00")


def set_clock(monkeypatch, time, day=MONDAY) -> None:
    monkeypatch.setattr(clock, "now", lambda: at(time, day))


def as_role(role: str, office) -> Client:
    client = Client()
    client.force_login(an_officer(office, role))
    return client


def page(client, office, rest: str = "") -> str:
    answer = client.get(f"/kepala/{office.slug}/{rest}")
    assert answer.status_code == 200
    return answer.content.decode()


def words(html: str) -> str:
    """Return what a page says, without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def press(client, office, action: str, **fields):
    return client.post(f"/kepala/{office.slug}/", {"action": action, **fields})


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("manager", 200),
        ("regional", 200),
        ("auditor", 200),
        ("administrator", 200),
        ("officer", 403),
        ("door", 403),
    ],
)
@pytest.mark.parametrize("rest", ["", "angka/", "riwayat/", "?bagian=keadaan"])
def test_only_who_manages_or_audits_an_office_looks_at_its_day(role, status, rest):
    office = an_office()

    assert as_role(role, office).get(f"/kepala/{office.slug}/{rest}").status_code == status


def test_the_manager_of_another_office_stays_outside():
    office, other = an_office(), an_office("tangerang")
    window = a_window(office)
    client = as_role("manager", other)

    assert client.get(f"/kepala/{office.slug}/").status_code == 403
    assert press(client, office, "close", offer=window.id).status_code == 403
    window.refresh_from_db()
    assert window.is_open


def test_strangers_are_sent_to_the_log_in():
    answer = Client().get(f"/kepala/{an_office().slug}/")

    assert answer.headers["Location"].startswith("/petugas/masuk/")


def test_an_auditor_sees_no_button_and_can_press_none():
    office = an_office()
    window = a_window(office)
    client = as_role("auditor", office)

    main = page(client, office).partition("<main")[2]

    assert "<button" not in main
    assert "09.30–10.00" in main
    for action in ("close", "open", "places", "close_rest", "open_rest"):
        answer = press(client, office, action, offer=window.id, places="3")
        assert answer.status_code == 403
    assert client.post(f"/kepala/{office.slug}/akhiri/").status_code == 403
    assert not Event.objects.filter(subject="offer").exists()


def test_the_page_shows_who_sits_where_by_number_and_never_a_citizens_name(monkeypatch):
    office = an_office()
    walk_in_places(office)
    booked = a_booking(a_window(office, "08:30"))
    turns.check_in(booked.id, actor="kiosk:1", now=at("08:31"))
    officer, counter_id = at_counter(office)
    turns.call_next(counter_id, officer_id=officer.id, now=at("08:40"))
    turns.start(officer_id=officer.id, now=at("08:48"))

    text = words(page(as_role("manager", office), office))

    assert f"1 {officer.full_name} A001 Sedang dilayani 12" in text
    assert "2 tidak ada – Ditutup" in text
    assert "Siti" not in text


def test_tiles_count_what_is_now():
    office = an_office(seats=40)
    walk_in_places(office)
    a_walk_in(office, "08:10", is_priority=True)
    a_walk_in(office, "08:20")
    a_booking(a_window(office))
    turns.turn_away(office_id=office.id, service_id=None, why="x", actor="x", now=at("08:30"))

    text = words(page(as_role("manager", office), office, "?bagian=keadaan"))

    assert "menunggu 2 1 di antaranya prioritas" in text
    assert "tunggu terlama 50 menit" in text
    assert "ditolak di pintu 1" in text
    assert "kursi terisi 2 dari 40" in text
    assert "loket buka 0 dari 2" in text
    assert "janji belum datang 1" in text


def test_closing_several_windows_is_written_down_and_keeps_who_has_a_place():
    office = an_office()
    first, second, third = (a_window(office, clock) for clock in ("09:30", "10:00", "10:30"))
    booked = a_booking(first)
    client = as_role("manager", office)

    answer = press(client, office, "close", offer=[first.id, third.id])

    assert answer.status_code == 302
    still_open = Offer.objects.filter(office=office, is_open=True)
    assert list(still_open.values_list("id", flat=True)) == [second.id]
    assert Turn.objects.get(id=booked.id).state == "booked"
    assert Event.objects.filter(kind="offer.close", actor__startswith="officer:").count() == 2
    assert "2 jam ditutup" in page(client, office)


def test_the_rest_of_the_day_is_closed_and_opened_at_once_but_nothing_that_is_over(monkeypatch):
    office = an_office()
    over = a_window(office, "08:00")
    coming = a_window(office, "09:30")
    door = walk_in_places(office)
    client = as_role("manager", office)

    press(client, office, "close_rest")
    closed = set(Offer.objects.filter(is_open=False).values_list("id", flat=True))
    press(client, office, "open_rest")

    assert closed == {coming.id, door.id}
    assert over.id not in closed
    assert not Offer.objects.filter(is_open=False).exists()


def test_places_are_set_and_written_down():
    office = an_office()
    window = a_window(office, places=10)

    press(as_role("manager", office), office, "places", offer=window.id, places="12")

    window.refresh_from_db()
    assert window.places == 12
    assert Event.objects.get(kind="offer.places").data == {"places": 12}


def test_fewer_places_than_promised_are_refused_with_the_way_on_and_what_was_typed():
    office = an_office()
    window = a_window(office, places=10)
    a_booking(window)
    a_booking(window)

    answer = press(as_role("manager", office), office, "places", offer=window.id, places="1")
    text = answer.content.decode()

    assert answer.status_code == 409
    assert "Sudah 2 orang dijanjikan jam ini" in text
    assert f'href="#places-{window.id}"' in text
    assert re.search(rf'id="places-{window.id}"[^>]*value="1"', text)
    window.refresh_from_db()
    assert window.places == 10


@pytest.mark.parametrize("places", ["", "-1", "1.5", "sepuluh", "1000", "9" * 40, "²", "\x00"])
def test_places_that_are_no_number_are_refused_beside_their_field(places):
    office = an_office()
    window = a_window(office, places=10)

    answer = press(as_role("manager", office), office, "places", offer=window.id, places=places)

    assert answer.status_code == 422
    assert "bilangan bulat dari 0 sampai 999" in answer.content.decode()
    window.refresh_from_db()
    assert window.places == 10


@pytest.mark.parametrize("offer", ["", "x", "9" * 40, "0", "²"])
def test_an_unknown_window_is_refused_and_nothing_breaks(offer):
    office = an_office()
    client = as_role("manager", office)

    assert press(client, office, "places", offer=offer, places="3").status_code == 404
    assert press(client, office, "close", offer=offer).status_code in {302, 422}
    assert press(client, office, "nonsense").status_code == 400


def test_another_offices_window_is_not_changed():
    office, other = an_office(), an_office("tangerang")
    theirs = a_window(other, places=10)
    client = as_role("manager", office)

    press(client, office, "close", offer=theirs.id)
    refused = press(client, office, "places", offer=theirs.id, places="3")

    theirs.refresh_from_db()
    assert refused.status_code == 404
    assert (theirs.is_open, theirs.places) == (True, 10)


@pytest.mark.parametrize("rest", ["", "angka/", "riwayat/"])
@pytest.mark.parametrize("day", ["kemarin", "2026-02-30", "9999-12-31", "0001-01-01", "\x00"])
def test_no_day_of_ours_is_not_found(rest, day):
    office = an_office()

    answer = as_role("manager", office).get(f"/kepala/{office.slug}/{rest}", {"hari": day})

    assert answer.status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "x", "99", "9" * 30])
def test_no_page_of_the_history_is_not_found(number):
    office = an_office()

    answer = as_role("auditor", office).get(f"/kepala/{office.slug}/riwayat/", {"halaman": number})

    assert answer.status_code == 404


def test_on_monday_the_figures_are_those_of_friday():
    office = an_office()

    assert "Jumat, 20 November 2026" in page(as_role("manager", office), office, "angka/")


def test_figures_say_waits_and_kept_windows_and_hold_no_name():
    office = an_office()
    walk_in_places(office)
    booked = a_booking(a_window(office, "08:00"))
    turns.check_in(booked.id, actor="kiosk:1", now=at("07:50"))
    officer, counter_id = at_counter(office)
    turns.call_next(counter_id, officer_id=officer.id, now=at("08:07"))
    turns.start(officer_id=officer.id, now=at("08:08"))
    turns.finish(officer_id=officer.id, now=at("08:20"))

    html = page(as_role("auditor", office), office, f"angka/?hari={MONDAY}")

    assert "Umum, Janji 1 7 7 7" in words(html)
    assert "janji ditepati 100 %" in words(html)
    assert 'role="img" aria-label="Kedatangan per jam. 07.00: 1, 08.00: 0"' in html
    assert "style=" not in html
    assert "Siti" not in html


def test_the_history_reads_as_sentences_without_names_or_codes():
    office = an_office()
    walk_in_places(office)
    booked = a_booking(a_window(office, "09:30"))
    a_walk_in(office, "08:10")
    officer, counter_id = at_counter(office)
    turns.call_next(counter_id, officer_id=officer.id, now=at("08:40"))
    turns.turn_away(office_id=office.id, service_id=None, why="papers", actor="x", now=at("08:50"))
    manager = as_role("manager", office)
    press(manager, office, "close", offer=booked.offer_id)

    html = page(as_role("auditor", office), office, "riwayat/")
    text = words(html)

    assert f"08.40 Nomor A001: dipanggil ke loket 1. Petugas {officer.id}" in text
    assert f"Giliran {booked.id}: janji dicatat (Daring)." in text
    assert "Nomor A001: nomor diberikan (Kios). Kios 1" in text
    assert "Jam 09.30–10.00, 23.11.2026 ditutup untuk janji baru." in text
    assert "Satu orang belum terlayani di pintu: Berkas belum lengkap." in text
    assert "Loket 1 dibuka." in text
    assert "Siti" not in text
    assert booked.code not in html


def test_every_kind_of_event_that_an_office_writes_has_its_sentence():
    from giliran.core.turn import Move
    from giliran.web.manager.past import SENTENCES

    assert {f"turn.{move}" for move in Move} <= set(SENTENCES)


def test_a_long_history_is_paged():
    office = an_office()
    walk_in_places(office, places=60)
    for minute in range(55):
        a_walk_in(office, f"08:{minute:02d}")
    client = as_role("auditor", office)

    assert "Halaman 1 dari 2" in page(client, office, "riwayat/")
    second = words(page(client, office, "riwayat/?halaman=2"))
    assert "Nomor A001" in second
    assert "Nomor A055" not in second


def test_a_region_sees_its_offices_in_one_table_with_the_longest_wait_on_top():
    office, other = an_office("serang"), an_office("tangerang")
    walk_in_places(office)
    walk_in_places(other)
    a_walk_in(other, "07:50")
    a_walk_in(office, "08:40")

    text = words(as_role("regional", office).get("/kepala/").content.decode())

    assert "1 kantor kekurangan" in text
    assert "Tangerang Kekurangan 70 mnt 1 0 0 0 / 2 1 / 40" in text
    assert text.index("Tangerang Kekurangan") < text.index("Serang 20 mnt")


def test_a_region_does_not_see_other_regions_but_an_auditor_does():
    from giliran.offices.models import Region

    far = Region.objects.create(slug="kalimantan", name="Kanwil Kalimantan")
    office, _, elsewhere = an_office(), an_office("cilegon"), an_office("banjar", region=far)

    assert elsewhere.name not in words(as_role("regional", office).get("/kepala/").content.decode())
    assert elsewhere.name in words(as_role("auditor", office).get("/kepala/").content.decode())


def test_who_has_one_office_goes_straight_there_and_an_officer_nowhere():
    office = an_office()

    assert as_role("manager", office).get("/kepala/").headers["Location"] == "/kepala/serang/"
    assert as_role("officer", office).get("/kepala/").status_code == 403


def test_a_day_ends_only_after_closing_and_in_the_managers_name(monkeypatch):
    office = an_office()
    walk_in_places(office)
    turn = a_walk_in(office, "08:30")
    client = as_role("manager", office)
    address = f"/kepala/{office.slug}/akhiri/"

    early = client.post(address)
    still = Turn.objects.get(id=turn.id).state
    set_clock(monkeypatch, "15:01")
    asked = words(client.get(address).content.decode())
    client.post(address)

    assert (early.status_code, still) == (409, "waiting")
    assert "Kantor buka sampai 15.00" in early.content.decode()
    assert "1 orang, dicatat pulang sebelum dilayani" in asked
    left = Event.objects.get(kind="turn.leave", subject_id=turn.id)
    assert left.actor.startswith("officer:")


def test_the_page_of_a_holiday_opens_on_the_next_open_day(monkeypatch):
    christmas = MONDAY.replace(month=12, day=25)
    set_clock(monkeypatch, "09:00", christmas)
    office = an_office()

    html = page(as_role("manager", office), office)

    assert 'aria-current="true"><span class="days__name">Sen, 28 Des</span>' in html


def test_a_year_without_a_decree_does_not_break_the_page(monkeypatch):
    office = an_office()
    set_clock(monkeypatch, "09:00", MONDAY.replace(year=2031) + timedelta(days=1))
    client = as_role("manager", office)

    for rest in ("", "angka/", "riwayat/", "akhiri/"):
        assert client.get(f"/kepala/{office.slug}/{rest}").status_code == 200

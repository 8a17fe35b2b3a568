"""What the pages say of a promised time, and of promises that were kept or are about to break."""

import csv
import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from giliran import clock
from giliran.journal.models import Event
from giliran.offices.models import Counter
from giliran.turns import actions as turns
from giliran.turns import promises
from giliran.turns.models import Promise, Turn
from giliran.turns.promises import DayAhead, KeptWeek, RescueOf
from tests.builders import (
    MONDAY,
    a_booking,
    a_drawing_office,
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

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nine_in_the_morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("09:00"))


def read(response) -> str:
    """Return the text of a page as it is read, without its tags."""
    text = re.sub(r"<(script|style|svg).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace(" .", ".")


def a_promise(
    turn: Turn,
    begins: str = "09:40",
    ends: str = "10:05",
    *,
    made: str = "08:55",
    stage: str = "here",
    come: str | None = None,
    is_first: bool = True,
) -> Promise:
    return Promise.objects.create(
        turn=turn,
        office=turn.office,
        stage=stage,
        made_at=at(made),
        begins=at(begins),
        ends=at(ends),
        come_at=at(come) if come else None,
        is_first=is_first,
        hour=int(made[:2]),
        group="standard",
        low=40,
        middle=50,
        high=60,
        from_minutes=40,
        till_minutes=60,
    )


def somebody_waits(**fields) -> Turn:
    office = an_office(**fields)
    walk_in_places(office)
    at_counter(office)
    return a_walk_in(office, "08:50")


# On the page of a turn.


def test_who_waits_reads_from_when_till_when_and_how_sure(client):
    turn = somebody_waits()
    a_promise(turn)

    page = read(client.get(f"/g/{turn.code}/"))

    assert "Bapak/Ibu dipanggil antara pukul 09.40 dan 10.05 WIB" in page
    assert "Sembilan dari sepuluh orang dipanggil dalam waktu yang dijanjikan" in page
    assert "Dijanjikan pukul 08.55 WIB" in page


def test_a_changed_promise_says_so(client):
    turn = somebody_waits()
    a_promise(turn)
    a_promise(turn, "10:00", "10:30", made="08:58", is_first=False)

    page = read(client.get(f"/g/{turn.code}/"))

    assert "antara pukul 10.00 dan 10.30 WIB" in page
    assert "Waktu ini diubah pukul 08.58 WIB" in page
    assert "09.40" not in page


def test_a_broken_promise_is_admitted(client):
    turn = somebody_waits()
    a_promise(turn, "08:50", "08:55", made="08:50")

    page = read(client.get(f"/g/{turn.code}/"))

    assert "Maaf, janji ini terlewat" in page
    assert "Bapak/Ibu dipanggil antara" not in page


def test_a_screen_reader_hears_the_window_with_the_place_in_line(client):
    turn = somebody_waits()
    a_promise(turn)

    said = re.search(r'data-said="([^"]*)"', client.get(f"/g/{turn.code}/").content.decode())

    assert said is not None
    assert said[1] == "Bapak/Ibu berikutnya. Dipanggil antara pukul 09.40 dan 10.05 WIB"


@pytest.mark.parametrize(
    ("clock_now", "counter_is_open", "told"),
    [
        ("07:30", False, "Loket belum buka"),
        ("09:00", False, "Loket untuk layanan ini belum dibuka"),
        ("14:50", True, "Belum ada jam yang bisa dijanjikan"),
    ],
)
def test_without_a_promise_the_page_says_why_and_what_to_do(
    client, monkeypatch, clock_now, counter_is_open, told
):
    office = an_office()
    walk_in_places(office)
    turn = a_walk_in(office, "07:20")
    if counter_is_open:
        at_counter(office)
    monkeypatch.setattr(clock, "now", lambda: at(clock_now))

    assert told in read(client.get(f"/g/{turn.code}/"))


def test_who_books_for_today_is_told_when_to_come_and_when_to_leave_home(client):
    office = an_office()
    turn = a_booking(a_window(office, "10:00"))
    a_promise(turn, "10:10", "10:30", stage="home", come="10:05")

    client.post(f"/g/{turn.code}/perjalanan/", {"perjalanan": "35"})
    page = read(client.get(f"/g/{turn.code}/"))

    assert "Berangkat dari rumah pukul 09.30 WIB" in page
    assert "Datang hari ini pukul 10.05 WIB" in page
    assert "Tempat Bapak/Ibu disimpan dari pukul 10.00 sampai 10.30 WIB" in page
    assert "nomornya dipanggil paling lambat pukul 10.30 WIB" in page


def test_who_should_have_left_already_is_told_to_leave_now(client):
    turn = a_booking(a_window(an_office(), "09:30"))

    client.post(f"/g/{turn.code}/perjalanan/", {"perjalanan": "45"})

    assert "Berangkatlah sekarang" in read(client.get(f"/g/{turn.code}/"))


@pytest.mark.parametrize("typed", ["satu jam", "-5", "12,5", "601", "99999", "٤٥"])
def test_a_travel_time_that_cannot_be_read_is_given_back_with_a_sentence(client, typed):
    turn = a_booking(a_window(an_office(), "10:00"))

    answer = client.post(f"/g/{turn.code}/perjalanan/", {"perjalanan": typed})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "dari 0 sampai 600" in page
    assert f'value="{typed}"' in page
    assert 'href="#id_perjalanan"' in page
    assert promises.travel_minutes(turn.id) is None


def test_an_emptied_travel_time_is_forgotten(client):
    turn = a_booking(a_window(an_office(), "10:00"))
    client.post(f"/g/{turn.code}/perjalanan/", {"perjalanan": " 40 menit "})
    assert promises.travel_minutes(turn.id) == 40

    client.post(f"/g/{turn.code}/perjalanan/", {"perjalanan": ""})

    assert promises.travel_minutes(turn.id) is None
    assert "Berangkat dari rumah" not in read(client.get(f"/g/{turn.code}/"))


def test_a_refused_travel_page_still_asks_how_the_turn_stands(client):
    turn = a_booking(a_window(an_office(), "10:00"))

    answer = client.get(f"/g/{turn.code}/perjalanan/?bagian=keadaan")

    assert answer["Location"] == f"/g/{turn.code}/?bagian=keadaan"


def test_who_is_here_already_is_not_asked_how_far_they_live(client):
    turn = somebody_waits()

    assert "perjalanan" not in client.get(f"/g/{turn.code}/").content.decode()
    client.post(f"/g/{turn.code}/perjalanan/", {"perjalanan": "30"})
    assert promises.travel_minutes(turn.id) is None


def test_a_window_on_another_day_says_by_when_one_is_out(client, monkeypatch):
    office = an_office()
    window = a_window(office, "09:30")
    turn = a_booking(window)
    tomorrow = timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: at("09:00") - tomorrow)
    monkeypatch.setattr(
        promises,
        "day_ahead",
        lambda *_, **__: DayAhead(at("09:30"), at("10:00"), at("10:20")),
    )

    choice = read(client.get(f"/ambil/jht/{office.slug}/"))
    who = read(client.get(f"/ambil/jht/{office.slug}/{window.id}/"))
    page = read(client.get(f"/g/{turn.code}/"))

    assert "selesai sekitar 10.20" in choice
    assert "Selesai sekitar pukul 10.20 WIB" in who
    assert "Bapak/Ibu selesai sekitar pukul 10.20 WIB" in page


# At the door.


def a_newcomer(monkeypatch, begins: str = "13:10", ends: str = "14:00") -> None:
    known = promises.Promised(at(begins), at(ends), at("09:00"), is_first=True, come_at=None)
    monkeypatch.setattr(promises, "newcomer", lambda *_, **__: known)


def touch(client, office, **step):
    return client.post(f"/kios/kiosk-token-{office.slug}/", step)


def an_office_with_a_kiosk():
    office = an_office()
    walk_in_places(office)
    a_kiosk(office)
    at_counter(office)
    return office


def test_the_kiosk_says_when_one_is_called_before_one_takes_a_number(client, monkeypatch):
    office = an_office_with_a_kiosk()
    later = a_window(office, "11:00")
    a_newcomer(monkeypatch)

    page = read(touch(client, office, langkah="layanan", layanan="jht"))

    assert "Jika ambil nomor sekarang, Bapak/Ibu dipanggil antara pukul 13.10 dan 14.00 WIB" in page
    assert "Atau pesan untuk hari ini, 11.00–11.30 WIB" in page
    type(later).objects.filter(id=later.id).update(
        day=MONDAY + timedelta(days=1),
        starts_at=at("09:30", MONDAY + timedelta(days=1)),
        ends_at=at("10:00", MONDAY + timedelta(days=1)),
    )
    page = read(touch(client, office, langkah="layanan", layanan="jht"))
    assert "Atau pesan untuk besok, 09.30–10.00 WIB" in page


def test_where_places_are_drawn_the_kiosk_leads_to_the_application(client, monkeypatch):
    office = a_drawing_office()
    walk_in_places(office)
    a_kiosk(office)
    a_newcomer(monkeypatch)

    page = read(touch(client, office, langkah="layanan", layanan="jht"))

    assert "dipanggil antara pukul 13.10 dan 14.00 WIB" in page
    assert "Atau ajukan giliran untuk hari lain; diundi Senin, 23 November 2026" in page


def test_before_the_counters_open_the_kiosk_says_when_they_do(client, monkeypatch):
    office = an_office_with_a_kiosk()
    monkeypatch.setattr(promises, "newcomer", lambda *_, **__: None)
    monkeypatch.setattr(clock, "now", lambda: at("07:45"))
    assert "Loket buka pukul 08.00 WIB" in read(
        touch(client, office, langkah="layanan", layanan="jht")
    )
    # Where the walk-in places begin before the doors open, the moment of opening isn't told.
    type(office).objects.filter(id=office.id).update(doors_open_minutes_before=5)
    assert "Loket belum buka" in read(touch(client, office, langkah="layanan", layanan="jht"))


def test_the_kiosk_promises_nothing_that_it_cannot_keep(client, monkeypatch):
    office = an_office_with_a_kiosk()
    monkeypatch.setattr(promises, "newcomer", lambda *_, **__: None)

    page = read(touch(client, office, langkah="layanan", layanan="jht"))
    assert "belum pasti Bapak/Ibu dilayani hari ini" in page

    Counter.objects.get(office=office, label="1").services.set([a_service("jkm")])
    page = read(touch(client, office, langkah="layanan", layanan="jht"))
    assert "Loket untuk keperluan ini belum dibuka" in page


def test_a_number_is_shown_even_if_no_time_can_be_worked_out(client, monkeypatch, caplog):
    office = an_office_with_a_kiosk()

    def fails(turn_id, *, now):
        raise ArithmeticError("a forecast that went wrong")

    monkeypatch.setattr(turns, "promise", fails)
    answer = touch(
        client, office, langkah="ambil", layanan="jht", prioritas="tidak", request_key=uuid4()
    )

    assert answer.status_code == 200
    assert "A001" in read(answer)
    assert "no time could be promised" in caplog.text


def test_the_number_comes_with_its_promise(client, monkeypatch):
    office = an_office_with_a_kiosk()
    monkeypatch.setattr(
        turns, "promise", lambda turn_id, **_: a_promise(Turn.objects.get(id=turn_id))
    )

    page = read(
        touch(
            client, office, langkah="ambil", layanan="jht", prioritas="tidak", request_key=uuid4()
        )
    )

    assert "Dipanggil antara pukul 09.40–10.05 WIB" in page
    assert "Sembilan dari sepuluh orang" in page


def test_the_officer_at_the_door_can_say_the_promise_with_the_number(monkeypatch):
    office = an_office_with_a_kiosk()
    client = Client()
    client.force_login(an_officer(office, "door"))
    monkeypatch.setattr(
        turns, "promise", lambda turn_id, **_: a_promise(Turn.objects.get(id=turn_id))
    )

    answer = client.post(
        f"/petugas/{office.slug}/pintu/",
        {"action": "number", "service": a_service().id, "request_key": uuid4()},
        follow=True,
    )

    assert "A001" in read(answer)
    assert "Dipanggil antara pukul 09.40 dan 10.05 WIB" in read(answer)


@pytest.mark.parametrize(
    ("minutes", "on_board", "at_kiosk"),
    [
        ((27, 43), "sekarang, sekitar 25–45 menit", "sekarang: sekitar 25–45 menit"),
        ((0, 8), "sekarang, paling lama 10 menit", "sekarang: paling lama 10 menit"),
        ((0, 0), "sekarang: langsung dipanggil", "sekarang: langsung dipanggil"),
        ((25, 25), "sekarang, sekitar 25 menit", "sekarang: sekitar 25 menit"),
    ],
)
def test_board_office_page_and_kiosk_say_how_long_a_newcomer_waits(
    client, monkeypatch, minutes, on_board, at_kiosk
):
    office = an_office_with_a_kiosk()
    a_walk_in(office)
    monkeypatch.setattr(promises, "line_estimate", lambda *_, **__: minutes)

    assert f"Ambil nomor {on_board}" in read(client.get(f"/papan/{office.slug}/"))
    assert f"Ambil nomor {at_kiosk}" in read(client.get(f"/kios/kiosk-token-{office.slug}/"))
    assert "menunggu jika ambil nomor sekarang" in read(client.get(f"/kantor/{office.slug}/"))


def test_nobody_is_told_to_take_a_number_when_none_is_left(client, monkeypatch):
    """The board said "Ambil nomor sekarang" all day at an office whose numbers were gone."""
    office = an_office()
    walk_in_places(office, places=1)
    a_walk_in(office)
    monkeypatch.setattr(promises, "line_estimate", lambda *_, **__: (27, 43))

    for where in (f"/papan/{office.slug}/", f"/kantor/{office.slug}/"):
        page = read(client.get(where))
        assert "mbil nomor sekarang" not in page
        assert "25–45" not in page
    assert "Nomor hari ini sudah habis" in read(client.get(f"/papan/{office.slug}/isi/"))
    assert "Nomor hari ini sudah habis –" in read(client.get(f"/kantor/{office.slug}/"))
    assert client.get(f"/api/v1/offices/{office.slug}").json()["today"]["newcomer"] is None


def test_json_tells_the_same(client, monkeypatch):
    office = an_office_with_a_kiosk()
    turn, booked = a_walk_in(office, "08:50"), a_booking(a_window(office, "10:00"))
    a_promise(turn)
    turns.note_travel(booked.id, 30, now=at("08:00"))
    monkeypatch.setattr(promises, "line_estimate", lambda *_, **__: (27, 43))

    told = client.get(f"/api/v1/turns/{turn.code}").json()
    home = client.get(f"/api/v1/turns/{booked.code}").json()
    today = client.get(f"/api/v1/offices/{office.slug}").json()["today"]

    assert told["promised_from"] == "2026-11-23T02:40:00+00:00"
    assert told["promised_till"] == "2026-11-23T03:05:00+00:00"
    assert told["promised_at"] == "2026-11-23T01:55:00+00:00"
    assert told["leave_by"] is None
    assert home["promised_from"] is None
    assert home["leave_by"] == "2026-11-23T02:30:00+00:00"
    assert today["newcomer"] == {"minutes_from": 27, "minutes_till": 43}


# When promises are about to break.


def a_desk_at_risk(monkeypatch, *, saved: float = 2.6, harmed: tuple[str, ...] = ("A001",)):
    """Return (client, line, officer) of an office where calling the third saves most promises."""
    office = an_office()
    walk_in_places(office)
    officer, _ = at_counter(office)
    line = [a_walk_in(office, f"08:1{n}") for n in range(3)]
    a_promise(line[2], "08:30", "09:05")
    rescue = RescueOf(line[2], saved, 0.31, 0.98, harmed)
    monkeypatch.setattr(promises, "rescues", lambda *_, **__: [rescue])
    client = Client()
    client.force_login(officer)
    return client, line, officer


def test_the_officer_sees_whom_to_call_first_and_why(monkeypatch):
    client, line, _ = a_desk_at_risk(monkeypatch)

    page = read(client.get(f"/petugas/{line[0].office.slug}/loket/"))

    assert "Panggil A003 dulu: janji kira-kira 3 orang tertolong" in page
    assert "dijanjikan dipanggil paling lambat pukul 09.05 WIB" in page
    assert "kemungkinannya 3 dari 10; jika dipanggil sekarang 9 dari 10" in page
    assert "Janji yang menjadi kurang pasti: A001" in page


def test_following_the_suggestion_calls_that_person_and_is_recorded(monkeypatch):
    client, line, officer = a_desk_at_risk(monkeypatch)

    answer = client.post(
        f"/petugas/{line[0].office.slug}/loket/", {"action": "follow", "who": line[2].id}
    )

    assert answer.status_code == 302
    assert Turn.objects.get(id=line[2].id).state == "called"
    event = Event.objects.get(kind="counter.call_by_name")
    assert (event.actor, event.data["reason"]) == (f"officer:{officer.id}", "promises")
    assert (event.data["saved"], event.data["harmed"]) == (3, ["A001"])


def test_nobody_else_can_be_called_out_of_the_order(monkeypatch):
    client, line, _ = a_desk_at_risk(monkeypatch)

    answer = client.post(
        f"/petugas/{line[0].office.slug}/loket/", {"action": "follow", "who": line[1].id}
    )

    assert answer.status_code == 409
    assert "saran itu tidak berlaku lagi" in read(answer)
    assert set(Turn.objects.values_list("state", flat=True)) == {"waiting"}


def test_a_gain_of_less_than_half_a_promise_is_not_suggested(monkeypatch):
    client, line, _ = a_desk_at_risk(monkeypatch, saved=0.4)

    assert "orang tertolong" not in read(client.get(f"/petugas/{line[0].office.slug}/loket/"))


def test_a_counter_that_does_not_serve_the_person_is_not_asked(monkeypatch):
    client, line, _ = a_desk_at_risk(monkeypatch)
    Counter.objects.get(office=line[0].office, label="1").services.set([a_service("jkm")])

    assert "orang tertolong" not in read(client.get(f"/petugas/{line[0].office.slug}/loket/"))


def test_a_busy_counter_is_told_but_cannot_call(monkeypatch):
    client, line, officer = a_desk_at_risk(monkeypatch)
    turns.call_next(
        Counter.objects.get(office=line[0].office, label="1").id,
        officer_id=officer.id,
        now=at("08:59"),
    )

    page = client.get(f"/petugas/{line[0].office.slug}/loket/").content.decode()

    assert "Panggil A003 dulu" in page
    assert "do-follow" not in page


def test_the_manager_reads_the_same_and_finds_it_in_the_history(monkeypatch):
    client, line, _ = a_desk_at_risk(monkeypatch)
    slug = line[0].office.slug
    boss = Client()
    boss.force_login(an_officer(line[0].office, "manager"))

    page = boss.get(f"/kepala/{slug}/")
    assert "Panggil A003 dulu: janji kira-kira 3 orang tertolong" in read(page)
    assert "do-follow" not in page.content.decode()

    client.post(f"/petugas/{slug}/loket/", {"action": "follow", "who": line[2].id})
    assert "memanggil nomor A003 mendahului urutan" in read(boss.get(f"/kepala/{slug}/riwayat/"))


# How many were kept: public.

LAST_MONDAY = MONDAY - timedelta(days=7)


def weeks_of(monkeypatch, *weeks: tuple[date, int, int]) -> None:
    def kept(office_ids, *, since, until):
        (office_id,) = office_ids
        return [
            KeptWeek(office_id, monday, promises=n, kept=k, called_early=0, minutes_wide=21.4)
            for monday, n, k in weeks
            if since <= monday < until
        ]

    monkeypatch.setattr(promises, "kept", kept)


def test_an_office_says_how_many_promises_it_kept_last_week(client, monkeypatch):
    office = an_office()
    weeks_of(monkeypatch, (LAST_MONDAY, 412, 379), (MONDAY, 50, 1))

    page = read(client.get(f"/kantor/{office.slug}/"))

    assert "Minggu lalu 91 % dari 412 janji waktu panggilan di kantor ini ditepati" in page


def test_twelve_full_weeks_are_listed_newest_first(client, monkeypatch):
    office = an_office()
    weeks_of(
        monkeypatch,
        *[(MONDAY - timedelta(weeks=n), 100 + n, 90) for n in range(15)],
    )

    page = read(client.get(f"/kantor/{office.slug}/janji/"))

    assert "16–22 Nov 2026 89 % 101 21 mnt" in page
    assert "26 Okt – 1 Nov 2026" in page
    assert " 112 " in page
    assert " 100 " not in page  # the week that goes on
    assert " 113 " not in page


def test_few_promises_are_not_turned_into_a_share(client, monkeypatch):
    office = an_office()
    weeks_of(monkeypatch, (LAST_MONDAY, 19, 19), (LAST_MONDAY - timedelta(days=7), 20, 20))

    page = read(client.get(f"/kantor/{office.slug}/janji/"))
    file = client.get(f"/kantor/{office.slug}/janji.csv")

    assert "16–22 Nov 2026 terlalu sedikit 19 –" in page
    assert "9–15 Nov 2026 100 % 20" in page
    assert "Minggu lalu" not in read(client.get(f"/kantor/{office.slug}/"))
    rows = list(csv.DictReader(file.content.decode().splitlines()))
    assert len(rows) == 12
    assert rows[0] == {
        "office": "serang",
        "monday": "2026-11-16",
        "sunday": "2026-11-22",
        "promises": "19",
        "kept": "",
        "called_early": "",
        "percent": "",
        "minutes_wide": "",
    }
    assert (rows[1]["kept"], rows[1]["percent"], rows[1]["minutes_wide"]) == ("20", "100", "21.4")
    assert rows[2]["promises"] == "0"


def test_a_new_office_says_that_nothing_can_be_counted_yet(client):
    office = an_office()

    assert "belum ada janji yang bisa dihitung" in read(client.get(f"/kantor/{office.slug}/janji/"))
    assert client.get("/kantor/tidak-ada/janji/").status_code == 404
    assert client.get("/kantor/tidak-ada/janji.csv").status_code == 404

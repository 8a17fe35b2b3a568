"""An officer's own weeks: shifts, wishes, and a calendar that follows the roster."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from giliran import clock
from giliran.capacity import actions as capacity
from giliran.capacity.models import RosterFeed, Shift, ShiftWish
from giliran.capacity.roster_setting import week_of
from giliran.journal.models import Event
from tests.builders import MONDAY, an_office, an_officer, at
from tests.stories.test_week_shifts import EARLIER, a_leave, a_roster, a_shift

pytestmark = pytest.mark.django_db

TUESDAY, NEXT = MONDAY + timedelta(days=1), MONDAY + timedelta(days=7)
TOKEN = "t" * 43


@pytest.fixture(autouse=True)
def monday_at_eight(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("08:00"))


def an_officer_with_shifts():
    office = an_office()
    a_roster(office)
    ani = an_officer(office, username="ani")
    a_shift(ani, office, MONDAY, "early")
    a_shift(ani, office, TUESDAY, "late")
    return office, ani


def entered(officer):
    client = Client()
    client.force_login(officer)
    return client


def events(client, token=TOKEN):
    answer = client.get(f"/jadwal/{token}.ics")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return {str(one["UID"]): one for one in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_the_calendar_holds_the_shifts_in_utc_and_is_for_a_subscription():
    office, ani = an_officer_with_shifts()
    capacity.new_feed(ani.id, TOKEN, now=EARLIER)
    raw = Client().get(f"/jadwal/{TOKEN}.ics").content.decode()
    assert "DTSTART:20261123T010000Z" in raw
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in raw
    assert "\r\n" in raw
    found = events(Client())
    assert len(found) == 2
    first = found["dinas-20261123@giliran"]
    assert first.decoded("DTEND") == at("14:00")
    assert office.name in str(first["SUMMARY"])
    assert all(one.get("DTSTAMP") for one in found.values())


def test_a_cancelled_shift_a_leave_and_a_draft_are_not_in_the_calendar():
    office, ani = an_officer_with_shifts()
    capacity.new_feed(ani.id, TOKEN, now=EARLIER)
    a_shift(ani, office, TUESDAY + timedelta(days=1), is_draft=True)
    monday = Shift.objects.get(day=MONDAY)
    capacity.cancel_shift(office, monday.id, actor="officer:9", now=EARLIER)
    assert set(events(Client())) == {"dinas-20261124@giliran"}
    a_leave(ani, office, TUESDAY)
    assert events(Client()) == {}


def test_a_changed_shift_takes_the_place_of_the_old_one_in_the_calendar():
    office, ani = an_officer_with_shifts()
    capacity.new_feed(ani.id, TOKEN, now=EARLIER)
    before = events(Client())["dinas-20261123@giliran"]
    capacity.put_shift(
        office,
        Shift.objects.get(day=MONDAY).id,
        officer_id=ani.id,
        day=MONDAY,
        kind="pm",
        actor="officer:9",
        now=EARLIER,
    )
    after = events(Client())["dinas-20261123@giliran"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert after.decoded("DTSTART") == at("11:00")


def test_who_asks_again_is_told_that_nothing_changed_until_something_does(monkeypatch):
    office, ani = an_officer_with_shifts()
    capacity.new_feed(ani.id, TOKEN, now=EARLIER)
    etag = Client().get(f"/jadwal/{TOKEN}.ics")["ETag"]
    monkeypatch.setattr(clock, "now", lambda: at("09:00"))
    again = Client().get(f"/jadwal/{TOKEN}.ics", headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    capacity.cancel_shift(office, Shift.objects.get(day=TUESDAY).id, actor="officer:9", now=EARLIER)
    changed = Client().get(f"/jadwal/{TOKEN}.ics", headers={"If-None-Match": etag})
    assert changed.status_code == 200


def test_only_the_secret_opens_the_calendar_and_a_new_one_closes_the_old():
    _, ani = an_officer_with_shifts()
    client = entered(ani)
    assert "/jadwal/" not in client.get("/petugas/jadwal/").content.decode().split("kalender")[-1]
    client.post("/petugas/jadwal/", {"action": "address"})
    first = RosterFeed.objects.get().token
    assert len(first) == 43
    assert (
        f"http://testserver/jadwal/{first}.ics" in client.get("/petugas/jadwal/").content.decode()
    )
    client.post("/petugas/jadwal/", {"action": "address"})
    second = RosterFeed.objects.get().token
    assert second != first
    assert Client().get(f"/jadwal/{first}.ics").status_code == 404
    assert len(events(Client(), second)) == 2
    for wrong in ("x", "t" * 43, "%00" * 43):
        assert Client().get(f"/jadwal/{wrong}.ics").status_code == 404
    ani.is_active = False
    ani.save()
    assert Client().get(f"/jadwal/{second}.ics").status_code == 404


def test_the_address_is_in_no_journal_entry():
    _, ani = an_officer_with_shifts()
    capacity.new_feed(ani.id, TOKEN, now=EARLIER)
    assert TOKEN not in str(list(Event.objects.values_list("data", flat=True)))


def test_the_page_shows_own_shifts_only_and_asks_wishes_for_weeks_without_a_roster():
    office, ani = an_officer_with_shifts()
    a_shift(an_officer(office, username="budi"), office, MONDAY, "pm")
    page = entered(ani).get("/petugas/jadwal/").content.decode()
    assert "08.00–14.00" in page
    assert "09.00–15.00" in page
    assert "11.00–15.00" not in page
    assert 'name="ingin-2026-11-30"' in page
    assert 'name="ingin-2026-11-24"' not in page


def test_a_wish_is_kept_weighed_and_taken_back():
    office, ani = an_officer_with_shifts()
    client = entered(ani)
    sent = {"action": "wish", f"ingin-{NEXT}": "early", f"ingin-{NEXT + timedelta(days=1)}": ""}
    client.post("/petugas/jadwal/", sent)
    assert list(ShiftWish.objects.values_list("day", "kind")) == [(NEXT, "early")]
    week = week_of(office.region_id, NEXT, today=MONDAY)
    assert {one.worker for one in week.setting.wishes if not one.is_for} == {str(ani.id)}
    client.post("/petugas/jadwal/", sent)
    assert Event.objects.filter(kind="shift.wish").count() == 1
    client.post("/petugas/jadwal/", sent | {f"ingin-{NEXT}": ""})
    assert not ShiftWish.objects.exists()


def test_a_wish_for_what_is_not_offered_or_over_is_refused_whole():
    _, ani = an_officer_with_shifts()
    answer = entered(ani).post(
        "/petugas/jadwal/",
        {"action": "wish", f"ingin-{NEXT}": "early", f"ingin-{NEXT + timedelta(days=1)}": "never"},
    )
    assert answer.status_code == 422
    with pytest.raises(capacity.BadWish):
        capacity.wish(ani.id, {MONDAY: "off"}, today=MONDAY, now=at("08:00"))
    assert not ShiftWish.objects.exists()


def test_who_sits_at_no_counter_is_told_so_and_strangers_log_in_first():
    office = an_office()
    page = entered(an_officer(office, "door")).get("/petugas/jadwal/")
    assert "tidak bertugas di loket" in page.content.decode()
    assert Client().get("/petugas/jadwal/").status_code == 302

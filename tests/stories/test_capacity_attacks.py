"""Odd questions, wrong hands and two at once: nothing breaks, nobody promised is dropped."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client

from giliran import clock
from giliran.capacity import actions as capacity
from giliran.capacity import changes, leave, needs, weeks
from giliran.capacity.models import Leave, Roster, Shift, Work
from giliran.core.refusal import NotFound
from giliran.offices import queries as offices
from giliran.offices.models import Region, WeeklyHours
from giliran.turns.models import OtherWindow
from tests.builders import MONDAY, a_booking, a_window, an_office, an_officer
from tests.stories.test_leave import EARLY, TUESDAY, a_team, asks, ill, put_down
from tests.stories.test_lending import a_pair, asked, head_of, on_duty

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ten_past_seven(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: EARLY)


def as_(officer) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(officer)
    return client


ODD_WEEKS = ("", "?senin=abc", "?senin=9999-12-31", "?senin=0001-01-01", "?senin=%00")
ODD_WEEKS += ("?senin=2026-11-24", "?senin=2027-01-04", "?senin=2028-01-03", "?senin=20261123")
ODD_CHANGES = (
    "?mau=ganti",
    "?mau=ganti&dinas=1",
    "?mau=ganti&dinas=1&petugas=1&hari=9999-12-31&jenis=full",
    "?mau=tambah&petugas=1&hari=2026-11-23&jenis=full",
    "?mau=tambah&petugas=999999999999999999&hari=2027-11-22&jenis=am&bagian=akibat",
    "?mau=tukar&dinas=1&dengan=999999999999999999",
    "?mau=batal&dinas=-1",
    "?mau=x",
    "?petugas=1&senin=2027-01-04",
    "?petugas=1&senin=2027-12-27",
    "?dinas=1&senin=2027-01-04",
    "?petugas=%00",
    "?hari=9999-99-99",
    "?mau=tambah&petugas=1&hari=9999-12-31&jenis=full&bagian=akibat",
)
ODD_DAYS = ("", "?hari=9999-99-99", "?hari=9999-12-31", "?hari=2027-01-04", "?hari=2031-01-01")
ODD_DAYS += ("?hari=0001-01-01", "?hari=%00", "?hari=2026-11-22")
ODD_MONTHS = ("", "?bulan=2026-13", "?bulan=9999-12", "?bulan=0001-01", "?bulan=%00", "?bulan=x")
ODD_MONTHS += ("?bulan=2026-11&bentuk=pdf", "?bulan=2026-11&bagian=hasil", "?bulan=2028-01")


def pages(office, region):
    here, there = f"/kepala/{office.slug}", f"/kepala/wilayah/{region.slug}"
    yield from (f"{here}/minggu/{odd}" for odd in (*ODD_WEEKS, *ODD_CHANGES))
    yield from (f"{there}/jadwal/{odd}" for odd in ODD_WEEKS)
    yield f"{there}/jadwal/?bagian=kemajuan"
    yield from (f"{there}/kekuatan/{odd}" for odd in ODD_DAYS)
    yield from (f"{one}/kapasitas/{odd}" for one in (here, there) for odd in ODD_MONTHS)
    yield from (f"{here}/{one}/" for one in ("cuti", "sakit", "pinjaman"))
    yield f"{here}/cuti/999999999999/"
    yield f"{here}/cuti/99999999999999999999999/"
    yield from ("/petugas/cuti/", "/petugas/jadwal/")


def broken(client, region, office):
    client.raise_request_exception = False
    found = []
    for page in pages(office, region):
        answer = client.get(page)
        if answer.status_code >= 500:
            found.append(page)
    return found


ROLES = ("officer", "door", "auditor", "administrator", "ombudsman")


@pytest.mark.parametrize("role", ROLES)
def test_no_page_breaks_whoever_asks_and_whatever(role):
    office = an_office(counters=1)
    officer, _ = a_team(office, 2)
    asks(officer, office)
    capacity.note_work(office.id, needs.work_of(office)[0].to_json(), MONDAY)
    capacity.note_needs(office.id, [MONDAY + timedelta(days=n) for n in range(7)])
    assert broken(as_(an_officer(office, role)), office.region, office) == []


@pytest.mark.parametrize("opened", [True, False])
def test_no_page_breaks_for_an_office_with_nothing(opened):
    region = Region.objects.create(slug="papua", name="Kanwil Papua", time_zone="Asia/Jayapura")
    office = an_office("biak", counters=0, region=region, time_zone="Asia/Jayapura")
    if not opened:
        WeeklyHours.objects.filter(office=office).delete()
    [officer] = a_team(office, 1)
    one, boss = asks(officer, office), as_(an_officer(office, "administrator"))
    assert boss.get(f"/kepala/{office.slug}/cuti/{one.id}/").status_code == 200
    assert broken(boss, region, office) == []


def test_no_page_breaks_for_a_region_without_offices():
    Region.objects.create(slug="kosong", name="Kanwil Kosong")
    boss = an_officer(an_office(), "administrator")
    for page in ("jadwal", "kekuatan", "kapasitas"):
        assert as_(boss).get(f"/kepala/wilayah/kosong/{page}/").status_code == 200
    there = "/kepala/wilayah/kosong/jadwal/?senin=2026-11-23"
    assert post(boss, there, action="make") == 302
    assert post(boss, there, action="publish") == 409
    assert post(boss, there, action="publish", roster="9") == 409
    assert post(boss, there) == 409
    found = Roster.objects.get()
    capacity.solve_roster(found.id, now=EARLY, seconds=1)
    assert capacity.publish_roster(found.id, officer_id=boss.id, now=EARLY).state == "published"


def test_a_region_of_many_offices_is_read_at_once(django_assert_max_num_queries):
    for n in range(30):
        office = an_office(f"kantor-{n}", counters=1)
        put_down(an_officer(office), office)
        if n == 0:
            capacity.note_work(office.id, needs.work_of(office)[0].to_json(), MONDAY)
            capacity.note_needs(office.id, [MONDAY])
        else:
            first = Work.objects.order_by("id")[0]
            capacity.note_work(office.id, first.data, MONDAY)
    client = as_(an_officer(office, "regional"))
    with django_assert_max_num_queries(40):
        answer = client.get("/kepala/wilayah/banten/kekuatan/")
    assert len(answer.context["offices"]) == 30


def test_many_offices_read_at_once_are_what_each_is_by_itself():
    office, _, neighbour, [lent, ailing, *_] = a_pair()
    capacity.accept_loan(asked(lent, office).id, **head_of(neighbour))
    ill(ailing, neighbour)
    bare = an_office("kosong", counters=0)
    every = [office, neighbour, bare]
    for day in (MONDAY, MONDAY + timedelta(days=4), MONDAY + timedelta(days=5)):
        found = weeks.days_at(every, day)
        for one in every:
            assert offices.hours_at(every, day)[one.id] == offices.hours(one, day)
            halves = found[one.id].half_hours
            assert [half.need for half in halves] == [
                half.officers for half in needs.need_of(one, day).half_hours
            ]
            assert [half.staff for half in halves] == [
                half.officers for half in needs.staff_of(one, day)
            ]


def post(sender, page, **fields):
    client = as_(sender)
    client.raise_request_exception = False
    return client.post(page, fields).status_code


def test_an_absence_in_the_last_year_there_is_cannot_be_asked_for():
    office = an_office()
    officer = an_officer(office)
    for first in ("9999-12-31", "9999-10-01", "2126-01-01", "0001-01-01"):
        with pytest.raises(capacity.BadDays):
            asks(officer, office, date.fromisoformat(first))
        fields = {"do": "ask", "office": office.id, "kind": "annual", "first_day": first}
        assert post(officer, "/petugas/cuti/", **fields) == 422


def test_another_day_is_suggested_within_reach():
    office = an_office()
    officer = an_officer(office)
    one = asks(officer, office, TUESDAY, TUESDAY + timedelta(days=2))
    head = an_officer(office, "manager")
    page = f"/kepala/{office.slug}/cuti/{one.id}/"
    assert post(head, page, do="suggest", day="9999-12-31") == 422
    assert post(officer, "/petugas/cuti/", do="take", leave=one.id) == 404


ODD = ("", "0", "-1", "\x00", "999999", "9" * 18, "9" * 40, "\u0661")
ANY_DAY = MONDAY.isoformat()


@pytest.mark.parametrize("value", ODD)
def test_what_is_not_on_the_form_is_refused_and_never_an_error(value):
    office = an_office(counters=0)  # nothing to count, so each page is quick
    officer = an_officer(office)
    one = asks(officer, office)
    put_down(an_officer(office), office)
    head, there = an_officer(office, "manager"), f"/kepala/{office.slug}"
    own = {"kind": value, "first_day": value, "leave": value, "office": value}
    sent = [
        *(
            (head, f"cuti/{one.id}/", {"do": do, "officer": value, "on": ANY_DAY})
            for do in ("loan", "booth", "substitute", "add", value)
        ),
        (head, f"cuti/{one.id}/", {"do": "loan", "officer": officer.id, "on": value}),
        (head, f"cuti/{one.id}/", {"do": "swap", "shift": value, "other": value}),
        (head, f"cuti/{one.id}/", {"do": "lengthen", "shift": value, "on": ANY_DAY}),
        (head, f"cuti/{one.id}/", {"do": "people", "on": value}),
        (head, f"cuti/{one.id}/", {"do": "suggest", "day": value}),
        (head, "pinjaman/", {"do": "accept", "loan": value}),
        (head, "pinjaman/", {"do": value, "loan": value}),
        (head, "sakit/", {"officer": value, "last_day": value, "request_key": value}),
        (head, "sakit/", {"officer": officer.id, "last_day": value or "x"}),
        (head, "minggu/", {"mau": value, "dinas": value}),
        (head, "minggu/", {"mau": "batal", "dinas": value}),
        (head, "minggu/", {"mau": "tukar", "dinas": value, "dengan": value}),
        (head, "minggu/", {"mau": "tambah", "petugas": value, "hari": ANY_DAY, "jenis": "full"}),
        (head, "minggu/", {"mau": "tambah", "petugas": officer.id, "hari": value}),
        *(
            (officer, "/petugas/cuti/", {**own, "do": do})
            for do in ("ask", "sick", "withdraw", "take", value)
        ),
        (officer, "/petugas/cuti/", {**own, "do": "ask", "office": office.id, "kind": "annual"}),
        (officer, "/petugas/jadwal/", {"action": value}),
    ]
    for who, page, fields in sent:
        path = page if page.startswith("/") else f"{there}/{page}"
        assert 400 <= post(who, path, **fields) < 500, (path, fields)


def test_odd_reasons_are_too_long_empty_or_kept():
    office = an_office()
    one = asks(an_officer(office), office)
    head, page = an_officer(office, "manager"), f"/kepala/{office.slug}/cuti/{one.id}/"
    assert post(head, page, do="refuse", reason="\x00 ") == 422
    assert post(head, page, do="refuse", reason="x" * 300) == 422
    assert post(head, page, do="refuse", reason="Ra\x00mai") == 302
    one.refresh_from_db()
    assert one.reason == "Ramai"


def test_who_is_ill_longer_than_first_said_stays_noted_as_ill():
    office = an_office()
    officer = an_officer(office)
    one = ill(officer, office)
    more = ill(officer, office, last_day=MONDAY + timedelta(days=4))
    assert all(leave.is_away(officer.id, MONDAY + timedelta(days=n)) for n in range(5))
    assert not leave.is_away(officer.id, MONDAY + timedelta(days=5))
    assert more.kind == "sick"
    assert ill(officer, office, last_day=MONDAY + timedelta(days=4)).id == one.id
    assert Leave.objects.count() == 2


def test_who_is_ill_before_their_holiday_is_ill_until_it_begins():
    office = an_office()
    officer = an_officer(office)
    holiday = asks(officer, office, MONDAY + timedelta(days=3), MONDAY + timedelta(days=4))
    capacity.approve_leave(holiday.id, **head_of(office))
    one = ill(officer, office, last_day=MONDAY + timedelta(days=4))
    assert (one.first_day, one.last_day) == (MONDAY, MONDAY + timedelta(days=2))
    again = ill(officer, office, last_day=MONDAY + timedelta(days=7))
    assert again.kind == "sick"
    assert all(leave.is_away(officer.id, MONDAY + timedelta(days=n)) for n in range(8))


def test_who_was_well_after_all_and_falls_ill_is_ill_though_the_page_was_an_old_one():
    office = an_office()
    officer = an_officer(office)
    key = uuid4()
    one = ill(officer, office, request_key=key)
    capacity.withdraw_leave(one.id, officer_id=officer.id, now=EARLY)
    ill(officer, office, request_key=key)
    assert leave.is_away(officer.id, MONDAY)


def test_a_form_that_was_changed_and_sent_again_asks_again():
    office = an_office()
    officer = an_officer(office)
    key = uuid4()
    first = asks(officer, office, request_key=key)
    other = asks(officer, office, TUESDAY, request_key=key)
    assert (first.first_day, other.first_day) == (MONDAY, TUESDAY)
    assert asks(officer, office, TUESDAY, request_key=key).id == other.id


def test_the_key_of_anothers_form_finds_nothing_of_theirs():
    office = an_office()
    one, other = an_officer(office), an_officer(office)
    key = uuid4()
    assert asks(one, office, request_key=key).id != asks(other, office, request_key=key).id


def test_nobody_is_lent_to_an_office_without_a_roster():
    """One lent officer would be all that such an office has, and its free places would go."""
    office = an_office(counters=3)
    neighbour = an_office("cilegon", counters=3, longitude=Decimal("106.06"))
    [officer, *_] = a_team(neighbour, 3, [MONDAY])
    before = [one.officers for one in needs.staff_of(office, MONDAY)]
    with pytest.raises(changes.NoRosterYet):
        asked(officer, office)
    assert [one.officers for one in needs.staff_of(office, MONDAY)] == before


def test_somebody_whose_access_was_closed_is_neither_counted_nor_asked_for():
    office, [ours], neighbour, [lent, *_] = a_pair()
    lent.is_active = False
    lent.save()
    assert lent.id not in {one.officer_id for one in needs.shifts_there(neighbour, MONDAY)}
    with pytest.raises(capacity.NotPutDown):
        asked(lent, office)
    ours.is_active = False
    ours.save()
    assert max(one.officers for one in needs.staff_of(office, MONDAY)) == 0
    guard = an_officer(neighbour, "door")
    guard.is_active = False
    guard.save()
    ailing = ill(an_officer(neighbour), neighbour)
    put_down(ailing.officer, neighbour)
    with pytest.raises(capacity.CannotSubstitute):
        capacity.put_substitute(
            guard.id, leave_id=ailing.id, office_id=neighbour.id, day=MONDAY, actor="x", now=EARLY
        )


def test_nobody_substitutes_for_who_is_there():
    office = an_office()
    officer, colleague = a_team(office, 2)
    guard = an_officer(office, "door")
    one = asks(officer, office)
    terms = {"leave_id": one.id, "office_id": office.id, "day": MONDAY, "actor": "x", "now": EARLY}
    for who in (officer, colleague):
        with pytest.raises(capacity.CannotSubstitute):
            capacity.put_substitute(who.id, **terms)
    capacity.withdraw_leave(one.id, officer_id=officer.id, now=EARLY)
    with pytest.raises(NotFound):
        capacity.put_substitute(guard.id, **terms)
    assert not Shift.objects.filter(officer=guard).exists()


def test_a_lent_shift_that_is_cancelled_sends_its_officer_home_again():
    office, _, neighbour, [lent, *_] = a_pair()
    one = asked(lent, office)
    capacity.accept_loan(one.id, **head_of(neighbour))
    [shift] = Shift.objects.filter(officer=lent, office=office)
    capacity.cancel_shift(office, shift.id, actor="officer:1", now=EARLY)
    one.refresh_from_db()
    assert one.state == "withdrawn"
    assert on_duty(lent) == [(MONDAY.isoformat(), neighbour.id)]


def test_an_office_that_serves_nothing_keeps_nobody_from_a_roster():
    office = an_office()
    an_officer(office)
    empty = an_office("kosong", counters=0)
    put_down(an_officer(empty), empty)
    found = capacity.make_roster(office.region_id, MONDAY, actor="x", now=EARLY)
    assert capacity.solve_roster(found.id, now=EARLY, seconds=2).state == "draft"


def test_a_neighbour_that_serves_nothing_keeps_no_head_from_deciding():
    office, [officer], _neighbour, _ = a_pair()
    empty = an_office("kosong", counters=0)
    put_down(an_officer(empty), empty)
    one = asks(officer, office)
    head = an_officer(office, "manager")
    client = as_(head)
    assert client.get(f"/kepala/{office.slug}/cuti/{one.id}/").status_code == 200


def test_no_roster_is_begun_for_a_week_whose_holidays_are_not_known():
    office = an_office()
    for monday in (date(2027, 12, 27), date(2028, 1, 3)):
        with pytest.raises(capacity.HolidaysUnknown):
            capacity.make_roster(office.region_id, monday, actor="x", now=EARLY)
    assert not Roster.objects.exists()
    boss = an_officer(office, "regional")
    page = f"/kepala/wilayah/{office.region.slug}/jadwal/"
    assert post(boss, f"{page}?senin=2027-12-27", action="make") == 409
    assert post(boss, page, action="make") == 302


def test_hours_worked_at_a_neighbour_count_for_the_week():
    from giliran.capacity.roster_setting import limits_of

    office, _, neighbour, [lent, *_] = a_pair()
    capacity.accept_loan(asked(lent, office).id, **head_of(neighbour))
    week = limits_of(office.region_id, MONDAY, today=TUESDAY)
    [worker] = [one for one in week.setting.workers if one.key == str(lent.id)]
    assert worker.most_minutes == 33 * 60


def test_a_loan_agreed_after_the_draft_keeps_it_from_coming_in_force():
    office, _, neighbour, team = a_pair()
    found = capacity.make_roster(office.region_id, MONDAY, actor="x", now=EARLY)
    capacity.solve_roster(found.id, now=EARLY, seconds=2)
    lent = next(
        one
        for one in team
        if Shift.objects.filter(officer=one, is_draft=True, office=neighbour, day=MONDAY)
    )
    capacity.accept_loan(asked(lent, office).id, **head_of(neighbour))
    with pytest.raises(capacity.RosterBreaksRules):
        capacity.publish_roster(found.id, officer_id=an_officer(office, "regional").id, now=EARLY)
    assert (MONDAY.isoformat(), office.id) in on_duty(lent)


def test_nobody_is_offered_another_window_for_an_absence_that_is_off():
    office = an_office(counters=1)
    officer = an_officer(office)
    put_down(officer, office)
    window = a_window(office, "09:30", places=4)
    for _ in range(4):
        a_booking(window, now=EARLY)
    a_window(office, "14:00", places=9)
    one = asks(officer, office)
    capacity.withdraw_leave(one.id, officer_id=officer.id, now=EARLY)
    head, page = an_officer(office, "manager"), f"/kepala/{office.slug}/cuti/{one.id}/"
    for do in ("people", "loan", "add", "swap", "lengthen", "booth", "substitute"):
        fields = {"do": do, "on": ANY_DAY, "officer": officer.id, "shift": 1, "other": 2}
        assert post(head, page, **fields) == 409
    assert not OtherWindow.objects.exists()


def test_a_draft_of_a_week_that_is_over_is_not_put_in_force():
    office = an_office()
    an_officer(office)
    found = capacity.make_roster(office.region_id, MONDAY, actor="x", now=EARLY)
    capacity.solve_roster(found.id, now=EARLY, seconds=5)
    later = EARLY + timedelta(days=7)
    with pytest.raises(capacity.WeekIsOver):
        capacity.publish_roster(found.id, officer_id=an_officer(office).id, now=later)


def test_a_shortage_of_an_office_that_moved_or_is_gone_breaks_no_page():
    office = an_office()
    an_officer(office)
    found = capacity.make_roster(office.region_id, MONDAY, actor="x", now=EARLY)
    found = capacity.solve_roster(found.id, now=EARLY, seconds=5)
    assert found.shorts
    found.shorts.append({**found.shorts[0], "office_id": 999_999})
    found.save()
    boss = as_(an_officer(office, "administrator"))
    office.region = Region.objects.create(slug="kosong", name="Kanwil Kosong")
    office.save()
    assert boss.get("/kepala/wilayah/banten/jadwal/?senin=2026-11-23").status_code == 200


def test_whoever_does_not_lead_an_office_changes_nothing_there():
    office, other = an_office(counters=0), an_office("lain", counters=0)
    [officer] = a_team(office, 1)
    one = asks(officer, office)
    stranger = an_office(
        "jauh", counters=0, region=Region.objects.create(slug="jauh", name="Kanwil Jauh")
    )
    others = [
        *(an_officer(office, role) for role in ("officer", "door", "auditor", "ombudsman")),
        an_officer(other, "manager"),
        an_officer(stranger, "regional"),
        officer,
    ]
    here, there = f"/kepala/{office.slug}", f"/kepala/wilayah/{office.region.slug}"
    for who in others:
        for page, fields in (
            (f"{here}/cuti/{one.id}/", {"do": "approve"}),
            (f"{here}/sakit/", {"officer": officer.id}),
            (f"{here}/pinjaman/", {"do": "accept", "loan": 1}),
            (f"{here}/minggu/", {"mau": "batal", "dinas": 1}),
            (f"{there}/jadwal/", {"action": "make"}),
        ):
            assert post(who, page, **fields) == 403, (who, page)
    assert post(an_officer(office, "manager"), f"{there}/jadwal/", action="make") == 403
    one.refresh_from_db()
    assert one.state == "asked"
    assert not Roster.objects.filter(state="solving").exists()


def test_today_is_the_day_of_the_office_wherever_it_lies(monkeypatch):
    """At 22.30 UTC on Sunday it is Monday in all of Indonesia, at 16.30 only in the east."""
    region = Region.objects.create(slug="papua", name="Kanwil Papua", time_zone="Asia/Jayapura")
    east = an_office("jayapura", region=region, time_zone="Asia/Jayapura")
    west = an_office()
    now = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: now)
    for office, day in ((east, MONDAY), (west, MONDAY - timedelta(days=1))):
        one = ill(an_officer(office), office, now=now)
        assert one.first_day == day
        boss = as_(an_officer(office, "manager"))
        assert boss.get(f"/kepala/{office.slug}/cuti/{one.id}/").status_code == 200
        assert boss.get(f"/kepala/{office.slug}/minggu/").context["today"] == day


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "2030-01", "2026-13", "", "\x00"])
def test_a_month_too_far_is_not_checked(month):
    office = an_office()
    boss = an_officer(office, "auditor")
    for page in (f"/kepala/{office.slug}/", "/kepala/wilayah/banten/"):
        assert post(boss, f"{page}kapasitas/", bulan=month) in ({302} if not month else {404, 422})

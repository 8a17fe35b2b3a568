"""Changing one shift of a roster in force, and what a manager sees of it before and after."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from giliran import clock
from giliran.capacity import actions as capacity
from giliran.capacity import changes, needs, weeks
from giliran.capacity.effects import effect_of
from giliran.capacity.models import Leave, Loan, Roster, Shift, Work
from giliran.jobs import estimating
from giliran.journal.models import Event
from giliran.offices.models import WeeklyHours
from tests.builders import MONDAY, a_booking, a_window, an_office, an_officer, at

pytestmark = pytest.mark.django_db

TUESDAY, SATURDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=5)
EARLIER = at("08:00", MONDAY - timedelta(days=3))
HOURS = {"full": ("08:00", "15:00"), "early": ("08:00", "14:00"), "late": ("09:00", "15:00")}
HOURS |= {"am": ("08:00", "12:00"), "pm": ("11:00", "15:00")}


def a_roster(office, monday=MONDAY):
    return Roster.objects.create(
        region=office.region,
        monday=monday,
        state=Roster.State.PUBLISHED,
        made_at=EARLIER,
        made_by="officer:1",
        published_at=EARLIER,
        published_by="officer:1",
    )


def a_shift(officer, office, day=MONDAY, kind="full", **fields):
    begins, ends = HOURS[kind]
    fields.setdefault("roster", Roster.objects.filter(region=office.region).first())
    return Shift.objects.create(
        officer=officer,
        office=office,
        day=day,
        kind=kind,
        begins_at=at(begins, day),
        ends_at=at(ends, day),
        **fields,
    )


def a_leave(officer, office, day):
    return Leave.objects.create(
        request_key=uuid4(),
        officer=officer,
        office=office,
        kind="annual",
        first_day=day,
        last_day=day,
        state="approved",
        asked_at=EARLIER,
        asked_by="officer:1",
    )


def a_week():
    """Return an office with a roster in force, and two officers who are there on Monday."""
    office = an_office(counters=3)
    a_roster(office)
    ani, budi = an_officer(office, username="ani"), an_officer(office, username="budi")
    return office, a_shift(ani, office), a_shift(budi, office, kind="early")


def put(office, shift, *, officer=None, day=MONDAY, kind="full"):
    return capacity.put_shift(
        office,
        shift.id,
        officer_id=(officer or shift.officer).id,
        day=day,
        kind=kind,
        actor="officer:9",
        now=EARLIER,
    )


def in_force(office):
    found = Shift.objects.filter(office=office, is_draft=False, cancelled_at__isnull=True)
    return {(one.officer.username, one.day, one.kind) for one in found}


def posted():
    return set(
        ProcrastinateJob.objects.filter(task_name="capacity.replan").values_list(
            "queueing_lock", flat=True
        )
    )


def test_another_kind_of_shift_takes_the_place_of_the_old_one_and_asks_for_a_new_count():
    office, first, _ = a_week()
    put(office, first, kind="late")
    assert in_force(office) == {("ani", MONDAY, "late"), ("budi", MONDAY, "early")}
    first.refresh_from_db()
    assert first.cancelled_at == EARLIER
    fresh = Shift.objects.get(officer=first.officer, cancelled_at=None)
    assert (fresh.begins_at, fresh.ends_at) == (at("09:00"), at("15:00"))
    assert fresh.roster_id == first.roster_id
    assert posted() == {f"capacity.replan:{office.id}:{MONDAY}"}
    event = Event.objects.get(kind="shift.change")
    assert (event.office_id, event.actor) == (office.id, "officer:9")
    assert event.data["gone"] == [first.id]


def test_a_shift_moves_to_another_day_or_to_another_officer():
    office, first, _ = a_week()
    citra = an_officer(office, username="citra")
    put(office, first, day=TUESDAY, kind="am")
    moved = Shift.objects.get(officer=first.officer, cancelled_at=None)
    put(office, moved, officer=citra, day=TUESDAY, kind="am")
    assert in_force(office) == {("citra", TUESDAY, "am"), ("budi", MONDAY, "early")}
    assert posted() == {f"capacity.replan:{office.id}:{day}" for day in (MONDAY, TUESDAY)}


def test_two_shifts_of_a_day_change_their_kinds_and_of_two_days_their_officers():
    office, first, second = a_week()
    change = capacity.swap_shifts(office, first.id, second.id, actor="officer:9", now=EARLIER)
    assert in_force(office) == {("ani", MONDAY, "early"), ("budi", MONDAY, "full")}
    ani = next(one for one in change.fresh if one.officer_id == first.officer_id)
    citra = a_shift(an_officer(office, username="citra"), office, TUESDAY, "am")
    capacity.swap_shifts(office, ani.id, citra.id, actor="officer:9", now=EARLIER)
    assert in_force(office) == {
        ("ani", TUESDAY, "am"),
        ("budi", MONDAY, "full"),
        ("citra", MONDAY, "early"),
    }


def test_a_cancelled_shift_is_gone_and_a_free_officer_can_be_put_down():
    office, first, _ = a_week()
    capacity.cancel_shift(office, first.id, actor="officer:9", now=EARLIER)
    assert in_force(office) == {("budi", MONDAY, "early")}
    capacity.add_shift(
        office,
        officer_id=first.officer_id,
        day=MONDAY,
        kind="pm",
        actor="officer:9",
        now=EARLIER,
    )
    assert ("ani", MONDAY, "pm") in in_force(office)


def test_a_shift_that_stays_as_it_is_changes_nothing():
    office, first, _ = a_week()
    put(office, first)
    first.refresh_from_db()
    assert first.cancelled_at is None
    assert not posted()


def test_an_old_page_is_told_so_and_changes_nothing():
    office, first, second = a_week()
    put(office, first, kind="late")
    before = in_force(office)
    with pytest.raises(changes.ShiftHasChanged):
        put(office, first, kind="am")
    with pytest.raises(changes.ShiftHasChanged):
        capacity.swap_shifts(office, second.id, first.id, actor="officer:9", now=EARLIER)
    with pytest.raises(changes.ShiftHasChanged):
        capacity.cancel_shift(office, first.id, actor="officer:9", now=EARLIER)
    assert in_force(office) == before


def test_nobody_works_on_a_day_of_leave_nor_twice_a_day():
    office, first, second = a_week()
    a_leave(second.officer, office, TUESDAY)
    with pytest.raises(capacity.ShiftBreaksRule, match=r"budi cuti pada"):
        put(office, second, day=TUESDAY)
    with pytest.raises(changes.OfficerIsBusy, match=r"ani"):
        put(office, second, officer=first.officer)
    assert ("budi", MONDAY, "early") in in_force(office)


def test_a_sixth_long_day_is_refused_with_the_article_of_the_law():
    office, first, _ = a_week()
    WeeklyHours.objects.filter(office=office).update(closes="16:30")
    HOURS["long"] = ("08:00", "16:30")
    for n in range(1, 5):
        a_shift(first.officer, office, MONDAY + timedelta(days=n), "full")
    Shift.objects.filter(officer=first.officer).update(kind="full")
    WeeklyHours.objects.create(
        office=office, weekday=5, opens="08:00", closes="16:30", since=MONDAY
    )
    with pytest.raises(capacity.ShiftBreaksRule, match=r"Paling banyak 40 jam .*Pasal 77"):
        capacity.add_shift(
            office,
            officer_id=first.officer_id,
            day=SATURDAY,
            kind="full",
            actor="officer:9",
            now=EARLIER,
        )


def test_a_seventh_day_on_end_is_refused_although_it_began_last_week():
    office = an_office()
    for weekday in (5, 6):
        WeeklyHours.objects.create(
            office=office, weekday=weekday, opens="08:00", closes="12:00", since="2020-01-01"
        )
    a_roster(office)
    ani = an_officer(office, username="ani")
    for n in range(-6, 0):
        a_shift(ani, office, MONDAY + timedelta(days=n), "am", roster=None)
    a_shift(an_officer(office), office)
    with pytest.raises(capacity.ShiftBreaksRule, match=r"7 hari berturut-turut"):
        capacity.add_shift(
            office, officer_id=ani.id, day=MONDAY, kind="am", actor="officer:9", now=at("06:00")
        )
    capacity.add_shift(
        office, officer_id=ani.id, day=TUESDAY, kind="am", actor="officer:9", now=at("06:00")
    )


def test_who_breaks_a_rule_already_may_still_mend_it():
    office, first, _ = a_week()
    a_leave(first.officer, office, MONDAY)
    put(office, first, day=TUESDAY)
    assert ("ani", TUESDAY, "full") in in_force(office)


def test_past_days_other_offices_and_days_without_a_roster_are_refused_with_a_reason():
    office, first, _ = a_week()
    stranger = an_officer(an_office("cilegon"), username="dodi")
    with pytest.raises(changes.NotStaffHere, match="Minta pinjaman"):
        put(office, first, officer=stranger)
    with pytest.raises(changes.NoSuchDuty):
        put(office, first, day=SATURDAY)
    with pytest.raises(changes.NoRosterYet):
        capacity.add_shift(
            office,
            officer_id=first.officer_id,
            day=MONDAY + timedelta(days=7),
            kind="full",
            actor="officer:9",
            now=EARLIER,
        )
    with pytest.raises(changes.DayIsOver):
        capacity.cancel_shift(office, first.id, actor="officer:9", now=at("08:00", TUESDAY))


def test_a_lent_officer_keeps_the_day_and_a_cancelled_shift_ends_the_loan():
    office, first, _ = a_week()
    home = an_office("cilegon")
    lent = an_officer(home, username="dodi")
    loan = Loan.objects.create(
        officer=lent,
        home=home,
        to=office,
        day=MONDAY,
        travel_minutes=20,
        state="accepted",
        asked_by=first.officer,
        asked_at=EARLIER,
    )
    shift = a_shift(lent, office, kind="am", loan=loan)
    with pytest.raises(changes.LentForOneDay):
        put(office, shift, day=TUESDAY)
    put(office, shift, kind="pm")
    again = Shift.objects.get(officer=lent, cancelled_at=None)
    assert (again.kind, again.loan_id) == ("pm", loan.id)
    capacity.cancel_shift(office, again.id, actor="officer:9", now=EARLIER)
    loan.refresh_from_db()
    assert loan.state == "withdrawn"


def test_the_effect_names_half_hours_and_promised_people_before_anything_is_stored():
    office, first, _ = a_week()
    offer = a_window(office, "14:00", places=9)
    for _ in range(6):
        a_booking(offer, now=EARLIER)
    change = changes.to_put(
        office, first.id, officer_id=first.officer_id, day=MONDAY, kind="am", now=EARLIER
    )
    effect = effect_of(change, now=EARLIER)
    [day] = effect.days
    changed = {
        f"{one.begins:%H:%M}": (one.before, one.after) for one in day.half_hours if one.is_changed
    }
    assert changed["14:00"] == (1, 0)
    assert "08:00" not in changed
    assert effect.touched > 0
    assert effect.broken == ()
    assert in_force(office) == {("ani", MONDAY, "full"), ("budi", MONDAY, "early")}
    assert not posted()


def test_a_week_shows_need_against_staff_and_what_everybody_does():
    office, first, second = a_week()
    neighbour = an_office("cilegon")
    a_shift(first.officer, neighbour, TUESDAY)
    a_leave(second.officer, office, TUESDAY)
    week = weeks.week(office, MONDAY)
    monday = week.days[0]
    assert [one.need for one in monday.half_hours] == [
        one.officers for one in needs.need_of(office, MONDAY).half_hours
    ]
    assert [one.staff for one in monday.half_hours] == [
        one.officers for one in needs.staff_of(office, MONDAY)
    ]
    assert week.days[5].half_hours == ()
    ani, budi = week.people
    assert ani.cells[0].shift_id == first.id
    assert ani.cells[1].elsewhere == "Cilegon"
    assert budi.cells[1].is_away
    assert ani.hours == 14


def test_needs_are_counted_at_night_and_a_page_only_reads_them(monkeypatch):
    office = an_office()
    monkeypatch.setattr(clock, "now", lambda: at("02:20"))
    estimating.estimate_all(0)
    counted = needs.need_of(office, TUESDAY)
    assert set(Work.objects.get().data[needs.COUNTED]) == {
        key for key in Work.objects.get().data[needs.COUNTED] if key[0] in "01234"
    }
    monkeypatch.setattr(needs, "need_of_streams", lambda *_, **__: pytest.fail("counted again"))
    assert needs.need_of(office, TUESDAY) == counted
    WeeklyHours.objects.filter(office=office).update(closes="14:00")
    monkeypatch.undo()
    assert len(needs.need_of(office, TUESDAY).half_hours) == 12


def test_work_noted_anew_forgets_the_needs_of_the_old():
    office = an_office()
    estimating.estimating.estimate(office, now=at("02:20"))
    capacity.note_needs(office.id, [MONDAY])
    estimating.estimating.estimate(office, now=at("02:20", TUESDAY))
    assert needs.COUNTED not in Work.objects.get().data

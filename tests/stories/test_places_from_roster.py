"""Places follow from who is put down for the day; what is promised is kept first."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giliran import clock
from giliran.capacity import actions as capacity
from giliran.capacity import needs, places, span
from giliran.capacity.models import Leave, Loan, Offer, Override, Roster, Shift, Work
from giliran.core.need.estimate import share
from giliran.core.need.work import Counted, estimate_work
from giliran.jobs import estimating
from giliran.journal.models import Event
from giliran.people.models import Officer
from giliran.turns import actions as turns
from giliran.turns.models import Turn
from tests.builders import (
    MONDAY,
    a_booking,
    a_drawing_office,
    an_application,
    an_office,
    an_officer,
    at,
)
from tests.examples import examples

pytestmark = pytest.mark.django_db

TUESDAY, FRIDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=4)


def a_shift(office, begins="08:00", ends="15:00", *, day: date = MONDAY, officer=None, **fields):
    return Shift.objects.create(
        officer=officer or an_officer(office),
        office=office,
        day=day,
        kind="full",
        begins_at=at(begins, day),
        ends_at=at(ends, day),
        **fields,
    )


def on_leave(officer: Officer, office, day: date = MONDAY, state="approved") -> Leave:
    return Leave.objects.create(
        request_key=f"00000000-0000-4000-8000-{officer.id:012}",
        officer=officer,
        office=office,
        kind="sick",
        first_day=day,
        last_day=day,
        state=state,
        asked_at=at("07:00"),
        asked_by=f"officer:{officer.id}",
    )


def staffed(office, day: date = MONDAY, **without) -> dict[str, int]:
    return {
        one.begins.strftime("%H:%M"): one.officers for one in needs.staff_of(office, day, **without)
    }


def windows(office, day: date = MONDAY) -> dict[str, Offer]:
    return {
        f"{one.starts_at.astimezone(at('08:00').tzinfo):%H:%M}": one
        for one in Offer.objects.filter(office=office, day=day, kind="window").order_by("id")
    }


def nobody_stays_away(office) -> None:
    """Note a work in which everybody comes, so that places are easy to count."""
    known = needs.terms(office)
    work = estimate_work(
        Counted(), known.typical_minutes, counters=known.counters, open_at=known.open_at
    )
    data = work.to_json() | {"no_show": share(0, 10**6, usual=0.0).to_json()}
    capacity.note_work(office.id, data, MONDAY)


def test_without_anybody_put_down_every_counter_counts_as_before():
    office = an_office()
    before = capacity.plan(office, MONDAY)
    a_shift(office, day=TUESDAY)
    a_shift(office, is_draft=True)
    assert capacity.plan(office, MONDAY) == before
    assert staffed(office) == dict.fromkeys(staffed(office), 2)


def test_a_morning_with_one_officer_has_fewer_places_than_an_afternoon_with_three():
    office = an_office(counters=3)
    nobody_stays_away(office)
    a_shift(office, "08:00", "15:00")
    a_shift(office, "12:00", "15:00")
    a_shift(office, "12:00", "15:00")
    capacity.offer_day(office, MONDAY)

    by_clock = {clock: offer.places for clock, offer in windows(office).items()}

    assert by_clock["08:00"] <= 2
    assert by_clock["14:00"] >= 5


def test_no_more_officers_count_than_there_are_counters():
    office = an_office(counters=1)
    for _ in range(3):
        a_shift(office, "08:00", "11:00")
    assert staffed(office)["09:00"] == 1
    assert staffed(office)["11:00"] == 0


def test_after_four_hours_everybody_rests_and_not_all_at_once():
    office = an_office(counters=3)
    for _ in range(3):
        a_shift(office)
    there = staffed(office)
    assert sum(3 - n for n in there.values()) == 3
    assert min(there.values()) == 2
    rests = [clock for clock, n in there.items() if n < 3]
    assert max(rests) <= "12:00"


def test_friday_prayer_is_rest_enough_and_nobody_counts_during_it():
    office = an_office()
    for _ in range(2):
        a_shift(office, day=FRIDAY)
    there = staffed(office, FRIDAY)
    assert [there[clock] for clock in ("11:30", "12:00", "12:30")] == [0, 0, 0]
    assert {n for clock, n in there.items() if not "11:30" <= clock < "13:00"} == {2}


def test_leave_and_loans_are_respected_and_leave_that_is_only_asked_is_not():
    office, neighbour = an_office(counters=4), an_office("tangerang")
    ill, lent, asks = (a_shift(office, ends="12:00").officer for _ in range(3))
    a_shift(office, ends="12:00", cancelled_at=at("06:00"))
    on_leave(ill, office)
    on_leave(asks, office, state="asked")
    Loan.objects.create(
        officer=lent,
        home=office,
        to=neighbour,
        day=MONDAY,
        travel_minutes=30,
        state="accepted",
        asked_by=asks,
        asked_at=at("06:00"),
    )
    assert staffed(office)["09:00"] == 1
    assert staffed(office, without={asks.id})["09:00"] == 0


def test_where_few_are_there_for_the_need_the_half_hours_are_named():
    office = an_office(counters=4)
    a_shift(office, ends="12:00")
    short = needs.short_of(office, MONDAY)
    assert {(one.need > one.staff) for one in short} == {True}
    assert short[0].begins == at("08:00")
    assert short == [
        needs.Short(need.begins, need.officers, staff.officers)
        for need, staff in zip(
            needs.need_of(office, MONDAY).half_hours, needs.staff_of(office, MONDAY), strict=True
        )
        if need.officers > staff.officers
    ]


def test_a_sick_call_cuts_places_but_none_that_is_promised_and_names_whom_it_touches():
    office = an_office()
    nobody_stays_away(office)
    a_shift(office, ends="12:00")
    ill = a_shift(office, ends="12:00").officer
    capacity.offer_day(office, MONDAY)
    first = windows(office)["08:00"]
    bookings = [a_booking(first, now=at("06:30")) for _ in range(first.places)]
    on_leave(ill, office)

    done = capacity.replan(office.id, MONDAY, now=at("07:10"))

    now = windows(office)
    assert now["08:00"].places == first.places == len(bookings)
    assert now["09:00"].places < windows_before(first, now["09:00"])
    [touched] = [one for one in done.touched if one.offer_id == first.id]
    assert 0 < touched.people < touched.promised
    assert done.changed
    assert Turn.objects.filter(offer=first, state="booked").count() == len(bookings)
    assert Event.objects.get(kind="offer.replan").data["changed"] == done.changed


def windows_before(first: Offer, other: Offer) -> int:
    """All windows were alike but for the odd place."""
    assert first.ends_at - first.starts_at == other.ends_at - other.starts_at
    return first.places


def test_the_walk_ins_give_what_promised_people_keep():
    office = an_office()
    nobody_stays_away(office)
    a_shift(office, ends="12:00")
    ill = a_shift(office, ends="12:00").officer
    capacity.offer_day(office, MONDAY)
    for offer in windows(office).values():
        Offer.objects.filter(id=offer.id).update(taken=offer.places)
    door = Offer.objects.get(office=office, kind="walk_in")
    on_leave(ill, office)

    capacity.replan(office.id, MONDAY, now=at("07:10"))

    planned = capacity.plan(office, MONDAY)
    assert planned is not None
    door.refresh_from_db()
    kept = sum(offer.places for offer in windows(office).values())
    assert kept > planned.places
    assert door.places == max(0, planned.walk_in_places - (kept - planned.places))


def test_counting_again_changes_nothing_and_a_recovered_officer_brings_the_places_back():
    office = an_office()
    a_shift(office)
    ill = a_shift(office).officer
    capacity.offer_day(office, MONDAY)
    before = list(Offer.objects.order_by("id").values_list("places", flat=True))
    assert capacity.replan(office.id, MONDAY, now=at("07:00")).changed == 0
    leave = on_leave(ill, office)
    assert capacity.replan(office.id, MONDAY, now=at("07:10")).changed
    leave.delete()
    estimating.replan(office.id, MONDAY.isoformat())
    capacity.replan(office.id, MONDAY, now=at("07:20"))
    assert list(Offer.objects.order_by("id").values_list("places", flat=True)) == before


@settings(
    max_examples=examples(3),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_whatever_happens_to_the_staff_no_promise_is_lost(data):
    """Places are never fewer than taken and held, and nobody's taken place goes."""
    office = an_office(f"kantor-{Offer.objects.count()}-{Officer.objects.count()}", counters=3)
    shifts = [
        a_shift(office, begins, ends)
        for begins, ends in data.draw(
            st.lists(
                st.sampled_from([("08:00", "15:00"), ("08:00", "12:00"), ("12:00", "15:00")]),
                min_size=1,
                max_size=4,
            )
        )
    ]
    capacity.offer_day(office, MONDAY)
    taken = {}
    for offer in Offer.objects.filter(office=office):
        n = data.draw(st.integers(0, offer.places))
        held = data.draw(st.integers(0, offer.places - n))
        Offer.objects.filter(id=offer.id).update(taken=n, held=held)
        taken[offer.id] = n
    for shift in shifts:
        if data.draw(st.booleans()):
            Shift.objects.filter(id=shift.id).update(cancelled_at=at("06:00"))
        clock = data.draw(st.sampled_from(["06:30", "09:10", "14:40"]))
        done = capacity.replan(office.id, MONDAY, now=at(clock))
        for offer in Offer.objects.filter(office=office):
            assert offer.taken == taken[offer.id]
            assert offer.places >= offer.taken + offer.held
        assert all(0 < one.people <= one.promised for one in done.touched)


def test_a_place_won_in_a_draw_outlives_a_cut_between_sealing_and_drawing():
    office = a_drawing_office(places=1, windows=("09:00",))
    winner = an_application(office)
    region = office.region
    opened = turns.open_round(region, now=at("08:00"))
    turns.keep_rounds(region, fetch=lambda _: None, now=at("17:00"))
    a_shift(office, "08:00", "08:30", day=TUESDAY)
    capacity.replan(office.id, TUESDAY, now=at("17:01"))
    turns.keep_rounds(region, fetch=lambda _: None, now=at("17:02"))
    assert opened.id
    winner.refresh_from_db()
    window = Offer.objects.get(office=office, day=TUESDAY, kind="window")
    assert winner.turn is not None
    assert window.places >= window.taken + window.held
    assert window.taken == 1


def test_at_night_the_work_is_noted_and_coming_days_are_counted_anew(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("02:20"))
    office = an_office()
    a_shift(office)
    capacity.offer_day(office, MONDAY)
    window = windows(office)["10:00"]
    Offer.objects.filter(id=window.id).update(places=30)

    estimating.estimate_all(timestamp=0)

    assert Work.objects.get(office=office).made_on == MONDAY
    assert windows(office)["10:00"].places == window.places


def test_who_was_promised_an_hour_with_nobody_there_is_named_though_others_come_later():
    office = an_office(counters=1)
    a_shift(office, "09:00", "15:00")
    first, late = (
        Offer.objects.create(
            office=office,
            kind="window",
            day=MONDAY,
            starts_at=at(begins),
            ends_at=at(ends),
            places=2,
            taken=2,
        )
        for begins, ends in (("08:00", "09:00"), ("09:00", "10:00"))
    )
    done = span.touched(office, MONDAY, now=at("07:00"))
    assert done[0] == places.Touched(first.id, first.starts_at, 2, 2)
    assert span.touched(office, MONDAY, now=at("09:30")) == []
    assert {one.offer_id for one in done} <= {first.id, late.id}


def press(office, manager, action: str, **fields):
    client = Client()
    client.force_login(manager)
    return client.post(f"/kepala/{office.slug}/", {"action": action, **fields})


def test_a_manager_who_sets_places_by_hand_sees_what_it_costs_and_says_why(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("07:00"))
    office = an_office()
    manager = an_officer(office, "manager")
    a_shift(office)
    capacity.offer_day(office, MONDAY)
    window = windows(office)["09:00"]
    counted = window.places

    seen = press(office, manager, "places", offer=window.id, places="12").content.decode()

    assert f"ada {counted} tempat. Anda menulis 12." in seen
    assert "Janji ditepati" in seen
    window.refresh_from_db()
    assert window.places == counted

    silent = press(office, manager, "override", offer=window.id, places="12", reason=" ")
    assert silent.status_code == 422
    assert f'href="#reason-{window.id}"' in silent.content.decode()

    done = press(office, manager, "override", offer=window.id, places="12", reason="Rapat batal")
    assert done.status_code == 302
    window.refresh_from_db()
    assert window.places == 12
    kept = Override.objects.get(offer=window)
    assert (kept.computed, kept.places, kept.reason) == (counted, 12, "Rapat batal")
    assert kept.expected["by_hand"]["mean_wait"] > kept.expected["counted"]["mean_wait"]
    assert kept.expected["by_hand"]["booked_kept"] < kept.expected["counted"]["booked_kept"]
    assert kept.expected["by_hand"]["idle"] < kept.expected["counted"]["idle"]


def test_places_set_by_hand_stay_until_they_are_given_back_to_the_count():
    office = an_office()
    manager = an_officer(office, "manager")
    a_shift(office)
    ill = a_shift(office).officer
    capacity.offer_day(office, MONDAY)
    window = windows(office)["09:00"]
    terms = {"office_id": office.id, "officer_id": manager.id}
    capacity.override_places(window.id, 1, reason="Listrik", now=at("06:30"), **terms)
    on_leave(ill, office)

    capacity.replan(office.id, MONDAY, now=at("07:00"))
    window.refresh_from_db()
    assert window.places == 1

    counted = capacity.cost_of(window.id, 1, office_id=office.id).computed
    capacity.override_places(window.id, counted, reason="Menyala", now=at("07:10"), **terms)
    Leave.objects.all().delete()
    capacity.replan(office.id, MONDAY, now=at("07:20"))
    window.refresh_from_db()
    assert window.places > counted


def test_a_day_for_which_a_roster_in_force_names_nobody_has_nobody():
    office = an_office()
    roster = Roster.objects.create(
        region=office.region,
        monday=MONDAY,
        state=Roster.State.PUBLISHED,
        made_at=at("07:00"),
        made_by="officer:1",
    )
    a_shift(office, roster=roster)
    assert any(half.officers for half in needs.staff_of(office, MONDAY))
    assert not any(half.officers for half in needs.staff_of(office, TUESDAY))
    next_week = MONDAY + timedelta(days=7)
    assert all(half.officers == 2 for half in needs.staff_of(office, next_week))

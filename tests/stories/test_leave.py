"""Leave and sickness: the effect is seen first, promises are kept, and something is proposed."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giliran.capacity import actions as capacity
from giliran.capacity import leave, needs, remedies
from giliran.capacity.models import Leave, Loan, Offer, Roster, Shift, Skill
from giliran.core.refusal import NotFound
from giliran.journal.models import Event
from giliran.people.models import Officer
from giliran.turns.models import Turn
from tests.builders import MONDAY, a_booking, a_service, an_office, an_officer, at
from tests.examples import examples

pytestmark = pytest.mark.django_db

TUESDAY = MONDAY + timedelta(days=1)
WEEK = [MONDAY + timedelta(days=n) for n in range(5)]
EARLY = at("07:10")


def a_roster(office) -> Roster:
    found, _ = Roster.objects.get_or_create(
        region=office.region,
        monday=MONDAY,
        state=Roster.State.PUBLISHED,
        defaults={"made_at": at("07:00"), "made_by": "officer:1"},
    )
    return found


def put_down(officer, office, day: date = MONDAY, kind: str = "full", begins="08:00", ends="15:00"):
    return Shift.objects.create(
        officer=officer,
        office=office,
        day=day,
        kind=kind,
        begins_at=at(begins, day),
        ends_at=at(ends, day),
        roster=a_roster(office),
    )


def a_team(office, officers: int = 3, days=WEEK) -> list[Officer]:
    """Return officers who all work full days this week."""
    team = [an_officer(office) for _ in range(officers)]
    for officer in team:
        for day in days:
            put_down(officer, office, day)
    return team


def asks(officer, office, first=MONDAY, last=None, kind="annual", **more) -> Leave:
    return capacity.ask_leave(
        officer.id,
        office_id=office.id,
        kind=kind,
        first_day=first,
        last_day=last or first,
        request_key=more.pop("request_key", uuid4()),
        actor=f"officer:{officer.id}",
        now=more.pop("now", EARLY - timedelta(days=3)),
    )


def ill(officer, office, **more) -> Leave:
    return capacity.call_sick(
        officer.id,
        office_id=office.id,
        request_key=more.pop("request_key", uuid4()),
        actor=f"officer:{officer.id}",
        now=more.pop("now", EARLY),
        **more,
    )


def decided(office):
    return {"office_id": office.id, "officer_id": an_officer(office, "manager").id, "now": EARLY}


def kinds(advice) -> list[str]:
    return [one.kind for one in advice.proposals]


def advice_for(one, *, now=EARLY):
    [effect] = leave.effect_of(one, now=now)
    return remedies.advice(leave.leave(one.id), effect, now=now)


def test_the_same_form_sent_twice_asks_once():
    office = an_office()
    [officer] = a_team(office, 1)
    key = uuid4()
    assert asks(officer, office, request_key=key).id == asks(officer, office, request_key=key).id
    assert Leave.objects.get().state == "asked"
    assert Event.objects.filter(kind="leave.ask").count() == 1


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (MONDAY - timedelta(days=30), MONDAY),
        (TUESDAY, MONDAY),
        (MONDAY, MONDAY + timedelta(days=93)),
    ],
)
def test_days_that_are_over_in_the_wrong_order_or_too_many_are_refused(first, last):
    office = an_office()
    [officer] = a_team(office, 1)
    with pytest.raises(capacity.BadDays):
        asks(officer, office, first, last)


def test_leave_at_an_office_where_one_has_no_post_is_refused():
    with pytest.raises(capacity.NotStaffOfOffice):
        asks(an_officer(an_office()), an_office("tangerang"))


def test_sickness_cannot_be_asked_for_and_two_leaves_never_overlap():
    office = an_office()
    [officer] = a_team(office, 1)
    with pytest.raises(capacity.BadKind):
        asks(officer, office, kind="sick")
    asks(officer, office, MONDAY, WEEK[3])
    with pytest.raises(capacity.AwayAlready):
        asks(officer, office, TUESDAY)


def test_who_is_ill_is_away_at_once_and_nobody_is_asked_to_allow_it():
    office = an_office()
    officer, _ = a_team(office, 2)
    before = needs.staff_of(office, MONDAY)[0].officers
    one = ill(officer, office)
    assert (one.state, one.kind, one.reason) == ("approved", "sick", "")
    assert needs.staff_of(office, MONDAY)[0].officers == before - 1
    assert ill(officer, office).id == one.id
    assert Event.objects.filter(kind="leave.sick").count() == 1


def test_illness_begins_though_a_holiday_was_asked_for_the_same_day():
    office = an_office()
    [officer] = a_team(office, 1)
    asked = asks(officer, office)
    assert ill(officer, office).state == "approved"
    with pytest.raises(capacity.AwayAlready):
        capacity.approve_leave(asked.id, **decided(office))


def test_a_sick_call_takes_no_promised_place_and_names_whom_it_touches():
    office = an_office(counters=2)
    officer, _ = a_team(office, 2)
    capacity.offer_day(office, MONDAY)
    window = Offer.objects.filter(kind="window").order_by("starts_at")[0]
    bookings = [a_booking(window, now=at("06:30")) for _ in range(window.places)]

    one = ill(officer, office)
    capacity.replan(office.id, MONDAY, now=EARLY)

    [effect] = leave.effect_of(one, now=EARLY)
    assert effect.before.people == 0 < effect.after.people < len(bookings)
    assert effect.is_felt
    window.refresh_from_db()
    assert window.places >= window.taken == len(bookings)
    assert Turn.objects.filter(offer=window, state="booked").count() == len(bookings)


def test_before_deciding_the_head_sees_which_half_hours_fall_short():
    office = an_office(counters=3)
    officer, *_ = a_team(office)
    one = asks(officer, office)
    [effect] = leave.effect_of(one, now=EARLY)
    assert effect.after.missing > effect.before.missing
    assert effect.after.gaps[0].begins == at("08:00")
    assert (
        sum(
            gap.missing * ((gap.ends - gap.begins) // timedelta(minutes=30))
            for gap in effect.after.gaps
        )
        == effect.after.missing
    )
    assert Leave.objects.get().state == "asked"


def test_an_absence_without_a_shift_changes_nothing():
    office = an_office()
    a_team(office, 2)
    idle = an_officer(office)
    [effect] = leave.effect_of(asks(idle, office), now=EARLY)
    assert effect.is_planned
    assert not effect.is_away
    assert not effect.is_felt


def test_approving_is_once_and_whoever_comes_second_is_told():
    office = an_office()
    officer, _ = a_team(office, 2)
    one = asks(officer, office)
    terms = decided(office)
    assert capacity.approve_leave(one.id, **terms).decided_by_id == terms["officer_id"]
    assert capacity.approve_leave(one.id, **terms).state == "approved"
    with pytest.raises(capacity.LeaveDecided):
        capacity.refuse_leave(one.id, reason="Terlambat", **terms)
    assert Event.objects.filter(kind="leave.approve").count() == 1


def test_a_refusal_says_why_and_nobody_decides_their_own_leave():
    office = an_office()
    head = an_officer(office, "manager")
    own = asks(head, office)
    with pytest.raises(capacity.NotOwnLeave):
        capacity.approve_leave(own.id, office_id=office.id, officer_id=head.id, now=EARLY)
    one = asks(an_officer(office), office)
    terms = {"office_id": office.id, "officer_id": head.id, "now": EARLY}
    with pytest.raises(capacity.RefusalWithoutReason):
        capacity.refuse_leave(one.id, reason="  ", **terms)
    refused = capacity.refuse_leave(one.id, reason="Dua orang sudah cuti", **terms)
    assert (refused.state, refused.reason) == ("refused", "Dua orang sudah cuti")


def test_a_head_decides_only_for_their_own_office():
    office, other = an_office(), an_office("tangerang")
    one = asks(an_officer(office), office)
    with pytest.raises(NotFound):
        capacity.approve_leave(one.id, **decided(other))


def test_who_is_well_again_comes_back_today_and_was_away_before():
    office = an_office()
    officer, _ = a_team(office, 2)
    one = ill(officer, office, last_day=WEEK[2])
    back = capacity.withdraw_leave(one.id, officer_id=officer.id, now=at("07:00", TUESDAY))
    assert (back.state, back.last_day) == ("approved", MONDAY)
    assert not leave.is_away(officer.id, TUESDAY)
    with pytest.raises(capacity.LeaveDecided):
        capacity.withdraw_leave(one.id, officer_id=officer.id, now=at("07:00", TUESDAY))


def test_nobody_takes_back_the_leave_of_another():
    office = an_office()
    officer, other = a_team(office, 2)
    one = asks(officer, office)
    with pytest.raises(NotFound):
        capacity.withdraw_leave(one.id, officer_id=other.id, now=EARLY)
    assert capacity.withdraw_leave(one.id, officer_id=officer.id, now=EARLY).state == "withdrawn"


def test_another_day_is_suggested_and_taken_by_the_officer_alone():
    office = an_office(counters=3)
    officer, *_ = a_team(office)
    spare = an_officer(office)
    put_down(spare, office, TUESDAY)
    one = asks(officer, office)
    found = advice_for(one)
    moved = next(each for each in found.proposals if each.kind == "move")
    assert moved.fields == {"do": "suggest", "day": TUESDAY.isoformat()}
    assert moved.after.missing == found.effect.before.missing

    capacity.suggest_days(one.id, first_day=TUESDAY, **decided(office))
    with pytest.raises(NotFound):
        capacity.take_suggested(one.id, officer_id=spare.id, now=EARLY)
    taken = capacity.take_suggested(one.id, officer_id=officer.id, now=EARLY)
    assert (taken.state, taken.first_day, taken.last_day) == ("approved", TUESDAY, TUESDAY)
    assert not leave.is_away(officer.id, MONDAY)


def test_a_colleague_who_is_off_swaps_and_the_week_stays_within_the_law():
    office = an_office(counters=2)
    officer, colleague = an_officer(office), an_officer(office)
    for day in WEEK[:3]:
        put_down(officer, office, day)
    for day in WEEK[1:4]:
        put_down(colleague, office, day)
    one = asks(officer, office)
    found = advice_for(one)
    [swap] = [each for each in found.proposals if each.kind == "swap"]
    assert colleague.full_name in swap.what
    assert swap.after.missing < found.effect.after.missing
    capacity.swap_shifts(
        office,
        int(swap.fields["shift"]),
        int(swap.fields["other"]),
        actor="officer:1",
        now=EARLY,
    )
    capacity.approve_leave(one.id, **decided(office))
    assert {each.officer_id for each in needs.shifts_there(office, MONDAY)} == {colleague.id}
    assert officer.id in {each.officer_id for each in needs.shifts_there(office, WEEK[3])}


def test_somebody_of_the_back_office_who_knows_the_service_takes_the_counter():
    office = an_office(counters=2)
    officer, _ = a_team(office, 2)
    guard, unskilled = an_officer(office, "door"), an_officer(office, "door")
    Skill.objects.create(officer=guard, service=a_service("jht"))
    one = ill(officer, office)
    found = advice_for(one)
    [substitute] = [each for each in found.proposals if each.kind == "substitute"]
    assert substitute.fields["officer"] == str(guard.id)
    assert unskilled.full_name not in substitute.what

    terms = {"leave_id": one.id, "office_id": office.id, "day": MONDAY, "actor": "officer:1"}
    fresh = capacity.put_substitute(guard.id, now=at("07:12"), **terms)
    assert capacity.put_substitute(guard.id, now=at("07:13"), **terms).id == fresh.id
    assert (fresh.begins_at, fresh.ends_at) == (at("08:00"), at("15:00"))
    [effect] = leave.effect_of(one, now=EARLY)
    assert effect.after.missing == substitute.after.missing


def test_who_works_already_or_is_ill_too_cannot_substitute():
    office = an_office()
    officer, _ = a_team(office, 2)
    guard = an_officer(office, "door")
    one = ill(officer, office)
    ill(guard, office)
    with pytest.raises(capacity.CannotSubstitute):
        capacity.put_substitute(
            guard.id, leave_id=one.id, office_id=office.id, day=MONDAY, actor="x", now=EARLY
        )


def test_colleagues_work_longer_only_as_far_as_the_law_allows():
    office = an_office(counters=2)
    officer = an_officer(office)
    put_down(officer, office)
    half = an_officer(office)
    put_down(half, office, kind="am", begins="08:00", ends="12:00")
    found = advice_for(ill(officer, office))
    [longer] = [each for each in found.proposals if each.kind == "longer"]
    assert longer.fields["do"] == "lengthen"
    assert longer.minutes == 3 * 60


def test_what_cannot_help_is_said_with_its_reason():
    office = an_office(counters=2)
    officer, _ = a_team(office, 2)
    found = advice_for(ill(officer, office))
    why = {one.kind: one.why for one in found.skipped}
    assert why["move"] == "Sakit tidak bisa dipindahkan."
    assert why["booth"] == "Kantor ini tidak punya gerai Mal Pelayanan Publik."
    assert set(why) | set(kinds(found)) == set(remedies.KINDS)
    assert all(why.values())


def test_every_proposal_leaves_less_short_than_doing_nothing_and_the_best_stands_first():
    office = an_office(counters=3)
    officer, *_ = a_team(office)
    guard = an_officer(office, "door")
    Skill.objects.create(officer=guard, service=a_service("jht"))
    an_officer(office)
    found = advice_for(ill(officer, office))
    shorts = [one.after.missing for one in found.proposals]
    assert len(found.proposals) >= 2
    assert shorts == sorted(shorts)
    assert max(shorts) < found.effect.after.missing


@settings(
    max_examples=examples(3),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_whatever_is_asked_and_decided_nobody_promised_is_lost_and_no_two_leaves_overlap(data):
    office = an_office(f"kantor-{Officer.objects.count()}-{Leave.objects.count()}", counters=2)
    team = a_team(office, 2)
    head = an_officer(office, "manager")
    capacity.offer_day(office, MONDAY)
    taken = {}
    for offer in Offer.objects.filter(office=office):
        taken[offer.id] = data.draw(st.integers(0, offer.places))
        Offer.objects.filter(id=offer.id).update(taken=taken[offer.id])
    made: list[Leave] = []
    for _ in range(data.draw(st.integers(1, 5))):
        what = data.draw(st.sampled_from(["ask", "ill", "approve", "refuse", "withdraw"]))
        officer = data.draw(st.sampled_from(team))
        one = data.draw(st.sampled_from(made)) if made else None
        terms = {"office_id": office.id, "officer_id": head.id, "now": EARLY}
        try:
            if what == "ask":
                first = MONDAY + timedelta(days=data.draw(st.integers(0, 2)))
                made.append(asks(officer, office, first, WEEK[data.draw(st.integers(2, 4))]))
            elif what == "ill":
                made.append(ill(officer, office))
            elif one is not None and what == "approve":
                capacity.approve_leave(one.id, **terms)
            elif one is not None and what == "refuse":
                capacity.refuse_leave(one.id, reason="Ramai", **terms)
            elif one is not None:
                capacity.withdraw_leave(one.id, officer_id=one.officer_id, now=EARLY)
        except (capacity.AwayAlready, capacity.LeaveDecided):
            pass
        capacity.replan(office.id, MONDAY, now=EARLY)
    for offer in Offer.objects.filter(office=office):
        assert offer.places >= offer.taken == taken[offer.id]
    for officer in team:
        days = [
            day
            for one in Leave.objects.filter(officer=officer, state="approved")
            for day in leave.days_between(one.first_day, one.last_day)
        ]
        assert len(days) == len(set(days))
    assert not Loan.objects.exists()

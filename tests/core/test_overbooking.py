"""More may book than can be served, since some stay away: but never more than was said."""

from __future__ import annotations

from datetime import date, datetime, time
from fractions import Fraction
from math import comb
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from giliran.core.offers import Hours, Staffed, plan_day, plan_staffed_day
from giliran.core.overbooking import places_by, too_many_come

JAKARTA = ZoneInfo("Asia/Jakarta")
MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)
RISK = 0.05
no_shows = st.sampled_from([Fraction(n, 100) for n in (0, 1, 5, 12, 20, 35, 60)])
windows = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 6)), min_size=1, max_size=10)


def chances(booked, no_show):
    """How likely 0, 1, ... of them come: fractions, with no rounding anywhere."""
    return [
        comb(booked, k) * (1 - no_show) ** k * no_show ** (booked - k) for k in range(booked + 1)
    ]


def at(clock, day=MONDAY):
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=JAKARTA)


def a_plan(staff, *, day=MONDAY, hours=None, **changes):
    terms = {
        "zone": JAKARTA,
        "window_minutes": 30,
        "service_minutes": 12,
        "walk_in_share": Fraction(3, 10),
    }
    opening = hours or Hours(time(8), time(15))
    return plan_staffed_day(day, opening, staff=staff, **{**terms, **changes})


@given(windows, no_shows)
def test_at_most_one_time_in_twenty_more_come_by_a_windows_end_than_were_to_be(day, no_show):
    promised = [own for own, _ in day]
    given_ = places_by(promised, [a + b for a, b in day], no_show=float(no_show), risk=RISK)
    for k in range(1, len(day) + 1):
        booked, meant = sum(given_[:k]), sum(promised[:k])
        assert sum(chances(booked, no_show)[meant + 1 :]) <= Fraction(1, 20) + Fraction(1, 10**9)
        assert given_[k - 1] >= promised[k - 1]


@given(windows, no_shows)
def test_where_more_were_added_nobody_who_booked_is_left_at_the_windows_end(day, no_show):
    """Nineteen times in twenty, with the backlog of every window before it worked out exactly."""
    promised, served = [own for own, _ in day], [a + b for a, b in day]
    given_ = places_by(promised, served, no_show=float(no_show), risk=RISK)
    waiting = {0: Fraction(1)}
    for places, own, there in zip(given_, promised, served, strict=True):
        after: dict[int, Fraction] = {}
        for left, chance in waiting.items():
            for come, likely in enumerate(chances(places, no_show)):
                rest = max(0, left + come - there)
                after[rest] = after.get(rest, Fraction(0)) + chance * likely
        waiting = after
        if places > own:
            assert 1 - waiting[0] <= Fraction(1, 20) + Fraction(1, 10**9)


@given(windows, no_shows, st.integers(0, 8))
def test_no_window_has_more_places_than_the_room_has_seats(day, no_show, seats):
    promised = [own for own, _ in day]
    found = places_by(promised, [a + b for a, b in day], no_show=float(no_show), seats=seats)
    assert max(found) <= seats


@pytest.mark.parametrize(("booked", "served"), [(31, 30), (40, 33), (1200, 1040)])
def test_the_chance_that_too_many_come_is_the_binomials(booked, served):
    exact = sum(chances(booked, Fraction(12, 100))[served + 1 :])
    assert too_many_come(booked, served, 0.12) == pytest.approx(float(exact), rel=1e-9)


def test_an_office_where_one_in_eight_stays_away_gives_a_few_places_more():
    staff = [Staffed(at("08:00"), at("15:00"), 3)]
    usual, more = a_plan(staff), a_plan(staff, no_show=0.12)
    assert usual.places == 73
    assert more.places == 78
    assert more.walk_in_places == usual.walk_in_places
    assert too_many_come(78, 73, 0.12) <= RISK < too_many_come(79, 73, 0.12)


@given(
    st.integers(0, 12),
    st.integers(1, 40),
    st.integers(0, 10),
    st.sampled_from([15, 20, 30, 45]),
    st.sampled_from([(), ((time(11, 30), time(13)),), ((time(12, 10), time(12, 45)),)]),
)
def test_the_same_officers_all_day_give_what_counters_give(officers, minutes, kept, window, breaks):
    hours = Hours(time(8), time(15), breaks)
    share = Fraction(kept, 10)
    staff = [Staffed(at("08:00"), at("15:00"), officers)]
    terms = {"service_minutes": minutes, "walk_in_share": share, "window_minutes": window}
    by_counters = plan_day(MONDAY, hours, zone=JAKARTA, counters_open=officers, **terms)
    assert a_plan(staff, hours=hours, **terms) == by_counters


@given(st.lists(st.integers(0, 6), min_size=14, max_size=14), st.integers(4, 30))
def test_a_roster_never_promises_more_than_its_officers_minutes(officers, minutes):
    assume(any(officers))
    staff = [
        Staffed(
            at(f"{8 + k // 2:02}:{30 * (k % 2):02}"),
            at(f"{8 + (k + 1) // 2:02}:{30 * ((k + 1) % 2):02}"),
            n,
        )
        for k, n in enumerate(officers)
    ]
    plan = a_plan(staff, service_minutes=minutes)
    assert plan.places + plan.walk_in_places == 30 * sum(officers) // minutes
    assert all(one.places == 0 for one, n in zip(plan.windows, officers, strict=True) if not n)


def test_nobody_is_asked_to_come_during_friday_prayer():
    hours = Hours(time(8), time(15), ((time(11, 30), time(13)),))
    staff = [Staffed(at("08:00", FRIDAY), at("15:00", FRIDAY), 2)]
    plan = a_plan(staff, day=FRIDAY, hours=hours, no_show=0.2)
    assert not [
        one
        for one in plan.windows
        if at("11:30", FRIDAY) <= one.window.starts_at < at("13:00", FRIDAY)
    ]


@pytest.mark.parametrize("wrong", [{"no_show": 1.0}, {"no_show": -0.1}, {"risk": 0.0}])
def test_shares_that_leave_nobody_are_refused(wrong):
    with pytest.raises(ValueError, match="share"):
        places_by([3], [4], **{"no_show": 0.1, **wrong})

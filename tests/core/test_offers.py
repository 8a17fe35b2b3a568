from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giliran.core.offers import (
    Hours,
    Window,
    nearest,
    plan_day,
    staffed_minutes,
    windows,
)

JAKARTA = ZoneInfo("Asia/Jakarta")
MAKASSAR = ZoneInfo("Asia/Makassar")
NEW_YORK = ZoneInfo("America/New_York")
FRIDAY = date(2026, 11, 13)


def at(clock, zone=JAKARTA, day=FRIDAY):
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=zone)


def hours(opens="08:00", closes="15:00", *breaks):
    return Hours(
        time.fromisoformat(opens),
        time.fromisoformat(closes),
        tuple((time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in breaks),
    )


def plan_half_an_hour(counters, service_minutes, kept):
    return plan_day(
        FRIDAY,
        hours("09:00", "09:30"),
        zone=JAKARTA,
        window_minutes=30,
        counters_open=counters,
        service_minutes=service_minutes,
        walk_in_share=kept,
    )


@st.composite
def any_hours(draw):
    def moments(n):
        minute = st.integers(0, 24 * 60 - 1)
        chosen = sorted(draw(st.lists(minute, min_size=n, max_size=n, unique=True)))
        return [time(one // 60, one % 60) for one in chosen]

    opens, closes = moments(2)
    breaks = tuple((b, e) for b, e in (moments(2) for _ in range(draw(st.integers(0, 3)))))
    return Hours(opens, closes, breaks)


any_day = st.dates(date(2024, 1, 1), date(2027, 12, 31)) | st.sampled_from(
    [date(2026, 3, 8), date(2026, 11, 1)]  # the clocks change in New York
)
any_zone = st.sampled_from([JAKARTA, MAKASSAR, NEW_YORK])
any_length = st.integers(1, 180)


def test_a_plain_morning_is_cut_into_half_hours():
    found = windows(FRIDAY, hours("08:00", "09:30"), zone=JAKARTA, window_minutes=30)
    assert found == [
        Window(at("08:00"), at("08:30")),
        Window(at("08:30"), at("09:00")),
        Window(at("09:00"), at("09:30")),
    ]
    assert found[0].starts_at.astimezone(UTC) == datetime(2026, 11, 13, 1, 0, tzinfo=UTC)


def test_friday_prayer_cuts_a_window_and_drops_what_is_under_half():
    friday = hours("11:00", "14:00", ("11:45", "13:20"))
    assert windows(FRIDAY, friday, zone=MAKASSAR, window_minutes=30) == [
        Window(at("11:00", MAKASSAR), at("11:30", MAKASSAR)),
        Window(at("11:30", MAKASSAR), at("11:45", MAKASSAR)),
        Window(at("13:30", MAKASSAR), at("14:00", MAKASSAR)),
    ]


def test_a_short_last_window_is_offered_only_from_half_its_length():
    for closes, count in (("09:14", 2), ("09:15", 3)):
        assert len(windows(FRIDAY, hours("08:00", closes), zone=JAKARTA, window_minutes=30)) == (
            count
        )


def test_a_break_over_the_whole_day_leaves_no_window():
    closed = hours("08:00", "15:00", ("07:00", "16:00"))
    assert windows(FRIDAY, closed, zone=JAKARTA, window_minutes=30) == []
    assert staffed_minutes(FRIDAY, closed, zone=JAKARTA) == 0


@given(any_day, any_hours(), any_zone, any_length)
def test_windows_lie_inside_the_hours_disjoint_and_outside_breaks(day, open_hours, zone, minutes):
    def instant(clock):
        return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)

    found = [
        (one.starts_at.astimezone(UTC), one.ends_at.astimezone(UTC))
        for one in windows(day, open_hours, zone=zone, window_minutes=minutes)
    ]
    for starts, ends in found:
        assert instant(open_hours.opens) <= starts < ends <= instant(open_hours.closes)
        assert minutes / 2 <= (ends - starts) / timedelta(minutes=1) <= minutes
        for begin, end in open_hours.breaks:
            assert (
                ends <= instant(begin) or instant(end) <= starts or instant(end) <= instant(begin)
            )
    for (_, ends), (starts, _) in pairwise(found):
        assert ends <= starts


any_staff = st.fixed_dictionaries(
    {
        "counters_open": st.integers(0, 12),
        "service_minutes": st.decimals("0.5", 90, places=2) | st.floats(0.5, 90),
        "walk_in_share": st.floats(0, 1) | st.fractions(0, 1),
    }
)


@given(any_day, any_hours(), any_zone, any_length, any_staff)
def test_promised_and_walk_in_places_are_just_what_the_counters_can_serve(
    day, open_hours, zone, minutes, staff
):
    plan = plan_day(day, open_hours, zone=zone, window_minutes=minutes, **staff)
    one_service = Fraction(str(staff["service_minutes"]))
    needed = (plan.places + plan.walk_in_places) * one_service
    staffed = staffed_minutes(day, open_hours, zone=zone) * staff["counters_open"]
    assert plan.walk_in_places >= 0
    assert all(planned.places >= 0 for planned in plan.windows)
    assert needed <= staffed < needed + one_service


@given(any_day, any_hours(), any_zone, any_length, any_staff, st.integers(1, 12))
def test_more_counters_never_give_fewer_places_of_either_kind(
    day, open_hours, zone, minutes, staff, more
):
    """A third counter once took six of the twelve numbers at the door, by rounding each window."""
    few = plan_day(day, open_hours, zone=zone, window_minutes=minutes, **staff)
    staff = staff | {"counters_open": staff["counters_open"] + more}
    many = plan_day(day, open_hours, zone=zone, window_minutes=minutes, **staff)
    assert many.places >= few.places
    assert many.walk_in_places >= few.walk_in_places


@given(any_day, any_hours(), any_zone, any_length, any_staff)
def test_the_walk_in_share_holds_for_the_day_and_no_window_runs_more_than_one_ahead(
    day, open_hours, zone, minutes, staff
):
    plan = plan_day(day, open_hours, zone=zone, window_minutes=minutes, **staff)
    promised = 1 - Fraction(str(staff["walk_in_share"]))
    assert plan.places <= (plan.places + plan.walk_in_places) * promised
    a_minute = staff["counters_open"] * promised / Fraction(str(staff["service_minutes"]))
    begun, taken = Fraction(0), 0
    for one in plan.windows:
        begun += one.window.minutes
        taken += one.places
        assert taken < begun * a_minute + 1
    whole = [one.places for one in plan.windows if one.window.minutes == minutes]
    assert not whole or max(whole) - min(whole) <= 1


def test_an_odd_place_goes_to_the_earlier_window_so_that_the_day_ends_in_time():
    plan = plan_day(
        FRIDAY,
        hours("08:00", "10:00"),
        zone=JAKARTA,
        window_minutes=30,
        counters_open=1,
        service_minutes=20,
        walk_in_share=0,
    )
    assert [planned.places for planned in plan.windows] == [2, 1, 2, 1]
    assert plan.walk_in_places == 0


def test_the_night_the_clock_goes_back_holds_an_hour_more_of_windows():
    all_night = hours("00:00", "06:00")
    found = windows(date(2026, 11, 1), all_night, zone=NEW_YORK, window_minutes=60)
    assert [one.minutes for one in found] == [60] * 7
    assert staffed_minutes(date(2026, 3, 8), all_night, zone=NEW_YORK) == 5 * 60


def test_a_break_in_the_hour_that_the_clocks_leave_out_gives_no_minute_twice():
    night = hours("00:00", "02:01", ("02:01", "03:00"))
    spring = date(2026, 3, 8)
    found = windows(spring, night, zone=NEW_YORK, window_minutes=1)
    assert len({one.starts_at.astimezone(UTC) for one in found}) == len(found) == 121
    assert staffed_minutes(spring, night, zone=NEW_YORK) == 121


def test_the_serang_day_has_places_for_sixty():
    plan = plan_day(
        date(2026, 11, 12),
        hours("08:00", "15:00", ("12:00", "13:00")),
        zone=JAKARTA,
        window_minutes=30,
        counters_open=2,
        service_minutes=12,
        walk_in_share=0.4,
    )
    assert [planned.places for planned in plan.windows] == [3] * 12
    assert (plan.places, plan.walk_in_places) == (36, 24)


@pytest.mark.parametrize(
    ("counters", "service_minutes", "kept", "places"),
    [
        (4, 12, 0, 10),
        (4, Decimal("12.5"), 0, 9),
        (4, 12, 0.3, 7),
        (4, 12, Fraction(1, 3), 6),
        (4, 12, 1, 0),
        (0, 12, 0, 0),
        (1, 31, 0, 0),
        (1, 0.3, 0, 100),
    ],
)
def test_places_are_rounded_down(counters, service_minutes, kept, places):
    assert plan_half_an_hour(counters, service_minutes, kept).places == places


def test_hours_that_make_no_sense_are_refused_with_their_reason():
    refused = [
        (hours("15:00", "08:00"), 30, "cannot close"),
        (hours("08:00", "15:00", ("13:00", "12:00")), 30, "break cannot begin"),
        (hours(), 0, "at least one minute"),
    ]
    for wrong, minutes, reason in refused:
        with pytest.raises(ValueError, match=reason):
            windows(FRIDAY, wrong, zone=JAKARTA, window_minutes=minutes)


def test_places_from_impossible_numbers_are_refused_with_their_reason():
    for counters, service_minutes, kept, reason in (
        (-1, 12, 0, "-1 counters"),
        (1, 0, 0, "no time"),
        (1, 12, 1.01, "between 0 and 1"),
        (1, 12, -0.01, "between 0 and 1"),
    ):
        with pytest.raises(ValueError, match=reason):
            plan_half_an_hour(counters, service_minutes, kept)


def test_the_nearest_office_comes_first_with_its_distance():
    offices = [
        ("banjarmasin", -3.3194, 114.5908),
        ("serang", -6.1104, 106.1640),
        ("tangsel", -6.2886, 106.7179),
    ]
    (first, here), (second, km) = nearest(offices, -6.1104, 106.1640, 2)
    assert (first, here, second) == ("serang", 0, "tangsel")
    assert km == pytest.approx(64.3, abs=1)
    assert nearest(offices, 0, 0, 0) == []
    assert len(nearest(offices, 0, 0, 9)) == 3


def test_the_antipodes_are_half_the_earth_away():
    assert nearest([("x", -30.0, -90.0)], 30.0, 90.0, 1)[0][1] == pytest.approx(20015.1, abs=0.5)


def test_offices_at_one_distance_keep_their_order():
    assert [one for one, _ in nearest([("b", 0, 1), ("a", 0, -1)], 0, 0, 2)] == ["b", "a"]

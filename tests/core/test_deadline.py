"""Working days, and clocks that stop and go on."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from giliran.core.deadline import (
    DAYS,
    WORKING_DAYS,
    Calendar,
    CalendarMissing,
    Clock,
    ClockNotRunning,
    DayOff,
    Pause,
    add_working_days,
    after_hours,
    due,
    is_working_day,
    next_working_day,
    working_days_between,
)

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
HOLIDAY, LEAVE = date(2026, 12, 25), date(2026, 12, 24)  # a Friday and the Thursday before


def a_calendar(holidays=(HOLIDAY,), leave=(LEAVE,), years=(2026, 2027), **more):
    off = DayOff("Hari libur", "Day off")
    return Calendar(
        frozenset(years), dict.fromkeys(holidays, off), dict.fromkeys(leave, off), **more
    )


CALENDAR = a_calendar()
days = st.dates(FIRST, LAST)
some_days = st.frozensets(days, max_size=40)


def as_numpy_counts(after, until, off):
    """Count Monday to Friday in (after, until] by numpy, which shares no code with ours."""
    return int(
        np.busday_count(after + timedelta(days=1), until + timedelta(days=1), holidays=sorted(off))
    )


def test_weekends_holidays_and_collective_leave_are_free():
    assert is_working_day(date(2026, 12, 23), CALENDAR)
    assert not is_working_day(LEAVE, CALENDAR)
    assert not is_working_day(HOLIDAY, CALENDAR)
    assert not is_working_day(date(2026, 12, 26), CALENDAR)


def test_collective_leave_can_be_set_to_work_but_a_holiday_never():
    works = CALENDAR.with_collective_leave_working(True)
    assert is_working_day(LEAVE, works)
    assert not is_working_day(HOLIDAY, works)


def test_an_office_closes_on_its_own_days_too():
    election = date(2026, 11, 25)
    assert is_working_day(election, CALENDAR)
    assert not is_working_day(election, CALENDAR.closed_also_on([election]))


def test_the_day_of_receipt_is_day_zero():
    friday = date(2026, 11, 20)
    assert add_working_days(friday, 1, CALENDAR) == date(2026, 11, 23)
    assert add_working_days(friday, 5, CALENDAR) == date(2026, 11, 27)


def test_papers_received_on_a_sunday_count_from_monday_as_day_one():
    assert add_working_days(date(2026, 11, 22), 1, CALENDAR) == date(2026, 11, 23)


def test_christmas_pushes_a_deadline_into_the_next_week():
    assert add_working_days(date(2026, 12, 22), 3, CALENDAR) == date(2026, 12, 29)


def test_the_next_working_day_after_a_long_weekend_is_monday():
    assert next_working_day(LEAVE, CALENDAR) == date(2026, 12, 28)
    assert next_working_day(date(2026, 12, 28), CALENDAR) == date(2026, 12, 28)


def test_a_year_without_its_decree_is_never_guessed():
    for ask in (
        lambda: is_working_day(date(2028, 1, 1), CALENDAR),
        lambda: add_working_days(date(2027, 12, 30), 5, CALENDAR),
        lambda: CALENDAR.day_off(date(2025, 8, 17)),
    ):
        with pytest.raises(CalendarMissing, match=r"not loaded \(loaded: 2026, 2027\)"):
            ask()


def test_a_negative_length_is_refused():
    with pytest.raises(ValueError, match="-1 days long"):
        add_working_days(FIRST, -1, CALENDAR)


def test_an_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="not in 'weeks'"):
        due(FIRST, 1, "weeks", (), CALENDAR)


@given(
    start=days, length=st.integers(0, 60), holidays=some_days, leave=some_days, works=st.booleans()
)
def test_working_days_agree_with_an_independent_count(start, length, holidays, leave, works):
    calendar = a_calendar(holidays, leave, collective_leave_works=works)
    off = holidays if works else holidays | leave
    end = add_working_days(start, length, calendar)
    assert as_numpy_counts(start, end, off) == length
    assert working_days_between(start, end, calendar) == length
    if length:
        assert is_working_day(end, calendar)


@given(start=days, end=days, holidays=some_days, closed=some_days)
def test_days_between_agree_with_an_independent_count(start, end, holidays, closed):
    calendar = a_calendar(holidays, ()).closed_also_on(closed)
    expected = as_numpy_counts(start, end, holidays | closed) if end > start else 0
    assert working_days_between(start, end, calendar) == expected


@given(
    start=days, length=st.integers(0, 30), pause_at=st.integers(0, 40), pause_for=st.integers(0, 30)
)
def test_a_pause_moves_the_deadline_by_the_working_days_it_swallows(
    start, length, pause_at, pause_for
):
    stopped = start + timedelta(days=pause_at)
    resumed = stopped + timedelta(days=pause_for)
    without = due(start, length, WORKING_DAYS, (), CALENDAR)
    with_pause = due(start, length, WORKING_DAYS, (Pause(stopped, resumed),), CALENDAR)
    if without <= stopped:
        assert with_pause == without
    else:
        swallowed = as_numpy_counts(stopped, resumed, {HOLIDAY, LEAVE})
        assert as_numpy_counts(start, with_pause, {HOLIDAY, LEAVE}) == length + swallowed


def test_a_clock_that_stands_has_no_due_day():
    clock = Clock(date(2026, 11, 16), 5, WORKING_DAYS).stop(date(2026, 11, 18))
    assert clock.is_standing
    assert clock.due(CALENDAR) is None
    assert clock.used(date(2026, 11, 30), CALENDAR) == 2


def test_a_clock_goes_on_with_what_was_left():
    clock = Clock(date(2026, 11, 16), 5, WORKING_DAYS)
    clock = clock.stop(date(2026, 11, 18)).go_on(date(2026, 11, 25))
    assert clock.due(CALENDAR) == date(2026, 11, 30)
    assert clock.left(date(2026, 11, 27), CALENDAR) == 1
    assert not clock.is_late(date(2026, 11, 30), CALENDAR)
    assert clock.is_late(date(2026, 12, 1), CALENDAR)
    assert clock.left(date(2026, 12, 1), CALENDAR) == -1


def test_stopping_and_going_on_the_same_day_takes_nothing_from_the_citizen():
    clock = Clock(date(2026, 11, 16), 5, WORKING_DAYS)
    day = date(2026, 11, 18)
    assert clock.stop(day).go_on(day).due(CALENDAR) == clock.due(CALENDAR)


def test_a_promise_that_was_already_due_stays_due_when_the_clock_stops_later():
    clock = Clock(date(2026, 11, 16), 2, WORKING_DAYS).stop(date(2026, 11, 18))
    assert clock.due(CALENDAR) == date(2026, 11, 18)


def test_calendar_days_run_through_weekends():
    assert due(date(2026, 12, 1), 15, DAYS, (), CALENDAR) == date(2026, 12, 16)


def test_calendar_days_need_no_decree():
    assert due(date(2030, 12, 20), 15, DAYS, (), CALENDAR) == date(2031, 1, 4)


def test_a_clock_refuses_to_stop_or_go_on_twice():
    clock = Clock(FIRST, 5, WORKING_DAYS)
    with pytest.raises(ClockNotRunning, match="now possible: stop"):
        clock.go_on(FIRST)
    with pytest.raises(ClockNotRunning, match="now possible: go_on"):
        clock.stop(FIRST).stop(FIRST)


def test_a_clock_can_not_go_on_before_it_stopped():
    with pytest.raises(ValueError, match="before it stops on 2026-01-05"):
        Clock(FIRST, 5, WORKING_DAYS).stop(date(2026, 1, 5)).go_on(date(2026, 1, 4))


def test_two_times_24_hours_run_through_the_weekend():
    friday = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    assert after_hours(friday, 48) == datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def test_hours_need_a_time_zone():
    with pytest.raises(ValueError, match="time zone"):
        after_hours(datetime(2026, 11, 20, 15, 0), 48)  # noqa: DTZ001 - the fault under test

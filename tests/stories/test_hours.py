"""When an office is open: week, breaks, holidays, leave, closures, and what changes on a day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from giliran.core.deadline import CalendarMissing
from giliran.offices import actions
from giliran.offices import queries as offices
from giliran.offices.models import Break, WeeklyHours
from tests.builders import MONDAY, an_office

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 11, 27)
CHRISTMAS = date(2026, 12, 25)  # a Friday
CHRISTMAS_LEAVE = date(2026, 12, 24)  # collective leave, a Thursday
SATURDAY = date(2026, 11, 28)


def test_an_ordinary_day_has_its_hours_and_no_break():
    assert offices.hours(an_office(), MONDAY) == (time(8), time(15), ())


def test_fridays_pause_for_prayer():
    assert offices.hours(an_office(), FRIDAY) == (
        time(8),
        time(15),
        ((time(11, 30), time(13)),),
    )


def test_a_weekend_is_shut_where_the_week_says_nothing():
    assert offices.hours(an_office(), SATURDAY) is None


def test_an_office_may_open_on_saturdays():
    office = an_office()
    WeeklyHours.objects.create(
        office=office, weekday=5, opens=time(9), closes=time(12), since=date(2026, 11, 1)
    )

    assert offices.hours(office, SATURDAY) == (time(9), time(12), ())


def test_a_national_holiday_shuts_every_office():
    office = an_office(closes_on_collective_leave=False)

    assert offices.hours(office, CHRISTMAS) is None


@pytest.mark.parametrize(("closes", "is_open"), [(True, False), (False, True)])
def test_collective_leave_shuts_the_offices_that_follow_it(closes, is_open):
    office = an_office(closes_on_collective_leave=closes)

    assert (offices.hours(office, CHRISTMAS_LEAVE) is not None) is is_open


def test_an_offices_own_closure_shuts_it_alone():
    office, other = an_office(), an_office("tangerang")
    actions.close_on(office, MONDAY, reason="Banjir")

    assert offices.hours(office, MONDAY) is None
    assert offices.hours(other, MONDAY) is not None


def test_closing_a_day_twice_keeps_the_last_reason():
    office = an_office()
    actions.close_on(office, MONDAY, reason="Banjir")
    actions.close_on(office, MONDAY, reason="Pilkada")

    [told] = offices.days_off_ahead(office, MONDAY, 1)
    assert (told.hours, told.why_shut) == (None, "Pilkada")


def test_a_year_without_a_decree_is_refused_and_not_guessed():
    with pytest.raises(CalendarMissing):
        offices.hours(an_office(), date(2031, 3, 3))


def test_new_hours_begin_on_their_day_and_not_before():
    office = an_office()
    change = MONDAY + timedelta(days=7)
    WeeklyHours.objects.create(
        office=office, weekday=0, opens=time(7, 30), closes=time(16), since=change
    )

    assert offices.hours(office, MONDAY) == (time(8), time(15), ())
    assert offices.hours(office, change) == (time(7, 30), time(16), ())
    assert offices.hours(office, change + timedelta(days=7)) == (time(7, 30), time(16), ())


def test_hours_for_a_month_end_and_the_usual_ones_return():
    """Ramadan hours end; what was in force before is in force again."""
    office = an_office()
    WeeklyHours.objects.create(
        office=office,
        weekday=0,
        opens=time(8),
        closes=time(14),
        since=MONDAY,
        until=MONDAY + timedelta(days=6),
    )

    assert offices.hours(office, MONDAY) == (time(8), time(14), ())
    assert offices.hours(office, MONDAY + timedelta(days=7)) == (time(8), time(15), ())


def test_a_break_counts_from_its_first_to_its_last_day():
    office = an_office()
    Break.objects.create(
        office=office,
        weekday=0,
        starts=time(12),
        ends=time(13),
        reason="Istirahat",
        since=MONDAY,
        until=MONDAY,
    )

    assert offices.hours(office, MONDAY) == (time(8), time(15), ((time(12), time(13)),))
    assert offices.hours(office, MONDAY - timedelta(days=7)) == (time(8), time(15), ())
    assert offices.hours(office, MONDAY + timedelta(days=7)) == (time(8), time(15), ())


def test_breaks_come_in_the_order_of_the_day():
    office = an_office()
    for starts in (13, 10):
        Break.objects.create(
            office=office,
            weekday=0,
            starts=time(starts),
            ends=time(starts, 30),
            reason="Istirahat",
            since=date(2026, 1, 1),
        )

    found = offices.hours(office, MONDAY)
    assert found is not None
    assert found.breaks == ((time(10), time(10, 30)), (time(13), time(13, 30)))


@pytest.mark.parametrize(
    ("zone", "opens_utc"),
    [("Asia/Jakarta", 1), ("Asia/Pontianak", 1), ("Asia/Makassar", 0), ("Asia/Jayapura", -1)],
)
def test_eight_o_clock_is_eight_o_clock_at_the_office(zone, opens_utc):
    office = an_office(time_zone=zone)

    moments = offices.opening_moments(office, MONDAY)

    midnight = datetime(2026, 11, 23, tzinfo=UTC)
    assert moments is not None
    assert moments[0] == midnight + timedelta(hours=opens_utc)
    assert moments[1] == midnight + timedelta(hours=opens_utc + 7)


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Asia/Jakarta", 23), ("Asia/Makassar", 23), ("Asia/Jayapura", 24)],
)
def test_the_day_turns_first_in_the_east(zone, day):
    """At 22.30 in Serang it is already tomorrow in Jayapura."""
    office = an_office(time_zone=zone)

    assert offices.local_day(office, datetime(2026, 11, 23, 15, 30, tzinfo=UTC)).day == day


def test_the_next_open_days_skip_weekends_holidays_leave_and_closures():
    office = an_office()
    actions.close_on(office, date(2026, 12, 28), reason="Banjir")

    found = [day for day, _ in offices.open_days(office, date(2026, 12, 23), 3)]

    assert found == [date(2026, 12, 23), date(2026, 12, 29), date(2026, 12, 30)]


def test_an_office_without_hours_has_no_open_days_and_the_search_ends():
    office = an_office()
    WeeklyHours.objects.filter(office=office).delete()

    assert list(offices.open_days(office, MONDAY, 5)) == []

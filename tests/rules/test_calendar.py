"""The holiday decrees, held against a package that somebody else keeps."""

from datetime import date

import holidays
import pytest

from giliran.core.deadline import add_working_days, working_days_between
from giliran.rules import calendar, decrees

# day -> why we differ from the package. Whoever adds a line names the decree.
DIFFERENCES: dict[date, str] = {}


def by_package(year, category):
    return set(holidays.country_holidays("ID", years=year, categories=category))


@pytest.mark.parametrize("decree", decrees(), ids=lambda decree: str(decree.year))
def test_a_year_agrees_with_the_package_or_says_why_not(decree):
    ours, theirs = set(decree.holidays), by_package(decree.year, "public")
    assert {day for day in ours ^ theirs if day not in DIFFERENCES} == set()
    ours, theirs = set(decree.collective_leave), by_package(decree.year, "government")
    assert {day for day in ours ^ theirs if day not in DIFFERENCES} == set()


def test_no_difference_is_listed_that_is_none():
    for day in DIFFERENCES:
        ours = calendar().day_off(day) is not None
        theirs = day in by_package(day.year, "public") | by_package(day.year, "government")
        assert ours != theirs


@pytest.mark.parametrize(
    ("year", "national", "leave"), [(2025, 17, 11), (2026, 17, 8), (2027, 18, 8)]
)
def test_each_decree_has_as_many_days_as_it_names(year, national, leave):
    [decree] = [one for one in decrees() if one.year == year]
    assert (len(decree.holidays), len(decree.collective_leave)) == (national, leave)


def test_the_added_leave_of_august_2025_is_known():
    assert calendar().day_off(date(2025, 8, 18)).name_id.startswith("Cuti Bersama")


def test_days_that_may_still_move_are_marked():
    off = calendar().day_off(date(2027, 3, 10))
    assert (off.name_id, off.is_estimated) == ("Hari Raya Idul Fitri", True)
    assert not calendar().day_off(date(2027, 8, 17)).is_estimated


def test_a_claim_before_lebaran_2026_is_due_after_the_long_break():
    # 17 March is a Tuesday; 18 to 24 March are free; the days 25, 26, 27, 30, 31 March count.
    assert add_working_days(date(2026, 3, 17), 5, calendar()) == date(2026, 3, 31)


def test_if_offices_work_on_collective_leave_the_same_claim_is_due_earlier():
    # Only 19 March (Nyepi) and the weekend are free; 18, 20, 23, 24, 25 March count.
    works = calendar().with_collective_leave_working(True)
    assert add_working_days(date(2026, 3, 17), 5, works) == date(2026, 3, 25)


def test_the_working_days_of_2026_are_those_counted_by_hand():
    # 261 weekdays, 13 national holidays and 8 days of collective leave on a weekday.
    assert working_days_between(date(2025, 12, 31), date(2026, 12, 31), calendar()) == 261 - 13 - 8


def test_the_calendar_is_read_once():
    assert calendar() is calendar()

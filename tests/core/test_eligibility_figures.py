"""A second computation of JHT and JP, written from the law's text like a sheet of squared paper.

It shares no line with the code it checks: whole rupiah, fractions, its own table of the years.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giliran.core.eligibility import Situation, decide
from giliran.rules import load
from giliran.rules.calendars import calendar

LAW, DAYS_OFF = load(), calendar()
unhurried = settings(deadline=None)  # a shared machine may pause in any test
MILLION = 1_000_000
# PP 45/2015 article 18: smallest and largest monthly pension, from the day stated.
SMALLEST_AND_LARGEST = [
    (date(2015, 7, 1), 300_000, 3_600_000),
    (date(2023, 3, 1), 383_400, 4_598_100),
    (date(2024, 3, 1), 393_500, 4_718_200),
    (date(2025, 3, 1), 399_700, 4_792_300),
    (date(2026, 2, 1), 411_400, 4_932_300),
]


def page_of(values: dict[str, Any]) -> dict[str, Any]:
    return decide(Situation.from_json(values), LAW, DAYS_OFF).to_json()


def sheet_final_tax(paid_before: int, now: int) -> int:
    """PP 68/2009: nothing up to 50 million of the two years' sum, 5 % above, whole rupiah."""
    over_before = paid_before - 50 * MILLION if paid_before > 50 * MILLION else 0
    over_after = paid_before + now - 50 * MILLION if paid_before + now > 50 * MILLION else 0
    return (over_after - over_before) * 5 // 100


def sheet_progressive_tax(now: int, *, npwp: bool) -> int:
    """UU 7/2021: 5 % to 60, 15 % to 250, 25 % to 500 million, 30 % to 5 thousand million, 35 %."""
    column = 0
    rows = [(60, 5), (190, 15), (250, 25), (4500, 30)]
    left = now
    for millions, percent in rows:
        here = min(left, millions * MILLION)
        column += here * percent
        left -= here
    column += left * 35
    return column // 100 if npwp else column * 120 // 10000


@unhurried
@given(st.integers(0, 900 * MILLION), st.integers(0, 400 * MILLION))
def test_the_final_tax_is_that_of_the_sheet(balance: int, before: int):
    page = page_of(
        {
            "date": "2026-11-23",
            "reason": "resigned",
            "event_date": "2026-01-01",
            "working": False,
            "cards": [{"active": False, "balance": balance}],
            "earlier_withdrawals": [{"date": "2025-07-07", "kind": "partial_10", "gross": before}],
        }
    )
    assert page["tax"]["rupiah"] == sheet_final_tax(before, balance)
    assert page["tax"]["net"] == balance - sheet_final_tax(before, balance)


@unhurried
@given(st.integers(0, 9000 * MILLION), st.booleans())
def test_the_progressive_tax_is_that_of_the_sheet(balance: int, npwp: bool):
    page = page_of(
        {
            "date": "2026-11-23",
            "reason": "resigned",
            "event_date": "2026-01-01",
            "working": False,
            "npwp": npwp,
            "cards": [{"active": False, "balance": balance}],
            "earlier_withdrawals": [{"date": "2022-07-07", "kind": "partial_10", "gross": 1}],
        }
    )
    assert page["tax"]["rupiah"] == sheet_progressive_tax(balance, npwp=npwp)


@unhurried
@given(st.lists(st.integers(0, 90 * MILLION), min_size=1, max_size=4))
def test_all_the_cards_of_a_person_are_paid_together(balances: list[int]):
    page = page_of(
        {
            "date": "2026-11-23",
            "reason": "dismissed",
            "program": "JHT",
            "event_date": "2026-01-01",
            "working": False,
            "cards": [{"active": False, "balance": one} for one in balances],
            "earlier_withdrawals": [],
        }
    )
    assert page["total_once"] == sum(balances)
    assert page["tax"]["rupiah"] == sheet_final_tax(0, sum(balances))


@unhurried
@given(
    st.integers(0, 400 * MILLION), st.sampled_from([("partial_other", 10), ("partial_housing", 30)])
)
def test_a_part_of_jht_is_that_of_the_sheet(balance: int, part: tuple[str, int]):
    reason, percent = part
    page = page_of(
        {
            "date": "2026-11-23",
            "reason": reason,
            "home": "cash",
            "working": True,
            "cards": [{"active": True, "since": "2010-01-01", "balance": balance}],
            "earlier_withdrawals": [],
        }
    )
    assert page["total_once"] == balance * percent // 100
    assert page["tax"]["rupiah"] == sheet_final_tax(0, balance * percent // 100)


def sheet_pension(months: int, average: int, day: date, share: Fraction = Fraction(1)) -> int:
    """PP 45/2015 article 17: 1 % x months/12 x mean wage, within the limits of the year."""
    smallest, largest = next(
        (low, high) for since, low, high in reversed(SMALLEST_AND_LARGEST) if since <= day
    )
    exact = Fraction(1, 100) * Fraction(months, 12) * average * share
    return int(max(smallest, min(largest, exact)))


@unhurried
@given(st.integers(180, 560), st.integers(0, 30 * MILLION))
def test_the_monthly_pension_is_that_of_the_sheet(months: int, average: int):
    page = page_of(
        {
            "date": "2030-09-01",
            "program": "JP",
            "segment": "PU",
            "reason": "age",
            "birth_date": "1970-07-01",
            "pension": {"months": months, "average_wage": average},
        }
    )
    assert page["reason_code"] == "monthly_pension"
    wanted = sheet_pension(months, average, date(2030, 8, 1))
    assert [one["rupiah"] for one in page["amounts"]] == [wanted]


@unhurried
@given(
    st.integers(12, 300),
    st.integers(0, 30 * MILLION),
    st.sampled_from([("spouse", 50), ("child", 50), ("parent", 20)]),
    st.sampled_from([date(2023, 3, 1), date(2024, 3, 1), date(2025, 3, 1), date(2026, 3, 1)]),
)
def test_the_pension_of_those_left_behind_is_that_of_the_sheet(
    months: int, average: int, who: tuple[str, int], start: date
):
    heir, percent = who
    page = page_of(
        {
            "date": (start + timedelta(days=40)).isoformat(),
            "program": "JP",
            "segment": "PU",
            "reason": "death",
            "event_date": (start - timedelta(days=9)).isoformat(),
            "claimant": {
                "heir": heir,
                "age": 20,
                "remarried": False,
                "nearer_heirs": False,
                "working": False,
                "married": False,
            },
            "pension": {
                "months": months,
                "density": 100,
                "enrolled_on": "2015-07-01",
                "average_wage": average,
            },
        }
    )
    assumed = max(months, 180)
    wanted = sheet_pension(assumed, average, start, Fraction(percent, 100))
    assert [one["rupiah"] for one in page["amounts"]] == [wanted]


def sheet_pension_age(year: int) -> int:
    """PP 45/2015 article 15: 56; 57 from 2019; then one more every three years, up to 65."""
    return 56 if year < 2019 else min(65, 57 + (year - 2019) // 3)


def sheet_birthday(born: date, years: int) -> date:
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 2, 28)


def sheet_pension_starts(born: date) -> date:
    """Walk through the days of a life; the right begins on the 1st of the next month."""
    day = max(date(2015, 7, 1), sheet_birthday(born, 56))
    while day < sheet_birthday(born, sheet_pension_age(day.year)):
        day += timedelta(days=1)
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


@pytest.mark.parametrize("year", range(1958, 1992))
@pytest.mark.parametrize("month_and_day", [(1, 1), (2, 28), (7, 15), (12, 31)])
def test_the_first_day_of_a_pension_is_that_of_the_sheet(year: int, month_and_day: tuple[int, int]):
    born = date(year, *month_and_day)
    page = page_of(
        {
            "date": "2015-07-01",
            "program": "JP",
            "segment": "PU",
            "reason": "age",
            "birth_date": born.isoformat(),
        }
    )
    assert page["earliest_date"] == sheet_pension_starts(born).isoformat()


@unhurried
@given(st.integers(0, 40 * MILLION), st.sampled_from(["2025-02-06", "2025-02-07"]))
def test_the_cash_of_six_months_without_work_is_that_of_the_sheet(wage: int, day: str):
    page = page_of(
        {
            "date": day,
            "program": "JKP",
            "segment": "PU",
            "reason": "dismissed",
            "event_date": "2025-01-10",
            "citizenship": "WNI",
            "working": False,
            "wage": wage,
            "job_loss": {
                "enrolled": True,
                "willing": True,
                "months_paid": 24,
                "longest_run_months": 24,
                "times_before": 0,
            },
        }
    )
    percents = [45, 45, 45, 25, 25, 25] if day == "2025-02-06" else [60] * 6
    assert [one["rupiah"] for one in page["amounts"]] == [
        min(wage, 5 * MILLION) * percent // 100 for percent in percents
    ]

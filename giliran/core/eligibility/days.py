"""Ages and months by the calendar."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def add_months(day: date, months: int) -> date:
    """Give the same day `months` later, or the month's last day where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def birthday(born: date, years: int) -> date:
    """Give the day on which somebody becomes `years` old (29 February: 28 February)."""
    return add_months(born, 12 * years)


def age_on(born: date, day: date) -> int:
    """Count whole years of age on `day`."""
    years = day.year - born.year
    return years if birthday(born, years) <= day else years - 1


def first_of_next_month(day: date) -> date:
    """Give the 1st of the month after `day`."""
    return add_months(day.replace(day=1), 1)


def whole_months(since: date, until: date) -> int:
    """Count the whole months between two days; none if `until` comes first."""
    months = (until.year - since.year) * 12 + until.month - since.month
    return max(0, months if add_months(since, months) <= until else months - 1)

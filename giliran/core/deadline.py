"""Working days, and clocks that stop and go on.

The day of receipt is day 0: it never counts. A working day is Monday to Friday without the
national holidays; whether collective leave counts as working is a setting of the calendar,
because no law that we read decides it for branch offices.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

SATURDAY = 5
ONE_DAY = timedelta(days=1)
WORKING_DAYS = "working_days"
DAYS = "days"


class CalendarMissing(LookupError):
    """The holidays of that year are not known yet, so nothing is counted."""


class DayOff(NamedTuple):
    """Why a day is free. `is_estimated`: the date still depends on the sighting of the moon."""

    name_id: str
    name_en: str
    is_estimated: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days off of some years. `closed` are an office's own days: elections, local holidays."""

    years: frozenset[int]
    holidays: Mapping[date, DayOff]
    collective_leave: Mapping[date, DayOff]
    collective_leave_works: bool = False
    closed: frozenset[date] = field(default_factory=frozenset)

    def with_collective_leave_working(self, works: bool) -> Calendar:
        return replace(self, collective_leave_works=works)

    def closed_also_on(self, days: Iterable[date]) -> Calendar:
        return replace(self, closed=self.closed | frozenset(days))

    def day_off(self, day: date) -> DayOff | None:
        """Give the holiday or the collective leave of a day, whether or not it stops the work.

        Raises:
            CalendarMissing: the year is not loaded.

        """
        self.check_year(day)
        return self.holidays.get(day) or self.collective_leave.get(day)

    def check_year(self, day: date) -> None:
        """Refuse to guess.

        Raises:
            CalendarMissing: the year of `day` is not loaded.

        """
        if day.year not in self.years:
            known = ", ".join(str(year) for year in sorted(self.years)) or "none"
            raise CalendarMissing(
                f"The holidays of {day.year} are not loaded (loaded: {known}), so a working day "
                f"in {day.year} can't be counted. Add the decree of {day.year} to the rules."
            )


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Say whether the offices work on `day`.

    Raises:
        CalendarMissing: the year is not loaded; weekends of such a year are not guessed either.

    """
    calendar.check_year(day)
    if day.weekday() >= SATURDAY or day in calendar.holidays or day in calendar.closed:
        return False
    return calendar.collective_leave_works or day not in calendar.collective_leave


def next_working_day(day: date, calendar: Calendar) -> date:
    """Give `day` itself if it is a working day, else the first one after it."""
    while not is_working_day(day, calendar):
        day += ONE_DAY
    return day


def add_working_days(day: date, length: int, calendar: Calendar) -> date:
    """Give the `length`-th working day after `day`, which is day 0 and may be a day off.

    Raises:
        ValueError: `length` is negative.
        CalendarMissing: the count runs into a year that is not loaded.

    """
    return _run(day, length, WORKING_DAYS, (), calendar) or day


def working_days_between(day: date, end: date, calendar: Calendar) -> int:
    """Count the working days after `day` up to and including `end`; 0 if `end` is not later."""
    return _counted(day, end, WORKING_DAYS, (), calendar)


class Pause(NamedTuple):
    """The clock stands still after `stopped_on`, up to and including `resumed_on`.

    The day of stopping still counts, the day of going on is like a day of receipt and does not.
    None: the clock still stands.
    """

    stopped_on: date
    resumed_on: date | None = None

    def covers(self, day: date) -> bool:
        return self.stopped_on < day and (self.resumed_on is None or day <= self.resumed_on)


def due(
    day0: date, length: int, unit: str, pauses: Iterable[Pause], calendar: Calendar
) -> date | None:
    """Give the last day on which the promise is still kept; None while the clock stands still.

    `unit` is working_days or days (of the calendar).

    Raises:
        ValueError: unknown unit, negative length, or a pause that ends before it begins.
        CalendarMissing: the count runs into a year that is not loaded.

    """
    return _run(day0, length, unit, tuple(pauses), calendar)


def _run(
    day0: date, length: int, unit: str, pauses: tuple[Pause, ...], calendar: Calendar
) -> date | None:
    _check(length, unit, pauses)
    day, counted = day0, 0
    while counted < length:
        day += ONE_DAY
        standing = [pause for pause in pauses if pause.covers(day)]
        if any(pause.resumed_on is None for pause in standing):
            return None
        counted += not standing and _counts(day, unit, calendar)
    return day


def _counted(
    day0: date, end: date, unit: str, pauses: tuple[Pause, ...], calendar: Calendar
) -> int:
    days = (day0 + timedelta(days=step) for step in range(1, (end - day0).days + 1))
    return sum(
        _counts(day, unit, calendar) and not any(pause.covers(day) for pause in pauses)
        for day in days
    )


def _counts(day: date, unit: str, calendar: Calendar) -> bool:
    return unit == DAYS or is_working_day(day, calendar)


def _check(length: int, unit: str, pauses: tuple[Pause, ...]) -> None:
    if length < 0:
        raise ValueError(f"A deadline can't be {length} days long.")
    if unit not in {WORKING_DAYS, DAYS}:
        raise ValueError(f"A deadline counts in {WORKING_DAYS} or {DAYS}, not in {unit!r}.")
    for pause in pauses:
        if pause.resumed_on is not None and pause.resumed_on < pause.stopped_on:
            raise ValueError(
                f"The clock can't go on on {pause.resumed_on} before it stops on "
                f"{pause.stopped_on}."
            )


class ClockNotRunning(ValueError):
    """The clock stands still already, or runs already."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The time that the law gives for a claim or a complaint. Every move gives a new clock."""

    day0: date
    length: int
    unit: str
    pauses: tuple[Pause, ...] = ()

    @property
    def is_standing(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].resumed_on is None

    def stop(self, day: date) -> Clock:
        """Stop after `day`: something is asked of the citizen.

        Raises:
            ClockNotRunning: it stands already.

        """
        if self.is_standing:
            raise ClockNotRunning(
                f"The clock stands still since {self.pauses[-1].stopped_on}; now possible: go_on."
            )
        return replace(self, pauses=(*self.pauses, Pause(day)))

    def go_on(self, day: date) -> Clock:
        """Go on after `day`: what was asked has come, complete and correct.

        Raises:
            ClockNotRunning: it runs already.
            ValueError: `day` lies before the day on which it stopped.

        """
        if not self.is_standing:
            raise ClockNotRunning("The clock is running; now possible: stop.")
        ended = Pause(self.pauses[-1].stopped_on, day)
        _check(self.length, self.unit, (ended,))
        return replace(self, pauses=(*self.pauses[:-1], ended))

    def due(self, calendar: Calendar) -> date | None:
        """Give the last day in time; None while the clock stands still."""
        return due(self.day0, self.length, self.unit, self.pauses, calendar)

    def used(self, today: date, calendar: Calendar) -> int:
        """Count the days that ran until the end of `today`."""
        return _counted(self.day0, today, self.unit, self.pauses, calendar)

    def left(self, today: date, calendar: Calendar) -> int:
        """Count the days that are left after `today`; negative: that many days late."""
        return self.length - self.used(today, calendar)

    def is_late(self, today: date, calendar: Calendar) -> bool:
        return self.used(today, calendar) > self.length


def after_hours(moment: datetime, hours: int) -> datetime:
    """Give the end of a deadline in hours ("2 x 24 jam"), which runs through nights and holidays.

    Raises:
        ValueError: `moment` has no time zone.

    """
    if moment.tzinfo is None:
        raise ValueError("A deadline in hours needs a moment with its time zone.")
    return moment + timedelta(hours=hours)

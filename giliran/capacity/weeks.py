"""Reading a week of an office or a day of a region: need against staff, and who works when."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Q

from giliran.capacity import needs
from giliran.capacity.models import Leave, Loan, Shift, Work
from giliran.capacity.roster_setting import WEEK, limits_at
from giliran.core.deadline import CalendarMissing
from giliran.offices import queries as offices
from giliran.offices.models import Counter, Office, Post
from giliran.people.models import Officer


class HalfHour(NamedTuple):
    """Officers in half an hour: how many are needed, and how many are there."""

    begins: datetime
    need: int
    staff: int

    @property
    def over(self) -> int:
        """Return how many are there beyond the need; below 0: how many are missing."""
        return self.staff - self.need


class Day(NamedTuple):
    """A day of an office; without half-hours where it is shut."""

    day: date
    half_hours: tuple[HalfHour, ...]
    has_roster: bool
    is_estimated: bool

    @property
    def short(self) -> list[HalfHour]:
        return [one for one in self.half_hours if one.over < 0]

    @property
    def missing_hours(self) -> float:
        """Return the officers' hours that are missing."""
        return -sum(one.over for one in self.short) / 2

    @property
    def spare_hours(self) -> float:
        """Return the officers' hours beyond the need."""
        return sum(one.over for one in self.half_hours if one.over > 0) / 2


class Cell(NamedTuple):
    """What somebody does on a day: a shift here, a shift elsewhere, leave, or nothing."""

    day: date
    shift_id: int | None = None
    kind: str = ""
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    elsewhere: str = ""
    is_away: bool = False


class Person(NamedTuple):
    """Somebody who works at an office this week; ``home`` names whose they are if only lent."""

    officer_id: int
    name: str
    home: str
    cells: tuple[Cell, ...]

    @property
    def hours(self) -> float:
        """Return the hours between begin and end of this week's shifts, wherever they are."""
        return sum(
            (one.ends_at - one.begins_at) / timedelta(hours=1)
            for one in self.cells
            if one.begins_at and one.ends_at and not one.is_away
        )


class Week(NamedTuple):
    """A week of an office."""

    monday: date
    days: tuple[Day, ...]
    people: tuple[Person, ...]


class Lent(NamedTuple):
    """Somebody of one office who helps at another that day."""

    officer: str
    home_id: int
    to_id: int
    travel_minutes: int
    is_agreed: bool


def week(office: Office, monday: date) -> Week:
    """Return an office's week: each day's half-hours, and what everybody does on each."""
    days = [monday + timedelta(days=n) for n in range(WEEK)]
    return Week(monday, tuple(day_of(office, day) for day in days), tuple(_people(office, days)))


def day_of(office: Office, day: date) -> Day:
    """Return an office's day: need against staff. Where no calendar is known yet, it is shut."""
    return days_at([office], day)[office.id]


def days_at(here: Sequence[Office], day: date) -> dict[int, Day]:
    """Return as ``day_of`` does a day of many offices, by id: all are read at once."""
    rostered = needs.with_roster(here, day)
    try:
        hours = offices.hours_at(here, day)
    except CalendarMissing:
        hours = {}
    work = {one.office_id: one for one in Work.objects.filter(office__in=here)}
    counters = Tally(Counter.objects.filter(office__in=here).values_list("office_id", flat=True))
    shifts = needs.shifts_at(here, day)
    found = {}
    for office in here:
        opened = hours.get(office.id)
        is_rostered = office.id in rostered
        if opened is None:
            found[office.id] = Day(day, (), is_rostered, is_estimated=False)
            continue
        need = needs.need_from(office, day, opened, work.get(office.id))
        most = counters[office.id]
        staff = (
            needs.staff_from(office, day, opened, shifts.get(office.id, ()), most)
            if is_rostered
            else needs.every_counter(office, day, opened, most)
        )
        half_hours = tuple(
            HalfHour(one.begins, one.officers, there.officers)
            for one, there in zip(need.half_hours, staff, strict=True)
        )
        found[office.id] = Day(day, half_hours, is_rostered, need.is_estimated)
    return found


def kinds_of(office: Office, monday: date) -> dict[date, dict[str, tuple[datetime, datetime]]]:
    """Return which kinds of shift each day of an office's week knows, with begin and end.

    Empty where the holidays of a day aren't known yet.
    """
    found: dict[date, dict[str, tuple[datetime, datetime]]] = {}
    try:
        duties = limits_at({office.id}, monday, today=monday).duties
    except CalendarMissing:
        return found
    for duty in duties.values():
        found.setdefault(duty.day, {})[duty.kind] = (duty.begins_at, duty.ends_at)
    return found


def loans_of(region_id: int, day: date) -> list[Lent]:
    """Return who of a region is lent to where on a day, agreed on or only asked for."""
    found = (
        Loan.objects.filter(
            Q(home__region_id=region_id) | Q(to__region_id=region_id),
            day=day,
            state__in=[Loan.State.ASKED, Loan.State.ACCEPTED],
        )
        .select_related("officer")
        .order_by("id")
    )
    return [
        Lent(
            one.officer.full_name,
            one.home_id,
            one.to_id,
            one.travel_minutes,
            one.state == Loan.State.ACCEPTED,
        )
        for one in found
    ]


def _people(office: Office, days: list[date]) -> Iterator[Person]:
    own = set(
        Post.objects.filter(
            office=office, role=Post.Role.OFFICER, officer__is_active=True
        ).values_list("officer_id", flat=True)
    )
    span = (days[0], days[-1])
    in_force = Shift.objects.filter(
        day__range=span, is_draft=False, cancelled_at__isnull=True
    ).select_related("office")
    guests = set(in_force.filter(office=office).values_list("officer_id", flat=True)) - own
    shifts = {
        (one.officer_id, one.day): one for one in in_force.filter(officer_id__in=own | guests)
    }
    away = _away(own | guests, span)
    homes = dict(
        Post.objects.filter(officer_id__in=guests, role=Post.Role.OFFICER)
        .order_by("-id")
        .values_list("officer_id", "office__name")
    )
    people = Officer.objects.filter(id__in=own | guests).order_by("full_name", "id")
    for officer in sorted(people, key=lambda one: one.id in guests):
        yield Person(
            officer.id,
            officer.full_name,
            homes.get(officer.id, "–") if officer.id in guests else "",
            tuple(_cell(office, officer.id, day, shifts, away) for day in days),
        )


def _away(officer_ids: Iterable[int], span: tuple[date, date]) -> set[tuple[int, date]]:
    leaves = Leave.objects.filter(
        officer_id__in=list(officer_ids),
        state=Leave.State.APPROVED,
        first_day__lte=span[1],
        last_day__gte=span[0],
    )
    return {
        (one.officer_id, one.first_day + timedelta(days=n))
        for one in leaves
        for n in range((one.last_day - one.first_day).days + 1)
    }


def _cell(
    office: Office,
    officer_id: int,
    day: date,
    shifts: dict[tuple[int, date], Shift],
    away: set[tuple[int, date]],
) -> Cell:
    shift = shifts.get((officer_id, day))
    is_away = (officer_id, day) in away
    if shift is None:
        return Cell(day, is_away=is_away)
    zone = offices.zone(shift.office)
    is_here = shift.office_id == office.id
    return Cell(
        day,
        shift.id if is_here else None,
        shift.kind,
        shift.begins_at.astimezone(zone),
        shift.ends_at.astimezone(zone),
        "" if is_here else shift.office.name,
        is_away,
    )

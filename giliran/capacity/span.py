"""Some days of one office, read once: who is there, what is needed, and who was promised a window.

What a change does is the same days counted twice: nothing is read again for the second count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Q

from giliran.capacity import needs, places
from giliran.capacity.models import Leave, Loan, Offer, Roster, Shift
from giliran.capacity.models import Work as WorkRow
from giliran.capacity.needs import Need, Staff
from giliran.capacity.places import Promises, Touched
from giliran.core.need.work import Work
from giliran.core.offers import Hours
from giliran.offices import queries as offices
from giliran.offices.hours import hours_of_days
from giliran.offices.models import Counter, Office


class Half(NamedTuple):
    """Officers in half an hour: needed and there."""

    begins: datetime
    need: int
    staff: int


@dataclass(frozen=True)
class Span:
    """An office's days as they are planned."""

    office: Office
    hours: Mapping[date, Hours | None]
    """Days of a year whose decree isn't known yet are left out."""
    counters: int
    weighed: Promises
    _known: tuple[Work, bool] | None
    _row: WorkRow | None
    _planned: frozenset[date]
    _shifts: Mapping[date, Sequence[Shift]]
    _gone: frozenset[tuple[int, date]]
    _windows: Mapping[date, Sequence[Offer]]
    _needs: dict[date, Need] = field(default_factory=dict)

    def is_open(self, day: date) -> bool:
        """Say whether the office is open on a day; not where nobody knows yet."""
        return self.hours.get(day) is not None

    def is_planned(self, day: date) -> bool:
        """Say whether somebody was put down for a day, as ``needs.has_roster`` does."""
        return day in self._planned

    def own(self, officer_id: int, day: date) -> Shift | None:
        """Return the shift for which an officer is put down, were they ill by now."""
        return next((o for o in self._shifts.get(day, ()) if o.officer_id == officer_id), None)

    def there(self, day: date, *, without: Collection[int] = ()) -> list[Shift]:
        """Return the shifts of who works on a day, as ``needs.shifts_there`` does."""
        return [
            one
            for one in self._shifts.get(day, ())
            if one.officer.is_active
            and one.officer_id not in without
            and (one.officer_id, day) not in self._gone
        ]

    def staff_with(self, day: date, shifts: Iterable[Shift]) -> list[Staff]:
        """Return who could serve with these shifts, as ``needs.staff_with`` does."""
        hours = self.hours.get(day)
        if hours is None:
            return []
        return needs.staff_from(self.office, day, hours, shifts, self.counters)

    def staff(self, day: date, *, without: Collection[int] = ()) -> list[Staff]:
        """Return who can serve on a day, as ``needs.staff_of`` does."""
        if self.is_planned(day):
            return self.staff_with(day, self.there(day, without=without))
        hours = self.hours.get(day)
        if hours is None:
            return []
        return needs.every_counter(self.office, day, hours, self.counters)

    def halves(self, day: date, staff: Sequence[Staff]) -> list[Half]:
        """Return what each half-hour of a day needs and has with some staff."""
        if day not in self._needs:
            hours = self.hours.get(day)
            self._needs[day] = needs.need_from(
                self.office, day, hours, self._row, known=self._known
            )
        need = self._needs[day].half_hours
        return [
            Half(one.begins, one.officers, there.officers)
            for one, there in zip(need, staff, strict=True)
        ]

    def touched(self, day: date, staff: Sequence[Staff], *, now: datetime) -> list[Touched]:
        """Return whose promise some staff can't keep, as ``places.touched`` does."""
        windows = [one for one in self._windows.get(day, ()) if one.ends_at > now]
        return places.touched_with(windows, staff, self.weighed, is_planned=self.is_planned(day))


def read(office: Office, days: Iterable[date]) -> Span:
    """Read some days of an office; the statements don't depend on how many."""
    wanted = sorted(set(days))
    shifts: dict[date, list[Shift]] = {}
    windows: dict[date, list[Offer]] = {}
    stood: set[date] = set()
    for one in (
        Shift.objects.filter(office=office, day__in=wanted, is_draft=False)
        .select_related("officer")
        .order_by("begins_at", "officer_id")
    ):
        stood.add(one.day)
        if one.cancelled_at is None:
            shifts.setdefault(one.day, []).append(one)
    for offer in Offer.objects.filter(
        office=office, day__in=wanted, kind=Offer.Kind.WINDOW
    ).order_by("starts_at"):
        windows.setdefault(offer.day, []).append(offer)
    in_force = _weeks_in_force(office, wanted)
    row = WorkRow.objects.filter(office=office).first()
    serves = row is not None or bool(offices.services(office_id=office.id))
    known = needs.work_from(office, row) if serves else None
    work, is_estimated = known or (None, False)
    lent = frozenset(
        Loan.objects.filter(home=office, day__in=wanted, state=Loan.State.ACCEPTED).values_list(
            "officer_id", "day"
        )
    )
    return Span(
        office,
        hours_of_days(office, wanted),
        Counter.objects.filter(office=office).count(),
        places.promises(office, work, is_estimated=is_estimated),
        known,
        row,
        frozenset(day for day in wanted if day in stood or _monday(day) in in_force),
        shifts,
        _away(shifts) | lent,
        windows,
    )


def touched(office: Office, day: date, *, now: datetime) -> list[Touched]:
    """Return the windows still to end whose promises are more than the staff can serve."""
    here = read(office, [day])
    return here.touched(day, here.staff(day), now=now)


def _weeks_in_force(office: Office, days: Iterable[date]) -> set[date]:
    """Return the Mondays of the weeks whose roster in force names the office."""
    found = Shift.objects.filter(
        office=office,
        is_draft=False,
        roster__state=Roster.State.PUBLISHED,
        roster__monday__in={_monday(day) for day in days},
    )
    return set(found.order_by().values_list("roster__monday", flat=True).distinct())


def _away(shifts: Mapping[date, Sequence[Shift]]) -> frozenset[tuple[int, date]]:
    """Return who of those put down has an approved leave, and on which days."""
    if not shifts:
        return frozenset()
    whose = {one.officer_id for here in shifts.values() for one in here}
    approved = Leave.objects.filter(
        Q(first_day__lte=max(shifts), last_day__gte=min(shifts)),
        officer_id__in=whose,
        state=Leave.State.APPROVED,
    )
    return frozenset(
        (one.officer_id, day)
        for one in approved
        for day in shifts
        if one.first_day <= day <= one.last_day
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())

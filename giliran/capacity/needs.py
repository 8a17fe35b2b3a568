"""How many officers an office's day needs, how many it has, and where it falls short."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Any, Final, NamedTuple

from django.db.models import Q

from giliran.capacity.models import Leave, Loan, Roster, Shift
from giliran.capacity.models import Work as WorkRow
from giliran.core.need.mixed import need_of_streams
from giliran.core.need.work import Counted, Work, estimate_work
from giliran.core.offers import Hours
from giliran.offices import queries as offices
from giliran.offices.models import Break, Counter, Office, WeeklyHours

HALF_HOUR: Final = timedelta(minutes=30)
REST_AFTER: Final = timedelta(hours=4)
"""Nobody works longer without half an hour's rest: UU 13/2003 Pasal 79 ayat (2) huruf a."""
COUNTED: Final = "needs"
"""Under this name a work's own needs lie beside it; a work noted anew begins without them."""


class HalfHour(NamedTuple):
    """What half an hour needs: officers in all, and of those who know a service, by its id."""

    begins: datetime
    officers: int
    by_skill: Mapping[int, int]


class Need(NamedTuple):
    """A day's need; empty where the office is shut. Not estimated: only the usual is known."""

    half_hours: tuple[HalfHour, ...]
    is_estimated: bool


class Staff(NamedTuple):
    """How many officers can serve in half an hour."""

    begins: datetime
    officers: int


class Short(NamedTuple):
    """Half an hour in which fewer officers are there than it needs."""

    begins: datetime
    need: int
    staff: int


class Terms(NamedTuple):
    """What is known of an office before anything was counted there."""

    typical_minutes: dict[int, float]
    counters: int
    open_at: dict[int, list[int]]
    """The half-hours of the day (16 is 08.00) at which it is open, by weekday; no breaks."""


def terms(office: Office) -> Terms:
    """Return what an office's estimates begin with."""
    weekly = WeeklyHours.objects.filter(office=office)
    open_at: dict[int, set[int]] = {}
    for row in weekly:
        open_at.setdefault(row.weekday, set()).update(_half_hours(row.opens, row.closes))
    for pause in Break.objects.filter(office=office, until__isnull=True):
        open_at.get(pause.weekday, set()).difference_update(_within(pause.starts, pause.ends))
    return Terms(
        {one.id: float(one.typical_minutes) for one in offices.services(office_id=office.id)},
        Counter.objects.filter(office=office).count(),
        {weekday: sorted(found) for weekday, found in sorted(open_at.items())},
    )


def work_of(office: Office) -> tuple[Work, bool]:
    """Return an office's work, and whether it was estimated from its days or is only the usual.

    Raises ``ValueError`` for an office that serves nothing.
    """
    return work_from(office, WorkRow.objects.filter(office=office).first())


def work_from(office: Office, row: WorkRow | None) -> tuple[Work, bool]:
    """Return as ``work_of`` does an office's work, from what was noted of it."""
    if row is not None:
        work = Work.from_json(row.data)
        return work, work.days > 0
    known = terms(office)
    usual = estimate_work(
        Counted(), known.typical_minutes, counters=known.counters, open_at=known.open_at
    )
    return usual, False


def need_of(office: Office, day: date, *, hours: Hours | None = None) -> Need:
    """Return how many officers each half-hour of a day needs; times are the office's.

    So many that nine of ten with a window are called within 20 minutes past it and nine of ten
    without one within an hour: see ``giliran.core.need``. In breaks nobody is needed. What was
    counted the night before (``actions.note_needs``) is only read; the rest takes some tenths of a
    second. ``hours`` are the day's, where the caller knows them already. An office that serves
    nothing needs nobody.
    """
    row = WorkRow.objects.filter(office=office).first()
    return need_from(office, day, hours or offices.hours(office, day), row)


def need_from(
    office: Office,
    day: date,
    hours: Hours | None,
    row: WorkRow | None,
    *,
    known: tuple[Work, bool] | None = None,
) -> Need:
    """Return as ``need_of`` does a day's need, from its hours and the work that was noted.

    ``known`` is what ``work_from`` returns, where the caller has it already.
    """
    if row is not None and hours is not None:
        counted = row.data.get(COUNTED, {})
        kept = counted.get(_key(office, day, hours))
        if kept is not None:
            return Need(_kept(office, day, hours, kept), row.data["days"] > 0)
    if row is None and known is None and not offices.services(office_id=office.id):
        begins = [] if hours is None else half_hours_of(office, day, hours)
        return Need(tuple(HalfHour(at, 0, {}) for at in begins), is_estimated=False)
    work, is_estimated = known or work_from(office, row)
    return _need(office, day, hours, work, is_estimated=is_estimated)


def _need(
    office: Office, day: date, hours: Hours | None, work: Work, *, is_estimated: bool
) -> Need:
    if hours is None:
        return Need((), is_estimated)
    counted = _count(office, day, hours, work)
    return Need(_kept(office, day, hours, counted), is_estimated)


def counted_needs(office: Office, days: Iterable[date]) -> dict[str, Any]:
    """Return the needs of an office's days as plain data to keep beside the work behind them.

    Days with the same hours and breaks of the same weekday share one. Empty without a noted work.
    """
    row = WorkRow.objects.filter(office=office).first()
    found: dict[str, Any] = {}
    if row is None:
        return found
    work = Work.from_json(row.data)
    for day in days:
        hours = offices.hours(office, day)
        if hours is not None and (key := _key(office, day, hours)) not in found:
            found[key] = _count(office, day, hours, work)
    return found


def _key(office: Office, day: date, hours: Hours) -> str:
    """Name all that a day's need follows from, besides the work: weekday, half-hours, breaks."""
    shut = _shut(office, day, hours, half_hours_of(office, day, hours))
    first = _half_hours(hours.opens, hours.closes)[:1]
    return f"{day.weekday()} {first} {''.join('-' if off else '+' for off in shut)}"


def _count(office: Office, day: date, hours: Hours, work: Work) -> dict[str, Any]:
    streams = work.streams(day.weekday(), _half_hours(hours.opens, hours.closes))
    found = need_of_streams(
        list(streams.values()),
        booked_share=work.booked.value,
        patience=work.patience,
        standing=round(work.standing.value),
        shut=_shut(office, day, hours, half_hours_of(office, day, hours)),
    )
    by_service = {str(one): wanted for one, wanted in zip(streams, found.by_stream, strict=True)}
    return {"officers": list(found.officers), "by_service": by_service}


def _kept(
    office: Office, day: date, hours: Hours, counted: Mapping[str, Any]
) -> tuple[HalfHour, ...]:
    by_service = {int(one): wanted for one, wanted in counted["by_service"].items()}
    begins = half_hours_of(office, day, hours)
    return tuple(
        HalfHour(at, officers, {one: wanted[k] for one, wanted in by_service.items() if wanted[k]})
        for k, (at, officers) in enumerate(zip(begins, counted["officers"], strict=True))
    )


def half_hours_of(office: Office, day: date, hours: Hours) -> list[datetime]:
    """Return when the half-hours of the clock begin in which an office is open."""
    midnight = datetime.combine(day, time(), tzinfo=offices.zone(office))
    return [midnight + k * HALF_HOUR for k in _half_hours(hours.opens, hours.closes)]


def has_roster(office: Office, day: date) -> bool:
    """Say whether somebody was put down for this day, were they all ill by now.

    A roster in force that names the office in this week speaks for each of its days: one for which
    it names nobody has nobody.
    """
    return bool(with_roster([office], day))


def with_roster(here: Collection[Office], day: date) -> set[int]:
    """Return the ids of those offices for which somebody was put down for a day."""
    monday = day - timedelta(days=day.weekday())
    shifts = Shift.objects.filter(office__in=here, is_draft=False)
    in_force = Q(roster__state=Roster.State.PUBLISHED, roster__monday=monday)
    found = shifts.filter(Q(day=day) | in_force).order_by()
    return set(found.values_list("office_id", flat=True).distinct())


def staff_of(office: Office, day: date, *, without: Collection[int] = ()) -> list[Staff]:
    """Return how many officers can serve in each half-hour, never more than there are counters.

    From the published shifts without those on leave or lent elsewhere, each with half an hour's
    rest after four hours where the office has no break of its own; where nobody was put down for
    the day, every counter counts as staffed. ``without`` leaves out officers as if they were away.
    """
    if has_roster(office, day):
        return staff_with(office, day, shifts_there(office, day, without=without))
    hours = offices.hours(office, day)
    if hours is None:
        return []
    return every_counter(office, day, hours, Counter.objects.filter(office=office).count())


def every_counter(office: Office, day: date, hours: Hours, counters: int) -> list[Staff]:
    """Return the staff of a day for which nobody was put down: every counter counts as staffed."""
    begins = half_hours_of(office, day, hours)
    shut = _shut(office, day, hours, begins)
    return [Staff(at, 0 if off else counters) for at, off in zip(begins, shut, strict=True)]


def staff_with(
    office: Office, day: date, shifts: Iterable[Shift], *, hours: Hours | None = None
) -> list[Staff]:
    """Return how many officers could serve in each half-hour with these shifts, stored or not.

    ``hours`` as in ``need_of``.
    """
    hours = hours or offices.hours(office, day)
    if hours is None:
        return []
    return staff_from(office, day, hours, shifts, Counter.objects.filter(office=office).count())


def staff_from(
    office: Office, day: date, hours: Hours, shifts: Iterable[Shift], counters: int
) -> list[Staff]:
    """Return as ``staff_with`` does a day's staff, from its hours and the office's counters."""
    begins = half_hours_of(office, day, hours)
    in_order = sorted(shifts, key=lambda one: (one.begins_at, one.officer_id))
    there = _there(in_order, begins, _shut(office, day, hours, begins))
    return [Staff(at, min(counters, there[at])) for at in begins]


def short_of(office: Office, day: date, *, without: Collection[int] = ()) -> list[Short]:
    """Return the half-hours in which fewer officers are there than needed, in order."""
    needed = need_of(office, day).half_hours
    staffed = staff_of(office, day, without=without)
    return [
        Short(need.begins, need.officers, staff.officers)
        for need, staff in zip(needed, staffed, strict=True)
        if staff.officers < need.officers
    ]


def shifts_there(office: Office, day: date, *, without: Collection[int] = ()) -> list[Shift]:
    """Return the published shifts of a day whose officers may work and aren't away or lent."""
    gone = set(without)
    return [
        one for one in shifts_at([office], day).get(office.id, ()) if one.officer_id not in gone
    ]


def shifts_at(here: Collection[Office], day: date) -> dict[int, list[Shift]]:
    """Return as ``shifts_there`` does the shifts of many offices, by the office's id."""
    away = set(
        Leave.objects.filter(
            state=Leave.State.APPROVED, first_day__lte=day, last_day__gte=day
        ).values_list("officer_id", flat=True)
    )
    lent = set(
        Loan.objects.filter(home__in=here, day=day, state=Loan.State.ACCEPTED).values_list(
            "home_id", "officer_id"
        )
    )
    shifts = Shift.objects.filter(
        office__in=here,
        officer__is_active=True,
        day=day,
        is_draft=False,
        cancelled_at__isnull=True,
    ).order_by("begins_at", "officer_id")
    found: dict[int, list[Shift]] = {}
    for one in shifts:
        if one.officer_id not in away and (one.office_id, one.officer_id) not in lent:
            found.setdefault(one.office_id, []).append(one)
    return found


def _there(
    shifts: Iterable[Shift], begins: Sequence[datetime], shut: Sequence[bool]
) -> Tally[datetime]:
    there: Tally[datetime] = Tally()
    tired: list[list[datetime]] = []
    for shift in shifts:
        # Who is there for half of it counts: a place is worth more than a quarter of an hour.
        at_work = [
            at
            for at, off in zip(begins, shut, strict=True)
            if not off
            and min(shift.ends_at, at + HALF_HOUR) - max(shift.begins_at, at) >= HALF_HOUR / 2
        ]
        for stretch in _stretches(at_work):
            there.update(stretch)
            if len(stretch) * HALF_HOUR > REST_AFTER:
                tired.append(stretch)
    for stretch in tired:
        # Each rests when most are there; the later the better, within the law.
        last = stretch[0] + REST_AFTER
        choice = [at for at in stretch if last - 2 * HALF_HOUR <= at <= last]
        there[max(reversed(choice), key=lambda at: there[at])] -= 1
    return there


def _stretches(at_work: Sequence[datetime]) -> list[list[datetime]]:
    found: list[list[datetime]] = []
    for at in at_work:
        if found and found[-1][-1] + HALF_HOUR == at:
            found[-1].append(at)
        else:
            found.append([at])
    return found


def _half_hours(opens: time, closes: time) -> list[int]:
    begin, end = _minute(opens), _minute(closes)
    return list(range(begin // 30, ceil(end / 30)))


def _within(starts: time, ends: time) -> range:
    return range(ceil(_minute(starts) / 30), _minute(ends) // 30)


def _minute(at: time) -> int:
    return 60 * at.hour + at.minute


def _shut(office: Office, day: date, hours: Hours, begins: Sequence[datetime]) -> list[bool]:
    """Say of each half-hour whether a break takes all of it."""
    zone = offices.zone(office)
    breaks = [
        tuple(datetime.combine(day, at, tzinfo=zone) for at in pause) for pause in hours.breaks
    ]
    return [
        any(starts <= at and at + HALF_HOUR <= ends for starts, ends in breaks) for at in begins
    ]

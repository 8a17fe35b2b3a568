"""What was seen of an office in a month, and the month as the laboratory plays it."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple

from django.db import connection

from giliran.capacity import needs
from giliran.capacity.roster_setting import travel_minutes
from giliran.core.deadline import CalendarMissing
from giliran.core.need.estimate import Estimate, rate
from giliran.core.need.work import Work
from giliran.figures import capacity_statements as statements
from giliran.lab.month import OpenDay, Site, Way
from giliran.offices import queries as offices
from giliran.offices.models import Office
from giliran.turns import estimating

ENOUGH_DAYS: Final = 10
"""Of a month that is over; with fewer, the eight weeks before its end tell more."""
BOOTH_MINUTES: Final = 45
LOAN_MINUTES: Final = 90
"""The longest way: to a booth that somebody takes instead, and of an officer in the morning."""
_WORTH_DAYS: Final = 0.5
_PRIOR: Final = 2.0  # days that a prior is worth: core.need.estimate.rate


class ServiceSeen(NamedTuple):
    """People of one service in a month."""

    service_id: int | None
    asked: int
    booked: int
    came: int
    served: int
    no_shows: int
    left: int
    turned_away: int
    not_drawn: int


class Seen(NamedTuple):
    """What was seen of an office's month until now."""

    services: tuple[ServiceSeen, ...]
    away: tuple[tuple[str, int], ...]
    """Why, and how many people; the same person may have come twice."""
    days_open: int
    days_over: int
    """Of these, before today."""
    days_seen: int
    """Of these, with somebody; the others aren't counted on."""
    from_roster: int
    """Coming days for which somebody is put down; on the others every counter counts."""
    days_unknown: int
    """Whose holidays aren't decreed yet."""


class Basis(NamedTuple):
    """From what an office's work was estimated."""

    first: date
    until: date
    days: int
    services: int
    """Services whose length was measured."""
    usual: float
    """Of the estimated arrivals, the share that is what is usual anywhere, not what was counted."""


class Month(NamedTuple):
    """A month of an office: what was seen, from what its work is known, and how to play it."""

    seen: Seen
    basis: Basis
    site: Site


def month_of(office: Office, first: date, end: date, *, today: date) -> Month:
    """Return an office's month from ``first`` until the day before ``end``.

    Days before ``today`` have the officers who sat at counters then, the others those of the roster
    (without one: every counter). Raises ``ValueError`` for an office that serves nothing.
    """
    days, unknown = _open_days(office, first, end)
    asked = _asked(office, first, end)
    seen_on = {day for (day,) in _rows(statements.DAYS_SEEN, asked)}
    openings = _rows(statements.OPENINGS, asked)
    over = [day for day in days if day < today]
    coming = [day for day in days if day >= today]
    counted = [day for day in over if day in seen_on]
    rostered = sum(needs.has_roster(office, day) for day in coming)
    away = _rows(statements.TURNED_AWAY, asked)
    seen = Seen(
        _services(asked, away),
        _why(away),
        len(days),
        len(over),
        len(counted),
        rostered,
        unknown,
    )
    since, until = _period(first, end, today, len(counted))
    work = estimating.work_between(office, since, until)
    site = Site(
        str(office.id),
        tuple(
            [_day_over(office, day, openings) for day in counted]
            + [_coming_day(office, day) for day in coming]
        ),
        len(offices.counters(office.id)),
        frozenset(one.id for one in offices.services(office_id=office.id)),
        work,
        _unmet(office, since, until, work),
    )
    measured = round(sum(one.minutes.counted for one in work.services.values()))
    return Month(
        seen, Basis(since, until - timedelta(days=1), work.days, measured, _usual(work)), site
    )


def booths_of(here: Iterable[Office], others: Iterable[Office]) -> dict[str, str]:
    """Return the nearest booth of each office that has one within reach, by their keys."""
    booths = {one.id: one for one in others if one.kind == Office.Kind.MPP_BOOTH}
    found = {}
    for office in here:
        if office.id in booths:
            continue
        near = offices.nearest_offices(office, len(booths) + 30)
        for other, km in near:
            if other.id in booths and travel_minutes(km) <= BOOTH_MINUTES:
                found[str(office.id)] = str(other.id)
                break
    return found


def ways_between(among: Sequence[Office]) -> dict[tuple[str, str], Way]:
    """Return the ways by which offices may lend officers to each other, by their keys."""
    known = {one.id: {s.id for s in offices.services(office_id=one.id)} for one in among}
    found = {}
    for home in among:
        for to, km in offices.nearest_offices(home, len(among) + 30):
            minutes = travel_minutes(km)
            if to.id in known and minutes <= LOAN_MINUTES:
                can_help = known[home.id] >= known[to.id]
                found[str(home.id), str(to.id)] = Way(minutes, can_help)
    return found


def _period(first: date, end: date, today: date, counted: int) -> tuple[date, date]:
    """Return the days from which the work is estimated, the last one excluded."""
    if end <= today and counted >= ENOUGH_DAYS:
        return first, end
    until = min(end, today)
    return until - timedelta(days=estimating.DAYS_BACK), until


def _usual(work: Work) -> float:
    """Return how much of the arrivals' estimate is what is usual anywhere.

    A weekday is known by its own days first, then by the office's others (``core.need.work``).
    """
    weekdays = max(1, len({weekday for _, weekday, _ in work.arrivals}))
    own = work.days / weekdays
    return _PRIOR / (own + _PRIOR) * _PRIOR / (work.days - own + _PRIOR)


def _open_days(office: Office, first: date, end: date) -> tuple[list[date], int]:
    found, unknown = [], 0
    for n in range((end - first).days):
        day = first + timedelta(days=n)
        try:
            if offices.hours(office, day) is not None:
                found.append(day)
        except CalendarMissing:
            unknown += 1
    return found, unknown


def _asked(office: Office, first: date, end: date) -> dict[str, Any]:
    zone = offices.zone(office)
    return {
        "office": office.id,
        "first": first,
        "end": end,
        "begins": datetime.combine(first, time(), tzinfo=zone),
        "ends": datetime.combine(end, time(), tzinfo=zone),
    }


def _services(asked: dict[str, Any], away: list[tuple[Any, ...]]) -> tuple[ServiceSeen, ...]:
    turned: Tally[int | None] = Tally()
    for _, service_id, people in away:
        turned[service_id] += people
    lost: Tally[int | None] = Tally(dict(_rows(statements.NOT_DRAWN, asked)))
    turns = {row[0]: list(row[1:]) for row in _rows(statements.SEEN, asked)}
    ids = sorted({*turned, *lost, *turns}, key=lambda one: (one is None, one or 0))
    return tuple(
        ServiceSeen._make([one, *turns.get(one, [0] * 6), turned[one], lost[one]]) for one in ids
    )


def _why(away: list[tuple[Any, ...]]) -> tuple[tuple[str, int], ...]:
    people: Tally[str] = Tally()
    for why, _, n in away:
        people[why] += n
    return tuple(people.most_common())


def _unmet(office: Office, since: date, until: date, work: Work) -> Estimate:
    """Return how many a day asked and weren't let in, while the work was counted.

    At the door they were counted on days on which the office was seen; a draw is lost on any day.
    """
    asked = _asked(office, since, until)
    days = len(_open_days(office, since, until)[0])
    away = sum(n for _, _, n in _rows(statements.TURNED_AWAY, asked))
    lost = sum(n for _, n in _rows(statements.NOT_DRAWN, asked))
    at_door = rate(away, work.days or days, usual=0.0, worth=_WORTH_DAYS)
    in_draws = rate(lost, days, usual=0.0, worth=_WORTH_DAYS)
    return Estimate(*(a + b for a, b in zip(astuple(at_door), astuple(in_draws), strict=True)))


def _day_over(office: Office, day: date, openings: list[tuple[Any, ...]]) -> OpenDay:
    """Return a day with as many officers in each half-hour as sat at counters for most of it."""
    staffed = needs.staff_with(office, day, ())
    end = staffed[-1].begins + needs.HALF_HOUR
    zone = offices.zone(office)
    # Who forgot to close a counter didn't sit there the next day as well.
    there = [one for one in openings if one[0].astimezone(zone).date() == day]
    officers = tuple(
        round(sum(_share(at, since, till or end) for since, till in there))
        for at in (one.begins for one in staffed)
    )
    return _open_day(office, day, officers)


def _share(at: datetime, since: datetime, till: datetime) -> float:
    """Return the part of the half-hour that begins at ``at`` in which somebody sat there."""
    there = min(till, at + needs.HALF_HOUR) - max(since, at)
    return max(0.0, there / needs.HALF_HOUR)


def _coming_day(office: Office, day: date) -> OpenDay:
    return _open_day(office, day, tuple(one.officers for one in needs.staff_of(office, day)))


def _open_day(office: Office, day: date, officers: tuple[int, ...]) -> OpenDay:
    hours = offices.hours(office, day)
    if hours is None:
        raise ValueError(f"{office.slug} is shut on {day}.")
    begins = needs.half_hours_of(office, day, hours)
    half_hours = tuple((60 * at.hour + at.minute) // 30 for at in begins)
    shut = tuple(
        any(pause[0] <= at.time() and _end(at) <= pause[1] for pause in hours.breaks)
        for at in begins
    )
    return OpenDay(day.weekday(), half_hours, officers, shut)


def _end(at: datetime) -> time:
    return (at + needs.HALF_HOUR).time()


def _rows(statement: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())

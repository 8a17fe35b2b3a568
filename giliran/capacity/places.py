"""Which windows and places follow from who is there, and whose promise is then at stake."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final, NamedTuple

from django.db.models import Avg

from giliran.capacity.models import Offer
from giliran.capacity.needs import HALF_HOUR, Staff, has_roster, staff_of, work_of
from giliran.core.need import BOOKED, WALK_IN, day_course
from giliran.core.need.mixed import as_erlang, mixed
from giliran.core.need.work import Work
from giliran.core.offers import DayPlan, Staffed, Window, plan_day, plan_staffed_day, served_by
from giliran.core.overbooking import places_by
from giliran.offices import queries as offices
from giliran.offices.models import Counter, Office, Service

RISK: Final = 0.05
"""How often more of those who booked may come than can be served."""
_MINUTE: Final = 60


class Touched(NamedTuple):
    """A window in which some who were promised it can't be served by its end."""

    offer_id: int
    starts_at: datetime
    promised: int
    people: int
    """Of those promised; the last to come are meant."""


class Expected(NamedTuple):
    """What a day comes to if every place is taken: shares of promises kept, and minutes."""

    booked_kept: float
    """Called within 20 minutes past their window."""
    walk_in_kept: float
    """Called within an hour."""
    mean_wait: float
    idle: float
    """Officers' minutes with nobody to serve."""


def plan(of: Office, day: date, *, without: Collection[int] = ()) -> DayPlan | None:
    """Return the windows and places that an office can promise on a day, or None when shut.

    From who is put down for the day (``capacity.needs.staff_of``), how long its services take and
    how many stay away; where nobody is put down, every counter counts as staffed and services last
    as long as is typical for what the office serves. ``without`` as in ``staff_of``.
    """
    hours = offices.hours(of, day)
    if hours is None:
        return None
    typical = _typical_minutes(of)
    if typical is None:
        return None
    walk_in_share = Fraction(of.walk_in_percent, 100)
    if not has_roster(of, day):
        return plan_day(
            day,
            hours,
            zone=offices.zone(of),
            window_minutes=of.window_minutes,
            counters_open=Counter.objects.filter(office=of).count(),
            service_minutes=typical,
            walk_in_share=walk_in_share,
        )
    return plan_staffed_day(
        day,
        hours,
        zone=offices.zone(of),
        window_minutes=of.window_minutes,
        staff=_stretches(staff_of(of, day, without=without)),
        service_minutes=service_minutes(of) or typical,
        walk_in_share=walk_in_share,
        no_show=_no_show(of),
        seats=of.seats,
        risk=RISK,
    )


class Promises(NamedTuple):
    """What an office's promises are weighed with: minutes a service (None: serves nothing)."""

    minutes: float | None
    no_show: float
    """The share that stays away at the least."""


def promises(of: Office, work: Work | None, *, is_estimated: bool) -> Promises:
    """Return what an office's promises are weighed with, from its work where it serves anything."""
    typical = _typical_minutes(of)
    if typical is None or work is None:
        return Promises(None, 0.0)
    return Promises(work.minutes if is_estimated else typical, work.no_show.low)


def touched_with(
    windows: Sequence[Offer], staff: Iterable[Staff], weighed: Promises, *, is_planned: bool
) -> list[Touched]:
    """Return the windows, given in their order, that hold more promises than some staff can keep.

    Who was promised a window is served before anybody without one, so all the officers' time is
    theirs; who can't be served in a window is served in the next, and counts in their own. Where
    nobody is put down for the day, nobody is expected to stay away.
    """
    if weighed.minutes is None:
        return []
    served = served_by(
        [Window(one.starts_at, one.ends_at) for one in windows], _stretches(staff), weighed.minutes
    )
    able = places_by(served, served, no_show=weighed.no_show if is_planned else 0.0, risk=RISK)
    found, waiting = [], 0
    for offer, places in zip(windows, able, strict=True):
        waiting = max(0, waiting + offer.taken - places)
        if late := min(offer.taken, waiting):
            found.append(Touched(offer.id, offer.starts_at, offer.taken, late))
    return found


def expected(of: Office, day: date, *, instead: Mapping[int, int] | None = None) -> Expected | None:
    """Return what a day on offer comes to if every place in its windows is taken.

    ``instead[offer_id]`` are places that an offer would have. None on a day when the office is shut
    or serves nothing. Exact for the line as it is modelled: ``giliran.core.need``.
    """
    staff = staff_of(of, day)
    if not staff or service_minutes(of) is None:
        return None
    work, _ = work_of(of)
    line = mixed(list(work.streams(day.weekday(), range(48)).values()))
    if not sum(line.arrivals):  # a weekday on which the office wasn't open until now
        line = line._replace(minutes=work.minutes)
    places = instead or {}
    windows = [
        (one, max(one.taken, places.get(one.id, one.places)) * (1 - work.no_show.value))
        for one in Offer.objects.filter(office=of, day=day, kind=Offer.Kind.WINDOW)
    ]
    booked = [_people_at(half_hour.begins, windows) for half_hour in staff]
    door = Offer.objects.filter(office=of, day=day, kind=Offer.Kind.WALK_IN).first()
    walk_ins = _walk_ins(work, day, staff, places.get(door.id, door.places) if door else 0)
    officers = [one.officers for one in staff]
    own = day_course(booked, officers, line.minutes, as_erlang(BOOKED, line.scv))
    every = day_course(
        [sum(both) for both in zip(booked, walk_ins, strict=True)],
        officers,
        line.minutes,
        as_erlang(WALK_IN, line.scv),
        patience=work.patience,
    )
    # Services scatter less than Erlang's, and people then wait that much less.
    wait = every.waited / every.came * (1 + line.scv) / 2 if every.came else 0.0
    idle = sum(officers) * HALF_HOUR.seconds / _MINUTE - every.served * line.minutes
    return Expected(1 - own.late_in_all, 1 - every.late_in_all, wait, max(0.0, idle))


def service_minutes(of: Office) -> float | None:
    """Return how long a service lasts at an office, as counted or as typical; None without any."""
    typical = _typical_minutes(of)
    if typical is None:
        return None
    work, is_estimated = work_of(of)
    return work.minutes if is_estimated else typical


def _typical_minutes(of: Office) -> float | None:
    found: dict[str, Any] = Service.objects.filter(counters__office=of).aggregate(
        mean=Avg("typical_minutes")
    )
    return None if found["mean"] is None else float(found["mean"])


def _no_show(of: Office) -> float:
    """Return the share that stays away at the least: who is unsure of it promises less."""
    work, _ = work_of(of)
    return work.no_show.low


def _stretches(staff: Iterable[Staff]) -> list[Staffed]:
    return [Staffed(one.begins, one.begins + HALF_HOUR, one.officers) for one in staff]


def _people_at(begins: datetime, windows: Iterable[tuple[Offer, float]]) -> float:
    """Return how many of the booked people are due in a half-hour, evenly over their windows."""
    return sum(
        people
        * max(
            0.0,
            (min(one.ends_at, begins + HALF_HOUR) - max(one.starts_at, begins))
            / (one.ends_at - one.starts_at),
        )
        for one, people in windows
    )


def _walk_ins(work: Work, day: date, staff: list[Staff], places: int) -> list[float]:
    """Return the people without a window in each half-hour, no more than there are numbers."""
    half_hours = [(one.begins.hour * 60 + one.begins.minute) // 30 for one in staff]
    streams = work.streams(day.weekday(), half_hours).values()
    people = [
        (1 - work.booked.value) * sum(one.arrivals[k] for one in streams) for k in range(len(staff))
    ]
    people[0] += work.standing.value
    total = sum(people)
    return [n * min(1.0, places / total) if total else 0.0 for n in people]

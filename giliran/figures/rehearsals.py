"""What if: the laboratory plays an office's own usual day, as it is and with a change.

It is asked for by post and played by the worker: compiling takes a dozen seconds once on a
machine, learning from four weeks some more once a day, and a page must not wait for either. The
play itself takes a tenth of a second.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from giliran.capacity import queries as capacity
from giliran.core.calling import POLICIES
from giliran.core.deadline import CalendarMissing
from giliran.core.refusal import NotFound, Refusal, gettext_noop
from giliran.figures.models import Rehearsal
from giliran.lab.office import (
    Booked,
    Estimate,
    Office,
    difference,
    estimate,
    figures,
    own_office,
    play,
    with_fewer_shows,
    with_more_counters,
    with_prechecked,
)
from giliran.offices import queries as offices
from giliran.outbox import post
from giliran.turns import learning

REPLICATIONS: Final = 40
DAYS: Final = 10
PRECHECKED_FACTOR: Final = 0.5
"""Length of a service whose file was checked before, as a share. Our assumption."""
MOST_COUNTERS: Final = 5
FIGURES: Final = (
    "wait_p50_minutes.all",
    "wait_p90_minutes.all",
    "in_window_share",
    "served_a_day.all",
    "unserved_a_day.all",
    "idle_share",
    "overtime_minutes_a_day",
)
_DAYS_BACK: Final = 14


class NothingChanges(Refusal):
    """A question that changes nothing has no answer."""

    code = "nothing_changes"
    sentence = gettext_noop("Pilih paling sedikit satu perubahan.")


class Change(NamedTuple):
    """What would be different; 0 everywhere is as it is."""

    more_counters: int = 0
    prechecked_percent: int = 0
    fewer_no_shows_percent: int = 0


class Basis(NamedTuple):
    """What was played, told to whoever reads the answer."""

    day: date
    """The open day whose bookings and hours were taken."""
    counters: int
    booked: int
    walk_ins: float
    show_up: float
    minutes: float
    """Mean length of a service."""
    services_seen: int
    """From which the lengths were learned; 0: all is as usual elsewhere."""


class Answer(NamedTuple):
    basis: Basis
    base: Mapping[str, Estimate]
    changed: Mapping[str, Estimate]
    difference: Mapping[str, Estimate]


class Asked(NamedTuple):
    change: Change
    is_played: bool
    answer: Answer | None
    """None while it isn't played, or where nothing can be: no counter, or nobody who comes."""


def ask(office: Any, change: Change, *, now: datetime) -> int:
    """Ask the worker to play a change; returns the rehearsal's id, the old one if it was asked.

    Raises NothingChanges.
    """
    if not any(change):
        raise NothingChanges
    day = offices.local_day(office, now)
    Rehearsal.objects.filter(office=office, day__lt=day).delete()
    row, _ = Rehearsal.objects.get_or_create(
        office=office, day=day, **change._asdict(), defaults={"asked_at": now}
    )
    if row.answer is None:
        post("figures.rehearse", key=f"figures.rehearse:{row.id}", rehearsal_id=row.id)
    return row.id


def asked(office_id: int, rehearsal_id: int) -> Asked:
    """Return what was asked of an office and found so far; raises NotFound."""
    row = Rehearsal.objects.filter(office_id=office_id, id=rehearsal_id).first()
    if row is None:
        raise NotFound
    change = Change(row.more_counters, row.prechecked_percent, row.fewer_no_shows_percent)
    return Asked(change, row.answer is not None, _answer(row.answer) if row.answer else None)


def rehearse(rehearsal_id: int, *, now: datetime) -> None:
    """Play what was asked and keep the answer; does nothing if it is known or asked no more."""
    row = Rehearsal.objects.filter(id=rehearsal_id, answer__isnull=True).first()
    if row is None:
        return
    change = Change(row.more_counters, row.prechecked_percent, row.fewer_no_shows_percent)
    office = offices.office_by_id(row.office_id)
    try:
        basis, base = usual_day(office, now=now)
        found = {
            name: figures(play([one], seed=row.office_id, days=DAYS, replications=REPLICATIONS))
            for name, one in (("base", base), ("changed", changed(base, change)))
        }
    except ValueError:
        Rehearsal.objects.filter(id=row.id).update(answer={})
        return
    told: dict[str, Any] = {"basis": [basis.day.isoformat(), *basis[1:]]}
    for name, values in found.items():
        told[name] = {key: _told(estimate(values[key])) for key in FIGURES}
    told["difference"] = {
        key: _told(difference(found["base"][key], found["changed"][key])) for key in FIGURES
    }
    Rehearsal.objects.filter(id=row.id).update(answer=told)


def changed(office: Office, change: Change) -> Office:
    """Return the office with the change; raises ValueError if no counter would be left."""
    office = with_more_counters(office, change.more_counters)
    if change.prechecked_percent:
        share = change.prechecked_percent / 100
        office = with_prechecked(office, share, factor=PRECHECKED_FACTOR)
    return with_fewer_shows(office, -change.fewer_no_shows_percent / 100)


def usual_day(office: Any, *, now: datetime) -> tuple[Basis, Office]:
    """Return an office's usual day from its last four weeks, for the laboratory.

    Hours, bookings and numbers are those of its last open day, the counters those that were open
    then. Raises ValueError where nothing can be played.
    """
    day = _last_open_day(office, offices.local_day(office, now))
    hours = offices.hours(office, day)
    if hours is None:
        raise ValueError("The office wasn't open in the last two weeks.")
    known = learning.learned(office, now=now)
    serves = {one.id: one.service_ids for one in offices.counters(office.id)}
    there = [serves[one] for one in known.counters if one in serves] or list(serves.values())
    door = capacity.walk_in_offer(office.id, day=day)
    zone = offices.zone(office)
    booked = [
        Booked(_clock(one.starts_at.astimezone(zone)), _clock(one.ends_at.astimezone(zone)), taken)
        for one in capacity.windows(office.id, day=day)
        if (taken := one.taken)
    ]
    own = own_office(
        known,
        counters=there,
        hours=hours,
        booked=booked,
        walk_in_places=door.places if door is not None else None,
        policy=POLICIES[office.calling_policy],
    )
    people = {name: own.booked_services.get(name, 0.0) for name in (s.name for s in own.services)}
    all_people = sum(people.values())
    basis = Basis(
        day,
        len(there),
        sum(one.people for one in booked),
        round(sum(map(sum, own.walk_ins.values())) / 2, 1),
        own.show_up,
        round(
            sum(
                one.minutes * (people[one.name] / all_people if all_people else 1 / len(people))
                for one in own.services
            ),
            1,
        ),
        sum(known.people.values()),
    )
    return basis, own


def _last_open_day(office: Any, today: date) -> date:
    for back in range(1, _DAYS_BACK + 1):
        day = today - timedelta(days=back)
        try:
            if offices.hours(office, day) is not None:
                return day
        except CalendarMissing:
            continue
    raise ValueError("The office wasn't open in the last two weeks.")


def _clock(moment: datetime) -> float:
    return 3600.0 * moment.hour + 60.0 * moment.minute + moment.second


def _told(one: Estimate) -> list[float | None]:
    return [None if math.isnan(value) else round(value, 4) for value in one]


def _answer(data: Mapping[str, Any]) -> Answer:
    def read(part: str) -> dict[str, Estimate]:
        return {
            key: Estimate(*(math.nan if value is None else value for value in one))
            for key, one in data[part].items()
        }

    day, *rest = data["basis"]
    return Answer(
        Basis(date.fromisoformat(day), *rest), read("base"), read("changed"), read("difference")
    )

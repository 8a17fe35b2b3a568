"""One office's month in the laboratory: as it is, and with something changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final, NamedTuple

import numpy as np

from giliran.core.need.work import HALF_HOUR, ServiceWork, Work
from giliran.lab.month.site import OpenDay, Site
from giliran.lab.month.supposing import a_rate, supposed
from giliran.lab.office import Booked, Counter, Office, Patience, Service, play
from giliran.lab.office.figures import CLASSES
from giliran.lab.office.packed import Floats

PLAYS: Final = 40
"""Months of each office, each with a work of its own."""
BOOKED_MINUTES: Final = 20
WALK_IN_MINUTES: Final = 60
"""In time is whoever is called so soon: the promises of core.need."""
_SECONDS: Final = 60 * HALF_HOUR
_BINS_A_MINUTE: Final = 2
_HALF_HOURS: Final = 48
_LEAST_MINUTES: Final = 0.5
_STAYS: Final = Patience("lognormal", WALK_IN_MINUTES, 0.0)
"""Everybody just as long."""


class Change(NamedTuple):
    """What is different in an office; as it stands, nothing is."""

    prechecked: float | None = None
    """Share of the files that are checked before their owner comes."""
    fewer_no_shows: float = 0.0
    """Of those who'd stay away with a window, the share that comes or gives it to somebody."""
    longer: int = 0
    """Half-hours after closing, with the officers of the last one."""
    unserved: float = 0.0
    """People a day who'd take a window in these half-hours, for they get nothing before."""
    officers: tuple[int, int, int, int, int, int, int] = (0,) * 7
    """More (or fewer) of them all day long, by weekday."""
    gone: float = 0.0
    """Share of the people without a window, for some services, who go to a booth instead."""
    gone_services: frozenset[int] = frozenset()
    coming: Mapping[tuple[int, int, int], float] | None = None
    """People more by (service_id, weekday, half-hour), come from elsewhere."""


AS_IS: Final = Change()


class Totals(NamedTuple):
    """People of one month, an array with one value for each play."""

    came: Floats
    """With those who were not let in."""
    in_time: Floats
    served: Floats
    sent_away: Floats
    idle_hours: Floats


class Interval(NamedTuple):
    """A mean, and the ends between which nine of ten plays lie."""

    mean: float
    low: float
    high: float


def interval(values: Floats) -> Interval:
    """Return the mean and the middle nine tenths of what was played."""
    low, high = np.quantile(values, [0.05, 0.95])
    return Interval(float(values.mean()), float(low), float(high))


def play_month(site: Site, change: Change = AS_IS, *, seed: int, plays: int = PLAYS) -> Totals:
    """Play a month of an office; the same seed gives every change the same people and chances.

    Each play has a work of its own, drawn from what the estimate leaves open. Who can't be called
    within an hour isn't let in, or has left by then: waiting for nothing keeps nobody busy.
    """
    if not site.days:
        nothing = np.zeros(plays)
        return Totals(nothing, nothing, nothing, nothing, nothing)
    offices = []
    for number in range(plays):
        rng = np.random.default_rng([seed, number])
        work = supposed(site.work, rng)
        unmet = a_rate(site.unmet, rng).value
        known: dict[OpenDay, Office] = {}
        for day in site.days:
            if day not in known:
                known[day] = _office(site, day, work, unmet, change)
            offices.append(known[day])
    run = play(offices, seed=seed)
    return _totals(run.totals[:, 0], run.waits[:, 0], plays)


def _totals(totals: Floats, waits: np.ndarray, plays: int) -> Totals:
    from giliran.lab.office import engine

    people = totals[:, : engine.OF_CLASS * engine.CLASSES].reshape(
        -1, engine.CLASSES, engine.OF_CLASS
    )
    in_time = np.zeros(len(totals))
    for place, name in enumerate(CLASSES):
        minutes = BOOKED_MINUTES if name.endswith("appointment") else WALK_IN_MINUTES
        in_time += waits[:, place, : minutes * _BINS_A_MINUTE].sum(axis=1)
    of_all = people.sum(axis=1)

    def month(values: Floats) -> Floats:
        added: Floats = values.reshape(plays, -1).sum(axis=1)
        return added

    return Totals(
        month(of_all[:, engine.CAME]),
        month(in_time),
        month(of_all[:, engine.SERVED]),
        month(of_all[:, engine.LEFT] + of_all[:, engine.TURNED_AWAY]),
        month((totals[:, engine.STAFFED] - totals[:, engine.BUSY]) / 3600),
    )


def _apart(work: ServiceWork) -> tuple[float, float]:
    """Return the minutes of a file that wasn't checked, and the share of them of one that was."""
    share, checked = work.checked_share.value, work.checked.value
    rest = 1 - share
    whole = (work.minutes.value - share * checked) / rest if rest else work.minutes.value
    # Checking never makes a visit longer: where the few counted say so, it is their chance.
    whole = max(whole, checked, _LEAST_MINUTES)
    return whole, max(checked, _LEAST_MINUTES) / whole


def _more_shows(work: Work, change: Change) -> float:
    """Return the share by which more windows are used."""
    shows = 1 - work.no_show.value
    return change.fewer_no_shows * work.no_show.value / shows if shows else 0.0


def _officers(site: Site, day: OpenDay, change: Change) -> tuple[list[int], list[int]]:
    """Return the half-hours and who is there, never more than there are counters."""
    more = change.officers[day.weekday]
    there = [
        0 if shut else min(max(site.counters, n), max(0, n + more))
        for n, shut in zip(day.officers, day.shut, strict=True)
    ]
    half_hours = list(day.half_hours)
    for _ in range(change.longer):
        half_hours.append(half_hours[-1] + 1)
        there.append(there[-1])
    return half_hours, there


def _office(site: Site, day: OpenDay, work: Work, unmet: float, change: Change) -> Office:
    half_hours, there = _officers(site, day, change)
    names = {one: str(one) for one in work.services}
    rates, windows = _people(day, work, unmet, change)
    later = half_hours[len(day.half_hours) :]
    windows += _catching_up(site.work, later, there[-1], change)
    return Office(
        services=tuple(
            _service(names[one], found, change.prechecked) for one, found in work.services.items()
        ),
        counters=_counters(half_hours, there),
        opens_at=float(_SECONDS * half_hours[0]),
        closes_at=float(_SECONDS * (half_hours[-1] + 1)),
        walk_ins={(False, names[one]): tuple(row) for one, row in rates.items()},
        booked=tuple(windows),
        booked_services={names[one]: sum(row) for one, row in rates.items()}
        if any(map(any, rates.values()))
        else {},
        show_up=min(1.0, (1 - work.no_show.value) * (1 + _more_shows(work, change))),
        patience=_STAYS,
    )


def _people(
    day: OpenDay, work: Work, unmet: float, change: Change
) -> tuple[dict[int, list[float]], list[Booked]]:
    """Return people an hour without a window by service, and the windows of those with one."""
    rates: dict[int, list[float]] = {one: [0.0] * _HALF_HOURS for one in work.services}
    whole = {
        at: sum(
            found.value
            for one in work.services
            if (found := work.arrivals.get((one, day.weekday, at)))
        )
        for at in day.half_hours
    }
    total = sum(whole.values())
    door = day.half_hours[0] - 1
    for one, row in rates.items():
        stays = 1 - (change.gone if one in change.gone_services else 0.0)
        own = 0.0
        for at in day.half_hours:
            found = work.arrivals.get((one, day.weekday, at))
            people = found.value if found else 0.0
            own += people
            # Whoever wasn't let in would have come when the others do.
            more = unmet * people / total if total else 0.0
            row[at] = 2 * stays * (people * (1 - work.booked.value) + more)
        if total:
            row[door] += 2 * stays * work.standing.value * own / total
    for (one, weekday, at), people in (change.coming or {}).items():
        if weekday == day.weekday and one in rates and at in day.half_hours:
            rates[one][at] += 2 * people
    shows = max(1e-9, 1 - work.no_show.value)
    return rates, _windows(day.half_hours, whole, work.booked.value / shows)


def _catching_up(work: Work, later: Sequence[int], officers: int, change: Change) -> list[Booked]:
    """Return windows after the usual hours, for those who else get nothing that day."""
    if not later:
        return []
    room = officers * HALF_HOUR / work.minutes
    people = int(min(room, change.unserved / len(later)))
    return _windows(later, dict.fromkeys(later, float(people)), 1.0)


def _windows(half_hours: Sequence[int], people: Mapping[int, float], booked: float) -> list[Booked]:
    """Return whole people for each half-hour, none lost by rounding."""
    found, due, given = [], 0.0, 0
    for at in half_hours:
        due += people[at] * booked
        here = round(due) - given
        given += here
        if here:
            found.append(Booked(float(_SECONDS * at), float(_SECONDS * (at + 1)), here))
    return found


def _service(name: str, work: ServiceWork, prechecked: float | None) -> Service:
    whole, factor = _apart(work)
    share = work.checked_share.value if prechecked is None else prechecked
    return Service(name, minutes=whole, scv=work.scv, prechecked=share, prechecked_factor=factor)


def _counters(half_hours: Sequence[int], there: Sequence[int]) -> tuple[Counter, ...]:
    """Return counters that are open whenever so many officers are there; at least one, if shut."""
    found = []
    for number in range(max(1, *there)):
        open_at = [at for at, n in zip(half_hours, there, strict=True) if n > number]
        found.append(Counter(tuple(_spells(open_at))))
    return tuple(found)


def _spells(open_at: Sequence[int]) -> list[tuple[float, float]]:
    runs = [
        [at for _, at in run]
        for _, run in groupby(enumerate(open_at), key=lambda pair: pair[1] - pair[0])
    ]
    return [(float(_SECONDS * run[0]), float(_SECONDS * (run[-1] + 1))) for run in runs]

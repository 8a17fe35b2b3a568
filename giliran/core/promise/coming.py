"""When each person who is still at home should come, within the window that they accepted.

In simulated futures everybody who can be told comes as soon as they may. Each is then asked for
the time that is best against the times in which they would have been called: earlier they would
wait in the room, later a counter might wait for them, or their window would break because the
counters have just called others. Only the next person's time is for good; who comes later is told
again. Without windows to break that is a quantile (the newsvendor's), and in the setting of Mahes,
Mandjes, Boon & Taylor, "Adaptive scheduling in service systems", EJOR 312 (2024), it costs at most
five percent more than their optimum (giliran/lab/office/adaptive.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np

from giliran.core.promise.line import Counter, Expected, Line
from giliran.core.promise.service_times import Floats
from giliran.core.promise.simulation import call_times

PATHS: Final = 100
STEP: Final = timedelta(minutes=5)
WORTH_TELLING: Final = timedelta(minutes=10)
WORTH_MINUTES: Final = 3.0
"""Who was told a time is told another for no less, in minutes of waiting and idling, weighted."""
LOOK_AHEAD: Final = timedelta(hours=2)
"""Whose window begins later keeps what they were told."""
TRAVEL_MINUTES: Final = 30
"""Of somebody who didn't say how long they travel."""
IDLING_WEIGHT: Final = 0.5
"""A minute of an idle counter against a minute in the room, together one."""
BROKEN: Final = 60.0
"""So many minutes in the room are as bad as a window that breaks because somebody came late."""
LATENESS_POINTS: Final = 20
"""So many equally likely minutes stand for how late people are."""

NOBODY_TOLD: Final[Mapping[int, datetime]] = MappingProxyType({})
NO_TRAVEL_KNOWN: Final[Mapping[int, int]] = MappingProxyType({})
_A_MINUTE: Final = timedelta(minutes=1)
_AFTER_ALL: Final = timedelta(hours=1)
_END_OF_DAY: Final = 1440.0


class _Place(NamedTuple):
    """Somebody to come, and the times between which they can be asked to."""

    expected: Expected
    asked: datetime
    first: datetime
    last: datetime
    can_move: bool


class _Choice(NamedTuple):
    at: datetime
    saves: float
    """Against the time that they were told, in weighted minutes."""


def come_at(
    line: Line,
    *,
    now: datetime,
    seed: int,
    told: Mapping[int, datetime] = NOBODY_TOLD,
    travel_minutes: Mapping[int, int] = NO_TRAVEL_KNOWN,
    idling_weight: float = IDLING_WEIGHT,
    paths: int = PATHS,
) -> dict[int, datetime]:
    """Return by turn_id when each of `line.to_come` should come; aware, in their window's zone.

    `told` is what each was told last (at booking, or by this function); who is not in it was told
    the start of their window. `travel_minutes` is how long who said so needs to come.

    A time lies within the window that was accepted, not before now, and on a whole five minutes
    of the clock (unless a window has none). It is so early that who is as late as people are
    usually keeps their place: their arrival is not after the window's end and the policy's grace.
    It differs from what was told only by ten minutes or more that save three minutes of waiting
    and idling, and not at all for windows that begin in more than two hours, nor once the person
    has to be on their way. Whose time has passed is left out: nothing can be told to them any
    more.

    `line.to_come` holds the lateness against the time that people were asked to come, as counted
    from the start of their window. Raises TypeError for naive times, KeyError for a service
    without times and ValueError for a weight outside 0 to 1.
    """
    if now.tzinfo is None:
        raise TypeError("now has no time zone; give an aware time.")
    if not 0 < idling_weight < 1:
        raise ValueError(f"The weight of idling lies between 0 and 1, not at {idling_weight}.")
    places = [
        place
        for one in line.to_come
        if (place := _place(one, line, now, told, travel_minutes)).asked > now
    ]
    movable = [place for place in places if place.can_move]
    answer = {place.expected.turn_id: place.asked for place in places}
    if movable:
        calls = _called_if_there(line, now, told, movable, seed=seed, paths=paths)
        for place, choice in zip(
            movable, _choices(line, movable, calls, now, idling_weight), strict=True
        ):
            moves = abs(choice.at - place.asked)
            is_worth = moves >= WORTH_TELLING and choice.saves >= WORTH_MINUTES
            if is_worth or place.expected.turn_id not in told:
                answer[place.expected.turn_id] = choice.at
    return answer


def as_told(line: Line, told: Mapping[int, datetime]) -> Line:
    """Give the line in which those to come do so around the time that they were told."""
    return replace(line, to_come=[_around(one, told.get(one.turn_id)) for one in line.to_come])


@lru_cache(maxsize=256)
def _usual(lateness: tuple[float, ...]) -> Floats:
    """Give LATENESS_POINTS equally likely minutes in order; one in forty is later than all."""
    points: Floats = np.quantile(lateness, (np.arange(LATENESS_POINTS) + 0.5) / LATENESS_POINTS)
    return points


def _around(one: Expected, asked: datetime | None) -> Expected:
    if asked is None:
        return one
    later = (asked - one.window_from) / _A_MINUTE
    return one._replace(lateness=tuple(later + minutes for minutes in one.lateness))


def _place(
    one: Expected,
    line: Line,
    now: datetime,
    told: Mapping[int, datetime],
    travel_minutes: Mapping[int, int],
) -> _Place:
    here = now.astimezone(one.window_from.tzinfo)
    asked = min(max(told.get(one.turn_id, one.window_from), one.window_from), one.window_till)
    travels = _A_MINUTE * travel_minutes.get(one.turn_id, TRAVEL_MINUTES)
    first = max(one.window_from, here + travels)
    late = timedelta(minutes=float(_usual(one.lateness)[-1]))
    last = min(one.window_till, one.window_till + line.policy.late_grace - late)
    is_at_home = asked - travels > here
    is_soon = one.window_from - here <= LOOK_AHEAD
    return _Place(one, asked, first, max(first, last), is_at_home and is_soon)


def _called_if_there(
    line: Line,
    now: datetime,
    told: Mapping[int, datetime],
    movable: Sequence[_Place],
    *,
    seed: int,
    paths: int,
) -> Floats:
    """Return (movable, paths) minutes until they would be called if they came at once; or nan."""
    at_once = {place.expected.turn_id: place.first for place in movable}
    until = max(place.expected.window_till for place in movable) + _AFTER_ALL
    soon = replace(
        line,
        to_come=[
            one._replace(lateness=((at_once[one.turn_id] - one.window_from) / _A_MINUTE,))
            if one.turn_id in at_once
            else _around(one, told.get(one.turn_id))
            for one in line.to_come
            if one.window_from < until
        ],
        streams=[
            one._replace(ends=min(one.ends, until)) for one in line.streams if one.begins < until
        ],
    )
    calls = call_times(soon, now=now, paths=paths, seed=seed, only=at_once.keys()).to_come
    rows = {one.turn_id: row for row, one in enumerate(soon.to_come)}
    return calls[[rows[place.expected.turn_id] for place in movable]]


def _choices(
    line: Line, movable: Sequence[_Place], calls: Floats, now: datetime, idling: float
) -> list[_Choice]:
    """Give the best time for each; never a later one than for an equal who is behind them."""
    behind: dict[tuple[object, ...], datetime] = {}
    choices = {}
    for place, at in sorted(
        zip(movable, calls, strict=True), key=lambda one: -one[0].expected.turn_id
    ):
        one = place.expected
        serving = sum(_may_call(counter, one) for counter in line.counters)
        each = line.pace.mean * line.times_of(one.service_id, one.turn_id).mean / max(1, serving)
        marks = [*_marks(place.first, place.last), place.asked]
        costs = _costs(one, marks, at, now=now, idling=idling, each=each)
        best = int(costs[:-1].argmin())
        equals = (place.first, one.window_till, one.is_priority, one.service_id, one.lateness)
        behind[equals] = chosen = min(marks[best], behind.get(equals, marks[best]))
        choices[one.turn_id] = _Choice(chosen, float(costs[-1] - costs[marks.index(chosen)]))
    return [choices[place.expected.turn_id] for place in movable]


def _may_call(counter: Counter, one: Expected) -> bool:
    return one.service_id in counter.service_ids and any(
        begins < one.window_till and one.window_from < ends for begins, ends in counter.on_duty
    )


def _costs(
    one: Expected,
    times: Sequence[datetime],
    calls: Floats,
    *,
    now: datetime,
    idling: float,
    each: float,
) -> Floats:
    """Give what it costs on average to ask them for each time, over the futures in which they come.

    A minute too early is waited in the room, a minute too late a counter may idle, and who lets
    their turn pass is called when a counter is next free, after `each` minutes on average: a
    window that breaks for that costs BROKEN.
    """
    called = calls[~np.isnan(calls)]
    if not called.size:
        return np.zeros(len(times))
    ends = (one.window_till - now) / _A_MINUTE
    at = np.array([(moment - now) / _A_MINUTE for moment in times])
    comes = np.add.outer(at, _usual(one.lateness))[:, :, None]
    early = np.minimum(called, _END_OF_DAY) - comes
    breaks = np.where(called < ends, np.exp(-np.maximum(0, ends - comes) / each), 0)
    costs = np.where(early >= 0, (1 - idling) * early, BROKEN * breaks - idling * early)
    means: Floats = costs.mean(axis=(1, 2))
    return means


def _marks(first: datetime, last: datetime) -> list[datetime]:
    """Give the whole five minutes of the clock from first to last; just the last if none."""
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    lowest, highest = -(-(first - midnight) // STEP), (last - midnight) // STEP
    return [midnight + STEP * mark for mark in range(lowest, highest + 1)] or [last]

"""The need of an office that serves several things at once, to people with a window and without.

Services of several kinds are one line whose mean and scatter are the mixture's. Erlang's services
scatter as widely as they last (scv 1); those that scatter less make people wait less, by
(1 + scv) / 2 (Lee, Longton, "Queueing processes associated with airline passenger check-in",
Operational Research Quarterly 10, 1959). So a promise of t minutes is kept wherever Erlang keeps
one of 2 t / (1 + scv): with few officers that is right within some percent, never exact.

Who has a window is called before those without, so theirs is a line of its own; everybody together
keeps the promise to walk-ins.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import ceil, inf
from typing import NamedTuple

from giliran.core.need.day import need_of_day
from giliran.core.need.offered import BOOKED, WALK_IN, Target, offered_load

LEAST_PEOPLE = 0.5
"""Of a service that fewer ask for in a whole day nobody has to be there each half-hour."""


class Stream(NamedTuple):
    """One service's people per interval, its mean minutes and their variance / mean squared."""

    arrivals: tuple[float, ...]
    minutes: float
    scv: float = 1.0


class MixedNeed(NamedTuple):
    """Officers in each interval, and how many of them at least must know each of the streams."""

    officers: tuple[int, ...]
    by_stream: tuple[tuple[int, ...], ...]


def mixed(streams: Sequence[Stream]) -> Stream:
    """Return several services as one; of none at all, an empty line.

    Raises ``ValueError`` where the streams differ in their number of intervals.
    """
    arrivals = tuple(map(sum, zip(*(one.arrivals for one in streams), strict=True)))
    people = sum(arrivals)
    if not people:
        return Stream(arrivals, 1.0)
    shares = [sum(one.arrivals) / people for one in streams]
    mean = sum(share * one.minutes for share, one in zip(shares, streams, strict=True))
    square = sum(
        share * one.minutes**2 * (1 + one.scv) for share, one in zip(shares, streams, strict=True)
    )
    return Stream(arrivals, mean, square / mean**2 - 1)


def as_erlang(target: Target, scv: float) -> Target:
    """Return the promise to exponential services that is as hard to keep as this one."""
    return Target(target.minutes * 2 / (1 + scv), target.share)


def need_of_streams(
    streams: Sequence[Stream],
    *,
    booked_share: float,
    patience: float = inf,
    standing: int = 0,
    shut: Sequence[bool] = (),
    interval: float = 30.0,
    most: int = 60,
) -> MixedNeed:
    """Return the officers that a day of several services needs, for nine in ten in time.

    ``booked_share`` of the people have a window (20 minutes past it), the others wait an hour at
    most; ``standing`` are at the door at opening; in intervals that are ``shut`` (prayer, a break)
    nobody works, and who comes then is served afterwards. Minutes throughout. Of a stream at least
    its own work's officers must know it: as many as are busy with it on average at its busiest.
    """
    closed = tuple(shut) or (False,) * (len(streams[0].arrivals) if streams else 0)
    moved = [one._replace(arrivals=_after_breaks(one.arrivals, closed)) for one in streams]
    line = mixed(moved)
    if not sum(line.arrivals) and not standing:
        nobody = (0,) * len(closed)
        return MixedNeed(nobody, (nobody,) * len(streams))
    walk_in, booked = (as_erlang(target, line.scv) for target in (WALK_IN, BOOKED))
    together = _need(line.arrivals, line.minutes, walk_in, patience, standing, interval, most)
    theirs = tuple(people * booked_share for people in line.arrivals)
    alone = _need(theirs, line.minutes, booked, inf, 0, interval, most)
    officers = tuple(
        0 if is_shut else max(pair) for is_shut, *pair in zip(closed, together, alone, strict=True)
    )
    return MixedNeed(officers, tuple(_knowing(one, officers, interval) for one in moved))


def _after_breaks(arrivals: Sequence[float], closed: Sequence[bool]) -> tuple[float, ...]:
    found, waiting = [], 0.0
    for people, is_shut in zip(arrivals, closed, strict=True):
        waiting += people
        found.append(0.0 if is_shut else waiting)
        waiting = waiting if is_shut else 0.0
    return tuple(found)


def _knowing(stream: Stream, officers: Sequence[int], interval: float) -> tuple[int, ...]:
    if sum(stream.arrivals) < LEAST_PEOPLE:
        return (0,) * len(officers)
    loads = offered_load(stream.arrivals, stream.minutes, interval=interval)
    return tuple(
        min(there, max(1, ceil(load))) if people else 0
        for there, load, people in zip(officers, loads, stream.arrivals, strict=True)
    )


@lru_cache(maxsize=4096)
def _need(
    arrivals: tuple[float, ...],
    minutes: float,
    target: Target,
    patience: float,
    standing: int,
    interval: float,
    most: int,
) -> tuple[int, ...]:
    """Return ``need_of_day``, worked out once for equal days: a roster asks for a whole region."""
    return need_of_day(
        arrivals,
        minutes,
        target,
        patience=patience,
        standing=standing,
        interval=interval,
        most=most,
    )

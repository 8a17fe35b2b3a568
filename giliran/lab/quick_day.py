"""One office day, person by person, played in pure Python by the very rule of `core.calling`.

The engine of `giliran.lab.office` plays thousands of days a second once numba has compiled it.
Whoever wants a few hundred days and what became of each person, such as a demonstration's past,
waits less for this one.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Final, NamedTuple

from giliran.core.calling import Policy, Waiting, claim
from giliran.lab.visits import Visit

_MIDNIGHT: Final = datetime(2000, 1, 3, tzinfo=UTC)
_WALKS: Final = (15, 60)
_RESTS: Final = (20, 90)
_ANSWERS_WITHIN: Final = 240
"""Seconds after which somebody called in vain is called again, and then given up."""
_MISSED: Final = 0.015
"""Of those called, assumed."""


class Fate(StrEnum):
    """How somebody's day at the office ended."""

    FINISHED = "finished"
    MISSED = "missed"
    """Called twice, and not there."""
    LEFT = "left"
    """Went home without being served."""
    SENT_HOME = "sent_home"
    """Still waited when the office ended its day."""


class Desk(NamedTuple):
    """A counter: the services that it serves, and when somebody sits at it, in seconds."""

    serves: frozenset[str]
    spans: tuple[tuple[int, int], ...]


class Lived(NamedTuple):
    """What became of one person; seconds from midnight, `desk` is a place in the list of desks."""

    visit: Visit
    arrived: int
    fate: Fate
    ended: int
    called: int | None = None
    started: int | None = None
    desk: int | None = None


class _Person(NamedTuple):
    visit: Visit
    arrived: int
    rank: int
    rate: float
    since: int


@dataclass
class _Day:
    visits: Sequence[Visit]
    desks: Sequence[Desk]
    policy: Policy
    chance: Random
    events: list[tuple[int, int, int]] = field(default_factory=list)
    waiting: dict[int, _Person] = field(default_factory=dict)
    idle: set[int] = field(default_factory=set)
    busy_until: dict[int, int] = field(default_factory=dict)
    lived: dict[int, Lived] = field(default_factory=dict)


_COMES, _SITS, _GOES = 0, 1, 2


def play(
    visits: Sequence[Visit], desks: Sequence[Desk], *, policy: Policy, chance: Random
) -> list[Lived]:
    """Return what became of everybody, in the order of `visits`.

    `arrives_at` is when they are let in. Nobody is called outside a desk's spans; a service that
    has begun is ended. Who still waits after the last span is sent home.
    """
    day = _Day(visits, desks, policy, chance)
    for number, visit in enumerate(visits):
        heapq.heappush(day.events, (visit.arrives_at, _COMES, number))
        if visit.window_starts_at is not None and visit.window_starts_at > visit.arrives_at:
            # Nobody is due before their window: whoever is idle then looks again.
            heapq.heappush(day.events, (visit.window_starts_at, _SITS, -1))
    for number, desk in enumerate(desks):
        for begins, _ in desk.spans:
            heapq.heappush(day.events, (begins, _SITS, number))
    while day.events:
        at, kind, number = heapq.heappop(day.events)
        if kind == _COMES:
            _come(day, number, at)
        elif kind == _GOES:
            _go(day, number, at)
        elif number >= 0 and day.busy_until.get(number, 0) <= at:
            day.idle.add(number)
        _call(day, at)
    last = max((ends for desk in desks for _, ends in desk.spans), default=0)
    for number, person in day.waiting.items():
        ended = max(last, person.arrived)
        day.lived[number] = Lived(person.visit, person.arrived, Fate.SENT_HOME, ended)
    return [day.lived[number] for number in range(len(visits))]


def _come(day: _Day, number: int, at: int) -> None:
    visit = day.visits[number]
    asked = Waiting(
        number,
        visit.is_priority,
        _moment(visit.window_starts_at),
        _moment(visit.window_ends_at),
        _MIDNIGHT + timedelta(seconds=at),
        None,
        0,
        None,
    )
    rank, rate, since = claim(asked, day.policy)
    seconds = (since - _MIDNIGHT) // timedelta(seconds=1)
    day.waiting[number] = _Person(visit, at, rank, rate, seconds)
    if visit.patience_minutes is not None:
        heapq.heappush(day.events, (at + round(60 * visit.patience_minutes), _GOES, number))


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else _MIDNIGHT + timedelta(seconds=seconds)


def _go(day: _Day, number: int, at: int) -> None:
    person = day.waiting.pop(number, None)
    if person is not None:
        day.lived[number] = Lived(person.visit, person.arrived, Fate.LEFT, at)


def _call(day: _Day, at: int) -> None:
    for number in sorted(day.idle):
        desk = day.desks[number]
        if not any(begins <= at < ends for begins, ends in desk.spans):
            day.idle.discard(number)
            continue
        called = min(_keys(day.waiting, desk, at), default=None)
        if called is not None:
            day.idle.discard(number)
            _serve(day, called[-1], number, at)


def _keys(
    waiting: dict[int, _Person], desk: Desk, at: int
) -> Iterator[tuple[int, int, float, int, int]]:
    """Yield an order of those whom a desk may call: due by their claims, then the others."""
    for number, person in waiting.items():
        if person.visit.service not in desk.serves:
            continue
        if person.since > at:
            yield 1, 0, person.since, person.arrived, number
        else:
            yield 0, person.rank, -person.rate * (at - person.since), person.arrived, number


def _serve(day: _Day, number: int, desk: int, at: int) -> None:
    person = day.waiting.pop(number)
    if day.chance.random() < _MISSED:
        ended = at + _ANSWERS_WITHIN
        lived = Lived(person.visit, person.arrived, Fate.MISSED, ended, at, None, desk)
    else:
        started = at + day.chance.randint(*_WALKS)
        ended = started + round(60 * person.visit.service_minutes)
        lived = Lived(person.visit, person.arrived, Fate.FINISHED, ended, at, started, desk)
    day.lived[number] = lived
    free = lived.ended + day.chance.randint(*_RESTS)
    day.busy_until[desk] = free
    heapq.heappush(day.events, (free, _SITS, desk))


def without_breaks(
    begins: int, ends: int, breaks: Iterable[tuple[int, int]]
) -> tuple[tuple[int, int], ...]:
    """Return the spans of a working day that its breaks leave over; all in seconds."""
    spans = []
    for starts, over in sorted(breaks):
        if begins < starts:
            spans.append((begins, min(starts, ends)))
        begins = max(begins, over)
    if begins < ends:
        spans.append((begins, ends))
    return tuple(spans)

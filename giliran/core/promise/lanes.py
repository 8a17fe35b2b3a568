"""The line as lanes: whoever shares a claim's rank and rate, a begin and the counters.

Within a lane the order never changes, so that only the first of each has to be compared when a
counter calls. Lanes of those to come differ from path to path, by chance.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from giliran.core.calling import Waiting, claim
from giliran.core.promise.line import Expected, Line, Newcomer, Stream
from giliran.core.promise.service_times import Floats

Ints = NDArray[np.intp]

NEVER = np.inf
BEFORE_ALL = -1
_AFTER_ALL_TURNS = 2**52
"""A newcomer's number for ties, and that of the walk-ins to come; above every turn_id."""


class _Kind(NamedTuple):
    rank: int
    rate: float
    counters: tuple[bool, ...]
    since: float | None
    """For appointments of one window that are to come; None for all others."""


class Chance(NamedTuple):
    """One for each thing that varies, so that a person more in the line leaves the others as is."""

    pace: np.random.Generator
    running: np.random.Generator
    waiting: np.random.Generator
    to_come: np.random.Generator
    streams: np.random.Generator
    crowd: np.random.Generator


@dataclass(frozen=True)
class Lanes:
    """Slots by lane, each lane ends with an empty one. Times are seconds from now."""

    since: Floats
    """(slots, paths): when the claim begins to grow."""
    arrived: Floats
    """(slots, paths): NEVER in the empty slots."""
    person: Ints
    """(slots, paths): the row in `minutes`; the last row is nobody."""
    begin: Ints
    """(lanes,): the first slot of each."""
    rank: Ints
    rate: Floats
    serves: NDArray[np.bool_]
    """(counters, lanes)."""
    serves_all: bool
    has_ranks: bool
    """Whether the lanes differ in rank."""
    minutes: Floats
    """(people + 1, paths): how long their service will take, before today's pace."""
    tie: Floats
    """(people + 1,): who goes first of two that are equal in all else."""
    is_wanted: NDArray[np.bool_]
    """(people + 1, paths): whether their call is what the caller waits for."""
    newcomers_at: int
    """The row of the first newcomer; before it are those who wait."""
    to_come_at: int


def lanes_of(
    line: Line,
    newcomers: Sequence[Newcomer],
    *,
    now: datetime,
    paths: int,
    horizon: float,
    chance: Chance,
    only: Collection[int] | None,
    called_first: int | None = None,
) -> Lanes:
    """Divide all who are or may come into lanes; `horizon` is in seconds from now.

    `called_first` is a turn_id that goes before all others (see rescue).
    """
    build = _Build(line, now, line.crowd.draw(chance.crowd, paths))
    lengths = _lengths(line, chance.waiting, paths)
    for person, minutes in zip(line.waiting, lengths, strict=True):
        rank, rate, since = claim(person, line.policy)
        build.add_present(
            _Kind(
                rank if person.turn_id != called_first else BEFORE_ALL,
                rate,
                build.counters(person),
                None,
            ),
            since=(since - now).total_seconds(),
            arrived=(person.arrived_at - now).total_seconds(),
            turn_id=person.turn_id,
            minutes=minutes,
            is_wanted=only is None or person.turn_id in only,
        )
    for place, newcomer in enumerate(newcomers):
        person = _as_waiting(newcomer, _AFTER_ALL_TURNS + place, now)
        rank, rate, _ = claim(person, line.policy)
        build.add_present(
            _Kind(rank, rate, build.counters(person), None),
            since=0.0,
            arrived=0.0,
            turn_id=person.turn_id,
            minutes=np.zeros(paths),
            is_wanted=True,
        )
    build.close_present()
    for expected in line.to_come:
        build.add_expected(
            expected,
            chance.to_come,
            horizon,
            is_wanted=only is None or expected.turn_id in only,
        )
    for stream in build.streams_that_matter():
        build.add_stream(stream, chance.streams, horizon)
    return build.lanes(len(line.waiting), len(line.waiting) + len(newcomers))


def _as_waiting(newcomer: Newcomer, turn_id: int, now: datetime) -> Waiting:
    return Waiting(turn_id, newcomer.is_priority, None, None, now, None, newcomer.service_id, None)


def _lengths(line: Line, rng: np.random.Generator, paths: int) -> Floats:
    """Return (people who wait, paths) minutes; one person more changes nobody else's."""
    lengths = rng.random((len(line.waiting), paths))
    rows = defaultdict(list)
    for row, person in enumerate(line.waiting):
        rows[line.times_of(person.service_id, person.turn_id)].append(row)
    for times, of_these in rows.items():
        lengths[of_these] = times.at(lengths[of_these])
    return lengths


class _Build:
    def __init__(self, line: Line, now: datetime, crowd: Floats) -> None:
        self.line, self.now, self.crowd = line, now, crowd
        self.paths = crowd.size
        self.nobody = np.zeros(crowd.size, dtype=np.bool_)
        self.minutes: list[Floats] = []
        self.tie: list[float] = []
        self.is_wanted: list[NDArray[np.bool_]] = []
        self.present: dict[_Kind, list[tuple[float, float, float, int]]] = defaultdict(list)
        self.future: dict[_Kind, list[tuple[Floats, int]]] = defaultdict(list)
        self.present_rows = 0
        self._counters_of: dict[int, tuple[bool, ...]] = {}

    def counters(self, person: Waiting) -> tuple[bool, ...]:
        """Return which counters may call the person, in the line's order."""
        if person.counter_id is not None:
            return tuple(one.counter_id == person.counter_id for one in self.line.counters)
        service = person.service_id
        if service not in self._counters_of:
            can = tuple(service in one.service_ids for one in self.line.counters)
            self._counters_of[service] = can
        return self._counters_of[service]

    def add_present(
        self,
        kind: _Kind,
        *,
        since: float,
        arrived: float,
        turn_id: int,
        minutes: Floats,
        is_wanted: bool,
    ) -> None:
        can_be_called = any(kind.counters)
        row = self._add_person(minutes, turn_id, np.full(self.paths, is_wanted and can_be_called))
        if can_be_called:
            self.present[kind].append((since, arrived, turn_id, row))

    def close_present(self) -> None:
        self.present_rows = len(self.tie)
        for people in self.present.values():
            people.sort()

    def add_expected(
        self, expected: Expected, rng: np.random.Generator, horizon: float, *, is_wanted: bool
    ) -> None:
        """Draw whether and when they come; who is not there yet can no longer come before now."""
        starts = (expected.window_from - self.now).total_seconds()
        lateness = 60.0 * np.asarray(expected.lateness, dtype=np.float64)
        possible = lateness[starts + lateness >= 0]
        still = possible.size / lateness.size * expected.show_up
        odds = still / (still + 1 - expected.show_up) if still else 0.0
        if not is_wanted and (not odds or starts + possible.min() > horizon):
            self._add_person(np.zeros(self.paths), expected.turn_id, self.nobody)
            return
        comes = rng.random(self.paths) < odds
        picks = possible[rng.integers(0, max(1, possible.size), self.paths)] if still else 0.0
        arrived = np.where(comes, starts + picks, NEVER)
        waiting = Waiting(
            expected.turn_id,
            expected.is_priority,
            expected.window_from,
            expected.window_till,
            expected.window_from,
            None,
            expected.service_id,
            None,
        )
        counters = self.counters(waiting)
        times = self.line.times_of(expected.service_id, expected.turn_id)
        minutes = times.at(rng.random(self.paths))
        row = self._add_person(minutes, expected.turn_id, comes & (is_wanted and any(counters)))
        if not any(counters):
            return
        rank, rate, _ = claim(waiting, self.line.policy)
        grace = self.line.policy.late_grace
        last = (expected.window_till + grace - self.now).total_seconds()
        is_late = arrived > last
        if not is_late.all():
            on_time = np.where(is_late, NEVER, arrived)
            self.future[_Kind(rank, rate, counters, starts)].append((on_time, row))
        if (is_late & comes).any():
            late = waiting._replace(arrived_at=expected.window_till + 2 * grace + _A_MINUTE)
            rank, rate, _ = claim(late, self.line.policy)
            after = np.where(is_late, arrived, NEVER)
            self.future[_Kind(rank, rate, counters, None)].append((after, row))

    def streams_that_matter(self) -> list[Stream]:
        """Leave out those who cannot pass anybody whose call is wanted.

        They come later than all present, so with no better rank and rate they stay behind these.
        """
        if any(wanted.any() for wanted in self.is_wanted[self.present_rows :]):
            return list(self.line.streams)
        wanted = [
            kind
            for kind, people in self.present.items()
            if any(self.is_wanted[row][0] for *_, row in people)
        ]
        if any(since > 0 for people in self.present.values() for since, *_ in people):
            return list(self.line.streams)
        passing = []
        for stream in self.line.streams:
            person = _as_waiting(Newcomer(stream.is_priority, stream.service_id), 0, self.now)
            rank, rate, _ = claim(person, self.line.policy)
            if any(rank < kind.rank or rate > kind.rate for kind in wanted):
                passing.append(stream)
        return passing

    def add_stream(self, stream: Stream, rng: np.random.Generator, horizon: float) -> None:
        begins = max(0.0, (stream.begins - self.now).total_seconds())
        ends = min(horizon, (stream.ends - self.now).total_seconds())
        if ends <= begins or stream.per_minute <= 0:
            return
        person = _as_waiting(Newcomer(stream.is_priority, stream.service_id), 0, self.now)
        counters = self.counters(person)
        if not any(counters):
            return
        mean = (ends - begins) / 60 * stream.per_minute * float(self.crowd.max())
        most = int(mean + 4 * mean**0.5 + 3)
        gaps = rng.exponential(60 / stream.per_minute, (most, self.paths))
        arrived = begins + np.cumsum(gaps / self.crowd, axis=0)
        arrived[arrived >= ends] = NEVER
        rank, rate, _ = claim(person, self.line.policy)
        lengths = self.line.times_of(stream.service_id).at(rng.random(arrived.shape))
        kind = _Kind(rank, rate, counters, None)
        for at, minutes in zip(arrived, lengths, strict=True):
            if at.min() == NEVER:
                break
            row = self._add_person(minutes, 2 * _AFTER_ALL_TURNS + len(self.tie), self.nobody)
            self.future[kind].append((at, row))

    def lanes(self, newcomers_at: int, to_come_at: int) -> Lanes:
        nobody = self._add_person(np.zeros(self.paths), 0, self.nobody)
        since, arrived, person, begin = [], [], [], []
        slots = 0
        empty = np.full((1, self.paths), nobody)
        for people in self.present.values():
            shape = (len(people), self.paths)
            table = np.array([one[:2] for one in people])
            since.append(np.broadcast_to(table[:, :1], shape))
            arrived.append(np.broadcast_to(table[:, 1:], shape))
            person.append(np.broadcast_to(np.array([[one[3]] for one in people]), shape))
            begin.append(slots)
            slots += len(people) + 1
            self._end_lane(since, arrived, person, empty)
        for kind, coming in self.future.items():
            # Two who come at the same moment go by their number.
            coming.sort(key=lambda one: self.tie[one[1]])
            at = np.array([one[0] for one in coming])
            by_arrival = np.argsort(at, axis=0, kind="stable")
            at = np.take_along_axis(at, by_arrival, axis=0)
            rows = np.array([one[1] for one in coming])[by_arrival]
            since.append(np.where(at < NEVER, at if kind.since is None else kind.since, 0.0))
            arrived.append(at)
            person.append(rows)
            begin.append(slots)
            slots += len(coming) + 1
            self._end_lane(since, arrived, person, empty)
        kinds = [*self.present, *self.future]
        return Lanes(
            since=_stacked(since, self.paths),
            arrived=_stacked(arrived, self.paths),
            person=_stacked(person, self.paths).astype(np.intp),
            begin=np.array(begin, dtype=np.intp),
            rank=np.array([kind.rank for kind in kinds], dtype=np.intp),
            rate=np.array([kind.rate for kind in kinds], dtype=np.float64),
            serves=np.array([kind.counters for kind in kinds], dtype=np.bool_)
            .reshape(len(kinds), len(self.line.counters))
            .T.copy(),
            serves_all=all(all(kind.counters) for kind in kinds),
            has_ranks=len({kind.rank for kind in kinds}) > 1,
            minutes=np.array(self.minutes),
            tie=np.array(self.tie, dtype=np.float64),
            is_wanted=np.array(self.is_wanted),
            newcomers_at=newcomers_at,
            to_come_at=to_come_at,
        )

    def _end_lane(
        self, since: list[Floats], arrived: list[Floats], person: list[Ints], empty: Ints
    ) -> None:
        since.append(np.zeros((1, self.paths)))
        arrived.append(np.full((1, self.paths), NEVER))
        person.append(empty)

    def _add_person(self, minutes: Floats, tie: float, is_wanted: NDArray[np.bool_]) -> int:
        self.minutes.append(minutes)
        self.tie.append(tie)
        self.is_wanted.append(is_wanted)
        return len(self.tie) - 1


_A_MINUTE = timedelta(minutes=1)


def _stacked(parts: list[Floats], paths: int) -> Floats:
    return np.concatenate(parts) if parts else np.zeros((0, paths))

"""Many possible futures of one line at once, step by step from call to call.

In each path the counter that is free first calls the person whom `calling.next_turn` would name.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from giliran.core.promise.lanes import NEVER, Chance, Ints, Lanes, lanes_of
from giliran.core.promise.line import Line, Newcomer
from giliran.core.promise.service_times import Floats

DAY_SECONDS = 86_400.0
STEPS_TO_A_CHECK = 8
WORTH_DROPPING = 0.8
_NOT_DUE = -1.0
_NO_ROWS = np.empty(0, dtype=np.intp)


class Calls(NamedTuple):
    """When people are called, in minutes from now, for each path; inf for never today."""

    waiting: Floats
    """(people who wait, paths), in the order of `line.waiting`."""
    newcomers: Floats
    """(newcomers, paths)."""
    to_come: Floats
    """(appointments to come, paths); nan in the paths in which they do not come."""


def call_times(
    line: Line,
    *,
    now: datetime,
    paths: int,
    seed: int,
    newcomers: Sequence[Newcomer] = (),
    only: Collection[int] | None = None,
    called_first: int | None = None,
) -> Calls:
    """Simulate the line until everybody who is asked about was called.

    With `only`, these turn_ids and the newcomers are asked about; the times of all others are
    not worked out to the end. `called_first` is a turn_id that is called before everybody else.
    The same seed gives the same chances to the same people, so that two lines can be compared
    path by path. Raises TypeError for naive times and KeyError for a service without times.
    """
    chance = Chance(*(np.random.default_rng([seed, source]) for source in range(6)))
    pace = line.pace.draw(chance.pace, paths)
    lanes = lanes_of(
        line,
        newcomers,
        now=now,
        paths=paths,
        horizon=_horizon(line, now, only),
        chance=chance,
        only=only,
        called_first=called_first,
    )
    duty = _Duty(line, now)
    free = np.empty((paths, len(line.counters)))
    for index, counter in enumerate(line.counters):
        at = np.zeros(paths)
        if counter.running is not None:
            # A slow day stretches services: elapsed minutes are compared in the learned measure.
            elapsed = max(0.0, (now - counter.running.since).total_seconds() / 60)
            times = line.times_of(counter.running.service_id, counter.running.turn_id)
            rest = times.draw_rest(chance.running, elapsed / line.pace.mean, paths)
            at = 60 * pace * rest
        free[:, index] = duty.next_from(np.full(paths, index), at)
    called = _run(lanes, duty, free, 60 * pace * lanes.minutes) / 60
    to_come = called[lanes.to_come_at : lanes.to_come_at + len(line.to_come)]
    comes = lanes.is_wanted[lanes.to_come_at : lanes.to_come_at + len(line.to_come)]
    return Calls(
        waiting=called[: lanes.newcomers_at],
        newcomers=called[lanes.newcomers_at : lanes.to_come_at],
        to_come=np.where(comes, to_come, np.nan),
    )


class _Duty:
    """When a counter that is free at some moment calls next, by its hours and breaks."""

    def __init__(self, line: Line, now: datetime) -> None:
        most = max((len(counter.on_duty) for counter in line.counters), default=0)
        self.begins = np.full((most, len(line.counters)), NEVER)
        self.ends = np.full((most, len(line.counters)), -NEVER)
        for index, counter in enumerate(line.counters):
            for place, (begins, ends) in enumerate(counter.on_duty):
                self.begins[place, index] = (begins - now).total_seconds()
                self.ends[place, index] = (ends - now).total_seconds()
        self.most = most

    def next_from(self, counters: Ints, free: Floats) -> Floats:
        """Return when each counter (by index) calls next that is free at the moment given."""
        if not self.most:
            return np.full(free.shape, NEVER)
        if ((free >= self.begins[0, counters]) & (free < self.ends[0, counters])).all():
            return free
        available = np.full(free.shape, NEVER)
        for place in reversed(range(self.most)):
            begins = self.begins[place, counters]
            available = np.where(
                free < self.ends[place, counters], np.maximum(free, begins), available
            )
        return available


def _horizon(line: Line, now: datetime, only: Collection[int] | None) -> float:
    """Guess generously, in seconds, until when those still to come can matter.

    Where appointments to come are asked about, that is the whole day. Else it is until those
    who wait are called: their work, or that of the busiest group that only some counters
    serve; more than half as much again for those who pass them; the time in which no counter
    is open; and the latest appointment among them.
    """
    if only is None and line.to_come:
        return DAY_SECONDS
    if any(one.turn_id in (only or ()) for one in line.to_come):
        return DAY_SECONDS
    work: dict[int | tuple[int | None], float] = {}
    due = 0.0
    for person in line.waiting:
        group = person.service_id if person.counter_id is None else (person.counter_id,)
        mean = line.times_of(person.service_id, person.turn_id).mean
        work[group] = work.get(group, 0.0) + mean
        if person.window_from is not None:
            due = max(due, (person.window_from - now).total_seconds())
    serving = {
        group: sum(
            group in one.service_ids if isinstance(group, int) else one.counter_id in group
            for one in line.counters
        )
        for group in work
    }
    most = max((each / max(1, serving[group]) for group, each in work.items()), default=0.0)
    most = max(most, sum(work.values()) / max(1, len(line.counters)))
    longest = max((times.mean for times in line.times.values()), default=0.0)
    minutes = 1.7 * line.pace.mean * (most + 3 * longest)
    return min(DAY_SECONDS, 60 * minutes + _closed_seconds(line, now) + due)


def _closed_seconds(line: Line, now: datetime) -> float:
    """Return the longest time that one counter is closed, now and between its hours."""
    longest = 0.0
    for counter in line.counters:
        closed, until = 0.0, now
        for begins, ends in counter.on_duty:
            closed += max(0.0, (begins - until).total_seconds())
            until = max(until, ends)
        longest = max(longest, closed)
    return longest


def _run(lanes: Lanes, duty: _Duty, free: Floats, seconds: Floats) -> Floats:
    """Return when each person is called, (people, paths), in seconds from now."""
    people, paths = seconds.shape
    called = np.full((people, paths), NEVER)
    if not lanes.begin.size or not free.shape[1]:
        return called
    state = _Paths(lanes, free, seconds)
    step = 0
    while state.paths.size:
        counter = state.free.argmin(axis=1)
        now = state.free[state.rows, counter]
        choice, is_idle = _choose(lanes, state, counter, now)
        if is_idle.any():
            state.wait_for_arrival(lanes, duty, np.flatnonzero(is_idle), counter, now)
            rows = np.flatnonzero(~is_idle)
            state.call(duty, called, rows, choice[rows], counter[rows], now[rows])
        else:
            state.call(duty, called, state.rows, choice, counter, now)
        step += 1
        if step % STEPS_TO_A_CHECK == 0:
            state.drop_finished()
    return called


class _Paths:
    """The paths that are not finished: which slot leads each lane and when counters are free."""

    def __init__(self, lanes: Lanes, free: Floats, seconds: Floats) -> None:
        paths = free.shape[0]
        self.free = free
        self.seconds = seconds
        self.is_wanted = lanes.is_wanted
        self.since_of, self.arrived_of, self.person_of = lanes.since, lanes.arrived, lanes.person
        self.paths = self.rows = np.arange(paths)
        self.slot = np.tile(lanes.begin, (paths, 1))
        self.since = np.ascontiguousarray(lanes.since[lanes.begin].T)
        self.arrived = np.ascontiguousarray(lanes.arrived[lanes.begin].T)
        self.left = lanes.is_wanted.sum(axis=0)
        self.drop_finished()

    def call(
        self, duty: _Duty, called: Floats, rows: Ints, lane: Ints, counter: Ints, now: Floats
    ) -> None:
        paths = self.paths[rows]
        slot = self.slot[rows, lane]
        person = self.person_of[slot, paths]
        called[person, paths] = now
        self.left[rows] -= self.is_wanted[person, paths]
        slot += 1
        self.slot[rows, lane] = slot
        self.since[rows, lane] = self.since_of[slot, paths]
        self.arrived[rows, lane] = self.arrived_of[slot, paths]
        self.free[rows, counter] = duty.next_from(counter, now + self.seconds[person, paths])

    def wait_for_arrival(
        self, lanes: Lanes, duty: _Duty, rows: Ints, counter: Ints, now: Floats
    ) -> None:
        """An idle counter waits for the next person whom it may call, or closes for today."""
        comes = np.where(lanes.serves[counter[rows]], self.arrived[rows], NEVER).min(axis=1)
        at = duty.next_from(counter[rows], np.maximum(comes, now[rows]))
        self.free[rows, counter[rows]] = at

    def drop_finished(self) -> None:
        """Drop paths in which all who are asked about were called, or all counters closed.

        A few such are left to run on, because to move the others costs more than that.
        """
        is_open = (self.left > 0) & (self.free < NEVER).any(axis=1)
        if np.count_nonzero(is_open) <= WORTH_DROPPING * is_open.size:
            self._keep(is_open)

    def _keep(self, which: NDArray[np.bool_]) -> None:
        self.paths = self.paths[which]
        self.rows = np.arange(self.paths.size)
        self.free, self.left = self.free[which], self.left[which]
        self.slot, self.since, self.arrived = (
            self.slot[which],
            self.since[which],
            self.arrived[which],
        )


def _choose(
    lanes: Lanes, state: _Paths, counter: Ints, now: Floats
) -> tuple[Ints, NDArray[np.bool_]]:
    """Return the lane called by each path's counter, and which counters find nobody.

    The order is that of calling.next_turn: due before not due, then rank, then the claim's
    worth; of equal ones the longer wait, the faster claim, the earlier arrival, the number.
    """
    at = np.where(now < NEVER, now, -NEVER)[:, None]
    waited = at - state.since
    is_present = state.arrived <= at
    if not lanes.serves_all:
        is_present &= lanes.serves[counter]
    is_due = is_present & (waited >= 0)
    if lanes.has_ranks:
        best_rank = np.where(is_due, lanes.rank, np.iinfo(np.intp).max).min(axis=1)
        is_due &= lanes.rank == best_rank[:, None]
    worth = np.where(is_due, waited * lanes.rate, _NOT_DUE)
    choice = worth.argmax(axis=1)
    best = worth[state.rows, choice]
    has_due = best >= 0
    is_best = worth == best[:, None]
    if np.count_nonzero(is_best) > best.size or not has_due.all():
        tied = np.flatnonzero(has_due & (np.count_nonzero(is_best, axis=1) > 1))
    else:
        tied = _NO_ROWS
    if tied.size:
        choice[tied] = _first(
            is_best[tied],
            (-waited[tied], -lanes.rate, state.arrived[tied], _numbers(lanes, state, tied)),
        )
    without = np.flatnonzero(~has_due)
    is_idle = np.zeros(now.shape, dtype=np.bool_)
    if without.size:
        has_early = is_present[without].any(axis=1)
        is_idle[without[~has_early]] = True
        early = without[has_early]
        if early.size:
            choice[early] = _first(
                is_present[early],
                (
                    -waited[early],
                    lanes.rank,
                    -lanes.rate,
                    state.arrived[early],
                    _numbers(lanes, state, early),
                ),
            )
    return choice, is_idle


def _numbers(lanes: Lanes, state: _Paths, rows: Ints) -> Floats:
    people = lanes.person[state.slot[rows], state.paths[rows][:, None]]
    return lanes.tie[people]


def _first(among: NDArray[np.bool_], keys: Sequence[Floats | Ints]) -> Ints:
    """Return for each row the column that is smallest by the first key, then the next, ..."""
    for key in keys:
        values = np.where(among, key, NEVER)
        among = among & (values == values.min(axis=1, keepdims=True))
    first: Ints = among.argmax(axis=1)
    return first

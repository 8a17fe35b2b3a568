"""A whole day of one line, exactly: how long people wait as arrivals and officers change.

Solves the Kolmogorov equations of the birth and death of a line (M(t)/M/n(t)+M) step by step: what
a simulation would give after endless days, and with no chance in it. A queue that stands at the
door at opening is the state it begins in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, inf, isfinite

import numpy as np

from giliran.core.need.offered import Target, need

_LATEST = 8 * 60.0  # minutes after the last interval in which the room still empties
_EMPTY = 0.01  # people
_CROWD = 60


@dataclass(frozen=True, slots=True)
class Course:
    """What a day comes to. ``late`` is each interval's share called later than promised."""

    waited: float
    """Person-minutes in the line."""
    came: float
    left: float
    served: float
    late: tuple[float, ...]
    late_in_all: float
    over: float
    """Mean minutes after the last interval until nobody is left in the room."""


def day_course(
    arrivals: Sequence[float],
    officers: Sequence[int],
    service: float,
    target: Target,
    *,
    patience: float = inf,
    standing: int = 0,
    interval: float = 30.0,
) -> Course:
    """Return how a day goes; who is in the room at the end is still served by the last officers.

    ``arrivals`` are people per interval, ``standing`` those at the door when it opens; service,
    patience and interval in minutes. Raises ``ValueError`` if arrivals and officers differ in
    number.
    """
    if len(arrivals) != len(officers):
        raise ValueError(f"{len(arrivals)} intervals of people, {len(officers)} of officers.")
    line = _Room(sum(arrivals) + standing, max([*officers, 1]), service, patience)
    line.people[standing] = 1.0
    waited = left = 0.0
    late: list[float] = []
    late_people = 0.0
    if standing:
        late_people += standing * line.late_of(_ahead(standing), officers[0], target)
    for people, there in zip(arrivals, officers, strict=True):
        gone, minutes, share = line.run(people / interval, there, interval, target)
        waited, left = waited + minutes, left + gone
        late.append(share)
        late_people += share * people
    over = 0.0
    while line.mean > _EMPTY and over < _LATEST and officers[-1]:
        gone, minutes, _ = line.run(0.0, officers[-1], interval, target)
        waited, left = waited + minutes, left + gone
        over += interval * (1 - float(line.people[0]))
    came = sum(arrivals) + standing
    return Course(
        waited, came, left, came - left, tuple(late), late_people / came if came else 0.0, over
    )


def _ahead(standing: int) -> np.ndarray:
    """Return how likely it is that so many are ahead of one of those at the door."""
    return np.full(standing, 1 / standing)


class _Room:
    """The chances of every number of people in the room, waiting or being served."""

    def __init__(self, expected: float, most: int, service: float, patience: float) -> None:
        self.size = ceil(expected + 6 * expected**0.5) + most + _CROWD
        self.people = np.zeros(self.size)
        self.service, self.patience = service, patience
        self.count = np.arange(self.size)

    @property
    def mean(self) -> float:
        return float(self.people @ self.count)

    def run(
        self, rate: float, officers: int, minutes: float, target: Target
    ) -> tuple[float, float, float]:
        """Let some minutes pass: returns who left, person-minutes waited, the share late."""
        down = np.minimum(self.count, officers) / self.service
        waiting = np.maximum(self.count - officers, 0)
        if isfinite(self.patience):
            down = down + waiting / self.patience
        steps = ceil(minutes * (rate + float(down.max())) * 1.25) + 1
        step = minutes / steps
        up = np.full(self.size, rate)
        up[-1] = 0.0
        chances = np.zeros(self.size)
        for _ in range(steps):  # Heun's rule: its error falls with the square of the step
            change = _change(self.people, up, down)
            second = _change(self.people + step * change, up, down)
            before = self.people
            self.people = before + step / 2 * (change + second)
            chances += (before + self.people) / 2
        chances *= step
        waited = float(chances @ waiting)
        share = self.late_of(chances / minutes, officers, target)
        return waited / self.patience, waited, share

    def late_of(self, ahead: np.ndarray, officers: int, target: Target) -> float:
        """Return the share that waits longer than promised, given who is in the room before them.

        Until one is called, ``ahead - officers + 1`` others must have finished or left.
        """
        if officers == 0:
            return float(ahead.sum())
        count = np.arange(len(ahead))
        behind = count - officers + 1
        rate = np.full(len(ahead), officers / self.service)
        if isfinite(self.patience):
            rate += np.maximum(behind - 1, 0) / 2 / self.patience
        expected = rate * target.minutes
        return float(ahead @ np.where(behind > 0, _fewer(behind, expected), 0.0))


def _change(people: np.ndarray, up: np.ndarray, down: np.ndarray) -> np.ndarray:
    more, fewer = up * people, down * people
    change: np.ndarray = -more - fewer
    change[1:] += more[:-1]
    change[:-1] += fewer[1:]
    return change


def _fewer(wanted: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Return the chance of fewer than ``wanted`` events where ``expected`` happen (Poisson)."""
    most = int(max(wanted.max(), 1))
    k = np.arange(most)
    steps = np.log(np.maximum(expected, 1e-300))[:, None] - np.log(np.maximum(k, 1))[None, :]
    steps[:, 0] = -expected
    sums = np.cumsum(np.exp(np.cumsum(steps, axis=1)), axis=1)
    chosen: np.ndarray = sums[np.arange(len(wanted)), np.clip(wanted, 1, most) - 1]
    capped: np.ndarray = np.minimum(chosen, 1.0)
    return capped


def need_of_day(
    arrivals: Sequence[float],
    service: float,
    target: Target,
    *,
    patience: float = inf,
    standing: int = 0,
    interval: float = 30.0,
    most: int = 60,
) -> tuple[int, ...]:
    """Return officers per interval who keep the promise, also where a queue stands at the door.

    Begins with Erlang on the lagging load and adds where the day's exact course falls short;
    ``most`` ends it: people who have stood too long at the door can't be made to have waited less.
    """
    found = list(need(arrivals, service, target, patience=patience, interval=interval))
    if standing and found:
        found[0] = max(found[0], 1)
    while True:
        course = day_course(
            arrivals,
            found,
            service,
            target,
            patience=patience,
            standing=standing,
            interval=interval,
        )
        short = [i for i, share in enumerate(course.late) if share > target.share and arrivals[i]]
        at_door = standing and course.late_in_all > target.share and not short
        if not short and not at_door:
            return tuple(found)
        where = short[0] if short else 0
        # Whoever is late in an interval was made to wait by those before: help there first.
        first = next((i for i in range(where, -1, -1) if found[i] < most), None)
        if first is None:
            return tuple(found)
        found[first] += 1

"""Whom to ask to come in which slot of the day, for lengths in whole minutes: exact cost, search.

After G. Kaandorp, G. Koole, "Optimal outpatient appointment scheduling", Health Care Management
Science 10 (2007), with lengths of any shape and with people who stay away; as their web tool
counts it. `spacing` is for times that need no grid.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np

from giliran.lab.office.packed import Floats

_LEAST_GAIN: Final = 1e-12


class Lengths(NamedTuple):
    """How long a service lasts at one counter."""

    chances: Floats
    """Of 0, 1, 2, ... minutes; together 1, less what was cut off."""
    mean: float
    """In minutes, of what was not cut off as well."""

    @classmethod
    def poisson(cls, mean: float, *, cut: float = 1e-12) -> Lengths:
        """Spread whole minutes as Poisson does, up to where the rest is rarer than `cut`."""
        if mean <= 0 or not 0 < cut < 1:
            raise ValueError("A length has a mean above zero, and what is cut is a small share.")
        chances: list[float] = []
        while sum(chances) < 1 - cut:
            at = len(chances)
            chances.append(math.exp(at * math.log(mean) - mean - math.lgamma(at + 1)))
        return cls(np.array(chances), mean)

    def with_no_shows(self, share: float) -> Lengths:
        """Let this share of the people stay away: they take no time."""
        if not 0 <= share <= 1:
            raise ValueError("The share who stay away is from 0 to 1.")
        chances = (1 - share) * self.chances
        chances[0] += share
        return Lengths(chances, (1 - share) * self.mean)


class SlotCost(NamedTuple):
    """Expected, in minutes."""

    waiting: float
    """Of one person who comes, on average."""
    idling: float
    """Of the counter, until the last is served and the slots are over."""
    tardiness: float
    """From the end of the last slot until the last is served."""

    def weighted(self, waiting: float, idling: float, tardiness: float) -> float:
        return waiting * self.waiting + idling * self.idling + tardiness * self.tardiness


def slot_cost(people: Sequence[int], lengths: Lengths, *, slot_minutes: int) -> SlotCost:
    """Evaluate so many people asked to come at the beginning of each slot, all on time.

    Raises ValueError without people, or with a slot of less than a minute.
    """
    many = sum(people)
    if many < 1 or min(people) < 0 or slot_minutes < 1:
        raise ValueError("Somebody comes, nobody less than nobody, and a slot lasts a minute.")
    work = np.ones(1)  # chances of 0, 1, 2, ... minutes of work before the counter
    waited = 0.0
    for here in people:
        for _ in range(here):
            waited += _mean(work)
            work = np.convolve(work, lengths.chances)
        done = min(slot_minutes, len(work) - 1)
        work = np.concatenate([[work[: done + 1].sum()], work[done + 1 :]])
    tardiness = _mean(work)
    idling = len(people) * slot_minutes + tardiness - many * lengths.mean
    return SlotCost(waited / many, idling, tardiness)


def best_slots(
    people: Sequence[int],
    lengths: Lengths,
    *,
    slot_minutes: int,
    weights: tuple[float, float, float],
) -> list[int]:
    """Change the plan from `people` on, until no small change gains.

    `weights` are of waiting, idling and tardiness. A change moves one person to any slot, or
    people of two slots or three one slot earlier (from the first to the last): part of the
    neighbourhood in which the paper shows that only the best of all plans has no better neighbour.
    All of that is too much for a whole day.
    """
    at = tuple(people)
    least = slot_cost(at, lengths, slot_minutes=slot_minutes).weighted(*weights)
    while True:
        for other in _neighbours(at):
            value = slot_cost(other, lengths, slot_minutes=slot_minutes).weighted(*weights)
            if value < least - _LEAST_GAIN:
                at, least = other, value
                break
        else:
            return list(at)


def _neighbours(at: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Give the plans a small change away, the likeliest first."""
    slots = len(at)
    steps = np.roll(np.eye(slots, dtype=int), -1, axis=1) - np.eye(slots, dtype=int)
    for away in range(1, slots):
        for one in range(slots):
            if at[one]:
                moved = list(at)
                moved[one] -= 1
                moved[(one + away) % slots] += 1
                yield tuple(moved)
    for many in (2, 3):
        for some in combinations(range(slots), many):
            moved_all = at + steps[list(some)].sum(axis=0)
            if moved_all.min() >= 0:
                yield tuple(moved_all.tolist())


def _mean(work: Floats) -> float:
    return float(work @ np.arange(len(work)))

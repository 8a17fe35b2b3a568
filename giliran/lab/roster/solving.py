"""Solving a roster: a good answer in seconds, a proven one when there is time.

HiGHS by measurement: of the first four instances of schedulingbenchmarks.org it proves each best.
"""

from __future__ import annotations

from dataclasses import dataclass

from giliran.lab.integer_program import Progress, solved
from giliran.lab.roster.checking import Assigned, present
from giliran.lab.roster.model import modelled
from giliran.lab.roster.setting import Setting


@dataclass(frozen=True, slots=True)
class Short:
    """A cover with too few people, by how many."""

    cover: str
    missing: int


@dataclass(frozen=True, slots=True)
class Roster:
    """The best roster found. Nothing cheaper than ``bound`` exists; ``gap`` is the share between.

    ``seconds_to_first`` is None if even the empty roster had to do. ``shorts`` says what couldn't
    be met, and ``unpaid_minutes`` whose hours stayed under what they are owed.
    """

    assigned: Assigned
    cost: float
    bound: float
    seconds: float
    seconds_to_first: float | None
    shorts: tuple[Short, ...]
    unpaid_minutes: dict[str, int]
    bound_of: str = "program"
    """What the bound is of: the whole program, or its officers counted by groups of equals."""

    @property
    def gap(self) -> float:
        return 0.0 if self.cost <= self.bound else (self.cost - self.bound) / max(abs(self.cost), 1)


def solve(
    setting: Setting, *, seconds: float = 60.0, gap: float = 0.0, progress: Progress | None = None
) -> Roster:
    """Return the best roster found in ``seconds``, or as soon as it is proven within ``gap``.

    What can't be met is told as a shortage: there is always an answer, at worst an empty roster.
    """
    model = modelled(setting)
    found = solved(model.program, seconds=seconds, gap=gap, progress=progress)
    assigned = {} if found.x is None else model.assigned(found.x, setting)
    return Roster(
        assigned,
        found.cost,
        found.bound,
        found.seconds,
        found.seconds_to_first,
        shorts_of(setting, assigned),
        unpaid_of(setting, assigned),
    )


def shorts_of(setting: Setting, assigned: Assigned) -> tuple[Short, ...]:
    """Return the covers that a roster leaves with too few people."""
    return tuple(
        Short(cover.key, cover.wanted - there)
        for cover, there in present(setting, assigned)
        if there < cover.wanted
    )


def unpaid_of(setting: Setting, assigned: Assigned) -> dict[str, int]:
    """Return the minutes by which each worker stays under what they are owed."""
    minutes = {duty.key: duty.minutes for duty in setting.duties}
    worked = dict.fromkeys((worker.key for worker in setting.workers), 0)
    for (who, _), key in assigned.items():
        worked[who] += minutes[key]
    return {
        worker.key: worker.least_minutes - worked[worker.key]
        for worker in setting.workers
        if worked[worker.key] < worker.least_minutes
    }

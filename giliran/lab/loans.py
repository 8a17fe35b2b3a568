"""Who helps where today: officers lent between nearby offices, by what each is worth there.

A flow over the region on marginal waits: an officer goes where one more saves the most waiting,
less what they save at home and the way there, also through a third office. The best of all such
plans, proven, not the nearest neighbour asked first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from giliran.lab.integer_program import Program, solved


@dataclass(frozen=True, slots=True)
class Office:
    """An office today: ``waits[n]`` are the person-minutes waited with n officers.

    ``wanted`` says how many officers with a skill it can't do without.
    """

    key: str
    waits: Sequence[float]
    wanted: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """Officers present at one office with the same skills; ``way`` gives minutes to others."""

    home: str
    count: int
    way: Mapping[str, float]
    skills: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Loan:
    """Some officers of a group go from home to another office, ``minutes`` away each."""

    home: str
    to: str
    skills: frozenset[str]
    count: int
    minutes: float


@dataclass(frozen=True, slots=True)
class Plan:
    """Who goes where, and the person-minutes waited with and without."""

    loans: tuple[Loan, ...]
    waited: float
    waited_without: float
    unskilled: Mapping[tuple[str, str], int]
    """Offices and skills that still lack somebody, and how many."""


def lend(
    offices: Sequence[Office],
    groups: Sequence[Group],
    *,
    minute_of_way: float = 1.0,
    lacking: float = 10_000.0,
    seconds: float = 30.0,
) -> Plan:
    """Return the plan that costs least: waiting, the way, and skills that an office lacks.

    ``minute_of_way`` is the person-minutes of waiting that a minute's way (there and back counted
    once) must save; ``lacking`` what each missing skill costs. Raises ``KeyError`` for a group
    whose home isn't among the offices.
    """
    program = Program()
    found = {office.key: office for office in offices}
    goes: dict[tuple[int, str], int] = {}
    for number, group in enumerate(groups):
        places = {found[group.home].key: 0.0, **{k: v for k, v in group.way.items() if k in found}}
        for place, minutes in places.items():
            column = program.column(minutes * minute_of_way, top=group.count)
            goes[number, place] = column
        program.row({goes[number, place]: 1.0 for place in places}, group.count, group.count)
    short = {}
    for office in offices:
        there = {column: 1.0 for (_, place), column in goes.items() if place == office.key}
        levels = [program.column(waited) for waited in office.waits]
        program.row(dict.fromkeys(levels, 1.0), 1, 1)
        # More officers than the waits are known for help no more than the last.
        surplus = program.column(0.0, top=len(there) * 99, whole=False)
        counted = {column: -float(n) for n, column in enumerate(levels)}
        program.row({**there, **counted, surplus: -1.0}, 0, 0)
        for skill, wanted in office.wanted.items():
            able = {
                column: 1.0
                for (number, place), column in goes.items()
                if place == office.key and skill in groups[number].skills
            }
            short[office.key, skill] = program.column(lacking, top=wanted, whole=False)
            program.row({**able, short[office.key, skill]: 1.0}, low=wanted)
    best = solved(program, seconds=seconds).x
    # Where no time was left even to find that everybody stays: everybody stays.
    x = np.zeros(len(program.cost)) if best is None else best
    loans = tuple(
        Loan(group.home, place, group.skills, round(x[column]), group.way[place])
        for (number, place), column in goes.items()
        for group in [groups[number]]
        if place != group.home and round(x[column])
    )
    return Plan(
        loans,
        waited(offices, groups, loans),
        waited(offices, groups, ()),
        {where: round(x[column]) for where, column in short.items() if round(x[column])},
    )


def waited(offices: Sequence[Office], groups: Sequence[Group], loans: Sequence[Loan]) -> float:
    """Return the person-minutes waited in all offices after some loans."""
    officers = dict.fromkeys((office.key for office in offices), 0)
    for group in groups:
        officers[group.home] += group.count
    for loan in loans:
        officers[loan.home] -= loan.count
        officers[loan.to] += loan.count
    return sum(office.waits[min(officers[office.key], len(office.waits) - 1)] for office in offices)

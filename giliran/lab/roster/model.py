"""A setting as an integer program: rows and columns, no solver yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

import numpy as np

from giliran.lab.integer_program import Program
from giliran.lab.roster.setting import SATURDAY, SUNDAY, WEEK, Duty, Setting, Worker


@dataclass
class Model:
    """The program of a setting; ``given`` finds the column of a worker's duty."""

    program: Program
    given: dict[tuple[str, str], int]

    def assigned(self, x: np.ndarray, setting: Setting) -> dict[tuple[str, int], str]:
        """Return who has which duty in a solution."""
        day = {duty.key: duty.day for duty in setting.duties}
        return {
            (worker, day[duty]): duty
            for (worker, duty), column in self.given.items()
            if round(x[column])  # a solver's 1 is 0.9999999
        }


def modelled(setting: Setting) -> Model:
    """Return a setting's program."""
    program = Program()
    price, program.constant = prices(setting)
    duties = {duty.key: duty for duty in setting.duties}
    given = {
        (worker.key, key): program.column(extra + price[worker.key, key])
        for worker in setting.workers
        for key, extra in worker.may.items()
        if duties[key].day not in worker.days_off
    }
    for worker in setting.workers:
        mine = {key: given[worker.key, key] for key in worker.may if (worker.key, key) in given}
        limit(program, setting, worker, {duties[key]: column for key, column in mine.items()})
    holders: defaultdict[str, list[tuple[int, frozenset[str]]]] = defaultdict(list)
    skills = {worker.key: worker.skills for worker in setting.workers}
    for (who, duty), column in given.items():
        holders[duty].append((column, skills[who]))
    cover(program, setting, holders)
    return Model(program, given)


def prices(setting: Setting) -> tuple[defaultdict[tuple[str, str], float], float]:
    """Return what a duty costs a worker by their wishes, and what all wishes for duties weigh."""
    price: defaultdict[tuple[str, str], float] = defaultdict(float)
    constant = 0.0
    for wish in setting.wishes:
        price[wish.worker, wish.duty] += -wish.weight if wish.is_for else wish.weight
        constant += wish.weight if wish.is_for else 0
    return price, constant


def limit(program: Program, setting: Setting, worker: Worker, mine: dict[Duty, int]) -> None:
    """Hold one worker to their limits; ``mine`` are the columns of their duties."""
    by_day: list[list[tuple[Duty, int]]] = [[] for _ in range(setting.days)]
    for duty, column in mine.items():
        by_day[duty.day].append((duty, column))
    works = [program.column(top=1.0 if day else 0.0) for day in by_day]
    for day, column in zip(by_day, works, strict=True):
        program.row({column: -1.0, **{x: 1.0 for _, x in day}}, 0, 0)
    _keep_apart(program, setting, by_day)
    for kind, most in worker.most_of_kind.items():
        of_kind = {x: 1.0 for duty, x in mine.items() if duty.kind == kind}
        if len(of_kind) > most:
            program.row(of_kind, high=most)
    minutes = {x: float(duty.minutes) for duty, x in mine.items()}
    program.row(minutes, high=worker.most_minutes)
    if worker.least_minutes:
        idle = program.column(setting.idle_hour / 60, top=worker.least_minutes, whole=False)
        program.row({**minutes, idle: 1.0}, low=worker.least_minutes)
    _run(program, worker, works)
    _share(program, setting, worker, mine)


def _keep_apart(program: Program, setting: Setting, by_day: list[list[tuple[Duty, int]]]) -> None:
    for today, tomorrow in pairwise(by_day):
        for duty, x in today:
            against = {y: 1.0 for other, y in tomorrow if setting.clash(duty, other)}
            if against:
                program.row({x: 1.0, **against}, high=1)


def _run(program: Program, worker: Worker, works: list[int]) -> None:
    days = len(works)
    for span, most in worker.spans(days):
        program.row({works[day]: 1.0 for day in span}, high=most)
    for length in range(1, worker.shortest_run):
        for begin in range(1, days - length):
            inside = dict.fromkeys(works[begin : begin + length], -1.0)
            edges = {works[begin - 1]: 1.0, works[begin + length]: 1.0}
            program.row({**inside, **edges}, low=1 - length)
    for length in range(1, worker.shortest_rest):
        for begin in range(1, days - length):
            inside = dict.fromkeys(works[begin : begin + length], 1.0)
            edges = {works[begin - 1]: -1.0, works[begin + length]: -1.0}
            program.row({**inside, **edges}, low=-1)
    weekends: dict[int, int] = {}
    for day, column in enumerate(works):
        if day % WEEK in {SATURDAY, SUNDAY}:
            if day // WEEK not in weekends:
                weekends[day // WEEK] = program.column()
            program.row({weekends[day // WEEK]: 1.0, column: -1.0}, low=0)
    if len(weekends) > worker.most_weekends:
        program.row(dict.fromkeys(weekends.values(), 1.0), high=worker.most_weekends)


def _share(program: Program, setting: Setting, worker: Worker, mine: dict[Duty, int]) -> None:
    for kind, weight in setting.fair.items():
        of_kind = {x: 1.0 for duty, x in mine.items() if duty.kind == kind}
        before = worker.before.get(kind, 0)
        # Each one more costs more than the last, so the solver fills these from the cheapest on.
        steps = {
            program.column(weight * (before + n), whole=False): -1.0
            for n in range(1, len({duty.day for duty in mine if duty.kind == kind}) + 1)
        }
        program.row({**of_kind, **steps}, 0, 0)


def cover(
    program: Program,
    setting: Setting,
    holders: Mapping[str, Sequence[tuple[int, frozenset[str]]]],
) -> None:
    """Weigh too few and too many; ``holders`` gives a duty's columns with the skills of each."""
    for wanted in setting.covers:
        there = {
            column: 1.0
            for duty in wanted.duties
            for column, skills in holders.get(duty, ())
            if not wanted.skill or wanted.skill in skills
        }
        few = program.column(wanted.under, top=max(wanted.wanted, 0), whole=False)
        terms = {**there, few: 1.0}
        if wanted.over:
            many = program.column(wanted.over, top=inf, whole=False)
            program.row({**terms, many: -1.0}, wanted.wanted, wanted.wanted)
        elif wanted.wanted > 0:
            program.row(terms, low=wanted.wanted)

"""Officers who are alike, counted instead of named: a smaller program, and a bound for the whole.

Thirty offices at once have so many rosters of equal cost (two officers change places) that a
solver of named officers neither finds nor proves much. Counted, equals are one column. What only
one officer can break (so many days on end, at least so many) is kept for the group together, so
the program allows more than the limits do: nothing allowed is cheaper than its bound.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from giliran.lab.integer_program import Program
from giliran.lab.roster.model import cover, limit, prices
from giliran.lab.roster.setting import Cover, Duty, Setting, Worker

_LOST = 10_000  # what a counted duty that nobody gets costs: more than any unfairness
_Counts = dict[str, int]
"""How many of a group have each duty."""


@dataclass
class Counted:
    """The program of a setting by groups; ``columns`` finds how many of a group have a duty."""

    program: Program
    groups: tuple[tuple[Worker, ...], ...]
    columns: dict[tuple[int, str], int]

    def counts(self, x: np.ndarray) -> Iterator[tuple[tuple[Worker, ...], _Counts]]:
        """Give each group with how many of it have each duty in a solution."""
        found: defaultdict[int, _Counts] = defaultdict(dict)
        for (number, key), column in self.columns.items():
            if count := round(x[column]):
                found[number][key] = count
        for number, members in enumerate(self.groups):
            yield members, found[number]


def alike(setting: Setting) -> tuple[tuple[Worker, ...], ...]:
    """Return the workers by what they may do; who has a wish stands alone."""
    wishes = Counter(wish.worker for wish in setting.wishes)
    found: defaultdict[Hashable, list[Worker]] = defaultdict(list)
    for worker in setting.workers:
        found[_kind(worker, wishes)].append(worker)
    return tuple(tuple(members) for members in found.values())


def _kind(worker: Worker, wishes: Counter[str]) -> Hashable:
    if wishes[worker.key]:
        return worker.key
    return (
        frozenset(worker.may.items()),
        worker.skills,
        frozenset(worker.most_of_kind.items()),
        (worker.most_minutes, worker.least_minutes, worker.most_weekends),
        (worker.longest_run, worker.shortest_run, worker.shortest_rest),
        (worker.days_off, worker.works_too),
    )


def counted(setting: Setting) -> Counted:
    """Return a setting's program by groups."""
    program = Program()
    price, program.constant = prices(setting)
    duties = {duty.key: duty for duty in setting.duties}
    groups = alike(setting)
    columns: dict[tuple[int, str], int] = {}
    holders: defaultdict[str, list[tuple[int, frozenset[str]]]] = defaultdict(list)
    for number, members in enumerate(groups):
        one = members[0]
        mine = {}
        for key, extra in one.may.items():
            if duties[key].day in one.days_off:
                continue
            column = program.column(extra + price[one.key, key], top=len(members))
            columns[number, key] = mine[duties[key]] = column
            holders[key].append((column, one.skills))
        if len(members) == 1:
            limit(program, setting, one, mine)
        else:
            _limit_all(program, setting, members, mine)
    cover(program, setting, holders)
    return Counted(program, groups, columns)


def _limit_all(
    program: Program, setting: Setting, members: tuple[Worker, ...], mine: dict[Duty, int]
) -> None:
    """Hold a group to what its members may do together."""
    count, one = len(members), members[0]
    by_day: list[list[tuple[Duty, int]]] = [[] for _ in range(setting.days)]
    for duty, column in mine.items():
        by_day[duty.day].append((duty, column))
    for today in by_day:
        program.row({x: 1.0 for _, x in today}, high=count)
    for today, tomorrow in pairwise(by_day):
        for duty, x in today:
            against = {y: 1.0 for other, y in tomorrow if setting.clash(duty, other)}
            if against:
                program.row({x: 1.0, **against}, high=count)
    for kind, most in one.most_of_kind.items():
        program.row({x: 1.0 for duty, x in mine.items() if duty.kind == kind}, high=most * count)
    minutes = {x: float(duty.minutes) for duty, x in mine.items()}
    program.row(minutes, high=one.most_minutes * count)
    if one.least_minutes:
        least = one.least_minutes * count
        idle = program.column(setting.idle_hour / 60, top=least, whole=False)
        program.row({**minutes, idle: 1.0}, low=least)
    for span, most in one.spans(setting.days):
        program.row({x: 1.0 for day in span for _, x in by_day[day]}, high=most * count)
    _share_all(program, setting, members, mine)


def _share_all(
    program: Program, setting: Setting, members: tuple[Worker, ...], mine: dict[Duty, int]
) -> None:
    """Charge for a kind what its fairest sharing among the members costs."""
    for kind, weight in setting.fair.items():
        of_kind = {x: 1.0 for duty, x in mine.items() if duty.kind == kind}
        most = len({duty.day for duty in mine if duty.kind == kind})
        levels = Counter(
            worker.before.get(kind, 0) + n for worker in members for n in range(1, most + 1)
        )
        # Each level costs more than the one before, so the solver fills the cheapest first.
        steps = {
            program.column(weight * level, top=room, whole=False): -1.0
            for level, room in sorted(levels.items())
        }
        program.row({**of_kind, **steps}, 0, 0)


def named(setting: Setting, members: tuple[Worker, ...], counts: _Counts) -> Setting:
    """Return the small setting that gives each of a group's counted duties to one of its members.

    Where the limits of each alone leave fewer than were counted, some duties go to nobody.
    """
    return Setting(
        setting.days,
        tuple(duty for duty in setting.duties if duty.key in counts),
        tuple(replace(one, may=dict.fromkeys(counts, 0), least_minutes=0) for one in members),
        tuple(Cover(key, (key,), n, under=_LOST, over=_LOST) for key, n in counts.items()),
        never_after=setting.never_after,
        rest_minutes=setting.rest_minutes,
        fair=setting.fair,
    )

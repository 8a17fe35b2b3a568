"""Solving a region: each office alone in seconds, then all of it counted, then cluster by cluster.

A large neighbourhood search: the officers of a few near offices are freed, everybody else stays,
and what is cheaper is kept. P. Shaw, "Using constraint programming and local search methods to
solve vehicle routing problems", CP 1998. The bound is that of the region counted by groups
(``giliran.lab.roster.groups``), loans included: not a sum of offices on their own, which would be
wrong as soon as one helps another.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle
from math import inf

from giliran.lab.integer_program import Progress, solved
from giliran.lab.roster.checking import cost, present
from giliran.lab.roster.groups import counted, named
from giliran.lab.roster.model import modelled
from giliran.lab.roster.setting import Setting, Worker
from giliran.lab.roster.solving import Roster, shorts_of, solve, unpaid_of

_Assigned = dict[tuple[str, int], str]
_ALONE_SECONDS, _PART_SECONDS, _SHARE_SECONDS = 2.0, 8.0, 1.0
_SOON, _SOON_SECONDS = 0.2, 1.0
"""The share of the time for a first round over the clusters, and what each gets of it."""
_FOR_THE_WHOLE = 0.5
"""The share of the time for the region counted as one, which also gives the bound."""
_FOR_NAMES = 0.2
"""The share of a solution by groups that is for saying who of a group does what."""
_CLOSE = 1e-6


def solve_region(
    setting: Setting,
    clusters: Sequence[Collection[str]],
    *,
    seconds: float = 60.0,
    gap: float = 0.0,
    progress: Progress | None = None,
    timer: Callable[[], float] = time.monotonic,
) -> Roster:
    """Return the best roster found in ``seconds``, or as soon as it is proven within ``gap``.

    ``clusters`` are places near each other, freed together; they may overlap. ``progress`` is told
    the cost, the bound and the seconds gone whenever one of them got better. There is always an
    answer, and it keeps every limit; what can't be met is told as a shortage.
    """
    search = _Search(setting, seconds, gap, progress, timer, timer())
    places = sorted({search.home[worker.key] for worker in setting.workers})
    for place in places:
        search.alone(place)
    search.found_first()
    near = [frozenset(one) for one in clusters]
    search.go_on(near, seconds=_SOON_SECONDS, until=_SOON * seconds)
    for one in _apart(setting):
        search.whole(one)
    search.go_on([*near, *(frozenset({place}) for place in places)])
    return Roster(
        search.assigned,
        search.cost,
        search.bound,
        search.gone,
        search.first,
        shorts_of(setting, search.assigned),
        unpaid_of(setting, search.assigned),
        bound_of="groups",
    )


@dataclass
class _Search:
    setting: Setting
    seconds: float
    gap: float
    progress: Progress | None
    timer: Callable[[], float]
    began: float
    assigned: _Assigned = field(default_factory=dict)
    cost: float = inf
    bound: float = 0.0  # no cost is negative
    first: float | None = None

    def __post_init__(self) -> None:
        place = {duty.key: duty.place for duty in self.setting.duties}
        self.home = {worker.key: _home(worker, place) for worker in self.setting.workers}
        self.place = place

    @property
    def gone(self) -> float:
        return self.timer() - self.began

    @property
    def left(self) -> float:
        return max(0.0, self.seconds - self.gone)

    @property
    def is_done(self) -> bool:
        near = self.bound + max(self.gap * abs(self.cost), _CLOSE)
        return self.left <= 0 or self.cost <= near

    def alone(self, place: str) -> None:
        """Give an office's own officers its own duties, and nobody else."""
        if self.left <= 0:
            return
        part = _part(self.setting, [k for k, at in self.home.items() if at == place], {})
        own = replace(
            part,
            workers=tuple(
                replace(one, may={k: n for k, n in one.may.items() if self.place[k] == place})
                for one in part.workers
            ),
        )
        given, _ = _by_groups(own, {}, min(_ALONE_SECONDS, self.left), gap=0.01, timer=self.timer)
        self.assigned |= given

    def found_first(self) -> None:
        self.cost, self.first = float(cost(self.setting, self.assigned)), self.gone
        self.tell()

    def whole(self, part: _Apart) -> None:
        """Solve what hangs together by groups, for its bound and for a better roster."""
        budget = self.seconds * _FOR_THE_WHOLE * part.share
        given, bound = _by_groups(
            part.setting,
            self.assigned,
            min(self.left, max(budget, 1.0)),
            gap=self.gap,
            timer=self.timer,
        )
        self.bound += max(bound, 0.0) + part.untouched
        self.take({worker.key for worker in part.setting.workers}, given)
        self.tell()

    def go_on(
        self,
        free: Sequence[frozenset[str]],
        *,
        seconds: float = _PART_SECONDS,
        until: float = inf,
    ) -> None:
        """Free one neighbourhood after the other until nothing gets better or time is over."""
        without_gain = 0
        for chosen in cycle(free):
            if self.is_done or self.gone > until or without_gain >= len(free):
                return
            without_gain = 0 if self.improve(chosen, seconds) else without_gain + 1

    def improve(self, places: frozenset[str], seconds: float) -> bool:
        """Solve some places anew while all others stay; returns whether that was cheaper."""
        keys = {key for key, at in self.home.items() if at in places}
        part = _part(self.setting, keys, self.assigned)
        budget = min(seconds, self.left)
        if len(places) > 1:
            given, _ = _by_groups(part, self.assigned, budget, gap=0.0, timer=self.timer)
        else:
            given = _by_name(part, self.assigned, budget)
        return self.take(keys, given)

    def take(self, keys: Collection[str], given: _Assigned) -> bool:
        """Keep other duties for some workers if the roster gets cheaper by them."""
        rest = {key: duty for key, duty in self.assigned.items() if key[0] not in keys}
        trial = {**rest, **given}
        price = float(cost(self.setting, trial))
        if price >= self.cost - _CLOSE:
            return False
        self.assigned, self.cost = trial, price
        self.tell()
        return True

    def tell(self) -> None:
        if self.progress:
            self.progress(self.cost, self.bound, self.gone)


def _by_groups(
    setting: Setting,
    start: Mapping[tuple[str, int], str],
    seconds: float,
    *,
    gap: float,
    timer: Callable[[], float],
) -> tuple[_Assigned, float]:
    """Solve by groups and name who does what; returns that with the bound of the groups.

    Whoever isn't named when the time is over does what they did at the ``start``.
    """
    ends = timer() + seconds
    program = counted(setting)
    held: Counter[tuple[int, str]] = Counter()
    number = {one.key: n for n, members in enumerate(program.groups) for one in members}
    for (who, _), key in start.items():
        if who in number:
            held[number[who], key] += 1
    given = {column: float(held[key]) for key, column in program.columns.items()} if held else None
    left = max(0.0, ends - timer())
    found = solved(program.program, seconds=(1 - _FOR_NAMES) * left, gap=gap, start=given)
    if found.x is None:
        return {}, found.bound
    day_of = {duty.key: duty.day for duty in setting.duties}
    assigned: _Assigned = {}
    for members, counts in program.counts(found.x):
        left = ends - timer()
        if len(members) == 1:
            assigned |= {(members[0].key, day_of[key]): key for key in counts}
        elif left <= 0:
            keys = {one.key for one in members}
            assigned |= {one: key for one, key in start.items() if one[0] in keys}
        elif counts:
            small = named(setting, members, counts)
            assigned |= solve(small, seconds=min(_SHARE_SECONDS, left)).assigned
    return assigned, found.bound


def _by_name(setting: Setting, start: Mapping[tuple[str, int], str], seconds: float) -> _Assigned:
    model = modelled(setting)
    held = {(who, key) for (who, _), key in start.items()}
    given = {column: float(one in held) for one, column in model.given.items()}
    found = solved(model.program, seconds=seconds, start=given)
    return {} if found.x is None else model.assigned(found.x, setting)


def _home(worker: Worker, place: Mapping[str, str]) -> str:
    """Return where a worker is cheapest, most often."""
    if not worker.may:
        return ""
    least = min(worker.may.values())
    at = Counter(place[key] for key, extra in worker.may.items() if extra == least)
    return at.most_common(1)[0][0]


def _part(
    setting: Setting, keys: Collection[str], assigned: Mapping[tuple[str, int], str]
) -> Setting:
    """Return the setting of some workers alone while all others keep what they are given."""
    workers = tuple(worker for worker in setting.workers if worker.key in keys)
    may = {key for worker in workers for key in worker.may}
    others = {one: key for one, key in assigned.items() if one[0] not in keys and key in may}
    covers = tuple(one for one in setting.covers if may.intersection(one.duties))
    there = present(replace(setting, covers=covers), others)
    return replace(
        setting,
        duties=tuple(duty for duty in setting.duties if duty.key in may),
        workers=workers,
        # Fewer than none are wanted where the others are too many: each more still costs.
        covers=tuple(
            replace(
                one, duties=tuple(key for key in one.duties if key in may), wanted=one.wanted - n
            )
            for one, n in there
        ),
        wishes=tuple(wish for wish in setting.wishes if wish.worker in keys),
    )


@dataclass(frozen=True, slots=True)
class _Apart:
    """Workers and covers that have nothing to do with the rest of the setting.

    ``untouched`` is what the covers cost that nobody at all can fill: counted with the first.
    """

    setting: Setting
    share: float
    untouched: float


def _apart(setting: Setting) -> Iterator[_Apart]:
    """Divide a setting where no duty, and so no loan, joins two parts of it."""
    leader: dict[str, str] = {}

    def lead(key: str) -> str:
        while leader.setdefault(key, key) != key:
            # Halved on the way, or a country's chains grow as long as it has officers.
            leader[key] = leader[leader[key]]
            key = leader[key]
        return key

    for worker in setting.workers:
        for duty in worker.may:
            leader[lead(f"duty {duty}")] = lead(worker.key)
    for one in setting.covers:
        for duty in one.duties[1:]:
            leader[lead(f"duty {duty}")] = lead(f"duty {one.duties[0]}")
    parts: defaultdict[str, set[str]] = defaultdict(set)
    for worker in setting.workers:
        parts[lead(worker.key)].add(worker.key)
    may = {key for worker in setting.workers for key in worker.may}
    nobody = tuple(one for one in setting.covers if not may.intersection(one.duties))
    untouched = float(cost(replace(setting, workers=(), wishes=(), covers=nobody), {}))
    for keys in parts.values():
        share = len(keys) / len(setting.workers)
        yield _Apart(_part(setting, keys, {}), share, untouched)
        untouched = 0.0


def clusters_near(near: Mapping[str, Sequence[str]], size: int = 4) -> list[frozenset[str]]:
    """Return for each place itself and those nearest to it, each cluster once, in order."""
    return list(
        dict.fromkeys(frozenset([key, *others[: size - 1]]) for key, others in near.items())
    )

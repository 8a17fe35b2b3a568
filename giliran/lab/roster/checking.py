"""Whether a roster keeps every limit, and what it costs: read from the setting, not from a model.

Shares no line with the solver, so that each can be held against the other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

from giliran.lab.roster.setting import SATURDAY, SUNDAY, WEEK, Cover, Duty, Setting, Worker

Assigned = Mapping[tuple[str, int], str]
"""Who has which duty on which day: (worker, day) -> duty."""


class Fault(NamedTuple):
    """One limit that somebody's duties break; ``str`` gives it in words."""

    worker: str
    rule: str
    """day, may, off, rest, kind, minutes, weekends, long_run, short_run or short_rest."""
    told: str
    day: int
    """The day on which it is broken; -1 where it is the whole roster."""
    amount: int = 0
    """How many there are, of whatever the rule counts: minutes, days."""
    most: int = 0

    def __str__(self) -> str:
        return f"{self.worker}: {self.told}"


def faults(setting: Setting, assigned: Assigned) -> list[str]:
    """Name every limit that a roster breaks; empty if it breaks none."""
    return [str(one) for one in broken(setting, assigned)]


def broken(setting: Setting, assigned: Assigned) -> list[Fault]:
    """Return every limit that a roster breaks; empty if it breaks none."""
    duties = {duty.key: duty for duty in setting.duties}
    found = [
        Fault(who, "day", f"duty {key} isn't on day {day}", day)
        for (who, day), key in assigned.items()
        if duties[key].day != day
    ]
    for worker in setting.workers:
        mine = {day: duties[key] for (one, day), key in assigned.items() if one == worker.key}
        found += _of_one(setting, worker, mine)
    return found


def _of_one(setting: Setting, worker: Worker, mine: Mapping[int, Duty]) -> list[Fault]:
    found = []
    who = worker.key
    for day, duty in mine.items():
        if duty.key not in worker.may:
            found.append(Fault(who, "may", f"may not have {duty.key}", day))
        if day in worker.days_off:
            found.append(Fault(who, "off", f"is off on day {day}", day))
        tomorrow = mine.get(day + 1)
        if tomorrow is not None and setting.clash(duty, tomorrow):
            told = f"{tomorrow.key} follows {duty.key} too soon"
            found.append(Fault(who, "rest", told, day + 1))
    kinds = Counter(duty.kind for duty in mine.values())
    found += [
        Fault(who, "kind", f"{kinds[kind]} times {kind}, at most {most}", -1, kinds[kind], most)
        for kind, most in worker.most_of_kind.items()
        if kinds[kind] > most
    ]
    most = worker.most_minutes
    if (minutes := sum(duty.minutes for duty in mine.values())) > most:
        found.append(Fault(who, "minutes", f"{minutes} minutes, at most {most}", -1, minutes, most))
    weekends = len({day // WEEK for day in mine if day % WEEK in {SATURDAY, SUNDAY}})
    if weekends > (most := worker.most_weekends):
        told = f"{weekends} weekends, at most {most}"
        found.append(Fault(who, "weekends", told, -1, weekends, most))
    return [*found, *_too_long(worker, mine), *_too_short(setting.days, worker, mine)]


def _too_long(worker: Worker, mine: Mapping[int, Duty]) -> Iterator[Fault]:
    """Name runs of work that are too long, those that began before or go on after included."""
    at_work = sorted(worker.works_too.union(mine))
    run: list[int] = []
    for day in at_work:
        run = [*run, day] if run and run[-1] == day - 1 else [day]
        # Told once, when it ends; a run that nothing here adds to is nobody's fault here.
        is_over = day + 1 not in at_work
        if is_over and len(run) > worker.longest_run and not mine.keys().isdisjoint(run):
            told = f"works {len(run)} days on end from day {run[0]}"
            yield Fault(worker.key, "long_run", told, run[0], len(run), worker.longest_run)


def _too_short(days: int, worker: Worker, mine: Mapping[int, Duty]) -> Iterator[Fault]:
    """Name runs of work or rest that are too short; one cut by the horizon may go on outside."""
    begin = 0
    for works, run in groupby(range(days), key=lambda day: day in mine):
        length = len(list(run))
        is_cut = begin == 0 or begin + length == days
        if works and length < worker.shortest_run and not is_cut:
            told = f"works only {length} days from day {begin}"
            yield Fault(worker.key, "short_run", told, begin, length, worker.shortest_run)
        if not works and length < worker.shortest_rest and not is_cut:
            told = f"rests only {length} days from day {begin}"
            yield Fault(worker.key, "short_rest", told, begin, length, worker.shortest_rest)
        begin += length


def present(setting: Setting, assigned: Assigned) -> list[tuple[Cover, int]]:
    """Return every cover with how many people a roster gives it."""
    skills = {worker.key: worker.skills for worker in setting.workers}
    on_duty: defaultdict[str, list[str]] = defaultdict(list)
    for (who, _), key in assigned.items():
        on_duty[key].append(who)
    return [
        (
            cover,
            sum(
                not cover.skill or cover.skill in skills[who]
                for key in cover.duties
                for who in on_duty[key]
            ),
        )
        for cover in setting.covers
    ]


def cost(setting: Setting, assigned: Assigned) -> int:
    """Return what a roster costs: cover, wishes, travel, unfairness and hours not given."""
    total = 0
    for cover, there in present(setting, assigned):
        total += cover.under * max(0, cover.wanted - there)
        total += cover.over * max(0, there - cover.wanted)
    given = {(who, key) for (who, _), key in assigned.items()}
    total += sum(
        wish.weight for wish in setting.wishes if ((wish.worker, wish.duty) in given) != wish.is_for
    )
    duties = {duty.key: duty for duty in setting.duties}
    for worker in setting.workers:
        mine = [duties[key] for (who, _), key in assigned.items() if who == worker.key]
        total += sum(worker.may.get(duty.key, 0) for duty in mine)
        for kind, weight in setting.fair.items():
            before = worker.before.get(kind, 0)
            count = sum(duty.kind == kind for duty in mine)
            total += weight * sum(range(before + 1, before + count + 1))
        missing = max(0, worker.least_minutes - sum(duty.minutes for duty in mine))
        total += setting.idle_hour * missing // 60
    return total

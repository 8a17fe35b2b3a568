"""Whether a roster keeps every limit, and what it costs: read from the setting, not from a model.

Shares no line with the solver, so that each can be held against the other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import groupby

from giliran.lab.roster.setting import SATURDAY, SUNDAY, WEEK, Cover, Duty, Setting, Worker

Assigned = Mapping[tuple[str, int], str]
"""Who has which duty on which day: (worker, day) -> duty."""


def faults(setting: Setting, assigned: Assigned) -> list[str]:
    """Name every limit that a roster breaks; empty if it breaks none."""
    duties = {duty.key: duty for duty in setting.duties}
    found: list[str] = []
    for (who, day), key in assigned.items():
        if duties[key].day != day:
            found.append(f"{who}: duty {key} isn't on day {day}")
    for worker in setting.workers:
        mine = {day: duties[key] for (one, day), key in assigned.items() if one == worker.key}
        found += [f"{worker.key}: {fault}" for fault in _of_one(setting, worker, mine)]
    return found


def _of_one(setting: Setting, worker: Worker, mine: Mapping[int, Duty]) -> list[str]:
    found = []
    for day, duty in mine.items():
        if duty.key not in worker.may:
            found.append(f"may not have {duty.key}")
        if day in worker.days_off:
            found.append(f"is off on day {day}")
        tomorrow = mine.get(day + 1)
        if tomorrow is not None and setting.clash(duty, tomorrow):
            found.append(f"{tomorrow.key} follows {duty.key} too soon")
    kinds = Counter(duty.kind for duty in mine.values())
    found += [
        f"{kinds[kind]} times {kind}, at most {most}"
        for kind, most in worker.most_of_kind.items()
        if kinds[kind] > most
    ]
    if (minutes := sum(duty.minutes for duty in mine.values())) > worker.most_minutes:
        found.append(f"{minutes} minutes, at most {worker.most_minutes}")
    weekends = {day // WEEK for day in mine if day % WEEK in {SATURDAY, SUNDAY}}
    if len(weekends) > worker.most_weekends:
        found.append(f"{len(weekends)} weekends, at most {worker.most_weekends}")
    return found + _runs(setting.days, worker, mine)


def _runs(days: int, worker: Worker, mine: Mapping[int, Duty]) -> list[str]:
    """Name runs of work or rest of a wrong length; one cut by the horizon may go on outside."""
    found, begin = [], 0
    for works, run in groupby(range(days), key=lambda day: day in mine):
        length = len(list(run))
        is_cut = begin == 0 or begin + length == days
        if works and length > worker.longest_run:
            found.append(f"works {length} days on end from day {begin}")
        if works and length < worker.shortest_run and not is_cut:
            found.append(f"works only {length} days from day {begin}")
        if not works and length < worker.shortest_rest and not is_cut:
            found.append(f"rests only {length} days from day {begin}")
        begin += length
    return found


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

"""Play offices, many times over, or a day whose people are known."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from giliran.lab.office.packed import Bools, Floats, Ints, Packed, packed, people_at_most
from giliran.lab.office.setting import Office
from giliran.lab.visits import Visit

_SEEDS: Final = 2**64


class Run(NamedTuple):
    """What happened, added up over the days of each replication; see `figures`."""

    totals: Floats  # [office, replication, engine.TOTALS]
    waits: npt.NDArray[np.int32]  # [office, replication, class, half-minute of the wait]
    days: int
    people: int


class Fate(StrEnum):
    SERVED = "served"
    LEFT = "left"
    """Lost patience before they were called."""
    UNSERVED = "unserved"
    """Still there when the last counter closed."""
    TURNED_AWAY = "turned_away"
    """Came without an appointment after the last number was gone, or after closing."""


class Seen(NamedTuple):
    """What became of one visit."""

    fate: Fate
    called_at: float | None
    """Seconds from midnight."""
    counter: int | None
    """Place of the counter in the office's list."""


def play(
    offices: Sequence[Office],
    *,
    seed: int,
    days: int = 1,
    replications: int = 1,
    first_replication: int = 0,
    counted_from: float = 0.0,
    cores: int = 1,
    played: Callable[[int], None] = lambda _: None,
) -> Run:
    """Play `days` days of each office in each replication.

    Days are alike and follow on each other only in the figures: nobody comes back. Waits of
    those who come before `counted_from` seconds of a day are not counted (for a warm-up).
    Replications are numbered from `first_replication`: ten from 0 are five from 0 and five from
    5, bit for bit (see `joined`). `played` is told, from time to time, how many more replications
    of an office are done. The number of cores changes nothing but the time. Raises ValueError for
    numbers below one, or a first replication below zero.
    """
    if min(days, replications, cores) < 1:
        raise ValueError("At least one day, one replication and one core are needed.")
    if first_replication < 0:
        raise ValueError("Replications are numbered from 0.")
    from giliran.lab.office import engine

    into = packed(offices)
    units = len(offices) * replications
    totals = np.zeros((units, engine.TOTALS))
    waits = np.zeros((units, engine.CLASSES, engine.BINS), np.int32)  # large, and small numbers
    of_office, of_replication = np.divmod(np.arange(units), replications)
    room = people_at_most(into)

    def part(some: slice) -> int:
        people = engine.play_units(
            into,
            np.uint64(seed % _SEEDS),
            of_office[some],
            first_replication + of_replication[some],
            days,
            float(counted_from),
            room,
            totals[some],
            waits[some],
        )
        played(len(of_office[some]))
        return int(people)

    step = max(1, math.ceil(units / (8 * cores)))
    parts = [slice(begin, begin + step) for begin in range(0, units, step)]
    if cores == 1:
        people = sum(map(part, parts))
    else:
        with ThreadPoolExecutor(cores) as pool:
            people = sum(pool.map(part, parts))
    shape = (len(offices), replications)
    return Run(totals.reshape(*shape, -1), waits.reshape(*shape, *waits.shape[1:]), days, people)


def joined(parts: Sequence[Run]) -> Run:
    """Put runs of the same offices and days together, replication after replication."""
    return Run(
        np.concatenate([one.totals for one in parts], axis=1),
        np.concatenate([one.waits for one in parts], axis=1),
        parts[0].days,
        sum(one.people for one in parts),
    )


class Comers(NamedTuple):
    """Who comes to an office on one day, in any order; arrays [people], seconds from midnight."""

    arrives_at: Floats
    starts_at: Floats
    """Of the promised window; nan for who has none."""
    ends_at: Floats
    """Of the promised window; not read for who has none."""
    lasts: Floats
    """Seconds at the counter."""
    patience: Floats
    """Seconds from when they could first be called; infinite for who stays."""
    is_priority: Bools
    service: Ints
    """Place in the office's list."""


class Ends(NamedTuple):
    """What became of each of the comers; arrays [people]."""

    called_at: Floats
    """Seconds from midnight; nan for who was never called."""
    ready_at: Floats
    """From when they could be called: arrival, opening or window, whichever is last."""
    left: Bools
    turned_away: Bools
    """Neither called nor left nor turned away: there when the last counter closed."""


def play_comers(into: Packed, comers: Comers) -> Ends:
    """Play a day of the first office of `packed`; see `play_visits` for few people by name.

    The office's counters, policy and numbers count, its own arrivals and leave don't.
    """
    from giliran.lab.office import engine

    n = len(comers.arrives_at)
    people, marks = np.zeros((engine.ROWS, n)), np.zeros((engine.MARKS, n), np.int64)
    booked = ~np.isnan(comers.starts_at)
    people[engine.ARRIVES] = comers.arrives_at
    people[engine.STARTS] = np.where(booked, comers.starts_at, engine.WALK_IN)
    people[engine.ENDS] = np.where(booked, comers.ends_at, math.inf)
    people[engine.LENGTH] = comers.lasts
    marks[engine.SERVICE] = comers.service
    marks[engine.CLASS] = 2 * comers.is_priority + booked
    engine.claim_all(into, 0, n, people, marks)
    people[engine.LEAVES] = people[engine.READY] + comers.patience
    called, _ = _called(into, people, marks)
    return Ends(
        called_at=np.where(called >= 0, called, math.nan),
        ready_at=people[engine.READY],
        left=called == engine.GONE,
        turned_away=called == engine.AT_THE_DOOR,
    )


def _called(into: Packed, people: Floats, marks: Ints) -> tuple[Floats, Ints]:
    """Play one day of known people; gives when (or why not) and at which counter."""
    from giliran.lab.office import engine

    n = people.shape[1]
    order = np.argsort(people[engine.ARRIVES], kind="stable")
    called, at = np.empty(n), np.zeros(n, np.int64)
    engine.play_day(
        into, 0, np.uint64(0), n, people, marks, order, called, at, np.zeros(engine.TOTALS)
    )
    return called, at


def play_visits(office: Office, visits: Sequence[Visit]) -> list[Seen]:
    """Play a day whose people are known, in the order given; see `lab.visits`.

    The office's counters, services, policy and numbers count, its own arrivals don't. Patience
    is counted from arrival. Raises ValueError for a service that the office doesn't give.
    """
    from giliran.lab.office import engine

    into = packed([office])
    called, at = _called(into, *_known(into, office, visits))
    fates = {
        engine.GONE: Fate.LEFT,
        engine.TOO_LATE: Fate.UNSERVED,
        engine.AT_THE_DOOR: Fate.TURNED_AWAY,
    }
    return [
        Seen(Fate.SERVED, float(moment), int(counter))
        if moment >= 0
        else Seen(fates[float(moment)], None, None)
        for moment, counter in zip(called, at, strict=True)
    ]


def _known(into: Packed, office: Office, visits: Sequence[Visit]) -> tuple[Floats, Ints]:
    from giliran.lab.office import engine

    names = [one.name for one in office.services]
    people = np.zeros((engine.ROWS, len(visits)))
    marks = np.zeros((engine.MARKS, len(visits)), np.int64)
    for i, visit in enumerate(visits):
        if visit.service not in names:
            raise ValueError(f"The office doesn't give the service {visit.service!r}.")
        starts, ends = visit.window_starts_at, visit.window_ends_at
        people[engine.ARRIVES, i] = visit.arrives_at
        people[engine.STARTS, i] = engine.WALK_IN if starts is None else starts
        people[engine.ENDS, i] = math.inf if ends is None else ends
        people[engine.LENGTH, i] = 60 * visit.service_minutes
        patience = math.inf if visit.patience_minutes is None else 60 * visit.patience_minutes
        people[engine.LEAVES, i] = visit.arrives_at + patience
        marks[engine.SERVICE, i] = names.index(visit.service)
        marks[engine.CLASS, i] = 2 * int(visit.is_priority) + int(starts is not None)
    engine.claim_all(into, 0, len(visits), people, marks)
    return people, marks

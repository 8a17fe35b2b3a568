"""Play the days of a network: who asks, who is drawn, who stands at the door, who is served."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np

from giliran.core.offers import DayPlan
from giliran.lab.network.applying import Cells, cells_of, draw
from giliran.lab.network.setting import Network, offered, office_of
from giliran.lab.network.town import (
    FIRST_AT,
    Bools,
    Chance,
    Floats,
    Ints,
    Town,
    chances,
    counters_there,
    town,
)
from giliran.lab.office import Comers, Ends, packed, play_comers
from giliran.lab.office.packed import Packed
from giliran.lab.serang import OPENS_AT
from giliran.lab.visits import HOUR

WAITING, BOOKED, SERVED, GAVE_UP = range(4)
NEVER: Final = -1
COUNTS: Final = (
    "places",
    "came",
    "before_opening",
    "before_six",
    "turned_away",
    "left",
    "unserved",
    "served",
    "booked",
    "no_shows",
    "booked_came",
    "in_window",
)


@dataclass(eq=False)
class Story:
    """All that happened in one replication; people in order of asking."""

    network: Network
    people: Town
    status: Ints
    served_on: Ints  # the day, or -1
    served_at: Ints  # the branch, or -1
    gave_up_on: Ints  # the day, or -1
    waited: Floats  # seconds in the room of whoever was served; else nan
    visits: Ints
    times_turned_away: Ints
    credit: Floats  # whole ones count in a draw
    counts: dict[str, Ints]  # by branch, over all days
    violations: int = 0  # found by the core's audit of the draws
    bookings: dict[int, tuple[Ints, Ints, Cells]] = field(default_factory=dict)


def play_network(network: Network, *, seed: int, replication: int = 0) -> Story:
    """Play one replication: `days` working days from the first.

    The same network, seed and replication give the same story bit for bit; networks that differ
    in one rule have the same people with the same habits. `seed` and `replication` are 0 or more.
    """
    people = town(network, seed=seed, replication=replication)
    there = counters_there(network, seed=seed, replication=replication)
    count = len(people.asked)
    story = Story(
        network=network,
        people=people,
        status=np.full(count, WAITING),
        served_on=np.full(count, NEVER),
        served_at=np.full(count, NEVER),
        gave_up_on=np.full(count, NEVER),
        waited=np.full(count, math.nan),
        visits=np.zeros(count, np.int64),
        times_turned_away=np.zeros(count, np.int64),
        credit=np.zeros(count),
        counts={name: np.zeros(len(network.branches), np.int64) for name in COUNTS},
    )
    for day in range(-network.lead_days, network.days):
        chance = chances(people, day)
        if day >= 0:
            _give_up(story, day)
            _open_doors(story, there[day], chance, day)
        ahead = day + network.lead_days
        if network.way == "draw" and ahead < network.days:
            _apply(story, there[ahead], chance, day)
    return story


@lru_cache(maxsize=1024)
def _plans(network: Network, there: tuple[int, ...]) -> tuple[DayPlan, ...]:
    """What each branch offers; where people come at dawn all of it is numbers."""
    share = 1.0 if network.way == "first_come" else network.walk_in_share
    return tuple(
        offered(one, counters=counters, walk_in_share=share)
        for one, counters in zip(network.branches, there, strict=True)
    )


@lru_cache(maxsize=1024)
def _office(network: Network, branch: int, counters: int, numbers: int) -> Packed:
    return packed([office_of(network.branches[branch], counters=counters, numbers=numbers)])


def _give_up(story: Story, day: int) -> None:
    people = story.people
    here = slice(0, people.here(day))
    gone = (story.status[here] == WAITING) & (people.gives_up[here] <= day)
    story.status[here][gone] = GAVE_UP
    story.gave_up_on[here][gone] = day


def _apply(story: Story, there: Ints, chance: Chance, day: int) -> None:
    """Draw the places of a day ahead; who loses with a broad list earns credit."""
    network, people = story.network, story.people
    here = people.here(day)
    applies = (story.status[:here] == WAITING) & ~people.at_the_door[:here]
    applicants = np.flatnonzero(applies)
    cells = cells_of(_plans(network, tuple(there.tolist())))
    given = draw(network, people, applicants, story.credit, chance, cells)
    story.violations += given.violations
    losers = np.setdiff1d(applicants, given.winners, assume_unique=True)
    story.credit[losers] += np.where(people.is_narrow[losers], network.narrow_credit, 1.0)
    story.credit[given.winners] = 0
    story.status[given.winners] = BOOKED
    story.bookings[day + network.lead_days] = (given.winners, given.cells, cells)


def _open_doors(story: Story, there: Ints, chance: Chance, day: int) -> None:
    """Let the booked and those without a time come to each branch, and play its day."""
    network, people = story.network, story.people
    here = people.here(day)
    at_the_door = (story.status[:here] == WAITING) & (
        (people.asked[:here] == day) | (chance.comes < network.comes_again)
    )
    if network.way == "draw":
        at_the_door &= people.at_the_door[:here]
    door = np.flatnonzero(at_the_door)
    none = np.zeros(0, np.int64)
    holders, held, cells = story.bookings.pop(day, (none, none, cells_of(())))
    comes: Bools = chance.shows_up[holders] < network.show_up
    story.status[holders] = WAITING  # until they are served
    for branch, plan in enumerate(_plans(network, tuple(there.tolist()))):
        here_booked = comes & (cells.branch[held] == branch)
        booked, cell = holders[here_booked], held[here_booked]
        walk_ins = door[people.home[door] == branch]
        arrives = np.concatenate(
            [
                np.maximum(0.0, cells.starts_at[cell] - chance.early[booked]),
                _at_the_door(story, chance, walk_ins),
            ]
        )
        comers = Comers(
            arrives_at=arrives,
            starts_at=np.concatenate([cells.starts_at[cell], np.full(len(walk_ins), math.nan)]),
            ends_at=np.concatenate([cells.ends_at[cell], np.full(len(walk_ins), math.nan)]),
            lasts=people.lasts[who := np.concatenate([booked, walk_ins])],
            patience=people.patience[who],
            is_priority=people.is_priority[who],
            service=people.service[who],
        )
        into = _office(network, branch, int(there[branch]), plan.walk_in_places)
        ends = play_comers(into, comers)
        _note(story, branch, day, who, ends)
        booked_here = int((cells.branch[held] == branch).sum())
        _count(story, branch, comers, ends, len(booked), booked_here, plan)


def _at_the_door(story: Story, chance: Chance, who: Ints) -> Floats:
    """When people without a time come: who was turned away before comes at dawn, and earlier."""
    times = story.times_turned_away[who]
    earlier = 60 * story.network.earlier_minutes * times
    dawn = np.maximum(FIRST_AT, chance.dawn[who] - earlier)
    arrives: Floats = np.where(chance.at_dawn[who] | (times > 0), dawn, chance.morning[who])
    return arrives


def _note(story: Story, branch: int, day: int, who: Ints, ends: Ends) -> None:
    served = ~np.isnan(ends.called_at)
    story.visits[who] += 1
    story.times_turned_away[who] += ends.turned_away
    story.status[who[served]] = SERVED
    story.served_on[who[served]] = day
    story.served_at[who[served]] = branch
    story.waited[who[served]] = np.maximum(0.0, ends.called_at - ends.ready_at)[served]


def _count(
    story: Story,
    branch: int,
    comers: Comers,
    ends: Ends,
    came: int,
    booked: int,
    plan: DayPlan,
) -> None:
    """Add a branch's day up; the first `came` of the comers are the booked."""
    served = ~np.isnan(ends.called_at)
    more = {
        "places": plan.places + plan.walk_in_places,
        "came": len(served),
        "before_opening": int((comers.arrives_at[came:] < OPENS_AT).sum()),
        "before_six": int((comers.arrives_at[came:] < 6 * HOUR).sum()),
        "turned_away": int(ends.turned_away.sum()),
        "left": int(ends.left.sum()),
        "unserved": int((~served & ~ends.left & ~ends.turned_away).sum()),
        "served": int(served.sum()),
        "booked": booked,
        "no_shows": booked - came,
        "booked_came": came,
        "in_window": int((ends.called_at[:came] <= comers.ends_at[:came]).sum()),
    }
    for name, value in more.items():
        story.counts[name][branch] += value

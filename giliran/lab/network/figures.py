"""What a network's story adds up to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from giliran.lab.network.days import GAVE_UP, SERVED, Story
from giliran.lab.network.town import Floats
from giliran.lab.samples import mean_of, percentile_of

ALL: Final = "all"


def figures_of(story: Story) -> dict[str, float]:
    """Add one replication up; names end in `.` and a branch's name, or `.all`.

    People belong to the branch of their home; the door, the waits and the windows to the branch
    where they were. Days from asking are of all who asked in the first half of the days; whoever
    of them wasn't served counts with the days until they gave up or the play ended, which
    flatters the way that leaves people waiting. `narrow` are those who would accept only their own
    office (at dawn everybody goes to it). Minutes and shares (0 to 1) are nan where there
    was nobody.
    """
    found: dict[str, float] = {f"draw_violations.{ALL}": float(story.violations)}
    names = [one.name for one in story.network.branches]
    for place, name in [*enumerate(names), (None, ALL)]:
        found |= {f"{key}.{name}": value for key, value in _of(story, place).items()}
    return found


def together(runs: Sequence[dict[str, float]]) -> dict[str, Floats]:
    """Give each figure one value a replication, as `lab.office.estimate` takes them."""
    return {name: np.array([one[name] for one in runs]) for name in runs[0]}


def _of(story: Story, branch: int | None) -> dict[str, float]:
    people, days = story.people, story.network.days
    every = np.ones(len(people.asked), np.bool_)
    lives = every if branch is None else people.home == branch
    was = every if branch is None else story.served_at == branch
    counts = {
        name: float(each.sum() if branch is None else each[branch])
        for name, each in story.counts.items()
    }
    served = lives & (story.status == SERVED)
    counted = lives & (people.asked < max(1, days // 2))
    ended = np.where(story.gave_up_on >= 0, story.gave_up_on, days)
    ended = np.where(story.served_on >= 0, story.served_on, ended)
    waited = story.waited[was & ~np.isnan(story.waited)] / 60
    narrow = counted & people.is_narrow & ~people.at_the_door
    took = (ended - people.asked)[counted].astype(np.float64)
    return {
        "asked_a_day": float(lives.sum()) / days,
        "served_share": mean_of(story.status[counted] == SERVED),
        "days_mean": mean_of(took),
        "days_p50": percentile_of(took, 0.5),
        "days_p90": percentile_of(took, 0.9),
        "narrow_served_share": mean_of(story.status[narrow] == SERVED),
        "narrow_days_mean": mean_of((ended - people.asked)[narrow].astype(np.float64)),
        "visits_mean": mean_of(story.visits[served]),
        "away_from_home_share": mean_of(story.served_at[served] != people.home[served]),
        "still_waiting": float(
            (lives & (story.status != SERVED) & (story.status != GAVE_UP)).sum()
        ),
        "gave_up": float((lives & (story.status == GAVE_UP)).sum()),
        "places_a_day": counts["places"] / days,
        "served_a_day": counts["served"] / days,
        "before_opening_a_day": counts["before_opening"] / days,
        "before_six_a_day": counts["before_six"] / days,
        "turned_away_share": _ratio(counts["turned_away"], counts["came"]),
        "turned_away_a_day": counts["turned_away"] / days,
        "left_a_day": counts["left"] / days,
        "unserved_a_day": counts["unserved"] / days,
        "no_shows_a_day": counts["no_shows"] / days,
        "in_window_share": _ratio(counts["in_window"], counts["booked_came"]),
        "wait_p50_minutes": percentile_of(waited, 0.5),
        "wait_p90_minutes": percentile_of(waited, 0.9),
    }


def _ratio(some: float, of: float) -> float:
    return some / of if of else math.nan

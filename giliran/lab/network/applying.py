"""One round of giliran's draw over all branches: `core.seats` ranks, `core.draw` gives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from giliran.core import draw as core
from giliran.core import seats
from giliran.core.offers import DayPlan
from giliran.lab.network.setting import Network
from giliran.lab.network.town import Bools, Chance, Floats, Ints, Town


class Cells(NamedTuple):
    """The windows of a day at all branches; arrays [cells]."""

    branch: Ints
    starts_at: Floats  # seconds from midnight
    ends_at: Floats
    places: Ints
    bundle: Ints
    bundles: tuple[seats.Bundle, ...]
    reserves: Ints  # [cells, kinds]


class Given(NamedTuple):
    """Who won which cell, and how often the core's audit found a guarantee broken."""

    winners: Ints
    cells: Ints
    violations: int


def cells_of(plans: Sequence[DayPlan]) -> Cells:
    """Lay the day's windows beside each other, branch after branch."""
    percents = core.RULES[max(core.RULES)].percents
    bundles: list[seats.Bundle] = []
    rows: list[tuple[int, float, float, int, int]] = []
    reserves: list[tuple[int, ...]] = []
    for branch, plan in enumerate(plans):
        for window, places in plan.windows:
            bundle = seats.bundle_of(branch, window.starts_at)
            if bundle not in bundles:
                bundles.append(bundle)
            rows.append(
                (branch, _clock(window.starts_at), _clock(window.ends_at), places, len(bundles) - 1)
            )
        reserves += seats.reserves([places for _, places in plan.windows], percents)
    branch_, starts, ends, places_, bundle_ = np.array(rows, np.float64).reshape(-1, 5).T
    return Cells(
        branch=branch_.astype(np.int64),
        starts_at=starts,
        ends_at=ends,
        places=places_.astype(np.int64),
        bundle=bundle_.astype(np.int64),
        bundles=tuple(bundles),
        reserves=np.array(reserves, np.int64).reshape(-1, len(percents)),
    )


def draw(
    network: Network, people: Town, applicants: Ints, credit: Floats, chance: Chance, cells: Cells
) -> Given:
    """Draw among `applicants`, who have so much `credit` (of everybody)."""
    lists = [
        _wishes(network, home, cells, is_narrow=narrow)
        for home in range(len(network.branches))
        for narrow in (False, True)
    ]
    of_list = 2 * people.home[applicants] + people.is_narrow[applicants]
    chosen = [lists[one] for one in of_list.tolist()]
    kinds = (
        people.is_priority[applicants]
        + 2 * people.is_far[applicants]
        + 4 * people.is_offline[applicants]
    )
    market = core.Market(
        places=cells.places.astype(np.int32),
        reserves=cells.reserves.astype(np.int32),
        bundle_of=cells.bundle.astype(np.int32),
        wish_starts=np.cumsum([0, *map(len, chosen)], dtype=np.int64),
        wishes=np.concatenate([np.zeros(0, np.int32), *chosen]),
        kinds=kinds.astype(np.uint8),
        credit=credit[applicants].astype(np.int32),
        number=chance.number[applicants],
        party=np.full(len(applicants), -1, np.int32),
    )
    outcome = core.draw(market)
    won: Bools = outcome.cell >= 0
    return Given(
        applicants[won],
        outcome.cell[won].astype(np.int64),
        core.audit(market, outcome.cell, outcome.struck).violations,
    )


def _wishes(
    network: Network, home: int, cells: Cells, *, is_narrow: bool
) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    near = network.branches[home].near
    wish = seats.Wish((home,), any_near=not is_narrow)
    ranked = seats.ranked(wish, cells.bundles, near=near)
    return np.concatenate(
        [np.zeros(0, np.int32), *(np.flatnonzero(cells.bundle == one) for one in ranked)]
    ).astype(np.int32)


def _clock(moment: datetime) -> float:
    return 3600.0 * moment.hour + 60.0 * moment.minute + moment.second

"""The published rules of a draw, and what they promise to people who lose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from types import MappingProxyType
from typing import NamedTuple

ALL = 100


class Rule(NamedTuple):
    version: str
    percents: tuple[int, int, int]
    """Share of the places kept for `priority`, `far` and `offline`, in the published order."""


RULES: Mapping[str, Rule] = MappingProxyType({"2026-1": Rule("2026-1", (15, 10, 15))})


def spread(places: Sequence[int], percent: int) -> list[int]:
    """Return how many places of each window are kept for a kind, `percent` of a day's in all.

    `places` are those of a day's windows in order of time. The share is rounded down over all
    windows so far, not in each, so that a tenth exists also where each window has three places.
    Raises ValueError for a share outside 0 to 100 or for fewer than no places.
    """
    if not 0 <= percent <= ALL:
        raise ValueError(f"A share lies between 0 and 100 percent, got {percent}.")
    if any(one < 0 for one in places):
        raise ValueError("A window cannot have fewer than no places.")
    kept = [so_far * percent // ALL for so_far in accumulate(places, initial=0)]
    return [after - before for before, after in pairwise(kept)]


def rounds_at_most(ahead: int, places_each_round: int) -> int | None:
    """Return after how many rounds somebody is served at the latest; None when no places come.

    `ahead` are the others who apply in the same round with at least the same credit (who has the
    same counts as ahead: the lottery may put them there). `places_each_round` are the places that
    each round brings to the open part, without any reserve, and that this person and all who are
    ahead accept. The promise holds while that many places really come, while this person stays
    in with the broad list that earns one credit in each lost round, and because newcomers begin
    without credit and nobody's credit grows faster: who is behind stays behind. Reserves served
    beside, and people ahead who are served elsewhere or leave, only make it sooner. Raises
    ValueError for fewer than no people.
    """
    if ahead < 0:
        raise ValueError(f"There cannot be {ahead} people ahead.")
    if places_each_round <= 0:
        return None
    return -(-(ahead + 1) // places_each_round)

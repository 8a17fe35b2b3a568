"""Whom to call next when promises are about to break, and what that does to the others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import numpy as np

from giliran.core.promise.line import Line
from giliran.core.promise.simulation import call_times
from giliran.core.promise.windows import LEVEL

PATHS = 100
MOST_TRIED = 8
WORTH_SAYING = 0.1
"""A gain below a tenth of a promise is no reason to leave the rule."""
HARM = 0.1


class Rescue(NamedTuple):
    turn_id: int
    promises_saved: float
    """How many more promises are kept on average than if the rule decides."""
    odds_before: float
    """That this person's own promise is kept if the rule decides, 0 to 1."""
    odds_after: float
    harmed: tuple[int, ...]
    """Those whose odds fall by more than a tenth, worst first."""


class Rescues(NamedTuple):
    promises: int
    """Of people who wait now."""
    kept_by_rule: float
    """How many of them are kept on average if nobody intervenes."""
    best_first: list[Rescue]
    """Empty if the rule does best: nobody need intervene, or nobody can be saved."""


def rescue(
    line: Line, promises: Mapping[int, datetime], now: datetime, *, seed: int, paths: int = PATHS
) -> Rescues:
    """Rank whom to call next so that most promises are kept.

    `promises` says by turn_id till when somebody who waits was promised to be called. Tried is
    each person whose promise holds with less than the usual odds, the earliest promise first,
    at most eight: they are called first, all others by the rule, in the same simulated futures.
    """
    waiting = [one.turn_id for one in line.waiting]
    held = [(row, turn_id) for row, turn_id in enumerate(waiting) if turn_id in promises]
    if not held:
        return Rescues(0, 0.0, [])
    rows = np.array([row for row, _ in held])
    till = np.array([(promises[one] - now).total_seconds() / 60 for _, one in held])

    def odds(called_first: int | None) -> list[float]:
        calls = call_times(line, now=now, paths=paths, seed=seed, called_first=called_first)
        kept = calls.waiting[rows] <= till[:, None]
        return [float(one) for one in kept.mean(axis=1)]

    by_rule = odds(None)
    at_risk = sorted(
        (till[place], place)
        for place in range(len(held))
        if by_rule[place] < LEVEL and till[place] >= 0
    )[:MOST_TRIED]
    tried = []
    for _, place in at_risk:
        turn_id = held[place][1]
        after = odds(turn_id)
        saved = sum(after) - sum(by_rule)
        if saved >= WORTH_SAYING:
            falls = sorted(
                (new - old, other)
                for (_, other), old, new in zip(held, by_rule, after, strict=True)
                if new - old < -HARM
            )
            tried.append(
                Rescue(
                    turn_id,
                    saved,
                    by_rule[place],
                    after[place],
                    tuple(other for _, other in falls),
                )
            )
    tried.sort(key=lambda one: (-one.promises_saved, one.turn_id))
    return Rescues(len(held), sum(by_rule), tried)

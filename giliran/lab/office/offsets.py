"""When those of one window should come, for an office with several counters, before the day.

Windows follow each other, each with the same places; people come at their offset from its start
or stay away, and the counter that is free first takes the next. Waiting and idling are counted in
played services, the same for every plan, and the plan on the grid of five minutes is found by
moving people step by step. For one counter and one window the exact cost is `spacing.cost`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import numpy as np

from giliran.lab.office.packed import Floats

STEP_MINUTES: Final = 5
_WINDOWS: Final = 4
_PATHS: Final = 600
_SEED: Final = 2024
_BETTER: Final = 1e-9


@lru_cache(maxsize=4096)
def offsets(
    places: int,
    *,
    window_minutes: int,
    counters: int,
    mean_minutes: float,
    scv: float,
    show_up: float = 1.0,
    idling_weight: float = 0.5,
    windows: int = _WINDOWS,
) -> tuple[int, ...]:
    """Give for each place of a window after how many minutes its holder should come.

    Multiples of five from 0 to the window's length, in order: the first place gets the first.
    The aim is the least idling_weight * idling + (1 - idling_weight) * waiting over `windows`
    windows in a row. Raises ValueError for what cannot be: no places, counters or minutes, shares
    outside 0 to 1.
    """
    if min(places, counters, windows) < 1 or window_minutes < STEP_MINUTES or mean_minutes <= 0:
        raise ValueError("A window has places, counters, and five minutes or more.")
    if scv < 0 or not 0 < show_up <= 1 or not 0 < idling_weight < 1:
        raise ValueError("The variation is not below 0; people come, and a weight is from 0 to 1.")
    lengths, comes = _people(places * windows, mean_minutes, scv, show_up)
    last = window_minutes // STEP_MINUTES
    steps = [place * last // places for place in range(places)]

    def priced(plan: list[int]) -> float:
        waiting, idling = _played(_times(plan, window_minutes, windows), lengths, comes, counters)
        return idling_weight * idling + (1 - idling_weight) * waiting

    least = priced(steps)
    while True:
        before = least
        for begin, end, shift in _moves(places):
            plan = [*steps[:begin], *(step + shift for step in steps[begin:end]), *steps[end:]]
            if plan[0] < 0 or plan[-1] > last or plan != sorted(plan):
                continue
            if (price := priced(plan)) < least - _BETTER:
                least, steps = price, plan
        if least == before:
            return tuple(STEP_MINUTES * step for step in steps)


def _moves(places: int) -> Iterator[tuple[int, int, int]]:
    """Move one person by a step, or two, or all from one on."""
    for begin in range(places):
        for end in sorted({begin + 1, min(begin + 2, places), places}):
            yield begin, end, -1
            yield begin, end, 1


def waiting_and_idling(
    plan: tuple[int, ...],
    *,
    window_minutes: int,
    counters: int,
    mean_minutes: float,
    scv: float,
    show_up: float = 1.0,
    windows: int = _WINDOWS,
    paths: int = _PATHS,
    seed: int = _SEED,
) -> tuple[float, float]:
    """Play a plan: mean minutes that all people wait together, and that counters idle.

    A counter idles from when it is free until it takes somebody; after its last one it doesn't.
    """
    lengths, comes = _people(len(plan) * windows, mean_minutes, scv, show_up, paths, seed)
    times = np.concatenate([window_minutes * n + np.asarray(plan) for n in range(windows)])
    return _played(times.astype(np.float64), lengths, comes, counters)


def _times(steps: list[int], window_minutes: int, windows: int) -> Floats:
    starts = float(window_minutes) * np.arange(windows)[:, None]
    return (starts + STEP_MINUTES * np.asarray(steps, dtype=np.float64)).ravel()


def _people(
    people: int,
    mean: float,
    scv: float,
    show_up: float,
    paths: int = _PATHS,
    seed: int = _SEED,
) -> tuple[Floats, Floats]:
    """Draw how long each takes, and whether they come (1 or 0), in each path."""
    rng = np.random.default_rng(seed)
    shape = (people, paths)
    lengths = rng.gamma(1 / scv, mean * scv, shape) if scv > 0 else np.full(shape, mean)
    return lengths, (rng.random(shape) < show_up).astype(np.float64)


def _played(times: Floats, lengths: Floats, comes: Floats, counters: int) -> tuple[float, float]:
    """Let whoever comes go to the counter that is free first (Kiefer & Wolfowitz 1955)."""
    free = np.zeros((counters, lengths.shape[1]))
    waiting = idling = 0.0
    for at, takes, is_there in zip(times, lengths, comes, strict=True):
        first = free[0]
        begins = np.maximum(first, at)
        waiting += float(((begins - at) * is_there).mean())
        idling += float(((begins - first) * is_there).mean())
        free[0] = np.where(is_there > 0, begins + takes, first)
        free.sort(axis=0)
    return waiting, idling

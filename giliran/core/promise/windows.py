"""What the simulated futures say about each person: a low, a middle and a high time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from giliran.core.promise.line import Line, Newcomer
from giliran.core.promise.service_times import Floats
from giliran.core.promise.simulation import call_times

LEVEL = 0.9
PATHS = 200
STEP = timedelta(minutes=5)


class Forecast(NamedTuple):
    """When somebody is called, in minutes from the moment of the forecast, as simulated.

    Low and high leave out equal shares at either end. All three are over the futures in which
    the person comes and is called today; they are inf if there is none.
    """

    low: float
    middle: float
    high: float
    served_odds: float = 1.0
    """In what share of the futures in which they come they are called before the day ends."""


class Windows(NamedTuple):
    people: dict[int, Forecast]
    """By turn_id: all who wait and all appointments to come."""
    newcomers: list[Forecast]
    """In the order asked for."""


def windows(
    line: Line,
    *,
    now: datetime,
    seed: int,
    level: float = LEVEL,
    paths: int = PATHS,
    newcomers: Sequence[Newcomer] = (),
    only: Collection[int] | None = None,
) -> Windows:
    """Forecast for everybody when they are called, by the very rule of calling.next_turn.

    These are raw: what the line's data says. Calibration.window makes of them a window that
    holds as often as it says. `newcomers` are answered as if each took a number now and alone.
    With `only`, none but these turn_ids are answered, which is faster. Raises ValueError for a
    level outside 0 to 1 or without paths, KeyError for a service without times.
    """
    if not 0 < level < 1 or paths < 1:
        raise ValueError(f"A level lies between 0 and 1 and paths are at least 1: {level}, {paths}")
    calls = call_times(
        line,
        now=now,
        paths=paths,
        seed=seed,
        newcomers=newcomers,
        only=only,
    )
    asked = _forecasts(calls.newcomers, level)
    numbers = [one.turn_id for one in line.waiting] + [one.turn_id for one in line.to_come]
    rows = [row for row, one in enumerate(numbers) if only is None or one in only]
    found = _forecasts(np.concatenate((calls.waiting, calls.to_come))[rows], level)
    people = {numbers[row]: one for row, one in zip(rows, found, strict=True)}
    return Windows(people, asked)


def told(made_at: datetime, from_minutes: float, till_minutes: float) -> tuple[datetime, datetime]:
    """Turn minutes from `made_at` into the clock times that a person reads.

    Rounded outward to whole five minutes of the clock; at least five minutes long. Raises
    ValueError for a window that ends before it begins or has no end.
    """
    if not from_minutes <= till_minutes < np.inf:
        raise ValueError(f"A window from {from_minutes} till {till_minutes} can't be told.")
    if made_at.tzinfo is None:
        raise TypeError("made_at has no time zone; give an aware time.")
    midnight = made_at.replace(hour=0, minute=0, second=0, microsecond=0)
    begins = made_at + timedelta(minutes=from_minutes) - midnight
    ends = made_at + timedelta(minutes=till_minutes) - midnight
    first = begins // STEP
    last = max(-(-ends // STEP), first + 1)
    return midnight + first * STEP, midnight + last * STEP


def _forecasts(calls: Floats, level: float) -> list[Forecast]:
    if not calls.size:
        return [Forecast(np.inf, np.inf, np.inf, 0.0) for _ in calls]
    ordered = np.sort(calls, axis=1)  # inf and then nan come last.
    came = np.count_nonzero(~np.isnan(ordered), axis=1)
    served = np.count_nonzero(np.isfinite(ordered), axis=1)
    rows = np.arange(len(ordered))
    columns = []
    for share in ((1 - level) / 2, 0.5, (1 + level) / 2):
        place = np.maximum(served - 1, 0) * share
        below = place.astype(np.intp)
        above = np.minimum(below + 1, np.maximum(served - 1, 0))
        part = place - below
        with np.errstate(invalid="ignore"):
            value = ordered[rows, below] + (ordered[rows, above] - ordered[rows, below]) * part
        columns.append(np.where(served > 0, value, np.inf))
    columns.append(served / np.maximum(came, 1))
    return [Forecast(*row) for row in np.stack(columns, axis=1).tolist()]

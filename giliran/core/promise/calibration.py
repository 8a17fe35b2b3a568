"""Windows that hold as often as they say, learned from recent errors of the forecast.

A forecast's error is measured in its own widths, so that a long wait's and a short one's can be
compared. The window of a cell (office, hour, class) covers the share asked for of the recent
errors there; where there are few, those of the office, of all offices and of a perfect forecast
fill in (conformalized quantiles: Romano, Patterson & Candes 2019). The share itself moves with
what happens: each broken window makes the next of its cell wider, each kept one a little narrower
(adaptive conformal inference: Gibbs & Candes 2021).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

from giliran.core.promise.service_times import Floats
from giliran.core.promise.windows import LEVEL, Forecast

FLOOR_MINUTES = 1.0
"""Added to a forecast's half-widths: even a sure forecast errs by the walk to the counter."""
KEPT_IN_CELL, KEPT_IN_OFFICE, KEPT_OF_ALL = 250, 400, 400
OFFICE_COUNTS, ALL_COUNT, PERFECT_COUNTS = 25.0, 10.0, 20.0
"""As how many errors of the cell's own the office's, all offices' and a perfect forecast count."""
STEP_OF_ALPHA = 0.01
WIDEST, NARROWEST = 0.002, 0.4
"""Bounds of the share of broken windows that is aimed at."""
_SPLITS = np.linspace(0.2, 0.8, 7)
"""Shares of the broken windows that may lie before the window; the narrowest window wins."""


class Cell(NamedTuple):
    office: str
    hour: int
    """In which the promise is made, local time."""
    group: str
    """The class of people, as "priority" or "standard"."""


class Window(NamedTuple):
    """In minutes from the moment of the forecast."""

    begins: float
    ends: float


class Calibration:
    """What the errors so far teach; one for an office alone, or for all of them together."""

    def __init__(self, level: float = LEVEL) -> None:
        if not 0 < level < 1:
            raise ValueError(f"A level lies between 0 and 1, not {level}.")
        self.level = level
        self._cells: dict[Cell, deque[float]] = {}
        self._offices: dict[str, deque[float]] = {}
        self._all: deque[float] = deque(maxlen=KEPT_OF_ALL)
        self._alpha: dict[Cell, float] = {}
        self._learned: dict[Cell, tuple[Floats, Floats, float]] = {}

    def window(self, cell: Cell, forecast: Forecast) -> Window:
        """Return the window that holds with the level's odds, as narrow as errors so far allow.

        It never begins before the forecast was made. Raises ValueError for a forecast without
        a finite middle: nobody can be promised what was not seen in any future.
        """
        below, above = _half_widths(forecast)
        values, shares, count = self._learn(cell)
        alpha = self._alpha.get(cell, 1 - self.level)
        # One more than the errors seen: the window is for the next person.
        miss = max(0.0, 1 - (1 - alpha) * (1 + 1 / count))
        lows = np.interp(miss * _SPLITS, shares, values)
        highs = np.interp(1 - miss * (1 - _SPLITS), shares, values)
        begins = forecast.middle + lows * np.where(lows < 0, below, above)
        ends = forecast.middle + highs * np.where(highs < 0, below, above)
        begins, ends = np.maximum(begins, 0.0), np.maximum(ends, 0.0)
        best = int((ends - begins).argmin())
        return Window(float(begins[best]), float(ends[best]))

    def observe(
        self, cell: Cell, forecast: Forecast, actual: float, *, given: Window | None = None
    ) -> None:
        """Learn from a call that came `actual` minutes after its forecast.

        `given` is the window that the person was promised; without it, the one that would be
        given now. Raises ValueError for a time that is not finite.
        """
        if not np.isfinite(actual):
            raise ValueError(f"A call came after a finite time, not {actual} minutes.")
        held = given or self.window(cell, forecast)
        missed = not held.begins <= actual <= held.ends
        alpha = self._alpha.get(cell, 1 - self.level)
        alpha += STEP_OF_ALPHA * (1 - self.level - missed)
        self._alpha[cell] = min(max(alpha, WIDEST), NARROWEST)
        error = _error(forecast, actual)
        self._cells.setdefault(cell, deque(maxlen=KEPT_IN_CELL)).append(error)
        self._offices.setdefault(cell.office, deque(maxlen=KEPT_IN_OFFICE)).append(error)
        self._all.append(error)
        self._learned.clear()

    def to_json(self) -> dict[str, Any]:
        """Return plain data, from which `from_json` makes an equal calibration."""
        return {
            "level": self.level,
            "cells": [
                [*cell, round(self._alpha[cell], 5), [round(one, 4) for one in errors]]
                for cell, errors in self._cells.items()
            ],
            "offices": {
                name: [round(one, 4) for one in errors] for name, errors in self._offices.items()
            },
            "all": [round(one, 4) for one in self._all],
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Calibration:
        """Raises KeyError, TypeError or ValueError for data that `to_json` did not write."""
        made = Calibration(float(data["level"]))
        for office, hour, group, alpha, errors in data["cells"]:
            cell = Cell(str(office), int(hour), str(group))
            made._cells[cell] = deque(map(float, errors), maxlen=KEPT_IN_CELL)
            made._alpha[cell] = min(max(float(alpha), WIDEST), NARROWEST)
        for name, errors in data["offices"].items():
            made._offices[str(name)] = deque(map(float, errors), maxlen=KEPT_IN_OFFICE)
        made._all.extend(map(float, data["all"]))
        return made

    def _learn(self, cell: Cell) -> tuple[Floats, Floats, float]:
        """Return the pooled errors in order, the share below each, and how many they count as."""
        if cell not in self._learned:
            own = self._cells.get(cell, ())
            sources = [
                (own, float(len(own))),
                (self._offices.get(cell.office, ()), OFFICE_COUNTS),
                (self._all, ALL_COUNT),
                (_PERFECT, PERFECT_COUNTS),
            ]
            errors = np.concatenate([np.fromiter(one, dtype=np.float64) for one, _ in sources])
            weights = np.concatenate(
                [np.full(len(one), counts / max(1, len(one))) for one, counts in sources]
            )
            order = np.argsort(errors, kind="stable")
            shares = np.cumsum(weights[order]) - weights[order] / 2
            total = float(weights.sum())
            self._learned[cell] = errors[order], shares / total, total
        return self._learned[cell]


def _half_widths(forecast: Forecast) -> tuple[float, float]:
    if not np.isfinite(forecast.middle):
        raise ValueError("A forecast without a finite middle gives no window.")
    return (
        forecast.middle - forecast.low + FLOOR_MINUTES,
        forecast.high - forecast.middle + FLOOR_MINUTES,
    )


def _error(forecast: Forecast, actual: float) -> float:
    below, above = _half_widths(forecast)
    away = actual - forecast.middle
    return away / (below if away < 0 else above)


_PERFECT = tuple(
    NormalDist().inv_cdf((place + 0.5) / 40) / NormalDist().inv_cdf((1 + LEVEL) / 2)
    for place in range(40)
)
"""Errors of a forecast whose low and high leave out what they should."""

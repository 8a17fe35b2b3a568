"""Windows that hold as often as they say, learned from recent errors of the forecast.

A forecast's error is measured in its own half-widths, so that a long wait's and a short one's can
be compared; to these comes a length that the forecast can't know of, as found in the office. The
window of a cell (office, hour, class) covers the share asked for of the recent errors there; where
there are few, those of the office, of all offices and of a perfect forecast fill in (conformalized
quantiles: Romano, Patterson & Candes 2019). And what happens moves it: each broken window makes
the next ones of its cell and office wider, each kept one a little narrower, so that in the long
run the share holds whatever the errors do (adaptive conformal inference: Gibbs & Candes 2021, in
the form of a quantile tracker: Angelopoulos, Candes & Tibshirani 2023).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

from giliran.core.promise.service_times import Floats
from giliran.core.promise.windows import LEVEL, Forecast

KEPT_IN_CELL, KEPT_IN_OFFICE, KEPT_OF_ALL = 150, 200, 200
OFFICE_COUNTS, ALL_COUNT, PERFECT_COUNTS = 25.0, 10.0, 20.0
"""As how many errors of the cell's own the office's, all offices' and a perfect forecast count."""
STEP_OF_CELL, STEP_OF_OFFICE = 0.04, 0.01
"""How far a broken window moves the logarithm of the next ones' length."""
MOST_STRETCHED = 2.0
"""In logarithms: a window is at most some seven times as long as recent errors say."""
UNKNOWN_MINUTES = (1.0, 3.0, 8.0, 20.0)
"""Lengths that are tried as what a forecast cannot know; 1 is the walk to the counter."""
UNKNOWN_AT_FIRST = 3.0
FEWEST_TO_CHOOSE, CHOSEN_EVERY = 50, 25
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


class _Error(NamedTuple):
    away: float
    """Minutes by which the call came after the forecast's middle; negative is earlier."""
    below: float
    """From the forecast's low to its middle."""
    above: float


class _Learned(NamedTuple):
    ranges: list[tuple[float, float]]
    """Of errors, in half-widths; each holds as often as the others."""
    unknown: float
    """Minutes added to a forecast's half-widths."""


class _Office:
    def __init__(self, errors: Iterable[_Error] = (), stretch: float = 0.0) -> None:
        self.errors: deque[_Error] = deque(errors, maxlen=KEPT_IN_OFFICE)
        self.stretch = stretch
        self.unknown = UNKNOWN_AT_FIRST
        self.since_chosen = 0


class _Cell:
    def __init__(self, errors: Iterable[_Error] = (), stretch: float = 0.0) -> None:
        self.errors: deque[_Error] = deque(errors, maxlen=KEPT_IN_CELL)
        self.stretch = stretch


class Calibration:
    """What the errors so far teach; one for an office alone, or for all of them together."""

    def __init__(self, level: float = LEVEL) -> None:
        if not 0 < level < 1:
            raise ValueError(f"A level lies between 0 and 1, not {level}.")
        self.level = level
        self._cells: dict[Cell, _Cell] = {}
        self._offices: dict[str, _Office] = {}
        self._all: deque[_Error] = deque(maxlen=KEPT_OF_ALL)
        self._learned: dict[Cell, _Learned] = {}

    def window(self, cell: Cell, forecast: Forecast) -> Window:
        """Return the window that holds with the level's odds, as narrow as errors so far allow.

        It never begins before the forecast was made. Raises ValueError for a forecast without
        a finite middle: nobody can be promised what was not seen in any future.
        """
        _, narrow_below, narrow_above = _error(forecast, forecast.middle)
        learned = self._learn(cell)
        below, above = narrow_below + learned.unknown, narrow_above + learned.unknown
        windows = [
            Window(
                max(0.0, forecast.middle + low * (below if low < 0 else above)),
                max(0.0, forecast.middle + high * (below if high < 0 else above)),
            )
            for low, high in learned.ranges
        ]
        return min(windows, key=lambda one: one.ends - one.begins)

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
        error = _error(forecast, actual)
        own = self._cells.setdefault(cell, _Cell())
        office = self._offices.setdefault(cell.office, _Office())
        surprise = (not held.begins <= actual <= held.ends) - (1 - self.level)
        own.stretch = _bounded(own.stretch + STEP_OF_CELL * surprise)
        office.stretch = _bounded(office.stretch + STEP_OF_OFFICE * surprise)
        # As it will be stored, so that the stored calibration gives the same windows.
        error = _Error(*(round(value, 2) for value in error))
        for errors in (own.errors, office.errors, self._all):
            errors.append(error)
        office.since_chosen += 1
        if office.since_chosen >= CHOSEN_EVERY:
            office.unknown, office.since_chosen = _unknown_minutes(office.errors), 0
        self._learned.clear()

    @staticmethod
    def beside(others: Iterable[Calibration], level: float = LEVEL) -> Calibration:
        """Begin for an office without errors of its own, with the last ones of these others.

        Each gives as many; in a cell or office of its own nothing is known yet. Equal to a fresh
        calibration if there are no others.
        """
        made = Calibration(level)
        known = [list(one._all) for one in others if one._all]  # noqa: SLF001 -- of its own kind
        for errors in known:
            made._all.extend(errors[-max(1, KEPT_OF_ALL // len(known)) :])
        return made

    def to_json(self) -> dict[str, Any]:
        """Return plain data, from which `from_json` makes an equal calibration."""
        return {
            "level": self.level,
            "cells": [
                [*cell, own.stretch, list(map(list, own.errors))]
                for cell, own in self._cells.items()
            ],
            "offices": [
                [
                    name,
                    office.stretch,
                    office.unknown,
                    office.since_chosen,
                    list(map(list, office.errors)),
                ]
                for name, office in self._offices.items()
            ],
            "all": list(map(list, self._all)),
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Calibration:
        """Raises KeyError, TypeError or ValueError for data that `to_json` did not write."""
        made = Calibration(float(data["level"]))
        for office, hour, group, stretch, errors in data["cells"]:
            cell = Cell(str(office), int(hour), str(group))
            made._cells[cell] = _Cell(map(_read, errors), _bounded(float(stretch)))
        for name, stretch, unknown, since_chosen, errors in data["offices"]:
            its = _Office(map(_read, errors), _bounded(float(stretch)))
            its.unknown, its.since_chosen = float(unknown), int(since_chosen)
            made._offices[str(name)] = its
        made._all.extend(map(_read, data["all"]))
        return made

    def _stretch(self, cell: Cell) -> float:
        own, office = self._cells.get(cell), self._offices.get(cell.office)
        return (own.stretch if own else 0.0) + (office.stretch if office else 0.0)

    def _learn(self, cell: Cell) -> _Learned:
        if cell not in self._learned:
            own, office = self._cells.get(cell), self._offices.get(cell.office)
            unknown = office.unknown if office else _unknown_minutes(self._all)
            sources = [
                (own.errors if own else (), 1.0 * len(own.errors) if own else 0.0),
                (office.errors if office else (), OFFICE_COUNTS),
                (self._all, ALL_COUNT),
            ]
            measured = [_measured(errors, unknown) for errors, _ in sources]
            weights = [
                np.full(one.size, counts / max(1, one.size))
                for one, (_, counts) in zip(measured, sources, strict=True)
            ]
            weight = np.concatenate([*weights, np.full(_PERFECT.size, _PERFECT_WEIGHT)])
            errors = np.concatenate([*measured, _PERFECT])
            order = np.argsort(errors, kind="stable")
            shares = np.cumsum(weight[order]) - weight[order] / 2
            total = float(weight.sum())
            # One more than the errors seen: the window is for the next person.
            miss = max(0.0, 1 - self.level * (1 + 1 / total))
            points = np.concatenate(([0.5], miss * _SPLITS, 1 - miss * (1 - _SPLITS)))
            centre, *ends = np.interp(points, shares / total, errors[order])
            stretched = centre + (np.array(ends) - centre) * np.exp(self._stretch(cell))
            lows, highs = stretched.reshape(2, -1).tolist()
            self._learned[cell] = _Learned(list(zip(lows, highs, strict=True)), unknown)
        return self._learned[cell]


def _error(forecast: Forecast, actual: float) -> _Error:
    if not np.isfinite(forecast.middle):
        raise ValueError("A forecast without a finite middle gives no window.")
    return _Error(
        actual - forecast.middle,
        forecast.middle - forecast.low,
        forecast.high - forecast.middle,
    )


def _measured(errors: Iterable[_Error], unknown: float) -> Floats:
    table = np.array(list(errors), dtype=np.float64).reshape(-1, 3)
    away = table[:, 0]
    return np.asarray(away / (np.where(away < 0, table[:, 1], table[:, 2]) + unknown))


def _unknown_minutes(errors: deque[_Error]) -> float:
    """Choose what makes the windows of these errors narrowest."""
    if len(errors) < FEWEST_TO_CHOOSE:
        return UNKNOWN_AT_FIRST
    table = np.array(errors)
    below, above = table[:, 1].mean(), table[:, 2].mean()

    def width(unknown: float) -> float:
        low, high = np.quantile(_measured(errors, unknown), ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
        begins = low * ((below if low < 0 else above) + unknown)
        return float(high * ((below if high < 0 else above) + unknown) - begins)

    return min(UNKNOWN_MINUTES, key=width)


def _bounded(stretch: float) -> float:
    return round(min(max(stretch, -MOST_STRETCHED), MOST_STRETCHED), 4)


def _read(error: list[float]) -> _Error:
    away, below, above = error
    return _Error(float(away), float(below), float(above))


_PERFECT = np.array(
    [
        NormalDist().inv_cdf((place + 0.5) / 40) / NormalDist().inv_cdf((1 + LEVEL) / 2)
        for place in range(40)
    ]
)
"""Errors of a forecast whose low and high leave out what they should."""
_PERFECT_WEIGHT = PERFECT_COUNTS / _PERFECT.size

"""What runs add up to, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from giliran.lab.office.packed import Floats
from giliran.lab.office.play import Run

CLASSES: Final = (
    "standard_walk_in",
    "standard_appointment",
    "priority_walk_in",
    "priority_appointment",
)
ALL: Final = "all"
_BOOKED: Final = ("standard_appointment", "priority_appointment")


class Estimate(NamedTuple):
    """A mean over replications; `half` is half the width of its 95 % interval (Student)."""

    mean: float
    half: float
    """nan with fewer than two replications."""


def together(run: Run) -> Run:
    """Add the offices of a network up to one."""
    return run._replace(
        totals=run.totals.sum(axis=0, keepdims=True), waits=run.waits.sum(axis=0, keepdims=True)
    )


def figures(run: Run, office: int = 0) -> dict[str, Floats]:
    """Give each figure of an office, one value a replication; nan where there was nobody.

    Waits are minutes from the moment from which a person could be called (arrival, opening or
    the beginning of their window, whichever is last) until they were; of those served. Names end
    in `.` and a class of CLASSES, or `.all`.
    """
    from giliran.lab.office import engine

    totals, waits = run.totals[office], run.waits[office]
    of_class = totals[:, : engine.OF_CLASS * engine.CLASSES]
    by_class = of_class.reshape(-1, engine.CLASSES, engine.OF_CLASS)
    groups = {name: [place] for place, name in enumerate(CLASSES)} | {ALL: [0, 1, 2, 3]}
    found: dict[str, Floats] = {}
    for name, places in groups.items():
        sums = by_class[:, places].sum(axis=1)
        came, served = sums[:, engine.CAME], sums[:, engine.SERVED]
        lost = came - served
        heaps = waits[:, places].sum(axis=1, dtype=np.float64)
        found |= {
            f"came_a_day.{name}": came / run.days,
            f"served_a_day.{name}": served / run.days,
            f"unserved_a_day.{name}": sums[:, engine.UNSERVED] / run.days,
            f"left_a_day.{name}": sums[:, engine.LEFT] / run.days,
            f"turned_away_a_day.{name}": sums[:, engine.TURNED_AWAY] / run.days,
            f"not_served_share.{name}": _ratio(lost, came),
            f"wait_mean_minutes.{name}": _ratio(sums[:, engine.WAITED], served) / 60,
            f"wait_p50_minutes.{name}": _percentile(heaps, 0.5),
            f"wait_p90_minutes.{name}": _percentile(heaps, 0.9),
        }
    booked = by_class[:, [CLASSES.index(name) for name in _BOOKED]].sum(axis=1)
    staffed, busy = totals[:, engine.STAFFED], totals[:, engine.BUSY]
    found["in_window_share"] = _ratio(booked[:, engine.IN_WINDOW], booked[:, engine.CAME])
    found["no_shows_a_day"] = totals[:, engine.NOT_COME] / run.days
    found["idle_share"] = _ratio(staffed - busy, staffed)
    found["overtime_minutes_a_day"] = totals[:, engine.OVERTIME] / run.days / 60
    return found


def estimate(values: Sequence[float] | Floats) -> Estimate:
    """Give the mean and half its 95 % interval, of the replications in which there was somebody."""
    known = [float(value) for value in values if not math.isnan(value)]
    n = len(known)
    if n == 0:
        return Estimate(math.nan, math.nan)
    mean = math.fsum(known) / n
    if n == 1:
        return Estimate(mean, math.nan)
    return Estimate(mean, student_975(n - 1) * float(np.std(known, ddof=1)) / math.sqrt(n))


def difference(base: Sequence[float] | Floats, other: Sequence[float] | Floats) -> Estimate:
    """Estimate how much more `other` is, replication by replication (same seed, same people)."""
    return estimate([two - one for one, two in zip(base, other, strict=True)])


_STUDENT: Final = (12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281)


def student_975(degrees: int) -> float:
    """Student's 97.5 % point. Above ten degrees: Abramowitz & Stegun 26.7.5, error below 0.0001."""
    if degrees <= len(_STUDENT):
        return _STUDENT[degrees - 1]
    z, n = 1.959963984540054, float(degrees)
    return (
        z
        + (z**3 + z) / (4 * n)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3)
    )


def _ratio(some: Floats, of: Floats) -> Floats:
    share: Floats = np.divide(some, of, out=np.full(len(of), np.nan), where=of > 0)
    return share


def _percentile(heaps: Floats, share: float) -> Floats:
    """Minutes within which this share waited, even within each half-minute."""
    from giliran.lab.office import engine

    found = np.full(len(heaps), np.nan)
    for place, heap in enumerate(heaps):
        upto = np.cumsum(heap)
        if upto[-1] > 0:
            wanted = share * upto[-1]
            at = int(np.searchsorted(upto, wanted))
            before = upto[at] - heap[at]
            found[place] = (at + (wanted - before) / heap[at]) * engine.BIN_SECONDS / 60
    return found

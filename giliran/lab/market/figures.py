"""What a run adds up to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from giliran.lab.market.town import LEFT, SERVED, WAITING, Run
from giliran.lab.samples import mean_of, percentile_of

CHANNELS = ("online_fast", "online_slow", "offline")
_T_975 = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26)  # Student, 1 to 9 degrees
_NORMAL_975 = 1.96


class Figures(NamedTuple):
    """One run. Days are those until served, of all who came in the first half of the days.

    Whoever of them was not served counts with the days until they gave up or the run ended: a
    lower bound, which flatters the mechanism that leaves people waiting. Shares are 0 to 1.
    """

    arrived: int
    served: int
    waiting: int
    left: int
    served_share: float
    served_without_paying_share: float
    mean_days: float
    median_days: float
    p99_days: float
    longest_days: float
    slowest_decile_mean_days: float
    mean_days_by_channel: tuple[float, ...]  # in the order of CHANNELS; nan: nobody
    served_share_by_channel: tuple[float, ...]
    mean_days_narrow: float  # nan: nobody
    served_share_narrow: float
    seats: int
    used: int
    wasted: int
    idle: int
    wasted_share: float
    scalped: int
    sold: int
    income: float  # Rupiah, all scalpers together
    ransom: float  # part of it
    violations: int


def figures_of(run: Run) -> Figures:
    """Add up a run that has been played to its last day."""
    people, setting = run.town, run.town.setting
    served = run.status == SERVED
    ends = np.where(served, run.served_on, np.minimum(people.leaves, setting.days))
    counted = people.arrived < max(1, setting.days // 2)
    days = (ends - people.arrived)[counted].astype(np.float64)
    got = served[counted]
    channel, narrow = people.channel[counted], people.narrow[counted]
    in_channel = [channel == one for one in range(len(CHANNELS))]
    seats = setting.places * setting.days
    return Figures(
        arrived=len(served),
        served=int(served.sum()),
        waiting=int((run.status == WAITING).sum()),
        left=int((run.status == LEFT).sum()),
        served_share=mean_of(got),
        served_without_paying_share=mean_of(got & ~run.bought[counted]),
        mean_days=mean_of(days),
        median_days=percentile_of(days, 0.5),
        p99_days=percentile_of(days, 0.99),
        longest_days=percentile_of(days, 1.0),
        slowest_decile_mean_days=mean_of(np.sort(days)[-max(1, len(days) // 10) :]),
        mean_days_by_channel=tuple(mean_of(days[one]) for one in in_channel),
        served_share_by_channel=tuple(mean_of(got[one]) for one in in_channel),
        mean_days_narrow=mean_of(days[narrow]),
        served_share_narrow=mean_of(got[narrow]),
        seats=seats,
        used=run.used,
        wasted=run.wasted,
        idle=run.idle,
        wasted_share=run.wasted / seats,
        scalped=run.scalped,
        sold=run.sold,
        income=run.income,
        ransom=run.ransom,
        violations=run.violations,
    )


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Give the mean and half the width of its 95 % interval (Student); nan with one value."""
    mean = math.fsum(values) / len(values)
    if len(values) == 1:
        return mean, math.nan
    t = _T_975[len(values) - 2] if len(values) - 2 < len(_T_975) else _NORMAL_975
    return mean, t * float(np.std(values, ddof=1)) / math.sqrt(len(values))

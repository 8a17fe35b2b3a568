"""How many officers a month lacks: half-hours in which fewer are there than the promise needs."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from statistics import NormalDist, fmean, stdev
from typing import Final, NamedTuple

import numpy as np

from giliran.core.need.mixed import need_of_streams
from giliran.core.need.work import Work
from giliran.lab.month.playing import Interval
from giliran.lab.month.site import OpenDay, Site
from giliran.lab.month.supposing import a_rate, supposed

DRAWS: Final = 8
_Z: Final = NormalDist().inv_cdf(0.95)


class Shortage(NamedTuple):
    """What a month lacks; one officer full-time sits there in every half-hour that isn't a break.

    The intervals hold nine tenths of what the estimate of the work leaves open.
    """

    needed: float
    """Officers' half-hours."""
    there: float
    lacking: Interval
    """Officers' half-hours, of those half-hours in which there are too few."""
    officers: Interval
    """The same as officers full-time."""
    left_over: float
    """Officers' half-hours beyond the need, at other times."""
    half_hours: int
    """Open, without breaks."""
    short_half_hours: int


def shortage(site: Site, *, seed: int, draws: int = DRAWS) -> Shortage:
    """Return what a month lacks, counting those who weren't let in as people to be served."""
    kinds = Tally(site.days)
    open_half_hours = sum(n * day.shut.count(False) for day, n in kinds.items())
    needs = {day: _need(day, site.work, site.unmet.value) for day in kinds}
    lacking = _lacking(kinds, needs)
    drawn = []
    for number in range(draws):
        rng = np.random.default_rng([seed, number])
        work = supposed(site.work, rng)
        unmet = a_rate(site.unmet, rng).value
        drawn.append(_lacking(kinds, {day: _need(day, work, unmet) for day in kinds}))
    # So few draws have no fifth percentile worth the name: their scatter around their mean has one.
    spread = _Z * stdev(drawn) if len(drawn) > 1 else 0.0
    middle = fmean([lacking, fmean(drawn)]) if drawn else lacking
    ends = Interval(
        float(lacking),
        max(0.0, min(lacking, middle - spread)),
        max(lacking, middle + spread),
    )
    full_time = max(1, open_half_hours)
    return Shortage(
        float(sum(n * sum(needs[day]) for day, n in kinds.items())),
        float(sum(n * sum(day.officers) for day, n in kinds.items())),
        ends,
        Interval(*(end / full_time for end in ends)),
        float(
            sum(
                n * sum(max(0, b - a) for a, b in zip(needs[day], day.officers, strict=True))
                for day, n in kinds.items()
            )
        ),
        open_half_hours,
        sum(
            n * sum(b < a for a, b in zip(needs[day], day.officers, strict=True))
            for day, n in kinds.items()
        ),
    )


def _lacking(kinds: Tally[OpenDay], needs: Mapping[OpenDay, Sequence[int]]) -> int:
    return sum(
        n * sum(max(0, a - b) for a, b in zip(needs[day], day.officers, strict=True))
        for day, n in kinds.items()
    )


def _need(day: OpenDay, work: Work, unmet: float) -> tuple[int, ...]:
    streams = list(work.streams(day.weekday, day.half_hours).values())
    people = sum(sum(one.arrivals) for one in streams)
    more = 1 + unmet / people if people else 1.0
    return need_of_streams(
        # To four digits, so that equal weekdays are worked out once.
        [one._replace(arrivals=tuple(round(n * more, 4) for n in one.arrivals)) for one in streams],
        booked_share=work.booked.value / more,
        patience=work.patience,
        standing=round(work.standing.value),
        shut=day.shut,
    ).officers

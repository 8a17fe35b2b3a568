"""The day that scenarios start from: Serang's, in rates instead of in people."""

from __future__ import annotations

from datetime import date, time
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from giliran.core.offers import Hours, plan_day
from giliran.lab.office.setting import (
    HALF_HOUR,
    HALF_HOURS,
    Counter,
    Office,
    Patience,
    Service,
    booked_by,
)
from giliran.lab.serang import CLAIMS, OPENS_AT
from giliran.lab.visits import HOUR

_HOURS: Final = Hours(time(8), time(15), ((time(12), time(13)),))
_SPELLS: Final = ((8.0 * HOUR, 12.0 * HOUR), (13.0 * HOUR, 15.0 * HOUR))
_MINUTES, _SCV = 12.0, 0.5
_PRIORITY: Final = 0.2
_SHOW_UP: Final = 0.92
_DAWN, _MORNING = 81.6, 25.3  # walk-ins before and after opening; 140 people with the booked
_DAWN_FROM, _LAST = 2 * HOUR, 14 * HOUR
_MORNING_MEAN: Final = 1.5 * HOUR


def serang_office(*, counters: int = 2, walk_in_share: float = 0.4) -> Office:
    """Give an office with days like those of `lab.serang`, and its assumptions.

    With two counters `core.offers.plan_day` gives what Serang was reported to have: 60 places,
    of which 36 are booked in half-hour windows and 24 are numbers for those who come early.
    """
    day = plan_day(
        date(2026, 11, 12),
        _HOURS,
        zone=ZoneInfo("Asia/Jakarta"),
        window_minutes=30,
        counters_open=counters,
        service_minutes=_MINUTES,
        walk_in_share=walk_in_share,
    )
    shares = {name: paid / sum(CLAIMS.values()) for name, paid in CLAIMS.items()}
    rates = _rates()
    return Office(
        services=tuple(Service(name, minutes=_MINUTES, scv=_SCV) for name in shares),
        counters=tuple(Counter(_SPELLS) for _ in range(counters)),
        opens_at=float(OPENS_AT),
        closes_at=15.0 * HOUR,
        walk_ins={
            (is_priority, name): tuple(share * part * rate for rate in rates)
            for name, share in shares.items()
            for is_priority, part in ((True, _PRIORITY), (False, 1 - _PRIORITY))
        },
        walk_in_places=day.walk_in_places,
        booked=booked_by(day),
        booked_services=shares,
        booked_priority=_PRIORITY,
        show_up=_SHOW_UP,
        early_minutes=10.0,
        early_spread_minutes=6.0,
        patience=Patience("lognormal", 150.0, 0.6),
    )


def _rates() -> list[float]:
    """People an hour in each half-hour: a dawn like Beta(3, 1.5), then fewer and fewer."""
    ends = np.arange(HALF_HOURS + 1) * float(HALF_HOUR)
    x = np.linspace(0, 1, 6001)
    heaped = np.concatenate([[0.0], np.cumsum((x[1:] ** 2) * np.sqrt(1 - (x[1:] + x[:-1]) / 2))])
    at = np.clip((ends - _DAWN_FROM) / (OPENS_AT - _DAWN_FROM), 0, 1)
    dawn = _DAWN * np.interp(at, x, heaped / heaped[-1])
    until = np.clip(ends - OPENS_AT, 0, _LAST - OPENS_AT)
    morning = _MORNING * -np.expm1(-until / _MORNING_MEAN)
    return [float(rate) for rate in np.diff(dawn + morning) * (HOUR / HALF_HOUR)]

"""A made-up day at the Serang branch, shaped by what was reported of it in 2024 and 2025.

Reported: a quota of 60 a day; people in line from 02.00 (a man who slept there got number 43) and
from 05.30; at 09.00 the numbers were gone. Assumed, because nobody publishes it: about 140 people,
a mean service of 12 minutes with a squared coefficient of variation of 0.5, a fifth with a right
to priority, and a patience that is lognormal with a median of two and a half hours of opening.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from giliran.lab.visits import HOUR, Kind, Visit

PLACES: Final = 60
OPENS_AT: Final = 8 * HOUR

# Claims paid in the first quarter of 2025 (BPJS Ketenagakerjaan before parliament). JKP is left
# out: it is claimed at siapkerja.kemnaker.go.id, not at a branch.
CLAIMS: Final = {"JHT": 854_531, "JKM": 64_812, "JKK": 90_123, "JP": 130_594}

_FIRST_AT = 2 * HOUR
_LAST_WALK_IN_AT = 14 * HOUR
_BOOKED_WINDOWS = tuple(  # 36 of the 60 places are booked, the others are numbers for walk-ins
    (starts, starts + HOUR // 2)
    for starts in range(8 * HOUR, 15 * HOUR, HOUR // 2)
    if not 12 * HOUR <= starts < 13 * HOUR
    for _ in range(3)
)
_SHOW_UP = 0.92
_BEFORE_OPENING = 0.6
_PRIORITY = 0.2
_SERVICE_MINUTES, _SERVICE_SCV = 12.0, 0.5
_PATIENCE_MEDIAN_MINUTES, _PATIENCE_SIGMA = 150.0, 0.6


def serang_day(seed: int) -> list[Visit]:
    """Give a day's visits in order of arrival; the same seed gives the same day.

    Six in ten of all people stand at the door before opening, the first soon after 02.00.
    Patience counts from arrival, so for early people it includes the hours until opening: who
    came at 02.00 doesn't leave at 04.30.
    """
    rng = np.random.default_rng(seed)
    people = 140 + int(rng.integers(-5, 6))
    windows = [window for window in _BOOKED_WINDOWS if rng.random() < _SHOW_UP]
    # People with a time come shortly before it, some a little late.
    arrivals: list[tuple[int, tuple[int, int] | None]] = [
        (int(max(7 * HOUR, window[0] + 60 * rng.normal(-10, 6))), window) for window in windows
    ]
    booked_early = sum(at < OPENS_AT for at, _ in arrivals)
    early = round(_BEFORE_OPENING * people) - booked_early
    # Few sleep at the door; most come between 05.00 and the opening of the gate.
    dawn = _FIRST_AT + (OPENS_AT - _FIRST_AT) * rng.beta(3.0, 1.5, size=early)
    dawn[0] = _FIRST_AT + 60 * rng.uniform(0, 20)
    morning = OPENS_AT + rng.exponential(1.5 * HOUR, size=people - len(windows) - early)
    arrivals += [(int(at), None) for at in (*dawn, *np.minimum(morning, _LAST_WALK_IN_AT))]
    weights = np.array(list(CLAIMS.values()), dtype=float)
    services = rng.choice(list(CLAIMS), size=len(arrivals), p=weights / weights.sum())
    return sorted(
        (
            Visit(
                arrives_at=at,
                service=str(service),
                service_minutes=round(
                    max(1.0, rng.gamma(1 / _SERVICE_SCV, _SERVICE_MINUTES * _SERVICE_SCV)), 2
                ),
                patience_minutes=round(
                    max(0, OPENS_AT - at) / 60
                    + _PATIENCE_MEDIAN_MINUTES * rng.lognormal(0, _PATIENCE_SIGMA),
                    2,
                ),
                is_priority=bool(rng.random() < _PRIORITY),
                kind=Kind.WALK_IN if window is None else Kind.APPOINTMENT,
                window_starts_at=None if window is None else window[0],
                window_ends_at=None if window is None else window[1],
            )
            for (at, window), service in zip(arrivals, services, strict=True)
        ),
        key=lambda visit: visit.arrives_at,
    )

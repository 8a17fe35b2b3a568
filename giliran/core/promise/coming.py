"""When each person who is still at home should come, within the window that they accepted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from giliran.core.promise.line import Line

STEP: Final = timedelta(minutes=5)
WORTH_TELLING: Final = timedelta(minutes=10)
TRAVEL_MINUTES: Final = 30
"""Of somebody who didn't say how long they travel."""

NOBODY_TOLD: Final[Mapping[int, datetime]] = MappingProxyType({})
NO_TRAVEL_KNOWN: Final[Mapping[int, int]] = MappingProxyType({})


def come_at(
    line: Line,
    *,
    now: datetime,
    seed: int,
    told: Mapping[int, datetime] = NOBODY_TOLD,
    travel_minutes: Mapping[int, int] = NO_TRAVEL_KNOWN,
) -> dict[int, datetime]:
    """Return by turn_id when each of `line.to_come` should come; aware, in their window's zone.

    `told` is what was told last (at booking, or by this function), `travel_minutes` how long who
    said so needs to come. A time lies within the window that was accepted, never before now, and
    on a whole five minutes of the clock. It differs from what was told only by ten minutes or
    more, and not at all once the person has to be on their way. Whose window has ended is left
    out: they were told. `line.to_come` holds the lateness against the start of the window, of
    people who were told no other time. Raises TypeError for naive times and KeyError for a
    service without times.
    """
    return {
        one.turn_id: min(max(now, told.get(one.turn_id, one.window_from)), one.window_till)
        for one in line.to_come
        if now <= one.window_till
    }

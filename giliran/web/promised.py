"""Promising a time when a number is given, and what pages say before that or instead."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from giliran.capacity import queries as capacity
from giliran.offices import queries as offices
from giliran.turns import actions, promises

if TYPE_CHECKING:
    from giliran.offices.models import Office

log = logging.getLogger(__name__)

STEP = 5  # minutes; nobody reads 27 to 43
BEFORE_OPENING, NO_COUNTER, TOO_LATE = "before_opening", "no_counter", "too_late"


def promise_at_once(turn_id: int, *, now: datetime) -> None:
    """Promise somebody who just got a number a time; the number is valid without one."""
    try:
        actions.promise(turn_id, now=now)
    except Exception:
        log.exception("Turn %s got its number, but no time could be promised.", turn_id)


def newcomer_minutes(office: Office, *, now: datetime) -> tuple[int, int] | None:
    """Return from how many to how many minutes who takes a number now waits, outward to five.

    None where no time can be told, and where no number is left to take.
    """
    if capacity.numbers_are_gone(office.id, day=offices.local_day(office, now)):
        return None
    minutes = promises.line_estimate(office, now=now)
    if minutes is None:
        return None
    return minutes[0] // STEP * STEP, -(-minutes[1] // STEP) * STEP


def why_none(office: Office, service_id: int, *, now: datetime) -> str:
    """Return why nobody can be told when they will be called.

    ``before_opening``, ``no_counter`` where none that serves this is open, or else ``too_late``:
    the day may end before everybody is called.
    """
    moments = offices.opening_moments(office, offices.local_day(office, now))
    if moments is not None and now < moments[0]:
        return BEFORE_OPENING
    open_ids = {seat.counter_id for seat in capacity.open_seats(office.id)}
    if not any(
        counter.id in open_ids and service_id in counter.service_ids
        for counter in offices.counters(office.id)
    ):
        return NO_COUNTER
    return TOO_LATE

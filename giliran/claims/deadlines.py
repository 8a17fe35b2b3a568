"""By when a claim is to be paid: the law of its program, its pauses, and the calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _

from giliran.claims.models import Claim
from giliran.core.claim import CLOCK_RUNS, State
from giliran.core.deadline import WORKING_DAYS, Calendar, CalendarMissing, Clock, Pause
from giliran.core.parameters import NotInForce
from giliran.offices.models import Office
from giliran.rules import calendar, load

RULES = {
    "JHT": "deadlines/jht_pay",
    "JKK": "deadlines/jkk_pay",
    "JKM": "deadlines/jkm_pay",
    "JKP": "deadlines/jkp_pay",
    "JP": "deadlines/jp_first",
}

_YEARS_AHEAD = 3  # no deadline here is longer than a year


class ClockState(StrEnum):
    """Why a claim has a due day or not."""

    NOT_BEGUN = "not_begun"
    RUNS = "runs"
    STANDS = "stands"
    UNKNOWN = "unknown"  # it runs into a year whose holidays aren't decreed yet, or has no rule
    OVER = "over"


def calendar_of(office: Office) -> Calendar:
    """Return the working days of an office: collective leave counts where it is open then.

    An office's own closures (a flood, a local election) move no legal deadline.
    """
    return calendar().with_collective_leave_working(not office.closes_on_collective_leave)


def clock_of(claim: Claim) -> Clock | None:
    """Return the claim's clock under the law of its day 0, None before that or without a rule."""
    if claim.complete_on is None:
        return None
    key = RULES[claim.program]
    law = load()
    try:
        length = int(law.on(claim.complete_on).value(key))
    except NotInForce:
        return None
    pauses = claim.pauses.order_by("id").values_list("stopped_on", "resumed_on")
    return Clock(claim.complete_on, length, law[key].unit, tuple(Pause(*pause) for pause in pauses))


def length_of(key: str, day: date) -> str:
    """Return the length of a deadline as people read it, "5 hari kerja"; empty without a rule."""
    law = load()
    try:
        days = int(law.on(day).value(key))
    except NotInForce:
        return ""
    if law[key].unit == WORKING_DAYS:
        return _("%(days)s hari kerja") % {"days": days}
    return _("%(days)s hari") % {"days": days}


def due_day(claim: Claim) -> date | None:
    """Return the last day in time; None while the clock stands, or while nobody can know it."""
    clock = clock_of(claim)
    if clock is None:
        return None
    try:
        return clock.due(calendar_of(claim.office))
    except CalendarMissing:
        return None


def earliest_due(claim: Claim, today: date) -> date | None:
    """Return the day before which a claim isn't due, where the true one can't be known yet.

    Years whose holidays aren't decreed count as if they had none, so the true day is this one or
    later. None while the clock stands, or without a rule.
    """
    clock = clock_of(claim)
    if clock is None:
        return None
    known = calendar_of(claim.office)
    ahead = frozenset(range(clock.day0.year, today.year + _YEARS_AHEAD))
    return clock.due(replace(known, years=known.years | ahead))


def clock_state(claim: Claim) -> ClockState:
    """Say why a claim has a due day or has none."""
    if claim.state in {State.PAID, State.REFUSED, State.CLOSED, State.WITHDRAWN}:
        return ClockState.OVER
    if claim.complete_on is None:
        return ClockState.NOT_BEGUN
    if claim.state not in CLOCK_RUNS:
        return ClockState.STANDS
    return ClockState.UNKNOWN if claim.due_on is None else ClockState.RUNS

"""Putting claims at risk or overdue before those who can help, once a level."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from giliran.claims import notices
from giliran.claims.actions import telling
from giliran.claims.actions.moving import hold, move
from giliran.claims.deadlines import calendar_of, due_day, earliest_due
from giliran.claims.models import Claim, Warned
from giliran.core.claim import CLOCK_RUNS, Move, State
from giliran.core.deadline import SATURDAY, Calendar, CalendarMissing, working_days_between
from giliran.journal.actions import record
from giliran.offices import queries as offices

AT_RISK = 1  # working days left
TO_THE_CENTRE = 2  # working days overdue
LOOK_AHEAD = timedelta(days=21)  # longer than any row of days off


def warn_due(*, now: datetime) -> int:
    """Warn of every claim whose deadline is near or over; returns how many warnings are new.

    One working day before the deadline its office is warned, the day after it the region, two
    working days after it the centre. A due day that couldn't be known yet is counted again; one
    that still can't be is warned of as if the years without a decree had no holidays.
    """
    _reckon_unknown(now=now)
    running = Claim.objects.filter(state__in=sorted(CLOCK_RUNS), complete_on__isnull=False)
    is_near = Q(due_on__isnull=True) | Q(due_on__lte=(now + LOOK_AHEAD).date())
    near = running.filter(is_near).select_related("office__region")
    return sum(_warn(claim, now=now) for claim in near.order_by("due_on", "id"))


def _warn(claim: Claim, *, now: datetime) -> int:
    today = offices.local_day(claim.office, now)
    due_on = claim.due_on or earliest_due(claim, today)
    if due_on is None:
        return 0
    warned = 0
    for level in levels(due_on, today, calendar_of(claim.office)):
        with transaction.atomic():
            _, is_new = Warned.objects.get_or_create(
                claim=claim, level=level, due_on=due_on, defaults={"at": now}
            )
            if is_new:
                warned += 1
                record(
                    "deadline.warned",
                    at=now,
                    actor="system",
                    office_id=claim.office_id,
                    subject_id=claim.id,
                    level=level.value,
                    due_on=due_on.isoformat(),
                )
                notices.warned(claim, level, now=now)
    return warned


def levels(due_on: date, today: date, calendar: Calendar) -> Iterator[Warned.Level]:
    """Give before whom a claim that is due on ``due_on`` has to be put by ``today``."""
    if working_days(today, due_on, calendar) <= AT_RISK:
        yield Warned.Level.OFFICE
    if today > due_on:
        yield Warned.Level.REGION
    if working_days(due_on, today, calendar) >= TO_THE_CENTRE:
        yield Warned.Level.CENTRE


def working_days(day: date, end: date, calendar: Calendar) -> int:
    """Count the working days after ``day`` until ``end``.

    Where the holidays of a year aren't decreed yet, weekdays count: better warned a day early.
    """
    try:
        return working_days_between(day, end, calendar)
    except CalendarMissing:
        days = (day + timedelta(days=step) for step in range(1, (end - day).days + 1))
        return sum(each.weekday() < SATURDAY for each in days)


def _reckon_unknown(*, now: datetime) -> None:
    """Count the due days that ran into a year whose decree has come since."""
    unknown = Claim.objects.filter(
        state__in=sorted(CLOCK_RUNS), complete_on__isnull=False, due_on__isnull=True
    )
    for claim_id in list(unknown.order_by("id").values_list("id", flat=True)):
        with transaction.atomic():
            claim = hold(claim_id)
            if claim.state not in CLOCK_RUNS or claim.due_on is not None:
                continue
            if due_day(claim) is not None:
                claim = move(claim, Move.RECKON, actor="system", now=now)
                tell = telling.decided_yes if claim.state == State.APPROVED else telling.complete
                tell(claim, now=now)

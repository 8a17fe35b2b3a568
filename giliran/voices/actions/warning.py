"""Putting complaints whose date nears before the next level, once a level and date."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from giliran.claims.actions.warning import AT_RISK, LOOK_AHEAD, TO_THE_CENTRE, working_days
from giliran.core.complaint import TO_ANSWER, Move, State
from giliran.core.deadline import Calendar
from giliran.voices import access, deadlines
from giliran.voices.actions import noticing, telling
from giliran.voices.actions.moving import hold, move
from giliran.voices.addressed import pressing
from giliran.voices.models import Complaint, Escalation

Level = Complaint.Level
log = logging.getLogger(__name__)


def escalate_due(*, now: datetime) -> int:
    """Put each complaint whose date is near or over before who can help; returns how many times.

    One working day before the date the head of who has it sees it, the day after it the next
    level, two working days after it the centre. A trouble with one stops no other.
    """
    until = (now + LOOK_AHEAD).date()
    is_near = Q(due_on__lte=until) | Q(state=State.RECEIVED, acknowledge_by__lte=until)
    open_ones = Complaint.objects.filter(is_near, state__in=sorted(TO_ANSWER))
    ids = list(open_ones.order_by("due_on", "id").values_list("id", flat=True))
    return sum(_tried(complaint_id, now=now) for complaint_id in ids)


def _tried(complaint_id: int, *, now: datetime) -> int:
    try:
        return _escalate(complaint_id, now=now)
    except Exception:
        log.exception("Complaint %s can't be put before anybody.", complaint_id)
        return 0


def _escalate(complaint_id: int, *, now: datetime) -> int:
    with transaction.atomic():
        complaint = hold(complaint_id)
        if complaint.state not in TO_ANSWER:
            return 0  # answered since the list was read
        today = deadlines.local_day(complaint.office, complaint.region, now)
        by = pressing(complaint)
        calendar = deadlines.calendar_of(complaint.office)
        found = 0
        for level in levels(complaint.lowest, by, today, calendar):
            _, is_new = Escalation.objects.get_or_create(
                complaint=complaint, level=level, due_on=by, defaults={"at": now}
            )
            if not is_new:
                continue
            found += 1
            reached = access.higher(complaint.level, level)
            is_higher = reached != complaint.level
            move(complaint, Move.ESCALATE, actor="system", now=now, level=reached)
            if is_higher:
                telling.escalated(complaint, now=now)
            noticing.pressing(complaint, level, now=now)
        return found


def levels(lowest: str, due_on: date, today: date, calendar: Calendar) -> Iterator[Level]:
    """Give before whom a complaint that is due on ``due_on`` has to be put by ``today``."""
    if working_days(today, due_on, calendar) <= AT_RISK:
        yield Level(lowest)
    if today > due_on and lowest != Level.CENTRE:
        yield access.above(lowest) or Level.CENTRE
    is_long_over = working_days(due_on, today, calendar) >= TO_THE_CENTRE
    if is_long_over and access.rank(lowest) < access.rank(Level.REGION):
        yield Level.CENTRE

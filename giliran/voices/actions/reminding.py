"""Reminding who answers for a finding's corrective actions that their date is near or missed."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from giliran.claims.actions.warning import LOOK_AHEAD, working_days
from giliran.voices import deadlines
from giliran.voices.actions import noticing
from giliran.voices.findings import TO_DO
from giliran.voices.models import CorrectiveAction

NEAR: Final = 3  # working days left


def remind_actions(*, now: datetime) -> int:
    """Tell of each corrective action that is due within three working days or late.

    Returns how many there are. Each is told once when it comes near and once when it is late.
    """
    known = CorrectiveAction.objects.select_related("finding__office__region", "finding__region")
    open_ones = known.filter(state__in=sorted(TO_DO), due_on__lte=(now + LOOK_AHEAD).date())
    found = 0
    for action in open_ones.order_by("due_on", "id"):
        office = action.finding.office
        today = deadlines.local_day(office, action.finding.region, now)
        is_late = action.due_on < today
        if is_late or working_days(today, action.due_on, deadlines.calendar_of(office)) <= NEAR:
            with transaction.atomic():
                noticing.action_due(action, is_late=is_late, today=today, now=now)
            found += 1
    return found

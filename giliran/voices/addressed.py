"""Who has to do something about a complaint or a finding now; never whom it is about.

What may be told to whom, ``voices.access`` decides; here it is only who comes first.
"""

from __future__ import annotations

from datetime import date, datetime
from itertools import islice

from giliran.capacity import heads
from giliran.core.complaint import TO_ANSWER, State
from giliran.voices import access, deadlines
from giliran.voices.models import Complaint, CorrectiveAction

Level = Complaint.Level


def at_level(complaint: Complaint, level: str, today: date) -> set[int]:
    """Return who heads a level and may answer; where nobody may, who heads the next one up."""
    for each in access.LADDER[access.rank(access.higher(level, complaint.lowest)) :]:
        may = {
            officer_id
            for officer_id in _heads(complaint, each, today)
            if access.may_handle(access.reader(officer_id), complaint)
        }
        if may:
            return may
    return set()


def of_warning(complaint: Complaint, level: str, today: date) -> set[int]:
    """Return whom it presses that a complaint's date is near: who has it in hand, or the level."""
    if level == complaint.lowest and complaint.handler_id is not None:
        return {complaint.handler_id}
    return at_level(complaint, level, today)


def pressed(officer_id: int, moment: datetime, *, at_most: int = 100) -> list[Complaint]:
    """Return the complaints near or past their date that press an officer, the earliest first.

    Who is away at that moment is known by the day of each complaint's place. Each is looked at by
    itself, some statements each: whom it is about and who took part decide.
    """
    who = access.reader(officer_id)
    warned = (
        Complaint.objects.filter(
            access.seen_by(who), state__in=sorted(TO_ANSWER), escalations__isnull=False
        )
        .select_related("office__region", "region", "turn", "claim")
        .prefetch_related("escalations")
        .distinct()
        .order_by("due_on", "id")
    )
    theirs = (one for one in warned if officer_id in _warned_of(one, moment))
    return list(islice(theirs, at_most))


def pressing(complaint: Complaint) -> date:
    """Return the date that presses: of the first word while nobody looked, else of the answer."""
    if complaint.state == State.RECEIVED or complaint.due_on is None:
        return complaint.acknowledge_by
    return complaint.due_on


def of_action(action: CorrectiveAction, today: date) -> set[int]:
    """Return who answers for a corrective action: the heads of the place that the finding names."""
    finding = action.finding
    if finding.office is not None:
        return heads.heads(finding.office, today)
    if finding.region_id is not None:
        return heads.of_region(finding.region_id)
    return heads.of_centre()


def _warned_of(complaint: Complaint, moment: datetime) -> set[int]:
    today = deadlines.local_day(complaint.office, complaint.region, moment)
    found: set[int] = set()
    for one in complaint.escalations.all():
        if one.due_on == pressing(complaint):
            found |= of_warning(complaint, one.level, today)
    return found


def _heads(complaint: Complaint, level: str, today: date) -> set[int]:
    if level == Level.OFFICE:
        return heads.heads(complaint.office, today) if complaint.office else set()
    if level == Level.REGION:
        return heads.of_region(complaint.region_id) if complaint.region_id else set()
    return heads.of_centre()

"""What officers are told of complaints and findings, each by who has to do something now.

Each call stands in the transaction of the change that it tells of. What a message says, and whether
its reader may still know of it, is read when it is sent (``giliran.voices.notices``).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from giliran.core.complaint import TO_ANSWER
from giliran.messages.actions import Urgency, notify
from giliran.messages.models import Muted
from giliran.messages.quiet import after_quiet_hours
from giliran.voices import access, addressed, deadlines
from giliran.voices.models import Complaint, CorrectiveAction

SUBJECT: Final = "complaint_case"
"""Not the complaint itself: to that subscribes who complained."""
LIVES: Final = timedelta(days=3)
_ONE_DAY: Final = timedelta(days=1)


def arrived(complaint: Complaint, *, now: datetime) -> None:
    """Tell who has it now; of those like one that waits already, the first is enough.

    Reports that one file of the national system brings at once are told once.
    """
    if complaint.group is not None and complaint.group.state in TO_ANSWER:
        return
    once = f"file:{now.isoformat()}" if complaint.external_id else str(complaint.id)
    told = _at(complaint, complaint.lowest, now)
    _tell("complaint_arrived", complaint, told, complaint.lowest, once=once, now=now)


def handed_over(complaint: Complaint, *, by: int, now: datetime) -> None:
    """Tell who has it now that another office or level had it before."""
    told = _at(complaint, complaint.lowest, now) - {by}
    once = f"{complaint.id}:{now.isoformat()}"
    _tell("complaint_arrived", complaint, told, complaint.lowest, once=once, now=now)


def given(complaint: Complaint, *, by: int, now: datetime) -> None:
    """Tell whom the head chose to answer."""
    told = {complaint.handler_id} if complaint.handler_id else set()
    once = f"{complaint.id}:{now.isoformat()}"
    _tell("complaint_given", complaint, told - {by}, complaint.lowest, once=once, now=now)


def raised(complaint: Complaint, *, by: int, now: datetime) -> None:
    """Tell the level before which somebody put it."""
    told = _at(complaint, complaint.level, now) - {by}
    once = f"{complaint.id}:{complaint.level}"
    _tell("complaint_raised", complaint, told, complaint.level, once=once, now=now)


def disputed(complaint: Complaint, *, now: datetime) -> None:
    """Tell the next level that the answer doesn't settle it."""
    told = _at(complaint, complaint.lowest, now)
    once = f"{complaint.id}:{complaint.times_disputed}"
    _tell("complaint_disputed_up", complaint, told, complaint.lowest, once=once, now=now)


def pressing(complaint: Complaint, level: str, *, now: datetime) -> None:
    """Tell whom a near or missed date presses: one message for all that is told at one time."""
    told = addressed.of_warning(complaint, level, _today(complaint, now))
    slot = after_quiet_hours(now, _zone(complaint, level))
    _tell("complaints_due", complaint, told, level, once=slot.isoformat(), now=now)


def action_due(action: CorrectiveAction, *, is_late: bool, today: date, now: datetime) -> None:
    """Tell who answers for a corrective action that its date is near or missed, once each."""
    kind = "action_overdue" if is_late else "action_due"
    zone = deadlines.zone_of(action.finding.office, action.finding.region)
    until = datetime.combine(action.due_on + _ONE_DAY, time(), tzinfo=ZoneInfo(zone))
    notify(
        kind,
        officer_ids=addressed.of_action(action, today),
        topic=Muted.Topic.COMPLAINTS,
        subject="corrective_action",
        subject_id=action.id,
        key=f"{kind}:{action.id}:{action.due_on}",
        urgency=Urgency.REMINDER,
        expires_at=now + LIVES if is_late else until,
        zone=zone,
        now=now,
    )


def _at(complaint: Complaint, level: str, now: datetime) -> set[int]:
    return addressed.at_level(complaint, level, _today(complaint, now))


def _today(complaint: Complaint, now: datetime) -> date:
    return deadlines.local_day(complaint.office, complaint.region, now)


def _zone(complaint: Complaint, level: str) -> str:
    """Return the time zone in which the heads of a level sleep."""
    if level == Complaint.Level.OFFICE and complaint.office:
        return complaint.office.time_zone
    if access.rank(level) <= access.rank(Complaint.Level.REGION) and complaint.region:
        return complaint.region.time_zone
    return deadlines.ZONE


def _tell(
    kind: str,
    complaint: Complaint,
    told: Collection[int],
    level: str,
    *,
    once: str,
    now: datetime,
) -> None:
    notify(
        kind,
        officer_ids=told,
        topic=Muted.Topic.COMPLAINTS,
        subject=SUBJECT,
        subject_id=complaint.id,
        key=f"{kind}:{once}",
        urgency=Urgency.REMINDER,
        expires_at=now + LIVES,
        zone=_zone(complaint, level),
        now=now,
    )

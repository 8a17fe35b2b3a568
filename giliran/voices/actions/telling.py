"""What whoever complained is told, by the channel from which they complained.

Each call stands in the transaction of the change that it tells of. What a message says is read when
it is sent (``giliran.voices.wordings``), so here stand only ids and days.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from giliran.messages import actions as messages
from giliran.messages.actions import Urgency
from giliran.voices import deadlines
from giliran.voices.models import Complaint

NEWS_LIVES = timedelta(days=3)
QUESTION_LIVES = timedelta(days=7)


def received(complaint: Complaint, *, now: datetime) -> None:
    """Tell the code and by when an answer is owed."""
    _tell("complaint_received", complaint, now=now)


def acknowledged(complaint: Complaint, *, now: datetime) -> None:
    """Tell that somebody has it in hand, and by when it is answered."""
    _tell("complaint_in_hand", complaint, now=now)


def answered(complaint: Complaint, *, now: datetime) -> None:
    """Tell the answer, and until when it may be disputed."""
    _tell(
        "complaint_answered",
        complaint,
        once=now.isoformat(),
        urgency=Urgency.REMINDER,
        lives=QUESTION_LIVES,
        now=now,
    )


def disputed(complaint: Complaint, *, now: datetime) -> None:
    """Tell that the next level has it now, and its date."""
    _tell("complaint_disputed", complaint, once=now.isoformat(), now=now)


def escalated(complaint: Complaint, *, now: datetime) -> None:
    """Tell that the date has passed and who has it now."""
    _tell("complaint_escalated", complaint, once=complaint.level, now=now)


def forwarded(complaint: Complaint, *, now: datetime) -> None:
    """Tell whose it is."""
    _tell("complaint_forwarded", complaint, lives=QUESTION_LIVES, now=now)


def lapsed(complaint: Complaint, *, now: datetime) -> None:
    """Tell that it was closed because nobody said anything, and how to complain anew."""
    _tell("complaint_lapsed", complaint, now=now)


def _tell(
    kind: str,
    complaint: Complaint,
    *,
    once: str = "",
    urgency: Urgency = Urgency.NEWS,
    lives: timedelta = NEWS_LIVES,
    now: datetime,
) -> None:
    messages.tell(
        kind,
        subject="complaint",
        subject_id=complaint.id,
        key=f"{kind}:{complaint.id}:{once}" if once else f"{kind}:{complaint.id}",
        data={"zone": deadlines.zone_of(complaint.office, complaint.region)},
        urgency=urgency,
        expires_at=now + lives,
        now=now,
    )

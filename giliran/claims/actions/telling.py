"""What claimants are told of their claim, by the channels that they confirmed.

Each call stands in the transaction of the change that it tells of: if that is undone, nothing was
said. What a message says is read when it is sent (``giliran.claims.wordings``), so here stand only
ids and days.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from giliran.claims.models import Claim
from giliran.messages import actions as messages
from giliran.messages.actions import Urgency

NEWS_LIVES = timedelta(days=3)
QUESTION_LIVES = timedelta(days=7)


def received(claim: Claim, *, now: datetime) -> None:
    """Tell that a claim was received and is being checked."""
    _tell("claim_received", claim, now=now)


def papers_wanted(claim: Claim, *, now: datetime) -> None:
    """Tell at once which papers are missing or wrong, a sentence each."""
    _tell(
        "claim_papers_wanted",
        claim,
        once=now.isoformat(),
        urgency=Urgency.REMINDER,
        lives=QUESTION_LIVES,
        now=now,
    )


def visit_wanted(claim: Claim, *, now: datetime) -> None:
    """Tell that only originals are still to be shown at the counter."""
    _tell(
        "claim_visit_wanted",
        claim,
        once=now.isoformat(),
        urgency=Urgency.REMINDER,
        lives=QUESTION_LIVES,
        now=now,
    )


def complete(claim: Claim, *, now: datetime) -> None:
    """Tell by when the claim is paid at the latest; again only if that day is another one."""
    _tell_with_day("claim_complete", claim, now=now)


def decided_yes(claim: Claim, *, now: datetime) -> None:
    """Tell that the claim was approved, and by when it is paid; again if that day is another."""
    _tell_with_day("claim_decided_yes", claim, now=now)


def decided_no(claim: Claim, *, now: datetime) -> None:
    """Tell that the claim was refused, on which article, and how to object."""
    _tell("claim_decided_no", claim, lives=QUESTION_LIVES, now=now)


def paid(claim: Claim, *, now: datetime) -> None:
    """Tell that the money was sent and has arrived."""
    _tell("claim_paid", claim, once=now.isoformat(), now=now)


def bounced(claim: Claim, *, reason: str, now: datetime) -> None:
    """Ask for another account, because the bank didn't take this one."""
    _tell(
        "claim_bounced",
        claim,
        once=now.isoformat(),
        urgency=Urgency.REMINDER,
        lives=QUESTION_LIVES,
        now=now,
        reason=reason,
    )


def _tell_with_day(kind: str, claim: Claim, *, now: datetime) -> None:
    due = claim.due_on.isoformat() if claim.due_on else ""
    _tell(kind, claim, once=due or "unknown", now=now, due_on=due)


def _tell(
    kind: str,
    claim: Claim,
    *,
    once: str = "",
    urgency: Urgency = Urgency.NEWS,
    lives: timedelta = NEWS_LIVES,
    now: datetime,
    **data: Any,
) -> None:
    messages.tell(
        kind,
        subject="claim",
        subject_id=claim.id,
        key=f"{kind}:{claim.id}:{once}" if once else f"{kind}:{claim.id}",
        data={"zone": claim.office.time_zone, **data},
        urgency=urgency,
        expires_at=now + lives,
        now=now,
    )

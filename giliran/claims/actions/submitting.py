"""Handing a claim in, and taking it back."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from giliran.claims import letters
from giliran.claims.actions import telling
from giliran.claims.actions.moving import hold, hold_of_paper, move
from giliran.claims.checklists import name_of_paper
from giliran.claims.models import Claim, Paper
from giliran.claims.refusals import AccountMissing, AlreadyClaimed, ClaimIsOver, PapersMissing
from giliran.core.claim import OPEN, Move, State, after

NEEDED = ("yes",)
SENT = (Paper.State.SENT, Paper.State.BROUGHT, Paper.State.GOOD, Paper.State.SEEN)


def submit(claim_id: int, *, actor: str, now: datetime) -> Claim:
    """Hand a claim in for the check; again after papers were asked for.

    Every needed paper has been sent, or will be brought to the counter. Raises ``PapersMissing``,
    ``AccountMissing``, ``AlreadyClaimed`` (of drafts side by side one is handed in; the others
    stay drafts), ``ClaimMoveNotAllowed`` or ``NotFound``.
    """
    try:
        return _submit(claim_id, actor=actor, now=now)
    except IntegrityError as error:
        if "one_open_claim" in str(error):
            raise AlreadyClaimed from None
        raise


def _submit(claim_id: int, *, actor: str, now: datetime) -> Claim:
    with transaction.atomic():
        claim = hold(claim_id)
        after(State(claim.state), Move.SUBMIT)
        lacking = [
            paper
            for paper in Paper.objects.filter(claim=claim).order_by("position")
            if paper.state == Paper.State.WRONG
            or (paper.need in NEEDED and paper.state == Paper.State.MISSING)
        ]
        if lacking:
            raise PapersMissing(papers=", ".join(name_of_paper(one.code) for one in lacking))
        if not claim.account_sealed:
            raise AccountMissing
        first = {"submitted_at": now} if claim.submitted_at is None else {}
        claim = move(claim, Move.SUBMIT, actor=actor, now=now, **first)
        if first:
            _write_receipt(claim, actor=actor, now=now)
            telling.received(claim, now=now)
        return claim


def _write_receipt(claim: Claim, *, actor: str, now: datetime) -> None:
    letters.write(
        "receipt",
        claim_id=claim.id,
        citizen_id=claim.claimant_id,
        office_id=claim.office_id,
        content={},
        actor=actor,
        now=now,
    )


def bring_paper(paper_id: int, *, actor: str, now: datetime) -> Claim:
    """Note that the claimant can't send a paper and will show it at the counter.

    Raises ``PapersFixed`` once the claim is decided, or ``NotFound``.
    """
    with transaction.atomic():
        claim = hold_of_paper(paper_id)
        Paper.objects.filter(id=paper_id, state__in=["missing", "wrong"]).update(
            state=Paper.State.BROUGHT, fault="", fault_text=""
        )
        return claim


def withdraw(claim_id: int, *, actor: str, now: datetime) -> Claim:
    """Take a claim back before it is verified. Raises ``ClaimMoveNotAllowed`` or ``NotFound``."""
    with transaction.atomic():
        return move(hold(claim_id), Move.WITHDRAW, actor=actor, now=now, ended_at=now, due_on=None)


def hold_for_visit(claim_id: int) -> Claim:
    """Return a claim locked until the transaction that gives it a visit ends.

    Who takes it back meanwhile waits, and finds the visit. Raises ``ClaimIsOver`` or ``NotFound``.
    """
    claim = hold(claim_id)
    if claim.state not in OPEN:
        raise ClaimIsOver
    return claim

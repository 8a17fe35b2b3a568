"""Verifying, and deciding by somebody else."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Q

from giliran.claims import letters
from giliran.claims.actions import telling
from giliran.claims.actions.checking import check_all_accepted
from giliran.claims.actions.moving import hold, move
from giliran.claims.models import Claim
from giliran.claims.refusals import (
    BadAmount,
    BadRefusal,
    DecidedBefore,
    NotByTheSameOfficer,
)
from giliran.core.claim import Move, State, after
from giliran.core.identifiers import written_code
from giliran.encryption import seal

_DECIDING = 7_474_004  # first half of the advisory lock's key; the second is the citizen's id
_PART = "jht/partial"
_YES = (State.APPROVED, State.BOUNCED, State.PAID)
ARTICLE_LENGTH = 200
REASON_LENGTH = 1000
HIGHEST = Decimal("999999999999.99")


def verify(claim_id: int, *, amount: Decimal, officer_id: int, now: datetime) -> Claim:
    """Say that a complete file is right and what is due, in rupiah; 0 if it is to be refused.

    Raises ``BadAmount``, ``PapersNotChecked``, ``ClaimMoveNotAllowed`` or ``NotFound``.
    """
    if not amount.is_finite() or not 0 <= amount <= HIGHEST:
        raise BadAmount("amount")
    with transaction.atomic():
        claim = hold(claim_id)
        after(State(claim.state), Move.VERIFY)
        check_all_accepted(claim)
        return move(
            claim,
            Move.VERIFY,
            actor=f"officer:{officer_id}",
            now=now,
            amount=amount.quantize(Decimal("0.01")),
            verified_by_id=officer_id,
        )


def send_back(claim_id: int, *, officer_id: int, now: datetime) -> Claim:
    """Ask for another look before deciding. Raises ``ClaimMoveNotAllowed`` or ``NotFound``."""
    with transaction.atomic():
        return move(
            hold(claim_id),
            Move.SEND_BACK,
            actor=f"officer:{officer_id}",
            now=now,
            verified_by_id=None,
        )


def approve(claim_id: int, *, officer_id: int, now: datetime) -> Claim:
    """Decide that a verified claim is paid.

    Raises ``NotByTheSameOfficer``, ``DecidedBefore``, ``BadAmount``, ``PapersNotChecked``,
    ``ClaimMoveNotAllowed`` or ``NotFound``.
    """
    with transaction.atomic():
        claim = _to_decide(claim_id, Move.APPROVE, officer_id)
        _check_only_once(claim)
        if not claim.amount:
            raise BadAmount("amount")
        check_all_accepted(claim)
        claim = move(
            claim,
            Move.APPROVE,
            actor=f"officer:{officer_id}",
            now=now,
            decided_by_id=officer_id,
            decided_at=now,
        )
        _write_letter("decision", claim, officer_id=officer_id, now=now)
        telling.decided_yes(claim, now=now)
        return claim


def refuse(claim_id: int, *, article: str, reason: str, officer_id: int, now: datetime) -> Claim:
    """Decide that a verified claim isn't paid, with the article and a reason in plain words.

    Raises ``BadRefusal``, ``NotByTheSameOfficer``, ``ClaimMoveNotAllowed`` or ``NotFound``.
    """
    rests_on, why = " ".join(article.split()), " ".join(reason.split())
    if not 0 < len(rests_on) <= ARTICLE_LENGTH:
        raise BadRefusal("article")
    if not 0 < len(why) <= REASON_LENGTH:
        raise BadRefusal("reason")
    with transaction.atomic():
        claim = _to_decide(claim_id, Move.REFUSE, officer_id)
        claim = move(
            claim,
            Move.REFUSE,
            actor=f"officer:{officer_id}",
            now=now,
            article=rests_on,
            reason_sealed=seal(why),
            decided_by_id=officer_id,
            decided_at=now,
            due_on=None,
        )
        _write_letter("refusal", claim, officer_id=officer_id, now=now)
        telling.decided_no(claim, now=now)
        return claim


def _to_decide(claim_id: int, how: Move, officer_id: int) -> Claim:
    claim = hold(claim_id)
    after(State(claim.state), how)
    if claim.verified_by_id == officer_id:
        raise NotByTheSameOfficer
    return claim


def _check_only_once(claim: Claim) -> None:
    """Raise ``DecidedBefore`` where another claim for what is paid but once was approved.

    That is JKM, to whichever heir, and the rest of a card's JHT, also where one of the two claims
    left the card's number out. A part of JHT, an accident and a pension may come again.
    """
    is_jkm = claim.program == "JKM"
    if not is_jkm and (claim.program != "JHT" or claim.kind.startswith(_PART)):
        return
    with connection.cursor() as cursor:  # two heads who approve two claims at once
        lock = [_DECIDING, claim.citizen_id % 2**31]
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", lock)
    on_its_way, was_paid = Q(state__in=_YES), Q(state=State.CLOSED, paid_on__isnull=False)
    if not is_jkm:
        was_paid &= Q(kpj=claim.kpj) & ~Q(kpj="")
        on_its_way &= Q(kpj__in=["", claim.kpj]) if claim.kpj else Q()
    others = Claim.objects.filter(on_its_way | was_paid, citizen=claim.citizen_id)
    others = others.filter(program=claim.program).exclude(kind__startswith=_PART)
    if (other := others.exclude(id=claim.id).order_by("id").first()) is not None:
        raise DecidedBefore(code=written_code(other.code))


def _write_letter(kind: str, claim: Claim, *, officer_id: int, now: datetime) -> None:
    letters.write(
        kind,
        claim_id=claim.id,
        citizen_id=claim.claimant_id,
        office_id=claim.office_id,
        content={},
        actor=f"officer:{officer_id}",
        now=now,
    )

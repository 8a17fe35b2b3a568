"""The end of a claim, and forgetting what the claimant stated."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from giliran.claims.actions.moving import hold, move
from giliran.claims.models import Claim, Payment
from giliran.core.claim import Move, State

SETTLED = frozenset({State.PAID, State.REFUSED})


def close(claim_id: int, *, actor: str, now: datetime) -> Claim:
    """End a claim that was paid or refused. Raises ``ClaimMoveNotAllowed`` or ``NotFound``."""
    with transaction.atomic():
        return move(hold(claim_id), Move.CLOSE, actor=actor, now=now, ended_at=now)


def close_settled(*, before: datetime, now: datetime) -> int:
    """Close what was paid or refused before a moment; returns how many.

    Until then a bank may still send the money back, and a refusal is easily looked up.
    """
    settled = Claim.objects.filter(state__in=sorted(SETTLED), moved_at__lt=before)
    ids = list(settled.order_by("id").values_list("id", flat=True))
    for claim_id in ids:
        with transaction.atomic():
            claim = hold(claim_id)
            # The bank may have sent the money back since the list was read.
            if claim.state in SETTLED and claim.moved_at < before:
                move(claim, Move.CLOSE, actor="system", now=now, ended_at=now)
    return len(ids)


def drop_drafts(*, before: datetime, now: datetime) -> int:
    """Withdraw drafts that nobody has touched since before a moment; returns how many."""
    left = Claim.objects.filter(state=State.DRAFTED, moved_at__lt=before).order_by("id")
    ids = list(left.values_list("id", flat=True))
    for claim_id in ids:
        with transaction.atomic():
            claim = hold(claim_id)
            if claim.state == State.DRAFTED and claim.moved_at < before:
                move(claim, Move.WITHDRAW, actor="system", now=now, ended_at=now)
    return len(ids)


def erase_statements(*, before: date) -> int:
    """Erase what claimants stated of claims that ended before a day; returns of how many.

    Name, telephone, situation, account, reason of a refusal and birth date go; the ids, days,
    amounts and the history stay (UU 27/2022 Pasal 43). Documents are erased by their own action.
    """
    ended = Claim.objects.filter(ended_at__date__lt=before).exclude(name_sealed=b"")
    ids = list(ended.values_list("id", flat=True))
    with transaction.atomic():
        Payment.objects.filter(claim_id__in=ids).update(account_sealed=b"")
        return Claim.objects.filter(id__in=ids).update(
            name_sealed=b"",
            phone_sealed=b"",
            situation_sealed=b"",
            account_sealed=b"",
            reason_sealed=b"",
            birth_index=b"",
        )

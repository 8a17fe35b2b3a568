"""What the bank answered, and another account if it didn't take the first."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from giliran.claims.accounts import Account, sealed_account
from giliran.claims.actions import telling
from giliran.claims.actions.moving import hold, move
from giliran.claims.models import Claim
from giliran.core.claim import Move


def note_paid(claim_id: int, *, paid_on: date, actor: str, now: datetime) -> Claim:
    """Note that the money has arrived. Raises ``ClaimMoveNotAllowed`` or ``NotFound``."""
    with transaction.atomic():
        claim = move(hold(claim_id), Move.PAY, actor=actor, now=now, paid_on=paid_on, due_on=None)
        telling.paid(claim, now=now)
        return claim


def note_bounced(claim_id: int, *, reason: str, actor: str, now: datetime) -> Claim:
    """Note that the bank didn't take it; the claimant is asked for the account, the clock stands.

    ``reason`` is the bank's ISO 20022 code, such as AC01. Raises ``ClaimMoveNotAllowed`` or
    ``NotFound``.
    """
    with transaction.atomic():
        claim = move(hold(claim_id), Move.BOUNCE, actor=actor, now=now, paid_on=None)
        telling.bounced(claim, reason=reason, now=now)
        return claim


def mend_account(claim_id: int, account: Account, *, actor: str, now: datetime) -> Claim:
    """Give another account after a bounce: it can be paid again, and the claimant hears by when.

    Raises ``BadAccount``, ``HolderDiffers``, ``ClaimMoveNotAllowed`` or ``NotFound``.
    """
    with transaction.atomic():
        claim = hold(claim_id)
        sealed = sealed_account(claim, account)
        claim = move(claim, Move.MEND, actor=actor, now=now, account_sealed=sealed)
        telling.decided_yes(claim, now=now)
        return claim

"""What a claimant adds until the check begins: card, account, office, telephone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from giliran.claims.accounts import Account, sealed_account
from giliran.claims.actions.moving import hold, move
from giliran.claims.models import Claim
from giliran.claims.refusals import AlreadyClaimed
from giliran.claims.statements import parse_kpj
from giliran.core.claim import Move
from giliran.encryption import seal
from giliran.people import actions as people


def fill(
    claim_id: int,
    *,
    kpj: str | None = None,
    account: Account | None = None,
    office_id: int | None = None,
    phone: str | None = None,
    actor: str,
    now: datetime,
) -> Claim:
    """Change what is given, and leave alone what is None.

    Raises ``BadKpj``, ``BadAccount``, ``HolderDiffers``, ``BadPhone``, ``AlreadyClaimed``,
    ``ClaimMoveNotAllowed`` or ``NotFound``.
    """
    changes: dict[str, Any] = {}
    if kpj is not None:
        changes["kpj"] = parse_kpj(kpj)
    if phone is not None:
        changes["phone_sealed"] = seal(people.parse_phone(phone))
    if office_id is not None:
        changes["office_id"] = office_id
    try:
        with transaction.atomic():
            claim = hold(claim_id)
            if account is not None:
                changes["account_sealed"] = sealed_account(claim, account)
            return move(claim, Move.FILL, actor=actor, now=now, **changes)
    except IntegrityError as error:
        if "one_open_claim" in str(error):
            raise AlreadyClaimed from None
        raise

"""What a claimant adds until the check begins: card, account, office, telephone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from giliran.claims.accounts import Account, sealed_account
from giliran.claims.actions.moving import hold, move
from giliran.claims.checklists import CARD, listed_again
from giliran.claims.files import situation_of
from giliran.claims.models import Claim, Paper
from giliran.claims.refusals import AlreadyClaimed
from giliran.claims.statements import parse_kpj
from giliran.core.claim import Move
from giliran.encryption import seal
from giliran.offices import queries as offices
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
            if kpj is not None:
                _ask_for_the_card(claim, changes["kpj"])
            return move(claim, Move.FILL, actor=actor, now=now, **changes)
    except IntegrityError as error:
        if "one_open_claim" in str(error):
            raise AlreadyClaimed from None
        raise


def _ask_for_the_card(claim: Claim, kpj: str) -> None:
    """Want the card itself only where its number isn't known."""
    listed = listed_again(
        situation_of(claim.id),
        program=claim.program,
        kind=claim.kind,
        day=offices.local_day(claim.office, claim.begun_on),
        kpj=kpj,
    )
    for paper in listed:
        if paper.code == CARD:
            Paper.objects.filter(claim=claim, code=CARD, of=paper.of).update(need=paper.need)

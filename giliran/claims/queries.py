"""Reading claims: whose they are, what stands in their files, whether history adds up."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from giliran.claims.checklists import answer_for, kind_of, name_of_paper
from giliran.claims.deadlines import ClockState
from giliran.claims.files import (
    ClaimView,
    DocumentView,
    PaperView,
    account_of,
    amount_expected,
    by_code,
    claim,
    name_of,
    open_to,
    papers,
    phone_of,
    reason_of,
    situation_of,
    view_of,
)
from giliran.claims.models import Claim
from giliran.claims.tracking import Tracked, prove, shown, tracked
from giliran.claims.verdicts import law, verdict
from giliran.core.claim import rebuild
from giliran.journal.queries import differences

STATED = (
    "name_sealed",
    "phone_sealed",
    "situation_sealed",
    "birth_index",
    "account_sealed",
    "reason_sealed",
)
"""What people stated: columns that are erased some day, and so never stood in the journal."""

__all__ = [
    "ClaimView",
    "ClockState",
    "DocumentView",
    "PaperView",
    "Tracked",
    "account_of",
    "amount_expected",
    "answer_for",
    "by_code",
    "claim",
    "claims_of",
    "differences_from_history",
    "kind_of",
    "law",
    "name_of",
    "name_of_paper",
    "open_to",
    "papers",
    "phone_of",
    "prove",
    "reason_of",
    "shown",
    "situation_of",
    "tracked",
    "verdict",
]


def claims_of(citizen_id: int) -> list[ClaimView]:
    """Return all claims that a citizen makes or that are made for them, newest first."""
    mine = Q(claimant_id=citizen_id) | Q(citizen_id=citizen_id)
    return [
        view_of(one) for one in Claim.objects.select_related("office").filter(mine).order_by("-id")
    ]


def differences_from_history() -> Iterator[tuple[int, str]]:
    """Yield (id, difference) for every claim; empty where history and state agree."""
    return differences("claims_claim", "claim", aside=STATED, rebuild=rebuild)

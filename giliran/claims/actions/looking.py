"""Writing down who looked at a claimant's data."""

from __future__ import annotations

from datetime import datetime

from giliran.claims.models import Claim
from giliran.journal.actions import record
from giliran.journal.queries import happened


def note_look(claim_id: int, *, what: str, office_id: int, actor: str, now: datetime) -> None:
    """Record that somebody looked at a claimant's data (UU 27/2022), once per officer and claim.

    ``what`` is ``name``, ``nik``, ``contact``, ``account``, ``situation`` or ``document``.
    """
    citizen_id = Claim.objects.values_list("claimant_id", flat=True).get(id=claim_id)
    data = {"claim": claim_id, "what": what}
    if not happened("person.seen", subject_id=citizen_id, actor=actor, **data):
        record(
            "person.seen", at=now, actor=actor, office_id=office_id, subject_id=citizen_id, **data
        )

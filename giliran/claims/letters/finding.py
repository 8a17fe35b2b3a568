"""Finding letters again: by their code, by claim, by whom they were written to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from giliran.claims.letters import codes
from giliran.claims.models import Letter
from giliran.core.refusal import NotFound
from giliran.encryption import unseal

TITLES = {
    "receipt": "Tanda Terima Berkas",
    "decision": "Surat Keputusan Pembayaran",
    "refusal": "Surat Penolakan Klaim",
    "merger": "Surat Penggabungan Kartu",
}


class LetterView(NamedTuple):
    """A letter as lists show it; nothing of what stands in it."""

    id: int
    code: str
    kind: str
    title: str
    claim_id: int | None
    citizen_id: int
    office_id: int
    made_at: datetime


def letter(code: str) -> LetterView:
    """Return the letter with this code, typed or scanned; raises ``NotFound``."""
    found = Letter.objects.filter(code=codes.typed_code(code)).first()
    if found is None:
        raise NotFound
    return _view(found)


def of_claim(claim_id: int) -> list[LetterView]:
    """Return what was written about a claim, newest first."""
    return [_view(one) for one in Letter.objects.filter(claim_id=claim_id).order_by("-id")]


def letters_to(citizen_id: int) -> list[LetterView]:
    """Return what was written to somebody, newest first."""
    return [_view(one) for one in Letter.objects.filter(citizen_id=citizen_id).order_by("-id")]


def opened(one: Letter) -> Mapping[str, Any]:
    """Return what stands in a letter. Raises ``InvalidTag`` if the row was tampered with."""
    stated: dict[str, Any] = json.loads(unseal(one.content_sealed))
    return stated


def _view(one: Letter) -> LetterView:
    return LetterView(
        one.id,
        one.code,
        one.kind,
        TITLES[one.kind],
        one.claim_id,
        one.citizen_id,
        one.office_id,
        one.made_at,
    )

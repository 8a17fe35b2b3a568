"""What anybody who holds a letter may ask: was it written by us, and is it still the same."""

from __future__ import annotations

import json
from datetime import date
from typing import NamedTuple

from cryptography.exceptions import InvalidTag

from giliran.claims.letters import codes
from giliran.claims.models import Letter
from giliran.encryption import unseal


class LetterChecked(NamedTuple):
    """A letter as the public check shows it. ``agrees``: its content is what was written.

    ``fingerprint`` is the start of the content's hash, printed on the letter too; ``name`` is
    masked, and empty where the content doesn't agree.
    """

    code: str
    kind: str
    on: date
    office: str
    name: str
    agrees: bool
    fingerprint: str


def check(code: str) -> LetterChecked | None:
    """Return what the letter with this code is, or None if we never wrote one."""
    found = Letter.objects.select_related("office").filter(code=codes.typed_code(code)).first()
    if found is None:
        return None
    try:
        text = unseal(found.content_sealed)
    except InvalidTag:
        text = ""
    agrees = bool(text) and codes.fingerprint(text) == found.sha256
    stated = json.loads(text) if agrees else {}
    return LetterChecked(
        code=codes.grouped(found.code),
        kind=found.kind,
        on=date.fromisoformat(stated["on"]) if agrees else found.made_at.date(),
        office=found.office.name,
        name=masked_name(stated["name"]) if agrees else "",
        agrees=agrees,
        fingerprint=codes.grouped(found.sha256[: codes.FINGERPRINT_LENGTH].upper()),
    )


def masked_name(name: str) -> str:
    """Return the name as a holder of the letter recognizes it: "S••• A••••••"."""
    return " ".join(f"{word[0]}{'•' * (len(word) - 1)}" for word in name.split())

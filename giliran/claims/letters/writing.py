"""Writing a letter: what stands in it is gathered once, sealed, and never changed again."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from giliran.claims.letters import codes
from giliran.claims.letters.contents import facts_of, signatory
from giliran.claims.models import Claim, Letter
from giliran.core.identifiers import masked_nik
from giliran.core.refusal import Refusal, gettext_noop
from giliran.encryption import seal
from giliran.journal.actions import record
from giliran.offices import queries as offices
from giliran.people import queries as people


class NothingToWrite(Refusal):
    """A letter was asked for without what has to stand in it."""

    code = "nothing_to_write"
    sentence = gettext_noop("Surat belum bisa dibuat: %(missing)s belum diisi.")


_NEEDED = {
    "receipt": ("name", "papers"),
    "decision": ("name", "amount"),
    "refusal": ("name", "article", "reason"),
    "merger": ("name", "kept", "joined", "reason"),
}


def write(
    kind: str,
    *,
    claim_id: int | None = None,
    citizen_id: int,
    office_id: int,
    content: Mapping[str, Any],
    actor: str,
    now: datetime,
) -> Letter:
    """Write a letter (receipt, decision, refusal or merger) to a citizen, in the caller's step.

    What a claim knows is taken from it as it stands now, so ``content`` may be empty; its keys go
    before the claim's: name, program, benefit, papers (list of name and at, ISO), pay_by (ISO
    date), amount (text, rupiah), account, article, reason, signed_by (name, role). A merger has no
    claim and needs name, kept (KPJ), joined (list of KPJ) and reason. Everything must be JSON.
    ``now`` gives the date, in the office's time zone. Raises ``NothingToWrite``.
    """
    kind = Letter.Kind(kind).value
    office = offices.office_by_id(office_id)
    local = now.astimezone(ZoneInfo(office.time_zone))
    claim = Claim.objects.get(id=claim_id) if claim_id is not None else None
    facts = facts_of(kind, claim, day=local.date()) if claim else {}
    stated = {
        "signed_by": signatory(kind, claim, actor=actor, office=office),
        **facts,
        **content,
        "kind": kind,
        "nik": masked_nik(people.nik_of(citizen_id)),
        "office": {"name": office.name, "address": office.address, "region": office.region.name},
        "on": local.date().isoformat(),
        # Without it whoever reads the table could try names and sums until the hash fits.
        "salt": secrets.token_hex(16),
    }
    missing = [key for key in _NEEDED[kind] if stated.get(key) in (None, "")]
    if missing:
        raise NothingToWrite(missing=", ".join(missing))
    text = codes.packed(stated)
    letter = Letter.objects.create(
        code=codes.new_code(),
        kind=kind,
        claim=claim,
        citizen_id=citizen_id,
        office=office,
        content_sealed=seal(text),
        sha256=codes.fingerprint(text),
        made_at=now,
        made_by=actor,
    )
    record(
        "letter.write",
        at=now,
        actor=actor,
        office_id=office_id,
        subject_id=letter.id,
        letter=kind,
        claim=claim_id,
    )
    return letter

"""Beginning a claim, from a page, a conversation, a booth or a counter."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from giliran.claims.actions.moving import is_handed_in
from giliran.claims.checklists import papers_for
from giliran.claims.models import Claim, Paper
from giliran.claims.refusals import AlreadyClaimed, BadBirth
from giliran.claims.statements import Claimant, birth_trace, parse_kpj
from giliran.core.claim import Move, State
from giliran.core.identifiers import parse_nik
from giliran.encryption import new_code, seal
from giliran.offices import queries as offices
from giliran.people import actions as people


def begin(
    who: Claimant,
    *,
    situation: Mapping[str, Any],
    program: str,
    kind: str,
    participant_nik: str = "",
    kpj: str = "",
    office_id: int,
    begun_at_id: int | None = None,
    request_key: UUID,
    channel: str,
    actor: str,
    now: datetime,
) -> Claim:
    """Draft a claim with the papers that the checklist of the day asks of this situation.

    ``participant_nik`` is the insured person's where somebody else claims, such as an heir. The
    same ``request_key`` again returns the claim that it made. Drafts may stand side by side; raises
    ``AlreadyClaimed`` once one was handed in, ``UnknownKind``, ``BadKpj``, ``BadBirth`` or
    ``UnreadableSituation``.
    """
    office = offices.office_by_id(office_id)
    today = offices.local_day(office, now)
    if who.birth > today:
        raise BadBirth("birth")
    card = parse_kpj(kpj)
    participant = parse_nik(participant_nik) if participant_nik else who.nik
    listed = papers_for(situation, program=program, kind=kind, today=today, kpj=card)
    earlier = _begun_before(request_key)
    if earlier is not None:
        return earlier
    try:
        with transaction.atomic():
            # Always in one order, so that two who claim for each other don't block each other.
            ids = {nik: people.know(nik, now=now) for nik in sorted({participant, who.nik})}
            if is_handed_in(ids[participant], ids[who.nik], kind=kind, kpj=card):
                raise AlreadyClaimed
            claim = Claim.objects.create(
                code=new_code(),
                request_key=request_key,
                program=program,
                kind=kind,
                citizen_id=ids[participant],
                claimant_id=ids[who.nik],
                kpj=card,
                office=office,
                begun_at_id=begun_at_id,
                channel=channel,
                situation_sealed=seal(json.dumps(dict(situation), default=str)),
                name_sealed=seal(who.name),
                phone_sealed=seal(who.phone),
                birth_index=birth_trace(who.birth),
                state=State.DRAFTED,
                begun_on=now,
                move=Move.BEGIN,
                moved_at=now,
                moved_by=actor,
            )
            Paper.objects.bulk_create(
                Paper(
                    claim=claim,
                    code=paper.code,
                    of=paper.of,
                    need=paper.need,
                    form=paper.form,
                    position=position,
                )
                for position, paper in enumerate(listed, start=1)
            )
            return claim
    except IntegrityError:
        # A double click: the first one made it meanwhile.
        earlier = _begun_before(request_key)
        if earlier is None:
            raise
        return earlier


def _begun_before(request_key: UUID) -> Claim | None:
    earlier = Claim.objects.select_related("office__region").filter(request_key=request_key)
    return earlier.first()

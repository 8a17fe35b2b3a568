"""Putting two cards before those who decide, when no search found them."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from giliran.core.likeness import fold, likeness, of_people
from giliran.encryption import unseal
from giliran.journal.actions import record
from giliran.people.merging.deciding import parse_reason
from giliran.people.merging.groups import root_of
from giliran.people.merging.refusals import (
    AlreadyDecided,
    AlreadyTogether,
    BadKpj,
    SameCard,
    UnknownCard,
)
from giliran.people.models import Card, Match

_KPJ = re.compile(r"[0-9A-Z]{11}")


def parse_kpj(text: str, *, field: str = "kpj") -> str:
    """Return a card number without spaces, dots and dashes. Raises ``BadKpj``."""
    kpj = re.sub(r"[\s.\-]", "", text).upper()
    if not _KPJ.fullmatch(kpj):
        raise BadKpj(field)
    return kpj


@transaction.atomic
def ask(
    kpj: str, other: str, *, reason: str, officer_id: int, office_id: int, now: datetime
) -> Match:
    """Ask whether two cards belong to one person; the same question again is the same match.

    Raises ``BadKpj``, ``UnknownCard`` and ``SameCard`` with the field ``kpj`` or ``other``,
    ``BadReason``, ``AlreadyTogether``, and ``AlreadyDecided``.
    """
    because = parse_reason(reason)
    cards = [_card(kpj, field="kpj"), _card(other, field="other")]
    first, second = sorted(cards, key=lambda card: card.id)
    if first.id == second.id:
        raise SameCard("other")
    if root_of(first.id) == root_of(second.id):
        raise AlreadyTogether
    match, is_new = Match.objects.get_or_create(
        first=first,
        second=second,
        defaults={
            "kind": Match.Kind.ASKED,
            "likeness": _likeness(first, second),
            "found_at": now,
            "asked_because": because,
        },
    )
    if match.state != Match.State.OPEN:
        raise AlreadyDecided(officer=str(match.decided_by))
    if is_new:
        record(
            "match.ask",
            at=now,
            actor=f"officer:{officer_id}",
            office_id=office_id,
            subject_id=match.id,
            cards=[first.id, second.id],
        )
    return match


def _card(text: str, *, field: str) -> Card:
    kpj = parse_kpj(text, field=field)
    found = Card.objects.select_related("citizen").filter(kpj=kpj).first()
    if found is None:
        raise UnknownCard(field)
    return found


def _likeness(first: Card, second: Card) -> int:
    alike = likeness(fold(unseal(first.name_sealed)), fold(unseal(second.name_sealed)))
    niks = [unseal(card.citizen.nik_sealed) for card in (first, second)]
    return of_people(alike, *niks)

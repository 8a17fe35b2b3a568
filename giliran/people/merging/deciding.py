"""Deciding about two cards, and taking it back. One action, one transaction, one at a time."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from giliran.core.refusal import NotFound
from giliran.journal.actions import record
from giliran.people.merging.groups import group_of, root_of
from giliran.people.merging.refusals import (
    AlreadyDecided,
    AlreadyTogether,
    BadChoice,
    BadReason,
    DecidedApart,
    NothingToUndo,
    UndoLaterFirst,
)
from giliran.people.models import Card, Match, Merging

REASON_LENGTHS = range(5, 201)


@transaction.atomic
def merge(
    match_id: int,
    *,
    into_id: int,
    citizen_id: int,
    reason: str,
    officer_id: int,
    office_id: int,
    now: datetime,
) -> Merging:
    """Join the two cards of a match, and all cards that were joined to either.

    ``into_id`` is the card of the match that stays, ``citizen_id`` the citizen of one of the two:
    whose NIK is the right one. All cards joined become theirs; no other card of the other citizen
    does. Balances, contributions and spells stay where they are.

    Raises ``NotFound``, ``BadReason``, ``BadChoice``, ``AlreadyDecided``, ``AlreadyTogether`` and
    ``DecidedApart``.
    """
    because = parse_reason(reason)
    match = _undecided(match_id)
    cards = Card.objects.in_bulk([match.first_id, match.second_id])
    if into_id not in cards:
        raise BadChoice("into")
    if citizen_id not in {card.citizen_id for card in cards.values()}:
        raise BadChoice("citizen")
    (other_id,) = set(cards) - {into_id}
    stays, goes = root_of(into_id), root_of(other_id)
    if stays == goes:
        raise AlreadyTogether
    staying, going = group_of(stays), group_of(goes)
    _check_not_apart(staying, going)
    both = {**staying, **going}
    merging = Merging.objects.create(
        match=match,
        card_id=goes,
        into_id=stays,
        before={"citizens": {str(c): both[c] for c in sorted(both)}, "chosen": citizen_id},
        reason=because,
        merged_at=now,
        merged_by_id=officer_id,
    )
    Card.objects.filter(id=goes).update(merged_into=stays)
    Card.objects.filter(id__in=both).exclude(citizen_id=citizen_id).update(citizen_id=citizen_id)
    _decide(match, Match.State.MERGED, officer_id=officer_id, now=now)
    record(
        "match.merge",
        at=now,
        actor=f"officer:{officer_id}",
        office_id=office_id,
        subject_id=match.id,
        merging=merging.id,
        card=goes,
        into=stays,
        citizen=citizen_id,
        before=merging.before["citizens"],
    )
    return merging


@transaction.atomic
def keep_apart(
    match_id: int, *, reason: str, officer_id: int, office_id: int, now: datetime
) -> None:
    """Decide that two cards belong to two people. They are not matched again.

    Raises ``NotFound``, ``BadReason``, ``AlreadyDecided`` and ``AlreadyTogether``.
    """
    because = parse_reason(reason)
    match = _undecided(match_id)
    if root_of(match.first_id) == root_of(match.second_id):
        raise AlreadyTogether
    match.apart_because = because
    _decide(match, Match.State.APART, officer_id=officer_id, now=now)
    record(
        "match.keep_apart",
        at=now,
        actor=f"officer:{officer_id}",
        office_id=office_id,
        subject_id=match.id,
        cards=[match.first_id, match.second_id],
    )


@transaction.atomic
def undo(match_id: int, *, officer_id: int, office_id: int, now: datetime) -> None:
    """Take a decision back: every row of the register is what it was before it.

    The latest merger of a group comes first. A citizen that an import corrected since is kept.
    Raises ``NotFound``, ``NothingToUndo`` and ``UndoLaterFirst``.
    """
    match = _locked(match_id)
    if match.state == Match.State.OPEN:
        raise NothingToUndo
    was = match.state
    if was == Match.State.MERGED:
        _separate(match, officer_id=officer_id, now=now)
    match.state, match.decided_at, match.decided_by_id = Match.State.OPEN, None, None
    match.apart_because = ""
    match.save(update_fields=["state", "decided_at", "decided_by", "apart_because"])
    record(
        "match.undo",
        at=now,
        actor=f"officer:{officer_id}",
        office_id=office_id,
        subject_id=match.id,
        was=was,
    )


def _separate(match: Match, *, officer_id: int, now: datetime) -> None:
    merging = match.mergings.get(undone_at__isnull=True)
    citizens: dict[str, int] = merging.before["citizens"]
    later = (
        Merging.objects.filter(
            undone_at__isnull=True,
            id__gt=merging.id,
            before__citizens__has_any_keys=list(citizens),
        )
        .select_related("card")
        .order_by("-id")
        .first()
    )
    if later is not None:
        raise UndoLaterFirst(card=later.card.kpj)
    Card.objects.filter(id=merging.card_id).update(merged_into=None)
    chosen = merging.before["chosen"]
    for card_id, citizen_id in citizens.items():
        Card.objects.filter(id=int(card_id), citizen_id=chosen).update(citizen_id=citizen_id)
    merging.undone_at, merging.undone_by_id = now, officer_id
    merging.save(update_fields=["undone_at", "undone_by"])


def _check_not_apart(staying: dict[int, int], going: dict[int, int]) -> None:
    apart = Match.objects.filter(state=Match.State.APART).select_related("first", "second")
    for one, other in ((staying, going), (going, staying)):
        found = apart.filter(first__in=one, second__in=other).first()
        if found is not None:
            raise DecidedApart(first=found.first.kpj, second=found.second.kpj)


def _locked(match_id: int) -> Match:
    """Return a match once nobody else is deciding about any.

    Decisions are rare, and two that touch one group from two ends must see each other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('people.merging'))")
    try:
        return Match.objects.select_for_update(no_key=True).get(id=match_id)
    except Match.DoesNotExist:
        raise NotFound from None


def _undecided(match_id: int) -> Match:
    match = _locked(match_id)
    if match.state != Match.State.OPEN:
        raise AlreadyDecided(officer=str(match.decided_by))
    return match


def _decide(match: Match, state: Match.State, *, officer_id: int, now: datetime) -> None:
    match.state, match.decided_at, match.decided_by_id = state, now, officer_id
    match.save(update_fields=["state", "decided_at", "decided_by", "apart_because"])


def parse_reason(text: str) -> str:
    """Return a reason on one line. Raises ``BadReason``."""
    clean = " ".join(text.replace("\x00", "").split())
    if len(clean) not in REASON_LENGTHS:
        raise BadReason("reason")
    return clean


def note_look(
    match_id: int, *, what: str, citizen_ids: set[int], office_id: int, actor: str, now: datetime
) -> None:
    """Record for each person that an officer looked at their cards (UU 27/2022), every time.

    ``what`` is ``cards`` (two cards side by side) or ``letter``.
    """
    for citizen_id in sorted(citizen_ids):
        record(
            "person.seen",
            at=now,
            actor=actor,
            office_id=office_id,
            subject_id=citizen_id,
            match=match_id,
            what=what,
        )

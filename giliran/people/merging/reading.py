"""Two cards side by side, and what the cards of one person add up to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Max, Min, Q, Sum

from giliran.core.refusal import NotFound
from giliran.encryption import unseal
from giliran.people.merging.groups import group_of, root_of
from giliran.people.models import Card, Contribution, Match, Merging, Spell


class Worked(NamedTuple):
    """A spell of employment."""

    employer: str
    npp: str
    began_on: date
    ended_on: date | None


class Sums(NamedTuple):
    """What cards add up to. A month that was paid on two cards counts once."""

    months: int
    first_month: date | None
    last_month: date | None
    balance: Decimal | None  # rupiah; None: of no card known
    is_whole: bool  # the balance of every card is known


class CardShown(NamedTuple):
    """A card as an officer compares it."""

    id: int
    citizen_id: int
    kpj: str
    segment: str
    name: str
    nik: str
    birth: date
    opened_on: date
    closed_on: date | None
    worked: list[Worked]
    sums: Sums
    balance_on: date | None
    joined: list[str]  # numbers of the cards that are joined to it already


class PairShown(NamedTuple):
    """Two cards of a match, and what they would be together."""

    match_id: int
    kind: str
    likeness: int
    state: str
    found_at: datetime
    asked_because: str
    apart_because: str
    decided_at: datetime | None
    decided_by: str
    first: CardShown
    second: CardShown
    together: Sums
    merging: Merging | None  # where they are joined by this decision

    @property
    def citizen_ids(self) -> set[int]:
        """Whose data this is."""
        return {self.first.citizen_id, self.second.citizen_id}


class JoinedCard(NamedTuple):
    """A card of a person. Cards with the same ``group`` are joined and count together."""

    id: int
    kpj: str
    segment: str
    group: int
    opened_on: date
    closed_on: date | None
    balance: Decimal | None


def pair(match_id: int) -> PairShown:
    """Return a match with both cards in clear, to whoever records the look. Raises ``NotFound``."""
    try:
        match = Match.objects.select_related("decided_by").get(id=match_id)
    except Match.DoesNotExist:
        raise NotFound from None
    groups = [group_of(root_of(card_id)) for card_id in (match.first_id, match.second_id)]
    cards = Card.objects.select_related("citizen").in_bulk({*groups[0], *groups[1]})
    first, second = (
        _shown(cards[card_id], [cards[one] for one in group])
        for card_id, group in zip((match.first_id, match.second_id), groups, strict=True)
    )
    return PairShown(
        match.id,
        match.kind,
        match.likeness,
        match.state,
        match.found_at,
        match.asked_because,
        match.apart_because,
        match.decided_at,
        str(match.decided_by or ""),
        first,
        second,
        sums(cards),
        match.mergings.filter(undone_at__isnull=True).select_related("into", "card").first(),
    )


def _shown(card: Card, group: Collection[Card]) -> CardShown:
    spells = Spell.objects.filter(card=card).select_related("employer").order_by("began_on")
    return CardShown(
        card.id,
        card.citizen_id,
        card.kpj,
        card.segment,
        unseal(card.name_sealed),
        unseal(card.citizen.nik_sealed),
        date.fromisoformat(unseal(card.birth_sealed)),
        card.opened_on,
        card.closed_on,
        [Worked(s.employer.name, s.employer.npp, s.began_on, s.ended_on) for s in spells],
        sums([card.id]),
        card.balance_on,
        sorted(other.kpj for other in group if other.id != card.id),
    )


def sums(card_ids: Collection[int]) -> Sums:
    """Add up months paid and balances over cards.

    That months of several cards add up to one membership is our reading of PP 46/2015 Pasal 22
    and PP 60/2015, not verified.
    """
    paid = Contribution.objects.filter(card__in=list(card_ids), paid_on__isnull=False).aggregate(
        months=Count("month", distinct=True), first=Min("month"), last=Max("month")
    )
    money = Card.objects.filter(id__in=list(card_ids)).aggregate(
        unknown=Count("id", filter=Q(balance__isnull=True)), total=Sum("balance")
    )
    return Sums(paid["months"], paid["first"], paid["last"], money["total"], money["unknown"] == 0)


def cards_joined(citizen_id: int) -> tuple[JoinedCard, ...]:
    """Return all cards of a citizen, by group and number.

    After a merger that corrected a NIK, cards belong to the citizen whose NIK was right; whoever
    types the wrong one, perhaps its true owner, doesn't see them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id, kpj, segment, people_root_of_card(id) AS root, opened_on, closed_on, balance
            FROM people_card WHERE citizen_id = %s ORDER BY root, kpj
            """,
            [citizen_id],
        )
        return tuple(JoinedCard(*row) for row in cursor.fetchall())

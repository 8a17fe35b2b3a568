"""Reading the register: what is known of a person's cards, work, contributions and heirs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from giliran.core.eligibility.days import add_months
from giliran.core.refusal import NotFound
from giliran.encryption import unseal
from giliran.people.models import Card, Heir, Spell


class CardView(NamedTuple):
    """A card with its holder as registered; whoever shows it records that it was seen."""

    id: int
    kpj: str
    citizen_id: int
    segment: str
    name: str
    birth_date: date
    phone: str
    balance: Decimal | None
    balance_on: date | None
    opened_on: date
    closed_on: date | None
    merged_into_id: int | None

    def is_active(self, day: date) -> bool:
        """Say whether the card was open on ``day``; it is still open on the day it closes."""
        return self.opened_on <= day and (self.closed_on is None or day <= self.closed_on)


class SpellView(NamedTuple):
    """Work for one employer; ``ended_on`` None: no end is known."""

    card_id: int
    npp: str
    employer: str
    began_on: date
    ended_on: date | None


class Months(NamedTuple):
    """What was contributed, over all cards that were asked about; months are their first days."""

    first: date | None
    last: date | None
    paid: int
    """Different months with a contribution that was paid."""
    owed: int
    """Different months for which nothing was paid, though it is due."""
    owed_at_the_end: int
    """How many of those follow each other up to the last month that is over."""
    gaps: list[date]
    """Months between the first and the last of which nothing is known at all."""
    last_wage: Decimal | None
    amount: Decimal
    """Paid in all, rupiah."""


class HeirView(NamedTuple):
    """A relative as registered; ``nik`` in clear: whoever shows it records that it was seen."""

    nik: str
    name: str
    relation: str
    birth_date: date | None


def cards_of(citizen_id: int) -> list[CardView]:
    """Return a person's cards, the oldest first, those joined to another one included."""
    found = Card.objects.filter(citizen_id=citizen_id).order_by("opened_on", "kpj")
    return [_card(one) for one in found]


def card(kpj: str) -> CardView:
    """Return the card with this number. Raises ``NotFound``."""
    found = Card.objects.filter(kpj=kpj).first()
    if found is None:
        raise NotFound
    return _card(found)


def _card(found: Card) -> CardView:
    return CardView(
        found.pk,
        found.kpj,
        found.citizen_id,
        found.segment,
        unseal(found.name_sealed),
        date.fromisoformat(unseal(found.birth_sealed)),
        unseal(found.phone_sealed),
        found.balance,
        found.balance_on,
        found.opened_on,
        found.closed_on,
        found.merged_into_id,
    )


def spells(card_ids: list[int]) -> list[SpellView]:
    """Return the work that is known for these cards, the earliest first."""
    found = Spell.objects.filter(card__in=card_ids).order_by("began_on", "id")
    return [
        SpellView(*row)
        for row in found.values_list(
            "card_id", "employer__npp", "employer__name", "began_on", "ended_on"
        )
    ]


def contribution_months(card_ids: list[int], *, today: date) -> Months:
    """Sum up the contributions of some cards. A month counts once, however many cards it is on.

    A month is owed once it is over and nothing of it was paid.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT month, bool_or(paid_on IS NOT NULL AND amount > 0),
                coalesce(sum(amount) FILTER (WHERE paid_on IS NOT NULL), 0), sum(wage)
            FROM people_contribution WHERE card_id = ANY(%s)
            GROUP BY month ORDER BY month
            """,
            [card_ids],
        )
        rows = cursor.fetchall()
    if not rows:
        return Months(None, None, 0, 0, 0, [], None, Decimal(0))
    known = {row[0] for row in rows}
    this_month = today.replace(day=1)
    gaps = []
    month = rows[0][0]
    while month < rows[-1][0]:
        if month not in known:
            gaps.append(month)
        month = add_months(month, 1)
    return Months(
        first=rows[0][0],
        last=rows[-1][0],
        paid=sum(row[1] for row in rows),
        owed=sum(not row[1] and row[0] < this_month for row in rows),
        owed_at_the_end=_owed_at_the_end([(row[0], row[1]) for row in rows if row[0] < this_month]),
        gaps=gaps,
        last_wage=rows[-1][3],
        amount=sum((row[2] for row in rows), Decimal(0)),
    )


def _owed_at_the_end(months: list[tuple[date, bool]]) -> int:
    count = 0
    after: date | None = None
    for month, is_paid in reversed(months):
        if is_paid or (after and add_months(month, 1) != after):
            break
        count, after = count + 1, month
    return count


def heirs_of(citizen_id: int) -> list[HeirView]:
    """Return the heirs that a member registered."""
    return [
        HeirView(
            unseal(one.nik_sealed),
            unseal(one.name_sealed),
            one.relation,
            date.fromisoformat(born) if (born := unseal(one.birth_sealed)) else None,
        )
        for one in Heir.objects.filter(citizen_id=citizen_id).order_by("id")
    ]

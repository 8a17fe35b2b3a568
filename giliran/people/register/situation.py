"""What the register tells the rights engine, so that nobody types it (docs/rights.md)."""

from __future__ import annotations

from datetime import date
from typing import Any

from giliran.people.register.queries import (
    CardView,
    SpellView,
    cards_of,
    contribution_months,
    spells,
)


def situation_from_register(citizen_id: int, today: date) -> dict[str, Any]:
    """Return the facts that the register knows of a person on a day, as a situation's JSON.

    What it can't know (why the person claims, whether they work somewhere unregistered, what they
    took before) is not there and stays a question. Cards that were joined to another one count as
    merged. A birth date that differs between cards stands with each card and not on top. Money is
    in whole rupiah. Empty for somebody without a card.
    """
    cards = [one for one in cards_of(citizen_id) if one.opened_on <= today]
    if not cards:
        return {}
    work = spells([one.id for one in cards])
    told: dict[str, Any] = {
        "date": today.isoformat(),
        "cards": [_card(one, work, today) for one in cards],
    }
    newest = max(cards, key=lambda one: (one.is_active(today), one.opened_on, one.kpj))
    told["segment"] = newest.segment
    if len({one.birth_date for one in cards}) == 1:
        told["birth_date"] = newest.birth_date.isoformat()
    if len(cards) > 1:
        told["merged"] = sum(one.merged_into_id is None for one in cards) == 1
    months = contribution_months([one.id for one in cards], today=today)
    if months.first:
        told["contribution_months"] = months.paid
        told["arrears_months"] = months.owed_at_the_end
    if months.last_wage:
        told["wage"] = int(months.last_wage)
    if employment := _employment(cards, work, today):
        told["employment"] = employment
    return told


def _card(one: CardView, work: list[SpellView], today: date) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kpj": one.kpj,
        "since": one.opened_on.isoformat(),
        "active": one.is_active(today),
        "name": one.name,
        "birth_date": one.birth_date.isoformat(),
    }
    if one.closed_on and one.closed_on < today:
        told["until"] = one.closed_on.isoformat()
    if one.balance is not None:
        told["balance"] = int(one.balance)
    employers = [spell.employer for spell in work if spell.card_id == one.id]
    if employers:
        told["employer"] = employers[-1]
    return told


def _employment(cards: list[CardView], work: list[SpellView], today: date) -> dict[str, Any] | None:
    """Return the newest work on an active card that has not ended; None if the register has none.

    None doesn't mean that somebody is without work: the register knows only work that was told.
    """
    active = {one.id: one for one in cards if one.is_active(today)}
    now = [
        spell
        for spell in work
        if spell.card_id in active
        and spell.began_on <= today
        and (spell.ended_on is None or today <= spell.ended_on)
    ]
    if not now:
        return None
    newest = now[-1]
    return {
        "working": True,
        "employer": newest.employer,
        "segment": active[newest.card_id].segment,
        "since": newest.began_on.isoformat(),
    }

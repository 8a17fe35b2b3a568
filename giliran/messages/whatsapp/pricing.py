"""What a message cost, from the pricing that comes with its status.

The provider says which rate applies, not how much it is: rates differ by country and change by
the quarter, so they come from the environment and an unknown one is no cost rather than a wrong
one. GILIRAN_WHATSAPP_RATES="utility=408.5 service=408.5" are rupiah per delivered message.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple


class Pricing(NamedTuple):
    """Whether and as what a message is charged.

    ``category``: utility, authentication, marketing, service and others that may come.
    ``kind``: regular, free_customer_service, free_entry_point.
    """

    billable: bool
    category: str
    kind: str = ""


def pricing(stated: Any) -> Pricing | None:
    """Return the pricing of a status's ``pricing`` object, None where it has none."""
    if not isinstance(stated, dict) or not isinstance(stated.get("category"), str):
        return None
    kind = stated.get("type")
    kind = kind if isinstance(kind, str) else ""
    # `billable` is on its way out in favour of `type` (per-message pricing, July 2025).
    billable = stated.get("billable", kind == "regular")
    return Pricing(billable is True, stated["category"], kind)


def rates(environment: Mapping[str, str] = os.environ) -> dict[str, Decimal]:
    """Return rupiah per message by category; raises ``ValueError`` for a rate that is no number."""
    stated = environment.get("GILIRAN_WHATSAPP_RATES", "").split()
    try:
        return {
            category: Decimal(rupiah)
            for category, _, rupiah in (entry.partition("=") for entry in stated)
        }
    except InvalidOperation:
        raise ValueError(
            "GILIRAN_WHATSAPP_RATES must look like: utility=408.5 service=408.5"
        ) from None


def cost(priced: Pricing | None, by_category: Mapping[str, Decimal]) -> Decimal | None:
    """Return rupiah for one message: 0 where it was free, None where the rate isn't known."""
    if priced is None:
        return None
    if not priced.billable:
        return Decimal(0)
    return by_category.get(priced.category)

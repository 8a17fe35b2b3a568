"""A manager sets a window's places by hand, says why, and is shown what it costs."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from giliran.capacity.actions.offering import PlacesAlreadyPromised, set_places
from giliran.capacity.models import Offer, Override
from giliran.capacity.needs import has_roster
from giliran.capacity.places import Expected, expected, plan
from giliran.core.refusal import BadInput, NotFound, gettext_noop

REASON_AT_MOST = 200


class ReasonMissing(BadInput):
    """Places were set against the count, and nobody would know why."""

    code = "reason_missing"
    sentence = gettext_noop("Tulis alasannya, paling banyak %(most)s huruf.")


class Cost(NamedTuple):
    """What a day comes to with the places that were counted, and with those set by hand."""

    computed: int
    counted: Expected | None
    by_hand: Expected | None

    def to_json(self) -> dict[str, Any]:
        """Return both as plain data, for keeping."""
        return {
            "counted": self.counted._asdict() if self.counted else None,
            "by_hand": self.by_hand._asdict() if self.by_hand else None,
        }


def is_counted(offer_id: int, *, office_id: int) -> bool:
    """Say whether an offer's places follow from who is put down for its day.

    Raises ``NotFound`` for an offer of another office.
    """
    offer = _offer(offer_id, office_id)
    return has_roster(offer.office, offer.day)


def cost_of(offer_id: int, places: int, *, office_id: int) -> Cost:
    """Return what it costs to give an offer other places than were counted; changes nothing.

    Raises ``NotFound`` for an offer of another office, or ``PlacesAlreadyPromised``.
    """
    offer = _offer(offer_id, office_id)
    if offer.taken > places:
        raise PlacesAlreadyPromised(taken=offer.taken)
    computed = _computed(offer)
    return Cost(
        computed,
        expected(offer.office, offer.day, instead={offer.id: computed}),
        expected(offer.office, offer.day, instead={offer.id: places}),
    )


def override_places(
    offer_id: int, places: int, *, reason: str, office_id: int, officer_id: int, now: datetime
) -> Override:
    """Set an offer's places by hand, for a reason, and keep what it was expected to cost.

    They stay when the day is counted anew; set to the counted number they follow the count again.
    Raises ``ReasonMissing``, ``NotFound`` or ``PlacesAlreadyPromised``.
    """
    why = reason.strip()
    if not 0 < len(why) <= REASON_AT_MOST:
        raise ReasonMissing(f"reason-{offer_id}", most=REASON_AT_MOST)
    cost = cost_of(offer_id, places, office_id=office_id)
    with transaction.atomic():
        set_places(offer_id, places, office_id=office_id, now=now, actor=f"officer:{officer_id}")
        return Override.objects.create(
            offer_id=offer_id,
            computed=cost.computed,
            places=places,
            reason=why,
            expected=cost.to_json(),
            made_by_id=officer_id,
            made_at=now,
        )


def _offer(offer_id: int, office_id: int) -> Offer:
    offer = Offer.objects.select_related("office__region").filter(id=offer_id).first()
    if offer is None or offer.office_id != office_id:
        raise NotFound
    return offer


def _computed(offer: Offer) -> int:
    """Return the places that follow from who is there, or those that it has if none follow."""
    planned = plan(offer.office, offer.day)
    if planned is None:
        return offer.places
    if offer.kind == Offer.Kind.WALK_IN:
        return planned.walk_in_places
    by_start = {one.window.starts_at: one.places for one in planned.windows}
    return by_start.get(offer.starts_at, offer.places)

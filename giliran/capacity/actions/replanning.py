"""Counting a day's places anew after somebody's shift, leave or loan changed."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from giliran.capacity import places
from giliran.capacity.actions.offering import resize
from giliran.capacity.models import Offer, Override
from giliran.capacity.needs import has_roster
from giliran.capacity.places import Touched
from giliran.capacity.span import touched
from giliran.journal.actions import record
from giliran.offices import queries as offices


class Replanned(NamedTuple):
    """How many offers have other places now, and whose promise the staff can't keep."""

    changed: int
    touched: tuple[Touched, ...]


def replan(office_id: int, day: date, *, now: datetime, actor: str = "system") -> Replanned:
    """Give a day's windows and numbers the places that follow from who is there now.

    What is promised is kept first: no offer gets fewer places than are taken, and what windows
    keep beyond the plan, walk-ins give. Windows that have begun and those that a manager set by
    hand stay as they are; so does a day for which nobody was put down.
    """
    office = offices.office_by_id(office_id)
    with transaction.atomic():
        # Locked before they are counted, in the order of their ids, as everybody does.
        found = list(
            Offer.objects.select_for_update(no_key=True, of=("self",))
            .select_related("office__region")
            .filter(office=office, day=day)
            .order_by("id")
        )
        planned = places.plan(office, day) if has_roster(office, day) else None
        changed = 0
        if planned is not None:
            by_hand = _by_hand(found)
            meant = {one.window.starts_at: one.places for one in planned.windows}
            beyond = 0
            for offer in (one for one in found if one.kind == Offer.Kind.WINDOW):
                if offer.id in by_hand:
                    continue
                wanted = meant.get(offer.starts_at, 0)
                kept = offer.places if offer.starts_at <= now else max(wanted, offer.taken)
                beyond += kept - wanted
                changed += _resized(offer, kept)
            for door in (one for one in found if one.kind == Offer.Kind.WALK_IN):
                if door.id not in by_hand and door.ends_at > now:
                    left = max(0, planned.walk_in_places - beyond)
                    changed += _resized(door, max(left, door.taken))
        if changed:
            record(
                "offer.replan",
                at=now,
                actor=actor,
                office_id=office_id,
                day=day.isoformat(),
                changed=changed,
            )
        return Replanned(changed, tuple(touched(office, day, now=now)))


def _resized(offer: Offer, count: int) -> bool:
    if count == offer.places:
        return False
    resize(offer, count)
    return True


def _by_hand(found: list[Offer]) -> set[int]:
    """Return the offers whose places a manager set and hasn't given back to the count."""
    last = Override.objects.filter(offer__in=found).order_by("offer_id", "-id").distinct("offer_id")
    return {one.offer_id for one in last if one.places != one.computed}

"""What changes shifts, leave or loans: in one order, and with the places counted anew after."""

from __future__ import annotations

from datetime import date

from giliran.capacity.models import Offer
from giliran.core.refusal import NotFound
from giliran.offices.models import Region
from giliran.outbox import post
from giliran.people.models import Officer


def hold(region_id: int, officer_id: int) -> None:
    """Let nobody else change the region's shifts or this officer's days in this transaction.

    Who publishes a roster, changes a shift, lends or decides a leave waits here, region first:
    each then sees what the other did. Raises ``NotFound`` for an officer whom nobody knows.
    """
    Region.objects.select_for_update(no_key=True).get(id=region_id)
    if Officer.objects.select_for_update(no_key=True).filter(id=officer_id).first() is None:
        raise NotFound


def replan_soon(office_id: int, first: date, last: date) -> None:
    """Have the days on offer counted anew by the worker, after this transaction."""
    days = Offer.objects.filter(office_id=office_id, day__range=(first, last))
    for day in sorted(set(days.values_list("day", flat=True))):
        post(
            "capacity.replan",
            key=f"capacity.replan:{office_id}:{day}",
            office_id=office_id,
            day=day.isoformat(),
        )

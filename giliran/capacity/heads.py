"""Who answers for an office on a day, and who above it: to be told what waits for them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from giliran.capacity.models import Leave
from giliran.offices.models import Office, Post


def heads(office: Office, day: date, *, but: Collection[int] = ()) -> set[int]:
    """Return the officers who head an office; where none of them is there that day, also above.

    ``but`` are left out, such as whoever asks: nobody decides about themselves.
    """
    found = _with_role(Post.Role.MANAGER, Q(office=office)) - set(but)
    away = Leave.objects.filter(
        officer_id__in=found, state=Leave.State.APPROVED, first_day__lte=day, last_day__gte=day
    )
    if found <= set(away.values_list("officer_id", flat=True)):
        found |= of_region(office.region_id) - set(but)
    return found


def answers_for(officer_id: int, office: Office) -> bool:
    """Return whether somebody heads an office or its region now, at work that day or not."""
    at_office = _with_role(Post.Role.MANAGER, Q(office=office))
    return officer_id in at_office | of_region(office.region_id)


def of_region(region_id: int) -> set[int]:
    """Return the officers of a region's own office."""
    return _with_role(Post.Role.REGIONAL, Q(region_id=region_id))


def of_centre() -> set[int]:
    """Return the officers who answer for the whole country."""
    return _with_role(Post.Role.ADMINISTRATOR, Q())


def _with_role(role: str, where: Q) -> set[int]:
    found = Post.objects.filter(where, role=role, officer__is_active=True)
    return set(found.values_list("officer_id", flat=True))

"""Who waits for a claim."""

from __future__ import annotations

from giliran.claims.models import Claim
from giliran.core.claim import OPEN


def citizens_waiting(region_id: int) -> set[int]:
    """Return the ids of who was insured, and of who claims, in a region's open claims."""
    found = Claim.objects.filter(office__region_id=region_id, state__in=sorted(OPEN))
    return {one for row in found.values_list("citizen_id", "claimant_id") for one in row}

"""Looking for clusters of applications; that somebody looked is written down."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from giliran.journal.actions import record
from giliran.offices.models import Region
from giliran.turns import applications


def look_at_clusters(region: Region, *, actor: str, now: datetime) -> list[applications.Cluster]:
    """Return a region's suspicious clusters and record who looked, and at how many."""
    with transaction.atomic():
        found = applications.suspicious(region)
        record(
            "region.clusters_seen",
            at=now,
            actor=actor,
            subject_id=region.id,
            clusters=len(found),
            applications=sum(len(cluster.application_ids) for cluster in found),
        )
    return found

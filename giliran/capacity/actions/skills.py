"""What an officer can serve."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from giliran.capacity.models import Skill
from giliran.journal.actions import record


def set_skills(officer_id: int, service_ids: Collection[int], *, actor: str, now: datetime) -> None:
    """Note what an officer can serve in place of what was noted; nothing: what their counter does.

    Rosters, loans and substitutes are counted with it from then on.
    """
    with transaction.atomic():
        Skill.objects.filter(officer_id=officer_id).delete()
        Skill.objects.bulk_create(
            Skill(officer_id=officer_id, service_id=one) for one in sorted(set(service_ids))
        )
        record(
            "officer.skills",
            at=now,
            actor=actor,
            subject_id=officer_id,
            services=sorted(set(service_ids)),
        )

"""Noting how much work an office has, and how many officers it needs for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from giliran.capacity.models import Work
from giliran.capacity.needs import COUNTED, counted_needs
from giliran.offices import queries as offices


def note_work(office_id: int, data: Mapping[str, Any], made_on: date) -> None:
    """Keep an office's work (``core.need.work.Work.to_json``); the last one noted counts."""
    fresh = Work(office_id=office_id, made_on=made_on, data=dict(data))
    # Two at once store the same.
    Work.objects.bulk_create(
        [fresh], update_conflicts=True, unique_fields=["office"], update_fields=["made_on", "data"]
    )


def note_needs(office_id: int, days: Iterable[date]) -> int:
    """Count the needs of an office's days and keep them beside its work, for pages to read.

    Returns how many were counted; 0 for an office whose work isn't noted, or was noted anew
    meanwhile: those needs would be another work's.
    """
    before = Work.objects.filter(office_id=office_id).first()
    if before is None:
        return 0
    found = counted_needs(offices.office_by_id(office_id), days)
    with transaction.atomic():
        row = Work.objects.select_for_update(no_key=True).get(id=before.id)
        if _without_needs(row.data) != _without_needs(before.data):
            return 0
        row.data = _without_needs(row.data) | {COUNTED: found}
        row.save(update_fields=["data"])
    return len(found)


def _without_needs(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != COUNTED}

"""Noting how much work an office has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from giliran.capacity.models import Work


def note_work(office_id: int, data: Mapping[str, Any], made_on: date) -> None:
    """Keep an office's work (``core.need.work.Work.to_json``); the last one noted counts."""
    fresh = Work(office_id=office_id, made_on=made_on, data=dict(data))
    # Two at once store the same.
    Work.objects.bulk_create(
        [fresh], update_conflicts=True, unique_fields=["office"], update_fields=["made_on", "data"]
    )

"""Recording what isn't a change of a turn: those record themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from giliran.journal.models import Event


def record(
    kind: str,
    *,
    at: datetime,
    actor: str,
    office_id: int | None = None,
    subject_id: int | None = None,
    **data: Any,
) -> None:
    """Append an event. ``kind`` is subject.verb; ``data`` holds ids and figures, never a name."""
    Event.objects.create(
        at=at,
        actor=actor,
        kind=kind,
        office_id=office_id,
        subject=kind.partition(".")[0],
        subject_id=subject_id,
        data=data,
    )

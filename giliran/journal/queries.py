"""Reading the history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from giliran.journal.models import Event


def history(subject: str, subject_id: int) -> list[dict[str, Any]]:
    """Return the ``data`` of a subject's events, oldest first."""
    events = Event.objects.filter(subject=subject, subject_id=subject_id)
    return list(events.order_by("id").values_list("data", flat=True))


def moments(kind: str, *, after: datetime, **data: Any) -> list[datetime]:
    """Return when events of a kind whose ``data`` holds these values happened, newest first."""
    events = Event.objects.filter(kind=kind, at__gt=after, data__contains=data)
    return list(events.order_by("-at").values_list("at", flat=True))


def happened(kind: str, *, subject_id: int, actor: str | None = None, **data: Any) -> bool:
    """Return whether an event with these values stands in a subject's history.

    With ``actor``, one by this actor.
    """
    found = Event.objects.filter(
        subject=kind.partition(".")[0], subject_id=subject_id, kind=kind, data__contains=data
    )
    return (found.filter(actor=actor) if actor else found).exists()


def count(kind: str, *, office_id: int, since: datetime, until: datetime) -> int:
    """Return how many events of a kind an office saw in ``[since, until)``."""
    return Event.objects.filter(kind=kind, office_id=office_id, at__gte=since, at__lt=until).count()

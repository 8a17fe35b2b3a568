"""Reading the history."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg import sql

from giliran.core.life import MoveRefused
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


def differences(
    table: str,
    subject: str,
    *,
    aside: Collection[str],
    rebuild: Callable[[Iterable[Mapping[str, Any]]], Mapping[str, Any]],
) -> Iterator[tuple[int, str]]:
    """Yield (id, difference) for every row; an empty text where history and state agree.

    Each history of moves is rebuilt and compared column by column with the row as PostgreSQL writes
    it. The columns ``aside`` never stood in the journal: what people stated is erased there.
    """
    # All histories in one pass: looked up one by one they take hours where the planner doesn't know
    # yet how many events there are.
    statement = sql.SQL(
        """
        SELECT t.id, to_jsonb(t) - %(aside)s::text[], e.told
        FROM {} t LEFT JOIN (
            SELECT subject_id, jsonb_agg(data ORDER BY id) AS told FROM journal_event
            WHERE subject = %(subject)s AND data ? 'move' GROUP BY subject_id
        ) e ON e.subject_id = t.id
        ORDER BY t.id
        """
    ).format(sql.Identifier(table))
    with connection.cursor() as cursor:
        cursor.execute(statement, {"aside": list(aside), "subject": subject})
        for row_id, row, events in cursor.fetchall():
            stored, told = json.loads(row), json.loads(events or "[]")
            try:
                rebuilt = rebuild(told)
            except MoveRefused as refusal:
                yield row_id, f"impossible history: {refusal}"
                continue
            wrong = sorted(k for k in stored if stored[k] != rebuilt.get(k))
            yield row_id, f"differs in {', '.join(wrong)}" if wrong else ""

"""Whether the history of complaints adds up to how they stand."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.db import connection

from giliran.core.complaint import ComplaintMoveNotAllowed, rebuild


def differences_from_history() -> Iterator[tuple[int, str]]:
    """Yield (complaint id, difference) for every complaint; empty where history and state agree.

    The history is compared column by column with the row as PostgreSQL writes it, what was stated
    aside: that is erased, and never stood in the journal.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.id,
                   to_jsonb(c) - ARRAY['name_sealed', 'phone_sealed', 'text_sealed',
                                       'text_trigrams'],
                   (SELECT jsonb_agg(e.data ORDER BY e.id) FROM journal_event e
                    WHERE e.subject = 'complaint' AND e.subject_id = c.id AND e.data ? 'move')
            FROM voices_complaint c ORDER BY c.id
            """
        )
        for complaint_id, row, events in cursor.fetchall():
            stored, told = json.loads(row), json.loads(events or "[]")
            try:
                rebuilt = rebuild(told)
            except ComplaintMoveNotAllowed as refusal:
                yield complaint_id, f"impossible history: {refusal}"
                continue
            wrong = sorted(k for k in stored if stored[k] != rebuilt.get(k))
            yield complaint_id, f"differs in {', '.join(wrong)}" if wrong else ""

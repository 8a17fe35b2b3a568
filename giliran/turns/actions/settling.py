"""How promises ended: kept, broken or neither; each is settled once and teaches the next."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection

from giliran.core.promise import Calibration, Cell, Forecast, Window
from giliran.core.promise.keeping import was_kept
from giliran.turns.models import Promise

_MINUTE = timedelta(minutes=1)


class _Unsettled(NamedTuple):
    id: int
    office_id: int
    hour: int
    group: str
    made_at: datetime
    begins: datetime
    ends: datetime
    low: float
    middle: float
    high: float
    from_minutes: float
    till_minutes: float
    called_at: datetime | None
    gone_at: datetime | None
    by_office: bool
    counts: bool
    """Whether it still is about the same day at the same office."""


_TO_SETTLE = """
SELECT p.id, p.office_id, p.hour, p."group", p.made_at, p.begins, p.ends, p.low, p.middle, p.high,
       p.from_minutes, p.till_minutes, called.at,
       CASE WHEN t.state IN ('left', 'cancelled', 'no_show', 'finished')
            THEN COALESCE(t.ended_at, t.moved_at) END AS gone_at,
       t.moved_by = 'system' AND t.state = 'left',
       t.office_id = p.office_id AND t.day = (p.begins AT TIME ZONE o.time_zone)::date AS counts
FROM turns_promise p
JOIN turns_turn t ON t.id = p.turn_id
JOIN offices_office o ON o.id = p.office_id
LEFT JOIN LATERAL (
    SELECT e.at FROM journal_event e
    WHERE e.subject = 'turn' AND e.subject_id = p.turn_id AND e.kind = 'turn.call'
      AND e.at >= p.made_at AND e.office_id = p.office_id
    ORDER BY e.id LIMIT 1
) called ON true
WHERE p.office_id = %s AND p.is_first AND p.settled_at IS NULL
  AND (called.at IS NOT NULL OR t.state IN ('left', 'cancelled', 'no_show', 'finished')
       OR t.office_id <> p.office_id OR t.day <> (p.begins AT TIME ZONE o.time_zone)::date)
ORDER BY COALESCE(called.at, t.ended_at, t.moved_at), p.id
"""


def settle(office_id: int, learned: Calibration, *, now: datetime) -> bool:
    """Note which first promises were kept, in order; returns whether a call taught something."""
    with connection.cursor() as cursor:
        cursor.execute(_TO_SETTLE, [office_id])
        found = [_Unsettled(*row) for row in cursor.fetchall()]
    has_learned = False
    for one in found:
        called_at = one.called_at if one.counts else None
        kept = (
            was_kept(
                one.begins,
                one.ends,
                called_at=called_at,
                gone_at=one.gone_at,
                ended_by_office=one.by_office,
            )
            if one.counts
            else None
        )
        Promise.objects.filter(id=one.id).update(called_at=called_at, kept=kept, settled_at=now)
        if called_at is not None:
            learned.observe(
                Cell(str(one.office_id), one.hour, one.group),
                Forecast(one.low, one.middle, one.high),
                (called_at - one.made_at) / _MINUTE,
                given=Window(one.from_minutes, one.till_minutes),
            )
            has_learned = True
    return has_learned

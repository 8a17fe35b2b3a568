"""Keeping cells up with the journal.

    refresh(seconds=0.5) -> Behind    count what is new, for so long at most; pages and jobs call it
    behind() -> Behind                how many events aren't counted yet, and since when

A new event changes its story: what the story gave before is taken away and what it gives now is
added, so that cells are at every moment the sum over all counted events and a recount finds the
same. One counts at a time, in a transaction that takes the events off the list of the uncounted
and changes the cells, or does neither.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import Final, NamedTuple

from django.db import connection, transaction

from giliran.core.figures import Cells, add_longer, facts, spread
from giliran.figures.cells import LOCK, TOLD, add, stories
from giliran.figures.hours import KnownHours

AT_ONCE: Final = 2000
"""Events in one transaction: a fifth of a second or so."""
_WAIT: Final = 0.02

# One statement, so that a story is read exactly as far as its events are taken off the list: who
# commits in between is seen by neither half of it.
_TAKE = f"""
WITH next AS (
    SELECT e.id, e.subject, e.subject_id
    FROM (SELECT event_id FROM figures_uncounted ORDER BY event_id LIMIT %s) u
    JOIN journal_event e ON e.id = u.event_id
), found AS MATERIALIZED (
    SELECT e.* FROM (SELECT DISTINCT subject, subject_id FROM next
                     WHERE subject_id IS NOT NULL) s
    JOIN journal_event e ON e.subject = s.subject AND e.subject_id = s.subject_id
    UNION ALL
    SELECT e.* FROM next JOIN journal_event e ON e.id = next.id WHERE next.subject_id IS NULL
), taken AS (
    DELETE FROM figures_uncounted u USING found WHERE u.event_id = found.id RETURNING u.event_id
)
SELECT f.subject, {TOLD.format(e="f", is_new="taken.event_id IS NOT NULL")}
FROM found f LEFT JOIN taken ON taken.event_id = f.id
GROUP BY f.subject, f.subject_id, CASE WHEN f.subject_id IS NULL THEN f.id END
"""  # noqa: S608 -- our own columns
_BEHIND = """
SELECT (SELECT count(*) FROM figures_uncounted),
       (SELECT e.at FROM figures_uncounted u JOIN journal_event e ON e.id = u.event_id
        ORDER BY u.event_id LIMIT 1)
"""


class Behind(NamedTuple):
    """What isn't counted yet: how many events, and when the oldest of them happened."""

    events: int
    since: datetime | None


def behind() -> Behind:
    """Return how far the figures are behind the journal."""
    with connection.cursor() as cursor:
        cursor.execute(_BEHIND)
        return Behind(*cursor.fetchone())


def refresh(seconds: float = 0.5) -> Behind:
    """Count what is new, one piece after another, until nothing is left or the time is over.

    While somebody else counts, waits for them as long.
    """
    until = time.monotonic() + seconds
    while _is_something_new():
        with transaction.atomic():
            is_ours = _lock()
            if is_ours:
                fold(AT_ONCE)
        if time.monotonic() >= until:
            return behind()
        if not is_ours:
            time.sleep(_WAIT)
    return Behind(0, None)


def fold(at_once: int) -> None:
    """Count the stories of the oldest uncounted events, for whoever holds the lock."""
    known = KnownHours()
    places = known.places()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [at_once])
        rows = cursor.fetchall()
    cells: Cells = {}
    for told in stories(rows, places):
        spread(facts(told.subject, told.before, places), cells, sign=-1)
        spread(facts(told.subject, told.after, places), cells)
    add_longer(cells)
    add(cells)
    known.keep()


def _is_something_new() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM figures_uncounted)")
        return bool(cursor.fetchone()[0])


def _lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])

"""Counting all anew from the journal, to compare or to replace.

    compare() -> Iterator[Difference]        where the cells say something else than a recount
    recount(look_anew=False) -> int          put a recount in the cells' place; returns their number

Both count the same events: those that are counted already, and for ``recount`` those that aren't
as well. What is committed meanwhile stays on the list of the uncounted. Nothing else is counted
while it lasts; pages go on showing what stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from django.db import connection, transaction

from giliran.core.figures import SUBJECTS, Cells, add_longer, facts, spread
from giliran.figures.cells import CELLS, LOCK, TOLD, add, stories
from giliran.figures.hours import KnownHours

_TABLE: Final = "figures_recounted"
_AT_ONCE: Final = {"counter": 20}
"""Subjects read at once; a counter has years of history, anything else some days."""
_STORIES_AT_ONCE: Final = 5000
_CELLS_AT_ONCE: Final = 120_000
"""So many are held before they are written, about 150 MB."""

_COUNTED = f"""
SELECT e.subject, {TOLD.format(e="e", is_new="true")}
FROM journal_event e
WHERE e.subject = %s AND {{which}}
  AND NOT EXISTS (SELECT FROM figures_uncounted u WHERE u.event_id = e.id)
GROUP BY e.subject, {{by}}
"""  # noqa: S608 -- our own columns
_OF_SUBJECTS = _COUNTED.format(which="e.subject_id >= %s AND e.subject_id < %s", by="e.subject_id")
_OF_NONE = _COUNTED.format(which="e.subject_id IS NULL AND e.id >= %s AND e.id < %s", by="e.id")
_NEXT = "SELECT min(subject_id) FROM journal_event WHERE subject = %s AND subject_id >= %s"
_NEXT_OF_NONE = (
    "SELECT min(id) FROM journal_event WHERE subject = %s AND subject_id IS NULL AND id >= %s"
)
_DIFFERENCES = f"""
SELECT span, split, office_id, first, part, key, COALESCE(c.n, 0), COALESCE(r.n, 0)
FROM (SELECT span, split, office_id, first, part, key, value::bigint AS n
      FROM {CELLS}, LATERAL jsonb_each_text(counts || waits) AS each(key, value)) c
FULL JOIN (SELECT span, split, office_id, first, part, key, value::bigint AS n
      FROM {_TABLE}, LATERAL jsonb_each_text(counts || waits) AS each(key, value)) r
    USING (span, split, office_id, first, part, key)
WHERE c.n IS DISTINCT FROM r.n
ORDER BY 1, 2, 3, 4, 5, 6
"""  # noqa: S608 -- our own table names


class Difference(NamedTuple):
    """A number that stands in a cell, and what the journal says."""

    span: str
    split: str
    office_id: int
    first: date
    part: str
    key: str
    held: int
    counted: int


def compare() -> Iterator[Difference]:
    """Yield each number of a cell that a recount of the counted events finds otherwise."""
    with transaction.atomic():
        _lock()
        _count_all()
        with connection.cursor() as cursor:
            cursor.execute(_DIFFERENCES)
            found = [Difference(*row) for row in cursor]
            cursor.execute(f"DROP TABLE {_TABLE}")
    yield from found


def recount(*, look_anew: bool = False) -> int:
    """Put what the journal adds up to in the cells' place; returns how many cells there are.

    ``look_anew`` looks opening hours up again, also of days that were counted under others.
    """
    with transaction.atomic():
        _lock()
        with connection.cursor() as cursor:
            # What is written down from here on is committed later, and counted later.
            cursor.execute("DELETE FROM figures_uncounted")
            if look_anew:
                cursor.execute("DELETE FROM figures_dayhours")
        _count_all()
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {CELLS}")  # noqa: S608 -- our own table names
            cursor.execute(f"INSERT INTO {CELLS} SELECT * FROM {_TABLE}")  # noqa: S608 -- as above
            cells = int(cursor.rowcount)
            cursor.execute(f"DROP TABLE {_TABLE}")
    return cells


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _count_all() -> None:
    """Write all cells anew into a table that this transaction has for itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE {_TABLE} (LIKE {CELLS} INCLUDING ALL) ON COMMIT DROP"
        )
    known = KnownHours(all_at_once=True)
    places = known.places()
    cells: Cells = {}
    for rows in _pieces():
        for told in stories(rows, places):
            spread(facts(told.subject, told.after, places), cells)
        if len(cells) > _CELLS_AT_ONCE:
            _flush(cells)
    _flush(cells)
    known.keep()


def _flush(cells: Cells) -> None:
    add_longer(cells)
    add(cells, table=_TABLE)
    cells.clear()


def _pieces() -> Iterator[list[tuple[str, str]]]:
    """Yield all counted events, whole stories at once."""
    for subject in SUBJECTS:
        yield from _each(subject, _NEXT, _OF_SUBJECTS, _AT_ONCE.get(subject, _STORIES_AT_ONCE))
        yield from _each(subject, _NEXT_OF_NONE, _OF_NONE, _STORIES_AT_ONCE)


def _each(
    subject: str, next_one: str, statement: str, at_once: int
) -> Iterator[list[tuple[str, str]]]:
    """Yield the stories of a subject by ranges of numbers; empty ranges are passed over."""
    at = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(next_one, [subject, at])
            (begins,) = cursor.fetchone()
            if begins is None:
                return
            at = begins + at_once
            cursor.execute(statement, [subject, begins, at])
            yield cursor.fetchall()

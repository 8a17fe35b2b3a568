"""Reading stories from the journal, and adding what they give to cells."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Final, NamedTuple

from django.db import connection

from giliran.core.figures import Cell, Cells, Event, Places, changed

LOCK: Final = 0x6369_7068
"""Whoever changes cells holds it; see pg_advisory_xact_lock."""
CELLS: Final = "figures_cell"
_COLUMNS = "span, split, office_id, first, part"
_KEYS = "unnest(%s::text[], %s::text[], %s::bigint[], %s::date[], %s::text[])"


class Row(NamedTuple):
    """One event as the database gives it; ``is_new``: it isn't in the cells yet."""

    id: int
    at: Any
    kind: str
    office_id: int | None
    subject: str
    subject_id: int | None
    data: str
    is_new: bool


class Told(NamedTuple):
    """A story before and after its new events."""

    subject: str
    before: list[Event]
    after: list[Event]


def stories(rows: Iterable[Row], places: Places) -> Iterator[Told]:
    """Divide rows, ordered by subject, subject_id and id, into stories that have a new event.

    What has no subject_id is a story of its own, and a counter has one story a day.
    """
    for (subject, subject_id), found in groupby(
        rows, key=lambda row: (row.subject, row.subject_id)
    ):
        if subject_id is None:
            for row in found:
                yield _told(subject, [row])
        elif subject == "counter":
            days = groupby(found, key=lambda row: places.local(row.office_id or 0, row.at).date())
            for _, of_day in days:
                told = list(of_day)
                if any(row.is_new for row in told):
                    yield _told(subject, told)
        else:
            yield _told(subject, list(found))


def _told(subject: str, rows: list[Row]) -> Told:
    events = [Event(row.at, row.kind, row.office_id, json.loads(row.data)) for row in rows]
    before = [event for event, row in zip(events, rows, strict=True) if not row.is_new]
    return Told(subject, before, events)


def add(cells: Cells, *, table: str = CELLS) -> None:
    """Add changes to the cells of a table; one in which nothing is left goes away."""
    changes = {cell: counts for cell, counts in cells.items() if any(counts.values())}
    if not changes:
        return
    keys = list(zip(*changes, strict=True))
    held = _held(keys, table)
    written: list[tuple[Any, ...]] = []
    emptied: list[Cell] = []
    for cell, change in changes.items():
        counts = changed(held.get(cell, {}), change)
        if counts:
            written.append((*cell, *_divided(counts)))
        else:
            emptied.append(cell)
    _write(written, table)
    if emptied:
        _remove(emptied, table)


def _held(keys: list[tuple[Any, ...]], table: str) -> dict[Cell, Mapping[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS}, counts::text, waits::text "  # noqa: S608 -- our own table names
            f"FROM {table} JOIN {_KEYS} AS k({_COLUMNS}) USING ({_COLUMNS})",
            _arrays(keys),
        )
        return {
            Cell(office_id, span, first, split, part): json.loads(counts) | json.loads(waits)
            for span, split, office_id, first, part, counts, waits in cursor
        }


def _arrays(keys: list[tuple[Any, ...]]) -> list[list[Any]]:
    office_ids, spans, firsts, splits, parts = keys
    return [list(spans), list(splits), list(office_ids), list(firsts), list(parts)]


def _divided(counts: Mapping[str, int]) -> tuple[str, str]:
    """Return counts and waits apart, as JSON: minutes waited begin with a digit."""
    plain = {key: n for key, n in counts.items() if not key[0].isdigit()}
    waits = {key: n for key, n in counts.items() if key[0].isdigit()}
    return json.dumps(plain), json.dumps(waits)


def _write(rows: list[tuple[Any, ...]], table: str) -> None:
    if not rows:
        return
    *keys, counts, waits = zip(*rows, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({_COLUMNS}, counts, waits) "  # noqa: S608 -- as above
            f"SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::date[], %s::text[], "
            "%s::jsonb[], %s::jsonb[]) "
            f"ON CONFLICT ({_COLUMNS}) DO UPDATE "
            "SET counts = excluded.counts, waits = excluded.waits",
            [*_arrays(keys), list(counts), list(waits)],
        )


def _remove(emptied: list[Cell], table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} WHERE ({_COLUMNS}) IN (SELECT * FROM {_KEYS})",  # noqa: S608
            _arrays(list(zip(*emptied, strict=True))),
        )

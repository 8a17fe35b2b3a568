"""Lists of matches: no names, so that looking through them tells nobody's data."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection


class Listed(NamedTuple):
    """A match in a list."""

    id: int
    kind: str
    likeness: int
    state: str
    found_at: datetime
    first_kpj: str
    second_kpj: str
    decided_at: datetime | None
    decided_by: str
    waits: bool  # a claim of one of the two is under way


_LISTED = """
SELECT m.id, m.kind, m.likeness, m.state, m.found_at, a.kpj, b.kpj, m.decided_at,
    coalesce(o.full_name, ''),
    a.citizen_id = ANY(%(waiting)s) OR b.citizen_id = ANY(%(waiting)s) AS waits
FROM people_match AS m
JOIN people_card AS a ON a.id = m.first_id
JOIN people_card AS b ON b.id = m.second_id
LEFT JOIN people_officer AS o ON o.id = m.decided_by_id
"""
_OPEN = f"""
{_LISTED}
WHERE m.state = 'open' AND (
    (a.merged_into_id IS NULL AND b.merged_into_id IS NULL)
    OR people_root_of_card(a.id) <> people_root_of_card(b.id))
ORDER BY waits DESC, m.likeness DESC, m.id LIMIT %(limit)s OFFSET %(offset)s
"""
_DECIDED = f"{_LISTED} WHERE m.state <> 'open' ORDER BY m.decided_at DESC, m.id LIMIT %(limit)s"
_OF_KPJ = f"{_LISTED} WHERE a.kpj = %(kpj)s OR b.kpj = %(kpj)s ORDER BY m.id LIMIT %(limit)s"


def open_matches(
    *, waiting: Collection[int] = (), limit: int = 50, offset: int = 0
) -> list[Listed]:
    """Return what is still to be decided, the likest first.

    Before all others come those with a citizen in ``waiting``: somebody's claim waits for them.
    Left out is a pair that is joined by way of a third card.
    """
    return _listed(_OPEN, waiting=list(waiting), limit=limit, offset=offset)


def decided(*, limit: int = 20) -> list[Listed]:
    """Return what was decided, the latest first."""
    return _listed(_DECIDED, limit=limit)


def matches_of(kpj: str, *, limit: int = 50) -> list[Listed]:
    """Return the matches of one card, decided or not."""
    return _listed(_OF_KPJ, kpj=kpj, limit=limit)


def _listed(query: str, **values: Any) -> list[Listed]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"waiting": [], **values})
        return [Listed(*row) for row in cursor.fetchall()]

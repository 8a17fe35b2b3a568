"""Which cards are joined: the one that stays, and those under it."""

from __future__ import annotations

from django.db import connection

_GROUP = """
WITH RECURSIVE joined (id, citizen_id) AS (
    SELECT id, citizen_id FROM people_card WHERE id = %s
    UNION ALL
    SELECT c.id, c.citizen_id FROM people_card AS c JOIN joined AS j ON c.merged_into_id = j.id)
SELECT id, citizen_id FROM joined
"""


def root_of(card_id: int) -> int:
    """Return the card that a card was joined to in the end, or itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_root_of_card(%s)", [card_id])
        return int(cursor.fetchone()[0])


def group_of(root_id: int) -> dict[int, int]:
    """Return the citizen of each card that is joined to a root, the root's own included."""
    with connection.cursor() as cursor:
        cursor.execute(_GROUP, [root_id])
        return dict(cursor.fetchall())

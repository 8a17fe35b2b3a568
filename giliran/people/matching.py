"""Finding cards that may belong to one person; an officer decides (giliran.people.merging).

Two ways lead to a match. ``same_nik``: several cards stand on one NIK. ``near_name``: two NIKs,
the same birth date, and names that are alike once folded (giliran.core.likeness). Candidates come
by the blind index of the birth date; names are unsealed some thousand at a time and forgotten
with them. What was found and missed in a made register is in docs/guides/two-cards.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

import numpy as np
from django.db import connection, transaction
from rapidfuzz import fuzz, process

from giliran.core.likeness import Folded, fold, likeness, of_people
from giliran.encryption import unseal
from giliran.outbox import post
from giliran.people.models import Citizen, Match, NewCard

THRESHOLD = 80
"""From this likeness on an officer is asked; see the guide for precision and recall around it."""
_ROUGH = 60  # of the telling words, by a fast comparison; the exact one follows
_FOR_NIK = 10  # what NIKs that differ by a slip add at most
_CARDS_AT_ONCE = 100  # whose birth dates are looked at in one transaction
_ROWS_AT_ONCE = 500  # of a table of likenesses: some register 1 January for whoever doesn't know
_ALIKE_CARDS = 20  # of one NIK that a card is held against: a NIK of 16 nines has thousands
_OTHER_BIRTH = 30  # what another birth date takes from cards of one NIK


class Searched(NamedTuple):
    """What one step looked at."""

    cards: int
    found: int


class _Card(NamedTuple):
    id: int
    citizen_id: int
    name: Folded
    is_new: bool


class _Pair(NamedTuple):
    first_id: int
    second_id: int
    kind: str
    likeness: int


def search_soon() -> None:
    """Ask for a search, in the transaction that brought new cards."""
    post("people.find_matches", key="people.find_matches")


def search_next(*, now: datetime) -> Searched | None:
    """Look for doubles of the next cards that came or changed, with all who share a birth date.

    One transaction. Returns None when no card is left, or when somebody else is searching. What
    stands as a match already, decided or not, isn't found again.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('people.matching'))")
        if not cursor.fetchone()[0]:
            return None
        cursor.execute(_NEXT, [_CARDS_AT_ONCE])
        births = [bytes(row[0]) for row in cursor.fetchall()]
        if not births:
            NewCard.objects.all().delete()  # of cards that are gone
            return None
        cursor.execute(_OF_BIRTHS, [births])
        groups: dict[bytes, list[_Card]] = defaultdict(list)
        for card_id, citizen_id, name, birth, is_new in cursor:
            card = _Card(card_id, citizen_id, fold(unseal(name)), is_new)
            groups[bytes(birth)].append(card)
        new = [card.id for group in groups.values() for card in group if card.is_new]
        pairs = {pair[:2]: pair for pair in _near_names(groups.values())}
        cursor.execute(_OF_SAME_NIK, [_ALIKE_CARDS, new])
        pairs |= {pair[:2]: pair for pair in map(_same_nik, cursor)}
        found = _keep(list(pairs.values()), now=now)
        NewCard.objects.filter(card_id__in=new).delete()
    return Searched(len(new), found)


_NEXT = """
SELECT DISTINCT birth_index FROM (
    SELECT c.birth_index FROM people_newcard AS n JOIN people_card AS c ON c.id = n.card_id
    ORDER BY n.card_id LIMIT %s) AS next
"""
_OF_BIRTHS = """
SELECT c.id, c.citizen_id, c.name_sealed, c.birth_index, n.card_id IS NOT NULL
FROM people_card AS c LEFT JOIN people_newcard AS n ON n.card_id = c.id
WHERE c.birth_index = ANY(%s)
"""
_OF_SAME_NIK = """
SELECT c.id, o.id, c.name_sealed, o.name_sealed, c.birth_index = o.birth_index
FROM people_card AS c CROSS JOIN LATERAL (
    SELECT * FROM people_card AS other
    WHERE other.citizen_id = c.citizen_id AND other.id <> c.id ORDER BY other.id LIMIT %s) AS o
WHERE c.id = ANY(%s) AND people_root_of_card(c.id) <> people_root_of_card(o.id)
"""


def _same_nik(row: tuple[int, int, bytes, bytes, bool]) -> _Pair:
    """Weigh two cards of one NIK: another name or birth date says that it may be wrong on one."""
    a, b, name, other, same_birth = row
    alike = likeness(fold(unseal(name)), fold(unseal(other)))
    score = alike if same_birth else max(0, alike - _OTHER_BIRTH)
    return _Pair(min(a, b), max(a, b), Match.Kind.SAME_NIK, score)


def _near_names(groups: Iterable[list[_Card]]) -> list[_Pair]:
    """Return the pairs of different NIKs in each group that reach the threshold."""
    near = [
        (card, other, alike)
        for group in groups
        for card, other in _roughly_alike(group)
        if (alike := likeness(card.name, other.name)) >= THRESHOLD - _FOR_NIK
    ]
    citizens = {card.citizen_id for pair in near for card in pair[:2]}
    sealed = Citizen.objects.filter(id__in=citizens).values_list("id", "nik_sealed")
    niks = {citizen_id: unseal(nik) for citizen_id, nik in sealed}
    pairs = []
    for card, other, alike in near:
        score = of_people(alike, niks[card.citizen_id], niks[other.citizen_id])
        if score >= THRESHOLD:
            low, high = sorted((card.id, other.id))
            pairs.append(_Pair(low, high, Match.Kind.NEAR_NAME, score))
    return pairs


def _roughly_alike(group: list[_Card]) -> Iterator[tuple[_Card, _Card]]:
    """Yield each pair with a new card whose telling words are somewhat alike."""
    new = [card for card in group if card.is_new]
    words = [card.name.telling for card in group]
    for start in range(0, len(new), _ROWS_AT_ONCE):
        rows = new[start : start + _ROWS_AT_ONCE]
        table = process.cdist(
            [card.name.telling for card in rows],
            words,
            scorer=fuzz.token_set_ratio,
            score_cutoff=_ROUGH,
            dtype=np.uint8,
        )
        for row, column in np.argwhere(table):
            card, other = rows[row], group[column]
            is_first = not other.is_new or card.id < other.id  # each pair once
            if is_first and card.citizen_id != other.citizen_id:
                yield card, other


def _keep(pairs: list[_Pair], *, now: datetime) -> int:
    """Store the pairs that aren't known; returns how many those were."""
    if not pairs:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO people_match
                (first_id, second_id, kind, likeness, state, found_at,
                 asked_because, apart_because)
            SELECT f, s, k, l, 'open', %s, '', ''
            FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::int[]) AS pair (f, s, k, l)
            ON CONFLICT DO NOTHING
            """,
            [now, *(list(column) for column in zip(*pairs, strict=True))],
        )
        return int(cursor.rowcount)

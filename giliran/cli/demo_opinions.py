"""What people of the demonstration's last weeks said when they were asked how it was.

Written in bulk; the table's own trigger tells the journal, as it does for one answer.
"""

from __future__ import annotations

import json
import random
import secrets
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from django.db import connection
from django.db.models.functions import Greatest

from giliran.core.opinion_words import group_of
from giliran.core.satisfaction import elements_for
from giliran.encryption import seal
from giliran.turns.models import Turn
from giliran.voices.models import Opinion

SAID: Final = (
    "Menunggu terlalu lama, kursi kurang.",
    "Petugasnya ramah dan jelas.",
    "Sudah datang dua kali karena fotokopi kurang.",
    "Bagus, datang sesuai jam langsung dipanggil.",
    "Ruang tunggu panas.",
)
_ASKED, _REPLIES, _WORDS = 0.3, 0.55, 0.15
_SCORES = (1, 2, 3, 4)
_AFTER_LONG, _AFTER_SHORT = (4, 6, 5, 1), (1, 2, 6, 6)
"""How many give each score, of those who waited long and of the others."""
_LONG: Final = timedelta(minutes=45)
_AT_ONCE: Final = 1000

_REPLY: Final = """
UPDATE voices_opinion o SET score = given.score, elements = given.elements::jsonb,
    replied_at = o.asked_at, replied_by = 'page', words_sealed = given.words,
    words_group = given.words_group
FROM unnest(%s::bigint[], %s::smallint[], %s::text[], %s::bytea[], %s::text[])
    AS given (turn_id, score, elements, words, words_group)
WHERE o.turn_id = given.turn_id
"""


class _Served(NamedTuple):
    """What is read of a turn."""

    turn_id: int
    office_id: int
    service_id: int
    day: date
    came_at: datetime
    called_at: datetime
    ended_at: datetime


def load(*, today_begins: datetime) -> None:
    """Ask some of those who were served before today, and let some of them answer."""
    chance = random.Random(14)  # noqa: S311 -- made-up people
    served = Turn.objects.filter(state="finished", ended_at__lt=today_begins).order_by("id")
    came_at = Greatest("arrived_at", "window_from")  # without a window: the arrival
    rows = served.values_list(
        "id", "office_id", "service_id", "day", came_at, "called_at", "ended_at"
    )
    asked = [_Served(*row) for row in rows if chance.random() < _ASKED]
    Opinion.objects.bulk_create([_question(one) for one in asked], batch_size=_AT_ONCE)
    replied = [_reply(one, chance) for one in asked if chance.random() < _REPLIES]
    with connection.cursor() as cursor:
        cursor.execute(_REPLY, [list(column) for column in zip(*replied, strict=True)])


def _question(of: _Served) -> Opinion:
    return Opinion(
        turn_id=of.turn_id,
        token=secrets.token_urlsafe(16),
        office_id=of.office_id,
        service_id=of.service_id,
        day=of.day,
        channel="page",
        asked_at=of.ended_at + timedelta(hours=1),
        asked_elements=list(elements_for(of.turn_id)),
    )


def _reply(of: _Served, chance: random.Random) -> tuple[int, int, str, bytes, str]:
    weights = _AFTER_LONG if of.called_at - of.came_at > _LONG else _AFTER_SHORT
    score = chance.choices(_SCORES, weights)[0]
    elements = {name: chance.choices(_SCORES, weights)[0] for name in elements_for(of.turn_id)}
    words = chance.choice(SAID) if chance.random() < _WORDS else ""
    return of.turn_id, score, json.dumps(elements), seal(words), group_of(words)

"""What people of the demonstration's last days said when they were asked how it was."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from giliran.offices import queries as offices
from giliran.turns.models import Turn
from giliran.voices.actions import asking_opinion as opinions

SAID = (
    "Menunggu terlalu lama, kursi kurang.",
    "Petugasnya ramah dan jelas.",
    "Sudah datang dua kali karena fotokopi kurang.",
    "Bagus, datang sesuai jam langsung dipanggil.",
    "Ruang tunggu panas.",
)
_REPLIES, _WORDS = 0.6, 0.2
_SCORES, _WEIGHTS = (1, 2, 3, 4), (1, 3, 5, 4)


def load(*, today_begins: datetime) -> None:
    """Ask everybody who was served in Serang before today, and let some answer."""
    serang = offices.office("serang")
    chance = random.Random(14)  # noqa: S311 -- made-up people
    served = Turn.objects.filter(
        office=serang,
        state="finished",
        ended_at__lt=today_begins,
        ended_at__gt=today_begins - timedelta(days=12),
    ).order_by("id")
    for turn in served:
        if turn.ended_at is None:
            continue
        now = turn.ended_at + timedelta(hours=1)
        token = opinions.ask(turn.id, channel="page", now=now)
        if chance.random() > _REPLIES:
            continue
        score = chance.choices(_SCORES, _WEIGHTS)[0]
        opinions.rate(token, score, channel="page", now=now)
        elements = {f"u{k}": chance.choices(_SCORES, _WEIGHTS)[0] for k in range(1, 10)}
        opinions.rate_more(
            token, elements, chance.choice(SAID) if chance.random() < _WORDS else "", now=now
        )

"""The question that is put to whoever looks at a visit that is over."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from giliran.core.refusal import Refusal
from giliran.core.satisfaction import ANSWERS
from giliran.voices import opinions
from giliran.voices.actions import asking_opinion

if TYPE_CHECKING:
    from giliran.turns.models import Turn

SCORES = tuple(sorted(ANSWERS.items(), reverse=True))
"""The answers as they are offered: the best first, as it is asked in Indonesian forms."""


def asked_of(turn: Turn, *, channel: str, now: datetime) -> opinions.Question | None:
    """Ask how a visit was, and return the question; None where it isn't asked any more.

    Showing it is asking it: from then on it counts, whether it is answered or not.
    """
    try:
        token = asking_opinion.ask(turn.id, channel=channel, now=now)
    except Refusal:
        return None
    return opinions.question(token, now=now)

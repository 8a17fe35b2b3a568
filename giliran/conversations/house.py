"""The world behind a conversation: where its choices come from, and what its deeds do."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import override

from giliran.claims.actions import parse_birth
from giliran.conversations.deeds import DEEDS
from giliran.conversations.refusals import NotMinutes
from giliran.conversations.sources import SOURCES, named_offices
from giliran.conversations.words import worded
from giliran.conversations.world import World
from giliran.core.conversation import Choice, Offered, Outcome, Said
from giliran.core.identifiers import parse_code, parse_nik
from giliran.core.refusal import Refusal
from giliran.turns import actions as turns

_SOMEBODY = "3604014101900001"  # stands in for a NIK while a name is checked
_LONGEST_WAY = 600  # minutes


class ConversationHouse:
    """One message's way to services, offices, turns and officers."""

    def __init__(self, world: World) -> None:
        self.world = world

    def offer(self, source: str, known: Mapping[str, str], language: str) -> Offered:
        with override(language):
            return SOURCES[source](self.world, known, language)

    def find(self, source: str, text: str, known: Mapping[str, str]) -> tuple[Choice, ...]:
        return named_offices(self.world, source, text, known)

    def read(self, reading: str, text: str, known: Mapping[str, str]) -> str:
        if reading == "name":
            return turns.asker(nik=_SOMEBODY, name=text, phone="").name
        if reading == "nik":
            return parse_nik(text)
        if reading == "code":
            return parse_code(text)
        if reading == "minutes":
            return _minutes(text)
        if reading == "birth":
            return parse_birth(text).isoformat()
        return text

    def do(self, deed: str, known: Mapping[str, str], said: Said, language: str) -> Outcome:
        with override(language):
            return DEEDS[deed](self.world, known, said, language)

    def sentence(self, refusal: Refusal, language: str) -> str:
        with override(language):
            return worded(refusal)


def _minutes(text: str) -> str:
    """Read "45", "45 menit", "1 jam", "1 jam 30 menit"."""
    words = text.casefold()
    hours = re.search(r"(\d{1,2})\s*(?:jam|hours?|h)\b", words, re.ASCII)
    minutes = re.search(r"(\d{1,3})\s*(?:menit|mnt|minutes?|min|m)?\s*$", words, re.ASCII)
    total = (int(hours[1]) * 60 if hours else 0) + (int(minutes[1]) if minutes else 0)
    if not (hours or minutes) or total > _LONGEST_WAY:
        raise NotMinutes("minutes")
    return str(total)

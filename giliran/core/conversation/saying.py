"""What is said to a person: words in two languages, and the choices under them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Choice(NamedTuple):
    """One answer that can be pressed, or given by its number, or by its label."""

    id: str
    label: str


class Say(NamedTuple):
    """One message to a person; the numbers of the choices are their places, from 1."""

    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in both languages, and shorter ones where every letter costs money."""

    id: str
    en: str
    short_id: str = ""
    short_en: str = ""

    def spoken(self, language: str, *, short: bool = False) -> str:
        """Give the words in a language; Indonesian unless it's English."""
        if language.startswith("en"):
            return (short and self.short_en) or self.en
        return (short and self.short_id) or self.id


class Document(NamedTuple):
    """A file that somebody sent; ``kind`` is its media type as the sender names it."""

    kind: str
    content: bytes
    name: str = ""


class Said(NamedTuple):
    """What a person said: words, a pressed choice, a place (latitude, longitude), a file.

    ``media_id`` names a file that messages has fetched already.
    """

    text: str = ""
    choice: str = ""
    place: tuple[float, float] | None = None
    media_id: int | None = None
    document: Document | None = None

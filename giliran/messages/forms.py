"""A message's sentences in both languages, with places for what differs."""

from __future__ import annotations

import re
from typing import NamedTuple

PLACE = re.compile(r"%\((\w+)\)s")


class Both(NamedTuple):
    """The same words in Indonesian and in English."""

    id: str
    en: str

    def spoken(self, language: str) -> str:
        """Return the words in a language; Indonesian unless it's English."""
        return self.en if language.startswith("en") else self.id


class Form(NamedTuple):
    """One message with places for what differs.

    ``name`` is the template's name at WhatsApp, ``body`` what it says there and in e-mail,
    ``short`` what an SMS says: the first sentence always, the others as long as they fit.
    ``choices`` are the words that answer it, as one may also type them; ``answers`` say so where
    an answer is heard, which it isn't in an e-mail.
    """

    name: str
    body: Both
    short: tuple[Both, ...]
    choices: tuple[str, ...] = ()
    title: Both = Both("Kabar giliran Bapak/Ibu", "News of your turn")
    answers: tuple[Both, ...] = ()

    def said(self, language: str) -> str:
        """Return the body and how to answer, with their places."""
        return " ".join(one.spoken(language) for one in (self.body, *self.answers))

    def places(self, language: str) -> tuple[str, ...]:
        """Return the names of the body's places, in the order in which they stand there."""
        return tuple(PLACE.findall(self.said(language)))

    def registered(self, language: str) -> str:
        """Return the body as WhatsApp wants it: ``{{1}}``, ``{{2}}``, ..."""
        numbers = iter(range(1, 100))
        return PLACE.sub(lambda _: f"{{{{{next(numbers)}}}}}", self.said(language))

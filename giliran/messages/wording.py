"""What a message says, in the lengths and forms that the channels need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import NamedTuple, TypeVar

from django.utils.translation import override

from giliran.messages.fitting import fitted
from giliran.messages.forms import Form
from giliran.messages.site import site

Worded = TypeVar("Worded", bound="Wording | None")


class Wording(NamedTuple):
    """One message in one language. Nothing personal: others may see it on a lock screen."""

    text: str
    short: str
    """Fits one SMS: at most 160 characters of GSM-7, plain ASCII if possible, no short links."""
    choices: tuple[tuple[str, str], ...] = ()
    """(id, label of at most 20 characters): buttons, a list, or numbered lines."""
    title: str = ""
    """The subject of an e-mail; neutral."""
    template: str = ""
    """WhatsApp's approved template, for outside the 24 hours after somebody wrote."""
    parameters: tuple[str, ...] = ()
    """What fills the template's places."""
    calendar: bytes = b""
    """An .ics file, attached to e-mail."""
    letter: str = ""
    """What an e-mail says instead of ``text``: there no answer is heard, and links may stand."""


def filled(form: Form, values: Mapping[str, str], language: str, *, letter: str) -> Wording:
    """Return a form with its places filled, in the lengths that the channels need.

    ``letter`` is what an e-mail says. Raises ``KeyError`` for a place that nothing fills.
    """
    return Wording(
        text=form.said(language) % values,
        short=fitted(sentence.spoken(language) % values for sentence in form.short),
        title=form.title.spoken(language),
        template=form.name,
        parameters=tuple(values[place] for place in form.places(language)),
        letter=letter,
    )


def letter(form: Form, values: Mapping[str, str], language: str, *, more: str) -> str:
    """Return what an e-mail says where nobody reads answers: the body, and below it one line."""
    return f"{form.body.spoken(language) % values}\n\n{more}"


class Known(NamedTuple):
    """A message's sentences, what fills them, and the page to which it leads."""

    form: Form
    values: Mapping[str, str]
    page: str


def linked(found: Known, language: str) -> Wording:
    """Return a form filled, ``url`` with the page's address; an e-mail says the same."""
    values = {**found.values, "url": f"{site()}{found.page}"}
    return filled(found.form, values, language, letter=found.form.said(language) % values)


def in_its_language(word: Callable[[int, str], Worded]) -> Callable[[int, str], Worded]:
    """Let all that a message says be in its language, English or else Indonesian."""

    @wraps(word)
    def spoken(message_id: int, language: str) -> Worded:
        with override("en" if language.startswith("en") else "id"):
            return word(message_id, language)

    return spoken

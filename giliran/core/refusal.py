"""A refusal has a name, a sentence for the person who asked, and says what is possible now."""

from __future__ import annotations

from typing import Any, ClassVar


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for translation where gettext itself can't be imported."""
    return sentence


class Refusal(Exception):
    """Why something asked for can't be done; shown to the person in their own language.

    ``sentence`` is the Indonesian source text (a gettext msgid) with named ``%(...)s`` places,
    ``code`` its stable machine name, and ``params`` fills the places.
    """

    code: ClassVar[str] = "refused"
    sentence: ClassVar[str] = gettext_noop("Permintaan tidak dapat dipenuhi.")

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(str(self))

    def __str__(self) -> str:
        """Return the Indonesian sentence, filled in."""
        return self.sentence % self.params


class NotFound(Refusal):
    """What was asked about does not exist, or not for this person."""

    code = "not_found"
    sentence = gettext_noop("Data tidak ditemukan. Periksa lagi kode yang diketik.")


class BadInput(Refusal):
    """One field of a form can't be read; names the field so that the page can point at it."""

    code = "bad_input"

    def __init__(self, field: str, **params: Any) -> None:
        self.field = field
        super().__init__(**params)

"""The message that an officer sends to themselves, to see where news arrive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from giliran.messages.forms import Both, Form
from giliran.messages.wording import Wording, filled

KIND: Final = "officer_trial"
KINDS: Final = frozenset({KIND})
TRIAL: Final = Form(
    "kabar_percobaan",
    Both(
        "Ini kabar percobaan yang Bapak/Ibu minta sendiri. Kabar untuk petugas akan sampai di "
        "sini. Tidak ada yang perlu dilakukan.",
        "This is the test message that you asked for. News for officers will arrive here. There "
        "is nothing to do.",
    ),
    (
        Both(
            "Kabar percobaan: kabar untuk petugas akan sampai di sini.",
            "Test message: news for officers will arrive here.",
        ),
        Both("Tidak ada yang perlu dilakukan.", "There is nothing to do."),
    ),
    title=Both("Kabar percobaan", "Test message"),
)
FORMS: Final = (TRIAL,)
EXAMPLES: Final[Mapping[str, str]] = {}


def word(message_id: int, language: str) -> Wording:
    """Return the test message in a language ("id" or "en"); it is always true."""
    return filled(TRIAL, {}, language, letter=TRIAL.said(language))

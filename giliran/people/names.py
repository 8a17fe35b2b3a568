"""Names as people write them: cleaned, checked, and never rejected for their spelling."""

from __future__ import annotations

from giliran.core.refusal import BadInput, gettext_noop

NAME_LENGTH = 120


class BadName(BadInput):
    """A name is empty, too long, or has no letter."""

    code = "bad_name"
    sentence = gettext_noop("Tulis nama seperti di KTP, paling panjang 120 huruf.")


def parse_name(text: str, *, field: str = "name") -> str:
    """Return a name with single spaces. Raises ``BadName`` with the form's ``field``."""
    clean = " ".join(text.split())
    if not (any(c.isalpha() for c in clean) and len(clean) <= NAME_LENGTH and clean.isprintable()):
        raise BadName(field)
    return clean

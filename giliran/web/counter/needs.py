"""What a visitor may need, in the words of the screens; never a diagnosis."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext, gettext_noop

NEEDS = {
    "wheelchair": gettext_noop("Kursi roda"),
    "ground_floor": gettext_noop("Lantai dasar"),
    "sign_language": gettext_noop("Bahasa isyarat"),
    "companion": gettext_noop("Pendamping"),
}


def choices() -> list[tuple[str, str]]:
    """Return (code, name) of everything that can be ticked."""
    return [(code, gettext(name)) for code, name in NEEDS.items()]


def named(codes: Iterable[str]) -> list[str]:
    """Return the names of need codes; a code that another entrance made is shown as it is."""
    return [gettext(NEEDS[code]) if code in NEEDS else code for code in codes]


def ticked(codes: Iterable[str]) -> list[str]:
    """Return the known codes among those that a form sent, each once."""
    sent = set(codes)
    return [code for code in NEEDS if code in sent]

"""Names in the letters that every bank takes: ISO 20022's "Latin character set" of SWIFT.

A name that a bank's computer can't read comes back as "name differs", and somebody waits weeks.
"""

from __future__ import annotations

import re
import unicodedata

NAME_LENGTH = 140  # Max140Text
_ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")
# What has no Latin letter within it, as the EPC writes it (EPC217-08, conversion table).
_WRITTEN = str.maketrans(
    {
        "&": "+",
        "@": "(at)",
        "_": "-",
        "–": "-",
        "—": "-",
        "‘": "'",
        "’": "'",
        "ʼ": "'",
        "ʻ": "'",
        "ʿ": "'",
        "ʾ": "'",
        "`": "'",
        '"': "'",
        "“": "'",
        "”": "'",
        ";": ",",
        "ß": "ss",
        "æ": "ae",
        "Æ": "AE",
        "œ": "oe",
        "Œ": "OE",
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "þ": "th",
    }
)


def latin(text: str, length: int = NAME_LENGTH) -> str:
    """Return the text in SWIFT's letters, at most ``length`` of them, never empty.

    Accents fall off (Dèwi -> Dewi); a letter of another script becomes a point, as the EPC has it.
    Neither end is a slash, and none stands twice, which SWIFT would read as a code.
    """
    bare = unicodedata.normalize("NFKD", text.translate(_WRITTEN))
    kept = (c for c in bare if not unicodedata.combining(c))
    plain = "".join(c if c in _ALLOWED else " " if c.isspace() else "." for c in kept)
    plain = re.sub(r"/{2,}", "/", re.sub(r" {2,}", " ", plain)).strip(" /")
    return plain[:length].rstrip(" /") or "."

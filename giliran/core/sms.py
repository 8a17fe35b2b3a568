"""How long a text message is: GSM-7 or UCS-2, and how many parts (3GPP TS 23.038, 23.040).

A telephone network takes 140 bytes at a time: 160 letters of its own alphabet, or 70 of any other.
A longer text goes out in parts, each with a header of its own that costs 7 letters (3 of UCS-2),
and each part is paid. One curly quotation mark can double the price, so texts are folded first.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = "\f^{}\\[~]|€"  # sent as an escape and a letter

SEPTETS = dict.fromkeys(_BASIC, 1) | dict.fromkeys(_EXTENDED, 2)
"""What each letter of the GSM alphabet costs, in septets."""
ONE_PART = {"gsm7": 160, "ucs2": 70}
EACH_OF_MANY = {"gsm7": 153, "ucs2": 67}

_SAID_OTHERWISE = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´ʼ", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("•◦▪·●", "-"),
        **dict.fromkeys("\u00a0\u2007\u2009\u200a\u202f\t", " "),
        "…": "...",
        "→": "->",
        "×": "x",
        "½": "1/2",
        "°": " derajat",
    }
)
_UNSEEN = {"So", "Sk", "Cf", "Mn", "Co", "Cn"}  # emoji, their modifiers, marks without a letter


class Size(NamedTuple):
    """``coding`` is gsm7 or ucs2; ``length`` counts septets, or UTF-16 units."""

    coding: str
    length: int
    parts: int


def is_gsm7(text: str) -> bool:
    """Return whether every letter is in the network's own alphabet."""
    return all(letter in SEPTETS for letter in text)


def fold(text: str) -> str:
    """Return the text with what the GSM alphabet lacks said otherwise, where that loses nothing.

    Typographic marks become plain ones, accents that the alphabet lacks and emoji go. Letters of
    other scripts stay: such a text is sent as UCS-2.
    """
    return "".join(_fold_letter(letter) for letter in text.translate(_SAID_OTHERWISE))


def _fold_letter(letter: str) -> str:
    if letter in SEPTETS:
        return letter
    plain = unicodedata.normalize("NFKD", letter)
    kept = "".join(each for each in plain if each in SEPTETS)
    if kept:
        return kept
    return "" if unicodedata.category(letter) in _UNSEEN else letter


def size(text: str) -> Size:
    """Return how a text is coded, how long it is and how many parts it takes; "" takes one."""
    if is_gsm7(text):
        return _size("gsm7", [SEPTETS[letter] for letter in text])
    return _size("ucs2", [len(letter.encode("utf-16-be", "surrogatepass")) // 2 for letter in text])


def _size(coding: str, costs: list[int]) -> Size:
    length = sum(costs)
    if length <= ONE_PART[coding]:
        return Size(coding, length, 1)
    # A letter that costs two is never cut in halves: it moves to the next part.
    parts, room = 1, EACH_OF_MANY[coding]
    for cost in costs:
        if cost > room:
            parts, room = parts + 1, EACH_OF_MANY[coding]
        room -= cost
    return Size(coding, length, parts)


def fits_one(text: str) -> bool:
    """Return whether a text is one SMS in the GSM alphabet: 160 septets at most."""
    found = size(text)
    return found.coding == "gsm7" and found.parts == 1

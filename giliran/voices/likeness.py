"""Finding complaints like another one, without keeping what they say in clear.

Of each a set of hashes is kept: of the three-letter pieces of its words, keyed, so that nobody
without the key can try words out. Two sets are compared as they are, by what they share.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

from giliran.encryption import derived_key

_BYTES = 4
_WORD = re.compile(r"[a-z0-9]+")
ALIKE = 0.5
"""Jaccard's share above which two texts of one office and week are about the same."""
ALIKE_IN_CATEGORY = 0.22
"""The same where both chose one category."""

# Words that nearly every complaint has tell none apart; nor do the ends that Indonesian adds.
_COMMON = re.compile(
    "yang|dan|di|ke|dari|saya|kami|ini|itu|untuk|dengan|pada|sudah|belum|tidak|ada|juga|tapi|tetapi|"
    "karena|kalau|bila|akan|atau|oleh|lagi|masih|sangat|mohon|tolong|pak|bu|bapak|ibu|pun|kok|sih|"
    "ya|jadi|bisa|mau|harus|sampai|hari|jam|the|a|an|of|to|and|is|was|in|at|for|i|my|we"
)
_SHORT = {
    "tdk": "tidak",
    "gak": "tidak",
    "nggak": "tidak",
    "ga": "tidak",
    "yg": "yang",
    "sdh": "sudah",
    "udah": "sudah",
    "blm": "belum",
    "belom": "belum",
    "antri": "antre",
    "antrian": "antre",
    "antrean": "antre",
    "mengantri": "antre",
    "mengantre": "antre",
    "ngantri": "antre",
    "petugasnya": "petugas",
    "dgn": "dengan",
    "utk": "untuk",
    "krn": "karena",
    "dr": "dari",
    "jd": "jadi",
}
_END = re.compile(r"(nya|lah|kah|kan|an|i)$")
_BEGIN = re.compile(r"^(meng|meny|mem|men|me|peng|pem|pen|di|ter|ber|ke)(?=.{4})")


def pieces(text: str) -> frozenset[str]:
    """Return the three-letter pieces of a text's telling words, folded to their stems."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    found = set()
    for word in _WORD.findall(plain):
        folded = _SHORT.get(word, word)
        if _COMMON.fullmatch(folded):
            continue
        stem = _BEGIN.sub("", folded)
        shorter = _END.sub("", stem)
        padded = f" {shorter if len(shorter) > 3 else stem} "  # noqa: PLR2004 -- a stem is longer
        found |= {padded[at : at + 3] for at in range(len(padded) - 2)}
    return frozenset(found)


@lru_cache(maxsize=50_000)
def _hash(piece: str) -> bytes:
    key = derived_key("likeness of complaints")
    return hashlib.blake2b(piece.encode(), digest_size=_BYTES, key=key).digest()


def hashed(text: str) -> bytes:
    """Return the sorted keyed hashes of a text's pieces, four bytes each."""
    return b"".join(sorted({_hash(piece) for piece in pieces(text)}))


def shared(a: bytes | memoryview, b: bytes | memoryview) -> float:
    """Return how much two sets of hashes share (Jaccard), 0 to 1; an empty one nothing."""
    one, other = _set(bytes(a)), _set(bytes(b))
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def _set(raw: bytes) -> frozenset[bytes]:
    return frozenset(raw[at : at + _BYTES] for at in range(0, len(raw), _BYTES))

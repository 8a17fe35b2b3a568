"""How alike two Indonesian names are, once what clerks write differently is folded away.

Folded: titles, the many ways to write Muhammad and Siti, the spelling before 1972, sounds that
are written with different letters, a father's name after bin or binti, and the order of words.
What it finds, and what it takes for another person, is measured in docs/guides/two-cards.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LEADING = _words(
    "h hj hjh haji hajjah kh ust ustad ustadz ustadzah tn ny nn sdr sdri bpk bapak ibu alm almh "
    "almarhum almarhumah prof dr drs dra drg drh ir apt"
)
# Degrees that nobody bears as a name; "Si" or "Ma" at the end of one may be a part of it.
_TRAILING = _words(
    "se sh st sag sip skom spd spdi spt ssi ssos stp shi skep skm sst amd amk amkeb mm mkom mpd "
    "mpdi msi mkes mag msc mba phd"
)
# With dots, or after a comma, these can be nothing else.
_TITLES = (
    _LEADING
    | _TRAILING
    | _words("rr ners sp si ss str strkeb shum sked spsi ssn amdkep mh mt mak map ma lc")
)
_MUHAMMAD = re.compile(r"m[ou]?(h|ch|kh)?[ao]?m{1,2}[aeo][dt]|m([ou]c?h)?|m[ou]?ch?d|m[ou]?hd|mhmd")
_WORDS = {
    **dict.fromkeys(("sitti", "sity", "st"), "siti"),
    **dict.fromkeys(("abd", "abdoel", "abdel"), "abdul"),
    **dict.fromkeys(("r", "rd"), "raden"),
    **dict.fromkeys(("noor", "noer", "nor"), "nur"),
}
_CHILD_OF = frozenset({"bin", "binti", "bt", "bte", "bti", "ibn", "ibnu"})
# Clerks leave these out or shorten them, and thousands bear them: they tell people less apart.
_LIGHT = frozenset({"muhammad", "siti", "abdul", "raden", "nur", "sri"})
_OLD = re.compile("oe|tj|dj|sj|nj")
_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("ch|kh", "h"),
        ("sy|sh|ts", "s"),
        ("dz", "z"),
        ("dh|dl(?=[ao])", "d"),
        ("th", "t"),
        ("gh", "g"),
        ("ph|v", "p"),
        ("f", "p"),
        ("q", "k"),
        ("x", "ks"),
        ("z", "j"),
        ("ae|ei|ay(?![aiueo])", "ai"),
        ("y(?![aiueo])", "i"),
        ("iy", "y"),
        (r"(.)\1+", r"\1"),
        ("(?<=..)h$", ""),
        ("d$", "t"),
        ("b$", "p"),
        ("g$", "k"),
    )
]
_WORST = 0.7  # words less alike than this are other words
_MISSING = 0.3  # what a word that only one card has costs, of its weight


class Folded(NamedTuple):
    """A name without what clerks write differently."""

    words: tuple[str, ...]
    father: tuple[str, ...]

    @property
    def telling(self) -> str:
        """The words that tell people apart, for a first and rough search."""
        return " ".join(w for w in self.words if w not in _LIGHT) or " ".join(self.words)


def fold(name: str) -> Folded:
    """Fold a name as it stands on a card; the case, accents and punctuation don't matter.

    >>> fold("H. Moch. Soedjono, S.E.").words
    ('muhammad', 'sujono')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"['`\"]", "", plain).replace("-", " ").replace("/", " ")
    head, *rest = (part.strip() for part in plain.split(","))
    pieces = _pieces(head)
    for part in rest:  # after a comma stand degrees, or the first name of "SANTOSO, BUDI"
        pieces += [p for p in _pieces(part) if p not in _TITLES]
    words = _without_titles(pieces)
    is_old = bool(_OLD.search(plain))
    at = next((i for i, word in enumerate(words) if i and word in _CHILD_OF), len(words))
    return Folded(_sounds(words[:at], is_old=is_old), _sounds(words[at + 1 :], is_old=is_old))


def _pieces(text: str) -> list[str]:
    """Split at spaces, and at dots unless they make a title: "M.Ali" is two words, "S.E." none."""
    found = []
    for token in text.split():
        bare = token.strip(".")
        if "." in bare and bare.replace(".", "") in _TITLES:
            continue
        found += [p for p in re.split(r"[^a-z]+", bare) if p]
    return found


def _without_titles(pieces: Sequence[str]) -> list[str]:
    words = list(pieces)
    while len(words) > 1 and words[0] in _LEADING:
        words.pop(0)
    while len(words) > 1 and words[-1] in _TRAILING:
        words.pop()
    return words


def _sounds(words: Sequence[str], *, is_old: bool) -> tuple[str, ...]:
    return tuple(_sound(word, is_old=is_old) for word in words if word not in _CHILD_OF)


@lru_cache(maxsize=100_000)
def _sound(word: str, *, is_old: bool) -> str:
    word = _WORDS.get(word, word)
    if _MUHAMMAD.fullmatch(word):
        return "muhammad"
    if is_old:  # the "j" of Joesoef is today's "y", and "dj" today's "j"
        word = re.sub("(?<![tdsn])j", "y", word)
    for old, new in (("oe", "u"), ("tj", "c"), ("dj", "j"), ("sj", "sy"), ("nj", "ny")):
        word = word.replace(old, new)
    if word in _LIGHT:
        return word
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word


def likeness(a: Folded, b: Folded) -> int:
    """Say how alike two names are: 100 is the same name written differently, 0 another one.

    Symmetric. An empty name is like no other.
    """
    if not (a.words and b.words):
        return 0
    score = _aligned(a.words, b.words)
    if a.father or b.father:
        with_fathers = _aligned(a.words + a.father, b.words + b.father)
        if a.father and b.father:  # who has another father is another person
            score = min(score, 0.5 * score + 0.5 * _aligned(a.father, b.father))
        score = max(score, with_fathers)
    return round(100 * score)


def _aligned(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """Pair the words off, the likest first; what remains on one side only costs little."""
    # Among equals by the words themselves, so that the sides may change places.
    pairs = sorted(
        (-_alike(word, other), min(word, other), max(word, other), i, j)
        for i, word in enumerate(a)
        for j, other in enumerate(b)
    )
    left, right = dict(enumerate(a)), dict(enumerate(b))
    alike, weight, has_whole = 0.0, 0.0, a == b
    for minus, _, _, i, j in pairs:
        if minus < 0 and i in left and j in right:
            word, other = left.pop(i), right.pop(j)
            has_whole |= min(len(word), len(other)) > 1
            heft = (_weight(word) + _weight(other)) / 2
            alike, weight = alike - minus * heft, weight + heft
    rest = [sum(map(_weight, side.values())) for side in (left, right)]
    # A word too many is an abbreviation or a lazy clerk; other words are another person.
    weight += _MISSING * max(rest) if min(rest) == 0 else sum(rest)
    score = alike / weight if has_whole else 0.0  # initials alone tell nobody
    whole = OSA.normalized_similarity("".join(a), "".join(b))  # Nurhayati is Nur Hayati
    return max(score, whole) if whole >= 0.9 else score  # noqa: PLR2004


def _weight(word: str) -> float:
    return 0.4 if word in _LIGHT or len(word) == 1 else 1.0


@lru_cache(maxsize=200_000)
def _alike(word: str, other: str) -> float:
    """Return 1 for the same word, 0.7 and more for one mistyped, 0 for another one."""
    if word == other:
        return 1.0
    if 1 in {len(word), len(other)}:
        return 0.9 if word[0] == other[0] else 0.0
    alike = OSA.normalized_similarity(word, other)
    if word[-1] != other[-1] and {word[-1], other[-1]} <= set("aio"):
        alike -= 0.15  # Suharti is a woman, Suharto a man
    return alike if alike >= _WORST else 0.0


_ONE_SLIP = 2  # a digit mistyped, or two


def niks_near(a: str, b: str) -> bool:
    """Return whether two NIKs differ by no more than a slip of the finger or two."""
    return OSA.distance(a, b, score_cutoff=_ONE_SLIP) <= _ONE_SLIP


def sexes_differ(a: str, b: str) -> bool:
    """Return whether two NIKs name a man and a woman (a woman's day of birth stands plus 40)."""
    return (int(a[6:8]) > 40) != (int(b[6:8]) > 40)  # noqa: PLR2004


def of_people(name: int, nik: str, other_nik: str) -> int:
    """Weigh the likeness of names with the NIKs of two cards: 0 to 100.

    NIKs that differ by a slip speak for one person, a man's and a woman's for two.
    """
    if nik == other_nik:
        return name
    if niks_near(nik, other_nik):
        return min(100, name + 10)
    return max(0, name - 20) if sexes_differ(nik, other_nik) else name

"""The survey index of public satisfaction (IKM/SKM), with how sure its figures are.

PermenPANRB 14/2017 names nine elements, each answered from 1 (bad) to 4 (very good). The mean of
an element is weighted by 1/9; their sum times 25 is the index, from 25 to 100. Here one visitor is
asked about two elements only, in turn, so every element has a number of answers of its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from giliran.core.refusal import gettext_noop

ELEMENTS: Mapping[str, str] = {
    "u1": gettext_noop("Persyaratan"),
    "u2": gettext_noop("Prosedur"),
    "u3": gettext_noop("Waktu penyelesaian"),
    "u4": gettext_noop("Biaya"),
    "u5": gettext_noop("Kesesuaian hasil layanan"),
    "u6": gettext_noop("Kemampuan petugas"),
    "u7": gettext_noop("Sikap petugas"),
    "u8": gettext_noop("Penanganan pengaduan"),
    "u9": gettext_noop("Sarana dan prasarana"),
}
"""The nine elements, by the numbers that the regulation gives them."""

QUESTIONS: Mapping[str, str] = {
    "u1": gettext_noop("Bagaimana kejelasan syarat yang diminta?"),
    "u2": gettext_noop("Bagaimana kemudahan langkah-langkahnya?"),
    "u3": gettext_noop("Bagaimana kecepatan layanannya?"),
    "u4": gettext_noop("Bagaimana soal biaya? Seharusnya gratis."),
    "u5": gettext_noop("Bagaimana kesesuaian hasilnya dengan yang dijanjikan?"),
    "u6": gettext_noop("Bagaimana kemampuan petugas menjelaskan dan membantu?"),
    "u7": gettext_noop("Bagaimana kesopanan dan keramahan petugas?"),
    "u8": gettext_noop("Bagaimana pertanyaan dan keluhan Bapak/Ibu ditanggapi?"),
    "u9": gettext_noop("Bagaimana kenyamanan ruang dan fasilitasnya?"),
}
"""How each element is asked about, so that the four answers fit it."""
ANSWERS: Mapping[int, str] = {
    1: gettext_noop("Tidak baik"),
    2: gettext_noop("Kurang baik"),
    3: gettext_noop("Baik"),
    4: gettext_noop("Sangat baik"),
}

LOWEST, HIGHEST = 1, 4
FEWEST = 10
"""Fewer replies are never shown: a sum of two would tell what one person said of one officer."""

_Z = 1.96  # both sides of 95 %
_ENDS = 2  # replies added at either end of the scale, as Agresti and Coull do for a share
_GRADES = ((88.31, "A"), (76.61, "B"), (65.00, "C"), (25.00, "D"))
_CHI_SQUARED = 3.841  # one degree of freedom, 95 %
_MARGIN = 0.05


class Mean(NamedTuple):
    """The mean of ``n`` answers from 1 to 4, and the interval that holds the true one (95 %)."""

    value: float
    low: float
    high: float
    n: int


class Index(NamedTuple):
    """The survey index from 25 to 100, its interval (95 %) and its grade from A to D."""

    value: float
    low: float
    high: float
    grade: str


def elements_for(number: int) -> tuple[str, str]:
    """Return the two elements that are asked about in the ``number``-th question.

    Of nine numbers in a row every element is asked about twice.
    """
    names = list(ELEMENTS)
    return names[2 * number % len(names)], names[(2 * number + 1) % len(names)]


def mean(counts: Sequence[int]) -> Mean | None:
    """Return the mean of answers, given how many said 1, 2, 3 and 4; None of none.

    The interval counts two more answers at either end of the scale, so that ten people of one mind
    don't seem to prove that all others are of it, too.
    """
    n = sum(counts)
    if not n:
        return None
    value = _average(counts)
    widened = [counts[0] + _ENDS, *counts[1:-1], counts[-1] + _ENDS]
    middle = _average(widened)
    half = _Z * math.sqrt(_variance(widened) / sum(widened))
    return Mean(
        value,
        max(LOWEST, min(value, middle - half)),
        min(HIGHEST, max(value, middle + half)),
        n,
    )


def _average(counts: Sequence[int]) -> float:
    return sum(answer * n for answer, n in enumerate(counts, start=LOWEST)) / sum(counts)


def _variance(counts: Sequence[int]) -> float:
    middle = _average(counts)
    squares = sum(n * (answer - middle) ** 2 for answer, n in enumerate(counts, start=LOWEST))
    return squares / sum(counts)


def index(means: Mapping[str, Mean]) -> Index | None:
    """Return the index of all nine elements' means; None while one of them has no answers.

    Without one of nine the regulation's weights don't add up, and a guess in its place would be
    an answer that nobody gave.
    """
    if set(means) != set(ELEMENTS):
        return None
    weight = 1 / len(ELEMENTS)
    value = 25 * sum(weight * one.value for one in means.values())
    below = 25 * weight * math.hypot(*(one.value - one.low for one in means.values()))
    above = 25 * weight * math.hypot(*(one.high - one.value for one in means.values()))
    return Index(value, max(25.0, value - below), min(100.0, value + above), grade(value))


def grade(value: float) -> str:
    """Return the grade of an index: A very good, B good, C less good, D not good.

    The bounds stand in the regulation with two decimals, so the index is rounded to these first.
    """
    rounded = round(value, 2)
    return next(name for least, name in _GRADES if rounded >= least)


def sample_needed(people: int) -> int:
    """Return how many of so many visitors the regulation wants asked (Krejcie and Morgan).

    For 95 % and a margin of 0.05, with a share of one half, by the formula behind its table.
    """
    if people <= 0:
        return 0
    spread = _CHI_SQUARED * 0.25
    return math.ceil(spread * people / (_MARGIN**2 * (people - 1) + spread) - 1e-9)


def reply_share(replied: int, asked: int) -> tuple[float, float, float] | None:
    """Return the share that replied and Wilson's interval (95 %), from 0 to 1; None of none."""
    if not asked:
        return None
    share = replied / asked
    square = _Z * _Z
    middle = (share + square / (2 * asked)) / (1 + square / asked)
    half = (
        _Z
        * math.sqrt(share * (1 - share) / asked + square / (4 * asked * asked))
        / (1 + square / asked)
    )
    return share, max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))

"""The machine-readable lines of passports and cards (ICAO Doc 9303, parts 3 to 6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_WEIGHTS = (7, 3, 1)
_SHAPES = {(3, 30): "TD1", (2, 36): "TD2", (2, 44): "TD3"}
_LINE = re.compile(r"[A-Z0-9<]+")
_DATE = re.compile(r"\d{6}")


@dataclass(frozen=True, slots=True)
class Mrz:
    """What the lines say; every check digit was right.

    `birth` and `expires` are YYMMDD as printed: the century isn't in it. Names are in capitals,
    without accents, and may be cut short.
    """

    kind: str
    issuer: str
    number: str
    surname: str
    given_names: str
    nationality: str
    birth: str
    sex: str
    expires: str
    optional: str


def check_digit(text: str) -> int:
    """Return the check digit (part 3, 4.9): digits count as such, A to Z 10 to 35, < nothing."""
    return sum(_value(letter) * _WEIGHTS[place % 3] for place, letter in enumerate(text)) % 10


def found(text: str) -> Mrz | None:
    """Return the machine-readable lines that stand somewhere in a text, or None.

    Spaces within a line are dropped: who read it from a picture may have put them there. A line
    with a wrong check digit counts as not read.
    """
    lines = [re.sub(r"\s", "", line).upper() for line in text.splitlines()]
    lines = [line for line in lines if _LINE.fullmatch(line)]
    for some in _windows(lines):
        read = parse(some)
        if read is not None:
            return read
    return None


def parse(lines: tuple[str, ...]) -> Mrz | None:
    """Return what these two or three lines say; None unless shape and check digits are right."""
    if len({len(line) for line in lines}) != 1:
        return None
    shape = _SHAPES.get((len(lines), len(lines[0])))
    if shape is None or not all(_LINE.fullmatch(line) for line in lines):
        return None
    return _td1(lines) if shape == "TD1" else _td2_or_td3(lines, shape)


def _td1(lines: tuple[str, ...]) -> Mrz | None:
    first, second, third = lines
    composite = first[5:30] + second[0:7] + second[8:15] + second[18:29]
    if not (
        _is_right(first[5:14], first[14])
        and _is_right(composite, second[29])
        and _has_dates(second[0:7], second[8:15])
    ):
        return None
    return Mrz(
        "TD1",
        _plain(first[2:5]),
        _plain(first[5:14]),
        *_names(third),
        _plain(second[15:18]),
        second[0:6],
        second[7],
        second[8:14],
        _plain(first[15:30]),
    )


def _td2_or_td3(lines: tuple[str, ...], shape: str) -> Mrz | None:
    first, second = lines
    optional = second[28:42] if shape == "TD3" else second[28:35]
    composite = second[0:10] + second[13:20] + second[21:-1]
    if not (
        _is_right(second[0:9], second[9])
        and _is_right(composite, second[-1])
        and _has_dates(second[13:20], second[21:28])
        and (shape == "TD2" or _is_right(optional, second[42]))
    ):
        return None
    return Mrz(
        shape,
        _plain(first[2:5]),
        _plain(second[0:9]),
        *_names(first[5:]),
        _plain(second[10:13]),
        second[13:19],
        second[20],
        second[21:27],
        _plain(optional),
    )


def _windows(lines: list[str]) -> Iterator[tuple[str, ...]]:
    for start in range(len(lines)):
        for count in (2, 3):
            if start + count <= len(lines):
                yield tuple(lines[start : start + count])


def _has_dates(*fields: str) -> bool:
    return all(
        bool(_DATE.fullmatch(one[:6].replace("<", "0"))) and _is_right(one[:6], one[6])
        for one in fields
    )


def _is_right(text: str, digit: str) -> bool:
    """Return whether a check digit is right; < stands for 0 where nothing is written."""
    if digit == "<":
        return not text.strip("<")
    return digit.isdigit() and check_digit(text) == int(digit)


def _names(text: str) -> tuple[str, str]:
    surname, _, given = text.partition("<<")
    return _plain(surname), _plain(given)


def _plain(text: str) -> str:
    return " ".join(text.replace("<", " ").split())


def _value(letter: str) -> int:
    if letter == "<":
        return 0
    return int(letter) if letter.isdigit() else ord(letter) - ord("A") + 10

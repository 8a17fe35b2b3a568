"""Reading what people write: numbers, labels, parts of them, yes and no in all its spellings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from giliran.core.conversation.saying import Choice
from giliran.core.conversation.script import Command

COUNTED = {
    **{word: number for number, word in enumerate(
        ("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh"),
        start=1,
    )},
    **{word: number for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=1
    )},
    **{word: number for number, word in enumerate(
        ("pertama", "kedua", "ketiga", "keempat", "kelima"), start=1
    )},
}  # fmt: skip
_NUMBER = re.compile(r"(?:(?:no|nomor|nomer|pilih|number|yang) )?(\d{1,3})")
_SHORTEST_PART = 2
LONGEST_HEARD = 1000  # letters; whoever writes more is read up to here
_PART_OF_CODE = 4
_WHOLE_CODE = 8


def plain(text: str) -> str:
    """Return words as they are compared: small letters and digits, single spaces."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST_HEARD]).casefold()
    letters = (one if one.isalnum() else "" if one in "'’‘`" else " " for one in folded)
    return " ".join("".join(letters).split())


def number_in(text: str) -> int | None:
    """Return the number that somebody answers with: "2", "no 2", "2.", "dua"; else None."""
    words = plain(text)
    found = _NUMBER.fullmatch(words)
    if found and found[1].isascii():
        return int(found[1])
    return COUNTED.get(words.removeprefix("nomor ").removeprefix("yang "))


def exactly(text: str, choices: Sequence[Choice]) -> Choice | None:
    """Return the choice with this label or number, or None; two of one label are none."""
    words = plain(text)
    same = [one for one in choices if words and plain(one.label) == words]
    if len(same) == 1:
        return same[0]
    number = number_in(text)
    if number is not None and 1 <= number <= len(choices):
        return choices[number - 1]
    return None


def alike(
    text: str,
    choices: Sequence[Choice],
    synonyms: Mapping[str, Sequence[str]],
    *,
    by_part: bool = True,
) -> list[Choice]:
    """Return the choices that may be meant: by other words for them, or by a part of the label.

    ``synonyms`` are words by the id of their choice; a longer one is surer than a shorter one.
    """
    words = plain(text)
    if not words:
        return []
    numbered = re.fullmatch(r"(\d{1,3}) (.+)", words)
    if numbered and numbered[1].isascii() and 1 <= int(numbered[1]) <= len(choices):
        named = choices[int(numbered[1]) - 1]
        if plain(named.label).startswith(numbered[2]):
            return [named]
    meant = [one for one in choices if words in map(plain, synonyms.get(one.id, ()))]
    if meant:
        return meant
    if by_part:
        begin = [one for one in choices if plain(one.label).startswith(words)]
        if len(words) >= _SHORTEST_PART and begin:
            return begin
        inside = [one for one in choices if _begin_words(words.split(), plain(one.label).split())]
        if len(words) > _SHORTEST_PART and inside:
            return inside
    return _mentioned(words, choices, synonyms)


def _begin_words(asked: Sequence[str], there: Sequence[str]) -> bool:
    return all(any(word.startswith(one) for word in there) for one in asked)


def _mentioned(
    words: str, choices: Sequence[Choice], synonyms: Mapping[str, Sequence[str]]
) -> list[Choice]:
    """Return the choices one of whose words stands in a longer sentence, the longest word."""
    around = f" {words} "
    found: dict[str, int] = {}
    for one in choices:
        lengths = [len(p) for w in synonyms.get(one.id, ()) if f" {(p := plain(w))} " in around]
        if lengths:
            found[one.id] = max(lengths)
    longest = max(found.values(), default=0)
    return [one for one in choices if found.get(one.id) == longest and longest]


def command_in(text: str, commands: Sequence[Command]) -> tuple[Command, str] | None:
    """Return the command that stands in a text, with what follows it, or None.

    What follows is a turn's code or its last four letters: "batal 0412", "BATAL K7QM-3XPA".
    """
    words = plain(text)
    for command in commands:
        for word in map(plain, command.words):
            if words and words == word:
                return command, ""
            if command.takes and words.startswith(f"{word} "):
                code = code_in(words[len(word) :])
                if code:
                    return command, code
    return None


def code_in(text: str) -> str:
    """Return a turn's code, or the last four letters of one, as somebody typed it, else nothing."""
    letters = re.sub(r"[\s\-]", "", text).upper()
    if letters.isascii() and letters.isalnum() and len(letters) in {_PART_OF_CODE, _WHOLE_CODE}:
        return letters
    return ""


def several_in(
    text: str, choices: Sequence[Choice], synonyms: Mapping[str, Sequence[str]]
) -> list[Choice] | None:
    """Return all the choices that a text names, in its order, or None if a part is none."""
    parts = [part for part in re.split(r"[,;/+&\n]|\bdan\b|\band\b", text) if part.strip()]
    if len(parts) == 1 and re.fullmatch(r"[\d\s.]+", parts[0]):
        parts = re.findall(r"\d+", parts[0])
    found: list[Choice] = []
    for part in parts:
        one = exactly(part, choices)
        meant = [one] if one else alike(part, choices, synonyms)
        if len(meant) != 1:
            return None
        found += [each for each in meant if each not in found]
    return found or None

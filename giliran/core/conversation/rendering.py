"""How a say fits on a channel: one SMS, a USSD screen, WhatsApp's buttons and lists, a page.

Numbers stay those of the whole list on every screen of it, so that "7" means the same anywhere.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from giliran.core.conversation.saying import Choice, Say

SMS_LETTERS = 160  # GSM 03.38, one message without a header
SMS_TWO = 306  # two joined messages, 153 each
USSD_LETTERS = 182  # 3GPP TS 23.038: 160 octets of 7-bit letters
WHATSAPP_BUTTONS = 3
WHATSAPP_BUTTON = 20
WHATSAPP_ROWS = 10
WHATSAPP_ROW = 72  # a title of 24 and what goes on below it
WHATSAPP_INTERACTIVE = 1024
WHATSAPP_TEXT = 4096
LONGEST_LINE = 80
MORE = "0"
_MORE_LABEL = {"id": "lainnya", "en": "more"}
_ON_LABEL = {"id": "lanjut", "en": "next"}
# Typographic letters that the GSM alphabet lacks; what stands twice in it costs two.
_PLAIN = str.maketrans(
    {
        "–": "-", "—": "-", "‑": "-", "•": "*", "…": "...", "’": "'", "‘": "'", "“": '"',
        "”": '"', "\u00a0": " ", "`": "'", "[": "(", "]": ")", "{": "(", "}": ")", "~": "-",
        "^": "", "|": "/", "\\": "/", "€": "EUR", "×": "x", "·": "-",
    }
)  # fmt: skip


class Mouth(NamedTuple):
    """What a channel can say. ``joins``: everything said at once goes into one message.

    ``letters`` is the length of one screen, 0 where a page scrolls. ``may_be_silent``: nothing need
    be said where nothing is new.
    """

    name: str
    is_short: bool
    joins: bool
    letters: int
    may_be_silent: bool = False


MOUTHS = {
    "sms": Mouth("sms", is_short=True, joins=True, letters=SMS_LETTERS, may_be_silent=True),
    "ussd": Mouth("ussd", is_short=True, joins=True, letters=USSD_LETTERS - len("CON ")),
    "whatsapp": Mouth(
        "whatsapp", is_short=False, joins=True, letters=WHATSAPP_INTERACTIVE, may_be_silent=True
    ),
    "web": Mouth("web", is_short=False, joins=False, letters=0),
    "clerk": Mouth("clerk", is_short=False, joins=False, letters=0),
}


def joined(says: tuple[Say, ...]) -> Say:
    """Return several says as one; the choices are those of the last."""
    return Say("\n".join(say.text for say in says), says[-1].choices if says else ())


def screens(say: Say, mouth: Mouth, *, language: str, is_several: bool = False) -> list[Say]:
    """Return a say as the messages or screens of a channel, one after the other.

    Each but the last is left by answering "0". Where a channel has no buttons the numbered choices
    stand in the text; also where several may be chosen, for their numbers must be seen.
    """
    tongue = "en" if language.startswith("en") else "id"
    if not mouth.letters:
        return [say]
    if mouth.name == "whatsapp":
        return _whatsapp(say, tongue, is_several=is_several)
    return [Say(text) for text in _numbered(say, mouth, tongue)]


def gsm(text: str) -> str:
    """Return a text in letters that every telephone has, so that one SMS holds 160 of them."""
    flat = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return "".join(c for c in flat if c == "\n" or (c.isascii() and c.isprintable()))


def _numbered(say: Say, mouth: Mouth, tongue: str) -> list[str]:
    text = gsm(say.text).strip()
    lines = [f"{number} {gsm(one.label)}" for number, one in enumerate(say.choices, start=1)]
    whole = "\n".join([text, *lines])
    if len(whole) <= mouth.letters:
        return [whole]
    limit = SMS_TWO if mouth.name == "sms" and len(text) > SMS_LETTERS - 40 else mouth.letters
    if len(whole) <= limit:
        return [whole]
    more = f"\n{MORE} {_MORE_LABEL[tongue] if lines else _ON_LABEL[tongue]}"
    room = limit - len(more)
    found, here = [], ""
    for piece, glue in [*_words(text, room), *((_cut(line, room), "\n") for line in lines)]:
        grown = f"{here}{glue}{piece}" if here else piece
        if len(grown) > room:
            found.append(here + more)
            grown = piece
        here = grown
    return [*found, here]


def _words(text: str, room: int) -> list[tuple[str, str]]:
    """Return the words of a text with what stands before each: a space or a new line."""
    found: list[tuple[str, str]] = []
    for line in text.split("\n"):
        glue = "\n"
        for word in line.split(" "):
            starts = range(0, max(1, len(word)), room)
            found += [(word[at : at + room], glue if at == 0 else "") for at in starts]
            glue = " "
    return found


def _cut(line: str, room: int) -> str:
    return line if len(line) <= room else line[: room - 2].rstrip() + ".."


def _whatsapp(say: Say, tongue: str, *, is_several: bool) -> list[Say]:
    if not say.choices:
        return [Say(part) for part in _parts(say.text, WHATSAPP_TEXT)]
    listed = [
        Choice(one.id, f"{number}. {one.label}") for number, one in enumerate(say.choices, start=1)
    ]
    lines = [_cut(one.label, LONGEST_LINE) for one in listed]
    text = "\n\n".join([say.text, "\n".join(lines)]) if is_several else say.text
    if len(text) > WHATSAPP_INTERACTIVE:
        # Too long for buttons: the numbers are read in plain words as well.
        return [Say(part) for part in _parts("\n".join([say.text, *lines]), WHATSAPP_TEXT)]
    if len(listed) <= WHATSAPP_BUTTONS and not is_several and _are_buttons(say.choices):
        return [Say(text, say.choices)]
    rows = [one._replace(label=_cut(one.label, WHATSAPP_ROW)) for one in listed]
    if len(rows) <= WHATSAPP_ROWS:
        return [Say(text, tuple(rows))]
    size = WHATSAPP_ROWS - 1
    more = Choice(MORE, f"{MORE}. {_MORE_LABEL[tongue].capitalize()}")
    chunks = [rows[at : at + size] for at in range(0, len(rows), size)]
    return [
        *(Say(text, (*chunk, more)) for chunk in chunks[:-1]),
        Say(text, tuple(chunks[-1])),
    ]


def _are_buttons(choices: tuple[Choice, ...]) -> bool:
    """Return whether labels fit on buttons and are told apart without their numbers."""
    labels = {one.label for one in choices}
    return len(labels) == len(choices) and all(0 < len(one) <= WHATSAPP_BUTTON for one in labels)


def _parts(text: str, limit: int) -> list[str]:
    """Cut a text at words so that no part is longer than a message may be."""
    parts, here = [], ""
    for word, glue in _words(text, limit):
        grown = f"{here}{glue}{word}" if here else word
        if len(grown) > limit:
            parts.append(here)
            grown = word
        here = grown
    return [*parts, here]

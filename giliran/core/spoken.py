"""What the board says aloud when a turn is called, clip by clip, and the same as a sentence.

The clips are recorded words (voice/clips.tsv); a call is a list of their names in the order
in which they are played.
"""

import re
import string
from types import MappingProxyType

from giliran.core.refusal import Refusal, gettext_noop

_DIGITS = (
    "nol",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
)

_COUNTER_NAMES = ("prioritas", "informasi", "pengaduan", "pendaftaran", "verifikasi", "kasir")

#: Announcements that stand alone, for the board's own occasions: clip name to its words.
ANNOUNCEMENTS = MappingProxyType(
    {
        name: name.replace("_", " ")
        for name in (
            "mohon_perhatian",
            "silakan_menunggu",
            "loket_tutup",
            "loket_istirahat",
            "loket_dibuka_kembali",
            "panggilan_terakhir",
            "kantor_segera_tutup",
            "silakan_hubungi_petugas",
            "mohon_maaf_atas_gangguan",
            "terima_kasih",
        )
    }
)

#: Every clip there is and the words that it says; the tone says none.
CLIPS = MappingProxyType(
    {
        "tone": "",
        "nomor_antrean": "nomor antrean",
        "silakan_ke_loket": "silakan ke loket",
        "sepuluh": "sepuluh",
        "sebelas": "sebelas",
        "belas": "belas",
        "puluh": "puluh",
        **{f"angka_{digit}": word for digit, word in enumerate(_DIGITS)},
        **{f"huruf_{letter.lower()}": letter for letter in string.ascii_uppercase},
        **{name: name for name in _COUNTER_NAMES},
        **ANNOUNCEMENTS,
    }
)

_NUMBER = re.compile(r"[A-Z0-9](?:[ -]?[A-Z0-9]){0,7}")
_COUNTER_PART = re.compile(r"[0-9]+|[^\W\d_]+")
_LONGEST_SPELLED = 3


class CannotBeSpoken(Refusal):
    """No clips say this number or this counter; show the call without a voice."""

    code = "cannot_be_spoken"


class NumberCannotBeSpoken(CannotBeSpoken):
    """The ticket's number holds something other than letters and digits, or is too long."""

    code = "number_cannot_be_spoken"
    sentence = gettext_noop(
        "Nomor antrean %(number)s belum bisa disuarakan. "
        "Pakai huruf A-Z dan angka, paling banyak delapan, misalnya A014."
    )


class CounterCannotBeSpoken(CannotBeSpoken):
    """The counter's label is a word for which nothing was recorded."""

    code = "counter_cannot_be_spoken"
    sentence = gettext_noop(
        "Loket %(counter)s belum bisa disuarakan. "
        "Pakai angka, paling banyak tiga huruf, atau salah satu nama ini: %(names)s."
    )


def clips_for_call(number: str, counter: str) -> list[str]:
    """Clip names, in playing order, that call `number` to `counter`.

    `number` is the ticket's ("A014"): letters and digits, at most 8, spelled one by one.
    `counter` is the counter's label ("3", "Loket 12", "3A", "Prioritas"): whole numbers from
    1 to 99 are read as numbers, longer ones digit by digit, up to three letters are spelled.
    Raises CannotBeSpoken for anything that no clip can say.
    """
    return [
        "tone",
        "nomor_antrean",
        *_clips_for_number(number),
        "silakan_ke_loket",
        *_clips_for_counter(counter),
    ]


def sentence_for_call(number: str, counter: str) -> str:
    """Say in words what the clips of this call say, for captions and screen readers.

    "Nomor antrean, A nol satu empat, silakan ke loket tiga". Raises CannotBeSpoken as
    `clips_for_call` does.
    """
    spelled = _words(_clips_for_number(number))
    return f"Nomor antrean, {spelled}, silakan ke loket {_words(_clips_for_counter(counter))}"


def _words(clips: list[str]) -> str:
    return " ".join(CLIPS[clip] for clip in clips)


def _clips_for_number(number: str) -> list[str]:
    cleaned = number.strip().upper()
    if not (cleaned.isascii() and _NUMBER.fullmatch(cleaned)):
        raise NumberCannotBeSpoken(number=number)
    return [_clip_for_character(character) for character in cleaned if character not in " -"]


def _clips_for_counter(counter: str) -> list[str]:
    label = counter.strip().lower().removeprefix("loket").strip()
    clips: list[str] = []
    for part in _COUNTER_PART.findall(label):
        if part in _COUNTER_NAMES:
            clips.append(part)
        elif part.isascii() and part.isdecimal():
            clips += _clips_for_count(part)
        elif part.isascii() and len(part) <= _LONGEST_SPELLED:
            clips += [_clip_for_character(letter) for letter in part]
        else:
            raise _counter_cannot_be_spoken(counter)
    if not clips:
        raise _counter_cannot_be_spoken(counter)
    return clips


def _counter_cannot_be_spoken(counter: str) -> CounterCannotBeSpoken:
    names = ", ".join(name.capitalize() for name in _COUNTER_NAMES)
    return CounterCannotBeSpoken(counter=counter, names=names)


def _clips_for_count(digits: str) -> list[str]:
    """Clips for a counter's number; "07" is tujuh, and 100 or more is read digit by digit."""
    significant = digits.lstrip("0") or "0"
    if len(significant) == 1:
        return [f"angka_{significant}"]
    if len(significant) > len("99"):
        return [f"angka_{digit}" for digit in significant]
    tens, ones = significant[0], significant[1]
    match tens, ones:
        case "1", "0":
            clips = ["sepuluh"]
        case "1", "1":
            clips = ["sebelas"]
        case "1", _:
            clips = [f"angka_{ones}", "belas"]
        case _, "0":
            clips = [f"angka_{tens}", "puluh"]
        case _:
            clips = [f"angka_{tens}", "puluh", f"angka_{ones}"]
    return clips


def _clip_for_character(character: str) -> str:
    kind = "angka" if character.isdecimal() else "huruf"
    return f"{kind}_{character.lower()}"

"""Identifiers that people type: cleaned, checked, and never rejected for what they can't know."""

from __future__ import annotations

import re

from giliran.core.refusal import BadInput, gettext_noop

# Day of birth 01-31, or 41-71 for women; month; two digits of the year; a serial that isn't 0000.
_NIK = re.compile(
    r"\d{6}(0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])(0[1-9]|1[0-2])\d{2}(?!0000)\d{4}"
)
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without 0 O 1 I L U: read aloud, typed by hand
CODE_LENGTH = 8
_CODE = re.compile(rf"[{CODE_LETTERS}]{{{CODE_LENGTH}}}")


class BadNik(BadInput):
    """The NIK can't be one: wrong length, impossible birth date or serial."""

    code = "bad_nik"
    sentence = gettext_noop(
        "NIK harus 16 angka seperti di KTP. Yang diketik: %(digits)s angka. Periksa lagi di KTP."
    )


class BadBirthInNik(BadInput):
    """Sixteen digits, but those for the birth date or the serial are impossible."""

    code = "bad_nik"
    sentence = gettext_noop(
        "Ada angka NIK yang tidak mungkin benar (angka ke-7 sampai ke-12 adalah tanggal lahir). "
        "Periksa lagi di KTP."
    )


class BadCode(BadInput):
    """No turn can have this code."""

    code = "bad_code"
    sentence = gettext_noop(
        "Kode giliran terdiri dari 8 huruf dan angka, misalnya K7QM-3XPA. Periksa lagi kodenya."
    )


def parse_nik(text: str) -> str:
    """Return the 16 digits of a NIK (format PPKKCC DDMMYY SSSS; there is no check digit).

    Spaces, dots and dashes are dropped. The region is where the person was first registered and
    may long be dissolved, so it is not checked. Raises ``BadNik`` or ``BadBirthInNik``.
    """
    digits = re.sub(r"[\s.\-]", "", text)
    if not (digits.isascii() and digits.isdigit()) or len(digits) != 16:  # noqa: PLR2004
        raise BadNik("nik", digits=sum(c.isdigit() for c in digits))
    if not _NIK.fullmatch(digits):
        raise BadBirthInNik("nik")
    return digits


def masked_nik(nik: str) -> str:
    """Return the NIK as it may be shown to compare with a card: region and last four digits."""
    return f"{nik[:6]}••••••{nik[-4:]}"


def code_from_number(number: int) -> str:
    """Return the turn code of a number; the caller brings the chance.

    ``number`` is from 0 to ``len(CODE_LETTERS) ** CODE_LENGTH``, exclusive.
    """
    letters = []
    for _ in range(CODE_LENGTH):
        number, rest = divmod(number, len(CODE_LETTERS))
        letters.append(CODE_LETTERS[rest])
    return "".join(letters)


def parse_code(text: str) -> str:
    """Return the turn code in what was typed or scanned: ``K7QM-3XPA`` or the turn page's address.

    Raises ``BadCode``.
    """
    last = text.strip().rstrip("/").rsplit("/", 1)[-1]
    code = re.sub(r"[\s\-]", "", last).upper()
    if not _CODE.fullmatch(code):
        raise BadCode("code")
    return code


def written_code(code: str) -> str:
    """Return the code as people read it: two groups of four."""
    return f"{code[:4]}-{code[4:]}"

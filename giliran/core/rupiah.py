"""Amounts of rupiah in Indonesian words, as letters and receipts give them beside the figures."""

from __future__ import annotations

from decimal import Decimal

BEYOND = Decimal(10) ** 15  # from here on no scale has a name below
_ONES = (
    "nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas".split()  # noqa: SIM905 -- read as a row
)
_SCALES = ("", "ribu", "juta", "miliar", "triliun")


def rupiah_in_words(amount: Decimal) -> str:
    """Return "empat puluh dua juta lima ratus ribu rupiah"; sen are named where there are any.

    ``amount`` is in rupiah, from 0 to below 10^15, with at most two decimals; anything else
    raises ``ValueError``: an amount in a letter is never rounded.
    """
    if not 0 <= amount < BEYOND or amount != round(amount, 2):
        raise ValueError(f"no words for {amount} rupiah")
    whole, sen = divmod(int(amount * 100), 100)
    words = f"{_whole(whole)} rupiah"
    return f"{words} {_below_thousand(sen)} sen" if sen else words


def _whole(number: int) -> str:
    if number == 0:
        return _ONES[0]
    parts: list[str] = []
    for scale in reversed(range(len(_SCALES))):
        group = number // 1000**scale % 1000
        if group == 1 and _SCALES[scale] == "ribu":
            parts.append("seribu")  # one thousand alone has a word of its own; one million has not
        elif group:
            parts += [_below_thousand(group), _SCALES[scale]]
    return " ".join(part for part in parts if part)


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    parts = []
    if hundreds:
        parts.append("seratus" if hundreds == 1 else f"{_ONES[hundreds]} ratus")
    if rest:
        parts.append(_below_hundred(rest))
    return " ".join(parts)


def _below_hundred(number: int) -> str:
    if number < len(_ONES):
        return _ONES[number]
    tens, ones = divmod(number, 10)
    if tens == 1:
        return f"{_ONES[ones]} belas"
    return f"{_ONES[tens]} puluh {_ONES[ones]}" if ones else f"{_ONES[tens]} puluh"

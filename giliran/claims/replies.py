"""What somebody answers: the short text that stands in an address or a message, and its value.

No text says who somebody is: a birth is a month, and there is no field for a name or a number
of a card.
"""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import Any

from giliran.claims.steps import Step
from giliran.core.eligibility.reading import money_of
from giliran.core.refusal import BadInput, gettext_noop

_ = gettext_noop
YES, NO, NONE = "ya", "tidak", "tidak-ada"
EARLIEST_YEAR = 1920
YEARS_AHEAD = 3
MULTIPLES = {"juta": 10**6, "jt": 10**6, "ribu": 10**3, "rb": 10**3, "miliar": 10**9}
MOST_RUPIAH = 10**11


class NotChosen(BadInput):
    """None of the choices."""

    code = "not_chosen"
    sentence = _("Pilih dulu salah satu jawaban.")


class NotADay(BadInput):
    """A day that the calendar doesn't know."""

    code = "not_a_day"
    sentence = _("Tulis bulan dan tahun dengan angka, misalnya 10 dan 2026.")


class NotYetPast(BadInput):
    """A day in the future for something that has happened."""

    code = "not_yet_past"
    sentence = _("Tanggal itu belum lewat. Tulis tanggal yang sudah lewat.")


class NotMoney(BadInput):
    """No amount of rupiah."""

    code = "not_money"
    sentence = _("Tulis jumlah rupiah dengan angka, misalnya 15.000.000.")


class NotANumber(BadInput):
    """No whole number, or one out of bounds."""

    code = "not_a_number"
    sentence = _("Tulis angka dari %(lowest)s sampai %(highest)s.")


def tidy(step: Step, typed: str, *, today: date) -> str:
    """Give an answer in the form that stands in an address.

    Raises:
        BadInput: it can't be read; the sentence says what to write.

    """
    text = typed.strip()
    if step.kind in {"choice", "yes-no"}:
        if text not in _choosable(step):
            raise NotChosen(step.id)
    elif step.kind == "several":
        chosen = [one for one in text.split(",") if one]
        if chosen != [NONE] and (not chosen or set(chosen) - _choosable(step)):
            raise NotChosen(step.id)
        text = ",".join(sorted(set(chosen)))
    elif step.kind in {"day", "month"}:
        text = _tidy_day(step, text, today=today)
    elif step.kind == "money":
        text = str(_rupiah(step, text))
    else:
        number = re.fullmatch(r"\d{1,4}", text)
        if not number or not step.lowest <= int(text) <= step.highest:
            raise NotANumber(step.id, lowest=step.lowest, highest=step.highest)
        text = str(int(text))
    return text


def value_of(step: Step, text: str, *, today: date) -> Any:
    """Give a tidy answer as the situation writes it.

    Where only a month is known its last day is taken (never later than today), so that nobody
    is sent on a way too early.
    """
    if step.kind == "yes-no":
        return text == YES
    if step.kind == "several":
        return [] if text == NONE else text.split(",")
    if step.kind in {"money", "number"}:
        return int(text)
    if step.kind == "count":
        return [{} for _each in range(int(text))]
    if step.kind in {"day", "month"}:
        return _last_possible(text, today=today).isoformat()
    return text


def _choosable(step: Step) -> set[str]:
    return {YES, NO} if step.kind == "yes-no" else {one.value for one in step.choices}


def _tidy_day(step: Step, text: str, *, today: date) -> str:
    match = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", text)
    if not match:
        raise NotADay(step.id)
    year, month, day = (int(part) if part else None for part in match.groups())
    if (year is None) or not EARLIEST_YEAR <= year <= today.year + YEARS_AHEAD:
        raise NotADay(step.id)
    if month is None and step.kind == "day":
        raise NotADay(step.id)
    if step.kind == "month":
        day = None
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        raise NotADay(step.id) from None
    if step.is_past and date(year, month or 1, day or 1) > today:
        raise NotYetPast(step.id)
    parts = [f"{year:04}", *(f"{part:02}" for part in (month, day) if part is not None)]
    return "-".join(parts)


def _last_possible(text: str, *, today: date) -> date:
    year, month, day = ([int(part) for part in text.split("-")] + [0, 0])[:3]
    if day:
        return date(year, month, day)
    month = month or 12
    last = date(year, month, calendar.monthrange(year, month)[1])
    first = date(year, int(text.split("-")[1]) if "-" in text else 1, 1)
    return min(last, max(today, first))


def _rupiah(step: Step, text: str) -> int:
    """Read "15.000.000", "Rp15 juta" or "1,5 juta"."""
    word = re.fullmatch(r"(?:rp\.?)?\s*(\d+)(?:[.,](\d{1,2}))?\s*([a-z]+)", text.lower())
    if word and word[3] in MULTIPLES:
        whole = int(word[1] + (word[2] or ""))
        return _bounded(step, whole * MULTIPLES[word[3]] // 10 ** len(word[2] or ""))
    amount = money_of(text) if text else None
    if amount is None:
        raise NotMoney(step.id)
    return _bounded(step, int(amount))


def _bounded(step: Step, rupiah: int) -> int:
    if not 0 <= rupiah <= MOST_RUPIAH:
        raise NotMoney(step.id)
    return rupiah

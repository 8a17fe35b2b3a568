"""Reading days and half-days as people say them: "besok pagi", "hari senin", "24/11"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from giliran.core.conversation.reading import plain
from giliran.core.conversation.saying import Choice
from giliran.core.seats import DAYS

_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "senin sen monday mon",
            "selasa sel tuesday tue",
            "rabu rab wednesday wed",
            "kamis kam thursday thu",
            "jumat jum friday fri",
            "sabtu sab saturday sat",
            "minggu ahad sunday sun",
        )
    )
    for name in names.split()
}
_FROM_TODAY = {
    "hari ini": 0,
    "sekarang": 0,
    "today": 0,
    "besok lusa": 2,
    "day after tomorrow": 2,
    "besok": 1,
    "bsk": 1,
    "esok": 1,
    "tomorrow": 1,
    "lusa": 2,
}
_HALVES = {
    "am": ["pagi", "morning", "subuh"],
    "pm": ["siang", "sore", "petang", "afternoon"],
}
_MONTHS = (
    "januari jan january",
    "februari feb pebruari february",
    "maret mar march",
    "april apr",
    "mei may",
    "juni jun june",
    "juli jul july",
    "agustus agu ags agt august aug",
    "september sep sept",
    "oktober okt october oct",
    "november nov nopember",
    "desember des december dec",
)
_MONTH_OF = {word: number for number, names in enumerate(_MONTHS, 1) for word in names.split()}
_NOON = 12
_CENTURY = 100


class SpokenDay(NamedTuple):
    """A day, a weekday (0 is Monday) or neither; and a half of it, "am" or "pm", or neither."""

    day: date | None
    weekday: int | None
    half: str

    def fits(self, option: str) -> bool:
        """Return whether an option is meant: "2026-11-24-am" or, of any week, "tue-am"."""
        where, _, half = option.rpartition("-")
        if half not in {"am", "pm"} or (self.half and half != self.half):
            return False
        if where in DAYS:
            weekday = self.day.weekday() if self.day else self.weekday
            return weekday is None or weekday == DAYS.index(where)
        try:
            day = date.fromisoformat(where)
        except ValueError:
            return False
        if self.day:
            return day == self.day
        return self.weekday is None or day.weekday() == self.weekday


def read_day(text: str, *, today: date) -> SpokenDay | None:
    """Return the day and half-day in a text, or None if it names neither."""
    words = f" {plain(text)} "
    half = _half(words)
    for spoken, days in _FROM_TODAY.items():
        if f" {spoken} " in words:
            return SpokenDay(today + timedelta(days=days), None, half)
    day = _calendar_day(words, today)
    if day is not None:
        return SpokenDay(day, None, half)
    for word in words.split():
        if word in _WEEKDAYS:
            return SpokenDay(None, _WEEKDAYS[word], half)
    return SpokenDay(None, None, half) if half else None


def _half(words: str) -> str:
    for half, names in _HALVES.items():
        if any(f" {name} " in words for name in names):
            return half
    hour = re.search(r" (?:jam|pukul|at) (\d{1,2}) ", words)
    if hour and hour[1].isascii():
        return "am" if int(hour[1]) < _NOON else "pm"
    return ""


def _calendar_day(words: str, today: date) -> date | None:
    named = re.search(r" (\d{1,2}) ([a-z]+)(?: (\d{4}))? ", words)
    numbers = re.search(r" (\d{1,2}) (\d{1,2})(?: (\d{4}))? ", words)
    alone = re.search(r" (?:tgl|tanggal) (\d{1,2}) ", words)
    if named and named[2] in _MONTH_OF:
        return _coming(int(named[1]), _MONTH_OF[named[2]], named[3], today)
    if numbers and " jam " not in words and " pukul " not in words:
        return _coming(int(numbers[1]), int(numbers[2]), numbers[3], today)
    if alone:
        this = _coming(int(alone[1]), today.month, None, today)
        if this and this.year == today.year:
            return this
        return _coming(int(alone[1]), today.month % 12 + 1, None, today)
    return None


def _coming(day: int, month: int, year: str | None, today: date) -> date | None:
    try:
        found = date(int(year) if year else today.year, month, day)
        if not year and found < today:
            found = date(today.year + 1, month, day)
    except ValueError:
        return None
    return found


def days_meant(text: str, choices: Sequence[Choice], *, today: date) -> list[Choice]:
    """Return the half-days on offer that a text means; of one weekday only the first date."""
    spoken = read_day(text, today=today)
    if spoken is None:
        return []
    found = [one for one in choices if spoken.fits(one.id)]
    first = found[0].id.rpartition("-")[0] if found else ""
    # "Senin" is the coming Monday; "pagi" alone may be any morning.
    return (
        [one for one in found if one.id.startswith(first)] if spoken.weekday is not None else found
    )


def past_day(text: str) -> str:
    """Return a day that somebody remembers as 2026-10-23, 2026-10 or 2026; else the text itself.

    Read are "23 oktober 2026", "okt 2026", "10/2026", "23-10-2026", "10 1990" and "1990".
    """
    words = f" {plain(text)} "
    for name, number in _MONTH_OF.items():
        words = words.replace(f" {name} ", f" {number} ")
    parts = words.split()
    if not parts or not all(part.isascii() and part.isdecimal() for part in parts):
        return text
    if len(parts[0]) == len("2026"):
        return "-".join(parts)
    if len(parts) > 3 or int(parts[-1]) < _CENTURY:  # noqa: PLR2004 -- day, month and year
        return text
    return "-".join(reversed(parts))

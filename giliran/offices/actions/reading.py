"""Reading the cells of an office file; every fault says what was expected."""

from __future__ import annotations

import re
from datetime import time
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

SLUG_AT_MOST, NAME_AT_MOST, ADDRESS_AT_MOST = 50, 120, 240
HINT_AT_MOST, REASON_AT_MOST = 200, 80
_LABEL = re.compile(r"[1-9][0-9]{0,2}")
WEEKDAYS = ("sen", "sel", "rab", "kam", "jum", "sab", "min")
_SPAN = re.compile(
    r"(?P<first>\w{3})(?:-(?P<last>\w{3}))?\s+"
    r"(?P<begins>\d{2}:\d{2})-(?P<ends>\d{2}:\d{2})(?:\s+(?P<reason>.+))?"
)


class BadCell(ValueError):
    """A cell can't be read; the text says what was expected."""


class Span(NamedTuple):
    """A stretch of the day on one weekday (0 is Monday)."""

    weekday: int
    begins: time
    ends: time
    reason: str


def storable(cell: str) -> str:
    """Return the cell if PostgreSQL can store it, which keeps every character but NUL."""
    if "\0" in cell:
        raise BadCell("tanpa karakter nol; simpan lagi sebagai CSV UTF-8")
    return cell


def text(cell: str, *, most: int, least: int = 1) -> str:
    words = " ".join(cell.split())
    if len(words) < least:
        raise BadCell("harus diisi")
    if len(words) > most:
        raise BadCell(f"paling banyak {most} huruf")
    return words


def slug(cell: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", cell.strip()):
        raise BadCell("huruf kecil, angka dan tanda hubung, misalnya tangerang-selatan")
    if len(cell.strip()) > SLUG_AT_MOST:
        raise BadCell(f"paling banyak {SLUG_AT_MOST} huruf")
    return cell.strip()


def whole(cell: str, *, least: int, most: int) -> int:
    # The length first: Python refuses to read numbers of thousands of digits.
    digits = cell.strip()
    short = digits.isdecimal() and len(digits) <= len(str(most))
    if not short or not least <= int(digits) <= most:
        raise BadCell(f"bilangan bulat dari {least} sampai {most}")
    return int(digits)


def degrees(cell: str, *, most: int) -> Decimal:
    try:
        value = Decimal(cell.strip())
    except InvalidOperation:
        raise BadCell("derajat desimal, misalnya -6.12010") from None
    if not value.is_finite() or value.copy_abs() > most:
        raise BadCell(f"derajat antara -{most} dan {most}")
    return value.quantize(Decimal("0.00001"))


def one_of(cell: str, choices: frozenset[str]) -> str:
    if cell.strip() not in choices:
        raise BadCell(f"salah satu dari: {', '.join(sorted(choices))}")
    return cell.strip()


def spans(cell: str) -> list[Span]:
    """Read ``sen-kam 08:00-15:00; jum 11:30-13:00 Salat Jumat``, weekday by weekday.

    Raises ``BadCell`` for unknown weekdays, times that end before they begin, and overlaps.
    """
    found: list[Span] = []
    for part in filter(None, (p.strip() for p in cell.split(";"))):
        match = _SPAN.fullmatch(part)
        if match is None:
            raise BadCell(f"“{part}” ditulis seperti: sen-kam 08:00-15:00")
        first, last = match["first"].lower(), (match["last"] or match["first"]).lower()
        if first not in WEEKDAYS or last not in WEEKDAYS:
            raise BadCell(f"hari di “{part}”: {', '.join(WEEKDAYS)}")
        try:
            begins, ends = time.fromisoformat(match["begins"]), time.fromisoformat(match["ends"])
        except ValueError:
            raise BadCell(f"jam di “{part}”: dari 00:00 sampai 23:59") from None
        if begins >= ends:
            raise BadCell(f"“{part}” berakhir sebelum mulai")
        if WEEKDAYS.index(last) < WEEKDAYS.index(first):
            raise BadCell(f"hari di “{part}” terbalik; pekan dimulai hari sen")
        if len(match["reason"] or "") > REASON_AT_MOST:
            raise BadCell(f"sebab paling banyak {REASON_AT_MOST} huruf")
        for weekday in range(WEEKDAYS.index(first), WEEKDAYS.index(last) + 1):
            fresh = Span(weekday, begins, ends, match["reason"] or "")
            if any(s.weekday == weekday and s.begins < ends and begins < s.ends for s in found):
                raise BadCell(f"“{part}” bertumpuk dengan jam lain pada hari {WEEKDAYS[weekday]}")
            found.append(fresh)
    return found


def opening_hours(cell: str) -> list[Span]:
    """Read at least one span, and one a weekday at most: what lies between is a break."""
    found = spans(cell)
    if not found:
        raise BadCell("harus diisi, misalnya sen-jum 08:00-15:00")
    days = [span.weekday for span in found]
    twice = next((day for day in days if days.count(day) > 1), None)
    if twice is not None:
        raise BadCell(f"hari {WEEKDAYS[twice]} ditulis dua kali; tulis jedanya di kolom breaks")
    return found


def counters(cell: str, services: frozenset[str]) -> dict[str, list[str]]:
    """Read ``1-3:jht+jkm; 4:jkk+jp`` as the services of each counter label."""
    found: dict[str, list[str]] = {}
    example = "misalnya 1-3:jht+jkm"
    for part in filter(None, (p.strip() for p in cell.split(";"))):
        labels, colon, codes = part.partition(":")
        served = [code.strip() for code in codes.split("+")]
        first, dash, last = labels.strip().partition("-")
        last = last if dash else first
        if not colon or not _LABEL.fullmatch(first) or not _LABEL.fullmatch(last):
            raise BadCell(f"loket bernomor 1 sampai 999, {example}")
        if int(last) < int(first):
            raise BadCell(f"nomor loket di “{part}” terbalik")
        unknown = [code for code in served if code not in services]
        if unknown:
            raise BadCell(f"layanan tidak dikenal: {', '.join(unknown)}")
        for label in range(int(first), int(last) + 1):
            if str(label) in found:
                raise BadCell(f"loket {label} ditulis dua kali")
            found[str(label)] = served
    if not found:
        raise BadCell(f"paling sedikit satu loket, {example}")
    return found

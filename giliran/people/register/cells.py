"""What a cell of the register may say. ``columns`` reads many at once and means the same."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from giliran.core.eligibility.words import HEIRS, SEGMENTS
from giliran.core.identifiers import BadBirthInNik, BadNik, parse_nik
from giliran.people.names import BadName, parse_name
from giliran.people.register.faults import BadCell

FIRST_DAY = date(1940, 1, 1)
FIRST_BIRTH = date(1900, 1, 1)
FIRST_MONTH = date(1977, 12, 1)
"""Astek, the agency's forerunner, began on 5 December 1977 (PP 33/1977)."""
MONTHS_AHEAD = 12
"""Who works for themselves may pay so many months ahead."""
MONEY_DIGITS = 12
NIK_LENGTH = 16

_SCIENTIFIC = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE | re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_MONEY = re.compile(r"(\d{1,12})(?:[.,](\d{1,2}))?", re.ASCII)
_SERIAL = re.compile(r"\d{5}", re.ASCII)
_PHONE = re.compile(r"(?:\+?62|0)?([1-9]\d{6,12})", re.ASCII)
_ABROAD = re.compile(r"\+[1-9]\d{7,14}", re.ASCII)


def _excel(cell: str, what: str) -> None:
    if _SCIENTIFIC.fullmatch(cell):
        raise BadCell(
            f"Excel mengubah {what} menjadi notasi ilmiah dan membuang angka terakhirnya; jadikan "
            "kolom ini Teks, lalu isi lagi dari sumbernya"
        )


def nik(cell: str) -> str:
    """Return the 16 digits of a NIK; an apostrophe by which a spreadsheet keeps text is dropped."""
    text = cell.strip().removeprefix("'")
    _excel(text, "NIK")
    if not text:
        raise BadCell("NIK harus diisi")
    try:
        return parse_nik(text)
    except BadBirthInNik:
        raise BadCell("NIK ini tidak mungkin: tanggal lahir atau nomor urutnya salah") from None
    except BadNik as bad:
        raise BadCell(f"NIK harus 16 angka, di sini {bad.params['digits']} angka") from None


def kpj(cell: str) -> str:
    """Return the 11 digits and capitals of a card's number."""
    text = cell.strip().removeprefix("'")
    _excel(text, "KPJ")
    clean = re.sub(r"[\s.\-]", "", text).upper()
    if not clean:
        raise BadCell("KPJ harus diisi")
    if not re.fullmatch(r"[0-9A-Z]{11}", clean):
        raise BadCell("KPJ harus 11 angka atau huruf, misalnya 10012345678")
    return clean


def npp(cell: str) -> str:
    """Return an employer's number: 8 digits and capitals, with its division up to 12."""
    text = cell.strip().removeprefix("'")
    _excel(text, "NPP")
    clean = re.sub(r"[\s.\-]", "", text).upper()
    if not re.fullmatch(r"[0-9A-Z]{8,12}", clean):
        raise BadCell("NPP harus 8 sampai 12 angka atau huruf, misalnya JJ012345")
    return clean


def name(cell: str) -> str:
    """Return a person's name with single spaces."""
    try:
        return parse_name(cell)
    except BadName:
        raise BadCell("nama harus diisi, paling panjang 120 huruf") from None


def employer(cell: str) -> str:
    """Return a company's name with single spaces, of at most 160 letters."""
    clean = " ".join(cell.split())
    if not clean or not clean.isprintable() or len(clean) > 160:  # noqa: PLR2004
        raise BadCell("nama perusahaan harus diisi, paling panjang 160 huruf")
    return clean


def day(cell: str, *, first: date = FIRST_DAY, last: date) -> date:
    """Return a date written year-month-day, from ``first`` to ``last``.

    03/04/2024 is the third of April to some and the fourth of March to others: nobody guesses.
    """
    text = cell.strip()
    found = _DAY.fullmatch(text)
    if found is None:
        if _SERIAL.fullmatch(text):
            raise BadCell("ini nomor hari Excel; jadikan kolom ini tanggal tahun-bulan-hari")
        raise BadCell("tanggal harus tahun-bulan-hari, misalnya 2024-12-31")
    try:
        value = date(*map(int, found.groups()))
    except ValueError:
        raise BadCell("tanggal ini tidak ada di kalender") from None
    if not first <= value <= last:
        raise BadCell(f"tanggal harus dari {first} sampai {last}")
    return value


def month(cell: str, *, last: date) -> date:
    """Return the first day of a month written 2024-12, or as that first day."""
    text = cell.strip()
    found = _MONTH.fullmatch(text)
    if found is None or found[3] not in {None, "01"} or not 1 <= int(found[2]) <= 12:  # noqa: PLR2004
        raise BadCell("bulan harus tahun-bulan, misalnya 2024-12")
    if not FIRST_MONTH.year <= int(found[1]) <= last.year:
        raise BadCell(f"bulan harus dari {FIRST_MONTH:%Y-%m} sampai {last:%Y-%m}")
    value = date(int(found[1]), int(found[2]), 1)
    if not FIRST_MONTH <= value <= last:
        raise BadCell(f"bulan harus dari {FIRST_MONTH:%Y-%m} sampai {last:%Y-%m}")
    return value


def money(cell: str) -> Decimal:
    """Return rupiah from 0 to below a trillion (10^12), with at most two decimals."""
    text = cell.strip()
    _excel(text, "angka ini")
    if text.startswith("-"):
        raise BadCell("tidak boleh kurang dari nol")
    found = _MONEY.fullmatch(text)
    if found is None:
        raise BadCell("rupiah tanpa Rp dan tanpa titik ribuan, misalnya 4500000 atau 4500000.50")
    return Decimal(f"{found[1]}.{found[2] or '0'}")


def segment(cell: str) -> str:
    """Return PU, BPU, JAKON or PMI."""
    found = SEGMENTS.find(cell)
    if found is None:
        raise BadCell("segmen harus PU, BPU, JAKON atau PMI")
    return found


def relation(cell: str) -> str:
    """Return who an heir is to the member, by the names of the law's ranks, or ``other``."""
    found = HEIRS.find(cell)
    if found is None:
        raise BadCell(
            "hubungan harus suami, istri, anak, orang_tua, kakek, nenek, cucu, saudara, mertua, "
            "wasiat atau lain"
        )
    return "other" if found == "none" else found


def phone(cell: str) -> str:
    """Return a number as E.164, whether or not anybody answers there; empty stays empty.

    A spreadsheet takes the first 0 away: 8123456789 is understood.
    """
    text = re.sub(r"[\s.\-()]", "", cell.strip().removeprefix("'"))
    _excel(text, "nomor telepon")
    if not text:
        return ""
    found = _PHONE.fullmatch(text)
    if found:
        return f"+62{found[1]}"
    if _ABROAD.fullmatch(text):
        return text
    raise BadCell("nomor telepon tidak dikenali; kosongkan bila tidak diketahui")

"""Reading a block's columns at once.

What the quick way doesn't know goes to ``cells``, cell by cell, which says what a cell means; the
quick ways may know less but never anything else.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from giliran.people.register import cells
from giliran.people.register.faults import BadCell, Fault, fault
from giliran.people.register.files import Block

EPOCH = date(2000, 1, 1)
"""PostgreSQL counts days from here."""
NO_DAY = np.iinfo(np.int32).min
NO_MONEY = -1
KPJ_LENGTH, NIK_LENGTH, NPP_LENGTH = 11, 16, 12
_SIGNS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NOT_A_SIGN = 255
_VALUE = np.full(256, _NOT_A_SIGN, np.uint8)
_VALUE[np.frombuffer(_SIGNS, np.uint8)] = np.arange(len(_SIGNS))
_WRITTEN = np.frombuffer(_SIGNS, np.uint8)
_WOMEN = 40  # is added to the day of birth in their NIK


class Rows:
    """A block while it is read: its columns by name, what is wrong, and which rows are good."""

    def __init__(self, block: Block) -> None:
        self.lines = block.lines
        self.faults: list[Fault] = list(block.faults)
        self.good = np.ones(len(block.lines), bool)
        self._columns = block.columns

    def refuse(self, name: str, rows: np.ndarray, reason: str) -> None:
        """Note a fault in these rows (indexes within the block)."""
        self.good[rows] = False
        column = self._columns.get(name)
        texts = column.take(pa.array(rows)).to_pylist() if column is not None else [""] * len(rows)
        self.faults += [
            fault(int(line), name, text, reason)
            for line, text in zip(self.lines[rows], texts, strict=True)
        ]

    def has(self, name: str) -> bool:
        return self._columns[name] is not None

    def each(self, name: str, read: Callable[[str], Any]) -> list[Any]:
        """Return what ``read`` makes of every cell; None where it refuses, which is noted."""
        column = self._columns[name]
        if column is None:
            return [read("")] * len(self.lines)
        found: list[Any] = []
        for row, text in enumerate(column.to_pylist()):
            try:
                found.append(read(text))
            except BadCell as bad:
                self.refuse(name, np.array([row]), str(bad))
                found.append(None)
        return found

    def words(self, name: str, read: Callable[[str], Any]) -> tuple[np.ndarray, list[Any]]:
        """Return for every row an index into the list of what its few different cells mean."""
        column = self._columns[name]
        assert column is not None  # noqa: S101 -- a needed column, by headers.kind_of
        every = np.arange(len(self.lines))
        return self._different(name, column, every, read)

    def _different(
        self, name: str, column: pa.StringArray, rows: np.ndarray, read: Callable[[str], Any]
    ) -> tuple[np.ndarray, list[Any]]:
        encoded = column.dictionary_encode()
        codes = encoded.indices.to_numpy(zero_copy_only=False)
        found: list[Any] = []
        for code, text in enumerate(encoded.dictionary.to_pylist()):
            try:
                found.append(read(text))
            except BadCell as bad:
                self.refuse(name, rows[codes == code], str(bad))
                found.append(None)
        return codes, found

    def days(self, name: str, read: Callable[[str], date], *, or_empty: bool = False) -> np.ndarray:
        """Return days since ``EPOCH`` (int32); ``NO_DAY`` for an empty or bad cell."""
        column = self._columns[name]
        if column is None:
            return np.full(len(self.lines), NO_DAY, np.int32)

        def number(text: str) -> int:
            if or_empty and not text.strip():
                return NO_DAY
            return (read(text) - EPOCH).days

        codes, found = self._different(name, column, np.arange(len(self.lines)), number)
        return _values(codes, found, NO_DAY, np.int32)

    def sens(self, name: str, *, or_empty: bool = False) -> np.ndarray:
        """Return money in hundredths of a rupiah (int64); ``NO_MONEY`` for empty or bad."""
        column = self._columns[name]
        values = np.full(len(self.lines), NO_MONEY, np.int64)
        if column is None:
            return values
        left = np.ones(len(values), bool)
        for pattern, factor in ((r"^[0-9]{1,12}$", 100), (r"^[0-9]{1,12}\.[0-9]{2}$", 1)):
            like = pc.match_substring_regex(column, pattern).to_numpy(zero_copy_only=False)
            if like.any():
                digits = pc.replace_substring(column.filter(pa.array(like)), ".", "")
                values[like] = digits.cast(pa.int64()).to_numpy() * factor
                left &= ~like
            if not left.any():
                return values

        def sen(text: str) -> int:
            if or_empty and not text.strip():
                return NO_MONEY
            return int(cells.money(text) * Decimal(100))

        rows = np.flatnonzero(left)
        codes, found = self._different(name, column.take(pa.array(rows)), rows, sen)
        values[rows] = _values(codes, found, NO_MONEY, np.int64)
        return values

    def kpjs(self, name: str) -> np.ndarray:
        """Return card numbers as ``packed_kpj`` (int64), -1 where bad."""
        return self._signs(name, KPJ_LENGTH, _good_kpj, lambda text: packed_kpj(cells.kpj(text)))

    def niks(self, name: str) -> np.ndarray:
        """Return NIKs as numbers (int64), -1 where bad."""
        return self._signs(name, NIK_LENGTH, _good_nik, lambda text: int(cells.nik(text)))

    def _signs(
        self,
        name: str,
        width: int,
        quick: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]],
        read: Callable[[str], int],
    ) -> np.ndarray:
        column = self._columns[name]
        assert column is not None  # noqa: S101 -- a needed column, by headers.kind_of
        values = np.full(len(self.lines), -1, np.int64)
        rows, signs = _of_width(column, width)
        good, numbers = quick(_VALUE[signs])
        values[rows[good]] = numbers[good]
        left = np.flatnonzero(values < 0)
        if len(left):
            codes, found = self._different(name, column.take(pa.array(left)), left, read)
            values[left] = _values(codes, found, -1, np.int64)
        return values


def packed_kpj(kpj: str) -> int:
    """Return a card number as a number: 11 signs of 36 fit into 57 bits."""
    return int(kpj, 36)


def packed_npp(npp: str) -> int:
    """Return an employer's number of at most 12 signs as a number of 62 bits.

    Shorter ones are ended by a 37th sign, so that none is another with zeros.
    """
    value = 0
    for place in range(NPP_LENGTH):
        value = value * 37 + (int(npp[place], 36) + 1 if place < len(npp) else 0)
    return value


def written_kpjs(packed: np.ndarray) -> list[str]:
    """Return the 11 signs of each card number that ``packed_kpj`` packed."""
    signs = np.empty((len(packed), KPJ_LENGTH), np.uint8)
    for place in reversed(range(KPJ_LENGTH)):
        packed, rest = np.divmod(packed, len(_SIGNS))
        signs[:, place] = _WRITTEN[rest]
    return signs.view(f"S{KPJ_LENGTH}").ravel().astype(str).tolist()


def _values(codes: np.ndarray, found: list[Any], empty: int, kind: type) -> np.ndarray:
    table: np.ndarray = np.array([empty if one is None else one for one in found], kind)
    return table[codes] if len(table) else np.empty(0, kind)


def _of_width(column: pa.StringArray, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Return which cells have so many bytes, and these bytes, shape (cells, width)."""
    count = len(column)
    _, offsets, content = column.buffers()
    if not count or content is None:
        return np.empty(0, np.int64), np.empty((0, width), np.uint8)
    starts = np.frombuffer(offsets, np.int32)[column.offset : column.offset + count + 1]
    everything = np.frombuffer(content, np.uint8)
    rows = np.flatnonzero(np.diff(starts) == width)
    if len(rows) == count:
        return rows, everything[starts[0] : starts[-1]].reshape(count, width)
    return rows, everything[starts[rows][:, None] + np.arange(width)]


def _good_kpj(signs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    good = (signs != _NOT_A_SIGN).all(axis=1)
    return good, _number(signs, 36)


def _good_nik(digits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the NIKs that ``core.identifiers`` takes: 16 digits, a possible birth date, a serial."""
    number = _number(digits, 10)
    day = number // 10**8 % 100
    month = number // 10**6 % 100
    day = np.where(day > _WOMEN, day - _WOMEN, day)
    possible = (day >= 1) & (day <= 31) & (month >= 1) & (month <= 12) & (number % 10**4 > 0)  # noqa: PLR2004
    return (digits <= 9).all(axis=1) & possible, number  # noqa: PLR2004


def _number(digits: np.ndarray, base: int) -> np.ndarray:
    value = np.zeros(len(digits), np.int64)
    for place in range(digits.shape[1]):
        value = value * base + digits[:, place]
    return value

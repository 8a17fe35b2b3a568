"""What is wrong in a file, and where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

SHOWN = 40
PERSONAL = frozenset({"nik", "name", "birth_date", "phone", "heir_nik", "heir_name"})
"""Columns whose cells stay in the file: a report goes by mail and lies on desks."""


class BadCell(ValueError):
    """A cell can't be read; the text says what is wrong with it and what was expected."""


class Fault(NamedTuple):
    """One bad cell or row. Line 1 of a CSV file is its header; row 1 of Parquet its first row."""

    line: int
    column: str
    given: str
    reason: str

    def __str__(self) -> str:
        column = f", kolom {self.column}" if self.column else ""
        given = f"“{self.given}”; " if self.given else ""
        return f"baris {self.line}{column}: {given}{self.reason}"


class Unreadable(Exception):
    """A file is no register file at all; the text says why and what to do. Nothing was changed."""


class BadFile(Exception):
    """A file has bad rows; nothing was changed. ``count`` is how many faults there are."""

    def __init__(self, count: int, first: Sequence[Fault]) -> None:
        self.count = count
        self.first = first
        super().__init__("\n".join(map(str, first)))


def fault(line: int, column: str, cell: str, reason: str) -> Fault:
    """Return a fault with as much of the cell as a terminal and a spreadsheet may show.

    A terminal obeys control characters, a spreadsheet what begins with an equals sign, and a cell
    may hold megabytes. What is personal is left out.
    """
    if column in PERSONAL:
        return Fault(line, column, "", reason)
    given = "".join(c if c.isprintable() else "�" for c in cell[:SHOWN]).lstrip("=+-@")
    return Fault(line, column, given + "…" * (len(cell) > SHOWN), reason)

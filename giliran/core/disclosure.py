"""Which sums to keep back so that those of a few people can't be reckoned from the rest.

A table of counts is shown by rows, each to its row's readers, and as the sums of its columns; the
sums of its rows and the sum of all are told elsewhere. What is left of a sum when all that is shown
is taken away must hold enough people, and of more than one cell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

Cell = tuple[int, int]
"""The numbers of a row and a column."""


class Withheld(NamedTuple):
    """The cells, and the columns whose sum, that are not shown."""

    cells: frozenset[Cell]
    sums: frozenset[int]


def withheld(counts: Mapping[Cell, int], *, fewest: int) -> Withheld:
    """Return what is not shown of a table: less than ``fewest``, and what would tell of that.

    As little more as that takes, the smallest first. A sum of fewer than ``fewest`` isn't told, so
    nothing can be taken from it. A cell that is its row's only one is told by the row's sum: it is
    not kept back in vain. Where no cell of a column can be, the column's sum is.
    """
    table = _Table({cell: n for cell, n in sorted(counts.items()) if n > 0}, fewest)
    while table.keep_back():
        pass
    return Withheld(frozenset(table.hidden), frozenset(table.unsummed))


class _Table:
    def __init__(self, cells: Mapping[Cell, int], fewest: int) -> None:
        self._cells, self._fewest = cells, fewest
        self._in_row = Counter(row for row, _ in cells)
        self._sums: Counter[int] = Counter()
        for (_, column), n in cells.items():
            self._sums[column] += n
        self.hidden = {cell for cell, n in cells.items() if n < fewest}
        self.unsummed = {column for column, n in self._sums.items() if n < fewest}

    def keep_back(self) -> bool:
        """Keep one more cell or sum back; returns whether one had to be."""
        return (
            any(self._mend_row(row) for row in self._in_row)
            or any(self._mend_column(column) for column in self._sums)
            or self._mend_sums()
        )

    def _mend_row(self, row: int) -> bool:
        line = [cell for cell in self._cells if cell[0] == row]
        is_told = sum(self._cells[cell] for cell in line) >= self._fewest
        return is_told and self._tells(line) and self._hide(line)

    def _mend_column(self, column: int) -> bool:
        line = [cell for cell in self._cells if cell[1] == column]
        if column in self.unsummed or not self._tells(line):
            return False
        if not self._hide(line):
            self.unsummed.add(column)
        return True

    def _mend_sums(self) -> bool:
        shown = [column for column in self._sums if column not in self.unsummed]
        rest = [self._sums[column] for column in self.unsummed]
        if self._sums.total() < self._fewest or not shown or not self._is_few(rest):
            return False
        self.unsummed.add(min(shown, key=lambda column: (self._sums[column], column)))
        return True

    def _tells(self, line: Iterable[Cell]) -> bool:
        return self._is_few([self._cells[cell] for cell in line if cell in self.hidden])

    def _is_few(self, rest: list[int]) -> bool:
        return bool(rest) and (len(rest) == 1 or sum(rest) < self._fewest)

    def _hide(self, line: Iterable[Cell]) -> bool:
        free = [c for c in line if c not in self.hidden and self._in_row[c[0]] > 1]
        if free:
            self.hidden.add(min(free, key=lambda cell: (self._cells[cell], cell)))
        return bool(free)

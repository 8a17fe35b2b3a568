"""Which sums to keep back so that those of a few people can't be reckoned from the rest.

A table of counts is shown by rows, each to its row's readers, and as the sums of its columns; the
sums of its rows and the sum of all are told elsewhere. What is left of a sum when all that is shown
is taken away must hold enough people, and of more than one cell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Cell = tuple[int, int]
"""The numbers of a row and a column."""


_NOTHING = 1e-9


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


def left_out(totals: Mapping[int, int], *, fewest: int) -> frozenset[int]:
    """Return the rows that no sum of all may hold: the few who aren't told by themselves.

    Where they are enough together, of more than one row, nothing is left out.
    """
    few = {row: n for row, n in totals.items() if 0 < n < fewest}
    return frozenset(few if _is_few(list(few.values()), fewest) else ())


def _is_few(rest: Collection[int], fewest: int) -> bool:
    return bool(rest) and (len(rest) == 1 or sum(rest) < fewest)


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
            or self._mend_reckoned()
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
        if self._sums.total() < self._fewest or not shown or not _is_few(rest, self._fewest):
            return False
        self.unsummed.add(min(shown, key=lambda column: (self._sums[column], column)))
        return True

    def _tells(self, line: Iterable[Cell]) -> bool:
        return _is_few([self._cells[cell] for cell in line if cell in self.hidden], self._fewest)

    def _mend_reckoned(self) -> bool:
        """Keep a sum back with which several sums together tell of up to three cells."""
        for cells in self._reckoned():
            columns = {column for _, column in cells} | {
                column for row, column in self.hidden if any(row == other for other, _ in cells)
            }
            shown = [column for column in columns if column not in self.unsummed]
            if shown:
                self.unsummed.add(min(shown, key=lambda column: (self._sums[column], column)))
                return True
        return False

    def _reckoned(self) -> Iterator[tuple[Cell, ...]]:
        """Yield cells whose sum follows from what is told, and is one cell's or too few people's.

        It follows if nothing that the told sums leave open changes it.
        """
        small = [cell for cell in sorted(self.hidden) if self._cells[cell] < self._fewest]
        if not small:
            return
        left_open = self._left_open(small)
        for each in _summing_to_nothing(left_open):
            cells = tuple(small[one] for one in each)
            if _is_few([self._cells[cell] for cell in cells], self._fewest):
                yield cells

    def _left_open(self, cells: list[Cell]) -> NDArray[np.float64]:
        """Return by cell the directions in which all hidden could move unseen by the told sums."""
        hidden = sorted(self.hidden)
        rows: Counter[int] = Counter()
        for (row, _), n in self._cells.items():
            rows[row] += n
        told = [[row == one for row, _ in hidden] for one, n in rows.items() if n >= self._fewest]
        told += [
            [column == one for _, column in hidden]
            for one in self._sums
            if one not in self.unsummed
        ]
        if rows.total() >= self._fewest:
            told.append([True] * len(hidden))
        equations = np.array(told, dtype=float).reshape(len(told), len(hidden))
        _, sizes, directions = np.linalg.svd(equations)
        unseen = directions[int((sizes > _NOTHING).sum()) :].T
        return unseen[[hidden.index(cell) for cell in cells]]

    def _hide(self, line: Iterable[Cell]) -> bool:
        free = [c for c in line if c not in self.hidden and self._in_row[c[0]] > 1]
        if free:
            self.hidden.add(min(free, key=lambda cell: (self._cells[cell], cell)))
        return bool(free)


def _summing_to_nothing(rows: NDArray[np.float64]) -> Iterator[tuple[int, ...]]:
    """Yield the numbers of one, two or three rows that add up to nothing."""
    # One number stands for a row; of those that add up the rows themselves are looked at.
    marks = rows @ np.sqrt(np.arange(2, rows.shape[1] + 2))
    for at, mark in enumerate(marks):
        after = marks[at + 1 :]
        found: list[tuple[int, ...]] = [(at,)] if abs(mark) < _NOTHING else []
        found += [(at, at + 1 + int(n)) for n in np.flatnonzero(abs(mark + after) < _NOTHING)]
        both = np.triu(abs(mark + np.add.outer(after, after)) < _NOTHING, 1)
        found += [(at, at + 1 + int(n), at + 1 + int(m)) for n, m in np.argwhere(both)]
        yield from (each for each in found if np.allclose(rows[list(each)].sum(axis=0), 0))

"""Finding the rows of a file that say the same thing twice."""

from __future__ import annotations

import numpy as np

from giliran.people.register.faults import Fault, fault


class Duplicates:
    """Remembers what names each row (some int64 columns): 8 bytes for each, and 8 for its line."""

    def __init__(self, column: str) -> None:
        self.column = column
        self._keys: list[np.ndarray] = []
        self._lines: list[np.ndarray] = []

    def add(self, key: tuple[np.ndarray, ...], lines: np.ndarray) -> None:
        """Remember rows: ``key`` columns and ``lines`` all of shape (rows,)."""
        self._keys.append(np.stack(key))
        self._lines.append(lines)

    def faults(self) -> list[Fault]:
        """Name every row whose key an earlier line has already, with the first such line."""
        if not self._keys:
            return []
        keys, lines = np.concatenate(self._keys, axis=1), np.concatenate(self._lines)
        if len(keys) == 1 and not _repeats(keys[0]):
            return []
        order = np.lexsort((lines, *keys[::-1]))
        keys, lines = keys[:, order], lines[order]
        again = np.append(False, (keys[:, 1:] == keys[:, :-1]).all(axis=0))
        first = np.maximum.accumulate(np.where(again, 0, np.arange(len(lines))))
        return [
            fault(int(lines[at]), self.column, "", f"sudah ada di baris {lines[first[at]]}")
            for at in np.flatnonzero(again)
        ]


def _repeats(key: np.ndarray) -> bool:
    """Say whether any number is there twice: a plain sort is ten times as quick as a lexsort."""
    ordered = np.sort(key)
    return bool((ordered[1:] == ordered[:-1]).any())

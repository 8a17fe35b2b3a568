"""A trace of Excel: it keeps 15 digits of a number, so the 16th of every NIK becomes 0."""

from __future__ import annotations

import numpy as np

from giliran.people.register.faults import Fault, fault

ENOUGH = 20
"""So many NIKs that all end in 0 happen by chance once in 10^20 files."""


class TrailingZeros:
    """Remembers whether any NIK of a file ends in something else than 0."""

    def __init__(self, column: str) -> None:
        self.column = column
        self._count = 0
        self._all = True
        self._first = 0

    def add(self, niks: np.ndarray, lines: np.ndarray) -> None:
        if self._count == 0 and len(lines):
            self._first = int(lines[0])
        self._count += len(niks)
        self._all &= bool((niks % 10 == 0).all())

    def faults(self) -> list[Fault]:
        if not self._all or self._count < ENOUGH:
            return []
        reason = (
            "semua NIK di kolom ini berakhir 0: Excel hanya menyimpan 15 angka. Jadikan kolom ini "
            "Teks, lalu isi lagi dari sumbernya"
        )
        return [fault(self._first, self.column, "", reason)]

"""Employers, and who worked for them from when until when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from typing import NamedTuple

import numpy as np
from django.db import connection

from giliran.core.eligibility.days import add_months
from giliran.people.register import cells
from giliran.people.register.cards import Cards
from giliran.people.register.columns import NO_DAY, Rows, packed_npp
from giliran.people.register.copying import copying_records, lay, records
from giliran.people.register.duplicates import Duplicates
from giliran.people.register.faults import Fault
from giliran.people.register.files import Block

_EMPLOYERS = """
INSERT INTO people_employer (npp, name)
SELECT npp, name FROM employers_of_file ORDER BY npp
ON CONFLICT (npp) DO UPDATE SET name = excluded.name WHERE people_employer.name <> excluded.name
"""
_KNOWN = """
    FROM spells_of_file told
    JOIN employers_of_file USING (packed)
    JOIN people_employer employer USING (npp)
"""
_CHANGED = f"""
UPDATE people_spell spell SET ended_on = told.ended_on
{_KNOWN}
WHERE (spell.card_id, spell.employer_id, spell.began_on)
        = (told.card_id, employer.id, told.began_on)
    AND spell.ended_on IS DISTINCT FROM told.ended_on
"""  # noqa: S608 -- constants
_NEW = f"""
INSERT INTO people_spell (card_id, employer_id, began_on, ended_on)
SELECT told.card_id, employer.id, told.began_on, told.ended_on
{_KNOWN}
WHERE NOT EXISTS (
    SELECT FROM people_spell spell
    WHERE (spell.card_id, spell.employer_id, spell.began_on)
        = (told.card_id, employer.id, told.began_on)
)
ORDER BY told.card_id, told.began_on
"""  # noqa: S608 -- constants


class Read(NamedTuple):
    faults: list[Fault]
    rows: int
    values: tuple[np.ndarray, ...]


class Spells:
    """Reads and writes one file of spells."""

    def __init__(self, today: date) -> None:
        # A contract may be registered with the day on which it will end.
        self._began = partial(cells.day, last=add_months(today, 12))
        self._ended = partial(cells.day, last=add_months(today, 12 * 50))
        self._cards = Cards()
        self._seen = Duplicates("began_on")
        self._employers: dict[str, str] = {}

    def read(self, block: Block) -> Read:
        rows = Rows(block)
        kpj = rows.kpjs("kpj")
        card = self._cards.ids(kpj)
        rows.refuse(
            "kpj",
            np.flatnonzero((card < 0) & (kpj >= 0)),
            "KPJ ini belum terdaftar; impor berkas peserta (members) lebih dahulu",
        )
        packed = self._employed(rows)
        began = rows.days("began_on", self._began)
        ended = rows.days("ended_on", self._ended, or_empty=True)
        wrong = (ended != NO_DAY) & (began != NO_DAY) & (ended < began)
        rows.refuse("ended_on", np.flatnonzero(wrong), "berakhir sebelum mulai")
        known = (card >= 0) & (packed >= 0) & (began != NO_DAY)
        self._seen.add(
            (card[known], packed[known], began[known].astype(np.int64)), rows.lines[known]
        )
        return Read(rows.faults, len(rows.lines), (card, packed, began, ended))

    def _employed(self, rows: Rows) -> np.ndarray:
        """Return the packed number of each row's employer, and remember the employers' names.

        One number with two names is refused: which of them is right is not ours to guess.
        """
        codes, npps = rows.words("npp", cells.npp)
        named, names = rows.words("employer", cells.employer)
        pairs, first = np.unique(codes.astype(np.int64) * 2**32 + named, return_index=True)
        for pair in pairs[np.argsort(first)]:
            npp, name = npps[pair >> 32], names[pair & (2**32 - 1)]
            if npp is None or name is None:
                continue
            if self._employers.setdefault(npp, name) != name:
                at = np.flatnonzero((codes == pair >> 32) & (named == pair & (2**32 - 1)))
                rows.refuse("employer", at, f"NPP {npp} sudah bernama lain di berkas ini")
        table = np.array([-1 if npp is None else packed_npp(npp) for npp in npps], np.int64)
        return table[codes] if len(table) else np.empty(0, np.int64)

    def faults_of_file(self) -> list[Fault]:
        return self._seen.faults()

    @contextmanager
    def writing(self) -> Iterator[Callable[[Read], None]]:
        """Give what writes a block beside the table."""
        lay("employers_of_file", "packed bigint, npp text, name text")
        lay("spells_of_file", "card_id bigint, packed bigint, began_on date, ended_on date")
        columns = "card_id, packed, began_on, ended_on"
        with copying_records("spells_of_file", columns) as write:
            yield lambda read: write(records(*read.values, day_or_null=True))

    def finish(self, now: datetime) -> tuple[int, int]:
        """Return how many spells are new and how many got another end."""
        with connection.cursor() as cursor:
            with cursor.copy("COPY employers_of_file FROM STDIN") as copy:
                for npp, name in self._employers.items():
                    copy.write_row((packed_npp(npp), npp, name))
            cursor.execute("ANALYZE spells_of_file, employers_of_file")
            cursor.execute(_EMPLOYERS)
            cursor.execute(_CHANGED)
            changed = cursor.rowcount
            cursor.execute(_NEW)
            return cursor.rowcount, changed

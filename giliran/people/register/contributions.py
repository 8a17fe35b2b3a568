"""Contributions: millions of rows with nothing secret in them, so whole columns at a time."""

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
from giliran.people.register.columns import NO_DAY, Rows
from giliran.people.register.copying import copying_records, lay, records
from giliran.people.register.duplicates import Duplicates
from giliran.people.register.faults import Fault
from giliran.people.register.files import Block

_COLUMNS = "card_id, month, wage, amount, paid_on"
_MONEY = (2, 3)
_CHANGED = """
UPDATE people_contribution old SET (wage, amount, paid_on) = (told.wage, told.amount, told.paid_on)
FROM contributions_of_file told
WHERE (old.card_id, old.month) = (told.card_id, told.month)
    AND (old.wage, old.amount, old.paid_on)
        IS DISTINCT FROM (told.wage, told.amount, told.paid_on)
"""
_NEW = f"""
INSERT INTO people_contribution ({_COLUMNS})
SELECT {_COLUMNS} FROM contributions_of_file told
WHERE NOT EXISTS (
    SELECT FROM people_contribution old
    WHERE (old.card_id, old.month) = (told.card_id, told.month)
)
ORDER BY card_id, month
"""  # noqa: S608 -- constants


class Read(NamedTuple):
    """A block's contributions, ordered by card and month; ``faults`` if it isn't good."""

    faults: list[Fault]
    rows: int
    values: tuple[np.ndarray, ...]


class Contributions:
    """Reads and writes one file of contributions."""

    def __init__(self, today: date) -> None:
        self._month = partial(
            cells.month, last=add_months(today.replace(day=1), cells.MONTHS_AHEAD)
        )
        self._paid = partial(cells.day, first=cells.FIRST_MONTH, last=today)
        self._cards = Cards()
        self._seen = Duplicates("month")
        with connection.cursor() as cursor:
            cursor.execute("SELECT NOT EXISTS (SELECT FROM people_contribution)")
            (self._is_first,) = cursor.fetchone()
        self._rows = 0

    def read(self, block: Block) -> Read:
        rows = Rows(block)
        kpj = rows.kpjs("kpj")
        card = self._cards.ids(kpj)
        rows.refuse(
            "kpj",
            np.flatnonzero((card < 0) & (kpj >= 0)),
            "KPJ ini belum terdaftar; impor berkas peserta (members) lebih dahulu",
        )
        month = rows.days("month", self._month)
        wage, amount = rows.sens("wage"), rows.sens("amount")
        paid = rows.days("paid_on", self._paid, or_empty=True)
        known = (card >= 0) & (month != NO_DAY)
        self._seen.add((card[known] * 2**20 + month[known],), rows.lines[known])
        # An index grows several times faster at its end than at random places.
        order = np.lexsort((month, card))
        values = tuple(column[order] for column in (card, month, wage, amount, paid))
        return Read(rows.faults, len(rows.lines), values)

    def faults_of_file(self) -> list[Fault]:
        return self._seen.faults()

    @contextmanager
    def writing(self) -> Iterator[Callable[[Read], None]]:
        """Give what writes a block: at once into the table if that is empty, or else beside it."""
        table = "people_contribution"
        if not self._is_first:
            table = "contributions_of_file"
            lay(table, "card_id bigint, month date, wage numeric, amount numeric, paid_on date")
        with copying_records(table, _COLUMNS) as write:

            def note(read: Read) -> None:
                self._rows += read.rows
                write(records(*read.values, money=_MONEY, day_or_null=True))

            yield note

    def finish(self, now: datetime) -> tuple[int, int]:
        """Return how many contributions are new and how many another file had told otherwise."""
        with connection.cursor() as cursor:
            if self._is_first:
                cursor.execute("ANALYZE people_contribution")
                return self._rows, 0
            cursor.execute("ANALYZE contributions_of_file")
            cursor.execute(_CHANGED)
            changed = cursor.rowcount
            cursor.execute(_NEW)
            return cursor.rowcount, changed

"""Cards with their holders. What is personal is sealed row by row before it leaves Python."""

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
from giliran.people.register.columns import (
    EPOCH,
    NO_DAY,
    NO_MONEY,
    Rows,
    written_kpjs,
)
from giliran.people.register.copying import copying, lay
from giliran.people.register.duplicates import Duplicates
from giliran.people.register.faults import Fault
from giliran.people.register.files import Block
from giliran.people.register.sealing import indexer, sealer
from giliran.people.register.trailing_zeros import TrailingZeros

_STAGING = """
    kpj text, nik_index bytea, nik_sealed bytea, segment text, name_sealed bytea,
    name_index bytea, birth_sealed bytea, birth_index bytea, phone_sealed bytea,
    balance numeric, balance_on date, opened_on date, closed_on date, content_index bytea
"""
_CITIZENS = """
INSERT INTO people_citizen (nik_index, nik_sealed, first_seen_at)
SELECT DISTINCT ON (nik_index) nik_index, nik_sealed, %s FROM members_of_file ORDER BY nik_index
ON CONFLICT (nik_index) DO NOTHING
"""
_TOLD = (
    *("segment", "name_sealed", "name_index", "birth_sealed", "birth_index", "phone_sealed"),
    *("balance", "balance_on", "opened_on", "closed_on", "content_index"),
)
# Cards that an officer joined, either side, keep the citizen whose NIK was found to be right.
_CHANGED = f"""
UPDATE people_card card SET
    citizen_id = CASE WHEN card.merged_into_id IS NULL AND NOT EXISTS (
        SELECT FROM people_card joined WHERE joined.merged_into_id = card.id
    ) THEN citizen.id ELSE card.citizen_id END,
    imported_at = %s,
    {", ".join(f"{name} = told.{name}" for name in _TOLD)}
FROM members_of_file told JOIN people_citizen citizen USING (nik_index)
WHERE card.kpj = told.kpj AND card.content_index <> told.content_index
"""  # noqa: S608 -- constants
_NEW = f"""
INSERT INTO people_card (kpj, citizen_id, imported_at, {", ".join(_TOLD)})
SELECT told.kpj, citizen.id, %s, {", ".join(f"told.{name}" for name in _TOLD)}
FROM members_of_file told JOIN people_citizen citizen USING (nik_index)
WHERE NOT EXISTS (SELECT FROM people_card card WHERE card.kpj = told.kpj)
ORDER BY told.kpj
"""  # noqa: S608 -- constants


class Read(NamedTuple):
    """A block's members, each column with one value for every row."""

    faults: list[Fault]
    kpj: np.ndarray
    nik: np.ndarray
    name: list[str]
    birth: np.ndarray
    segment: list[str]
    phone: list[str]
    balance: np.ndarray
    days: tuple[np.ndarray, ...]
    """Of the balance, of opening and of closing."""

    @property
    def rows(self) -> int:
        return len(self.kpj)


class Members:
    """Reads and writes one file of members."""

    def __init__(self, today: date) -> None:
        self._birth = partial(cells.day, first=cells.FIRST_BIRTH, last=today)
        self._past = partial(cells.day, last=today)
        self._opened = partial(cells.day, last=add_months(today, 12))
        self._seen = Duplicates("kpj")
        self._zeros = TrailingZeros("nik")

    def read(self, block: Block) -> Read:
        rows = Rows(block)
        kpj, nik = rows.kpjs("kpj"), rows.niks("nik")
        name = rows.each("name", cells.name)
        birth = rows.days("birth_date", self._birth)
        codes, segments = rows.words("segment", cells.segment)
        phone = rows.each("phone", cells.phone) if rows.has("phone") else [""] * len(kpj)
        balance = rows.sens("balance", or_empty=True)
        balance_on = rows.days("balance_on", self._past, or_empty=True)
        opened = rows.days("opened_on", self._opened)
        closed = rows.days("closed_on", self._past, or_empty=True)
        both = (opened != NO_DAY) & (closed != NO_DAY)
        rows.refuse("closed_on", np.flatnonzero(both & (closed < opened)), "ditutup sebelum dibuka")
        both = (birth != NO_DAY) & (opened != NO_DAY)
        rows.refuse("opened_on", np.flatnonzero(both & (opened <= birth)), "dibuka sebelum lahir")
        dateless = ((balance != NO_MONEY) != (balance_on != NO_DAY)) & rows.good
        told = "saldo dan tanggalnya diisi bersama, atau keduanya kosong"
        rows.refuse("balance_on", np.flatnonzero(dateless), told)
        known = kpj >= 0
        self._seen.add((kpj[known],), rows.lines[known])
        self._zeros.add(nik[nik >= 0], rows.lines)
        return Read(
            rows.faults,
            kpj,
            nik,
            name,
            birth,
            [segments[code] for code in codes],
            phone,
            balance,
            (balance_on, opened, closed),
        )

    def faults_of_file(self) -> list[Fault]:
        return self._seen.faults() + self._zeros.faults()

    @contextmanager
    def writing(self) -> Iterator[Callable[[Read], None]]:
        """Give what seals a block and writes it beside the table."""
        lay("members_of_file", _STAGING)
        with copying("COPY members_of_file FROM STDIN") as write:
            yield lambda read: write("".join(_sealed(read)).encode())

    def finish(self, now: datetime) -> tuple[int, int]:
        """Return how many cards are new and how many another file had told otherwise."""
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE members_of_file")
            cursor.execute(_CITIZENS, [now])
            cursor.execute("ANALYZE people_citizen")
            cursor.execute(_CHANGED, [now])
            changed = cursor.rowcount
            cursor.execute(_NEW, [now])
            new = cursor.rowcount
            cursor.execute("ANALYZE people_card")
        return new, changed


def _sealed(read: Read) -> Iterator[str]:
    r"""Give each member as a line of COPY's text format; \N is NULL, \\x begins bytes."""
    seal, index = sealer(), indexer()
    birth_days = written_days(read.birth)
    births = {day: index(day) for day in set(birth_days)}
    balances = [_rupiah(sen) for sen in read.balance.tolist()]
    days = zip(*(written_days(one) for one in read.days), strict=True)
    for kpj, nik_number, name, birth, segment, phone, balance, (balance_on, opened, closed) in zip(
        written_kpjs(read.kpj),
        read.nik.tolist(),
        read.name,
        birth_days,
        read.segment,
        read.phone,
        balances,
        days,
        strict=True,
    ):
        nik = f"{nik_number:016}"
        rest = f"{balance}\t{balance_on}\t{opened}\t{closed}"
        content = index(f"{kpj}\t{nik}\t{name}\t{birth}\t{segment}\t{phone}\t{rest}")
        yield (
            f"{kpj}\t\\\\x{index(nik)}\t\\\\x{seal(nik)}\t{segment}\t"
            f"\\\\x{seal(name)}\t\\\\x{index(name.casefold())}\t"
            f"\\\\x{seal(birth)}\t\\\\x{births[birth]}\t\\\\x{seal(phone)}\t"
            f"{rest}\t\\\\x{content}\n"
        )


def written_days(days: np.ndarray) -> list[str]:
    r"""Return days since ``EPOCH`` as ISO dates, and \N for none."""
    texts = np.datetime_as_string(np.datetime64(EPOCH) + days.astype(np.int64)).tolist()
    return [
        r"\N" if none else text for text, none in zip(texts, (days == NO_DAY).tolist(), strict=True)
    ]


def _rupiah(sen: int) -> str:
    return r"\N" if sen == NO_MONEY else f"{sen // 100}.{sen % 100:02}"

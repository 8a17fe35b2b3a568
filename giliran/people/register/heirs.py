"""Heirs of members, sealed like the members themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from typing import NamedTuple

import numpy as np
from django.db import connection

from giliran.encryption import blind_index
from giliran.people.register import cells
from giliran.people.register.columns import Rows
from giliran.people.register.copying import copying, lay
from giliran.people.register.duplicates import Duplicates
from giliran.people.register.faults import Fault
from giliran.people.register.files import Block
from giliran.people.register.members import written_days
from giliran.people.register.sealing import indexer, sealer
from giliran.people.register.trailing_zeros import TrailingZeros

_STAGING = """
    citizen_id bigint, nik_index bytea, nik_sealed bytea, name_sealed bytea, relation text,
    birth_sealed bytea, content_index bytea
"""
_TOLD = ("nik_sealed", "name_sealed", "relation", "birth_sealed", "content_index")
_CHANGED = f"""
UPDATE people_heir heir SET {", ".join(f"{name} = told.{name}" for name in _TOLD)}
FROM heirs_of_file told
WHERE (heir.citizen_id, heir.nik_index) = (told.citizen_id, told.nik_index)
    AND heir.content_index <> told.content_index
"""  # noqa: S608 -- constants
_NEW = f"""
INSERT INTO people_heir (citizen_id, nik_index, {", ".join(_TOLD)})
SELECT told.citizen_id, told.nik_index, {", ".join(f"told.{name}" for name in _TOLD)}
FROM heirs_of_file told
WHERE NOT EXISTS (
    SELECT FROM people_heir heir
    WHERE (heir.citizen_id, heir.nik_index) = (told.citizen_id, told.nik_index)
)
ORDER BY told.citizen_id, told.nik_index
"""  # noqa: S608 -- constants


class Read(NamedTuple):
    """A block's heirs, each column with one value for every row."""

    faults: list[Fault]
    citizen: list[int | None]
    nik: np.ndarray
    name: list[str]
    relation: list[str]
    birth: np.ndarray

    @property
    def rows(self) -> int:
        return len(self.nik)


class Heirs:
    """Reads and writes one file of heirs."""

    def __init__(self, today: date) -> None:
        self._birth = partial(cells.day, first=cells.FIRST_BIRTH, last=today)
        self._seen = Duplicates("heir_nik")
        self._zeros = (TrailingZeros("nik"), TrailingZeros("heir_nik"))

    def read(self, block: Block) -> Read:
        rows = Rows(block)
        member, heir = rows.niks("nik"), rows.niks("heir_nik")
        citizen = _citizens(member)
        unknown = [at for at, found in enumerate(citizen) if found is None and member[at] >= 0]
        rows.refuse(
            "nik",
            np.array(unknown, np.int64),
            "peserta ini belum terdaftar; impor berkas peserta (members) lebih dahulu",
        )
        rows.refuse(
            "heir_nik",
            np.flatnonzero((member == heir) & (heir >= 0)),
            "ahli waris tidak mungkin peserta itu sendiri",
        )
        name = rows.each("heir_name", cells.name)
        codes, relations = rows.words("relation", cells.relation)
        birth = rows.days("heir_birth_date", self._birth, or_empty=True)
        known = (member >= 0) & (heir >= 0)
        self._seen.add((member[known], heir[known]), rows.lines[known])
        for zeros, niks in zip(self._zeros, (member, heir), strict=True):
            zeros.add(niks[niks >= 0], rows.lines)
        relation = [relations[code] for code in codes]
        return Read(rows.faults, citizen, heir, name, relation, birth)

    def faults_of_file(self) -> list[Fault]:
        return [*self._seen.faults(), *(one for zeros in self._zeros for one in zeros.faults())]

    @contextmanager
    def writing(self) -> Iterator[Callable[[Read], None]]:
        """Give what seals a block and writes it beside the table."""
        lay("heirs_of_file", _STAGING)

        def write(read: Read) -> None:
            # Each block by itself: between two of them the next members are looked up.
            with copying("COPY heirs_of_file FROM STDIN") as copy:
                copy("".join(_sealed(read)).encode())

        yield write

    def finish(self, now: datetime) -> tuple[int, int]:
        """Return how many heirs are new and how many another file had told otherwise."""
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE heirs_of_file")
            cursor.execute(_CHANGED)
            changed = cursor.rowcount
            cursor.execute(_NEW)
            return cursor.rowcount, changed


def _citizens(niks: np.ndarray) -> list[int | None]:
    """Return the ids of the citizens with these NIKs who have a card; None where there is none."""
    indexes = {nik: blind_index(f"{nik:016}") for nik in set(niks[niks >= 0].tolist())}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT nik_index, id FROM people_citizen citizen
            WHERE nik_index = ANY(%s)
                AND EXISTS (SELECT FROM people_card WHERE citizen_id = citizen.id)
            """,
            [list(indexes.values())],
        )
        ids = {bytes(index): int(found) for index, found in cursor.fetchall()}
    return [ids.get(indexes.get(nik, b"")) for nik in niks.tolist()]


def _sealed(read: Read) -> Iterator[str]:
    r"""Give each heir as a line of COPY's text format; \\x begins bytes."""
    seal, index = sealer(), indexer()
    for citizen, nik_number, name, relation, birth in zip(
        read.citizen,
        read.nik.tolist(),
        read.name,
        read.relation,
        written_days(read.birth),
        strict=True,
    ):
        nik = f"{nik_number:016}"
        born = "" if birth == r"\N" else birth
        content = f"{nik}\t{name}\t{relation}\t{born}"
        yield (
            f"{citizen}\t\\\\x{index(nik)}\t\\\\x{seal(nik)}\t"
            f"\\\\x{seal(name)}\t{relation}\t\\\\x{seal(born)}\t"
            f"\\\\x{index(content)}\n"
        )

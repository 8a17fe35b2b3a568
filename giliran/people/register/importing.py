"""Taking a file of the register: the whole file, or nothing with every fault named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.utils import IntegrityError

from giliran.journal.actions import record
from giliran.people.matching import search_soon
from giliran.people.models import Import
from giliran.people.register.contributions import Contributions
from giliran.people.register.faults import BadFile, Fault, Unreadable
from giliran.people.register.files import Block, RegisterFile
from giliran.people.register.heirs import Heirs
from giliran.people.register.members import Members
from giliran.people.register.work import Spells

FAULTS_KEPT = 20
_CLOCK = ZoneInfo("Asia/Jakarta")


class Read(Protocol):
    """A block that was read."""

    @property
    def faults(self) -> list[Fault]: ...
    @property
    def rows(self) -> int: ...


class Taker(Protocol):
    """What knows one kind of file."""

    def read(self, block: Block) -> Any: ...
    def faults_of_file(self) -> list[Fault]: ...
    def writing(self) -> AbstractContextManager[Callable[[Any], None]]: ...
    def finish(self, now: datetime) -> tuple[int, int]: ...


_TAKERS: dict[str, Callable[[date], Taker]] = {
    "members": Members,
    "spells": Spells,
    "contributions": Contributions,
    "heirs": Heirs,
}
Progress = Callable[[int, int], None]
"""Is told how many rows were read so far, and how many bytes of the file."""


class Taken(NamedTuple):
    """What became of a file."""

    kind: str
    rows: int
    new: int
    changed: int
    was_known: bool
    """The very same file had been taken before: nothing was done."""


class _Faulty(Exception):
    """Something in the file is wrong; the transaction ends without a trace."""


def _silent(_rows: int, _bytes: int) -> None:
    pass


def take(
    path: Path,
    *,
    actor: str,
    now: datetime,
    kind: str | None = None,
    progress: Progress = _silent,
    on_fault: Callable[[Fault], None] | None = None,
    block_bytes: int = 8 << 20,
) -> Taken:
    """Bring a file into the register: one transaction, and the same file once.

    Rows that are there already are changed where they differ; what the file doesn't name stays.
    A good file is read once. A bad one is read a second time, to name every fault of it
    (``on_fault`` is called for each). One import goes after the other.

    Raises ``Unreadable`` or ``BadFile``; then nothing has changed.
    """
    with RegisterFile(path, kind=kind, block_bytes=block_bytes) as file:
        try:
            with transaction.atomic():
                return _take(file, actor=actor, now=now, progress=progress)
        except (_Faulty, IntegrityError) as fault:
            _check(file, now=now, progress=progress, on_fault=on_fault)
            # The file is good by now: somebody else changed the register in between.
            raise Unreadable("Data berubah saat berkas ini dibaca. Impor sekali lagi.") from fault


def check(
    path: Path,
    *,
    now: datetime,
    kind: str | None = None,
    progress: Progress = _silent,
    on_fault: Callable[[Fault], None] | None = None,
    block_bytes: int = 8 << 20,
) -> tuple[str, int]:
    """Look for every fault of a file and change nothing; returns its kind and its rows.

    Raises ``Unreadable`` or ``BadFile``.
    """
    with RegisterFile(path, kind=kind, block_bytes=block_bytes) as file:
        return file.kind.name, _check(file, now=now, progress=progress, on_fault=on_fault)


def _take(file: RegisterFile, *, actor: str, now: datetime, progress: Progress) -> Taken:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('people.import'))")
    before = Import.objects.filter(sha256=file.sha256).first()
    if before is not None:
        return Taken(before.kind, before.rows, 0, 0, was_known=True)
    taker = _TAKERS[file.kind.name](now.astimezone(_CLOCK).date())
    count = 0
    with taker.writing() as write:
        for block in file.blocks():
            read = taker.read(block)
            if read.faults:
                raise _Faulty
            count += read.rows
            if read.rows:
                write(read)
            progress(count, block.bytes_read)
    if not count or taker.faults_of_file():
        raise _Faulty
    new, changed = taker.finish(now)
    taken = Import.objects.create(
        sha256=file.sha256, kind=file.kind.name, rows=count, taken_at=now, taken_by=actor
    )
    record(
        "register.imported",
        at=now,
        actor=actor,
        subject_id=taken.pk,
        kind_of_file=file.kind.name,
        rows=count,
        new=new,
        changed=changed,
    )
    if file.kind.name == "members" and (new or changed):
        search_soon()
    return Taken(file.kind.name, count, new, changed, was_known=False)


def _check(
    file: RegisterFile,
    *,
    now: datetime,
    progress: Progress,
    on_fault: Callable[[Fault], None] | None,
) -> int:
    """Return how many rows a good file has. Raises ``BadFile``."""
    first: list[Fault] = []
    count = rows = 0
    for found, read in _faults(file, now=now):
        rows += read[0]
        progress(rows, read[1])
        count += len(found)
        first += found[: FAULTS_KEPT - len(first)]
        if on_fault:
            for one in found:
                on_fault(one)
    if count:
        raise BadFile(count, first)
    return rows


def _faults(file: RegisterFile, *, now: datetime) -> Iterator[tuple[list[Fault], tuple[int, int]]]:
    """Give the faults of each block, then those of the file; with the rows and bytes read."""
    taker = _TAKERS[file.kind.name](now.astimezone(_CLOCK).date())
    count = 0
    for block in file.blocks():
        read = taker.read(block)
        count += read.rows + len(block.faults)
        yield sorted(read.faults), (read.rows, block.bytes_read)
    found = taker.faults_of_file()
    if not count:
        found = [Fault(2, "", "", "tidak ada satu baris data pun")]
    yield found, (0, file.size)

"""Opening a file of the register and reading it in blocks: memory stays small, lines stay known."""

from __future__ import annotations

import codecs
import csv
import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple, Self

import numpy as np
import pyarrow as pa

from giliran.people.register import csv_blocks, parquet_blocks
from giliran.people.register.faults import Fault, Unreadable
from giliran.people.register.headers import Kind, column, kind_of

PIECE = 1 << 20
DELIMITERS = ",;\t"
_FOREIGN = {
    b"PK\x03\x04": "Ini berkas Excel atau ZIP. Simpan lembarnya sebagai “CSV UTF-8”.",
    b"PK\x05\x06": "Ini berkas ZIP yang kosong. Simpan lembarnya sebagai “CSV UTF-8”.",
    b"\x1f\x8b": "Ini berkas gzip. Buka dahulu, lalu impor isinya.",
    b"\xd0\xcf\x11\xe0": "Ini berkas Excel lama. Simpan lembarnya sebagai “CSV UTF-8”.",
    b"%PDF": "Ini berkas PDF. Minta datanya sebagai CSV atau Parquet.",
    b"\xff\xfe": "Ini teks UTF-16. Simpan lembarnya sebagai “CSV UTF-8”.",
    b"\xfe\xff": "Ini teks UTF-16. Simpan lembarnya sebagai “CSV UTF-8”.",
}


class Block(NamedTuple):
    """Some rows of a file: its columns as text (an absent one is None), and each row's line."""

    columns: Mapping[str, pa.StringArray | None]
    lines: np.ndarray
    faults: list[Fault]
    bytes_read: int


class RegisterFile:
    """A file that was looked at once: what it is, and that it can be read.

    Raises ``Unreadable`` with a sentence. Use it as a context; it keeps one open handle, so that
    what was looked at is what is read.
    """

    def __init__(self, path: Path, *, kind: str | None = None, block_bytes: int = 8 << 20) -> None:
        self.path = path
        self.block_bytes = block_bytes
        self.delimiter = ""
        try:
            self._handle: BinaryIO = path.open("rb")
        except OSError as error:
            raise Unreadable(f"Berkas tidak dapat dibuka: {error.strerror}.") from None
        try:
            self._stamp = self._stamped()
            self.size = self._stamp[0]
            self.kind, self.headings = self._look(kind)
        except BaseException:
            self._handle.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._handle.close()

    def _stamped(self) -> tuple[int, int]:
        now = os.fstat(self._handle.fileno())
        return now.st_size, now.st_mtime_ns

    def _look(self, asked: str | None) -> tuple[Kind, list[str]]:
        begin = self._handle.read(PIECE)
        if not begin.strip(b"\xef\xbb\xbf \t\r\n"):
            raise Unreadable("Berkas ini kosong.")
        for magic, sentence in _FOREIGN.items():
            if begin.startswith(magic):
                raise Unreadable(sentence)
        if begin.startswith(b"PAR1"):
            self.sha256 = self._digest(check_text=False)
            headings = [column(name) for name in parquet_blocks.headings(self._handle)]
            kind = kind_of(headings, asked=asked)
            parquet_blocks.check_types(self._handle, kind.columns)
            return kind, headings
        self.sha256 = self._digest(check_text=True)
        first = begin.removeprefix(codecs.BOM_UTF8).partition(b"\n")[0].decode()
        self.delimiter, headings = _header(first.rstrip("\r"))
        return kind_of(headings, asked=asked), headings

    def _digest(self, *, check_text: bool) -> str:
        """Return the SHA-256 of the whole file, having checked that text is text, line by line."""
        self._handle.seek(0)
        digest = hashlib.sha256()
        text = csv_blocks.TextCheck()
        while piece := self._handle.read(PIECE):
            digest.update(piece)
            if check_text:
                text.feed(piece)
        if check_text:
            text.end()
        return digest.hexdigest()

    def blocks(self) -> Iterator[Block]:
        """Give the rows in order. Raises ``Unreadable`` if the file changes while it is read."""
        if self.delimiter:
            found = csv_blocks.read(
                self._handle,
                self.headings,
                self.delimiter,
                size=self.size,
                block_bytes=self.block_bytes,
            )
        else:
            found = parquet_blocks.read(self._handle, self.headings)
        for table, lines, faults, bytes_read in found:
            columns = {
                name: table.column(name) if name in self.headings else None
                for name in self.kind.columns
            }
            yield Block(columns, lines, faults, bytes_read)
        if self._stamped() != self._stamp:
            raise Unreadable("Berkas ini berubah saat dibaca. Impor lagi bila sudah selesai.")


def _header(line: str) -> tuple[str, list[str]]:
    """Return the delimiter that makes the most of the first line, and the columns it names."""
    best = max(DELIMITERS, key=line.count)
    try:
        cells = next(csv.reader([line], delimiter=best), [])
    except csv.Error:
        raise Unreadable("Baris pertama bukan nama kolom.") from None
    return best, [column(cell) for cell in cells]

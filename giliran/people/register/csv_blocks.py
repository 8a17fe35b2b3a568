"""CSV in blocks of whole lines. A cell never goes over a line's end, so a row is a line."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from giliran.people.register.faults import Fault, Unreadable, fault

LONGEST_LINE = 100_000
_OPEN = "tanda kutip dibuka tetapi tidak ditutup di baris ini"
Part = tuple[pa.RecordBatch, np.ndarray, list[Fault], int]


class TextCheck:
    """Looks at a file piece by piece: UTF-8, no NUL, lines of a sane length and end."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._line = 1
        self._open = 0  # bytes of the line that the last piece left unfinished
        self._ends_with_cr = False

    def feed(self, piece: bytes) -> None:
        """Check the next piece. Raises ``Unreadable`` that names the line."""
        if b"\0" in piece:
            line = self._line + piece[: piece.index(b"\0")].count(b"\n")
            raise Unreadable(f"Baris {line}: ada karakter nol (NUL). Ini bukan berkas teks.")
        self._check_ends(piece)
        try:
            self._decoder.decode(piece)
        except UnicodeDecodeError as error:
            line = self._line + piece[: max(0, error.start)].count(b"\n")
            self._not_utf8(line)
        self._check_length(piece)
        self._line += piece.count(b"\n")

    def _not_utf8(self, line: int) -> None:
        raise Unreadable(
            f"Baris {line}: bukan teks UTF-8 (mungkin Latin-1 dari Excel). Simpan lembarnya "
            "sebagai “CSV UTF-8”, agar nama orang tidak rusak."
        )

    def _check_ends(self, piece: bytes) -> None:
        """Refuse a carriage return that ends no line: some programs begin a new row there."""
        lone = piece.count(b"\r") - piece.count(b"\r\n") - piece.endswith(b"\r")
        if lone or (self._ends_with_cr and not piece.startswith(b"\n")):
            raise Unreadable(
                f"Sekitar baris {self._line}: ganti baris tanpa LF (format Mac lama). Simpan "
                "lembarnya sebagai “CSV UTF-8”."
            )
        self._ends_with_cr = piece.endswith(b"\r")

    def _check_length(self, piece: bytes) -> None:
        ends = np.flatnonzero(np.frombuffer(piece, np.uint8) == ord("\n"))
        if len(ends):
            lengths = np.diff(ends, prepend=-1 - self._open)
            longest = int(lengths.argmax())
            if lengths[longest] > LONGEST_LINE:
                self._too_long(self._line + longest)
            self._open = len(piece) - int(ends[-1]) - 1
        else:
            self._open += len(piece)
        if self._open > LONGEST_LINE:
            self._too_long(self._line + len(ends))

    def _too_long(self, line: int) -> None:
        raise Unreadable(
            f"Baris {line}: lebih dari {LONGEST_LINE} huruf. Ini bukan daftar satu baris satu data."
        )

    def end(self) -> None:
        """Check that the file doesn't end within a letter or a line's end."""
        try:
            self._decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            self._not_utf8(self._line)


def read(
    file: BinaryIO, headings: Sequence[str], delimiter: str, *, size: int, block_bytes: int
) -> Iterator[Part]:
    """Give the rows below the header, each block with the lines they stand on.

    Empty lines, which spreadsheets leave at the end, are no rows. Nothing behind ``size`` bytes is
    read: a file that somebody still writes would never end.
    """
    file.seek(0)
    header = file.readline()
    line, done, rest = 2, len(header), b""
    while piece := file.read(min(block_bytes, size - done - len(rest))):
        whole, end, rest = _cut(rest + piece)
        if end:
            yield from _parts(whole, line, done + len(whole), headings, delimiter)
            line += whole.count(b"\n")
            done += len(whole)
    if rest:
        yield from _parts(rest + b"\n", line, done + len(rest), headings, delimiter)


def _cut(content: bytes) -> tuple[bytes, bool, bytes]:
    at = content.rfind(b"\n") + 1
    return content[:at], at > 0, content[at:]


def _parts(
    block: bytes, line: int, done: int, headings: Sequence[str], delimiter: str
) -> Iterator[Part]:
    """Give a block as rows; where a quotation mark swallows a line's end, halve until it's found.

    What was read never depends on where a block happened to end.
    """
    count = block.count(b"\n")
    table, odd = _parsed(block, headings, delimiter)
    if table is not None and table.num_rows + len(odd) == count and not _spills(table):
        yield _told(table, odd, line, done, len(headings), delimiter)
    elif count == 1:
        told = fault(line, "", "", _OPEN)
        yield _nothing(headings), np.empty(0, np.int64), [told], done
    else:
        lines = block.splitlines(keepends=True)
        half = len(lines) // 2
        yield from _parts(b"".join(lines[:half]), line, done, headings, delimiter)
        yield from _parts(b"".join(lines[half:]), line + half, done, headings, delimiter)


def _parsed(
    block: bytes, headings: Sequence[str], delimiter: str
) -> tuple[pa.RecordBatch | None, list[csv.InvalidRow]]:
    odd: list[csv.InvalidRow] = []

    def note(row: csv.InvalidRow) -> str:
        odd.append(row)
        return "skip"

    try:
        table = csv.read_csv(
            pa.BufferReader(block),
            csv.ReadOptions(
                use_threads=False, column_names=list(headings), block_size=len(block) + 1
            ),
            csv.ParseOptions(
                delimiter=delimiter, invalid_row_handler=note, ignore_empty_lines=False
            ),
            csv.ConvertOptions(
                column_types=dict.fromkeys(headings, pa.string()),
                strings_can_be_null=False,
                check_utf8=False,  # TextCheck did
            ),
        )
    except pa.ArrowInvalid:
        return None, odd
    return (table.combine_chunks().to_batches() or [_nothing(headings)])[0], odd


def _nothing(headings: Sequence[str]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({name: pa.array([], pa.string()) for name in headings})


def _spills(table: pa.RecordBatch) -> bool:
    """Say whether the last row holds the line's end: a quotation mark was never closed."""
    last = table.slice(max(0, table.num_rows - 1)).to_pylist()
    return any("\n" in cell for row in last for cell in row.values())


def _told(
    table: pa.RecordBatch,
    odd: Sequence[csv.InvalidRow],
    line: int,
    done: int,
    width: int,
    delimiter: str,
) -> Part:
    count = table.num_rows + len(odd)
    good = np.ones(count, bool)
    faults = []
    for row in odd:
        good[row.number - 1] = False
        if row.text.strip(f'{delimiter} \t"\r\n'):
            reason = f"ada {row.actual_columns} sel, seharusnya {row.expected_columns}"
            if row.text.count('"') % 2:
                reason = _OPEN
            faults.append(fault(line + row.number - 1, "", "", reason))
    lines = np.flatnonzero(good) + line
    first = table.column(0)
    if table.num_rows and pc.min(pc.binary_length(first)).as_py() == 0:
        full = _full(table)
        if not full.all():
            table, lines = table.filter(pa.array(full)), lines[full]
    return table, lines, faults, done


def _full(table: pa.RecordBatch) -> np.ndarray:
    """Say of each row whether any of its cells holds more than blanks."""
    full = np.zeros(table.num_rows, bool)
    for column in table.columns:
        held = pc.greater(pc.binary_length(pc.utf8_trim_whitespace(column)), 0)
        full |= held.to_numpy(zero_copy_only=False)
    return full

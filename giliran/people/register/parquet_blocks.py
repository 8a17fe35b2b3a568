"""Parquet in blocks. Every column becomes text and is then read as CSV is: one meaning for both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from giliran.people.register.csv_blocks import Part
from giliran.people.register.faults import Unreadable
from giliran.people.register.headers import column

ROWS = 100_000
_BROKEN = "Berkas Parquet ini rusak atau tidak lengkap. Minta lagi dari sumbernya."
_MONEY = frozenset({"balance", "wage", "amount"})


def headings(file: BinaryIO) -> list[str]:
    """Return the names of the columns. Raises ``Unreadable``."""
    return list(_opened(file).schema_arrow.names)


def check_types(file: BinaryIO, columns: Sequence[str]) -> None:
    """Refuse columns of a type that can't say what they should. Raises ``Unreadable``.

    A NIK as a floating number has lost its last digits already.
    """
    for field in _opened(file).schema_arrow:
        name = column(field.name)
        if name in columns and not _readable(field.type, name):
            raise Unreadable(
                f"Kolom {name} bertipe {field.type}: simpan sebagai teks (string), lalu impor lagi."
            )


def _readable(kind: pa.DataType, name: str) -> bool:
    types = pa.types
    if types.is_dictionary(kind):
        kind = kind.value_type
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return True
    if types.is_date(kind) or types.is_timestamp(kind):
        return name.endswith(("_on", "birth_date")) or name == "month"
    if types.is_decimal(kind):
        return name in _MONEY
    return bool(types.is_integer(kind) or types.is_null(kind))


def read(file: BinaryIO, names: Sequence[str]) -> Iterator[Part]:
    """Give the rows in order; their numbers begin with 1. Raises ``Unreadable``."""
    opened = _opened(file)
    done, size = 0, max(1, opened.metadata.num_rows)
    file.seek(0, 2)
    length = file.tell()
    try:
        for batch in opened.iter_batches(ROWS):
            texts = [_as_text(one) for one in batch.columns]
            table = pa.RecordBatch.from_arrays(texts, names=list(names))
            lines = np.arange(done + 1, done + 1 + table.num_rows)
            done += table.num_rows
            yield table, lines, [], length * done // size
    except (pa.ArrowException, OSError):
        raise Unreadable(_BROKEN) from None


def _opened(file: BinaryIO) -> parquet.ParquetFile:
    file.seek(0)
    try:
        # Page checksums, where the writer left them, find a damaged file.
        return parquet.ParquetFile(pa.PythonFile(file, mode="r"), page_checksum_verification=True)
    except (pa.ArrowException, OSError):
        raise Unreadable(_BROKEN) from None


def _as_text(cells: pa.Array) -> pa.StringArray:
    types = pa.types
    if types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    if types.is_timestamp(cells.type):
        # As 2024-12-31 00:00:00.000: a time other than midnight is refused as in CSV.
        cells = pc.strftime(cells, format="%Y-%m-%d %H:%M:%S")
    elif types.is_date64(cells.type):
        cells = cells.cast(pa.date32())
    return cells.cast(pa.string()).fill_null("")

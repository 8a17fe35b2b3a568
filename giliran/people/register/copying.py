"""PostgreSQL's binary COPY format, made from whole columns at once (PostgreSQL manual, COPY).

Python needs a microsecond for every value that it writes by itself; millions of contributions
would wait for that longer than for the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
from django.db import connection
from psycopg.copy import QueuedLibpqWriter

from giliran.people.register.columns import NO_DAY

_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
_GROUPS = 5  # of four digits: four before the decimal point hold 16 digits, one behind it
_MONEY = 8 + 2 * _GROUPS


@contextmanager
def copying(statement: str) -> Iterator[Callable[[bytes], None]]:
    """Give a function that writes to ``COPY ... FROM STDIN``, in the transaction that is open.

    A thread sends what was written, so that the next rows are made while the server works.
    """
    with connection.cursor() as cursor, connection.wrap_database_errors:
        writer = QueuedLibpqWriter(cursor.cursor)
        with cursor.copy(statement, writer=writer) as copy:
            yield copy.write


def lay(table: str, columns: str) -> None:
    """Make a table beside the others that ends with the transaction."""
    with connection.cursor() as cursor:
        # A transaction may take several files.
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
        cursor.execute(f"CREATE TEMPORARY TABLE {table} ({columns}) ON COMMIT DROP")


@contextmanager
def copying_records(table: str, columns: str) -> Iterator[Callable[[bytes], None]]:
    """Give a function that writes ``records`` to a table, in the transaction that is open."""
    with copying(f"COPY {table} ({columns}) FROM STDIN (FORMAT binary)") as write:
        write(_HEADER)
        yield write
        write(_END)


def records(*columns: np.ndarray, money: tuple[int, ...] = (), day_or_null: bool = False) -> bytes:
    """Return rows as binary COPY records.

    int64 columns are bigints, or ``numeric`` in hundredths for those whose places ``money`` names;
    int32 columns are days since 2000-01-01. With ``day_or_null`` the last column holds ``NO_DAY``
    where it is NULL: such rows come last.
    """
    if not day_or_null:
        return _rows(columns, money, null_last=False)
    empty = columns[-1] == NO_DAY
    if not empty.any():
        return _rows(columns, money, null_last=False)
    full = [column[~empty] for column in columns]
    return _rows(full, money, null_last=False) + _rows(
        [column[empty] for column in columns], money, null_last=True
    )


def _rows(
    columns: tuple[np.ndarray, ...] | list[np.ndarray], money: tuple[int, ...], *, null_last: bool
) -> bytes:
    fields: list[tuple[str, str] | tuple[str, str, tuple[int]]] = [("fields", ">i2")]
    for place, column in enumerate(columns):
        fields.append((f"length{place}", ">i4"))
        if place in money:
            fields.append((f"head{place}", ">i2", (4,)))
            fields.append((f"groups{place}", ">i2", (_GROUPS,)))
        elif not (null_last and place == len(columns) - 1):
            fields.append((f"value{place}", f">i{column.dtype.itemsize}"))
    rows = np.empty(len(columns[0]), np.dtype(fields))
    rows["fields"] = len(columns)
    for place, column in enumerate(columns):
        if place in money:
            rows[f"length{place}"] = _MONEY
            rows[f"head{place}"] = (_GROUPS, _GROUPS - 2, 0, 2)  # groups, weight, plus, decimals
            _fill_groups(rows[f"groups{place}"], column)
        elif null_last and place == len(columns) - 1:
            rows[f"length{place}"] = -1
        else:
            rows[f"length{place}"] = column.dtype.itemsize
            rows[f"value{place}"] = column
    return rows.tobytes()


def _fill_groups(groups: np.ndarray, hundredths: np.ndarray) -> None:
    """Write money as groups of four digits; the server drops the zeros in front and behind."""
    whole, rest = np.divmod(hundredths, 100)
    groups[:, -1] = rest * 100
    for place in reversed(range(_GROUPS - 1)):
        whole, groups[:, place] = np.divmod(whole, 10_000)

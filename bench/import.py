"""How long the register takes a file, beside a bare COPY of the same file.

    python -m bench.import [--quick] [--json]

A million members and twelve million contributions, as CSV; `--quick` a hundredth. The reference
is PostgreSQL's own COPY of the same two files into tables with the same columns, without an
index, a check, a key, or a seal, fed by the same process. `ratio_to_copy` is the share of its
speed: 1 is as fast. Every member's NIK, name, birth date and phone is sealed and indexed blindly
on the way, which COPY doesn't do: `contributions_ratio_to_copy` has no such work in it.

Wrong results are counted first: what is in the register differs from the file in count or sum, a
sample of members that open to something else, a bad row that isn't named or a good one that is, a
file with bad rows that leaves a trace, and the same file or the same rows once more that change
anything.
"""  # noqa: N999 -- run by its name, and never imported

from __future__ import annotations

import argparse
import csv
import resource
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import import_files
from bench.database import database
from bench.measure import say_result

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
FULL = 1_000_000
BAD_FILE_MEMBERS = 5_000
BAD_ROWS = 800
SAMPLE = 500
AIM = 0.5
PLAIN = {
    "members": """kpj text, nik text, name text, birth_date date, segment text, opened_on date,
        phone text, balance numeric(14, 2), balance_on date""",
    "contributions": """kpj text, month text, wage numeric(14, 2), amount numeric(14, 2),
        paid_on date""",
}


def query(sql: str) -> tuple[Any, ...]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        row: tuple[Any, ...] = cursor.fetchone()
    return row


def bare_copy(kind: str, path: Path) -> float:
    """Return how many seconds COPY takes for the file; its table is dropped."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE plain_{kind} ({PLAIN[kind]})")
        began = time.perf_counter()
        with transaction.atomic(), path.open("rb") as file:
            copying = f"COPY plain_{kind} FROM STDIN (FORMAT csv, HEADER)"
            with cursor.copy(copying) as copy:  # type: ignore[attr-defined]
                while piece := file.read(1 << 20):
                    copy.write(piece)
        seconds = time.perf_counter() - began
        cursor.execute(f"DROP TABLE plain_{kind}")
        cursor.execute("CHECKPOINT")
    return seconds


def take(path: Path) -> tuple[float, Any]:
    from giliran.people.register import importing

    began = time.perf_counter()
    taken = importing.take(path, actor="bench", now=NOW)
    return time.perf_counter() - began, taken


def wrong_totals(facts: import_files.Facts) -> int:
    cards = query("SELECT count(*), count(DISTINCT citizen_id), sum(balance) FROM people_card")
    paid = query("SELECT count(*), sum(wage), sum(amount) FROM people_contribution")
    expected = (facts.members, facts.members, facts.balance)
    return (cards != expected) + (paid != (facts.contributions, facts.wage, facts.amount))


def wrong_members(path: Path) -> int:
    """Count members of a sample whose card opens to something else than the file says."""
    from giliran.people import register
    from giliran.people.queries import nik_of

    wrong = 0
    size = path.stat().st_size
    with path.open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
        for place in range(SAMPLE):
            file.seek(0)
            file.seek(size * place // (SAMPLE + 1))
            file.readline()
            row = dict(zip(columns, next(csv.reader(file)), strict=True))
            card = register.card(row["kpj"])
            found = (
                nik_of(card.citizen_id),
                card.name,
                str(card.birth_date),
                card.phone,
                card.segment,
                str(card.opened_on),
                card.balance,
            )
            wrong += found != (
                row["nik"],
                row["name"],
                row["birth_date"],
                f"+62{row['phone'][1:]}",
                row["segment"],
                row["opened_on"],
                int(row["balance"]),
            )
    return wrong


def bad_file(folder: Path) -> dict[str, int]:
    """Plant bad rows, and count those that aren't named, good ones that are, and traces."""
    from giliran.people.register import importing
    from giliran.people.register.faults import BadFile

    import_files.write(folder, members=BAD_FILE_MEMBERS, seed=7)
    planted = import_files.spoil(
        folder / "contributions.csv", folder / "bad.csv", bad_rows=BAD_ROWS, seed=8
    )
    take(folder / "members.csv")
    named: set[int] = set()
    refused = 0
    try:
        importing.take(
            folder / "bad.csv",
            actor="bench",
            now=NOW,
            on_fault=lambda one: named.add(one.line),
            block_bytes=1 << 20,
        )
    except BadFile:
        refused = 1
    (left,) = query("SELECT count(*) FROM people_contribution")
    return {
        "bad_rows_planted": len(planted),
        "bad_rows_missed": len(planted - named),
        "good_rows_refused": len(named - planted),
        "bad_file_traces": int(left) + (not refused),
    }


def changes_when_told_again(folder: Path) -> int:
    """Hand in the same rows in another order: nothing may be new, nothing may change."""
    changed = 0
    for name in ("members", "contributions"):
        header, *rows = (folder / f"{name}.csv").read_bytes().splitlines(keepends=True)
        turned = folder / f"{name}-turned.csv"
        turned.write_bytes(header + b"".join(reversed(rows)))
        for path in (folder / f"{name}.csv", turned):
            taken = take(path)[1]
            changed += taken.new + taken.changed
    return changed


def empty_again() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE people_contribution, people_card, people_citizen, people_import CASCADE"
        )


def measure(home: Path, members: int) -> dict[str, Any]:
    small, large = home / "small", home / "large"
    small.mkdir()
    large.mkdir()
    bad = bad_file(small)
    take(small / "contributions.csv")
    told_again = changes_when_told_again(small)
    empty_again()

    facts = import_files.write(large, members=members, seed=1)
    rows = {"members": facts.members, "contributions": facts.contributions}
    seconds, copied = {}, {}
    for kind in rows:
        copied[kind] = bare_copy(kind, large / f"{kind}.csv")
        seconds[kind], _ = take(large / f"{kind}.csv")
    totals, opened = wrong_totals(facts), wrong_members(large / "members.csv")
    again, _ = take(large / "contributions.csv")
    wrong = totals + opened + told_again
    wrong += sum(bad[key] for key in ("bad_rows_missed", "good_rows_refused", "bad_file_traces"))
    both, both_copied = sum(seconds.values()), sum(copied.values())
    return {
        "wrong_results": wrong,
        **rows,
        "rows_per_second": sum(rows.values()) / both,
        "ratio_to_copy": both_copied / both,
        "seconds": both,
        "copy_seconds": both_copied,
        **{f"{kind}_per_second": rows[kind] / seconds[kind] for kind in rows},
        **{f"{kind}_ratio_to_copy": copied[kind] / seconds[kind] for kind in rows},
        **{f"{kind}_mb": (large / f"{kind}.csv").stat().st_size / 1e6 for kind in rows},
        "same_file_again_seconds": again,
        # ru_maxrss is in kB on Linux. The file is made in this process too.
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "wrong_totals": totals,
        "wrong_members_of_sample": opened,
        "changed_when_told_again": told_again,
        **bad,
        "ok": wrong == 0 and both_copied / both >= AIM,
    }


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--quick", action="store_true", help="a hundredth of the rows")
    reader.add_argument("--json", action="store_true", help="only the JSON line")
    asked = reader.parse_args()
    with database() as (home, _):
        result = measure(home, FULL // 100 if asked.quick else FULL)
    if not asked.json:
        print(f"{result['wrong_results']} wrong results")
        print(f"{result['rows_per_second']:,.0f} rows a second, {result['seconds']:.1f} s in all")
        print(f"COPY alone took {result['copy_seconds']:.1f} s")
    say_result(result)
    raise SystemExit(0 if result["ok"] else 1)


if __name__ == "__main__":
    main()

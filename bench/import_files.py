"""Files of people who don't exist, as large as asked for, for bench.import."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import csv

MONTHS = 12
FIRST_NAMES = ("Budi", "Siti", "Agus", "Dewi", "Ahmad", "Rina", "Joko", "Maria", "Made", "Andi")
LAST_NAMES = ("Santoso", "Lestari", "Wijaya", "Rahayu", "Hidayat", "Putri", "Siregar", "Nugroho")
BIRTH_DAYS = 18_000
SEGMENTS = ("PU", "PU", "PU", "BPU", "JAKON", "PMI")


class Facts(NamedTuple):
    """What must be found in the register afterwards."""

    members: int
    contributions: int
    balance: int
    wage: int
    amount: int


def write(folder: Path, *, members: int, seed: int) -> Facts:
    """Write members.csv and contributions.csv, twelve months for each member; money in rupiah."""
    rng = np.random.default_rng(seed)
    number = np.arange(members)
    kpj = np.char.add("1", np.char.zfill((number * 7 % 10**10).astype(str), 10))
    balance = rng.integers(0, 200_000_000, members)
    _write(folder / "members.csv", _members(number, kpj, balance, rng))
    wage = np.repeat(rng.integers(2_000_000, 12_000_000, members), MONTHS)
    amount = wage * 57 // 1000
    month = np.tile(np.arange(np.datetime64("2025-01"), np.datetime64("2026-01")), members)
    first = month.astype("datetime64[D]")
    _write(
        folder / "contributions.csv",
        pa.table(
            {
                "kpj": np.repeat(kpj, MONTHS),
                "month": np.datetime_as_string(month),
                "wage": wage,
                "amount": amount,
                "paid_on": first + rng.integers(31, 60, len(first)),
            }
        ),
    )
    return Facts(members, len(wage), int(balance.sum()), int(wage.sum()), int(amount.sum()))


def _members(
    number: np.ndarray, kpj: np.ndarray, balance: np.ndarray, rng: np.random.Generator
) -> pa.Table:
    count = len(number)
    born = np.datetime64("1960-01-01") + number % BIRTH_DAYS
    years, months = born.astype("datetime64[Y]"), born.astype("datetime64[M]")
    day = (born - months).astype(int) + 1 + 40 * (number % 2)
    month = months.astype(int) % 12 + 1
    year = (years.astype(int) + 1970) % 100
    place = 360101 + number // BIRTH_DAYS // 9999
    serial = number // BIRTH_DAYS % 9999 + 1
    nik = place * 10**10 + day * 10**8 + month * 10**6 + year * 10**4 + serial
    first, last = rng.integers(0, len(FIRST_NAMES), count), rng.integers(0, len(LAST_NAMES), count)
    names = np.char.add(np.char.add(np.array(FIRST_NAMES)[first], " "), np.array(LAST_NAMES)[last])
    return pa.table(
        {
            "kpj": kpj,
            "nik": nik.astype(str),
            "name": names,
            "birth_date": born,
            "segment": np.array(SEGMENTS)[number % len(SEGMENTS)],
            "opened_on": np.datetime64("2015-01-01") + rng.integers(0, 3000, count),
            "phone": np.char.add("0812", np.char.zfill((number % 10**8).astype(str), 8)),
            "balance": balance,
            "balance_on": np.full(count, np.datetime64("2026-10-31")),
        }
    )


def _write(path: Path, table: pa.Table) -> None:
    csv.write_csv(table, path, csv.WriteOptions(quoting_style="needed"))


def spoil(source: Path, target: Path, *, bad_rows: int, seed: int) -> set[int]:
    """Copy contributions with faults of several kinds in some rows; returns the bad lines."""
    lines = source.read_text(encoding="utf-8").splitlines()
    rng = np.random.default_rng(seed)
    chosen = sorted(rng.choice(np.arange(2, len(lines)), bad_rows, replace=False).tolist())
    for place, at in enumerate(chosen):
        kpj, month, wage, amount, paid = lines[at].split(",")
        lines[at] = (
            f"99999999999,{month},{wage},{amount},{paid}",
            f"{kpj},2025-13,{wage},{amount},{paid}",
            f"{kpj},{month},-{wage},{amount},{paid}",
            f"{kpj},{month},{wage},1.234.567,{paid}",
            f"{kpj},{month},{wage},{amount}",
            f"1.0E+10,{month},{wage},{amount},{paid}",
            f"{kpj},{month},{wage},{amount},31/12/2025",
            lines[at - 1],  # the row above a second time
        )[place % 8 if at - 1 not in chosen else place % 7]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {at + 1 for at in chosen}

"""How long a draw takes that nobody can doubt: numbers, draw and full audit.

    python -m bench.draw [--quick] [--json]

A million people rank ten windows each; 325 offices open 30 days of 8 windows, on average 10
places in each, a fifth of them kept for three kinds of people. Offices differ in size, early days
and the office at home are asked for most, and there are 1.28 people for each place. Smaller
rounds have fewer offices, the larger one more places in each window.

`seconds` is all of it: the HMAC-SHA256 of every id, the market's checks, the draw, the audit.
`reference_seconds` is what can't be left out: the same HMACs (measured once for both) and one
sort. `cpu_seconds` is the processor's part of `seconds`, which is all of it on a quiet machine, as
one core is used; `cpu_ratio_to_sort` compares it with the reference's. Wrong results are the
guarantees that the audit finds broken, and an audit that overlooks a winner whose place was taken
away.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import time
from typing import Any

import numpy as np

from bench.measure import say_result
from giliran.core.draw import Market, audit, draw
from giliran.core.lottery import lottery_number

RATIO_ALLOWED = 2.0
FULL = 1_000_000
OFFICES, DAYS, WINDOWS = 325, 30, 8
PLACES = 10
WISHES = 10
WISHES_AT_HOME = 6
EARLY_DAYS = 10
KEPT = 0.2
OF_KINDS = (0.15, 0.10, 0.15)
AT_ONCE = 100_000
KEY = hashlib.sha256(b"bench.draw").digest()
ID_BYTES = 32


def offers(people: int, rng: np.random.Generator) -> dict[str, Any]:
    """Places and reserves for a round of this size."""
    cells = max(1, round(OFFICES * min(1, people / FULL))) * DAYS * WINDOWS
    each = PLACES * max(1, people // FULL)
    places = rng.integers(each * 4 // 5, each * 6 // 5, cells, dtype=np.int32, endpoint=True)
    kept = (places * KEPT + rng.random(cells)).astype(np.int32)
    turn = rng.integers(0, len(OF_KINDS), cells)
    reserves = [(kept + (turn + kind) % len(OF_KINDS)) // len(OF_KINDS) for kind in range(3)]
    return {
        "places": places,
        "reserves": np.stack(reserves, axis=1).astype(np.int32),
        "bundle_of": np.arange(cells, dtype=np.int32) // (WINDOWS // 2),
    }


def wishes(people: int, cells: int, rng: np.random.Generator) -> np.ndarray:
    offices = cells // (DAYS * WINDOWS)
    size = rng.lognormal(0, 0.5, offices)
    found = np.empty((people, WISHES), np.int32)
    for begin in range(0, people, AT_ONCE):
        some = found[begin : begin + AT_ONCE]
        home = rng.choice(offices, len(some), p=size / size.sum())
        away = rng.integers(-2, 3, some.shape)
        away[:, :WISHES_AT_HOME] = 0
        day = np.minimum(rng.geometric(1 / EARLY_DAYS, some.shape), DAYS) - 1
        some[:] = ((home[:, None] + away) % offices * DAYS + day) * WINDOWS
        some += rng.integers(0, WINDOWS, some.shape, dtype=np.int32)
    return found.ravel()


def numbers(ids: bytes) -> np.ndarray:
    """The lottery number of each id. One HMAC takes half as long when the key is hashed once."""
    key = KEY.ljust(hashlib.sha256().block_size, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key))
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key))
    found = bytearray()
    for at in range(0, len(ids), ID_BYTES):
        one, both = inner.copy(), outer.copy()
        one.update(ids[at : at + ID_BYTES])
        both.update(one.digest())
        found += both.digest()[:8]
    return np.frombuffer(found, ">u8").astype(np.uint64)


def measure(people: int) -> dict[str, Any]:
    """Draw and audit one round; times in seconds, memory of the whole process in MB."""
    rng = np.random.default_rng(people)
    offered = offers(people, rng)
    wished = wishes(people, len(offered["places"]), rng)
    kinds = sum(
        (rng.random(people) < share).astype(np.uint8) << np.uint8(bit)
        for bit, share in enumerate(OF_KINDS)
    )
    credit = (rng.geometric(0.5, people) - 1).astype(np.int32)
    ids = rng.bytes(people * ID_BYTES)

    cpu = time.process_time()
    began = time.perf_counter()
    number = numbers(ids)
    hashed = time.perf_counter()
    cpu_hashed = time.process_time()
    np.argsort(number)
    sorted_too = time.perf_counter()
    cpu_sorted = time.process_time()
    first = [lottery_number(KEY, ids[at : at + ID_BYTES]) for at in range(0, 3200, ID_BYTES)]
    assert number[: len(first)].tolist() == first

    cpu_start = time.process_time()
    start = time.perf_counter()
    market = Market(
        **offered,
        wish_starts=np.arange(people + 1, dtype=np.int64) * WISHES,
        wishes=wished,
        kinds=kinds,
        credit=credit,
        number=number,
        party=np.full(people, -1, np.int32),
    )
    outcome = draw(market)
    drawn = time.perf_counter()
    found = audit(market, outcome.cell, outcome.struck)
    audited = time.perf_counter()
    cpu_seconds = time.process_time() - cpu_start + cpu_hashed - cpu

    # ru_maxrss is in kB on Linux.
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    winner = np.flatnonzero(outcome.cell >= 0)[0]
    placed = np.count_nonzero(outcome.cell >= 0)
    outcome.cell[winner] = -1
    overlooked = audit(market, outcome.cell).violations == 0
    return {
        "wrong_results": found.violations + overlooked,
        "violations": found.violations,
        "served_share": float(placed / people),
        "hash_seconds": hashed - began,
        "reference_seconds": sorted_too - began,
        "draw_seconds": drawn - start,
        "audit_seconds": audited - drawn,
        "seconds": hashed - began + audited - start,
        "cpu_seconds": cpu_seconds,
        "cpu_ratio_to_sort": cpu_seconds / (cpu_sorted - cpu),
        "peak_mb": peak_mb,
    }


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--quick", action="store_true", help="without the ten million people")
    reader.add_argument("--json", action="store_true", help="only the JSON line")
    asked = reader.parse_args()
    # Ascending, because the memory that is told is the most of the process so far.
    sizes = {"1e4": 10_000, "1e5": 100_000, "1e6": FULL}
    if not asked.quick:
        sizes["1e7"] = 10 * FULL
    runs = {}
    for name, people in sizes.items():
        runs[name] = measure(people)
        if not asked.json:
            print(f"{people:,} people: {runs[name]}", flush=True)
    full = runs["1e6"]
    wrong = sum(one["wrong_results"] for one in runs.values())
    ratio = full["seconds"] / full["reference_seconds"]
    result = {
        "people": FULL,
        "wishes": FULL * WISHES,
        "cells": OFFICES * DAYS * WINDOWS,
        **full,
        "wrong_results": wrong,
        "violations": sum(one["violations"] for one in runs.values()),
        "ratio_to_sort": ratio,
        **{f"seconds_{name}": one["seconds"] for name, one in runs.items()},
        **{f"cpu_seconds_{name}": one["cpu_seconds"] for name, one in runs.items()},
        **{f"peak_mb_{name}": one["peak_mb"] for name, one in runs.items() if one is not full},
        "ok": wrong == 0 and ratio < RATIO_ALLOWED,
    }
    say_result(result)
    raise SystemExit(0 if result["ok"] else 1)


if __name__ == "__main__":
    main()

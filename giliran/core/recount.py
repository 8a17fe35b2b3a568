"""Recount a draw from its public file alone: `python recount.py FILE [ROOT]`.

ROOT is the value that was published when the round closed, before anybody could know the random
value. This program needs nothing but Python: it shares no line with the office's own draw and
goes another way to the same result. It finds a list, place, reserve, secret or result that was
changed. One thing the standard library can't check is the beacon's BLS signature: look up the
round at any drand server, or use `giliran draw verify FILE`.
"""

from __future__ import annotations

import gzip
import hmac
import json
import re
import sys
import zlib
from bisect import insort
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

FORMAT = "giliran draw 1"
QUICKNET = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
QUICKNET_FROM, QUICKNET_SECONDS = 1692803367, 3
KINDS_AT_MOST = 3
SHOWN = 10  # differences of one sort, before "and so on"

HEX = re.compile(r"[0-9a-f]{64}")
HEX_OR_NOTHING = (HEX, None)
SHAPE = {
    "header": {
        **dict.fromkeys(("format", "region", "closes_at", "rule"), str),
        "round": int,
        "kinds": [str],
        "beacon": dict,
        "cells": [{"office": str, "starts_at": str, "places": int, "reserves": [int]}],
        "bundles": [[int]],
    },
    "applications": [
        {"id": HEX, "credit": int, "kinds": [str], "wishes": [int], "party?": HEX_OR_NOTHING}
    ],
    "root": HEX,
    "randomness": {"value": HEX},
    "result": [(int, None)],
    "struck": [[(HEX, int)]],
}
DRAND = (
    {"chain": str, "round": int},
    {"signature": re.compile(r"[0-9a-f]{96}")},
)
REVEAL = (
    {"parties": [{"name": str, "commitment": HEX}]},
    {"secrets": [{"name": str, "secret": HEX_OR_NOTHING}]},
)


class Person(NamedTuple):
    """An applicant in the line: the best rank comes first."""

    listed: int  # the place in the file's list
    party: str | None
    kinds: list[int]
    wishes: list[int]


def differences(file: Any, *, root: str | None = None) -> list[str]:
    """Return a sentence for each thing that is wrong with a draw's file; none if all is right."""
    found = list(islice(_misshapen(file, SHAPE, "file"), SHOWN))
    found = found or list(islice(_meaningless(file["header"], file["applications"]), SHOWN))
    if found:
        return found
    if root is not None and root.strip().lower() != file["root"]:
        found.append("The file's root isn't the one that was published before closing.")
    try:
        counted = _root([_canonical(one) for one in (file["header"], *file["applications"])])
    except (ValueError, RecursionError):
        return [*found, "The header or an application holds what JSON can't write one way only."]
    if counted.hex() != file["root"]:
        found.append(
            f"The root doesn't fit the list, places and rule: the file says {file['root'][:16]}…, "
            f"the recount says {counted.hex()[:16]}…."
        )
    found += _wrong_randomness(file["header"], file["randomness"])
    return found or _wrong_result(file)


def entry(file: Any, salt: str, nik: str, service: str) -> tuple[int, Any] | None:
    """Find one person's application by the salt (32 hex digits) that only they were told.

    Raises ValueError when the salt isn't hexadecimal.
    """
    own = sha256(bytes.fromhex(salt) + f"{nik} {service}".encode()).hexdigest()
    for index, application in enumerate(file["applications"]):
        if application["id"] == own:
            return index, application
    return None


# What a file must look like.


def _misshapen(value: Any, shape: Any, where: str) -> Iterator[str]:
    if isinstance(shape, list) and type(value) is list:
        for index, item in enumerate(value):
            yield from _misshapen(item, shape[0], f"{where}[{index}]")
    elif isinstance(shape, dict) and type(value) is dict:
        for key, inner in shape.items():
            name = key.rstrip("?")
            if name in value:
                yield from _misshapen(value[name], inner, f"{where}.{name}")
            elif name == key:
                yield f"{where}.{name} is missing."
    elif not _fits(value, shape):
        yield f"{where} isn't what the format asks for."


def _fits(value: Any, shape: Any) -> bool:
    if isinstance(shape, tuple):  # any of these
        return any(_fits(value, one) for one in shape)
    if shape is None:
        return value is None
    if isinstance(shape, re.Pattern):
        return isinstance(value, str) and bool(shape.fullmatch(value))
    return type(value) is shape and (shape is not int or 0 <= value < 2**31)


def _meaningless(header: Any, applications: Any) -> Iterator[str]:  # noqa: C901 -- a list
    cells, bundles = header["cells"], header["bundles"]
    if header["format"] != FORMAT:
        yield f'This recount reads the format "{FORMAT}" only.'
    if len(set(header["kinds"])) != len(header["kinds"]) or len(header["kinds"]) > KINDS_AT_MOST:
        yield "A kind stands twice in the header, or there are more than three."
    for at, cell in enumerate(cells):
        reserves = cell["reserves"]
        if len(reserves) != len(header["kinds"]) or sum(reserves) > cell["places"]:
            yield f"Cell {at} has reserves that don't fit the kinds or its places."
    if sorted(cell for bundle in bundles for cell in bundle) != list(range(len(cells))):
        yield "Every cell must stand in one bundle, once."
    ids = [one["id"] for one in applications]
    party_wishes: dict[str, Any] = dict.fromkeys(ids)  # None: a party can't have this id
    for before, one in zip(["", *ids], applications, strict=False):
        name, wishes = f"Application {one['id'][:12]}…", one["wishes"]
        if one["id"] <= before:
            yield f"{name} stands twice in the list or out of order."
        if not set(one["kinds"]) <= set(header["kinds"]):
            yield f"{name} is of a kind that the header doesn't know."
        if len(set(wishes)) < len(wishes) or max(wishes, default=-1) >= len(bundles):
            yield f"{name} wishes for a bundle twice, or for one that doesn't exist."
        if one.get("party") and party_wishes.setdefault(one["party"], wishes) != wishes:
            yield f"{name} has other wishes than its party, or the party has an application's id."


# What can't have been chosen by the office: the root and the random value.


def _canonical(value: Any) -> bytes:
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def _root(leaves: list[bytes]) -> bytes:
    """The tree of RFC 6962, as the standard defines it: split at the largest power of two."""
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + _root(leaves[:half]) + _root(leaves[half:])).digest()


def _wrong_randomness(header: Any, randomness: Any) -> list[str]:
    beacon = header["beacon"]
    shapes = {"drand": DRAND, "reveal": REVEAL}.get(str(beacon.get("kind")))
    if shapes is None:
        return ["The header names no kind of beacon that this recount knows."]
    faults = list(_misshapen(beacon, shapes[0], "file.header.beacon"))
    faults += _misshapen(randomness, shapes[1], "file.randomness")
    if faults:
        return faults[:SHOWN]
    if beacon["kind"] == "drand":
        faults += _wrong_round(beacon, header["closes_at"])
        material = bytes.fromhex(randomness["signature"])
        source = "signature"
    else:
        faults += _broken_commitments(beacon["parties"], randomness["secrets"])
        material = bytes.fromhex("".join(one["secret"] or "" for one in randomness["secrets"]))
        source = "revealed secrets"
    if sha256(material).hexdigest() != randomness["value"]:
        faults.append(f"The random value doesn't follow from the {source}.")
    return faults


def _wrong_round(beacon: Any, closes_at: str) -> list[str]:
    try:
        closing = datetime.fromisoformat(closes_at)
        public = datetime.fromtimestamp(
            QUICKNET_FROM + (beacon["round"] - 1) * QUICKNET_SECONDS, UTC
        )
        early = public <= closing
    except (ValueError, TypeError, OverflowError):
        return ["The header's time of closing can't be read."]
    if beacon["chain"] != QUICKNET:
        return ["The header names a drand chain that this recount doesn't know."]
    return ["The beacon's round was public before the list closed."] if early else []


def _broken_commitments(parties: Any, secrets: Any) -> list[str]:
    if [party["name"] for party in parties] != [one["name"] for one in secrets]:
        return ["The secrets aren't listed in the order of the header's parties."]
    if not any(one["secret"] for one in secrets):
        return ["Nobody revealed a secret, so there is no randomness."]
    return [
        f"The secret of {party['name']} isn't the one it committed itself to."
        for party, one in zip(parties, secrets, strict=True)
        if one["secret"]
        and sha256(
            f"giliran reveal 1 {party['name']} ".encode() + bytes.fromhex(one["secret"])
        ).hexdigest()
        != party["commitment"]
    ]


# The draw itself.


def _wrong_result(file: Any) -> list[str]:
    result, struck = _recount(file)
    said, cells = file["result"], file["header"]["cells"]
    if len(said) != len(result):
        return [f"The file has {len(result)} applications but {len(said)} results."]

    def words(cell: int | None) -> str:
        if cell is None:
            return "no place"
        if cell >= len(cells):
            return f"cell {cell}, which doesn't exist"
        return f"{cells[cell]['office']} {cells[cell]['starts_at']} (cell {cell})"

    wrong = [index for index, cell in enumerate(result) if cell != said[index]]
    found = [
        f"The result differs for application {file['applications'][index]['id'][:12]}…: "
        f"the file says {words(said[index])}, the recount says {words(result[index])}."
        for index in wrong[:SHOWN]
    ]
    if len(wrong) > SHOWN:
        found.append(f"And the result differs for {len(wrong) - SHOWN} more.")
    if file["struck"] != struck:
        found.append("The wishes struck so that parties stay together differ, or their order.")
    return found


def _recount(file: Any) -> tuple[list[int | None], list[list[Any]]]:
    """Draw; while a party is split, strike the best bundle it got from its list and draw anew."""
    cells, bundles, line = file["header"]["cells"], file["header"]["bundles"], _line(file)
    parties: dict[str, list[int]] = {}
    for at, person in enumerate(line):
        if person.party:
            parties.setdefault(person.party, []).append(at)
    bundle_of = {cell: at for at, members in enumerate(bundles) for cell in members}
    wishes = [[cell for bundle in one.wishes for cell in bundles[bundle]] for one in line]
    struck: list[list[Any]] = []
    while True:
        served = _serve(cells, [one.kinds for one in line], wishes)
        for party, members in parties.items():
            got = {bundle_of.get(served.get(at, -1)) for at in members}
            if len(got) > 1:
                best = next(bundle for bundle in line[members[0]].wishes if bundle in got)
                struck.append([party, best])
                for at in members:
                    wishes[at] = [cell for cell in wishes[at] if bundle_of[cell] != best]
                break
        else:
            result: list[int | None] = [None] * len(line)
            for at, cell in served.items():
                result[line[at].listed] = cell
            return result, struck


def _line(file: Any) -> list[Person]:
    """Everybody by rank: most credit, then lowest number. A party ranks by its weakest member."""
    extracted = hmac.new(
        bytes.fromhex(file["root"]), bytes.fromhex(file["randomness"]["value"]), sha256
    ).digest()
    key = hmac.new(extracted, FORMAT.encode() + b"\x01", sha256).digest()
    groups: dict[str, list[Any]] = {}
    for one in file["applications"]:
        groups.setdefault(one.get("party") or one["id"], []).append(one)
    ranked = []
    for index, one in enumerate(file["applications"]):
        name = one.get("party") or one["id"]
        number = hmac.new(key, bytes.fromhex(name), sha256).digest()[:8]
        credit = min(member["credit"] for member in groups[name])
        kinds = [
            at
            for at, kind in enumerate(file["header"]["kinds"])
            if all(kind in member["kinds"] for member in groups[name])
        ]
        person = Person(index, one.get("party"), kinds, one["wishes"])
        ranked.append((-credit, number, index, person))
    return [person for *_, person in sorted(ranked)]


def _serve(cells: Any, kinds: list[list[int]], wishes: list[list[int]]) -> dict[int, int]:
    """One after the other asks; whoever is turned away asks at the next cell of their list.

    People are known by their place in the line, so that a smaller number is a better rank.
    """
    left = [iter(one) for one in wishes]
    held: list[list[int]] = [[] for _ in cells]
    for newcomer in range(len(wishes)):
        seeker: int | None = newcomer
        while seeker is not None:
            cell = next(left[seeker], None)
            if cell is None:
                break
            seeker = _turned_away(cells[cell], held[cell], seeker, kinds)
    return {at: cell for cell, people in enumerate(held) for at in people}


def _turned_away(cell: Any, held: list[int], seeker: int, kinds: list[list[int]]) -> int | None:
    """Let one more ask at a cell; return who has to leave it, if anybody."""
    insort(held, seeker)
    if len(held) <= cell["places"]:
        return None
    reserves = cell["reserves"]
    if held[-1] == seeker and not [kind for kind in kinds[seeker] if reserves[kind]]:
        return held.pop()  # the last in the line, and nothing is reserved for them
    reserved = _reserved(reserves, held, kinds)
    last = max(at for at in held if at not in reserved)
    held.remove(last)
    return last


def _reserved(reserves: Any, held: list[int], kinds: list[list[int]]) -> set[int]:
    """By rank, whoever can have a reserved place, if need be by others moving to another kind."""
    sitting: list[list[int]] = [[] for _ in reserves]

    def seat(at: int, tried: set[int]) -> bool:
        for kind in kinds[at]:
            if kind in tried:
                continue
            tried.add(kind)
            if len(sitting[kind]) < reserves[kind]:
                sitting[kind].append(at)
                return True
            for place, other in enumerate(sitting[kind]):
                if seat(other, tried):
                    sitting[kind][place] = at
                    return True
        return False

    for at in held:
        seat(at, set())
    return {at for people in sitting for at in people}


def load(path: Path) -> Any:
    """Read a file, also a packed one; raises ValueError with a sentence when that fails."""
    try:
        data = path.read_bytes()
        return json.loads(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)
    except (OSError, EOFError, ValueError, RecursionError, zlib.error) as fault:
        raise ValueError(f"{path} can't be read as JSON: {fault}") from fault


if __name__ == "__main__":
    try:
        sentences = differences(load(Path(sys.argv[1])), root="".join(sys.argv[2:3]) or None)
    except (ValueError, IndexError) as fault:
        sentences = [str(fault) if len(sys.argv) > 1 else "Usage: python recount.py FILE [ROOT]"]
    sys.stdout.write("\n".join(sentences or ["Everything is as the file says."]) + "\n")
    sys.exit(1 if sentences else 0)

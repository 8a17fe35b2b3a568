"""The public file of a draw: sealed when the round closes, finished when chance has spoken.

`giliran.core.recount` reads the same file without this module, as anybody's program could.
A file is sealed (`header`, `applications`, `root`), then finished (`randomness`, `result`,
`struck` are added and nothing is changed).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from giliran.core import lottery
from giliran.core.draw import Market, draw

FORMAT = "giliran draw 1"


def seal(header: Mapping[str, Any], applications: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the sealed file: the applications in order of their ids, and the root over all.

    Raises ValueError when two applications have one id.
    """
    ordered = sorted((dict(one) for one in applications), key=lambda one: str(one["id"]))
    for one, following in pairwise(ordered):
        if one["id"] == following["id"]:
            raise ValueError(f"two applications have the id {one['id']}")
    file: dict[str, Any] = {"header": {**header, "format": FORMAT}, "applications": ordered}
    file["root"] = lottery.root_of(leaves_of(file)).hex()
    return file


def leaves_of(file: Mapping[str, Any]) -> list[bytes]:
    """Return the tree's hashed leaves: the header, then each application (leaf 1 + its index)."""
    return [
        lottery.leaf_hash(lottery.canonical(part))
        for part in (file["header"], *file["applications"])
    ]


def finished(sealed: Mapping[str, Any], randomness: Mapping[str, Any]) -> dict[str, Any]:
    """Return the whole file: the sealed one with its randomness and the draw's result.

    Raises ValueError when the root isn't that of the list, or the randomness not what the
    header's beacon gives. A beacon's signature itself is checked where it is fetched
    (`giliran.beacon`).
    """
    if lottery.root_of(leaves_of(sealed)).hex() != sealed["root"]:
        raise ValueError("the root isn't that of this header and these applications")
    value = randomness_from(sealed["header"]["beacon"], randomness)
    if randomness["value"] != value.hex():
        raise ValueError("the random value doesn't follow from the signature or the secrets")
    whole = {key: sealed[key] for key in ("header", "applications", "root")}
    whole["randomness"] = dict(randomness)
    outcome = draw(market_of(whole))
    parties = _parties(whole["applications"])
    whole["result"] = [None if cell < 0 else cell for cell in outcome.cell.tolist()]
    whole["struck"] = [[parties[party], int(bundle)] for party, bundle in outcome.struck]
    return whole


def randomness_from(beacon: Mapping[str, Any], randomness: Mapping[str, Any]) -> bytes:
    """Return the 32 random bytes that a signature or revealed secrets give for this beacon.

    Raises ValueError when a secret breaks its commitment, the parties are others than the
    header's, nobody revealed, or the kind of beacon is unknown.
    """
    if beacon["kind"] == "drand":
        return sha256(bytes.fromhex(randomness["signature"])).digest()
    if beacon["kind"] != "reveal":
        raise ValueError(f"unknown kind of beacon {beacon['kind']!r}")
    parties, revealed = beacon["parties"], randomness["secrets"]
    if [party["name"] for party in parties] != [one["name"] for one in revealed]:
        raise ValueError("the secrets aren't listed in the order of the header's parties")
    secrets = [None if one["secret"] is None else bytes.fromhex(one["secret"]) for one in revealed]
    for party, secret in zip(parties, secrets, strict=True):
        name = party["name"]
        if secret is not None and lottery.commitment(name, secret).hex() != party["commitment"]:
            raise ValueError(f"the secret of {name} isn't the one it committed itself to")
    return lottery.combined(secrets)


def market_of(file: Mapping[str, Any]) -> Market:
    """Return the market that the draw works on; needs the file's root and random value.

    Wishes for half-days become ranked cells, a party's members get the lowest credit and the
    kinds that all of them have. Raises ValueError when members of a party wish differently.
    """
    header, applications = file["header"], file["applications"]
    key = lottery.lottery_key(
        bytes.fromhex(file["randomness"]["value"]), bytes.fromhex(file["root"])
    )
    bit_of = {kind: 1 << place for place, kind in enumerate(header["kinds"])}
    credit = [one["credit"] for one in applications]
    kinds = [sum(bit_of[kind] for kind in set(one["kinds"])) for one in applications]
    party = [-1] * len(applications)
    for index, members in enumerate(_members(applications).values()):
        wishes = applications[members[0]]["wishes"]
        if any(applications[member]["wishes"] != wishes for member in members):
            raise ValueError("who applies together must have the same wishes")
        least = min(credit[member] for member in members)
        shared = kinds[members[0]]
        for member in members:
            shared &= kinds[member]
        for member in members:
            party[member], credit[member], kinds[member] = index, least, shared
    numbers = [
        lottery.lottery_number(key, bytes.fromhex(one.get("party") or one["id"]))
        for one in applications
    ]
    starts, wishes = _cells_wished(header["bundles"], [one["wishes"] for one in applications])
    return Market(
        places=np.array([cell["places"] for cell in header["cells"]], np.int32),
        reserves=np.array([cell["reserves"] for cell in header["cells"]], np.int32).reshape(
            len(header["cells"]), len(header["kinds"])
        ),
        bundle_of=_bundle_of(header["bundles"], len(header["cells"])),
        wish_starts=starts,
        wishes=wishes,
        kinds=np.array(kinds, np.uint8),
        credit=np.array(credit, np.int32),
        number=np.array(numbers, np.uint64),
        party=np.array(party, np.int32),
    )


def _parties(applications: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the ids of the parties; a party's place here is its index in the market."""
    return list(_members(applications))


def _members(applications: Sequence[Mapping[str, Any]]) -> dict[str, list[int]]:
    members: dict[str, list[int]] = {}
    for index, one in enumerate(applications):
        if one.get("party"):
            members.setdefault(one["party"], []).append(index)
    return members


def _bundle_of(bundles: Sequence[Sequence[int]], cells: int) -> NDArray[np.int32]:
    bundle_of = np.full(cells, -1, np.int32)
    for bundle, members in enumerate(bundles):
        if (bundle_of[members] >= 0).any():
            raise ValueError("a cell belongs to one bundle only")
        bundle_of[members] = bundle
    if (bundle_of < 0).any():
        raise ValueError("every cell belongs to a bundle")
    return bundle_of


def _cells_wished(
    bundles: Sequence[Sequence[int]], wished: Sequence[Sequence[int]]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Expand ranked bundles to ranked cells, without a loop over each person's cells."""
    sizes = np.array([len(cells) for cells in bundles], np.int64)
    firsts = np.concatenate(([0], np.cumsum(sizes)))
    flat = np.array([cell for cells in bundles for cell in cells], np.int32)
    each = np.array([bundle for one in wished for bundle in one], np.int64)
    ends = np.concatenate(([0], np.cumsum(sizes[each])))
    inside = np.arange(ends[-1]) - np.repeat(ends[:-1], sizes[each])
    cells = flat[np.repeat(firsts[:-1][each], sizes[each]) + inside]
    counts = np.array([len(one) for one in wished], np.int64)
    return ends[np.concatenate(([0], np.cumsum(counts)))], cells

"""Who got places in a draw, counted from its public file as anybody could."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from django.utils.translation import gettext_noop

from giliran.offices import queries as offices
from giliran.turns import applications

KIND_NAMES = {
    "priority": gettext_noop("Prioritas: lansia, hamil, disabilitas, anak kecil"),
    "far": gettext_noop("Rumahnya jauh dari kantor"),
    "offline": gettext_noop("Tanpa internet"),
}


class Share(NamedTuple):
    """One group of applicants: how many asked, how many got a place, how many are ensured.

    ``credit`` or ``kind`` says which group; ``reserved`` counts places kept for the kind.
    """

    credit: int
    kind: str
    asked: int
    placed: int
    reserved: int


class Counted(NamedTuple):
    """What a file says in figures; ``placed`` are none while the round isn't drawn."""

    sha256: str
    bytes: int
    placed: int
    together: int
    by_credit: tuple[Share, ...]
    by_kind: tuple[Share, ...]
    randomness: Mapping[str, Any]


def of_round(found: Any) -> Counted:
    """Return the figures of a sealed or drawn round, counted once and then remembered."""
    return _counted(found.region.slug, found.serial, found.state, found.root)


@lru_cache(maxsize=64)
def _counted(region: str, serial: int, state: str, root: str) -> Counted:
    # The root is part of the key: another database may have a round of the same name.
    data = applications.public_file(applications.round_of(offices.region(region), serial))
    return counted(data)


def counted(data: bytes) -> Counted:
    """Count a public file (JSON); raises ``KeyError`` for what isn't one."""
    file = json.loads(data)
    header, listed = file["header"], file["applications"]
    result = file.get("result", [None] * len(listed))
    won = [cell is not None for cell in result]
    credits_asked = Counter(one["credit"] for one in listed)
    credits_won = Counter(one["credit"] for one, got in zip(listed, won, strict=True) if got)
    kinds_asked = Counter(kind for one in listed for kind in one["kinds"])
    kinds_won = Counter(
        kind for one, got in zip(listed, won, strict=True) if got for kind in one["kinds"]
    )
    reserved = {
        kind: sum(cell["reserves"][place] for cell in header["cells"])
        for place, kind in enumerate(header["kinds"])
    }
    return Counted(
        sha256=sha256(data).hexdigest(),
        bytes=len(data),
        placed=sum(won),
        together=len({one["party"] for one in listed if one.get("party")}),
        by_credit=tuple(
            Share(credit, "", credits_asked[credit], credits_won[credit], 0)
            for credit in sorted(credits_asked, reverse=True)
        ),
        by_kind=tuple(
            Share(0, kind, kinds_asked[kind], kinds_won[kind], reserved[kind])
            for kind in header["kinds"]
        ),
        randomness=file.get("randomness", {}),
    )

"""The draw: people propose down their lists, cells keep whom they would choose."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from giliran.core.draw.choosing import Desks
from giliran.core.draw.market import Int32s, Int64s, Market, by_rank, together


class Outcome(NamedTuple):
    cell: Int32s
    """[n] the cell of each person, -1 for none."""
    struck: tuple[tuple[int, int], ...]
    """(party, bundle) in the order in which they were struck from the party's lists."""


def draw(market: Market) -> Outcome:
    """Give the places by person-proposing deferred acceptance; see `Desks` for whom a cell keeps.

    The result doesn't depend on the order of the proposals. Nobody has justified envy, no place
    is idle while wanted, reserves are met when people of the kind want them, and nobody who
    applies alone gains by another list than the true one.

    People who apply together are drawn like others, with the same rank. While a party isn't in
    one bundle or wholly without, the bundle of its best placed member is struck from the lists
    of the best ranked such party, and the draw begins anew. So they are served together or not
    at all, and the result is that of the draw on the lists that are left.
    """
    order = by_rank(market)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    members = together(market)
    alone = np.ones(len(order), np.bool_)
    alone[rank[members]] = False
    in_parties = np.flatnonzero(~alone)
    # In whatever order people propose, the end is the same. With the parties last, all others
    # need to propose only once, however often the parties begin anew; and of the parties only
    # those from the struck one on.
    others = Desks(market, order)
    others.seat(np.flatnonzero(alone))
    base, seated_before = others.copy(), 0
    struck: list[tuple[int, int]] = []
    while True:
        tried = base.copy()
        tried.seat(in_parties[in_parties >= seated_before])
        split = _first_split(market, members, rank, tried)
        if split is None:
            break
        party, bundle = split
        struck.append(split)
        people = rank[members[market.party[members] == party]]
        for person in people:
            base.strike(int(person), bundle)
        best = int(people.min())
        if best < seated_before:
            base, seated_before = others.copy(), 0
        base.seat(in_parties[(in_parties >= seated_before) & (in_parties < best)])
        seated_before = best
    cell = np.empty(len(order), np.int32)
    cell[order] = tried.cells()
    return Outcome(cell, tuple(struck))


def _first_split(
    market: Market, members: Int64s, rank: Int64s, desks: Desks
) -> tuple[int, int] | None:
    """Return the best ranked party that isn't together, and the bundle of its best placed."""
    if members.size == 0:
        return None
    who = rank[members]
    cell = desks.cells_of(who)
    bundle = np.append(market.bundle_of, -1)[cell]
    begins = np.flatnonzero(np.diff(market.party[members], prepend=-1))
    low, high = np.minimum.reduceat(bundle, begins), np.maximum.reduceat(bundle, begins)
    apart = np.flatnonzero(low != high)
    if apart.size == 0:
        return None
    first = apart[np.argmin(np.minimum.reduceat(who, begins)[apart])]
    party = int(market.party[members[begins[first]]])
    mine = who[market.party[members] == party]
    placed = mine[desks.cells_of(mine) >= 0]
    best = placed[np.argmin(desks.wishes_passed(placed))]
    return party, int(market.bundle_of[desks.cells_of(best[None])[0]])

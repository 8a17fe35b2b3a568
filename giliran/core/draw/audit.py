"""Looks for broken guarantees in a result, without knowing how it was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from giliran.core.draw.market import Flags, Int32s, Int64s, Market, by_rank, together

PEOPLE_AT_ONCE = 1 << 16


class Audit(NamedTuple):
    """How often each guarantee is broken; all zero is right."""

    overbooked: int
    """Cells with more people than places."""
    outside_wishes: int
    """People in a cell that isn't on their list, or was struck from it, or doesn't exist."""
    envious: int
    """People whom a full cell would rather have than somebody it has, and who want it more than
    what they got."""
    idle_wanted: int
    """Cells with a free place that somebody wants more than what they got."""
    unmet_reserves: int
    """Cells whose reserves would serve more people if somebody who wants the cell were in it."""
    split_parties: int
    """Parties that are neither in one bundle nor wholly without."""

    @property
    def violations(self) -> int:
        return sum(self)


def audit(market: Market, cell: Int32s, struck: Iterable[tuple[int, int]] = ()) -> Audit:
    """Count the broken guarantees of a result: `cell` [n] for each person, -1 for none.

    `struck` are (party, bundle) as `draw` returns them; whether each strike was right shows only
    when the draw is repeated. Uses the people who are in each cell at the end, nothing of the
    draw but the order of the people, and that only after looking whether it is right. Since a
    cell's choice is substitutable, it's enough to try everybody alone. Raises
    ValueError for a result with another number of people.
    """
    people, cells = len(market.number), len(market.places)
    if cell.shape != (people,):
        raise ValueError("A result names one cell or -1 for each person.")
    order = by_rank(market)
    if not _ascends(market, order):
        raise RuntimeError("The order of the people isn't that of credit, number and list.")
    rank = np.empty(people, np.int32)
    rank[order] = np.arange(people, dtype=np.int32)
    wishes = _left(market, struck)
    known = np.where((cell >= 0) & (cell < cells), cell, -1)
    final = _Final(market, order, known)
    listed = np.zeros(people, np.bool_)
    idle, lacking = np.zeros(cells, np.bool_), np.zeros(cells, np.bool_)
    envious = np.zeros(people, np.bool_)
    for begin in range(0, people, PEOPLE_AT_ONCE):
        some = np.arange(begin, min(begin + PEOPLE_AT_ONCE, people))
        for person, at in _welcome(market, wishes, some, known, rank, final.enters_before, listed):
            mask = market.kinds[person]
            idle[at[final.free[at]]] = True
            lacking[at[final.reserve_left[at, mask]]] = True
            envious[person[~final.free[at]]] = True
    return Audit(
        overbooked=int(final.overbooked),
        outside_wishes=int(np.count_nonzero((cell != -1) & ~listed)),
        envious=int(np.count_nonzero(envious)),
        idle_wanted=int(np.count_nonzero(idle)),
        unmet_reserves=int(np.count_nonzero(lacking)),
        split_parties=_split(market, cell, known),
    )


def _ascends(market: Market, order: Int64s) -> bool:
    """Tell whether an order names everybody once, from the first by rank to the last."""
    if len(order) != len(market.number):
        return False
    before, after = order[:-1], order[1:]
    credit, number = market.credit[order], market.number[order]
    same_credit = credit[:-1] == credit[1:]
    same_number = number[:-1] == number[1:]
    right = same_number & (before < after)
    right |= number[:-1] < number[1:]
    right &= same_credit
    right |= credit[:-1] > credit[1:]
    return bool(right.all())


def _left(market: Market, struck: Iterable[tuple[int, int]]) -> Int32s:
    """Return the wishes with -2 where a bundle was struck from a party's lists."""
    wishes = market.wishes
    for party, bundle in struck:
        members = np.flatnonzero(market.party == party) if party >= 0 else np.empty(0, np.int64)
        if members.size == 0:
            raise ValueError(f"There is no party {party} from which anything could be struck.")
        if wishes is market.wishes:
            wishes = market.wishes.astype(np.int32, copy=True)
        for person in members:
            begin, end = market.wish_starts[person], market.wish_starts[person + 1]
            mine = market.wishes[begin:end]
            wishes[begin:end][market.bundle_of[mine] == bundle] = -2
    return wishes


def _welcome(
    market: Market,
    wishes: Int32s,
    who: Int64s,
    cell: Int32s,
    rank: Int32s,
    enters_before: Int32s,
    listed: Flags,
) -> Iterator[tuple[Int64s, Int64s]]:
    """Yield, wish by wish, who wants which cell more than what they got and would be taken there.

    Fills in `listed` for those who got something on their list; the others want all of it.
    """
    masks = enters_before.shape[1]
    entrance = enters_before.reshape(-1)
    at, end = market.wish_starts[who], market.wish_starts[who + 1]
    got, mine, mask = cell[who], rank[who], market.kinds[who].astype(np.int64)
    on = np.flatnonzero(at < end)
    while on.size:
        who, at, end = who[on], at[on], end[on]
        got, mine, mask = got[on], mine[on], mask[on]
        wanted = wishes[at].astype(np.int64)
        served = wanted == got
        # A struck wish reads the entrance of some other cell here; it counts for nothing.
        welcome = mine < entrance.take(wanted * masks + mask, mode="wrap")
        welcome &= ~served & (wanted >= 0)
        if welcome.any():
            yield who[welcome], wanted[welcome]
        listed[who[served]] = True
        at += 1
        on = np.flatnonzero(~served & (at < end))


class _Final:
    """What each cell would do with one person more, from the people whom it has at the end."""

    def __init__(self, market: Market, order: Int64s, cell: Int32s) -> None:
        cells, kinds = market.reserves.shape
        people = len(order)
        self.places = market.places.astype(np.int64)
        in_order = cell[order].astype(np.int64)
        inside = np.flatnonzero(in_order >= 0)
        # One key of cell and rank: sorting it is much quicker than sorting an index.
        keys = np.sort(in_order[inside] * people + inside)
        at = keys // max(1, people)
        inside = keys - at * people
        mask = market.kinds[order[inside]].astype(np.int64)
        count = np.bincount(at, minlength=cells)
        self.overbooked = np.count_nonzero(count > self.places)
        self.free = count < self.places
        taken, self.reserve_left, gone_at = self._match(market, inside, at, mask, kinds)
        # The open part goes by rank to those who aren't taken for a reserve; without an open
        # place nobody enters there.
        open_places = self.places - np.bincount(at[taken], minlength=cells)
        others, other_at = inside[~taken], at[~taken]
        first = np.searchsorted(other_at, np.arange(cells))
        nth = np.arange(other_at.size) - first[other_at]
        last_open = np.zeros(cells, np.int64)
        is_last = nth == open_places[other_at] - 1
        last_open[other_at[is_last]] = others[is_last]
        self.enters_before = np.maximum(gone_at, last_open[:, None]).astype(np.int32)
        self.enters_before[self.reserve_left] = people
        self.enters_before[self.free] = people

    def _match(
        self, market: Market, inside: Int64s, at: Int64s, mask: Int64s, kinds: int
    ) -> tuple[Flags, Flags, Int64s]:
        """Match people to reserves, by rank, one of every cell at a time, counting as Hall does.

        Returns who is matched; for each cell and combination of kinds whether one more of them
        could be matched; and the rank of the person after whom that was no longer so.
        """
        cells, masks = len(market.places), 1 << kinds
        sets = np.arange(masks)
        room = market.reserves.astype(np.int64) @ (sets[None, :] >> np.arange(kinds)[:, None] & 1)
        contains = (sets[:, None] & ~sets[None, :]) == 0
        gone_at = np.zeros((cells, masks), np.int64)
        able = self._able(room, contains)
        taken = np.zeros(at.size, np.bool_)
        some = np.flatnonzero(mask)
        first = np.searchsorted(at[some], np.arange(cells + 1))
        column, here = first[:-1], np.flatnonzero(np.diff(first))
        while here.size:
            person = some[column[here]]
            fits = able[here, mask[person]]
            taken[person[fits]] = True
            desk, person = here[fits], person[fits]
            room[desk] -= contains[mask[person]]
            now = self._able(room[desk], contains)
            ended = able[desk] & ~now
            gone_at[desk] = np.where(ended, inside[person][:, None], gone_at[desk])
            able[desk] = now
            column = column + 1
            here = here[column[here] < first[here + 1]]
        return taken, able, gone_at

    @staticmethod
    def _able(room: Int64s, contains: Flags) -> Flags:
        """Return for each cell and combination of kinds whether every set around it has room."""
        able = np.ones(room.shape, np.bool_)
        able[:, 0] = False
        for mask in range(1, room.shape[1]):
            able[:, mask] = (room[:, contains[mask]] > 0).all(axis=1)
        return able


def _split(market: Market, cell: Int32s, known: Int32s) -> int:
    members = together(market)
    if members.size == 0:
        return 0
    bundle = np.append(market.bundle_of, -1)[known[members]]
    bundle[cell[members] != known[members]] = -2
    begins = np.flatnonzero(np.diff(market.party[members], prepend=-1))
    least = np.minimum.reduceat(bundle, begins)
    return int(np.count_nonzero(least != np.maximum.reduceat(bundle, begins)))

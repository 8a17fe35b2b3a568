"""The cells as desks: who proposes to them, whom they keep, whom they send on."""

from __future__ import annotations

from copy import copy
from typing import Self

import numpy as np
from numpy.typing import NDArray

from giliran.core.draw.market import Flags, Int32s, Int64s, Market

BLOCKS = 24
SMALLEST_BLOCK = 4096


class Desks:
    """Deferred acceptance over people named by their rank: a lower index goes first everywhere.

    A cell chooses in two steps from those whom it holds and those who propose:
    reserves first and together, by rank: a person with some kind is taken when all taken so far
    and this one can be matched to different reserved places of a kind that they have; then by
    rank whoever isn't taken, until the places are full.

    Hall: people can be matched exactly when for each set S of kinds no more of them have kinds
    only within S than S has places. So the most who can be matched among any people is the least,
    over all S, of the places of S plus those people with some kind outside S; and going by rank,
    a person is taken exactly when with them this number grows. That needs only running counts,
    for all cells at once.

    Whom a cell sends on never comes back, nor would anybody of the same kinds and a worse rank
    ever be kept: the cutoffs of each cell and combination of kinds only become stricter.
    """

    def __init__(self, market: Market, order: Int64s) -> None:
        cells, kinds = market.reserves.shape
        self.masks = 1 << kinds
        self.rank_bits = len(order).bit_length()
        # A struck wish names one cell more, which has no places.
        self.no_cell = cells
        places = market.places.astype(np.int64)
        if places.sum() > market.wishes.size:
            places = np.minimum(places, np.bincount(market.wishes, minlength=cells))
        self.places = np.append(places, 0)
        self.first_slot = np.append(0, np.cumsum(self.places[:-1]))
        self.slots = np.empty(int(places.sum()), np.int32)
        self.held = np.zeros(cells + 1, np.int64)
        within = np.arange(self.masks)[:, None] >> np.arange(kinds) & 1
        self.reserved = np.zeros((self.masks, cells + 1), np.int32)
        self.reserved[:, :-1] = within @ market.reserves.T
        self.cutoff = np.full((cells + 1, self.masks), len(order), np.int32)
        self.cutoff[self.places == 0] = 0
        self.bundle_of = market.bundle_of
        self.kinds = market.kinds[order]
        self.first = market.wish_starts[:-1][order]
        self.end = market.wish_starts[1:][order]
        self.at = self.first.copy()
        # Only parties' wishes are ever struck.
        together = (market.party >= 0).any()
        self.wishes = market.wishes.copy() if together else market.wishes

    def copy(self) -> Self:
        """Return desks that can go on alone; the wishes stay shared, and what is struck there."""
        other = copy(self)
        other.slots, other.held = self.slots.copy(), self.held.copy()
        other.cutoff, other.at = self.cutoff.copy(), self.at.copy()
        return other

    def strike(self, person: int, bundle: int) -> None:
        """Take a bundle's cells from a list; nothing that the person has proposed changes."""
        mine = self.wishes[self.first[person] : self.end[person]]
        known = np.flatnonzero(mine != self.no_cell)
        mine[known[self.bundle_of[mine[known]] == bundle]] = self.no_cell

    def seat(self, people: Int64s) -> None:
        """Let people (ascending) propose, best ranks first, until nobody has to go on."""
        block = max(SMALLEST_BLOCK, -(-people.size // BLOCKS))
        waiting = people[:0]
        for begin in range(0, people.size, block):
            newly = people[begin : begin + block]
            waiting = self._place(self._proposals(np.concatenate((waiting, newly))))
        while waiting.size:
            waiting = self._place(self._proposals(waiting))

    def cells_of(self, people: Int64s) -> Int32s:
        """Return where people are held now, -1 for nowhere."""
        found = np.full(people.shape, -1, np.int32)
        left = self.at[people] < self.end[people]
        found[left] = self.wishes[self.at[people[left]]]
        return found

    def cells(self) -> Int32s:
        return self.cells_of(np.arange(self.at.size))

    def wishes_passed(self, people: Int64s) -> Int64s:
        """Return how many wishes of each are above the one that they stand at."""
        return self.at[people] - self.first[people]

    def _proposals(self, people: Int64s) -> Int64s:
        """Move people to their next wish that isn't closed to them; cell and rank in one key."""
        cutoff = self.cutoff.reshape(-1)
        found = []
        people = people[self.at[people] < self.end[people]]
        at, end, kinds = self.at[people], self.end[people], self.kinds[people]
        while people.size:
            cell = self.wishes[at].astype(np.int64)
            closed = people >= cutoff[cell * self.masks + kinds]
            stay = np.flatnonzero(~closed)
            found.append(cell[stay] << self.rank_bits | people[stay])
            at += closed
            self.at[people] = at
            on = np.flatnonzero(closed & (at < end))
            people, at, end, kinds = people[on], at[on], end[on], kinds[on]
        return np.concatenate(found) if found else people

    def _place(self, keys: Int64s) -> Int64s:
        """Let the cells keep or send on who proposes; return those sent on."""
        if keys.size == 0:
            return keys
        keys.sort()
        cell = keys >> self.rank_bits
        begins = np.flatnonzero(np.diff(cell, prepend=-1))
        cell = cell[begins]
        asking = np.diff(begins, append=keys.size)
        roomy = self.held[cell] + asking < self.places[cell]
        stays = np.repeat(roomy, asking)
        self._add(cell[roomy], asking[roomy], keys[stays])
        tight = cell[~roomy]
        keys = np.concatenate((keys[~stays], self._holders(tight)))
        keys.sort()
        return self._choose(tight, keys)

    def _add(self, cell: Int64s, count: Int64s, keys: Int64s) -> None:
        begin = self.first_slot[cell] + self.held[cell]
        self.slots[_ranges(begin, count)] = keys & ((1 << self.rank_bits) - 1)
        self.held[cell] += count

    def _holders(self, cell: Int64s) -> Int64s:
        count = self.held[cell]
        people = self.slots[_ranges(self.first_slot[cell], count)]
        return np.repeat(cell << self.rank_bits, count) | people

    def _choose(self, cell: Int64s, keys: Int64s) -> Int64s:
        """Choose for full cells from all who are there (sorted); return those sent on."""
        people = keys & ((1 << self.rank_bits) - 1)
        kinds = self.kinds[people]
        desk = keys >> self.rank_bits
        begins = np.searchsorted(desk, cell)
        count = np.diff(begins, append=keys.size)
        taken, closed = self._take_reserves(cell, begins, count, kinds)
        others = _running(~taken, begins, count)
        room = self.places[cell] - np.add.reduceat(taken, begins, dtype=np.int64)
        kept = taken | (others <= np.repeat(room, count))
        self.held[cell] = 0
        self._add(cell, self.places[cell], keys[kept])
        sent = ~kept
        # Whoever is sent on closes the cell for the same kinds: the best of them counts, and is
        # written last.
        spot = desk[sent] * self.masks + kinds[sent]
        self.cutoff.reshape(-1)[spot[::-1]] = people[sent][::-1]
        # Nor could anybody behind all who are kept be kept, once their kinds' reserves are gone.
        behind_open = np.maximum.reduceat(np.where(kept & ~taken, people + 1, 0), begins)
        behind_all = np.maximum.reduceat(np.where(kept, people + 1, 0), begins)
        for mask in range(self.masks):
            done = (mask & ~closed) == 0
            behind = behind_all if mask else behind_open
            now = self.cutoff[cell[done], mask]
            self.cutoff[cell[done], mask] = np.minimum(now, behind[done])
        return people[sent]

    def _take_reserves(
        self, cell: Int64s, begins: Int64s, count: Int64s, kinds: NDArray[np.uint8]
    ) -> tuple[Flags, Int64s]:
        """Return who is taken for a reserve, and each cell's kinds whose reserves are all gone."""
        matched = np.full(kinds.size, np.iinfo(np.int32).max, np.int32)
        least = np.full(cell.size, np.iinfo(np.int32).max, np.int32)
        last = begins + count - 1
        reach = []
        for within in range(self.masks):
            reserved = self.reserved[within, cell]
            beyond = _running((kinds & ~np.uint8(within)) != 0, begins, count)
            beyond += np.repeat(reserved, count)
            np.minimum(matched, beyond, out=matched)
            reach.append(beyond[last])
            np.minimum(least, reach[-1], out=least)
        closed = np.zeros(cell.size, np.int64)
        for within, reached in enumerate(reach):
            closed[reached == least] |= within
        before = np.empty_like(matched)
        before[1:] = matched[:-1]
        before[begins] = 0
        return matched > before, closed


def _running(flags: Flags, begins: Int64s, count: Int64s) -> Int32s:
    """Count flags so far within each group, this one included."""
    total = np.cumsum(flags, dtype=np.int32)
    before = total[begins] - flags[begins]
    total -= np.repeat(before, count)
    return total


def _ranges(begin: Int64s, count: Int64s) -> Int64s:
    """Return begin, begin + 1, ... of each range, count of them, one range after another."""
    ends = np.cumsum(count)
    return np.repeat(begin - (ends - count), count) + np.arange(int(ends[-1]) if ends.size else 0)

"""What a draw is given: cells with places and reserves, people with ranked wishes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_KINDS = 3
TYPES = {
    "places": np.int32,
    "reserves": np.int32,
    "bundle_of": np.int32,
    "wish_starts": np.int64,
    "wishes": np.int32,
    "kinds": np.uint8,
    "credit": np.int32,
    "number": np.uint64,
    "party": np.int32,
}

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Market:
    """One round: c cells, k kinds of people (at most 3), n people with m wishes together.

    Raises ValueError for arrays of other types or that don't fit together, for a cell whose
    reserves are more than its places, and for people of one party who differ in wishes, kinds,
    credit or number.

    A cell twice in one list is harmless: the later mention is never reached. Credit may be any
    whole number; more goes first.
    """

    places: Int32s
    """[c] places in each cell; none is allowed."""
    reserves: Int32s
    """[c, k] places of the cell that are a minimum guarantee for each kind."""
    bundle_of: Int32s
    """[c] the office's half-day to which the cell belongs."""
    wish_starts: Int64s
    """[n + 1] the wishes of person i are wishes[wish_starts[i]:wish_starts[i + 1]]."""
    wishes: Int32s
    """[m] cells, best first for each person."""
    kinds: NDArray[np.uint8]
    """[n] bit j is set for a person of kind j; 0 has the open part only."""
    credit: Int32s
    """[n] rounds lost so far that count."""
    number: NDArray[np.uint64]
    """[n] the one lottery number of each person; the lower goes first within equal credit."""
    party: Int32s
    """[n] who applies together has the same number from 0; -1 for who applies alone."""

    def __post_init__(self) -> None:
        self._check_types()
        self._check_cells()
        self._check_people()
        self._check_parties()

    def _check_types(self) -> None:
        for name, wanted in TYPES.items():
            if getattr(self, name).dtype != wanted:
                raise ValueError(f"A market's {name} are {np.dtype(wanted).name}.")

    def _check_cells(self) -> None:
        cells = self.places.shape[0]
        rows, kinds = self.reserves.shape
        if rows != cells:
            raise ValueError("Reserves need one row for each cell.")
        if kinds > MOST_KINDS:
            raise ValueError(f"There are at most {MOST_KINDS} kinds of people.")
        if self.bundle_of.shape != (cells,):
            raise ValueError("Every cell belongs to one bundle.")
        if (self.bundle_of < 0).any():
            raise ValueError("Bundles are numbered from 0.")
        if (self.places < 0).any() or (self.reserves < 0).any():
            raise ValueError("A cell cannot have fewer than no places.")
        if (self.reserves.sum(axis=1, dtype=np.int64) > self.places).any():
            raise ValueError("A cell cannot keep more places than it has.")

    def _check_people(self) -> None:
        people = self.kinds.shape[0]
        if any(len(one) != people for one in (self.credit, self.number, self.party)):
            raise ValueError("Every person has kinds, a credit, a number and a party or -1.")
        starts = self.wish_starts
        if starts.shape != (people + 1,) or starts[0] != 0 or starts[-1] != len(self.wishes):
            raise ValueError("The wishes of all people follow each other from 0 to the last.")
        if (starts[1:] < starts[:-1]).any():
            raise ValueError("The wishes of a person cannot begin before those of the one before.")
        if len(self.wishes) and not (
            self.wishes.min() >= 0 and self.wishes.max() < len(self.places)
        ):
            raise ValueError("A wish names a cell that there isn't.")
        if people and (self.kinds.max() >> self.reserves.shape[1]):
            raise ValueError("A person has a kind that no cell knows.")
        if people and self.party.min() < -1:
            raise ValueError("A party is numbered from 0, or -1 for who applies alone.")

    def _check_parties(self) -> None:
        members = together(self)
        same = self.party[members[1:]] == self.party[members[:-1]]
        one, other = members[:-1][same], members[1:][same]
        for what in (self.kinds, self.credit, self.number):
            if (what[one] != what[other]).any():
                raise ValueError("People who apply together have one credit, number and kinds.")
        starts = self.wish_starts
        for i, j in zip(one, other, strict=True):
            mine = self.wishes[starts[i] : starts[i + 1]]
            if not np.array_equal(mine, self.wishes[starts[j] : starts[j + 1]]):
                raise ValueError("People who apply together have the same wishes.")


def together(market: Market) -> Int64s:
    """Return the people who apply in a party, the members of each beside each other."""
    members = np.flatnonzero(market.party >= 0)
    return members[np.argsort(market.party[members], kind="stable")]


def by_rank(market: Market) -> Int64s:
    """Return all people from the first to the last: most credit, lowest number, earliest listed.

    One sort of one 64-bit key: the credit, as many leading bits of the number as fit, the place
    in the list. Whoever is still equal in the bits that fit is compared in full afterwards.
    """
    people = len(market.number)
    if people == 0:
        return np.empty(0, np.int64)
    behind = market.credit.max().astype(np.int64) - market.credit.astype(np.int64)
    list_bits = people.bit_length()
    credit_bits = max(1, int(behind.max()).bit_length())
    number_bits = 64 - list_bits - credit_bits
    keys = market.number >> np.uint64(64 - number_bits)
    keys |= behind.astype(np.uint64) << np.uint64(number_bits)
    keys <<= np.uint64(list_bits)
    keys |= np.arange(people, dtype=np.uint64)
    keys.sort()
    order = (keys & np.uint64((1 << list_bits) - 1)).astype(np.int64)
    keys >>= np.uint64(list_bits)
    equal = np.flatnonzero(keys[1:] == keys[:-1])
    if equal.size:
        tied = np.union1d(equal, equal + 1)
        who = order[tied]
        # They are in the order of the list already, and this sort keeps that among equals.
        order[tied] = who[np.lexsort((market.number[who], keys[tied]))]
    return order

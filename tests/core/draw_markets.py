"""Builders for the draw's tests: markets written by hand, and markets of many shapes."""

import itertools

import numpy as np
from hypothesis import strategies as st

from giliran.core.draw import Market


def a_market(places, people, reserves=None, bundle_of=None):
    """People are dicts: wishes, and where they matter kinds, credit, number, party.

    Without a number, people are numbered in the order in which they are listed.
    """
    cells = len(places)

    def column(name, otherwise, dtype):
        return np.array([one.get(name, otherwise(i)) for i, one in enumerate(people)], dtype)

    lists = [one["wishes"] for one in people]
    return Market(
        places=np.array(places, np.int32),
        reserves=np.array(reserves or [[]] * cells, np.int32).reshape(cells, -1 if cells else 0),
        bundle_of=np.array(bundle_of or range(cells), np.int32),
        wish_starts=np.cumsum([0, *map(len, lists)], dtype=np.int64),
        wishes=np.array([*itertools.chain(*lists)], np.int32),
        kinds=column("kinds", lambda _: 0, np.uint8),
        credit=column("credit", lambda _: 0, np.int32),
        number=column("number", lambda i: i, np.uint64),
        party=column("party", lambda _: -1, np.int32),
    )


@st.composite
def markets(draw_from, *, with_parties=False, most_people=9, most_cells=4, most_kinds=3):
    """Small markets: overlapping kinds, equal credits and numbers, no places, no wishes."""
    cells = draw_from(st.integers(1, most_cells))
    kinds = draw_from(st.integers(0, most_kinds))
    reserves = [[draw_from(st.integers(0, 2)) for _ in range(kinds)] for _ in range(cells)]
    places = [sum(kept) + draw_from(st.integers(0, 2)) for kept in reserves]
    bundles = [draw_from(st.integers(0, cells - 1)) for _ in range(cells)]
    person = st.fixed_dictionaries(
        {
            "wishes": st.permutations(range(cells)).flatmap(
                lambda whole: st.integers(0, cells).map(lambda cut: whole[:cut])
            ),
            "kinds": st.integers(0, 2**kinds - 1),
            "credit": st.integers(0, 2),
            "number": st.integers(0, 2) | st.integers(0, 2**64 - 1),
        }
    )
    people = draw_from(st.lists(person, max_size=most_people))
    if with_parties:
        sizes = [draw_from(st.sampled_from([1, 1, 2, 3])) for _ in people]
        people = [
            {**one, "party": i if size > 1 else -1}
            for i, (one, size) in enumerate(zip(people, sizes, strict=True))
            for _ in range(size)
        ]
        people = draw_from(st.permutations(people))
    return a_market(places, people, reserves, bundles)


def lists_of(market):
    return [
        market.wishes[begin:end].tolist() for begin, end in itertools.pairwise(market.wish_starts)
    ]


def people_by_rank(market):
    return sorted(range(len(market.number)), key=lambda i: (-market.credit[i], market.number[i], i))


def can_all_be_matched(people, market, cell):
    """Try every way to give each a reserved place of a kind that they have."""
    free = [kind for kind, count in enumerate(market.reserves[cell]) for _ in range(count)]

    def place(left, free):
        return not left or any(
            market.kinds[left[0]] >> kind & 1 and place(left[1:], free[:i] + free[i + 1 :])
            for i, kind in enumerate(free)
        )

    return place(people, free)


def matched(people, market, cell):
    """Return whom a cell takes for its reserves, going by rank."""
    taken = []
    for i in people_by_rank(market):
        if i in people and can_all_be_matched([*taken, i], market, cell):
            taken.append(i)
    return taken


def chosen(people, market, cell):
    """Return whom a cell takes from some people: reserves first and together, then the rest."""
    taken = matched(people, market, cell)
    others = [i for i in people_by_rank(market) if i in people and i not in taken]
    return {*taken, *others[: market.places[cell] - len(taken)]}

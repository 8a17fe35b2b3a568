"""The draw: first its story, then what must hold for every market."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from giliran.core.draw import Market, audit, draw


def a_market(places, people, reserves=None, bundle_of=None):
    """People are dicts: wishes, and unless they don't matter kinds, credit, number, party."""
    places = np.array(places, np.int32)
    if reserves is None:
        reserves = np.zeros((places.size, 0))
    if bundle_of is None:
        bundle_of = range(places.size)

    def column(name, otherwise, dtype):
        return np.array(
            [person.get(name, otherwise(i)) for i, person in enumerate(people)], dtype=dtype
        )

    lists = [person["wishes"] for person in people]
    return Market(
        places=places,
        reserves=np.array(reserves, np.int32).reshape(places.size, -1)
        if places.size
        else np.zeros((0, np.shape(reserves)[-1]), np.int32),
        bundle_of=np.array(list(bundle_of), np.int32),
        wish_starts=np.cumsum([0, *map(len, lists)], dtype=np.int64),
        wishes=np.array(list(itertools.chain(*lists)), np.int32),
        kinds=column("kinds", lambda _: 0, np.uint8),
        credit=column("credit", lambda _: 0, np.int32),
        number=column("number", lambda i: i, np.uint64),
        party=column("party", lambda _: -1, np.int32),
    )


def cells_of(*args, **kwargs):
    return draw(a_market(*args, **kwargs)).cell.tolist()


@st.composite
def markets(draw_from, *, with_parties=False, most_people=9, most_cells=4):
    """Small markets of many shapes: overlapping kinds, equal numbers, no places, no wishes."""
    cells = draw_from(st.integers(1, most_cells))
    kinds = draw_from(st.integers(0, 3))
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
        sizes = st.sampled_from([1, 1, 2, 2, 3])
        groups = [(one, draw_from(sizes)) for one in people]
        people = [
            {**one, "party": i if size > 1 else -1}
            for i, (one, size) in enumerate(groups)
            for _ in range(size)
        ]
        people = draw_from(st.permutations(people))
    return a_market(places, people, reserves, bundles)


def lists_of(market):
    starts = market.wish_starts
    return [market.wishes[a:b].tolist() for a, b in itertools.pairwise(starts)]


def can_all_be_matched(people, market, cell):
    """Try every way to give each a different reserved place of a kind that they have."""
    free = [kind for kind, n in enumerate(market.reserves[cell]) for _ in range(n)]

    def place(left, free):
        if not left:
            return True
        return any(
            market.kinds[left[0]] >> kind & 1 and place(left[1:], free[:i] + free[i + 1 :])
            for i, kind in enumerate(free)
        )

    return len(people) <= len(free) and place(people, free)


def rank_of(market):
    def key(i):
        return (-int(market.credit[i]), int(market.number[i]), i)

    return sorted(range(market.number.size), key=key)


def chosen(market, cell, people):
    by_rank = [i for i in rank_of(market) if i in people]
    taken = []
    for i in by_rank:
        if can_all_be_matched([*taken, i], market, cell):
            taken.append(i)
    others = [i for i in by_rank if i not in taken]
    return set(taken + others[: market.places[cell] - len(taken)])


def slow_draw(market, lists):
    """Deferred acceptance with one proposal at a time, the last listed person first."""
    at = [0] * len(lists)
    held = [set() for _ in market.places]
    waiting = list(range(len(lists)))
    while waiting:
        i = waiting.pop()
        if at[i] == len(lists[i]):
            continue
        cell = lists[i][at[i]]
        keeps = chosen(market, cell, held[cell] | {i})
        for sent in (held[cell] | {i}) - keeps:
            at[sent] += 1
            waiting.append(sent)
        held[cell] = keeps
    return [
        next((cell for cell in range(len(held)) if i in held[cell]), -1) for i in range(len(lists))
    ]


def slow_draw_with_parties(market):
    lists = lists_of(market)
    struck = []
    while True:
        cell = slow_draw(market, lists)
        for best in rank_of(market):
            party = market.party[best]
            members = [i for i in range(len(lists)) if party >= 0 and market.party[i] == party]
            got = [cell[i] for i in members]
            if len({-1 if c < 0 else market.bundle_of[c] for c in got}) > 1:
                break
        else:
            return cell, tuple(struck)
        first = min((c for c in got if c >= 0), key=lists[best].index)
        bundle = market.bundle_of[first]
        struck.append((party, bundle))
        for i in members:
            lists[i] = [c for c in lists[i] if market.bundle_of[c] != bundle]


@given(markets())
def test_the_draw_gives_what_slow_deferred_acceptance_gives(market):
    assert draw(market).cell.tolist() == slow_draw(market, lists_of(market))


@given(markets(with_parties=True, most_people=5))
def test_with_parties_the_draw_gives_what_the_slow_one_gives(market):
    cell, struck = draw(market)
    assert (cell.tolist(), struck) == slow_draw_with_parties(market)


@given(markets(with_parties=True))
@settings(max_examples=300)
def test_no_guarantee_is_broken(market):
    outcome = draw(market)
    assert audit(market, *outcome).violations == 0

"""What the draw promises, for markets of many shapes."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giliran.core.draw import Market, audit, draw
from tests.core.draw_markets import (
    a_market,
    chosen,
    lists_of,
    markets,
    matched,
    people_by_rank,
)
from tests.examples import examples


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
        asking = held[cell] | {i}
        held[cell] = chosen(asking, market, cell)
        for sent in asking - held[cell]:
            at[sent] += 1
            waiting.append(sent)
    found = dict.fromkeys(range(len(lists)), -1)
    found.update((i, cell) for cell, people in enumerate(held) for i in people)
    return [found[i] for i in range(len(lists))]


def slow_draw_with_parties(market):
    lists = lists_of(market)
    struck = []
    while True:
        cell = slow_draw(market, lists)
        for best in people_by_rank(market):
            party = market.party[best]
            members = [i for i in range(len(lists)) if party >= 0 and market.party[i] == party]
            got = [cell[i] for i in members]
            if len({market.bundle_of[c] if c >= 0 else -1 for c in got}) > 1:
                break
        else:
            return cell, tuple(struck)
        first = min((c for c in got if c >= 0), key=lists[best].index)
        bundle = market.bundle_of[first]
        struck.append((party, bundle))
        for i in members:
            lists[i] = [c for c in lists[i] if market.bundle_of[c] != bundle]


@given(markets(with_parties=True, most_people=7))
@settings(deadline=None)
def test_the_draw_gives_what_the_slow_one_gives(market):
    cell, struck = draw(market)
    assert (cell.tolist(), struck) == slow_draw_with_parties(market)


@given(markets(with_parties=True))
@settings(max_examples=examples(150), deadline=None)
def test_no_guarantee_is_broken(market):
    outcome = draw(market)
    assert audit(market, *outcome).violations == 0


def with_list(market, person, wishes):
    """Return the market in which one person has another list."""
    lists = lists_of(market)
    lists[person] = list(wishes)
    starts = np.cumsum([0, *map(len, lists)], dtype=np.int64)
    told = {"wish_starts": starts, "wishes": np.array([*itertools.chain(*lists)], np.int32)}
    return Market(**vars(market) | told)


def all_lists(cells):
    return [
        wishes
        for length in range(cells + 1)
        for wishes in itertools.permutations(range(cells), length)
    ]


def place_of(cell, wishes):
    return wishes.index(cell) if cell in wishes else len(wishes)


@given(markets(most_people=6, most_cells=3), st.data())
@settings(max_examples=examples(60), deadline=None)
def test_no_other_list_gives_a_better_place_than_the_true_one(market, data):
    people = len(market.number)
    if not people:
        return
    person = data.draw(st.integers(0, people - 1))
    true = lists_of(market)[person]
    honest = place_of(draw(market).cell[person], true)
    for told in all_lists(len(market.places)):
        got = draw(with_list(market, person, told)).cell[person]
        assert place_of(got, true) >= honest


def test_truth_is_best_in_every_market_of_three_people_and_two_places():
    """All lists, all kinds: one place is kept for those of the kind, the other is open."""
    lists = all_lists(2)
    for kinds in itertools.product((0, 1), repeat=3):
        got = {
            told: draw(
                a_market(
                    [1, 1],
                    [{"wishes": w, "kinds": k} for w, k in zip(told, kinds, strict=True)],
                    [[1], [0]],
                )
            ).cell
            for told in itertools.product(lists, repeat=3)
        }
        for told, person, other in itertools.product(got, range(3), lists):
            instead = (*told[:person], other, *told[person + 1 :])
            true = told[person]
            assert place_of(got[told][person], true) <= place_of(got[instead][person], true)


def wanters(market, cell_of, cell):
    """Return who wants a cell more than what they got."""
    return {
        i
        for i, wishes in enumerate(lists_of(market))
        if cell in wishes and wishes.index(cell) < place_of(cell_of[i], wishes)
    }


@given(markets())
@settings(deadline=None)
def test_no_place_is_idle_while_somebody_wants_it(market):
    got = draw(market).cell
    for cell, places in enumerate(market.places):
        if np.count_nonzero(got == cell) < places:
            assert not wanters(market, got, cell)


@given(markets())
@settings(deadline=None)
def test_reserves_are_met_when_there_is_demand(market):
    got = draw(market).cell
    for cell in range(len(market.places)):
        inside = set(np.flatnonzero(got == cell).tolist())
        asking = inside | wanters(market, got, cell)
        assert len(matched(inside, market, cell)) == len(matched(asking, market, cell))
        for kind, kept in enumerate(market.reserves[cell]):
            of_kind = {i for i in asking if market.kinds[i] >> kind & 1}
            assert len(of_kind & inside) >= min(kept, len(of_kind))


@given(markets())
@settings(deadline=None)
def test_nobody_envies_somebody_behind_except_for_a_reserve(market):
    got = draw(market).cell
    rank = {i: place for place, i in enumerate(people_by_rank(market))}
    for cell in range(len(market.places)):
        inside = set(np.flatnonzero(got == cell).tolist())
        by_reserve = set(matched(inside, market, cell))
        for i, j in itertools.product(wanters(market, got, cell), inside):
            assert rank[j] < rank[i] or j in by_reserve


@given(markets(most_kinds=0))
@settings(deadline=None)
def test_without_reserves_one_common_rank_lets_people_choose_one_after_another(market):
    free = market.places.tolist()
    lists = lists_of(market)
    expected = [-1] * len(lists)
    for i in people_by_rank(market):
        for cell in lists[i]:
            if free[cell]:
                expected[i] = cell
                free[cell] -= 1
                break
    assert draw(market).cell.tolist() == expected


@given(markets(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_in_which_people_are_listed_matters_only_between_equals(market, random):
    told = vars(market) | {"number": np.arange(len(market.number), dtype=np.uint64)[::-1].copy()}
    order = list(range(len(market.number)))
    random.shuffle(order)
    lists = [lists_of(market)[i] for i in order]
    listed = {name: told[name][order] for name in ("kinds", "credit", "number", "party")}
    listed["wish_starts"] = np.cumsum([0, *map(len, lists)], dtype=np.int64)
    listed["wishes"] = np.array([*itertools.chain(*lists)], np.int32)
    first, second = draw(Market(**told)).cell, draw(Market(**told | listed)).cell
    assert second.tolist() == first[order].tolist()


@given(markets(with_parties=True))
@settings(deadline=None)
def test_people_who_apply_together_are_in_one_half_day_or_all_without(market):
    cell = draw(market).cell
    bundle = [market.bundle_of[c] if c >= 0 else -1 for c in cell]
    for party in set(market.party.tolist()) - {-1}:
        assert len({bundle[i] for i in np.flatnonzero(market.party == party)}) == 1


@pytest.mark.parametrize("couples", [0, 400])
def test_no_guarantee_is_broken_among_thirty_thousand_people(couples):
    rng = np.random.default_rng(couples)
    people, cells = 30_000, 1_500
    reserves = rng.integers(0, 3, (cells, 3)).astype(np.int32)
    places = reserves.sum(axis=1, dtype=np.int32) + rng.integers(5, 15, cells).astype(np.int32)
    wishes = (rng.integers(0, cells, (people, 1)) + rng.integers(0, 60, (people, 6))) % cells
    party = np.full(people, -1, np.int32)
    party[: 2 * couples] = np.repeat(np.arange(couples), 2)
    kinds = rng.choice(8, people, p=[0.6, 0.1, 0.1, 0.04, 0.1, 0.02, 0.02, 0.02])
    like = np.arange(people)
    like[1 : 2 * couples : 2] -= 1
    market = Market(
        places=places,
        reserves=reserves,
        bundle_of=np.arange(cells, dtype=np.int32) // 4,
        wish_starts=np.arange(people + 1) * 6,
        wishes=wishes[like].astype(np.int32).ravel(),
        kinds=kinds[like].astype(np.uint8),
        credit=rng.integers(0, 4, people).astype(np.int32)[like],
        number=rng.integers(0, 2**64, people, dtype=np.uint64)[like],
        party=party,
    )
    outcome = draw(market)
    assert audit(market, *outcome).violations == 0
    assert 0 < np.count_nonzero(outcome.cell < 0) < people
    assert bool(outcome.struck) == bool(couples)

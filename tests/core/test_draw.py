"""The draw, told as stories: who gets which place, and why."""

import numpy as np
import pytest

from giliran.core.draw import Market, draw
from tests.core.draw_markets import a_market

PRIORITY, FAR, OFFLINE = 1, 2, 4
SERANG, CILEGON, TANGERANG = 0, 1, 2


def cells(*told, **more):
    return draw(a_market(*told, **more)).cell.tolist()


def test_a_morning_with_three_offices():
    """Serang has three places, one of them for priority people; Cilegon and Tangerang have one.

    By rank: Ani (lost two rounds), Budi (lost one), then by lottery Citra, Dewi, Eko, Fitri.
    Ani, Budi and Citra ask in Serang first; then Fitri, who is 70, takes the place that is kept,
    and Citra, the last of the others, goes on to Cilegon. There Dewi came before, but Citra has
    the better number: Dewi goes on to Tangerang, and Eko, who wants nothing else, waits with
    credit for the next round.
    """
    ani = {"wishes": [SERANG, CILEGON], "credit": 2, "number": 900}
    budi = {"wishes": [SERANG], "credit": 1, "number": 800}
    citra = {"wishes": [SERANG, CILEGON], "number": 100}
    dewi = {"wishes": [CILEGON, TANGERANG], "number": 200}
    eko = {"wishes": [TANGERANG], "number": 300}
    fitri = {"wishes": [SERANG], "number": 400, "kinds": PRIORITY}
    people = [ani, budi, citra, dewi, eko, fitri]
    reserves = [[1], [0], [0]]
    assert cells([3, 1, 1], people, reserves) == [SERANG, SERANG, CILEGON, TANGERANG, -1, SERANG]


def test_more_credit_goes_first_whatever_the_lottery_says():
    lucky = {"wishes": [SERANG], "credit": 0, "number": 0}
    patient = {"wishes": [SERANG], "credit": 1, "number": 2**64 - 1}
    assert cells([1], [lucky, patient]) == [-1, SERANG]


def test_the_lottery_decides_between_equal_credits_and_the_list_between_equal_numbers():
    people = [{"wishes": [SERANG], "number": number} for number in (7, 5, 5)]
    assert cells([1], people) == [-1, SERANG, -1]


def test_numbers_that_differ_in_their_last_bit_only_are_told_apart():
    people = [{"wishes": [SERANG], "number": 2**63 + 1}, {"wishes": [SERANG], "number": 2**63}]
    assert cells([1], people) == [-1, SERANG]


def test_a_reserve_that_nobody_of_the_kind_wants_is_open_to_all():
    people = [{"wishes": [SERANG]}, {"wishes": [SERANG]}]
    assert cells([2], people, [[2]]) == [SERANG, SERANG]


def test_who_has_two_kinds_is_counted_where_it_leaves_room_for_somebody_else():
    """One place for priority, one for far. Who is both comes first and must not use up the only
    reserve that the second, who is priority only, could have; whichever kind the second has."""
    both = {"wishes": [SERANG], "number": 1, "kinds": PRIORITY | FAR}
    neither = {"wishes": [SERANG], "number": 2}
    for kind in (PRIORITY, FAR):
        second = {"wishes": [SERANG], "number": 3, "kinds": kind}
        assert cells([2], [both, neither, second], [[1, 1]]) == [SERANG, -1, SERANG]


def test_who_has_two_kinds_uses_only_one_place():
    both = {"wishes": [SERANG], "number": 1, "kinds": PRIORITY | FAR}
    far = {"wishes": [SERANG], "number": 2, "kinds": FAR}
    neither = {"wishes": [SERANG], "number": 3}
    assert cells([3], [both, far, neither], [[1, 1]]) == [SERANG, SERANG, SERANG]


def test_reserves_go_first_so_that_a_half_adds_nobody_where_half_would_win_anyway():
    """A minimum guarantee and a bonus differ only by the order in which places are filled.

    Ten people by rank, every second one from far, four places, two of them kept for far. Filled
    first (published here), the kept places go to the far people of ranks 2 and 4, who would have
    won without any reserve: the winners are the first four. Filled last, they would go to the far
    people of ranks 6 and 8, and three of four winners would be from far.
    """
    people = [{"wishes": [SERANG], "kinds": FAR * (i % 2)} for i in range(10)]
    winners = np.flatnonzero(np.array(cells([4], people, [[0, 2]])) == SERANG).tolist()
    assert winners == [0, 1, 2, 3]
    open_first = [0, 1]
    kept_last = [i for i in range(10) if i % 2 and i not in open_first][:2]
    assert kept_last == [3, 5]
    assert sum(i % 2 for i in winners) == 2
    assert sum(i % 2 for i in open_first + kept_last) == 3


def test_a_reserve_works_where_the_kind_would_otherwise_be_left_out():
    near = [{"wishes": [SERANG], "credit": 1} for _ in range(4)]
    far = [{"wishes": [SERANG], "kinds": FAR} for _ in range(4)]
    assert cells([4], near + far, [[0, 0]]) == [SERANG] * 4 + [-1] * 4
    assert cells([4], near + far, [[0, 2]]) == [SERANG, SERANG, -1, -1, SERANG, SERANG, -1, -1]


MORNING, NOON = 0, 1


def a_couple(wishes, number):
    return [{"wishes": wishes, "number": number, "party": 0} for _ in range(2)]


def test_a_couple_is_served_in_one_half_day_or_goes_on_together():
    """Windows 0 and 1 are a morning, 2 is a noon with two places; one place each before noon.

    A better number takes window 0. The couple would get 1 and 2, morning and noon: the morning
    is struck from their lists, they go together at noon, and who was behind has the window.
    """
    first = {"wishes": [0], "number": 1}
    behind = {"wishes": [2, 1], "number": 3}
    people = [first, *a_couple([0, 1, 2], 2), behind]
    outcome = draw(a_market([1, 1, 2], people, bundle_of=[MORNING, MORNING, NOON]))
    assert outcome.struck == ((0, MORNING),)
    assert outcome.cell.tolist() == [0, 2, 2, 1]


def test_a_couple_may_sit_in_two_windows_of_one_half_day():
    outcome = draw(a_market([1, 1], a_couple([0, 1], 1), bundle_of=[MORNING, MORNING]))
    assert outcome.struck == ()
    assert sorted(outcome.cell.tolist()) == [0, 1]


def test_a_couple_with_a_place_for_one_leaves_it_to_somebody_else():
    alone = {"wishes": [0], "number": 9}
    outcome = draw(a_market([1], [*a_couple([0], 1), alone]))
    assert outcome.cell.tolist() == [-1, -1, 0]


def test_the_best_ranked_couple_gives_way_first():
    """Two couples, one place too few for each: the first is struck, then the second has both."""
    first = [{"wishes": [0], "number": 1, "party": 5} for _ in range(3)]
    second = [{"wishes": [0], "number": 2, "party": 3} for _ in range(2)]
    outcome = draw(a_market([2], first + second))
    assert outcome.struck == ((5, 0),)
    assert outcome.cell.tolist() == [-1, -1, -1, 0, 0]


def test_a_couple_that_goes_on_may_split_a_couple_ahead_by_a_reserve():
    """Ahead: a couple that wants only window 2, which keeps one of its two places for priority.

    Behind: a priority couple that wants 0, 1, 2. It is split between 0 and 1, so 0 is struck. Now
    one of it sits in 1, the other takes the kept place in 2 from the couple ahead: 2 is struck
    for those. What is left of the second couple's list is 1, with a place for one, and 2.
    """
    ahead = [{"wishes": [2], "number": 1, "party": 0}] * 2
    behind = [{"wishes": [0, 1, 2], "number": 2, "kinds": PRIORITY, "party": 1}] * 2
    outcome = draw(a_market([1, 1, 2], ahead + behind, [[0], [0], [1]]))
    assert outcome.struck == ((1, 0), (0, 2), (1, 1))
    assert outcome.cell.tolist() == [-1, -1, 2, 2]


def test_nobody_and_nowhere_are_answered_too():
    assert draw(a_market([1], [])).cell.tolist() == []
    assert draw(a_market([], [{"wishes": []}, {"wishes": []}])).cell.tolist() == [-1, -1]
    assert cells([0], [{"wishes": [0]}]) == [-1]


def test_the_same_cell_twice_on_a_list_is_harmless():
    people = [{"wishes": [0, 0, 1, 0]}, {"wishes": [0, 0]}]
    assert cells([1, 1], people[::-1]) == [0, 1]
    assert cells([1, 1], people) == [0, -1]


SOMEBODY = {"wishes": [0]}
COUPLE = {"wishes": [0, 1], "number": 4, "party": 0}


@pytest.mark.parametrize(
    ("sentence", "places", "people", "reserves", "bundle_of"),
    [
        ("keep more places than it has", [1], [], [[1, 1]], None),
        ("fewer than no places", [-1], [], None, None),
        ("at most 3 kinds", [9], [], [[1, 1, 1, 1]], None),
        ("numbered from 0", [1], [], None, [-1]),
        ("one bundle", [1], [], None, [0, 0]),
        ("a cell that there isn't", [1], [{"wishes": [1]}], None, None),
        ("a cell that there isn't", [1], [{"wishes": [-1]}], None, None),
        ("a kind that no cell knows", [1], [{"wishes": [], "kinds": 2}], [[1]], None),
        ("or -1 for who applies alone", [1], [{"wishes": [], "party": -2}], None, None),
        ("same wishes", [1, 1], [COUPLE, COUPLE | {"wishes": [1, 0]}], None, None),
        ("same wishes", [1, 1], [COUPLE, SOMEBODY, COUPLE | {"wishes": [0]}], None, None),
        ("one credit, number", [1, 1], [COUPLE, COUPLE | {"number": 5}], None, None),
        ("one credit, number", [1, 1], [COUPLE, COUPLE | {"credit": 5}], None, None),
        ("one credit, number", [1, 1], [COUPLE, COUPLE | {"kinds": 1}], [[1], [1]], None),
    ],
)
def test_what_does_not_fit_together_is_refused(sentence, places, people, reserves, bundle_of):
    with pytest.raises(ValueError, match=sentence):
        a_market(places, people, reserves, bundle_of)


@pytest.mark.parametrize(
    ("sentence", "change"),
    [
        ("reserves are int32", {"reserves": np.zeros((2, 1))}),
        ("one row for each cell", {"reserves": np.zeros((1, 1), np.int32)}),
        ("a number and a party", {"number": np.zeros(3, np.uint64)}),
        ("from 0 to the last", {"wish_starts": np.array([0, 1, 3])}),
        ("from 0 to the last", {"wish_starts": np.array([1, 1, 2])}),
        ("from 0 to the last", {"wish_starts": np.array([0, 2])}),
        ("cannot begin before", {"wish_starts": np.array([0, 3, 2])}),
    ],
)
def test_arrays_that_do_not_fit_together_are_refused(sentence, change):
    market = a_market([1, 1], [{"wishes": [0]}, {"wishes": [1]}], [[0], [0]])
    with pytest.raises(ValueError, match=sentence):
        Market(**vars(market) | change)

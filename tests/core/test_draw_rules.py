import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giliran.core.draw import RULES, draw, rounds_at_most, spread
from tests.core.draw_markets import a_market
from tests.examples import examples

PLACES = st.lists(st.integers(0, 20), max_size=12)


def test_a_tenth_exists_where_every_window_has_three_places():
    assert spread([3] * 8, 10) == [0, 0, 0, 1, 0, 0, 1, 0]


@given(PLACES, st.integers(0, 100))
def test_a_day_keeps_its_share_and_no_window_more_than_it_has(places, percent):
    kept = spread(places, percent)
    assert sum(kept) == sum(places) * percent // 100
    assert all(0 <= one <= of for one, of in zip(kept, places, strict=True))


@given(PLACES)
def test_the_published_shares_together_fit_in_a_day(places):
    for rule in RULES.values():
        kept = [spread(places, percent) for percent in rule.percents]
        assert sum(map(sum, kept)) <= sum(places)


@pytest.mark.parametrize(("places", "percent"), [([3], -1), ([3], 101), ([3, -1], 10)])
def test_shares_that_cannot_be_are_refused(places, percent):
    with pytest.raises(ValueError, match=r"\."):
        spread(places, percent)


def test_eleven_ahead_with_five_places_a_round_are_three_rounds():
    assert rounds_at_most(11, 5) == 3
    assert rounds_at_most(9, 5) == 2
    assert rounds_at_most(0, 5) == 1


def test_without_places_there_is_no_last_round():
    assert rounds_at_most(3, 0) is None


def test_fewer_than_nobody_ahead_is_refused():
    with pytest.raises(ValueError, match=r"cannot be -1 people"):
        rounds_at_most(-1, 5)


def round_of_service(ahead, behind, newcomers, places, kept, numbers):
    """Play rounds until the person is served; return in which.

    `ahead` and `behind` are credit_of of others. `numbers` gives a round's lottery numbers. Some of
    the newcomers have a kind for which `kept` places are reserved besides the open ones.
    """
    person = object()
    credit_of = {person: 1, **{object(): credit for credit in (*ahead, *behind)}}
    kinds = {}
    for number in range(1, 100):
        for i in range(newcomers):
            new = object()
            credit_of[new], kinds[new] = 0, i % 2
        people = list(credit_of)
        told = [
            {"wishes": [0, 1], "credit": credit_of[one], "kinds": kinds.get(one, 0), "number": lot}
            for one, lot in zip(people, numbers(len(people)), strict=True)
        ]
        half = places // 2
        market = a_market([half + kept, places - half], told, [[kept], [0]])
        won = {one for one, cell in zip(people, draw(market).cell, strict=True) if cell >= 0}
        if person in won:
            return number
        credit_of = {one: credit + 1 for one, credit in credit_of.items() if one not in won}
    raise AssertionError("never served")


@given(
    st.lists(st.integers(1, 3), max_size=12),
    st.lists(st.just(0), max_size=5),
    st.integers(0, 6),
    st.integers(1, 5),
    st.integers(0, 2),
    st.integers(0, 2**32 - 1),
)
@settings(max_examples=examples(20), deadline=None)
def test_nobody_who_stays_in_waits_longer_than_promised(
    ahead, behind, newcomers, places, kept, seed
):
    rng = np.random.default_rng(seed)
    played = round_of_service(
        ahead, behind, newcomers, places, kept, lambda n: rng.integers(0, 2**64, n, dtype=np.uint64)
    )
    assert played <= rounds_at_most(len(ahead), places)


@given(st.integers(0, 12), st.integers(1, 5))
@settings(max_examples=examples(10), deadline=None)
def test_with_the_worst_number_each_time_the_promise_is_exact(ahead, places):
    played = round_of_service([1] * ahead, [], 3, places, 0, lambda n: [2**64 - 1, *range(n - 1)])
    assert played == rounds_at_most(ahead, places)

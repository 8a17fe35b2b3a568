"""Estimates hold what they say, and what an office counts itself outweighs the usual."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from giliran.core.need.estimate import Estimate, mean, rate, share

TIMES = 3000


def held(estimates, truth):
    return sum(one.low <= truth <= one.high for one in estimates) / len(estimates)


@pytest.mark.parametrize(("truth", "days"), [(0.5, 20), (3.0, 8), (8.0, 20)])
def test_nine_in_ten_intervals_hold_the_rate_that_made_the_counts(truth, days):
    counts = np.random.default_rng(1).poisson(truth * days, TIMES)
    assert held([rate(n, days, usual=truth) for n in counts], truth) > 0.88


@pytest.mark.parametrize(("truth", "people"), [(0.12, 50), (0.5, 20), (0.03, 300)])
def test_nine_in_ten_intervals_hold_the_share_that_made_the_counts(truth, people):
    counts = np.random.default_rng(2).binomial(people, truth, TIMES)
    assert held([share(n, people, usual=truth) for n in counts], truth) > 0.88


@pytest.mark.parametrize("people", [5, 40, 400])
def test_nine_in_ten_intervals_hold_the_mean_that_made_the_services(people):
    chance = np.random.default_rng(3)
    samples = chance.gamma(2, 6, (TIMES, people))
    assert held([mean(list(row), usual=12) for row in samples], 12) > 0.88


@given(st.floats(0, 50), st.integers(0, 500), st.floats(0.1, 400))
def test_a_rate_lies_in_its_interval_between_the_usual_and_the_counted(usual, events, exposure):
    found = rate(events, exposure, usual=usual)
    low, high = sorted((usual, events / exposure))
    assert low - 1e-9 <= found.value <= high + 1e-9
    assert found.low <= found.value + 1e-9
    assert found.value <= found.high + 1e-9


def test_a_figure_of_what_hardly_ever_happens_lies_in_its_interval():
    found = rate(0, 1, usual=1 / 64)
    assert found.low <= found.value <= found.high


def test_many_own_days_outweigh_the_usual():
    assert rate(4000, 1000, usual=1).value == pytest.approx(4, rel=0.01)
    assert mean([20.0] * 2000, usual=10).value == pytest.approx(20, rel=0.01)
    assert share(900, 1000, usual=0.1).value == pytest.approx(0.9, rel=0.01)


def test_without_a_day_the_usual_speaks_with_a_wide_interval():
    found = rate(0, 0, usual=3)
    assert found.value == 3
    assert found.low < 1.5
    assert found.high > 4.5


@given(st.lists(st.floats(1, 60), max_size=30), st.floats(2, 30))
def test_what_is_stored_is_read_back(values, usual):
    found = mean(values, usual=usual)
    assert Estimate.from_json(found.to_json()).value == pytest.approx(found.value, abs=1e-4)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: rate(-1, 1, usual=1),
        lambda: share(3, 2, usual=0.5),
        lambda: mean([], usual=0),
    ],
)
def test_what_cannot_be_counted_is_refused(ask):
    with pytest.raises(ValueError, match=r"negative|share|usually"):
        ask()

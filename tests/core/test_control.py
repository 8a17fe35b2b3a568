"""Control charts: published limits, and how often steady figures are called unusual."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from giliran.core.control import (
    BEYOND_RATE,
    FUNNEL_RATE,
    LEAST_BEFORE,
    RUN_RATE,
    Limits,
    Part,
    Verdict,
    count_limits,
    pooled,
    run_chance,
    run_length,
    share_limits,
    usual_range,
    verdict,
    wider,
)
from giliran.core.student import student

# NIST/SEMATECH e-Handbook of Statistical Methods, sections 6.3.2.2, 6.3.3.1 and 6.3.3.2.
FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
DEFECTS = [16, 14, 28, 16, 12, 20, 10, 12, 10, 17, 19, 17, 14]
DEFECTS += [16, 15, 13, 14, 16, 11, 20, 11, 19, 16, 31, 13]
WAFERS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22]
WAFERS += [8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]


def test_individuals_have_the_published_limits_once_shewharts_factor_is_taken():
    found = usual_range(FLOW)
    shewhart = 3 * 1.8778 / 1.128
    students = shewhart * student(BEYOND_RATE, 0.62 * 9) / 3 * (1 + 1 / 10) ** 0.5
    assert found.centre == pytest.approx(50.81)
    assert found.high - found.centre == pytest.approx(students, rel=1e-3)
    assert found.centre + shewhart == pytest.approx(55.8041, abs=1e-3)


def test_with_a_long_past_the_limits_are_shewharts():
    calm = [30.0, 34.0] * 2000
    found = usual_range(calm)
    assert (found.high - found.centre) / 4 == pytest.approx(2.66, abs=0.01)


def test_the_wafers_that_the_handbook_found_are_the_only_ones_outside():
    share = pooled([Part(yes, 50) for yes in WAFERS])
    limits = share_limits(share, 50)
    assert share == pytest.approx(0.2313, abs=1e-4)
    # Published: 0.0524 and 0.4102. An exact limit is a whole number of chips.
    assert limits.high == pytest.approx(0.4102, abs=0.02)
    assert limits.low == pytest.approx(0.0524, abs=0.03)
    assert [n for n, yes in enumerate(WAFERS, 1) if not limits.hold(yes / 50)] == [15, 23]


def test_the_defects_that_the_handbook_found_are_the_only_ones_outside():
    limits = count_limits(sum(DEFECTS) / len(DEFECTS), 1)
    assert limits.centre == 16
    # Published: 4 and 28; a count has a longer tail above.
    assert (limits.low, limits.high) == (5, 29)
    assert [n for n, defects in enumerate(DEFECTS, 1) if not limits.hold(defects)] == [24]


@pytest.mark.parametrize("share", [0.01, 0.2313, 0.5, 0.97])
@pytest.mark.parametrize("of", [1, 7, 50, 4000])
def test_limits_of_a_share_are_those_of_the_binomial_distribution(share, of):
    found = share_limits(share, of)
    assert round(found.low * of) == stats.binom.ppf(BEYOND_RATE / 2 + 1e-12, of, share)
    assert round(found.high * of) == stats.binom.isf(BEYOND_RATE / 2 + 1e-12, of, share)


@pytest.mark.parametrize("mean", [0.05, 1.0, 16.0, 2500.5])
def test_limits_of_a_count_are_those_of_the_poisson_distribution(mean):
    found = count_limits(mean / 5, 5)
    assert found.low * 5 == pytest.approx(stats.poisson.ppf(BEYOND_RATE / 2 + 1e-12, mean))
    assert found.high * 5 == pytest.approx(stats.poisson.isf(BEYOND_RATE / 2 + 1e-12, mean))


@pytest.mark.parametrize("freedom", [2, 2.5, 4.3, 7, 15.5, 100])
@pytest.mark.parametrize("two_tailed", [0.0027, 0.05, 0.9])
def test_students_quantile_is_that_of_the_tables(freedom, two_tailed):
    assert student(two_tailed, freedom) == pytest.approx(
        stats.t.isf(two_tailed / 2, freedom), rel=2e-3
    )


@pytest.mark.parametrize("before", [LEAST_BEFORE, 12, 26])
def test_steady_waits_are_called_unusual_no_more_often_than_stated(before):
    rows = np.random.default_rng(1).normal(30, 5, (8_000, before + 1)).tolist()
    wrong = sum(not usual_range(row[:-1]).hold(row[-1]) for row in rows)
    # And not never: a chart that is silent for any figure would pass otherwise.
    assert 0.0003 < wrong / len(rows) < BEYOND_RATE + 3 * (BEYOND_RATE / len(rows)) ** 0.5


@pytest.mark.parametrize(("share", "of"), [(0.3, 25), (0.9, 300), (0.02, 40)])
def test_steady_shares_are_called_unusual_no_more_often_than_stated(share, of):
    rows = np.random.default_rng(2).binomial(of, share, (2000, 14)).tolist()
    wrong = 0
    for row in rows:
        centre = pooled([Part(yes, of) for yes in row])
        wrong += not share_limits(centre, of).hold(row[-1] / of)
    assert wrong / len(rows) < BEYOND_RATE + 3 * (BEYOND_RATE / len(rows)) ** 0.5


def test_offices_that_are_alike_leave_the_funnel_no_more_often_than_stated():
    sizes = [12, 30, 55, 80, 140, 220, 400, 900]
    chance, wrong, times = np.random.default_rng(3), 0, 600
    for _ in range(times):
        parts = [Part(int(chance.binomial(of, 0.12)), of) for of in sizes]
        centre = pooled(parts)
        wrong += sum(
            not share_limits(centre, part.of, rate=FUNNEL_RATE).hold(part.yes / part.of)
            for part in parts
        )
    offices = times * len(sizes)
    assert wrong / offices < FUNNEL_RATE + 3 * (FUNNEL_RATE / offices) ** 0.5


def test_a_week_that_moves_everybody_is_no_signal_where_weeks_always_do():
    chance = np.random.default_rng(4)
    wrong = by_chance_alone = 0
    for _ in range(800):
        shares = chance.normal(0.85, 0.05, 20).clip(0, 1)
        parts = [Part(int(chance.binomial(600, share)), 600) for share in shares]
        values = [part.yes / part.of for part in parts]
        narrow = share_limits(pooled(parts), 600)
        by_chance_alone += not narrow.hold(values[-1])
        wrong += not wider(narrow, usual_range(values[:-1])).hold(values[-1])
    assert by_chance_alone / 800 > 0.1
    assert wrong / 800 < 0.01


@pytest.mark.parametrize("figures", [20, 25, 27])
def test_steady_figures_end_a_run_no_more_often_than_stated_whatever_their_shape(figures):
    rows = np.random.default_rng(5).exponential(20, (4000, figures)).tolist()
    everywhere = Limits(0, 0, 1e9)
    wrong = sum(verdict(row[:-1], row[-1], everywhere) != Verdict.USUAL for row in rows)
    assert 0.002 < wrong / len(rows) < RUN_RATE + 3 * (RUN_RATE / len(rows)) ** 0.5


@given(st.integers(1, 4), st.integers(1, 3))
def test_the_chance_of_a_run_is_that_of_all_orders(before, length):
    orders = list(permutations(range(before + length)))
    runs = 0
    for order in orders:
        earlier, last = sorted(order[:before]), order[before:]
        runs += min(last) > earlier[before // 2]
        runs += max(last) < earlier[(before - 1) // 2]
    assert run_chance(before, length) == pytest.approx(runs / len(orders))


def test_a_new_level_is_found_by_its_run_though_each_figure_lies_inside():
    before = [30.0, 34.0, 28.0, 33.0, 31.0, 35.0, 29.0, 32.0] * 2
    length = run_length(27)
    row = [*before, *([30.0] * 27)][: 27 - length] + [35.5] * length
    assert verdict(row[:-1], row[-1], Limits(31, 20, 45)) == Verdict.HIGHER_SINCE
    mirrored = [-value for value in row]
    assert verdict(mirrored[:-1], mirrored[-1], Limits(-31, -45, -20)) == Verdict.LOWER_SINCE


def test_nothing_is_said_after_few_figures():
    assert verdict([30.0] * (LEAST_BEFORE - 1), 300.0, Limits(30, 29, 31)) == Verdict.FEW
    assert verdict([30.0] * LEAST_BEFORE, 300.0, Limits(30, 29, 31)) == Verdict.HIGH
    assert verdict([30.0] * LEAST_BEFORE, 3.0, Limits(30, 29, 31)) == Verdict.LOW


@given(st.floats(0, 1), st.integers(1, 300))
def test_limits_of_a_share_are_shares_around_it_that_people_can_make(share, of):
    found = share_limits(share, of)
    assert 0 <= found.low <= found.high <= 1
    assert found.low - 1 / of <= share <= found.high + 1 / of


@given(st.lists(st.floats(0, 500), min_size=2, max_size=40))
def test_what_never_moves_has_no_room_and_all_else_holds_its_own_mean(values):
    found = usual_range(values)
    assert found.low - 1e-6 <= found.centre <= found.high + 1e-6
    if len(set(values)) == 1:
        assert found.low == found.high == found.centre


def test_wider_limits_hold_what_either_holds():
    assert wider(Limits(5, 3, 6), Limits(4, 2, 5)) == Limits(5, 2, 6)


def test_nonsense_is_refused():
    for refused in (
        lambda: usual_range([3.0]),
        lambda: share_limits(1.2, 5),
        lambda: share_limits(0.5, 0),
        lambda: count_limits(2.0, 0),
        lambda: pooled([Part(0, 0)]),
        lambda: student(0.05, 1),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            refused()


def test_the_chance_of_a_run_after_a_long_past_is_that_of_a_coin():
    assert run_chance(100_001, 8) == pytest.approx(2 / 2**8, rel=0.01)

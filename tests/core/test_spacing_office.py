"""Spacing within a window for several counters, and what re-timing gains; published numbers."""

from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giliran.lab.office import Booked, Counter, Office, Service, estimate, figures, play
from giliran.lab.office.adaptive import adaptive_cost, quantile_cost
from giliran.lab.office.offsets import offsets, waiting_and_idling
from giliran.lab.office.spacing import Phases, best_gaps, cost
from giliran.lab.visits import HOUR
from tests.examples import examples


def best_fixed_cost(people, phases, weight):
    one = cost(best_gaps(people, phases, idling_weight=weight), phases)
    return weight * one.idling + (1 - weight) * one.waiting


@pytest.mark.parametrize(
    ("people", "scv", "weight", "published"),
    [
        (10, 0.2, 0.5, 1.76),
        (20, 0.2, 0.5, 3.74),
        (10, 0.5, 0.2, 2.12),
        (20, 0.5, 0.2, 4.50),
        (10, 0.5, 0.5, 2.77),
        (20, 0.5, 0.5, 5.91),
        (10, 0.5, 0.8, 1.89),
        (20, 0.5, 0.8, 4.08),
        (10, 0.8, 0.5, 3.50),
        (20, 0.8, 0.5, 7.47),
    ],
)
def test_the_published_cost_of_adaptive_schedules_is_met(people, scv, weight, published):
    """Tables xi of the authors' data, github.com/Roshanmahes/Dyn-Sched-Data, two decimals."""
    ours = adaptive_cost(people, Phases.fit(1.0, scv), idling_weight=weight)

    assert ours == pytest.approx(published, abs=0.011)


@pytest.mark.parametrize(("people", "weight", "gain"), [(10, 0.5, 0.18), (20, 0.8, 0.33)])
def test_telling_each_next_one_gains_18_to_33_percent_over_the_best_plan(people, weight, gain):
    """Exponential services, in the settings in which we find both ends of the published range."""
    phases = Phases.fit(1.0, 1.0)
    adaptive = adaptive_cost(people, phases, idling_weight=weight)

    assert 1 - adaptive / best_fixed_cost(people, phases, weight) == pytest.approx(gain, abs=0.005)


@pytest.mark.parametrize("weight", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("scv", [0.2, 0.5, 1.0])
def test_asking_for_the_right_quantile_costs_at_most_five_percent_more_than_the_optimum(
    scv, weight
):
    """The rule of core.promise.coming, which looks at nobody but the next person."""
    phases = Phases.fit(1.0, scv)
    best = adaptive_cost(10, phases, idling_weight=weight)
    ours = quantile_cost(10, phases, idling_weight=weight, come_before=1 - weight)

    assert best - 1e-9 <= ours <= 1.05 * best


@settings(max_examples=examples(8), deadline=None)
@given(
    scv=st.floats(0.05, 1.0),
    mean=st.floats(1, 30),
    weight=st.floats(0.2, 0.8),
    come_before=st.floats(0.2, 0.8),
)
def test_nothing_is_cheaper_than_the_adaptive_optimum(scv, mean, weight, come_before):
    phases = Phases.fit(mean, scv)
    best = adaptive_cost(5, phases, idling_weight=weight)
    fixed = best_fixed_cost(5, phases, weight)
    other = quantile_cost(5, phases, idling_weight=weight, come_before=come_before)

    assert best <= fixed * 1.002
    assert best <= other * 1.002


def test_with_two_people_there_is_nothing_to_adapt():
    phases = Phases.fit(1.0, 1.0)

    assert adaptive_cost(2, phases) == pytest.approx(best_fixed_cost(2, phases, 0.5), rel=1e-3)
    assert adaptive_cost(1, phases) == 0


def test_a_day_of_nobody_is_refused():
    with pytest.raises(ValueError, match="somebody"):
        adaptive_cost(0, Phases.fit(1.0, 1.0))
    with pytest.raises(ValueError, match="all come"):
        adaptive_cost(3, Phases.fit(1.0, 1.0, show_up=0.9))


SERANG = {"window_minutes": 30, "mean_minutes": 12.0, "scv": 0.5, "show_up": 0.92}


def price(plan, idling_weight=0.5, **office):
    """On other people than those for whom the plan was made."""
    waiting, idling = waiting_and_idling(tuple(plan), **office, paths=2000, seed=7)
    return idling_weight * idling + (1 - idling_weight) * waiting


@pytest.mark.parametrize(("places", "show_up"), [(4, 1.0), (4, 0.9), (8, 0.9)])
def test_one_counter_is_spaced_within_two_percent_of_the_exact_optimum(places, show_up):
    """Exact and on any minute against five minutes and played; the difference is the rounding."""
    phases = Phases.fit(12.0, 0.5, show_up=show_up)
    plan = offsets(
        places,
        window_minutes=150,
        counters=1,
        mean_minutes=12.0,
        scv=0.5,
        show_up=show_up,
        windows=1,
    )
    ours = cost(np.maximum(1e-9, np.diff(plan)), phases)

    least = best_fixed_cost(places, phases, 0.5)
    assert least <= 0.5 * (ours.idling + ours.waiting) <= 1.02 * least


@pytest.mark.parametrize(("places", "counters"), [(3, 2), (4, 3)])
def test_no_plan_of_a_small_window_is_better_by_more_than_two_percent(places, counters):
    """All plans on the grid of five minutes are tried, 84 or 210 of them."""
    office = SERANG | {"counters": counters}
    ours = price(offsets(places, **office), **office)

    all_plans = combinations_with_replacement(range(0, 31, 5), places)
    assert ours <= 1.02 * min(price(plan, **office) for plan in all_plans)


@settings(max_examples=examples(7), deadline=None)
@given(
    places=st.integers(1, 6),
    counters=st.integers(1, 4),
    window=st.sampled_from([15, 30, 60]),
    scv=st.sampled_from([0.0, 0.5, 1.2]),
    show_up=st.floats(0.5, 1.0),
)
def test_offsets_lie_in_the_window_in_order_on_five_minutes(places, counters, window, scv, show_up):
    plan = offsets(
        places,
        window_minutes=window,
        counters=counters,
        mean_minutes=12.0,
        scv=scv,
        show_up=show_up,
    )

    assert len(plan) == places
    assert list(plan) == sorted(plan)
    assert all(0 <= minutes <= window and minutes % 5 == 0 for minutes in plan)


def test_an_office_with_as_many_counters_as_places_asks_all_to_come_at_once():
    assert offsets(3, **SERANG, counters=3)[:2] == (0, 0)
    assert offsets(4, **SERANG, counters=2, idling_weight=0.99) <= (0, 0, 5, 10)


def test_spacing_beats_both_coming_at_once_and_equal_distances():
    office = SERANG | {"counters": 3}
    ours = price(offsets(6, **office), **office)

    assert ours < 0.8 * price((0,) * 6, **office)
    assert ours < price((0, 5, 10, 15, 20, 25), **office)


def test_no_shows_are_priced_as_they_are_played():
    """People who stay away bring no work and don't wait."""
    phases = Phases.fit(12.0, 0.5, show_up=0.8)
    exact = cost([10.0, 10.0, 15.0], phases)
    waiting, _ = waiting_and_idling(
        (0, 10, 20, 35),
        window_minutes=60,
        counters=1,
        mean_minutes=12.0,
        scv=0.5,
        show_up=0.8,
        windows=1,
        paths=40_000,
    )

    assert waiting == pytest.approx(exact.waiting, rel=0.02)


def test_the_laboratory_waits_as_long_as_the_plan_says():
    """Three counters, everybody on time: the day played by the laboratory's own engine."""
    plan = (0, 0, 5, 10, 15, 20)
    starts = 9.0 * HOUR
    office = Office(
        services=(Service("jht", 12.0, 0.5),),
        counters=tuple(Counter(((starts, 24.0 * HOUR),)) for _ in range(3)),
        opens_at=starts,
        booked=tuple(Booked(starts + 60 * at, starts + 60 * at + 1800, 1) for at in plan),
        early_minutes=0.0,
        early_spread_minutes=0.0,
    )
    waited = figures(play([office], seed=3, days=50, replications=100))["wait_mean_minutes.all"]
    played = estimate(waited)
    waiting, _ = waiting_and_idling(
        plan,
        window_minutes=30,
        counters=3,
        mean_minutes=12.0,
        scv=0.5,
        windows=1,
        paths=20_000,
    )

    assert waiting / len(plan) == pytest.approx(played.mean, abs=2.1 * played.half + 0.05)


@pytest.mark.parametrize(
    "wrong",
    [{"places": 0}, {"counters": 0}, {"mean_minutes": 0}, {"show_up": 0}, {"idling_weight": 1}],
)
def test_a_window_that_cannot_be_is_refused(wrong):
    given = {"places": 3, "counters": 2, "idling_weight": 0.5} | SERANG | wrong
    with pytest.raises(ValueError, match=r"\."):
        offsets(given.pop("places"), **given)

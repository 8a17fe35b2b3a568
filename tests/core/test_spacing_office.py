"""Spacing within a window for several counters, and what re-timing gains; published numbers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giliran.lab.office.adaptive import adaptive_cost, quantile_cost
from giliran.lab.office.spacing import Phases, best_gaps, cost


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


@settings(max_examples=25, deadline=None)
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

"""Appointments in slots: the published number, what no plan can beat, and the played day."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giliran.lab.office import Booked, Counter, Office, Service, estimate, figures, play
from giliran.lab.office.slots import Lengths, best_slots, slot_cost
from giliran.lab.visits import HOUR
from tests.examples import examples

EACH_TEN_MINUTES = [1, 0] * 24
WEIGHTS = (0.4, 0.2, 0.4)


def test_the_published_number_for_24_people_in_steps_of_five_minutes_is_met():
    """7.472650 is a plan with one person each ten minutes, and not the best plan.

    Four hours, Poisson lengths of nine minutes cut at 0.9999, weights 0.4, 0.2 and 0.4 of waiting,
    idling and tardiness: how the authors' web tool counts.
    """
    cost = slot_cost(EACH_TEN_MINUTES, Lengths.poisson(9.0, cut=1e-4), slot_minutes=5)

    assert cost.weighted(*WEIGHTS) == pytest.approx(7.472650, abs=5e-7)


def test_a_first_pair_and_gaps_later_cost_a_tenth_less_than_equal_spacing():
    lengths = Lengths.poisson(9.0)
    good = [1, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, *[0, 1] * 14, 0, 0, 1, 0, 0]
    equal, better = (
        slot_cost(one, lengths, slot_minutes=5).weighted(*WEIGHTS)
        for one in (EACH_TEN_MINUTES, good)
    )

    assert sum(good) == 24
    assert len(good) == 48
    assert better == pytest.approx(6.758545, abs=5e-7)
    assert better < 0.91 * equal


@settings(max_examples=examples(8), deadline=None)
@given(
    mean=st.floats(2, 15),
    no_show=st.floats(0, 0.5),
    people=st.integers(1, 4),
    weights=st.tuples(*[st.floats(0.05, 1)] * 3),
)
def test_on_a_short_day_the_search_ends_at_the_best_of_all_plans(mean, no_show, people, weights):
    lengths, slots = Lengths.poisson(mean, cut=1e-6).with_no_shows(no_show), 5

    def value(plan):
        return slot_cost(plan, lengths, slot_minutes=5).weighted(*weights)

    # Bars between slots among people: every way to spread them.
    best = min(
        value(np.diff([-1, *bars, people + slots - 1]) - 1)
        for bars in combinations(range(people + slots - 1), slots - 1)
    )
    start = [people, *[0] * (slots - 1)]
    found = value(best_slots(start, lengths, slot_minutes=5, weights=weights))
    assert found == pytest.approx(best, abs=1e-9)


def test_people_who_come_together_wait_for_each_other_and_those_who_stay_away_for_nobody():
    lengths = Lengths.poisson(9.0)

    assert slot_cost([3], lengths, slot_minutes=1).waiting == pytest.approx(9.0)
    assert slot_cost([3], lengths.with_no_shows(1.0), slot_minutes=1).waiting == 0
    alone = slot_cost([1, *[0] * 9], lengths, slot_minutes=10)
    assert alone.idling == pytest.approx(100 - 9)
    assert alone.tardiness == pytest.approx(0, abs=1e-9)


def test_the_played_day_waits_as_long_as_the_exact_cost():
    lengths = Lengths.poisson(9.0)
    plan = [2, 0, 1, 0, 1, 1, 0, 1]
    begins = 9.0 * HOUR
    sample = np.random.default_rng(3).poisson(9.0, 60_000).clip(min=1e-9)
    office = Office(
        services=(Service("jht", 9.0, sample_minutes=tuple(map(float, sample))),),
        counters=(Counter(((begins, 24.0 * HOUR),)),),
        opens_at=begins,
        booked=tuple(
            Booked(begins + 300 * at, begins + 300 * at + 60, here)
            for at, here in enumerate(plan)
            if here
        ),
        early_minutes=0.0,
        early_spread_minutes=0.0,
    )
    played = estimate(
        figures(play([office], seed=5, days=100, replications=100))["wait_mean_minutes.all"]
    )

    exact = slot_cost(plan, lengths, slot_minutes=5).waiting
    assert played.mean == pytest.approx(exact, abs=2.1 * played.half)
    assert played.half < 0.02 * exact


@pytest.mark.parametrize(("plan", "slot_minutes"), [([0, 0], 5), ([2, -1], 5), ([1], 0)])
def test_a_plan_that_cannot_be_is_refused(plan, slot_minutes):
    with pytest.raises(ValueError, match="Somebody comes"):
        slot_cost(plan, Lengths.poisson(9.0), slot_minutes=slot_minutes)


def test_lengths_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="mean above zero"):
        Lengths.poisson(0.0)
    with pytest.raises(ValueError, match="stay away"):
        Lengths.poisson(9.0).with_no_shows(1.1)

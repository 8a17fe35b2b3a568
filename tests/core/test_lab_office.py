"""Offices played over and over: what repeats, what adds up, and what a change changes."""

import math
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giliran.lab.office import (
    CLASSES,
    Booked,
    Counter,
    Fate,
    Office,
    Patience,
    Service,
    difference,
    estimate,
    figures,
    play,
    play_visits,
    serang_office,
    together,
    with_fewer_shows,
    with_more_counters,
    with_prechecked,
)
from giliran.lab.office.figures import student_975
from giliran.lab.serang import serang_day
from giliran.lab.visits import HOUR
from tests.examples import examples

NINE_TO_FIVE = ((9.0 * HOUR, 12.0 * HOUR), (13.0 * HOUR, 17.0 * HOUR))


def an_office(**given):
    """Two services, one counter for each and one for both; eight people an hour all day."""
    everywhere = {
        "services": (Service("jht", 10), Service("jkm", 20, scv=1.0)),
        "counters": (
            Counter(NINE_TO_FIVE, frozenset({"jht"})),
            Counter(NINE_TO_FIVE, frozenset({"jkm"})),
            Counter(NINE_TO_FIVE, leave=0.2),
        ),
        "opens_at": 9.0 * HOUR,
        "closes_at": 17.0 * HOUR,
        "walk_ins": {
            (False, "jht"): (8.0,) * 48,
            (True, "jkm"): (1.0,) * 48,
        },
        "booked": (Booked(10.0 * HOUR, 10.5 * HOUR, 4), Booked(14.0 * HOUR, 14.5 * HOUR, 4)),
        "show_up": 0.8,
        "patience": Patience("lognormal", 120.0, 0.5),
    }
    return Office(**{**everywhere, **given})


def same(one, two):
    return np.array_equal(one.totals, two.totals) and np.array_equal(one.waits, two.waits)


def test_a_seed_repeats_every_figure_bit_for_bit_on_any_number_of_cores():
    offices = [an_office(), serang_office(), an_office(show_up=0.5)]
    once = play(offices, seed=7, days=5, replications=4)

    assert same(once, play(offices, seed=7, days=5, replications=4, cores=3))
    assert not same(once, play(offices, seed=8, days=5, replications=4))


def test_an_office_has_the_same_days_whoever_else_is_in_the_network():
    alone = play([an_office()], seed=7, days=5)
    among = play([an_office(), serang_office()], seed=7, days=5)

    assert np.array_equal(alone.totals[0], among.totals[0])


@settings(max_examples=examples(13), deadline=None)
@given(
    seed=st.integers(0, 2**64),
    places=st.none() | st.integers(0, 60),
    patience=st.sampled_from([Patience(), Patience("exponential", 30.0)]),
    leave=st.sampled_from([0.0, 0.5, 1.0]),
    shape=st.sampled_from(["gamma", "lognormal"]),
    scv=st.sampled_from([0.0, 0.3, 1.0, 3.0]),
)
def test_everybody_is_served_or_told_why_not_and_time_is_not_lost(
    seed, places, patience, leave, shape, scv
):
    office = an_office(
        services=(Service("jht", 10, scv, shape), Service("jkm", 5, sample_minutes=(3.0, 9.0))),
        counters=(Counter(NINE_TO_FIVE), Counter(NINE_TO_FIVE, leave=leave)),
        walk_in_places=places,
        patience=patience,
    )
    run = play([office], seed=seed, days=2)
    found = {name: float(values[0]) for name, values in figures(run).items()}

    for name in (*CLASSES, "all"):
        fates = ("served", "left", "unserved", "turned_away")
        assert found[f"came_a_day.{name}"] == pytest.approx(
            sum(found[f"{fate}_a_day.{name}"] for fate in fates)
        )
    assert found["came_a_day.all"] * run.days == run.people
    assert run.waits.sum() == round(found["served_a_day.all"] * run.days)
    assert -1e-9 <= found["idle_share"] <= 1
    if places is not None:
        walk_ins = found["came_a_day.standard_walk_in"] + found["came_a_day.priority_walk_in"]
        turned_away = found["turned_away_a_day.all"]
        assert walk_ins - turned_away <= places
    if patience.kind == "endless":
        assert found["left_a_day.all"] == 0


def test_what_one_change_changes_is_known_better_with_the_same_people():
    base, other = serang_office(), with_prechecked(serang_office(), 0.5)
    name = "wait_p50_minutes.all"
    before = figures(play([base], seed=1, days=5, replications=20))[name]
    after = figures(play([other], seed=1, days=5, replications=20))[name]
    strangers = figures(play([other], seed=2, days=5, replications=20))[name]

    paired, unpaired = difference(before, after), difference(before, strangers)
    assert paired.mean + paired.half < 0
    assert paired.half < 0.7 * unpaired.half


def test_a_counter_more_and_a_checked_file_shorten_waits_and_an_absence_fills_none():
    base = an_office()

    def found(office):
        return figures(play([office], seed=3, days=40))

    waited = found(base)["wait_mean_minutes.all"]
    assert found(with_more_counters(base, 1))["wait_mean_minutes.all"] < waited
    assert found(with_prechecked(base, 1.0, factor=0.5))["wait_mean_minutes.all"] < waited
    assert found(with_fewer_shows(base, 0.8))["no_shows_a_day"] == 8
    with pytest.raises(ValueError, match="0 counters"):
        with_more_counters(base, -3)


def test_a_service_for_which_no_counter_is_open_is_given_to_nobody():
    counters = (Counter(NINE_TO_FIVE, frozenset({"jht"})),)
    run = play([an_office(counters=counters, patience=Patience())], seed=1, days=3)
    found = figures(run)

    assert found["came_a_day.priority_walk_in"][0] > 0
    assert found["served_a_day.priority_walk_in"][0] == 0


def test_half_hours_have_the_people_that_their_rates_say():
    """Ten an hour between 09.00 and 09.30 and none else: five a day, as Poisson has it."""
    rates = tuple(10.0 if half_hour == 18 else 0.0 for half_hour in range(48))
    office = an_office(walk_ins={(False, "jht"): rates}, booked=())
    came = figures(play([office], seed=1, replications=4000))["came_a_day.all"]

    assert came.mean() == pytest.approx(5, abs=4 * math.sqrt(5 / 4000))
    assert came.var() == pytest.approx(5, rel=0.1)


@pytest.mark.parametrize(
    "service",
    [
        Service("s", 2.0, 0.25),
        Service("s", 2.0, 1.0),
        Service("s", 2.0, 4.0),
        Service("s", 2.0, 0.7, "lognormal"),
        Service("s", 9.0, sample_minutes=(1.0, 3.0)),
        Service("s", 4.0, 0.0, prechecked=1.0, prechecked_factor=0.5),
    ],
)
def test_services_last_as_long_as_they_are_said_to(service):
    office = an_office(
        services=(service,),
        counters=(Counter(NINE_TO_FIVE),) * 12,
        walk_ins={(False, "s"): (30.0,) * 48},
        booked=(),
    )
    run = play([office], seed=4, days=400)
    found = figures(run)
    staffed = 12 * 7 * 60 * 400
    worked = (1 - found["idle_share"][0]) * staffed + found["overtime_minutes_a_day"][0] * 400
    served = found["served_a_day.all"][0] * 400

    assert worked / served == pytest.approx(2.0, rel=5 * 2 / math.sqrt(served))


def test_serang_is_played_alike_from_its_rates_and_from_its_people():
    """The office of rates has as many people, at the same times, as the days made of people."""
    office = serang_office()
    days = [serang_day(seed) for seed in range(60)]
    found = figures(play([office], seed=1, days=200))
    served = [sum(one.fate is Fate.SERVED for one in play_visits(office, day)) for day in days]

    assert [one.people for one in office.booked] == [3] * 12
    assert office.walk_in_places == 24
    assert found["came_a_day.all"][0] == pytest.approx(140, abs=2)
    assert sum(len(day) for day in days) / len(days) == pytest.approx(140, abs=2)
    assert found["served_a_day.all"][0] == pytest.approx(sum(served) / len(served), rel=0.06)


def test_a_network_adds_up():
    run = play([an_office(), serang_office()], seed=1, days=3, replications=2)
    whole = figures(together(run))["came_a_day.all"]

    assert whole == pytest.approx(
        figures(run, 0)["came_a_day.all"] + figures(run, 1)["came_a_day.all"]
    )


def test_an_interval_is_students():
    """Printed tables: 2.201 at 11 degrees, 2.093 at 19, 1.984 at 99."""
    assert [round(student_975(n), 3) for n in (1, 11, 19, 99)] == [12.706, 2.201, 2.093, 1.984]
    assert estimate([1.0, 3.0]).half == pytest.approx(12.706, abs=1e-3)
    assert math.isnan(estimate([2.0]).half)
    assert estimate([2.0, math.nan]).mean == 2.0


@pytest.mark.parametrize(
    ("what", "given"),
    [
        ("name", {"services": (Service("a"), Service("a"))}),
        ("at least one", {"services": ()}),
        ("nope", {"walk_ins": {(False, "nope"): (1.0,) * 48}}),
        ("48", {"walk_ins": {(False, "jht"): (1.0,)}}),
        ("above", {"walk_ins": {(False, "jht"): (-1.0,) * 48}}),
        ("counter", {"counters": (Counter(NINE_TO_FIVE, frozenset({"nope"})),)}),
        ("closes", {"opens_at": 18.0 * HOUR}),
        ("come", {"show_up": 1.1}),
        ("fewer", {"walk_in_places": -1}),
    ],
)
def test_an_impossible_office_is_refused_with_its_reason(what, given):
    with pytest.raises(ValueError, match=what):
        an_office(**given)


def test_impossible_numbers_are_refused():
    with pytest.raises(ValueError, match="At least one"):
        play([an_office()], seed=1, days=0)
    with pytest.raises(ValueError, match="no office"):
        play([], seed=1)
    with pytest.raises(ValueError, match="order"):
        Counter(((5.0, 9.0), (7.0, 12.0)))
    with pytest.raises(ValueError, match="no time"):
        Service("s", 0.0)


def test_the_pages_never_pay_for_the_compiler():
    code = "import sys, giliran.lab.office, giliran.cli.simulate; print('numba' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "False"


def test_a_later_half_day_is_counted_alone():
    office = replace(an_office(), booked=())
    whole = play([office], seed=1, days=3)
    later = play([office], seed=1, days=3, counted_from=12.0 * HOUR)

    assert figures(later)["came_a_day.all"][0] < figures(whole)["came_a_day.all"][0]

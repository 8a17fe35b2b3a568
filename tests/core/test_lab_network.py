"""A network over some weeks: nobody is lost or served twice, and the draw keeps its rules."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giliran.lab.network import (
    GAVE_UP,
    SERVED,
    WAITING,
    Branch,
    Network,
    figures_of,
    five_branches,
    play_network,
    together,
)
from giliran.lab.office import difference
from tests.examples import examples

SHARES = st.floats(0, 1)


@st.composite
def networks(draw, **fixed):
    count = draw(st.integers(1, 3))
    branches = tuple(
        Branch(
            name=f"kantor {place}",
            counters=draw(st.integers(1, 3)),
            people=draw(st.floats(0, 40)),
            near=tuple(draw(st.permutations([one for one in range(count) if one != place]))),
        )
        for place in range(count)
    )
    chosen = {
        "way": draw(st.sampled_from(["first_come", "draw"])),
        "days": draw(st.integers(1, 6)),
        "backlog_days": draw(st.floats(0, 3)),
        "leave": draw(SHARES),
        "walk_in_share": draw(SHARES),
        "at_the_door": draw(SHARES),
        "lead_days": draw(st.integers(1, 3)),
        "narrow": draw(SHARES),
        "narrow_credit": draw(st.sampled_from([0.0, 0.5, 1.0])),
        "comes_again": draw(SHARES),
        "show_up": draw(SHARES),
        "gives_up_days": draw(st.floats(0.5, 40)),
        "patience_minutes": draw(st.sampled_from([30.0, 240.0, float("inf")])),
    }
    return Network(branches, **{**chosen, **fixed})


@settings(max_examples=examples(20), deadline=None)
@given(network=networks(), seed=st.integers(0, 99))
def test_everybody_who_asked_is_served_once_waits_or_gave_up(network, seed):
    story = play_network(network, seed=seed)
    served = story.status == SERVED

    assert np.isin(story.status, (WAITING, SERVED, GAVE_UP)).all()
    assert story.counts["served"].sum() == served.sum()
    assert (story.served_on[served] >= story.people.asked[served]).all()
    assert (story.served_on[~served] == -1).all()
    assert (story.visits[served] >= 1).all()
    assert story.counts["came"].sum() == story.visits.sum()
    away = ("served", "left", "unserved", "turned_away")
    assert (sum(story.counts[one] for one in away) == story.counts["came"]).all()
    assert (story.counts["booked"] == story.counts["booked_came"] + story.counts["no_shows"]).all()


@settings(max_examples=examples(20), deadline=None)
@given(network=networks(way="draw"), seed=st.integers(0, 99))
def test_the_draw_keeps_its_guarantees_and_no_more_are_booked_than_there_are_places(network, seed):
    story = play_network(network, seed=seed)

    assert story.violations == 0
    assert (story.counts["booked"] <= story.counts["places"]).all()
    narrow = story.people.is_narrow | story.people.at_the_door
    assert network.narrow_credit > 0 or (story.credit[narrow] == 0).all()
    at_home = story.served_at == story.people.home
    assert at_home[(story.status == SERVED) & narrow].all()


@settings(max_examples=examples(10), deadline=None)
@given(network=networks(days=1, leave=0.0, way="first_come"), seed=st.integers(0, 99))
def test_on_one_day_more_counters_never_turn_more_people_away(network, seed):
    more = replace(
        network,
        branches=tuple(replace(one, counters=one.counters + 1) for one in network.branches),
    )
    turned_away, fewer = (
        play_network(one, seed=seed).counts["turned_away"] for one in (network, more)
    )

    assert (fewer <= turned_away).all()


@pytest.mark.parametrize("way", ["first_come", "draw"])
def test_a_seed_repeats_a_story_bit_for_bit_and_another_tells_another(way):
    network = Network(five_branches(), way=way, days=8, leave=0.1)
    once, again = (figures_of(play_network(network, seed=4, replication=2)) for _ in range(2))

    assert {k: repr(v) for k, v in once.items()} == {k: repr(v) for k, v in again.items()}
    assert once != figures_of(play_network(network, seed=4, replication=3))
    assert once != figures_of(play_network(network, seed=5, replication=2))


def test_ways_and_leave_meet_the_same_people():
    network = Network(five_branches(), way="first_come", days=5)
    one = play_network(network, seed=1).people
    two = play_network(replace(network, way="draw", leave=0.3), seed=1).people

    for name in ("asked", "home", "lasts", "is_priority", "gives_up", "at_the_door"):
        assert np.array_equal(getattr(one, name), getattr(two, name))


def test_asking_from_home_spares_the_door_and_brings_people_where_places_are():
    """The reason for the whole draw; the size of it rests on assumptions, the signs do not."""
    network = Network(five_branches(), days=12)
    drawn, dawn = (
        together([figures_of(play_network(one, seed=7, replication=r)) for r in range(4)])
        for one in (network, replace(network, way="first_come"))
    )

    for figure in ("turned_away_a_day.all", "before_opening_a_day.all", "visits_mean.all"):
        fewer = difference(dawn[figure], drawn[figure])
        assert fewer.mean + fewer.half < 0
    assert (drawn["away_from_home_share.all"] > 0).all()
    assert (dawn["away_from_home_share.all"] == 0).all()


def test_who_accepts_only_one_office_waits_longer_and_credit_would_help():
    """Found by playing: with no credit a short list loses to newcomers for weeks."""
    network = Network(five_branches(), days=14)
    found = {
        credit: together(
            [
                figures_of(
                    play_network(replace(network, narrow_credit=credit), seed=3, replication=r)
                )
                for r in range(2)
            ]
        )
        for credit in (0.0, 1.0)
    }

    assert (found[0.0]["narrow_days_mean.all"] > 2 * found[0.0]["days_mean.all"]).all()
    assert (found[1.0]["narrow_days_mean.all"] < 0.7 * found[0.0]["narrow_days_mean.all"]).all()


def test_officers_on_leave_whom_nobody_replaces_cost_places_and_days():
    network = Network(five_branches(), days=12)
    full, on_leave = (
        together([figures_of(play_network(one, seed=7, replication=r)) for r in range(2)])
        for one in (network, replace(network, leave=0.3))
    )

    assert (on_leave["places_a_day.all"] < full["places_a_day.all"]).all()
    assert difference(full["days_mean.all"], on_leave["days_mean.all"]).mean > 0


def test_where_nobody_lives_and_nobody_comes_nothing_is_counted():
    found = figures_of(play_network(Network((Branch("sepi", 1, 0.0),), days=2), seed=0))

    assert found["asked_a_day.sepi"] == found["served_a_day.sepi"] == 0
    assert np.isnan(found["days_mean.sepi"])
    assert np.isnan(found["in_window_share.sepi"])


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"branches": ()}, "at least one office"),
        ({"way": "auction"}, "first_come, draw"),
        ({"days": 0}, "At least one day"),
        ({"lead_days": 101}, "a hundred days"),
        ({"leave": 1.5}, "from 0 to 1"),
        ({"gives_up_days": 0.0}, "below zero"),
        ({"branches": (Branch("a", 1, 1.0, near=(0,)),)}, "other offices"),
    ],
)
def test_a_network_that_cannot_be_is_refused(wrong, reason):
    with pytest.raises(ValueError, match=reason):
        Network(**{"branches": five_branches(), **wrong})


def test_a_branch_without_counters_is_refused():
    with pytest.raises(ValueError, match="at least one counter"):
        Branch("tutup", 0, 1.0)

"""Scalpers against first come and against the draw, in small towns."""

import json
import math
from dataclasses import replace

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from giliran.cli.simulate import simulate
from giliran.lab.market import MECHANISMS, Figures, Setting, interval, play
from tests.examples import examples

DRAWS = ("plain_lottery", "credit_first")
shares = st.floats(0, 1)


def a_town(**given) -> Setting:
    """A small town; as many people as places, unless said otherwise."""
    return Setting(**{"days": 40, "places": 12, "arrivals": 12.0, "backlog_days": 5.0, **given})


def without_scalpers(**given) -> Setting:
    """The setting of the issue in small: equal capacity, everybody broad and reliable."""
    return a_town(
        **{"scalpers": 0, "bots": 0, "narrow": 0.0, "no_show": 0.0, "declines": 0.0, **given}
    )


def adds_up(one: Figures) -> bool:
    return (
        one.served + one.waiting + one.left == one.arrived
        and one.used + one.wasted + one.idle == one.seats
        and one.used == one.served
        and min(one.used, one.wasted, one.idle) >= 0
    )


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_seed_repeats_every_figure_bit_for_bit(mechanism):
    setting = a_town(days=15)
    # repr, because nan differs from itself.
    assert repr(play(setting, mechanism, seed=7)) == repr(play(setting, mechanism, seed=7))
    assert repr(play(setting, mechanism, seed=7)) != repr(play(setting, mechanism, seed=8))


@settings(max_examples=examples(7), deadline=None)
@given(
    false=shares,
    scalpers=st.integers(0, 4),
    bots=st.integers(0, 8),
    returned=shares,
    at_the_door=shares,
    per_phone=st.integers(0, 3),
    places=st.integers(6, 15),
    narrow=shares,
    seed=st.integers(0, 2**32),
    mechanism=st.sampled_from(DRAWS),
)
def test_scalpers_earn_nothing_once_the_door_checks(
    false, scalpers, bots, returned, at_the_door, per_phone, places, narrow, seed, mechanism
):
    setting = a_town(
        days=6,
        made_up=40,
        false_identities=false,
        scalpers=scalpers,
        bots=bots,
        returned=returned,
        at_the_door=at_the_door,
        names_per_phone=per_phone,
        places=places,
        narrow=narrow,
        door_check=1.0,
    )
    one = play(setting, mechanism, seed=seed)
    assert one.income == 0
    assert one.sold == 0
    assert one.violations == 0
    assert adds_up(one)


@settings(max_examples=examples(7), deadline=None)
@given(
    door_check=shares,
    false=shares,
    no_show=shares,
    declines=shares,
    refill=shares,
    returned=shares,
    order_known=st.booleans(),
    seed=st.integers(0, 2**32),
    mechanism=st.sampled_from(MECHANISMS),
)
def test_everybody_and_every_place_is_accounted_for(
    door_check, false, no_show, declines, refill, returned, order_known, seed, mechanism
):
    setting = a_town(
        days=6,
        made_up=30,
        door_check=door_check,
        false_identities=false,
        no_show=no_show,
        declines=declines,
        refill=refill,
        returned=returned,
        order_known=order_known,
    )
    assert adds_up(play(setting, mechanism, seed=seed))


def test_under_first_come_more_bots_earn_more():
    earned = [
        sum(play(a_town(bots=bots), "first_come", seed=seed).income for seed in range(3))
        for bots in (0, 3, 12)
    ]
    assert earned[0] < earned[1] < earned[2]


def test_bots_change_nothing_in_a_draw():
    assert play(a_town(bots=0), "credit_first", seed=1) == play(
        a_town(bots=50), "credit_first", seed=1
    )


def test_a_door_that_looks_away_feeds_scalpers_in_a_draw_too():
    earned = [
        play(a_town(door_check=check), "credit_first", seed=1).income for check in (1.0, 0.5, 0.0)
    ]
    assert earned[0] == 0 < earned[1] < earned[2]


def test_credit_shortens_the_longest_waits_and_a_lottery_those_of_first_come():
    setting = without_scalpers(days=90)
    first_come, lottery, credit = (play(setting, name, seed=2) for name in MECHANISMS)
    assert first_come.used == lottery.used == credit.used == first_come.seats
    assert credit.p99_days < lottery.p99_days < first_come.p99_days
    assert credit.longest_days < lottery.longest_days < first_come.longest_days
    assert (
        credit.slowest_decile_mean_days
        < lottery.slowest_decile_mean_days
        < first_come.slowest_decile_mean_days
    )


def test_first_come_leaves_the_offline_behind_and_the_draw_does_not():
    setting = without_scalpers(days=90)
    rushed = play(setting, "first_come", seed=3).mean_days_by_channel
    drawn = play(setting, "credit_first", seed=3).mean_days_by_channel
    assert rushed[2] > 5 * rushed[0]
    assert drawn[2] < 1.2 * drawn[0]


def test_a_limit_of_names_for_a_phone_bounds_what_a_flood_wastes():
    flood = {"made_up": 300, "false_identities": 1.0, "phones": 5}
    open_door = play(a_town(**flood, names_per_phone=0), "credit_first", seed=4)
    limited = play(a_town(**flood, names_per_phone=1), "credit_first", seed=4)
    assert limited.wasted < open_door.wasted / 2


def test_a_made_up_name_that_must_show_itself_wastes_one_place_at_most():
    setting = a_town(no_show=0.0, declines=0.0, accomplices=0, scalpers=1, seen_first=True)
    one = play(setting, "credit_first", seed=4)
    assert 0 < one.wasted <= setting.names_of_a_scalper(limited=True)
    assert one.wasted < play(replace(setting, seen_first=False), "credit_first", seed=4).wasted


def test_people_with_one_wish_starve_without_credit_and_not_with_half_of_it():
    setting = without_scalpers(days=80, narrow=0.1, arrivals=13.0)
    starved = play(setting, "credit_first", seed=6)
    helped = play(replace(setting, narrow_credit=0.5), "credit_first", seed=6)
    assert starved.served_share_narrow < 0.5
    assert helped.served_share_narrow > 0.9


def test_whoever_knows_that_he_is_next_can_be_held_to_ransom():
    setting = {"backlog_days": 0.5, "arrivals": 12.0, "false_identities": 1.0}
    assert play(a_town(**setting, order_known=True), "credit_first", seed=5).ransom > 0
    assert play(a_town(**setting, order_known=False), "credit_first", seed=5).ransom == 0


@pytest.mark.parametrize(
    "wrong", [{"door_check": 1.1}, {"days": 0}, {"places": 5}, {"arrivals": math.inf}, {"bots": -1}]
)
def test_a_setting_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match=r"share|at least|finite"):
        Setting(**wrong)


def test_an_interval_is_students():
    mean, half = interval([1.0, 2.0, 3.0])
    assert mean == 2
    assert half == pytest.approx(4.30 / math.sqrt(3))


def test_the_command_says_who_got_places_and_what_scalpers_earned():
    asked = ["market", "--days", "6", "--places", "12", "--arrivals", "12", "--replications", "2"]
    told = CliRunner().invoke(simulate, asked)
    assert told.exit_code == 0
    for words in ("first come", "plain lottery", "credit first", "scalpers' income", "wasted"):
        assert words in told.output
    found = json.loads(CliRunner().invoke(simulate, [*asked, "--json"]).output)
    assert found["replications"] == 2
    assert found["mechanisms"]["first_come"]["income"]["mean"] > 0
    assert found["mechanisms"]["credit_first"]["income"]["mean"] == 0
    assert len(found["mechanisms"]["credit_first"]["mean_days_by_channel"]) == 3


def test_the_command_refuses_a_share_above_one():
    told = CliRunner().invoke(simulate, ["market", "--door-check", "2"])
    assert told.exit_code == 2
    assert "0<=x<=1" in told.output

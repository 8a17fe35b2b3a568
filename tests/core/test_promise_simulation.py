"""The forecast's line moves as the counters' line does."""

import heapq
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giliran.core.calling import POLICIES, Waiting, next_turn
from giliran.core.promise import (
    Counter,
    Expected,
    Factor,
    Line,
    Newcomer,
    Running,
    ServiceTimes,
    Stream,
    windows,
)
from giliran.core.promise.simulation import call_times
from tests.examples import examples

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ALL_DAY = ((NOW - timedelta(hours=1), NOW + timedelta(hours=20)),)
JHT, JKM, JP = 1, 2, 3


def minutes(number):
    return timedelta(minutes=number)


def a_person(turn_id, *, came=-10, is_priority=False, window=None, service=JHT, **more):
    window_from = None if window is None else NOW + minutes(window)
    return Waiting(
        turn_id,
        is_priority,
        window_from,
        None if window is None else window_from + minutes(30),
        NOW + minutes(came),
        more.get("place_since"),
        service,
        more.get("counter_id"),
    )


def a_counter(counter_id, *, services=(JHT, JKM, JP), on_duty=ALL_DAY, running=None):
    return Counter(counter_id, frozenset(services), on_duty, running)


def a_line(waiting=(), counters=1, *, policy="first_come", length=10, **more):
    return Line(
        waiting,
        [a_counter(one) for one in range(counters)] if isinstance(counters, int) else counters,
        POLICIES[policy],
        more.pop("times", {one: ServiceTimes.fixed(length) for one in (JHT, JKM, JP)}),
        **more,
    )


people = st.lists(
    st.builds(
        a_person,
        st.just(0),
        came=st.integers(-90, 0),
        is_priority=st.booleans(),
        window=st.none() | st.integers(-8, 6).map(lambda n: 15 * n),
        service=st.sampled_from([JHT, JKM, JP]),
        counter_id=st.none() | st.none() | st.none() | st.integers(0, 3),
        place_since=st.none() | st.none() | st.integers(-90, 0).map(lambda n: NOW + minutes(n)),
    ),
    max_size=12,
).map(lambda line: [one._replace(turn_id=n) for n, one in enumerate(line)])
services = st.frozensets(st.sampled_from([JHT, JKM, JP]), min_size=1)
counters = st.lists(
    st.tuples(services, st.none() | st.integers(0, 9), st.booleans()), min_size=1, max_size=4
)


def called_by_the_rule(line, lengths):
    """Play the day with next_turn alone: a counter that is free calls, or waits for who comes."""
    here = list(line.waiting)
    coming = sorted(
        (
            Waiting(one.turn_id, one.is_priority, one.window_from, one.window_till,
                    one.window_from + minutes(one.lateness[0]), None, one.service_id, None)
            for one in line.to_come
        ),
        key=lambda one: (one.arrived_at, one.turn_id),
    )  # fmt: skip
    calls = {}
    free = []
    for index, counter in enumerate(line.counters):
        at = NOW
        if counter.running is not None:
            at = max(NOW, counter.running.since + lengths[counter.running.service_id])
        heapq.heappush(free, (at, index))
    while free:
        at, index = heapq.heappop(free)
        counter = line.counters[index]
        duty = [max(at, begins) for begins, ends in counter.on_duty if at < ends]
        if not duty:
            continue
        if duty[0] > at:
            heapq.heappush(free, (duty[0], index))
            continue
        while coming and coming[0].arrived_at <= at:
            here.append(coming.pop(0))
        turn_id = next_turn(
            here,
            now=at,
            policy=line.policy,
            counter_id=counter.counter_id,
            service_ids=counter.service_ids,
        )
        if turn_id is None:
            later = [one.arrived_at for one in coming if one.service_id in counter.service_ids]
            if later:
                heapq.heappush(free, (later[0], index))
            continue
        person = next(one for one in here if one.turn_id == turn_id)
        here.remove(person)
        calls[turn_id] = (at - NOW).total_seconds() / 60
        heapq.heappush(free, (at + lengths[person.service_id], index))
    return calls


@settings(max_examples=examples(33), deadline=None)
@given(
    people,
    counters,
    st.sampled_from(sorted(POLICIES)),
    st.lists(
        st.tuples(
            st.integers(0, 6), st.integers(-20, 60), st.booleans(), st.sampled_from([JHT, JKM])
        ),
        max_size=5,
    ),
)
def test_everybody_is_called_when_the_rule_calls_them(here, desks, policy, to_come):
    lengths = {JHT: minutes(10), JKM: minutes(7), JP: minutes(15)}
    with_break = (
        (NOW - minutes(60), NOW + minutes(25)),
        (NOW + minutes(40), NOW + timedelta(hours=12)),
    )
    line = a_line(
        here,
        [
            a_counter(
                n,
                services=can,
                on_duty=with_break if breaks else ALL_DAY,
                running=None if since is None else Running(JKM, NOW - minutes(since)),
            )
            for n, (can, since, breaks) in enumerate(desks)
        ],
        policy=policy,
        times={one: ServiceTimes.fixed(length / minutes(1)) for one, length in lengths.items()},
        to_come=[
            Expected(
                100 + n,
                is_priority,
                NOW + minutes(15 * window),
                NOW + minutes(15 * window + 30),
                service,
                1.0,
                (float(max(late, -15 * window)),),
            )
            for n, (window, late, is_priority, service) in enumerate(to_come)
        ],
    )
    calls = call_times(line, now=NOW, paths=1, seed=0)
    ids = [one.turn_id for one in line.waiting] + [one.turn_id for one in line.to_come]
    simulated = dict(zip(ids, [*calls.waiting[:, 0], *calls.to_come[:, 0]], strict=True))
    by_rule = called_by_the_rule(line, lengths)
    assert {one: at for one, at in simulated.items() if np.isfinite(at)} == pytest.approx(by_rule)


@settings(max_examples=examples(20), deadline=None)
@given(people, st.integers(1, 4), st.sampled_from(sorted(POLICIES)), st.booleans())
def test_a_newcomer_is_told_what_would_happen_if_they_joined(here, desks, policy, is_priority):
    line = a_line(here, desks, policy=policy)
    told = windows(
        line, now=NOW, paths=1, seed=0, newcomers=[Newcomer(is_priority, JKM)], only=()
    ).newcomers[0]
    joined = a_person(99, came=0, is_priority=is_priority, service=JKM)
    really = windows(a_line([*here, joined], desks, policy=policy), now=NOW, paths=1, seed=0)
    assert told.middle == pytest.approx(really.people[99].middle)


@settings(max_examples=examples(13), deadline=None)
@given(st.lists(st.integers(-90, 0), min_size=1, max_size=12), st.integers(1, 3), st.integers())
def test_one_more_person_ahead_makes_nobody_earlier(came, desks, seed):
    here = [a_person(n, came=at) for n, at in enumerate(came)]
    ahead = a_person(500, came=-95)
    times = {JHT: ServiceTimes.gamma(12, 0.7)}
    fewer, more = (
        call_times(
            a_line(line, desks, times=times, pace=Factor(1, 0.2)),
            now=NOW,
            paths=25,
            seed=abs(seed),
        ).waiting
        for line in (here, [*here, ahead])
    )
    assert (more[:-1] >= fewer - 1e-9).all()


@settings(max_examples=examples(13), deadline=None)
@given(people, counters, st.sampled_from(sorted(POLICIES)))
def test_no_forecast_ends_before_it_begins(here, desks, policy):
    line = a_line(
        here,
        [a_counter(n, services=can) for n, (can, *_) in enumerate(desks)],
        policy=policy,
        times={one: ServiceTimes.gamma(9, 0.5) for one in (JHT, JKM, JP)},
        streams=[Stream(True, JHT, 0.1, NOW, NOW + timedelta(hours=2))],
    )
    for one in windows(line, now=NOW, paths=20, seed=3).people.values():
        assert 0 <= one.low <= one.middle <= one.high
        assert 0 <= one.served_odds <= 1


def test_a_fixed_line_is_forecast_to_the_minute():
    line = a_line([a_person(n, came=-60 + n) for n in range(4)], counters=2, length=15)
    forecasts = windows(line, now=NOW, paths=10, seed=1).people
    assert [forecasts[n].low for n in range(4)] == [0, 0, 15, 15]
    assert [forecasts[n].high for n in range(4)] == [0, 0, 15, 15]


def test_walk_ins_still_to_come_delay_those_whom_they_may_pass():
    waiting = [a_person(n) for n in range(6)]
    stream = [Stream(True, JHT, 0.1, NOW, NOW + timedelta(hours=5))]
    last = {}
    for policy in ("first_come", "accumulating"):
        for streams in ([], stream):
            line = a_line(waiting, policy=policy, streams=streams)
            last[policy, bool(streams)] = windows(line, now=NOW, paths=200, seed=5).people[5].middle
    assert last["first_come", True] == last["first_come", False] == 50
    assert last["accumulating", False] == 50
    assert last["accumulating", True] >= 70


def test_walk_ins_who_hardly_ever_come_change_nothing():
    rare = [Stream(True, JHT, 1e-9, NOW, NOW + timedelta(hours=5))]
    line = a_line([a_person(0), a_person(1)], policy="accumulating", streams=rare)
    assert windows(line, now=NOW, paths=20, seed=5).people[1].high == 10


def test_who_probably_does_not_come_holds_nobody_up():
    booked = Expected(9, True, NOW, NOW + minutes(30), JHT, 0.5, (5.0,))
    line = a_line([a_person(0, came=-1), a_person(1, came=0)], policy="accumulating")
    calls = call_times(
        Line(line.waiting, line.counters, line.policy, line.times, to_come=[booked]),
        now=NOW, paths=1000, seed=1,
    )  # fmt: skip
    assert 0.45 < np.isfinite(calls.to_come).mean() < 0.55
    assert 0.45 < (calls.waiting[1] == 20).mean() < 0.55
    assert set(np.unique(calls.waiting[1])) == {10.0, 20.0}


def test_who_will_come_too_late_will_wait_like_a_walk_in():
    here = [a_person(n, came=-9 + n) for n in range(8)]
    called = []
    for lateness in (40.0, 50.0):
        booked = Expected(9, True, NOW, NOW + minutes(30), JHT, 1.0, (lateness,))
        line = a_line(here, policy="accumulating", to_come=[booked])
        called.append(call_times(line, now=NOW, paths=1, seed=1).to_come[0, 0])
    # In time they are next; late they pass the last walk-in, who has waited long, only at 70.
    assert called == [40, 70]


def test_the_later_it_is_the_less_probably_somebody_still_comes():
    booked = Expected(9, False, NOW - minutes(20), NOW + minutes(10), JHT, 0.5, (0, 10, 20, 30))
    calls = call_times(a_line([], to_come=[booked]), now=NOW, paths=4000, seed=1)
    # Of eight, four stay away and two would have been there already.
    assert abs(np.isfinite(calls.to_come).mean() - 2 / 6) < 0.03


def test_who_cannot_be_called_before_closing_is_not_promised_a_time():
    closes = ((NOW, NOW + minutes(20)),)
    line = a_line([a_person(n, came=-9 + n) for n in range(4)], [a_counter(0, on_duty=closes)])
    forecasts = windows(line, now=NOW, paths=5, seed=1).people
    assert [forecasts[n].served_odds for n in range(4)] == [1, 1, 0, 0]
    assert forecasts[2].middle == np.inf


def test_a_long_running_service_is_expected_to_last_longer_still():
    mixed = ServiceTimes.of_sample([5] * 50 + [60] * 50)
    line = [
        a_line([a_person(0)], [a_counter(0, running=Running(JHT, NOW - minutes(since)))],
               times={JHT: mixed})
        for since in (1, 10)
    ]  # fmt: skip
    early, late = (windows(one, now=NOW, paths=400, seed=2).people[0] for one in line)
    assert early.low == 4
    assert late.low == late.high == 50


def test_a_pre_checked_file_has_its_own_length():
    line = a_line([a_person(0, came=-15), a_person(1)], own_times={0: ServiceTimes.fixed(3)})
    assert windows(line, now=NOW, paths=1, seed=0).people[1].middle == 3


@given(st.floats(0.5, 60), st.floats(0.1, 3))
def test_a_gamma_has_the_mean_and_the_variation_asked_for(mean, scv):
    times = ServiceTimes.gamma(mean, scv)
    assert times.mean == pytest.approx(mean)
    assert np.var(times.minutes) / mean**2 == pytest.approx(scv, rel=0.1)


def test_todays_services_teach_todays_pace():
    before = Factor(1.0, 0.2)
    after = before.after(seen=575, expected=500, count=50, scv=0.5)
    assert 1.1 < after.mean < 1.15
    assert after.spread < 0.1
    assert before.after(seen=1, expected=0, count=0, scv=0.5) == before

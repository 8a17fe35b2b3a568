"""When people at home are asked to come: never against what they accepted, and for a reason."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from giliran.core.calling import POLICIES, Waiting
from giliran.core.promise import Counter, Expected, Factor, Line, Running, ServiceTimes, Stream
from giliran.core.promise.coming import LOOK_AHEAD, WORTH_TELLING, as_told, come_at
from giliran.core.promise.simulation import call_times
from tests.examples import examples

WIB = timezone(timedelta(hours=7))
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=WIB)
JHT = 1
MINUTE = timedelta(minutes=1)
ON_TIME = (0.0,)


def after(minutes):
    return NINE + minutes * MINUTE


def somebody(turn_id, window=60, minutes=30, **but):
    """An appointment whose window begins `window` minutes after nine."""
    given = {"is_priority": False, "service_id": JHT, "show_up": 1.0, "lateness": ON_TIME} | but
    return Expected(
        turn_id, window_from=after(window), window_till=after(window + minutes), **given
    )


def a_line(to_come, *, ahead=0, counters=1, minutes=12.0, scv=0.5, **but):
    """`ahead` people have come for a window at nine; each counter is at the start of a service."""
    return Line(
        [
            Waiting(900 + n, False, NINE, after(30), after(-10), None, JHT, None)
            for n in range(ahead)
        ],
        [
            Counter(n, frozenset({JHT}), ((after(-60), after(480)),), Running(JHT, NINE))
            for n in range(counters)
        ],
        POLICIES["accumulating"],
        {JHT: ServiceTimes.gamma(minutes, scv) if scv else ServiceTimes.fixed(minutes)},
        to_come=to_come,
        **but,
    )


def ask(line, *, now=NINE, **but):
    return come_at(line, now=now, **({"seed": 1, "paths": 40} | but))


@st.composite
def mornings(draw):
    """A line, what its people were told, how far they travel, and a time in the morning."""
    people = draw(st.integers(0, 12))
    to_come, told, travel = [], {}, {}
    for turn_id in range(people):
        begins = draw(st.integers(-12, 36)) * 5 + draw(st.sampled_from([0, 0, 0, 2]))
        length = draw(st.sampled_from([3, 15, 30, 60]))
        one = somebody(
            turn_id,
            begins,
            length,
            is_priority=draw(st.booleans()),
            show_up=draw(st.sampled_from([0.0, 0.5, 1.0])),
            lateness=draw(st.sampled_from([ON_TIME, (-15.0, -5.0, 5.0), (0.0, 30.0), (-90.0,)])),
        )
        to_come.append(one)
        if draw(st.booleans()):
            mark = after(5 * -(-begins // 5) + draw(st.integers(0, length // 5)) * 5)
            told[turn_id] = min(mark, one.window_till)
        if draw(st.booleans()):
            travel[turn_id] = draw(st.integers(0, 120))
    line = a_line(
        to_come,
        ahead=draw(st.integers(0, 15)),
        counters=draw(st.integers(0, 3)),
        pace=Factor(1.0, 0.1),
        streams=[Stream(False, JHT, 0.05, NINE, after(300))] if draw(st.booleans()) else (),
    )
    return line, told, travel, after(draw(st.integers(0, 600)) / 10)


@settings(max_examples=examples(60), deadline=None)
@given(mornings(), st.integers(0, 5))
def test_nobody_is_told_what_they_could_not_keep(morning, seed):
    line, told, travel, now = morning
    answer = ask(line, now=now, told=told, travel_minutes=travel, seed=seed, paths=10)

    windows = {one.turn_id: (one.window_from, one.window_till) for one in line.to_come}
    for turn_id, at in answer.items():
        begins, ends = windows[turn_id]
        before = told.get(turn_id, begins)
        travels = travel.get(turn_id, 30) * MINUTE
        assert begins <= at <= ends
        assert at > now
        if at != before:
            # Who is later than the policy's grace comes as soon as they may, mark or not.
            soonest = max(begins, now + travels)
            has_mark = -(-soonest.timestamp() // 300) * 300 <= ends.timestamp()
            assert at.timestamp() % 300 == 0 or not has_mark or at in {ends, soonest}
            assert at >= now + travels
            assert before - travels > now
            assert begins - now <= LOOK_AHEAD
            assert turn_id not in told or abs(at - before) >= WORTH_TELLING
    for turn_id, (begins, ends) in windows.items():
        assert (turn_id in answer) == (min(told.get(turn_id, begins), ends) > now)


@settings(max_examples=examples(25), deadline=None)
@given(mornings())
def test_asking_again_at_once_moves_nobody_by_less_than_ten_minutes(morning):
    line, told, travel, now = morning
    first = ask(line, now=now, told=told, travel_minutes=travel, paths=10)

    again = ask(line, now=now, told=told | first, travel_minutes=travel, paths=10)
    changed = {one for one, at in again.items() if at != first[one]}
    # Who must now be on their way changes the others' room.
    assert all(abs(again[one] - first[one]) >= WORTH_TELLING for one in changed)
    assert first == ask(line, now=now, told=told, travel_minutes=travel, paths=10)


@settings(max_examples=examples(25), deadline=None)
@given(
    people=st.integers(2, 12),
    ahead=st.integers(0, 8),
    counters=st.integers(1, 3),
    minutes=st.sampled_from([15, 30, 60]),
    seed=st.integers(0, 99),
)
@example(people=8, ahead=6, counters=1, minutes=60, seed=1)
def test_of_equal_people_nobody_is_asked_before_who_goes_first(
    people, ahead, counters, minutes, seed
):
    line = a_line(
        [somebody(n, minutes=minutes) for n in range(people)], ahead=ahead, counters=counters
    )
    answer = ask(line, seed=seed)

    times = [answer[n] for n in range(people)]
    assert times == sorted(times)


def test_an_empty_line_has_nobody_to_tell():
    assert ask(a_line([])) == {}
    assert ask(a_line([somebody(1)], counters=0)) == {1: after(60)}


def test_at_idle_counters_everybody_comes_when_their_window_begins():
    line = a_line([somebody(1), somebody(2)], counters=2)

    assert ask(line) == {1: after(60), 2: after(60)}


def test_the_longer_the_line_the_later_the_next_one_comes():
    """Eight of nine minutes before them end at 9.72: the counter is free at about ten past ten."""
    sure = {"minutes": 9.0, "scv": 0}
    alone = ask(a_line([somebody(1)], **sure))
    behind_six = ask(a_line([somebody(1)], ahead=6, **sure))
    behind_seven = ask(a_line([somebody(1)], ahead=7, **sure))
    behind_eight = ask(a_line([somebody(1)], ahead=8, **sure))

    assert alone == behind_six == {1: after(60)}
    assert behind_seven[1] in (after(65), after(70))
    assert behind_eight[1] in (after(75), after(80))


def test_people_of_one_window_come_one_after_another():
    """A service of ten minutes for sure, one counter that is free at ten."""
    line = a_line([somebody(n, minutes=60) for n in range(4)], minutes=10.0, scv=0)

    assert ask(line) == {0: after(60), 1: after(70), 2: after(80), 3: after(90)}


def test_who_usually_comes_ten_minutes_early_is_asked_ten_minutes_later():
    sure = {"minutes": 10.0, "scv": 0}
    on_time = a_line([somebody(n, minutes=60) for n in range(3)], **sure)
    early = a_line([somebody(n, minutes=60, lateness=(-10.0,)) for n in range(3)], **sure)

    assert ask(on_time)[2] == after(80)
    assert ask(early)[2] == after(90)


def test_who_may_come_late_is_told_so_early_that_they_keep_their_place():
    """Forty minutes of lateness and ten of grace leave nothing of a window of half an hour."""
    late = somebody(1, lateness=(0.0, 25.0))
    very_late = somebody(1, lateness=(0.0, 45.0))

    assert ask(a_line([late], ahead=20))[1] <= after(75)
    assert ask(a_line([very_late], ahead=20))[1] == after(60)


def test_a_change_of_five_minutes_is_not_worth_a_message():
    line = a_line([somebody(n, minutes=60) for n in range(4)], minutes=10.0, scv=0)
    told = {1: after(75), 2: after(95)}

    answer = ask(line, told=told)
    assert answer[1] == after(75)
    assert answer[2] == after(80)


def test_a_change_that_saves_less_than_three_minutes_is_not_worth_a_message():
    """The counter is free at ten past ten: ten idle minutes, at a weight of a half or a fifth."""
    line = a_line([somebody(n, minutes=90) for n in range(2)], minutes=10.0, scv=0)

    assert ask(line, told={1: after(80)})[1] == after(70)
    assert ask(line, told={1: after(80)}, idling_weight=0.2)[1] == after(80)


def test_who_has_left_home_is_told_nothing_new():
    line = a_line([somebody(1)], ahead=7, minutes=9.0, scv=0)

    assert ask(line, told={1: after(60)}, travel_minutes={1: 59})[1] > after(60)
    assert ask(line, told={1: after(60)}, travel_minutes={1: 60})[1] == after(60)


def test_who_has_left_home_leaves_their_place_in_the_window_to_others_until_they_come():
    line = a_line([somebody(n, minutes=60) for n in range(2)], minutes=10.0, scv=0)

    assert ask(line)[1] == after(70)
    assert ask(line, told={0: after(90)}, travel_minutes={0: 100})[1] == after(60)


def test_nobody_is_asked_earlier_than_they_can_come():
    line = a_line([somebody(1)], counters=2)

    assert ask(line, told={1: after(85)}, travel_minutes={1: 68})[1] == after(70)
    assert ask(line, told={1: after(85)}, travel_minutes={1: 20})[1] == after(60)


def test_who_should_be_here_already_is_left_out():
    line = a_line([somebody(1, window=-60), somebody(2, window=-10), somebody(3, window=-10)])

    assert ask(line, told={2: after(20)}) == {2: after(20)}


def test_a_window_far_ahead_keeps_what_was_told():
    line = a_line([somebody(1, window=121)], ahead=30)

    assert ask(line, told={1: after(121)}) == {1: after(121)}
    assert ask(line, now=after(1), told={1: after(121)})[1] > after(121)


def test_times_are_told_in_the_zone_of_the_window():
    line = a_line([somebody(1, minutes=60)], ahead=7)

    here, elsewhere = ask(line), ask(line, now=NINE.astimezone(UTC))
    on_the_way = ask(line, now=NINE.astimezone(UTC), told={1: after(110)}, travel_minutes={1: 100})
    assert here == elsewhere
    assert on_the_way == {1: after(100)}
    assert {at.utcoffset() for at in (elsewhere[1], on_the_way[1])} == {timedelta(hours=7)}


def test_the_forecast_takes_people_to_come_when_they_were_told():
    line = a_line([somebody(1, minutes=60)], minutes=10.0, scv=0)

    calls = [
        call_times(as_told(line, told), now=NINE, paths=3, seed=0).to_come[0].tolist()
        for told in ({}, {1: after(85)})
    ]
    assert calls == [[60.0] * 3, [85.0] * 3]


def test_what_cannot_be_asked_is_refused():
    line = a_line([somebody(1)])
    with pytest.raises(TypeError, match="time zone"):
        ask(line, now=NINE.replace(tzinfo=None))
    with pytest.raises(ValueError, match="weight"):
        ask(line, idling_weight=1.0)

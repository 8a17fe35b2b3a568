"""A day of one line: against days played person by person, and against the law of what stays."""

from __future__ import annotations

import heapq
import random
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giliran.core.need import BOOKED, Line, Target, day_course, mean_wait, need, need_of_day
from giliran.core.need import leaves as leaving_share
from tests.examples import examples

FLOWS = st.lists(st.floats(0, 12), min_size=1, max_size=8)
HALF_HOUR = 30.0


def played(arrivals, officers, service, patience, standing, minutes, days=1500):
    """Play days with one number of officers; returns person-minutes, leavers, late per interval."""
    chance = random.Random(3)
    waited, left = [], []
    late, came = [0] * len(arrivals), [0] * len(arrivals)
    for _ in range(days):
        free = [0.0] * officers
        people = [(0.0, None)] * standing
        for interval, expected in enumerate(arrivals):
            now = interval * HALF_HOUR
            while (now := now + chance.expovariate(expected / HALF_HOUR)) < (interval + 1) * 30:
                people.append((now, interval))
        today_waited = today_left = 0.0
        for now, interval in people:
            wait, patient = max(0.0, free[0] - now), chance.expovariate(1 / patience)
            today_waited += min(wait, patient)
            if wait > patient:
                today_left += 1
            else:
                heapq.heapreplace(free, now + wait + chance.expovariate(1 / service))
            if interval is not None:
                came[interval] += 1
                late[interval] += wait > minutes
        waited.append(today_waited)
        left.append(today_left)
    return fmean(waited), fmean(left), [a / b for a, b in zip(late, came, strict=True)]


def test_a_morning_with_a_queue_at_the_door_goes_as_when_played():
    arrivals = [10, 8, 6, 6, 5, 4, 3, 2]
    waited, left, late = played(arrivals, 4, 12, 90, 20, 20)
    course = day_course(arrivals, [4] * 8, 12, BOOKED, patience=90, standing=20)
    assert course.waited == pytest.approx(waited, rel=0.03)
    assert course.left == pytest.approx(left, rel=0.05)
    assert course.late == pytest.approx(late, abs=0.03)


def test_a_long_steady_day_becomes_erlangs_line():
    line = Line(0.2, 12, 3, 90)
    short, long = (day_course([6] * n, [3] * n, 12, BOOKED, patience=90) for n in (20, 40))
    people = long.came - short.came
    assert (long.waited - short.waited) / people == pytest.approx(mean_wait(line), rel=0.005)
    assert (long.left - short.left) / people == pytest.approx(leaving_share(line), rel=0.005)


@settings(max_examples=examples(10))
@given(FLOWS, st.integers(1, 5), st.integers(0, 15), st.floats(5, 25), st.floats(20, 300))
def test_everybody_is_served_or_leaves_and_help_never_hurts(
    arrivals, officers, standing, service, patience
):
    few, more = (
        day_course(
            arrivals, [n] * len(arrivals), service, BOOKED, patience=patience, standing=standing
        )
        for n in (officers, officers + 1)
    )
    assert few.came == pytest.approx(few.left + few.served)
    assert -1e-9 <= more.left <= few.left + 1e-6
    assert more.waited <= few.waited + 1e-6
    assert all(-1e-9 <= share <= 1 + 1e-9 for share in few.late)


@settings(max_examples=examples(5))
@given(FLOWS, st.integers(0, 20))
def test_the_need_of_a_day_keeps_its_promise_in_every_interval(arrivals, standing):
    target = Target(60, 0.1)
    officers = need_of_day(arrivals, 12, target, patience=120, standing=standing)
    course = day_course(arrivals, officers, 12, target, patience=120, standing=standing)
    assert all(
        share <= target.share for share, people in zip(course.late, arrivals, strict=True) if people
    )
    assert course.late_in_all <= target.share or not standing


def test_a_queue_at_the_door_needs_more_officers_in_the_morning_only():
    arrivals = [10, 8, 6, 6, 5, 4, 3, 2]
    steady = need(arrivals, 12, Target(60, 0.1), patience=120)
    queued = need_of_day(arrivals, 12, Target(60, 0.1), patience=120, standing=30)
    assert queued[0] > steady[0]
    assert queued[-1] == steady[-1]


def test_nobody_comes_and_nothing_happens():
    course = day_course([0, 0], [1, 1], 12, BOOKED)
    assert (course.waited, course.left, course.over) == (0, 0, 0)


def test_as_many_intervals_of_officers_as_of_people():
    with pytest.raises(ValueError, match="2 intervals of people, 1 of officers"):
        day_course([1, 1], [1], 12, BOOKED)

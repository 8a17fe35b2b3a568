"""Waiting by formula: published figures, a simulation of our own, and rules for all numbers."""

from __future__ import annotations

import heapq
import itertools
import random
from math import inf, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giliran.core.need import (
    Line,
    Target,
    blocked,
    leaves,
    mean_wait,
    must_wait,
    need,
    offered_load,
    officers_needed,
    waits_longer,
    would_wait_longer,
)

LOADS = st.floats(0.05, 30)
SERVICES = st.floats(1, 60)
OFFICERS = st.integers(1, 40)
PATIENCES = st.floats(5, 500)


@pytest.mark.parametrize(
    ("load", "officers", "share"),
    # Erlang B tables as printed in telephone handbooks: erlangs for 1 % lost at n trunks.
    [
        (0.0101, 1, 0.01),
        (0.1526, 2, 0.01),
        (1.3608, 5, 0.01),
        (4.4612, 10, 0.01),
        (12.03, 20, 0.01),
    ],
)
def test_erlang_b_agrees_with_printed_tables(load, officers, share):
    assert blocked(load, officers) == pytest.approx(share, rel=1e-3)


def test_erlang_c_agrees_with_a_published_example():
    """100 calls in half an hour, of three minutes, 14 agents."""
    line = Line(100 / 30, 3, 14)
    assert must_wait(line) == pytest.approx(0.1741319, abs=5e-8)
    assert mean_wait(line) * 60 == pytest.approx(7.835937, abs=5e-6)


def test_erlang_a_agrees_with_a_published_example():
    """48 calls a minute, of one minute, 50 agents, patience two minutes: 3.09 % hang up."""
    assert leaves(Line(48, 1, 50, 2)) == pytest.approx(0.0309, abs=5e-5)


def played(line, minutes, people=60_000):
    """Play a line person by person: shares that wait, leave and wait longer, and the mean wait."""
    chance, now = random.Random(7), 0.0
    free = [0.0] * line.officers
    waited = left = longer = total = 0.0
    for _ in range(people):
        now += chance.expovariate(line.arrivals)
        patience = chance.expovariate(1 / line.patience)
        wait = max(0.0, free[0] - now)
        waited += wait > 0
        if wait <= patience:
            heapq.heapreplace(free, now + wait + chance.expovariate(1 / line.service))
        left += wait > patience
        wait = min(wait, patience)
        longer += wait > minutes
        total += wait
    return waited / people, left / people, longer / people, total / people


@pytest.mark.parametrize(
    ("line", "minutes"),
    [(Line(0.3, 12, 3, 40), 20), (Line(0.5, 12, 3, 30), 20), (Line(0.2, 12, 3, 60), 10)],
)
def test_erlang_a_agrees_with_a_line_played_person_by_person(line, minutes):
    waited, left, longer, mean = played(line, minutes)
    assert must_wait(line) == pytest.approx(waited, abs=0.02)
    assert leaves(line) == pytest.approx(left, abs=0.02)
    assert waits_longer(line, minutes) == pytest.approx(longer, abs=0.02)
    assert mean_wait(line) == pytest.approx(mean, rel=0.06)


@given(LOADS, SERVICES, OFFICERS)
def test_people_of_endless_patience_are_erlang_c(load, service, officers):
    endless = Line(load / service, service, officers)
    if load > 0.98 * officers:
        return
    patient = Line(load / service, service, officers, 1e9)
    assert isclose(must_wait(patient), must_wait(endless), rel_tol=1e-4)
    for minutes in (0.0, 5.0, 40.0):
        one, other = waits_longer(patient, minutes), waits_longer(endless, minutes)
        assert isclose(one, other, rel_tol=1e-3, abs_tol=1e-9)


@given(LOADS, SERVICES, OFFICERS, PATIENCES, st.floats(0, 200))
def test_one_more_officer_never_makes_anybody_wait_longer(load, service, officers, patience, after):
    few = Line(load / service, service, officers, patience)
    more = Line(load / service, service, officers + 1, patience)
    assert mean_wait(more) <= mean_wait(few) * (1 + 1e-9)
    assert waits_longer(more, after) <= waits_longer(few, after) + 1e-9
    assert 0 <= leaves(more) <= leaves(few) + 1e-12 <= 1 + 1e-12


@given(LOADS, SERVICES, OFFICERS, PATIENCES)
def test_who_waits_longer_than_nothing_is_who_must_wait(load, service, officers, patience):
    line = Line(load / service, service, officers, patience)
    assert isclose(waits_longer(line, 0), must_wait(line), rel_tol=1e-9)
    # Who waits, waits for ever longer less often; the mean is what the tails add up to.
    steps = [waits_longer(line, 0.5 * i) for i in range(40)]
    assert all(a >= b - 1e-12 for a, b in itertools.pairwise(steps))


@given(LOADS, SERVICES, PATIENCES, st.floats(0, 60), st.floats(0.01, 0.5))
def test_the_officers_needed_keep_the_promise_and_one_fewer_does_not(
    load, service, patience, minutes, share
):
    target = Target(minutes, share)
    officers = officers_needed(load, service, target, patience=patience)
    kept = Line(load / service, service, officers, patience)
    short = Line(load / service, service, officers - 1, patience)
    assert would_wait_longer(kept, minutes) <= share < would_wait_longer(short, minutes)


def test_nobody_is_needed_where_nobody_comes():
    assert need([0, 0, 0], 12, Target(20, 0.1)) == (0, 0, 0)


def test_work_lags_behind_the_people_who_bring_it():
    loads = offered_load([0, 20, 0, 0], 30)
    assert loads[0] == 0
    assert loads[2] > 0.6 * loads[1]
    assert loads[1] > loads[2] > loads[3] > 0


@given(st.lists(st.floats(0, 40), min_size=1, max_size=20), SERVICES)
def test_a_steady_flow_brings_what_little_law_says(arrivals, service):
    loads = offered_load([arrivals[0]] * 200, service)
    assert loads[-1] == pytest.approx(arrivals[0] / 30 * service, rel=1e-3, abs=1e-9)


@pytest.mark.parametrize(
    "wrong",
    [
        {"arrivals": -1, "service": 5, "officers": 1},
        {"arrivals": inf, "service": 5, "officers": 1},
        {"arrivals": 1, "service": 0, "officers": 1},
        {"arrivals": 1, "service": 5, "officers": -1},
        {"arrivals": 1, "service": 5, "officers": 1, "patience": 0},
    ],
)
def test_what_is_no_line_is_refused(wrong):
    with pytest.raises(ValueError, match=r"can't|positive"):
        Line(**wrong)

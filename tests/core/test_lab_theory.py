"""The formulas against printed values, and the played lines against the formulas."""

import math

import pytest

from giliran.lab.office.agreement import cases, scores
from giliran.lab.office.theory import (
    erlang_a,
    erlang_b,
    erlang_c,
    wait_erlang_c,
    waits_accumulating,
    waits_priority,
)

ERRORS_ALLOWED = 4.0


# Printed in every teletraffic handbook: the load that so many lines carry at so much loss.
@pytest.mark.parametrize(
    ("lines", "load", "lost"),
    [
        (1, 0.0101, 0.01),
        (5, 0.762, 0.001),
        (10, 4.461, 0.01),
        (10, 5.084, 0.02),
        (20, 12.03, 0.01),
        (100, 84.06, 0.01),
    ],
)
def test_erlang_b_meets_the_printed_tables(lines, load, lost):
    assert erlang_b(lines, load) == pytest.approx(lost, rel=2e-3)


def test_erlang_b_holds_where_factorials_overflow():
    """Jagerman (1974): with n lines and a load of n, 1/B is sqrt(pi n/2) + 2/3 and little else."""
    expected = 1 / (math.sqrt(math.pi * 1000 / 2) + 2 / 3)
    assert erlang_b(1000, 1000) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(
    ("servers", "load", "must_wait"),
    [(1, 0.7, 0.7), (2, 1.0, 1 / 3), (3, 2.0, 4 / 9), (5, 4.0, 0.5541)],
)
def test_erlang_c_meets_worked_examples(servers, load, must_wait):
    assert erlang_c(servers, load) == pytest.approx(must_wait, abs=5e-5)


def test_fifty_agents_with_and_without_patience_as_in_the_literature():
    """Mandelbaum & Zeltyn: 48 calls a minute of a minute each, a patience of two minutes."""
    one = erlang_a(50, 48.0, 1.0, 2.0)

    assert 60 * wait_erlang_c(50, 48.0, 1.0) == pytest.approx(20.8, abs=0.05)
    assert 60 * one.mean_wait == pytest.approx(3.7, abs=0.05)
    assert one.leave == pytest.approx(0.031, abs=5e-4)


def test_endless_patience_makes_erlang_a_erlang_c():
    patient = erlang_a(4, 3.2, 1.0, 1e6)

    assert patient.must_wait == pytest.approx(erlang_c(4, 3.2), rel=1e-4)
    assert patient.mean_wait == pytest.approx(wait_erlang_c(4, 3.2, 1.0), rel=1e-4)


def test_where_more_come_than_can_be_served_waits_have_no_end():
    assert wait_erlang_c(2, 2.0, 1.0) == math.inf
    with pytest.raises(ValueError, match="More work"):
        waits_priority(1, [1.0], 1.0)


def test_no_formula_is_given_where_there_is_none():
    with pytest.raises(ValueError, match="exponential"):
        waits_priority(2, [1.0], 1.0, scv=0.5)
    with pytest.raises(ValueError, match="growth"):
        waits_accumulating(1, [0.2, 0.2], [1.0, 2.0], 1.0)


def test_accumulating_priority_lies_between_first_come_and_strict():
    arrivals = [0.3, 0.5]
    strict, alike = waits_priority(1, arrivals, 1.0), waits_priority(1, [0.8], 1.0) * 2

    assert waits_accumulating(1, arrivals, [1e9, 1.0], 1.0) == pytest.approx(strict)
    assert waits_accumulating(1, arrivals, [1.0, 1.0], 1.0) == pytest.approx(alike)


@pytest.mark.parametrize("growth", [1.5, 3.0, 10.0])
def test_no_order_makes_less_work(growth):
    """Kleinrock's conservation law: the loads times the waits add up to the same."""
    arrivals = [0.3, 0.5]
    waits = waits_accumulating(1, arrivals, [growth, 1.0], 1.0)
    [alike] = waits_priority(1, [0.8], 1.0)

    assert sum(a * w for a, w in zip(arrivals, waits, strict=True)) == pytest.approx(0.8 * alike)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_played_line_waits_as_long_as_theory_says(case):
    for score in scores(case, seed=5, days=40):
        assert score.errors < ERRORS_ALLOWED, score


def test_a_line_that_is_not_as_theory_says_is_noticed():
    one = cases()[1]
    wrong = one._replace(waits={place: 1.1 * wait for place, wait in one.waits.items()})

    assert scores(wrong, seed=5, days=300)[0].errors > ERRORS_ALLOWED

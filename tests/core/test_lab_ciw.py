"""Random lines, played here and in Ciw: other people's simulator has to see the same waits."""

import random
import statistics

import pytest

from bench.lab_others import DAY_MINUTES, Line, errors_apart, in_ciw, in_simpy, random_line

ERRORS_ALLOWED = 4.0


@pytest.mark.parametrize("number", range(6))
def test_a_random_line_waits_as_long_in_ciw(number):
    line = random_line(random.Random(number))
    errors = errors_apart(line, days=2000, ciw_days=40, seed=number)

    assert errors
    assert max(errors.values()) < ERRORS_ALLOWED, (line, errors)


def test_the_line_that_is_timed_is_the_same_in_simpy():
    line = Line(2, ((6.0, 0.5, "gamma"), (8.0, 1.0, "gamma")), ((0.3,), (0.05,)), 30.0, True, 20.0)
    here = [waited for _, _, waited in in_simpy(line, 300, 1)]
    there = [one.waiting_time for one in in_ciw(line, 300, 1)]

    assert statistics.mean(here) == pytest.approx(statistics.mean(there), rel=0.06)
    assert len(here) == pytest.approx(len(there), rel=0.05)
    assert max(one.exit_date % DAY_MINUTES for one in in_ciw(line, 20, 1)) < DAY_MINUTES / 2

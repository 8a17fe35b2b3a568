"""Whom to call next so that most promises are kept."""

from giliran.core.promise import ServiceTimes, rescue
from tests.core.test_promise_simulation import JHT, JKM, NOW, a_line, a_person, minutes


def test_calling_who_has_least_time_left_saves_their_promise():
    line = a_line([a_person(n, came=-30 + n) for n in range(3)], length=10)
    promises = {0: NOW + minutes(40), 1: NOW + minutes(40), 2: NOW + minutes(5)}
    found = rescue(line, promises, NOW, seed=1)
    assert (found.promises, found.kept_by_rule) == (3, 2)
    best = found.best_first[0]
    assert (best.turn_id, best.promises_saved, best.harmed) == (2, 1, ())
    assert (best.odds_before, best.odds_after) == (0, 1)


def test_who_would_cost_others_their_promises_is_not_proposed():
    times = {JHT: ServiceTimes.fixed(5), JKM: ServiceTimes.fixed(60)}
    here = [a_person(0, came=-30), a_person(1, came=-20), a_person(2, service=JKM)]
    promises = {0: NOW, 1: NOW + minutes(5), 2: NOW + minutes(5)}
    assert rescue(a_line(here, times=times), promises, NOW, seed=1).best_first == []


def test_a_promise_that_is_broken_already_is_not_pursued():
    line = a_line([a_person(0, came=-30), a_person(1, came=-20)])
    found = rescue(line, {0: NOW, 1: NOW - minutes(1)}, NOW, seed=1)
    assert (found.kept_by_rule, found.best_first) == (1, [])


def test_those_who_pay_for_a_rescue_are_named():
    here = [a_person(n, came=-30 + n) for n in range(4)]
    promises = {0: NOW + minutes(30), 1: NOW + minutes(10), 2: NOW + minutes(4), 3: NOW}
    line = a_line(here, counters=1, length=10)
    # By the rule 0 and 1 are kept; with 3 first 0 is kept and 1 not; so it is with 2 first.
    assert rescue(line, promises, NOW, seed=1).best_first == []
    promises[1] = NOW + minutes(30)
    best = rescue(line, promises, NOW, seed=1).best_first
    assert [(one.turn_id, one.harmed) for one in best] == [(2, ()), (3, ())]


def test_without_promises_nobody_need_be_rescued():
    assert rescue(a_line([a_person(0)]), {}, NOW, seed=1).best_first == []

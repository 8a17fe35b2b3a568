"""Rosters: known best values, every answer checked by other code, and small ones tried whole."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giliran.lab.roster import Cover, Duty, Setting, Wish, Worker, cost, faults, solve
from giliran.lab.roster.benchmark import read_instance
from tests.examples import examples

INSTANCE = Path("tests/data/rosters/Instance1.txt")
EARLY, LATE = (7 * 60, 15 * 60), (13 * 60, 21 * 60)


def a_duty(day=0, kind="early", place="serang"):
    begins, ends = EARLY if kind == "early" else LATE
    return Duty(f"{place}-{day}-{kind}", day, kind, begins, ends, 450, place)


def a_worker(key="ani", duties=(), **limits):
    return Worker(key, {duty.key: 0 for duty in duties}, **limits)


def test_the_first_published_instance_is_solved_to_its_best_known_cost():
    """Best known: 607 (schedulingbenchmarks.org, instance 1)."""
    setting = read_instance(INSTANCE.read_text())
    roster = solve(setting, seconds=100)
    assert round(roster.cost) == round(roster.bound) == 607
    assert cost(setting, roster.assigned) == 607
    assert faults(setting, roster.assigned) == []
    assert roster.seconds_to_first is not None


def test_another_file_is_no_instance():
    with pytest.raises(ValueError, match="Not an instance"):
        read_instance("SECTION_HORIZON\n14\n")


def test_what_cannot_be_met_is_named_and_never_infeasible():
    duties = tuple(a_duty(day) for day in range(5))
    setting = Setting(
        5,
        duties,
        (a_worker("ani", duties, days_off=frozenset({2}), least_minutes=5 * 450),),
        tuple(Cover(f"hari {d.day}", (d.key,), 2, under=100) for d in duties),
    )
    roster = solve(setting)
    assert {short.cover: short.missing for short in roster.shorts} == {
        "hari 0": 1,
        "hari 1": 1,
        "hari 2": 2,
        "hari 3": 1,
        "hari 4": 1,
    }
    assert roster.unpaid_minutes == {"ani": 450}


def test_nobody_opens_the_morning_after_closing_the_evening():
    evening, morning = a_duty(0, "late"), a_duty(1, "early")
    setting = Setting(
        2,
        (evening, morning),
        (a_worker("ani", (evening, morning)),),
        tuple(Cover(d.key, (d.key,), 1, under=10) for d in (evening, morning)),
        rest_minutes=11 * 60,
    )
    assert len(solve(setting).assigned) == 1
    assert len(solve(replace(setting, rest_minutes=10 * 60)).assigned) == 2


def test_late_shifts_go_to_who_had_fewer_of_them():
    duties = tuple(a_duty(day, "late") for day in range(2))
    setting = Setting(
        2,
        duties,
        (a_worker("ani", duties, before={"late": 3}), a_worker("budi", duties, before={"late": 1})),
        tuple(Cover(d.key, (d.key,), 1, under=100) for d in duties),
        fair={"late": 1},
    )
    assert {who for who, _ in solve(setting).assigned} == {"budi"}


def test_a_neighbour_is_lent_only_where_it_is_worth_the_way():
    here, there = a_duty(0, place="serang"), a_duty(0, place="cilegon")
    lent = Worker("ani", {here.key: 0, there.key: 30})
    covers = (
        Cover("serang", (here.key,), 1, under=20),
        Cover("cilegon", (there.key,), 1, under=60),
    )
    setting = Setting(1, (here, there), (lent,), covers)
    assert solve(setting).assigned == {("ani", 0): there.key}
    far = replace(setting, workers=(replace(lent, may={here.key: 0, there.key: 50}),))
    assert solve(far).assigned == {("ani", 0): here.key}


def test_a_skill_is_wanted_where_it_is_named():
    duty = a_duty()
    setting = Setting(
        1,
        (duty,),
        (a_worker("ani", (duty,)), a_worker("budi", (duty,), skills=frozenset({"jkk"}))),
        (Cover("jkk", (duty.key,), 1, under=10, skill="jkk"), Cover("all", (duty.key,), 1, 1, 5)),
    )
    assert solve(setting).assigned == {("budi", 0): duty.key}


@st.composite
def small_settings(draw):
    days = draw(st.integers(2, 4))
    kinds = ["early", "late"]
    duties = tuple(a_duty(day, kind) for day in range(days) for kind in kinds)
    amounts = st.integers(0, 9)
    workers = tuple(
        Worker(
            key,
            {d.key: draw(st.integers(0, 3)) for d in duties if draw(st.booleans())},
            skills=frozenset({"jkk"} if draw(st.booleans()) else ()),
            most_of_kind={"late": draw(st.integers(0, 3))},
            most_minutes=450 * draw(st.integers(0, 4)),
            least_minutes=450 * draw(st.integers(0, 2)),
            longest_run=draw(st.integers(1, 3)),
            shortest_run=draw(st.integers(1, 2)),
            shortest_rest=draw(st.integers(1, 2)),
            days_off=frozenset(draw(st.sets(st.integers(0, days - 1), max_size=1))),
            before={"late": draw(st.integers(0, 2))},
            works_too=frozenset(draw(st.sets(st.sampled_from([-2, -1, days]), max_size=2))),
        )
        for key in ("ani", "budi")
    )
    return Setting(
        days,
        duties,
        workers,
        tuple(
            Cover(d.key, (d.key,), draw(st.integers(0, 2)), draw(amounts), draw(amounts), skill)
            for d in duties
            for skill in ("", "jkk")
        ),
        tuple(
            Wish(draw(st.sampled_from(["ani", "budi"])), d.key, draw(amounts), draw(st.booleans()))
            for d in duties[:3]
        ),
        frozenset({("late", "early")} if draw(st.booleans()) else ()),
        fair={"late": draw(st.integers(0, 2))},
        idle_hour=60,
    )


def every_roster(setting):
    """Give all rosters of two workers that keep every limit, without the solver's help."""
    plans = []
    for worker in setting.workers:
        ways = [
            [None, *(d.key for d in setting.duties if d.day == day and d.key in worker.may)]
            for day in range(setting.days)
        ]
        alone = replace(setting, workers=(worker,))
        given = [
            {(worker.key, day): key for day, key in enumerate(plan) if key}
            for plan in product(*ways)
        ]
        plans.append([plan for plan in given if not faults(alone, plan)])
    for first, second in product(*plans):
        yield {**first, **second}


@settings(
    max_examples=examples(60),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(small_settings())
def test_no_roster_of_a_small_setting_is_cheaper_than_the_solved_one(setting):
    roster = solve(setting, seconds=60)
    assert faults(setting, roster.assigned) == []
    best = min(cost(setting, other) for other in every_roster(setting))
    assert cost(setting, roster.assigned) == best
    assert roster.cost == pytest.approx(best, abs=1e-4)


BROKEN = {
    "may not": ({}, {("ani", 0): "serang-0-late"}),
    "is off": ({"days_off": frozenset({0})}, {("ani", 0): "serang-0-early"}),
    "at most 0": ({"most_of_kind": {"early": 0}}, {("ani", 0): "serang-0-early"}),
    "450 minutes": ({"most_minutes": 449}, {("ani", 0): "serang-0-early"}),
    "days on end": (
        {"longest_run": 1},
        {("ani", 0): "serang-0-early", ("ani", 1): "serang-1-early"},
    ),
    "days on end from day -2": (
        {"longest_run": 2, "works_too": frozenset({-2, -1})},
        {("ani", 0): "serang-0-early"},
    ),
    "days on end from day 6": (
        {"longest_run": 2, "works_too": frozenset({7, 8})},
        {("ani", 6): "serang-6-early"},
    ),
    "works only": ({"shortest_run": 2}, {("ani", 1): "serang-1-early"}),
    "rests only": (
        {"shortest_rest": 2},
        {("ani", 0): "serang-0-early", ("ani", 2): "serang-2-early"},
    ),
    "weekends": ({"most_weekends": 0}, {("ani", 5): "serang-5-early"}),
    "isn't on day": ({}, {("ani", 1): "serang-0-early"}),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_the_checker_finds_each_broken_limit(fault):
    limits, assigned = BROKEN[fault]
    early = tuple(a_duty(day) for day in range(7))
    worker = a_worker("ani", early, **limits)
    setting = Setting(7, (*early, a_duty(0, "late")), (worker,), ())
    assert any(fault in found for found in faults(setting, assigned))

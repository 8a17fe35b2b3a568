"""Officers lent for a day: every small region tried whole, and what a loan must never do."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giliran.lab.loans import Group, Loan, Office, lend, waited
from tests.examples import examples

SERANG = Office("serang", (900, 400, 150, 60, 30))
CILEGON = Office("cilegon", (800, 300, 90, 20, 5))


def test_an_officer_goes_where_one_more_saves_most():
    groups = [Group("serang", 1, {"cilegon": 30.0}), Group("cilegon", 3, {"serang": 30.0})]
    plan = lend([SERANG, CILEGON], groups)
    assert plan.loans == (Loan("cilegon", "serang", frozenset(), 1, 30.0),)
    assert (plan.waited_without, plan.waited) == (420, 240)


def test_nobody_travels_for_less_than_the_way_is_worth():
    groups = [Group("serang", 1, {"cilegon": 200.0}), Group("cilegon", 3, {"serang": 200.0})]
    assert lend([SERANG, CILEGON], groups).loans == ()


def test_help_comes_through_a_third_office():
    """Only the middle office is near both: it lends to one and borrows from the other."""
    offices = [
        Office("jauh", (100, 10, 9, 8)),
        Office("tengah", (500, 200, 190)),
        Office("kosong", (900, 100)),
    ]
    groups = [
        Group("jauh", 3, {"tengah": 10.0}),
        Group("tengah", 1, {"kosong": 10.0, "jauh": 10.0}),
    ]
    plan = lend(offices, groups)
    assert {(loan.home, loan.to) for loan in plan.loans} == {
        ("jauh", "tengah"),
        ("tengah", "kosong"),
    }


def test_a_skill_that_an_office_lacks_is_fetched_or_named():
    lacking = Office("serang", (900, 400, 150), wanted={"jkk": 1})
    able = Group("cilegon", 1, {"serang": 20.0}, frozenset({"jkk"}))
    others = [Group("serang", 1, {"cilegon": 20.0}), Group("cilegon", 1, {"serang": 20.0})]
    plan = lend([lacking, CILEGON], [*others, able])
    assert any(loan.skills == {"jkk"} for loan in plan.loans)
    assert plan.unskilled == {}
    assert lend([lacking, CILEGON], others).unskilled == {("serang", "jkk"): 1}


@st.composite
def regions(draw):
    names = ("a", "b", "c")
    falling = st.lists(st.integers(0, 500), min_size=1, max_size=4).map(
        lambda waits: tuple(sorted(waits, reverse=True))
    )
    offices = [Office(name, draw(falling)) for name in names]
    groups = [
        Group(
            name,
            draw(st.integers(0, 2)),
            {other: float(draw(st.integers(0, 90))) for other in names if other != name},
        )
        for name in names
    ]
    return offices, groups


@settings(max_examples=examples(60))
@given(regions())
def test_no_other_plan_of_a_small_region_costs_less(region):
    offices, groups = region
    plan = lend(offices, groups)
    way = sum(loan.count * loan.minutes for loan in plan.loans)
    ways = []
    for group in groups:
        places = [group.home, *group.way]
        ways.append(list(product(places, repeat=group.count)))
    best = min(cost(offices, groups, going) for going in product(*ways))
    assert plan.waited + way == pytest.approx(best)
    assert plan.waited <= plan.waited_without


def cost(offices, groups, going):
    loans = [
        Loan(group.home, place, group.skills, 1, group.way[place])
        for group, places in zip(groups, going, strict=True)
        for place in places
        if place != group.home
    ]
    return waited(offices, groups, loans) + sum(loan.minutes for loan in loans)

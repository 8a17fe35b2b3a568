"""Offices on a map: where they lie, and each where a finger finds it."""

from itertools import combinations
from math import hypot

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giliran.web.manager import strength
from giliran.web.map_places import on_paper
from giliran.web.public import office_map
from tests.examples import examples

PAPERS = [office_map.PAPER, strength.WIDE.paper, strength.NARROW.paper]
SERANG, CILEGON, LEBAK = (106.1503, -6.1200), (106.0538, -6.0187), (106.2522, -6.3570)

anywhere = st.tuples(st.floats(94, 142, allow_nan=False), st.floats(-11, 7, allow_nan=False))
towns = st.lists(
    st.one_of(anywhere, st.sampled_from([SERANG, CILEGON, LEBAK])), min_size=1, max_size=25
)


@settings(max_examples=examples(20), deadline=None)
@given(towns, st.sampled_from(PAPERS))
def test_none_lies_on_another_or_outside_however_many_share_a_street(places, paper):
    found = on_paper(places, paper)

    for (ax, ay), (bx, by) in combinations(found.points, 2):
        assert hypot(bx - ax, by - ay) >= paper.apart - 1e-6
    for x, y in found.points:
        assert paper.edge <= x <= paper.width - paper.edge
        assert paper.edge - 1 <= y <= found.height - paper.edge + 1


@settings(max_examples=examples(13), deadline=None)
@given(towns, st.sampled_from(PAPERS))
def test_the_same_offices_give_the_same_map(places, paper):
    assert on_paper(places, paper) == on_paper(list(places), paper)


def test_who_has_room_stands_as_the_crow_flies():
    for paper in PAPERS:
        found = on_paper([SERANG, CILEGON, LEBAK], paper)
        (sx, sy), (cx, cy), (lx, ly) = found.points
        assert cx < sx < lx
        assert cy < sy < ly
        # Serang and Lebak lie 28,7 km apart (haversine).
        assert hypot(lx - sx, ly - sy) / found.units_a_km == pytest.approx(28.7, rel=0.03)


@settings(max_examples=60, deadline=None)
@given(towns, st.sampled_from(PAPERS))
def test_nobody_stands_on_an_arrow_between_two_who_stood_there_before(places, paper):
    found = on_paper([SERANG, CILEGON, *places], paper, [(0, 1)])

    (ax, ay), (bx, by), *others = found.points
    middle = ((ax + bx) / 2, (ay + by) / 2)
    assert all(hypot(middle[0] - x, middle[1] - y) >= paper.apart / 2 - 1 for x, y in others)

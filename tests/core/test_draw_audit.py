"""An audit that can't fail proves nothing: every kind of tampering is found."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giliran.core.draw import Audit, audit, draw
from tests.core.draw_markets import a_market, chosen, lists_of, markets, matched
from tests.examples import examples

SERANG, CILEGON = 0, 1
PRIORITY = 1
NOTHING_BROKEN = Audit(0, 0, 0, 0, 0, 0)
ANI, BUDI, CITRA, DEWI, EKO = range(5)


def a_drawn_market():
    """Serang has two places, one kept for priority; Cilegon two. Eko is left without."""
    market = a_market(
        [2, 2],
        [
            {"wishes": [SERANG, CILEGON]},
            {"wishes": [SERANG, CILEGON]},
            {"wishes": [CILEGON]},
            {"wishes": [SERANG], "kinds": PRIORITY},
            {"wishes": [CILEGON]},
        ],
        [[1], [0]],
    )
    cell = draw(market).cell
    assert cell.tolist() == [SERANG, CILEGON, CILEGON, SERANG, -1]
    assert audit(market, cell) == NOTHING_BROKEN
    return market, cell


def after(change):
    market, cell = a_drawn_market()
    for person, to in change.items():
        cell[person] = to
    return audit(market, cell)


def test_two_people_who_changed_places_are_found():
    assert after({ANI: CILEGON, BUDI: SERANG}) == NOTHING_BROKEN._replace(envious=1)


def test_a_place_given_to_somebody_behind_is_found():
    assert after({CITRA: -1, EKO: CILEGON}) == NOTHING_BROKEN._replace(envious=1)


def test_somebody_in_a_place_that_they_did_not_ask_for_is_found():
    assert after({DEWI: -1, CITRA: SERANG, EKO: CILEGON}).outside_wishes == 1


def test_a_place_that_does_not_exist_is_found():
    assert after({EKO: 7}).outside_wishes == 1
    assert after({EKO: -3}).outside_wishes == 1


def test_a_place_left_idle_is_found():
    assert after({CITRA: -1}) == NOTHING_BROKEN._replace(idle_wanted=1)


def test_one_person_too_many_is_found():
    assert after({EKO: CILEGON}) == NOTHING_BROKEN._replace(overbooked=1)


def test_a_reserve_given_to_somebody_else_is_found():
    broken = after({DEWI: -1, BUDI: SERANG, EKO: CILEGON})
    assert broken == NOTHING_BROKEN._replace(unmet_reserves=1, envious=1)
    assert broken.violations == 2


def test_a_party_torn_apart_is_found():
    couple = [{"wishes": [0, 1], "number": 1, "party": 0}] * 2
    market = a_market([2, 2], couple)
    assert audit(market, np.array([0, 0], np.int32)) == NOTHING_BROKEN
    for torn in ([0, 1], [0, -1], [0, 9], [-1, 9]):
        assert audit(market, np.array(torn, np.int32)).split_parties == 1


def test_a_struck_half_day_counts_as_not_on_the_list():
    couple = [{"wishes": [0, 1], "number": 1, "party": 0}] * 2
    market = a_market([2, 2], couple)
    first, second = np.array([0, 0], np.int32), np.array([1, 1], np.int32)
    assert audit(market, first, [(0, 0)]).outside_wishes == 2
    assert audit(market, second, [(0, 0)]) == NOTHING_BROKEN
    assert audit(market, second) == NOTHING_BROKEN._replace(idle_wanted=1)


def test_what_cannot_be_audited_is_refused():
    market, cell = a_drawn_market()
    with pytest.raises(ValueError, match="for each person"):
        audit(market, cell[1:])
    for party in (0, -1):
        with pytest.raises(ValueError, match="no party"):
            audit(market, cell, [(party, 0)])


def slow_audit(market, cell, struck):
    """Try each person alone at each cell that they'd rather have."""
    lists = [
        [c for c in wishes if (party, market.bundle_of[c]) not in struck]
        for wishes, party in zip(lists_of(market), market.party, strict=True)
    ]
    cells = range(len(market.places))
    inside = [{i for i, got in enumerate(cell) if got == c} for c in cells]
    wanted = [set() for _ in cells]
    for i, wishes in enumerate(lists):
        for c in wishes[: wishes.index(cell[i])] if cell[i] in wishes else wishes:
            wanted[c].add(i)
    full = [c for c in cells if len(inside[c]) >= market.places[c]]
    bundle = {-1: -1, **{c: market.bundle_of[c] for c in cells}}
    return Audit(
        overbooked=sum(len(inside[c]) > market.places[c] for c in cells),
        outside_wishes=sum(
            got != -1 and got not in wishes for got, wishes in zip(cell, lists, strict=True)
        ),
        envious=len(
            {i for c in full for i in wanted[c] if i in chosen(inside[c] | {i}, market, c)}
        ),
        idle_wanted=sum(bool(wanted[c]) for c in cells if c not in full),
        unmet_reserves=sum(
            len(matched(inside[c] | wanted[c], market, c)) > len(matched(inside[c], market, c))
            for c in cells
        ),
        split_parties=sum(
            len({bundle[cell[i]] for i in np.flatnonzero(market.party == party)}) > 1
            for party in set(market.party.tolist()) - {-1}
        ),
    )


@given(markets(with_parties=True, most_people=6), st.data())
@settings(max_examples=examples(150), deadline=None)
def test_whatever_the_result_the_audit_finds_what_the_slow_one_finds(market, data):
    cell, struck = draw(market)
    last = len(market.places) - 1
    for person in (
        data.draw(st.lists(st.sampled_from(range(len(cell))), max_size=4)) if len(cell) else []
    ):
        cell[person] = data.draw(st.integers(-1, last))
    assert audit(market, cell, struck) == slow_audit(market, cell.tolist(), struck)

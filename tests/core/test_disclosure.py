"""What is kept back of a table can't be reckoned from what is shown of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from giliran.core.disclosure import withheld

FEWEST = 10
tables = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(0, 40), max_size=20
)


def sums(cells, line):
    found = {}
    for cell, n in cells.items():
        found[cell[line]] = found.get(cell[line], 0) + n
    return found


def test_nothing_is_kept_back_where_all_is_enough():
    found = withheld({(1, 1): 12, (1, 2): 30, (2, 1): 10}, fewest=FEWEST)
    assert found == (frozenset(), frozenset())


def test_the_one_small_cell_of_an_office_takes_the_next_smallest_with_it():
    found = withheld({(1, 1): 4, (1, 2): 30, (1, 3): 15}, fewest=FEWEST)
    assert found.cells == {(1, 1), (1, 3)}
    assert found.sums == {1, 3}


def test_a_small_cell_is_not_reckoned_from_the_regions_sum_either():
    cells = {(1, 1): 4, (1, 2): 30, (1, 3): 15, (2, 1): 50, (2, 2): 50, (2, 3): 50}
    found = withheld(cells, fewest=FEWEST)
    assert {(1, 1), (1, 3)} < found.cells
    assert all(len([c for c in found.cells if c[1] == column]) != 1 for column in (1, 3))
    assert found.sums == frozenset()


def test_where_no_other_office_can_be_kept_back_the_sum_is():
    found = withheld({(1, 1): 4, (1, 2): 3, (2, 1): 50}, fewest=FEWEST)
    assert found.cells == {(1, 1), (1, 2)}
    assert found.sums == {1, 2}


@given(tables)
def test_too_few_are_never_shown(counts):
    found = withheld(counts, fewest=FEWEST)
    assert {cell for cell, n in counts.items() if 0 < n < FEWEST} <= found.cells
    assert {c for c, n in sums(counts, 1).items() if 0 < n < FEWEST} <= found.sums


@given(tables)
def test_no_told_sum_leaves_one_cell_or_too_few_people(counts):
    found = withheld(counts, fewest=FEWEST)
    told = [("row", row) for row, n in sums(counts, 0).items() if n >= FEWEST]
    told += [("column", one) for one in sums(counts, 1) if one not in found.sums]
    for kind, line in told:
        inside = {c: n for c, n in counts.items() if c[kind == "column"] == line and n}
        rest = [n for cell, n in inside.items() if cell in found.cells]
        assert not rest or (len(rest) > 1 and sum(rest) >= FEWEST)


@given(tables)
def test_the_sum_of_all_leaves_neither_one_column_nor_too_few_people(counts):
    found = withheld(counts, fewest=FEWEST)
    rest = [n for column, n in sums(counts, 1).items() if column in found.sums and n]
    is_one_service = sum(1 for n in sums(counts, 1).values() if n) == 1
    if sum(counts.values()) >= FEWEST and rest and not is_one_service:
        assert len(rest) > 1
        assert sum(rest) >= FEWEST


@given(tables)
def test_what_is_kept_back_does_not_hang_on_the_order_of_the_table(counts):
    turned = dict(reversed(counts.items()))
    assert withheld(counts, fewest=FEWEST).cells == withheld(turned, fewest=FEWEST).cells

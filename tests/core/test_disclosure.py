"""What is kept back of a table can't be reckoned from what is shown of it."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from giliran.core.disclosure import left_out, withheld

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


def told_sums(counts, found):
    """Return all that is told of a table, each as the cells that it adds up."""
    told = [[cell] for cell in counts if cell not in found.cells]
    for line, kept_back in ((0, frozenset()), (1, found.sums)):
        for one, n in sums(counts, line).items():
            if n >= FEWEST and one not in kept_back:
                told.append([cell for cell in counts if cell[line] == one])
    return [*told, list(counts)] if sum(counts.values()) >= FEWEST else told


def rank(cells, lines):
    return np.linalg.matrix_rank(np.array([[cell in line for cell in cells] for line in lines]))


@given(st.dictionaries(st.tuples(st.integers(0, 2), st.integers(0, 3)), st.integers(1, 15)))
@example({(0, 0): 10, (0, 3): 5, (1, 0): 9, (1, 1): 10, (1, 2): 9, (1, 3): 10})
@example({(0, 0): 9, (0, 1): 1, (1, 0): 15, (1, 1): 3, (1, 2): 15})
@example({(0, 0): 3, (0, 1): 4, (1, 0): 30, (1, 1): 30})
def test_all_that_is_told_together_tells_of_no_few_either(counts):
    out = left_out(sums(counts, 0), fewest=FEWEST)
    counts = {cell: n for cell, n in sorted(counts.items()) if cell[0] not in out}
    found = withheld(counts, fewest=FEWEST)
    told, cells = told_sums(counts, found), list(counts)
    small = [cell for cell in cells if counts[cell] < FEWEST]
    for size in (1, 2, 3):
        for few in combinations(small, size):
            if sum(counts[cell] for cell in few) < FEWEST:
                assert rank(cells, [*told, few]) > (rank(cells, told) if told else 0)


def test_an_office_of_few_is_left_out_of_the_sum_that_would_tell_of_it():
    assert left_out({1: 30, 2: 9, 3: 12}, fewest=FEWEST) == {2}
    assert left_out({1: 30, 2: 4, 3: 5}, fewest=FEWEST) == {2, 3}
    assert left_out({1: 30, 2: 5, 3: 5}, fewest=FEWEST) == frozenset()
    assert left_out({1: 30, 2: 0}, fewest=FEWEST) == frozenset()

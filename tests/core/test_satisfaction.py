"""The survey index of PermenPANRB 14/2017, and what the free words are about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giliran.core.opinion_words import GROUPS, group_of
from giliran.core.satisfaction import (
    ELEMENTS,
    Mean,
    elements_for,
    grade,
    index,
    mean,
    reply_share,
    sample_needed,
)

COUNTS = st.lists(st.integers(0, 400), min_size=4, max_size=4).filter(any)


def exactly(value: float) -> Mean:
    return Mean(value, value, value, 10)


def test_the_index_is_the_sum_of_ninths_times_twenty_five():
    found = index(dict.fromkeys(ELEMENTS, exactly(3.4)))
    assert found is not None
    assert found.value == pytest.approx(85.0)
    assert found.grade == "B"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (25.0, "D"),
        (64.99, "D"),
        (65.0, "C"),
        (76.60, "C"),
        (76.61, "B"),
        (88.30, "B"),
        (88.304, "B"),
        (88.31, "A"),
        (100.0, "A"),
    ],
)
def test_grades_have_the_bounds_of_the_regulation(value, expected):
    assert grade(value) == expected


@given(st.lists(st.floats(1, 4), min_size=9, max_size=9))
def test_the_index_lies_between_its_worst_and_best_element(values):
    found = index({code: exactly(value) for code, value in zip(ELEMENTS, values, strict=True)})
    assert found is not None
    assert 25 * min(values) - 1e-9 <= found.value <= 25 * max(values) + 1e-9
    assert found.grade in "ABCD"


def test_without_one_element_there_is_no_index():
    without = {code: exactly(3.0) for code in list(ELEMENTS)[:8]}
    assert index(without) is None


@given(COUNTS)
def test_a_mean_lies_inside_its_interval_and_on_the_scale(counts):
    found = mean(counts)
    assert found is not None
    answers = [score for score, n in enumerate(counts, start=1) for _ in range(n)]
    assert found.value == pytest.approx(sum(answers) / len(answers))
    assert 1 <= found.low <= found.value <= found.high <= 4


@given(COUNTS, st.integers(2, 20))
def test_more_of_the_same_answers_make_a_mean_surer(counts, times):
    few, many = mean(counts), mean([n * times for n in counts])
    assert few is not None
    assert many is not None
    assert many.high - many.low < few.high - few.low


def test_ten_of_one_mind_do_not_prove_that_all_are():
    found = mean([0, 0, 0, 10])
    assert found is not None
    assert found.low < 3.1


@given(st.integers(0, 10**9))
def test_nine_questions_in_a_row_ask_about_every_element_twice(first):
    asked = [name for number in range(first, first + 9) for name in elements_for(number)]
    assert sorted(asked) == sorted([*ELEMENTS, *ELEMENTS])


@pytest.mark.parametrize(("people", "needed"), [(10, 10), (100, 80), (1000, 278), (10_000, 370)])
def test_the_sample_is_that_of_the_regulations_table(people, needed):
    assert sample_needed(people) == needed


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_share_that_replied_lies_inside_its_interval(numbers):
    replied, asked = numbers
    found = reply_share(replied, asked)
    assert found is not None
    share, low, high = found
    assert 0 <= low <= share <= high <= 1
    assert high - low > 0


@pytest.mark.parametrize(
    ("words", "group"),
    [
        ("Ada yang minta uang rokok di depan, padahal antre lama", "money"),
        ("nunggunya 3 jam", "wait"),
        ("kursi roda tidak bisa masuk", "access"),
        ("AC mati, panas", "place"),
        ("Petugasnya ramah sekali", "staff"),
        ("terima kasih", "praise"),
        ("Uang JHT sudah masuk", "other"),
        ("acara pernikahan", "other"),
        ("   ", ""),
    ],
)
def test_free_words_are_grouped_by_what_they_are_about(words, group):
    assert group_of(words) == group


@given(st.text(max_size=200))
def test_whatever_is_written_has_a_group_that_has_a_name(text):
    assert group_of(text) in {"", *GROUPS}

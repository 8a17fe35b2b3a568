"""A value of the law and the days it was in force."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giliran.core.parameters import Dated, Law, NotInForce, Parameter, UnknownRule

ONE_DAY = timedelta(days=1)


def dated(value, since, until=None):
    return Dated(value, since, until, "PP 1/2015", "Pasal 1", ("https://example.id",), "confirmed")


def a_parameter(*values, key="jht/partial/housing_rate"):
    return Parameter(key, "rate", "Bagian rumah", "House", values, date(2026, 11, 21))


HOUSING = a_parameter(
    dated(Decimal("0.20"), date(2015, 7, 1), date(2019, 12, 1)),
    dated(Decimal("0.30"), date(2019, 12, 2), date(2025, 2, 6)),
)
AGE = a_parameter(dated(56, date(2015, 7, 1)), key="jht/full/age")


def test_a_value_holds_from_its_first_to_its_last_day():
    assert HOUSING.at(date(2015, 7, 1)).value == Decimal("0.20")
    assert HOUSING.at(date(2019, 12, 1)).value == Decimal("0.20")
    assert HOUSING.at(date(2019, 12, 2)).value == Decimal("0.30")
    assert HOUSING.at(date(2025, 2, 6)).value == Decimal("0.30")


def test_before_the_first_value_the_refusal_names_the_first_day():
    with pytest.raises(NotInForce) as refusal:
        HOUSING.at(date(2014, 1, 1))
    assert str(refusal.value) == (
        "jht/partial/housing_rate was not in force on 2014-01-01; the first value starts 2015-07-01"
    )


def test_after_the_last_value_the_refusal_names_the_last_day():
    with pytest.raises(NotInForce, match="2025-02-07; the last value ended 2025-02-06"):
        HOUSING.at(date(2025, 2, 7))


def test_between_two_values_the_refusal_names_both_days():
    gap = a_parameter(dated(1, date(2020, 1, 1), date(2020, 1, 31)), dated(2, date(2020, 3, 1)))
    with pytest.raises(NotInForce, match="it ended 2020-01-31 and starts again 2020-03-01"):
        gap.at(date(2020, 2, 10))


def test_what_was_read_is_recorded_in_order_and_once():
    law = Law.of([HOUSING, AGE]).on(date(2020, 1, 1))
    assert law.used == ()
    assert law.value("jht/full/age") == 56
    assert law.value("jht/partial/housing_rate") == Decimal("0.30")
    assert law.cite("jht/full/age").citation == "PP 1/2015 Pasal 1"
    assert law.used == ("jht/full/age", "jht/partial/housing_rate")
    assert [key for key, _ in law.citations] == list(law.used)


def test_two_answers_of_one_day_do_not_share_their_record():
    law = Law.of([HOUSING, AGE])
    first, second = law.on(date(2020, 1, 1)), law.on(date(2020, 1, 1))
    first.value("jht/full/age")
    assert second.used == ()


def test_a_rule_that_was_not_in_force_is_not_recorded_as_used():
    law = Law.of([HOUSING]).on(date(2014, 1, 1))
    assert not law.is_in_force("jht/partial/housing_rate")
    with pytest.raises(NotInForce):
        law.value("jht/partial/housing_rate")
    assert law.used == ()


def test_a_key_that_does_not_exist_brings_the_nearest_one():
    with pytest.raises(UnknownRule, match=r"'jht/ful/age'. Did you mean jht/full/age\?"):
        Law.of([AGE]).on(date(2020, 1, 1)).value("jht/ful/age")


def test_a_folder_holds_its_rules_and_not_those_of_a_longer_name():
    law = Law.of([AGE, a_parameter(dated(1, date(2020, 1, 1)), key="jhtx/other")])
    assert [one.key for one in law.under("jht")] == ["jht/full/age"]


def test_changes_of_a_month_name_what_was_and_what_is():
    law = Law.of([HOUSING, AGE])
    [change] = law.changes_between(date(2019, 12, 1), date(2019, 12, 31))
    assert (change.day, change.parameter) == (date(2019, 12, 2), HOUSING)
    assert (change.before.value, change.after.value) == (Decimal("0.20"), Decimal("0.30"))
    [end] = law.changes_between(date(2025, 2, 1), date(2025, 2, 28))
    assert (end.day, end.before.value, end.after) == (date(2025, 2, 7), Decimal("0.30"), None)
    assert law.changes_between(date(2020, 1, 1), date(2024, 12, 31)) == ()


@given(
    lengths=st.lists(st.integers(1, 400), min_size=1, max_size=8),
    step=st.integers(-30, 3_300),
)
def test_every_day_has_the_value_of_the_period_it_lies_in(lengths, step):
    first = day = date(2015, 7, 1)
    values = []
    for number, length in enumerate(lengths):
        values.append(dated(number, day, day + timedelta(days=length - 1)))
        day += timedelta(days=length)
    asked = first + timedelta(days=step)
    expected = [
        number
        for number, length in enumerate(lengths)
        if sum(lengths[:number]) <= step < sum(lengths[:number]) + length
    ]
    parameter = a_parameter(*values)
    if expected:
        assert parameter.at(asked).value == expected[0]
    else:
        with pytest.raises(NotInForce):
            parameter.at(asked)

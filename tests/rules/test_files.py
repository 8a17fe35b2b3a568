"""Every rule that ships: it loads, it is cited, and it fits together with the others."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from giliran.core.parameters import NotInForce
from giliran.rules import load, load_from
from giliran.rules.loader import HERE, UNITS, rule_paths

LAW = load()
TODAY = date(2026, 11, 21)
ONE_DAY = timedelta(days=1)
every_rule = pytest.mark.parametrize("parameter", list(LAW), ids=lambda one: one.key)


def value(key, day=TODAY):
    return LAW.on(day).value(key)


def test_every_file_is_a_rule_and_every_rule_a_file():
    files = {path.relative_to(HERE).with_suffix("").as_posix() for path in rule_paths(HERE)}
    assert files == {one.key for one in LAW}
    assert len(files) > 200


def test_the_law_is_read_once_and_reads_the_same_again():
    assert load() is LAW
    assert load_from(HERE) == LAW


@every_rule
def test_a_rule_is_named_in_both_languages_and_cited(parameter):
    assert parameter.label_id != parameter.label_en
    assert parameter.unit in UNITS
    for dated in parameter.values:
        assert dated.law
        assert dated.article
        assert dated.confidence in {"confirmed", "single", "general"}
        if dated.confidence == "general":
            assert dated.unverified, "what comes from memory says so"


@every_rule
def test_the_day_before_a_change_still_has_the_old_value(parameter):
    for old, new in pairwise(parameter.values):
        assert parameter.at(new.since - ONE_DAY) is old
        assert parameter.at(new.since) is new
    with pytest.raises(NotInForce):
        parameter.at(parameter.values[0].since - ONE_DAY)
    last = parameter.values[-1]
    if last.until:
        assert parameter.at(last.until) is last
        with pytest.raises(NotInForce):
            parameter.at(last.until + ONE_DAY)
    else:
        assert parameter.at(date(2099, 12, 31)) is last


@pytest.mark.parametrize(
    ("key", "day", "expected"),
    [
        ("jkm/total", "2019-12-01", 24_000_000),
        ("jkm/total", "2019-12-02", 42_000_000),
        ("jkm/scholarship/min_contribution_years", "2019-12-01", 5),
        ("jkm/scholarship/min_contribution_years", "2019-12-02", 3),
        ("jkk/claim_window_years", "2019-12-01", 2),
        ("jkk/claim_window_years", "2019-12-02", 5),
        ("jkk/death/minimum", "2019-12-01", 16_200_000),
        ("jkk/death/minimum", "2019-12-02", 20_000_000),
        ("jkp/claim_deadline_months", "2025-02-06", 3),
        ("jkp/claim_deadline_months", "2025-02-07", 6),
        ("jkp/min_consecutive_months", "2025-02-06", 6),
        ("jkp/min_consecutive_months", "2025-02-07", 0),
        ("jkp/cash_rates", "2025-02-06", [Decimal("0.45")] * 3 + [Decimal("0.25")] * 3),
        ("jkp/cash_rates", "2025-02-07", [Decimal("0.60")] * 6),
        ("jp/retirement_age", "2018-12-31", 56),
        ("jp/retirement_age", "2019-01-01", 57),
        ("jp/retirement_age", "2024-12-31", 58),
        ("jp/retirement_age", "2025-01-01", 59),
        ("jp/retirement_age", "2043-01-01", 65),
        ("jp/contribution/wage_ceiling", "2026-02-28", 10_547_400),
        ("jp/contribution/wage_ceiling", "2026-03-01", 11_086_300),
        ("jp/benefit/minimum", "2026-01-31", 399_700),
        ("jp/benefit/minimum", "2026-02-01", 411_400),
        ("jht/full/age", "2022-04-25", 56),
        ("jht/full/age", "2022-04-26", 56),
        ("jht/online/jmo_balance_limit", "2025-04-30", 10_000_000),
        ("jht/online/jmo_balance_limit", "2025-05-01", 15_000_000),
        ("jht/partial/housing_rate", "2015-07-01", Decimal("0.30")),
        ("jht/partial/other_rate", "2026-11-21", Decimal("0.10")),
    ],
)
def test_the_law_of_a_day_is_the_law_of_that_day(key, day, expected):
    assert value(key, date.fromisoformat(day)) == expected


def test_who_stopped_working_had_to_wait_for_56_until_the_law_was_changed():
    assert "resigned" not in value("jht/full/reasons", date(2015, 8, 11))
    assert "resigned" in value("jht/full/reasons", date(2015, 8, 12))
    assert "contract_end" not in value("jht/full/reasons", date(2022, 4, 25))
    assert "contract_end" in value("jht/full/reasons", date(2022, 4, 26))


def test_pay_while_unable_to_work_was_changed_in_2019():
    def steps(day):
        return [
            (one["months"], one["rate"]) for one in value("jkk/temporary_incapacity/steps", day)
        ]

    assert steps(date(2019, 12, 1)) == [
        (6, Decimal(1)), (6, Decimal("0.75")), (None, Decimal("0.50")),
    ]  # fmt: skip
    assert steps(date(2019, 12, 2)) == [(12, Decimal(1)), (None, Decimal("0.50"))]


def test_paklaring_is_not_compulsory_since_christmas_2024():
    def need(day):
        rows = value("documents/jht/resigned", day)
        return next(row["need"] for row in rows if row["doc"] == "BUKTI_KERJA")

    assert need(date(2024, 12, 24)) == "always"
    assert need(date(2024, 12, 25)) == "if_available"


def test_money_and_rates_are_exact_numbers():
    assert isinstance(value("jkm/total"), Decimal)
    assert isinstance(value("jht/partial/housing_rate"), Decimal)
    assert all(isinstance(rate, Decimal) for rate in value("jkp/cash_rates"))
    assert isinstance(value("jht/full/age"), int)


@pytest.mark.parametrize("day", [date(2019, 12, 1), date(2019, 12, 2), TODAY])
def test_the_parts_of_jkm_are_its_total(day):
    parts = ("jkm/lump_sum", "jkm/periodic_at_once", "jkm/funeral")
    assert sum(value(part, day) for part in parts) == value("jkm/total", day)


@pytest.mark.parametrize("program", ["jht", "jp"])
def test_worker_and_employer_pay_the_whole_contribution(program):
    rates = (value(f"{program}/contribution/{who}_rate") for who in ("employee", "employer"))
    assert sum(rates) == value(f"{program}/contribution/total_rate")


@pytest.mark.parametrize("day", [date(2025, 2, 6), date(2025, 2, 7)])
def test_the_parts_of_the_jkp_contribution_are_its_total(day):
    parts = value("jkp/contribution/parts", day)
    assert sum(parts.values()) == value("jkp/contribution/total_rate", day)


def test_the_most_that_scholarships_pay_is_two_children_up_the_whole_ladder():
    ladder = value("scholarship/ladder")
    one_child = sum(step["amount"] * step["max_years"] for step in ladder)
    assert one_child * value("scholarship/max_children") == value("scholarship/max_total")


def test_death_and_total_disability_are_parts_of_eighty_wages():
    base = value("jkk/disability/base_multiple")
    assert value("jkk/death/multiple_of_wage") == base * Decimal("0.60")
    assert value("jkk/disability/total_multiple_of_wage") == base * Decimal("0.70")


def test_the_disability_table_names_each_part_once_and_right_is_never_less_than_left():
    rows = {row["part"]: row for row in value("jkk/disability/partial_rates")}
    assert len(rows) == len(value("jkk/disability/partial_rates")) == 46
    for part, row in rows.items():
        assert row["rate"] <= row["rate_at_most"]
        if part.startswith("right_"):
            assert row["rate"] > rows[part.replace("right_", "left_", 1)]["rate"]
    assert (rows["scalp"]["rate"], rows["scalp"]["rate_at_most"]) == (
        Decimal("0.10"),
        Decimal("0.30"),
    )


def test_a_self_employed_member_pays_one_percent_of_the_base_for_jkk():
    for row in value("jkk/contribution/self_employed_table"):
        assert row["contribution"] * 100 == row["benefit_base"]


def test_the_retirement_age_rises_by_one_every_three_years():
    ages = LAW["jp/retirement_age"].values
    assert [dated.value for dated in ages] == list(range(56, 66))
    assert [dated.since.year for dated in ages[1:]] == list(range(2019, 2044, 3))


@pytest.mark.parametrize("key", ["jakon/contract_ladder", "tax/jht/progressive_brackets"])
def test_a_ladder_has_no_hole_and_no_top(key):
    for dated in LAW[key].values:
        tops = [row["up_to"] for row in dated.value]
        assert tops[-1] is None
        assert tops[:-1] == sorted(set(tops[:-1]))


def test_each_step_of_a_ladder_begins_where_the_last_one_ends():
    for lower, upper in pairwise(value("jakon/contract_ladder")):
        assert upper["above"] == lower["up_to"]


def test_each_document_that_is_asked_for_has_a_name_and_an_issuer():
    names = value("documents/catalogue")
    assert names.keys() == value("documents/issuers").keys()
    asked = {
        row["doc"]
        for one in LAW
        if one.unit == "documents"
        for dated in one.values
        for row in dated.value
    }
    assert asked <= names.keys()
    assert {"KTP", "SKAW", "BUKTI_PHK"} <= asked


def test_the_ladder_of_complaints_names_deadlines_that_exist():
    named = [row["deadline"] for row in value("complaints/ladder") if "deadline" in row]
    assert named
    assert all(key in LAW for key in named)


def test_only_what_was_read_is_named_as_used():
    law = LAW.on(TODAY)
    law.value("deadlines/jht_pay")
    law.value("jht/full/age")
    law.value("deadlines/jht_pay")
    assert law.used == ("deadlines/jht_pay", "jht/full/age")


def test_a_source_with_an_address_can_be_opened():
    assert all(
        source.startswith("https://") for source in LAW.on(TODAY).cite("jht/full/age").sources
    )

"""What must hold for every situation, whatever the law's numbers are."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giliran.core.eligibility import Answer, Decision, Situation, decide
from giliran.core.eligibility.words import CAUSES, CITIZENSHIP, HEIRS, OUTCOMES, REASONS, SEGMENTS
from giliran.rules import load
from giliran.rules.calendars import calendar

LAW, DAYS_OFF = load(), calendar()
unhurried = settings(deadline=None)  # a shared machine may pause in any test
ONE_DAY = timedelta(days=1)
days = st.dates(date(2015, 1, 1), date(2032, 12, 31)).map(date.isoformat)
born = st.dates(date(1950, 1, 1), date(2008, 12, 31)).map(date.isoformat)
rupiah = st.integers(0, 400_000_000)
maybe = st.one_of(st.none(), st.booleans())


def known(**fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


cards = st.lists(
    known(active=maybe, balance=rupiah, since=days, until=days, name=st.sampled_from(["A", "B"])),
    max_size=3,
)
situations = st.fixed_dictionaries(
    {"date": days, "reason": st.sampled_from(sorted(REASONS))},
    optional={
        "program": st.sampled_from(["JHT", "JKK", "JKM", "JP", "JKP"]),
        "segment": st.sampled_from(sorted(SEGMENTS)),
        "event_date": days,
        "birth_date": born,
        "citizenship": st.sampled_from(sorted(CITIZENSHIP)),
        "agreed_pension_age": st.integers(45, 60),
        "wage": rupiah,
        "income": rupiah,
        "contribution_months": st.integers(0, 200),
        "active_on_event": maybe,
        "arrears_months": st.integers(0, 9),
        "cause": st.sampled_from(sorted(CAUSES)),
        "npwp": maybe,
        "working": maybe,
        "merged": maybe,
        "cards": cards,
        "earlier_withdrawals": st.lists(
            known(date=days, kind=st.sampled_from(["partial_other", "full"]), gross=rupiah),
            max_size=2,
        ),
        "claimant": known(
            heir=st.sampled_from(sorted(HEIRS)),
            nearer_heirs=maybe,
            remarried=maybe,
            age=st.integers(0, 90),
            working=maybe,
            married=maybe,
            proxy=maybe,
        ),
        "children": st.lists(
            known(
                age=st.integers(0, 30),
                school=st.sampled_from(["sd", "smp", "sma", "kuliah", "belum_sekolah"]),
            ),
            max_size=3,
        ),
        "accident": known(
            outcome=st.sampled_from(sorted(OUTCOMES)),
            months_unable=st.integers(0, 40),
            transport=known(land=rupiah, sea=rupiah, air=rupiah),
            injuries=st.lists(
                known(
                    part=st.sampled_from(["left_thumb", "scalp", "both_eyes", "spleen"]),
                    function_lost_percent=st.integers(0, 100),
                ),
                max_size=2,
            ),
        ),
        "pension": known(
            months=st.integers(0, 500),
            density=st.integers(0, 100),
            enrolled_on=days,
            average_wage=rupiah,
            balance=rupiah,
            in_payment=rupiah,
        ),
        "job_loss": known(
            enrolled=maybe,
            willing=maybe,
            months_paid_of_last_24=st.integers(0, 24),
            longest_run_months=st.integers(0, 24),
            times_before=st.integers(0, 4),
            months_paid_since_last=st.integers(0, 100),
            month=st.integers(1, 6),
            applications=st.integers(0, 9),
            status_form=maybe,
            ended_before_term=maybe,
        ),
    },
)


def answer_to(values: dict[str, Any]) -> Answer:
    return decide(Situation.from_json(values), LAW, DAYS_OFF)


@unhurried
@given(situations)
def test_no_amount_is_negative_and_the_net_is_what_is_left(values: dict[str, Any]):
    for answer in (first := answer_to(values), *first.also):
        assert all(one.rupiah is None or one.rupiah >= 0 for one in answer.amounts)
        tax = answer.tax
        if tax and tax.rupiah is not None and tax.net is not None:
            assert tax.rupiah >= 0
            assert tax.net >= 0
            assert tax.rupiah + tax.net == answer.total


@unhurried
@given(situations)
def test_the_explanation_names_every_rule_that_was_used_and_no_other(values: dict[str, Any]):
    for answer in (first := answer_to(values), *first.also):
        named = {key for step in answer.steps for key in step.rules}
        assert named == {article.key for article in answer.articles}


@unhurried
@given(situations)
def test_a_question_blocks_or_an_answer_stands(values: dict[str, Any]):
    for answer in (first := answer_to(values), *first.also):
        blocking = [one for one in answer.questions if one.blocks]
        assert (answer.decision == Decision.NEED_FACTS) <= bool(blocking)
        if answer.decision == Decision.ENTITLED:
            assert not blocking


@unhurried
@given(situations)
def test_not_yet_is_in_the_future_and_entitled_is_not(values: dict[str, Any]):
    day = date.fromisoformat(values["date"])
    for answer in (first := answer_to(values), *first.also):
        if answer.earliest_date and answer.decision == Decision.NOT_YET:
            assert answer.earliest_date > day
        if answer.earliest_date and answer.decision == Decision.ENTITLED:
            assert answer.earliest_date <= day


@unhurried
@given(situations)
def test_every_answer_reads_as_sentences_and_as_json(values: dict[str, Any]):
    page = json.dumps(answer_to(values).to_json())
    assert "%(" not in " ".join(_texts(json.loads(page)))


def _texts(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["text"]] if isinstance(node.get("text"), str) else []
        return own + [text for value in node.values() for text in _texts(value)]
    return [text for one in node for text in _texts(one)] if isinstance(node, list) else []


BASE: dict[str, dict[str, Any]] = {
    "jht": {
        "reason": "resigned",
        "program": "JHT",
        "event_date": "2025-01-05",
        "working": False,
        "npwp": False,
    },
    "jkk": {
        "reason": "work_accident",
        "segment": "PU",
        "event_date": "2025-12-05",
        "active_on_event": True,
        "arrears_months": 0,
    },
    "jkm": {
        "reason": "death",
        "program": "JKM",
        "segment": "BPU",
        "event_date": "2026-10-05",
        "cause": "other",
        "active_on_event": True,
        "claimant": "spouse",
        "children": [{"age": 9, "school": "sd"}],
    },
    "jp": {"reason": "age", "program": "JP", "segment": "PU", "birth_date": "1966-01-05"},
    "jkp": {
        "reason": "dismissed",
        "program": "JKP",
        "segment": "PU",
        "event_date": "2026-09-05",
        "citizenship": "WNI",
        "working": False,
        "job_loss": {"enrolled": True, "willing": True, "months_paid": 20, "times_before": 0},
    },
}
TODAY = "2026-11-23"


def due(answer: Answer) -> int:
    if answer.decision != Decision.ENTITLED:
        return 0
    return int(sum(one.rupiah or 0 for one in answer.amounts))


@unhurried
@given(rupiah, rupiah, st.sampled_from(["2026-02-01", "2019-02-01"]))
def test_a_larger_jht_balance_never_pays_less_after_tax(one: int, other: int, taken: str):
    earlier = [{"date": taken, "kind": "partial_other", "gross": 7_000_000}]

    def net(balance: int) -> int:
        card = {"active": False, "balance": balance}
        told = {**BASE["jht"], "date": TODAY, "cards": [card], "earlier_withdrawals": earlier}
        tax = answer_to(told).tax
        assert tax is not None
        assert tax.net is not None
        return int(tax.net)

    assert net(min(one, other)) <= net(max(one, other))


@unhurried
@given(rupiah, rupiah, st.sampled_from(sorted(OUTCOMES)), st.integers(1, 30))
def test_a_larger_wage_never_pays_less_jkk(one: int, other: int, outcome: str, months: int):
    accident = {
        "outcome": outcome,
        "months_unable": months,
        "injuries": [{"part": "left_thumb", "function_lost_percent": 40}],
    }

    def paid(wage: int) -> int:
        told = {**BASE["jkk"], "date": TODAY, "accident": accident, "claimant": "spouse"}
        return due(answer_to({**told, "wage": wage}))

    assert paid(min(one, other)) <= paid(max(one, other))


@unhurried
@given(st.integers(0, 60), st.integers(0, 60))
def test_more_months_unable_to_work_never_pay_less(one: int, other: int):
    def paid(months: int) -> int:
        accident = {"outcome": "in_treatment", "months_unable": months}
        told = {**BASE["jkk"], "date": TODAY, "accident": accident, "wage": 3_333_333}
        return due(answer_to(told))

    assert paid(min(one, other)) <= paid(max(one, other))


@unhurried
@given(st.integers(0, 120), st.integers(0, 120))
def test_more_contribution_months_never_pay_less_jkm(one: int, other: int):
    def paid(months: int) -> int:
        return due(answer_to({**BASE["jkm"], "date": TODAY, "contribution_months": months}))

    assert paid(min(one, other)) <= paid(max(one, other))


@unhurried
@given(st.integers(180, 600), st.integers(180, 600), rupiah, rupiah)
def test_more_months_and_more_wage_never_give_a_smaller_pension(
    months: int, other: int, wage: int, more: int
):
    def paid(count: int, average: int) -> int:
        pension = {"months": count, "average_wage": average}
        return due(answer_to({**BASE["jp"], "date": TODAY, "pension": pension}))

    low = paid(min(months, other), min(wage, more))
    assert low <= paid(max(months, other), max(wage, more))
    assert low <= paid(max(months, other), min(wage, more))


@unhurried
@given(rupiah, rupiah)
def test_a_larger_wage_never_pays_less_jkp(one: int, other: int):
    def paid(wage: int) -> int:
        return due(answer_to({**BASE["jkp"], "date": TODAY, "wage": wage}))

    assert paid(min(one, other)) <= paid(max(one, other))


def _changes() -> list[date]:
    found = {day for rule in LAW for day in rule.changes}
    ended = {dated.until + ONE_DAY for rule in LAW for dated in rule.values if dated.until}
    return sorted(day for day in found | ended if date(2015, 7, 2) <= day <= date(2027, 1, 1))


FAR_FROM_EVERY_THRESHOLD: list[dict[str, Any]] = [
    {
        **BASE["jht"],
        "event_date": "2015-03-03",
        "birth_date": "1990-03-03",
        "earlier_withdrawals": [],
        "cards": [{"active": False, "balance": 12_000_000}],
    },
    {"reason": "partial_other", "card_active": True, "membership_years": 12, "balance": 9_999_999},
    {"reason": "old_card", "working": True, "cards": [{"active": False}, {"active": True}]},
    {**BASE["jkm"], "event_date": "2015-08-08", "contribution_months": 90},
    {**BASE["jp"], "birth_date": "1950-03-03", "pension": {"months": 200, "average_wage": 7e6}},
    {
        **BASE["jkp"],
        "event_date": "2021-03-03",
        "wage": 9_000_000,
        "job_loss": {
            **BASE["jkp"]["job_loss"],
            "month": 4,
            "applications": 6,
            "longest_run_months": 9,
        },
    },
]


@pytest.mark.parametrize("told", FAR_FROM_EVERY_THRESHOLD)
@pytest.mark.parametrize("change", _changes())
def test_the_day_before_and_the_day_of_a_change_differ_only_as_the_law_says(
    told: dict[str, Any], change: date
):
    """Nothing but a rule that ended or began that day may change decision, code or money."""
    before = answer_to({**told, "date": (change - ONE_DAY).isoformat()})
    after = answer_to({**told, "date": change.isoformat()})
    if _outcome(before) == _outcome(after):
        return
    began = {one.key for one in after.articles if one.since == change}
    ended = {one.key for one in before.articles if one.until == change - ONE_DAY}
    if before.reason_code == "program_not_yet_in_force":
        folder = LAW.under(before.program.lower())
        began |= {rule.key for rule in folder if rule.changes[0] == change}
    assert began | ended, (_outcome(before), _outcome(after))


def _outcome(answer: Answer) -> tuple[Any, ...]:
    money = tuple((one.code, one.rupiah, one.kind) for one in answer.amounts)
    return answer.decision, answer.reason_code, money, answer.tax and answer.tax.rupiah

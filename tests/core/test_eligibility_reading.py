"""A situation is read as people write it, and a field that can't be read is named."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from giliran.cli.rights import rights
from giliran.core.eligibility import Decision, Situation, UnreadableSituation, decide
from giliran.core.eligibility.fields import CHOICES, put
from giliran.core.eligibility.words import HEIRS, PROGRAMS, REASONS, SCHOOLS, SEGMENTS
from giliran.rules import load
from giliran.rules.calendars import calendar

DATED = {"date": "2026-11-23", "reason": "resigned"}


def read(**fields: Any) -> Situation:
    return Situation.from_json({**DATED, **fields})


def problems(**fields: Any) -> list[str]:
    with pytest.raises(UnreadableSituation) as refusal:
        read(**fields)
    return [str(one) for one in refusal.value.problems]


@pytest.mark.parametrize(
    "written", [12500000, 12500000.0, "12500000", "Rp12.500.000", "Rp 12.500.000,00", "12,500,000"]
)
def test_money_is_read_as_people_write_it(written: object):
    assert read(cards=[{"balance": written}]).balance == Decimal(12500000)


@pytest.mark.parametrize(
    "written", ["2026-10-05", "2026/10/05", "05-10-2026", "5/10/2026", "2026-10-05T08:00:00+07:00"]
)
def test_days_are_read_as_people_write_them(written: str):
    assert str(read(event_date=written).event_date) == "2026-10-05"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("Mengundurkan diri", "resigned"), ("PHK", "dismissed"), ("pkwt", "contract_end"),
     ("usia 56", "age"), ("CTT", "total_permanent_disability"), ("meninggal dunia", "death"),
     ("partial_30", "partial_housing"), ("kpj lama", "old_card"), ("KECELAKAAN", "work_accident")],
)  # fmt: skip
def test_a_reason_is_understood_in_many_words(written: str, meant: str):
    assert read(reason=written).reason == meant


def test_an_heir_may_be_told_in_one_word_or_as_an_object():
    assert read(claimant="istri").claimant.heir == "spouse"
    assert read(claimant={"type": "ahli waris", "relation": "kakak"}).claimant.heir == "sibling"
    assert read(claimant={"rank": 4}).claimant.heir == "parent_in_law"
    assert read(claimant="kuasa").claimant.proxy is True


def test_work_may_be_told_in_one_word_or_as_an_object():
    assert read(working=False).employment.working is False
    assert read(employment="unemployed").employment.working is False
    assert read(employment={"status": "employed"}).employment.working is True
    assert read(employment={"working": True, "programs": ["JKK", "JKM"]}).employment.jht is False


def test_one_balance_may_stand_for_all_the_cards():
    assert read(balance=7000000).balance == Decimal(7000000)
    two = read(balance=7000000, cards=[{"active": False}, {"active": True}])
    assert two.balance == Decimal(7000000)
    assert [card.balance for card in two.cards] == [None, None]


def test_a_card_may_list_its_spells():
    spells = [{"from": "2010-01", "to": "2012-06-30"}, {"from": "2014-02-01"}]
    card = read(cards=[{"spells": spells}]).cards[0]
    assert (str(card.since), card.until) == ("2010-01-01", None)


def test_children_may_be_counted_only():
    assert len(read(children=2).children or ()) == 2


def test_the_day_may_be_told_where_the_event_is_told():
    inside = [
        {"accident": {"date": "2026-10-05"}},
        {"job_loss": {"dismissed_on": "2026-10-05"}},
        {"employment": {"working": False, "ended_on": "2026-10-05"}},
        {"date_of_death": "2026-10-05"},
    ]
    assert {str(read(**told).event_date) for told in inside} == {"2026-10-05"}
    assert not any(read(**told).unread for told in inside)


def test_null_empty_and_unknown_mean_not_known():
    blank = read(npwp=None, working="", birth_date="unknown", cards=[{"active": "tidak tahu"}])
    assert (blank.npwp, blank.employment.working, blank.birth_date) == (None, None, None)
    assert blank.cards[0].active is None


@pytest.mark.parametrize(
    ("fields", "named", "hint"),
    [
        ({"date": "2026-13-01"}, "date", "2026-11-21"),
        ({"date": None}, "date", "2026-11-21"),
        ({"cards": [{}, {"balance": -1}]}, "cards[1].balance", "42000000"),
        ({"cards": [{"balance": "many"}]}, "cards[0].balance", "42000000"),
        ({"cards": [7]}, "cards[0]", "{}"),
        ({"segment": "PUU"}, "segment", "PU"),
        ({"reason": "resing"}, "reason", "resign"),
        ({"age": 200}, "age", "120"),
        ({"working": "perhaps"}, "working", "true"),
        ({"pension": {"density": 180}}, "pension.density", "100"),
        ({"accident": []}, "accident", "{}"),
        ({"earlier_withdrawals": "once"}, "earlier_withdrawals", "[]"),
        ({"papers": ["stolen"]}, "papers[0]", "lost_card"),
    ],
)
def test_a_field_that_cannot_be_read_is_named_with_an_example(
    fields: dict[str, Any], named: str, hint: str
):
    (told,) = problems(**fields)
    assert named in told
    assert hint in told


def test_every_wrong_field_is_told_at_once():
    assert len(problems(date="soon", segment="X", age=-3)) == 3


@pytest.mark.parametrize("values", [[], "text", 7, None])
def test_what_is_no_object_is_refused(values: Any):
    with pytest.raises(UnreadableSituation, match="kurung kurawal"):
        Situation.from_json(values)


def test_an_unknown_field_is_not_skipped_in_silence():
    told = decide(read(balanse=5, cards=[{"ballance": 1}]), load(), calendar()).notices
    assert ["balanse" in str(one) or "ballance" in str(one) for one in told] == [True, True]
    assert "balance" in str(told[0]) + str(told[1])


JSON_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    ["date", "reason", "age", "cards", "claimant", "employment", "children", "accident", "wage"]
)


@settings(deadline=None)
@given(st.dictionaries(FIELDS, JSON_VALUES))
def test_whatever_is_written_is_answered_or_refused_by_name(values: dict[str, Any]):
    refused: tuple[Any, ...] = ()
    try:
        decide(Situation.from_json({**DATED, **values}), load(), calendar())
    except UnreadableSituation as refusal:
        refused = refusal.problems
    assert all(one.field in str(one) for one in refused)


@pytest.mark.parametrize("segment", sorted(SEGMENTS))
@pytest.mark.parametrize("reason", sorted(REASONS))
def test_the_dialogue_ends_when_every_question_is_answered(reason: str, segment: str):
    for program in [None, *(set(PROGRAMS) - {"JKN"})]:
        told: dict[str, Any] = {"date": "2026-11-23", "segment": segment, "program": program}
        for _turn in range(25):
            answer = decide(Situation.from_json(told), load(), calendar())
            blocking = [one for one in answer.questions if one.blocks]
            if not blocking:
                break
            asked = blocking[0]
            value = reason if asked.field == "reason" and "reason" not in told else asked.example
            told = put(told, asked.field, value)
        assert answer.decision != Decision.NEED_FACTS, (told, answer.questions)


def test_every_choice_that_is_offered_can_be_told():
    known = {
        "reason": REASONS, "segment": SEGMENTS, "claimant.heir": HEIRS, "children[].school": SCHOOLS
    }  # fmt: skip
    for field, words in known.items():
        assert set(CHOICES[field]) == set(words)


def test_a_fact_is_put_where_the_question_points():
    told = put({"claimant": "heir"}, "claimant.nearer_heirs", False)
    assert told == {"claimant": {"kind": "heir", "nearer_heirs": False}}
    told = put({"employment": "working"}, "employment.jht", True)
    assert Situation.from_json({**DATED, **told}).employment.working is True
    assert put({}, "cards[1].active", False) == {"cards": [{}, {"active": False}]}
    first: dict[str, Any] = {"cards": [{"balance": 1}]}
    assert put(first, "cards[0].active", True)["cards"] == [{"balance": 1, "active": True}]
    assert first == {"cards": [{"balance": 1}]}


def test_the_command_prints_what_was_promised(tmp_path: Path):
    page = tmp_path / "me.json"
    page.write_text(json.dumps({**DATED, "event_date": "2026-08-01", "working": False,
                                "cards": [{"active": False, "balance": 62000000}]}))  # fmt: skip
    ran = CliRunner().invoke(rights, ["ask", str(page)])
    assert ran.exit_code == 0
    answer = json.loads(ran.output)
    asked_for = {"decision", "reason_code", "earliest_date", "amounts", "tax", "documents",
                 "channel", "deadline", "alternatives", "articles"}  # fmt: skip
    assert asked_for <= set(answer)
    assert (answer["decision"], answer["tax"]["rupiah"]) == ("entitled", 600000)


def test_the_command_reads_standard_input_and_lists():
    ran = CliRunner().invoke(rights, ["ask", "-", "--compact"], input=json.dumps([DATED, DATED]))
    assert ran.exit_code == 0
    assert [one["decision"] for one in json.loads(ran.output)] == ["need_facts", "need_facts"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"date": "yesterday"}', "date"),
        ('[{"date": "2026-11-23"}, {"date": "2026-11-23", "segment": "XX"}]', "situation 2"),
        ("{not json", "line 1"),
        ("", "not JSON"),
    ],
)
def test_bad_input_is_a_clear_sentence_and_exit_code_2(text: str, said: str):
    ran = CliRunner().invoke(rights, ["ask", "-"], input=text)
    assert ran.exit_code == 2
    assert said in ran.output
    assert "Traceback" not in ran.output


def test_a_missing_file_is_a_clear_sentence_and_exit_code_2():
    ran = CliRunner().invoke(rights, ["ask", "nowhere.json"])
    assert ran.exit_code == 2
    assert "nowhere.json" in ran.output

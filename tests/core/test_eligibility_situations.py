"""Each situation of tests/rules/situations is one person at the counter, with the article."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from giliran.core.eligibility import Answer, Situation, decide
from giliran.rules import load
from giliran.rules.calendars import calendar
from giliran.rules.reading import YAML_LOADER

FOLDER = Path(__file__).parent.parent / "rules" / "situations"


def stories() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        page = yaml.load(path.read_text(encoding="utf-8"), Loader=YAML_LOADER)  # noqa: S506 - a safe one
        for number, case in enumerate(page["cases"], start=1):
            given = {**page.get("base", {}), **case["given"]}
            given = {key: value for key, value in given.items() if value is not None}
            name = f"{path.stem}-{number}-{case['story']}"
            found.append(pytest.param(given, case["expect"], case["law"], id=name))
    return found


def seen(answer: Answer, name: str) -> Any:
    page = answer.to_json()
    looks = {
        "decision": lambda: page["decision"],
        "code": lambda: page["reason_code"],
        "earliest": lambda: page["earliest_date"],
        "total": lambda: page["total_once"],
        "tax": lambda: page["tax"]["rupiah"],
        "tax_method": lambda: page["tax"]["method"],
        "tax_between": lambda: [page["tax"]["lowest"], page["tax"]["highest"]],
        "channel": lambda: page["channel"]["best"],
        "must_come": lambda: page["channel"]["must_come"],
        "paid_by": lambda: page["deadline"]["paid_by"],
        "days": lambda: page["deadline"]["days"],
        "questions": lambda: [one["field"] for one in page["questions"] if one["blocks"]],
        "cards": lambda: page["cards"]["needed"],
        "balance": lambda: page["cards"]["total_balance"],
        "differences": lambda: sorted({one["field"] for one in page["cards"]["differences"]}),
        "also": lambda: {one["program"]: one["decision"] for one in page["also"]},
    }
    return looks[name]()


def held(answer: Answer, name: str) -> set[str]:
    page = answer.to_json()
    sets = {
        "documents": {one["code"] for one in page["documents"] if one["need"] == "yes"},
        "documents_if": {one["code"] for one in page["documents"] if one["need"] != "yes"},
        "no_documents": {one["code"] for one in page["documents"]},
        "alternatives": {one["code"] for one in page["alternatives"]},
        "rules": {one["key"] for one in page["articles"]},
        "no_rules": {one["key"] for one in page["articles"]},
        "asks": {one["field"] for one in page["questions"]},
        "kinds": {f"{one['code']}:{one['kind']}" for one in page["amounts"]},
    }
    return sets[name]


# A law that we do not hold, or a date on which the programme did not exist.
NOTHING_TO_CITE = {"law_of_that_day_unknown", "program_not_yet_in_force"}
STORIES = stories()


@pytest.mark.parametrize(("given", "expect", "law"), STORIES)
def test_the_counter_answers_as_the_law_says(
    given: dict[str, Any], expect: dict[str, Any], law: str
):
    answer = decide(Situation.from_json(given), load(), calendar())
    for name, wanted in expect.items():
        if name == "amounts":
            amounts = {one.code: one.to_json()["rupiah"] for one in answer.amounts}
            assert {code: amounts.get(code, "missing") for code in wanted} == wanted
        elif name == "notices":
            said = " ".join(str(one) for one in answer.notices)
            assert all(part in said for part in wanted), said
        elif name.startswith("no_"):
            assert not held(answer, name) & set(wanted), name
        elif name in {"documents", "documents_if", "alternatives", "rules", "asks", "kinds"}:
            assert set(wanted) <= held(answer, name), name
        else:
            found = seen(answer, name)
            assert (
                str(found) == str(wanted) if name in {"earliest", "paid_by"} else (found == wanted)
            ), f"{name}: {answer.reason_code}: {answer.summary}"
    cited = [f"{one.law} {one.article}" for one in answer.articles]
    unread = expect["decision"] == "need_facts" or expect["code"] in NOTHING_TO_CITE
    assert unread or any(law in one for one in cited), cited


def test_every_situation_says_what_is_decided_and_why():
    told = [param.values[1] for param in STORIES]
    assert len(told) >= 120
    assert all({"decision", "code"} <= set(expect) for expect in told)
    assert all(param.values[2] for param in STORIES)


def test_every_program_and_every_decision_has_its_situations():
    decisions = {param.values[1]["decision"] for param in STORIES}
    assert decisions == {"entitled", "not_yet", "not_entitled", "need_facts", "officer_decides"}
    programs = {
        decide(Situation.from_json(param.values[0]), load(), calendar()).program
        for param in STORIES
    }
    assert programs == {"JHT", "JKK", "JKM", "JP", "JKP"}

"""docs/rights.md says what the code does."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

from giliran.core.eligibility import Situation, decide
from giliran.core.eligibility.words import HEIRS, OUTCOMES, PAPERS, REASONS
from giliran.rules import load
from giliran.rules.calendars import calendar

ROOT = Path(__file__).parent.parent.parent
GUIDE = (ROOT / "docs" / "rights.md").read_text(encoding="utf-8")
ELIGIBILITY = ROOT / "giliran" / "core" / "eligibility"


def test_the_example_of_the_guide_gives_what_the_guide_says():
    example = re.search(r"echo '(.*?)' \| giliran", GUIDE, re.DOTALL)
    assert example
    page = decide(Situation.from_json(json.loads(example[1])), load(), calendar()).to_json()
    assert (page["decision"], page["total_once"], page["tax"]["rupiah"]) == (
        "entitled",
        62000000,
        600000,
    )
    assert len(page["documents"]) == 6
    assert page["deadline"]["paid_by"] == "2026-11-30"
    assert page["channel"]["best"] == "lapak_asik"


def test_the_guide_lists_every_word_that_may_be_told():
    for words in (REASONS, HEIRS, OUTCOMES, PAPERS):
        assert [word for word in words if word not in GUIDE] == []


def test_the_guide_lists_every_field_of_the_answer():
    page = decide(Situation.from_json({"date": "2026-11-23"}), load(), calendar()).to_json()
    told = set(page) - {"program", "reason"}
    assert [name for name in told if f"`{name}`" not in GUIDE] == []


def test_the_guide_lists_every_reason_code():
    codes = set()
    for path in ELIGIBILITY.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        codes |= set(re.findall(r"Decision\.[A-Z_]+,\s+\"([a-z_0-9]+)\"", text))
        codes |= set(re.findall(r"(?:entitled|not_yet|officer)\(\s*case,\s+\"([a-z_0-9]+)\"", text))
    assert len(codes) > 40
    assert sorted(code for code in codes if f"`{code}`" not in GUIDE) == []


def _said(path: Path) -> list[ast.Call]:
    """Give the calls that speak to a person."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [
        call
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in {"say", "notice", "change", "ask", "offer", "owe", "answer"}
    ]


def test_every_sentence_that_a_person_reads_is_marked_for_translation():
    for path in ELIGIBILITY.glob("*.py"):
        for call in _said(path):
            spoken = [
                one.value
                for one in call.args
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
            assert [text for text in spoken if " " in text] == [], (path.name, call.lineno)


def test_every_sentence_is_short_enough_for_a_twelve_year_old():
    for path in ELIGIBILITY.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            marked = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_"
            if not marked or not isinstance(node.args[0], ast.Constant):
                continue
            for sentence in re.split(r"[.:;?!]", str(node.args[0].value)):
                assert len(sentence.split()) <= 20, sentence
                assert "antrian" not in sentence

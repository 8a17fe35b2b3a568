"""A faulty file is refused with its name, its line and what to do."""

import textwrap

import pytest

from giliran.rules import RulesError, decrees_from, load_from

SOURCES = """
read_on: 2026-11-21
sources:
  pp46: {title: PP 46/2015 JHT, url: "https://example.id/pp46", kind: law_text}
"""

GOOD = """\
label:
  id: Bagian JHT untuk rumah
  en: Part of JHT for a house
unit: rate
last_value_still_valid_on: 2026-11-21
values:
  - since: 2015-07-01
    until: 2019-12-01
    value: "0.20"
    law: PP 46/2015
    article: Pasal 22 ayat (5)
    sources: [pp46]
    confidence: single
  - since: 2019-12-02
    value: "0.30"
    law: PP 46/2015
    article: Pasal 22 ayat (5)
    sources: [pp46]
    confidence: single
"""

YEAR = """\
year: 2026
law: SKB 3 Menteri
sources: [pp46]
confidence: single
last_value_still_valid_on: 2026-11-21
holidays:
  - {day: 2026-08-17, id: Kemerdekaan, en: Independence}
collective_leave: []
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sources.yaml").write_text(SOURCES)
    (tmp_path / "jht").mkdir()
    (tmp_path / "calendar").mkdir()
    return tmp_path


def refusal(folder, text, name="jht/housing_rate.yaml"):
    (folder / name).write_text(textwrap.dedent(text))
    with pytest.raises(RulesError) as fault:
        load_from(folder)
    assert fault.value.path.endswith(name)
    assert str(fault.value) == f"{fault.value.path}:{fault.value.line}: {fault.value.what}"
    return fault.value.line, fault.value.what


def test_the_example_itself_is_good(folder):
    (folder / "jht" / "housing_rate.yaml").write_text(GOOD)
    assert [one.key for one in load_from(folder)] == ["jht/housing_rate"]


@pytest.mark.parametrize(
    ("was", "written", "line", "told"),
    [
        ("2015-07-01", "2015-13-01", 7, "the calendar has no such day. Write year-month-day"),
        ("2015-07-01", "July 2015", 7, "Write year-month-day"),
        ("until: 2019-12-01", "until: 2015-06-30", 8, "before it starts on 2015-07-01"),
        ("2019-12-02", "2019-12-01", 14, "Let the one before end on 2019-11-30"),
        ("2019-12-02", "2019-12-03", 14, "There is a gap: the value before ends 2019-12-01"),
        ("    until: 2019-12-01\n", "", 13, "Two values overlap"),
        ("unit: rate", "unit: percent", 4, "The unit `percent` is not known. Known units: "),
        ("    law: PP 46/2015\n    article", "    article", 7, "'law' is a required property"),
        ("article: Pasal 22 ayat (5)\n", 'article: ""\n', 11, "Write some words"),
        ('"0.20"', "0.20", 9, 'Write "0.20" in quotes'),
        ('"0.20"', '"30"', 9, 'Write 30 % as "0.30"'),
        ('"0.20"', "sepuluh", 9, "is no number, and the unit is rate"),
        ("[pp46]", "[pp64]", 12, "The source `pp64` is not in sources.yaml"),
        ("[pp46]", "[]", 13, "without a source can't be single"),
        ("confidence: single", "confidence: sure", 13, "confirmed: two sources or more"),
        ("  en: Part of JHT for a house\n", "", 1, "'en' is a required property"),
        ("  id: Bagian", "  id: A\n  id: Bagian", 3, "for the second time (first on line 2)"),
        ("    law: PP", "    lawyer: A\n    law: PP", 7, "lawyer"),
        ("last_value_still_valid_on: 2026-11-21\n", "", 1, "last_value_still_valid_on"),
        ("2026-11-21", "2026-11-31", 5, "`last_value_still_valid_on` is 2026-11-31"),
        ("  - since: 2015", "  - sinse: [\n    since: 2015", 9, "This is not YAML"),
    ],
)
def test_each_kind_of_fault_names_its_line_and_the_way_out(folder, was, written, line, told):
    assert was in GOOD
    found, what = refusal(folder, GOOD.replace(was, written, 1))
    assert told in what
    assert found == line


@pytest.mark.parametrize(("text", "told"), [("", "holds no rule"), ("- a\n- b\n", "holds no rule")])
def test_an_empty_file_says_where_to_look(folder, text, told):
    assert refusal(folder, text) == (1, f"This file {told}. docs/rules.md shows how one looks.")


@pytest.mark.parametrize("content", [b"label: \xff\xfe", b"label: \x00"])
def test_a_file_that_is_no_text_says_how_to_save_it(folder, content):
    (folder / "jht" / "broken.yaml").write_bytes(content)
    with pytest.raises(RulesError, match=r"broken.yaml:1: This file can't be read as text"):
        load_from(folder)


def test_a_folder_without_sources_says_which_file_is_missing(tmp_path):
    with pytest.raises(RulesError, match=r"sources.yaml:1: This file is missing"):
        load_from(tmp_path)


def test_a_number_of_months_must_be_whole(folder):
    _, what = refusal(folder, GOOD.replace("unit: rate", "unit: months"))
    assert what == "'0.20' is no whole number of months. Write one such as 12."


def test_a_benefit_is_never_negative(folder):
    text = GOOD.replace("unit: rate", "unit: rupiah").replace('"0.20"', "-5")
    assert refusal(folder, text) == (9, "-5 is below zero; no benefit and no limit is.")


def test_every_column_of_a_table_has_a_unit(folder):
    text = GOOD.replace("unit: rate", "unit: table\ncolumns: {rate: rate}").replace(
        'value: "0.20"', 'value: [{months: 6, rate: "0.20"}]'
    )
    assert refusal(folder, text) == (10, "`months` has no unit. Name it under `columns`.")


def test_an_unknown_unit_of_a_column_names_its_line(folder):
    text = GOOD.replace("unit: rate", "unit: table\ncolumns:\n  rate: percents")
    line, what = refusal(folder, text)
    assert (line, what.split(".")[0]) == (6, "The unit `percents` is not known")


def test_a_file_with_the_other_ending_is_not_passed_over(folder):
    line, what = refusal(folder, GOOD, "jht/housing_rate.yml")
    assert (line, what) == (1, "Rule files end in .yaml. Rename this one.")


DOCUMENTS = GOOD.replace("unit: rate", "unit: documents").replace('"0.30"', "[]")
NAMES = GOOD.replace("unit: rate", "unit: table\ncolumns: {id: text}")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("{doc: KTPP, need: always}", "The document `KTPP` is not in documents/catalogue.yaml"),
        ("{doc: KTP, need: if}", "`need: if` and `when` go together"),
        ("{doc: KTP, need: if, when: rainy}", "The condition `rainy` is not in"),
        ("{doc: KTP, need: always, proof: proofs/x}", "There is no rule `proofs/x`"),
    ],
)
def test_a_list_of_documents_names_only_what_exists(folder, row, told):
    (folder / "documents").mkdir()
    for name, table in (("catalogue", "{KTP: {id: a}}"), ("conditions", "{sunny: {id: a}}")):
        text = NAMES.replace('"0.20"', table).replace('"0.30"', table)
        (folder / "documents" / f"{name}.yaml").write_text(text)
    line, what = refusal(folder, DOCUMENTS.replace('"0.20"', f"\n      - {row}"))
    assert told in what
    assert line == 10


@pytest.mark.parametrize(
    ("was", "written", "line", "told"),
    [
        ("2026-08-17", "2026-02-30", 7, "the calendar has no such day"),
        ("2026-08-17", "2025-08-17", 7, "2025-08-17 is not in 2026. Put it into its own year."),
        ("year: 2026", "year: 2027", 1, "The file is named 2026.yaml and holds 2027"),
        ("[pp46]", "[skb]", 3, "The source `skb` is not in sources.yaml"),
        (
            "collective_leave: []",
            "collective_leave:\n  - {day: 2026-08-17, id: Cuti, en: Leave}",
            9,
            "stands on line 7 already",
        ),
        (", en: Independence", "", 7, "'en' is a required property"),
    ],
)
def test_a_calendar_with_a_fault_is_refused_with_its_line(folder, was, written, line, told):
    assert was in YEAR
    (folder / "calendar" / "2026.yaml").write_text(YEAR.replace(was, written, 1))
    with pytest.raises(RulesError) as fault:
        decrees_from(folder)
    assert told in fault.value.what
    assert fault.value.line == line

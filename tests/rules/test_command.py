"""`giliran rules`, as typed."""

from datetime import date

import pytest
from click.testing import CliRunner

from giliran.cli.rules import rules
from giliran.core.deadline import DayOff
from giliran.rules import decrees, load
from giliran.rules.loader import HERE
from giliran.rules.unverified import BEGIN, END, unverified, with_list

PAGE = HERE.parent.parent / "docs" / "rules.md"


def typed(*words):
    return CliRunner().invoke(rules, words)


def test_check_is_content_on_the_day_the_law_was_read():
    result = typed("check", "--on", "2026-11-21")
    assert result.exit_code == 0
    assert "0 past date." in result.output


def test_check_names_what_nobody_compared_for_too_long():
    assert typed("check", "--on", "2026-12-21", "--max-age-days", "30").exit_code == 0
    result = typed("check", "--on", "2026-12-22", "--max-age-days", "30")
    assert result.exit_code == 1
    assert "past date  jht/full/age: last compared on 2026-11-21, 31 days ago" in result.output


def test_check_does_not_ask_for_rules_that_have_ended():
    result = typed("check", "--on", "2028-06-01")
    assert "jkk/contribution/labour_intensive_discount" not in result.output
    assert "jht/full/age" in result.output


def test_check_says_what_ends_soon_without_failing():
    result = typed("check", "--on", "2026-11-21")
    assert "ends soon  payment/self_employed_discount_other: 2026-12-31" in result.output
    assert "payment/self_employed_discount_transport" not in result.output


def test_check_asks_for_the_yearly_figure_from_the_day_the_law_moves_it():
    missing = "jp/contribution/wage_ceiling: the law moves it every year; the figure of 2027-03-01"
    assert missing not in typed("check", "--on", "2027-02-28").output
    assert missing in typed("check", "--on", "2027-03-01").output


def test_check_asks_for_next_years_holidays_from_november():
    missing = "calendar/2028.yaml: the holidays of 2028 are missing"
    assert missing not in typed("check", "--on", "2027-10-31").output
    result = typed("check", "--on", "2027-11-01")
    assert missing in result.output
    assert result.exit_code == 1


def test_at_prints_value_article_and_days():
    result = typed("at", "2022-05-01", "jkm", "--lang", "en")
    assert result.exit_code == 0
    assert "JKM in total (without scholarships)  [jkm/total]\n    Rp42.000.000\n" in result.output
    assert "Pasal 34 ayat (1); since 2019-12-02, without end" in result.output


def test_at_prints_the_law_of_that_day_and_not_of_today():
    assert "    Rp24.000.000\n" in typed("at", "2019-12-01", "jkm").output
    assert "45 %, 45 %, 45 %, 25 %, 25 %, 25 %" in typed("at", "2025-02-06", "jkp").output
    assert "60 %, 60 %, 60 %, 60 %, 60 %, 60 %" in typed("at", "2025-02-07", "jkp").output


def test_at_writes_numbers_as_the_language_does():
    assert "    5,7 %\n" in typed("at", "2026-01-01", "jht").output
    assert "    5.7 %\n" in typed("at", "2026-01-01", "jht", "--lang", "en").output
    assert "    5 hari kerja\n" in typed("at", "2026-01-01", "jht").output
    assert "    1 month\n" in typed("at", "2026-01-01", "jht", "--lang", "en").output


def test_at_also_finds_what_other_folders_say_about_a_program():
    output = typed("at", "2026-11-21", "jht").output
    for key in (
        "jht/full/age",
        "documents/jht/resigned",
        "tax/jht/final_brackets",
        "deadlines/jht_pay",
    ):
        assert f"[{key}]" in output


def test_at_says_which_rules_were_not_in_force():
    output = typed("at", "2014-01-01", "jkp").output
    assert (
        "- jkp/wage_ceiling was not in force on 2014-01-01; the first value starts 2021-02-02"
        in output
    )


@pytest.mark.parametrize(
    ("day", "program", "told"),
    [
        ("2022-13-01", "jht", "is no day of the calendar. Write it as 2022-05-01."),
        ("2022-05-01", "jxx", "There are no rules about 'jxx'. There are: arrears, complaints,"),
    ],
)
def test_at_refuses_what_it_does_not_know_and_says_what_there_is(day, program, told):
    result = typed("at", day, program)
    assert result.exit_code == 2
    assert told in " ".join(result.output.split())


def test_changes_tell_what_was_and_what_is():
    result = typed("changes", "2025-02-01", "2025-02-28", "--lang", "en")
    assert (
        "2025-02-07  Time to claim JKP since dismissal  [jkp/claim_deadline_months]"
        in result.output
    )
    assert "    was 3 months\n    is  6 months\n" in result.output


def test_a_month_without_change_says_so():
    assert (
        "Nothing changed from 2026-05-01 to 2026-05-31."
        in typed("changes", "2026-05-01", "2026-05-31").output
    )


def test_the_page_about_the_rules_lists_what_is_unverified_today():
    page = PAGE.read_text(encoding="utf-8")
    assert with_list(page, unverified(load(), decrees())) == page, (
        "run: giliran rules unverified --write docs/rules.md"
    )


def test_everything_from_memory_is_on_the_list():
    listed = unverified(load(), decrees())
    general = {one.key for one in load() for dated in one.values if dated.confidence == "general"}
    assert "deadlines/collective_leave" in general
    assert all(f"- `{key}` (" in listed for key in general)


def test_the_list_can_be_written_into_a_page(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"Before\n{BEGIN}\nthe list of last year\n{END}\nafter\n")
    assert typed("unverified", "--write", str(page)).exit_code == 0
    text = page.read_text()
    assert text.startswith(f"Before\n{BEGIN}\n\nOf ")
    assert text.endswith(f"{END}\nafter\n")
    assert "the list of last year" not in text


def test_a_page_without_the_marks_is_left_alone():
    with pytest.raises(ValueError, match="needs the two lines"):
        with_list("nothing", "list")


def test_a_day_off_is_named_in_both_languages():
    [year] = [one for one in decrees() if one.year == 2026]
    assert year.holidays[date(2026, 8, 17)] == DayOff(
        "Hari Kemerdekaan Republik Indonesia", "Independence Day"
    )

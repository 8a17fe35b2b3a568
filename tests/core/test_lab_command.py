"""`giliran simulate office`, as somebody types it."""

import json
import xml.etree.ElementTree as ET

import pytest
from click.testing import CliRunner

from giliran.cli.simulate import simulate


def told(*words):
    return CliRunner().invoke(simulate, ["office", "--days", "3", "--replications", "4", *words])


def test_without_a_question_it_answers_the_three_that_every_manager_asks():
    answer = json.loads(told("--json").output)

    assert list(answer["scenarios"]) == [
        "as it is",
        "+1 counter",
        "50 % pre-checked",
        "10 % more no-shows",
    ]
    for name, figure, sign in (
        ("+1 counter", "wait_p50_minutes.all", -1),
        ("50 % pre-checked", "served_a_day.all", 1),
        ("10 % more no-shows", "no_shows_a_day", 1),
    ):
        change = answer["scenarios"][name]["difference"][figure]
        assert sign * change["mean"] > change["half"]
    assert set(answer["scenarios"]["as it is"]["difference"]["idle_share"].values()) == {0.0}


def test_one_question_is_answered_alone_and_a_seed_repeats_the_answer():
    once, again = (told("--json", "--more-counters", "2", "--seed", "5").output for _ in range(2))

    assert once == again
    assert list(json.loads(once)["scenarios"]) == ["as it is", "+2 counters"]
    assert told("--json", "--more-counters", "2", "--seed", "6").output != once


def test_the_table_and_the_picture_tell_every_class(tmp_path):
    path = tmp_path / "waits.svg"
    result = told("--out", str(path), "--no-numbers", "--people", "0.5")

    assert result.exit_code == 0
    assert "turned away" in result.output
    words = " ".join(ET.parse(path).getroot().itertext())  # noqa: S314 -- written a line ago
    for word in ("as it is", "+1 counter", "priority appointment", "standard walk-in"):
        assert word in words


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--more-counters", "-2"], "0 counters"),
        (["--out", "waits.png"], ".svg"),
        (["--precheck", "2"], "range"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(words, reason):
    result = told(*words)

    assert result.exit_code == 2
    assert reason in result.output

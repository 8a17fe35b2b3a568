"""`giliran simulate office`, as somebody types it."""

import json
import subprocess
import sys
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


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_the_table_and_the_picture_tell_every_class(tmp_path, ending):
    path = tmp_path / f"waits.{ending}"
    result = told("--out", str(path), "--no-numbers", "--people", "0.5")

    assert result.exit_code == 0
    assert "turned away" in result.output
    if ending == "png":
        assert path.read_bytes().startswith(b"\x89PNG")
    else:
        words = " ".join(ET.parse(path).getroot().itertext())  # noqa: S314 -- written a line ago
        for word in (
            "How long people wait",
            "4 times 3 days, seed 0",
            "95 % intervals",
            "minutes waited",
            "share of the served, %",
            "as it is",
            "+1 counter",
            "priority appointment",
            "standard walk-in",
        ):
            assert word in words


def test_the_same_play_is_drawn_with_the_same_bytes(tmp_path):
    for name in ("one.svg", "two.svg"):
        told("--out", str(tmp_path / name), "--precheck", "0.5")

    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()


def test_nothing_is_drawn_with_a_library_that_nobody_asked_for():
    asked = "import sys, giliran.cli.simulate; print('matplotlib' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True)

    assert found.stdout.split() == [b"False"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--more-counters", "-2"], "0 counters"),
        (["--out", "waits.pdf"], ".svg or .png"),
        (["--out", "no/such/folder/waits.png"], "the folder no/such/folder"),
        (["--on", "mars"], "dask://HOST:PORT"),
        (["--on", "dask"], "dask://HOST:PORT"),
        (["--precheck", "2"], "range"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(words, reason):
    result = told(*words)

    assert result.exit_code == 2
    assert reason in result.output

"""`giliran rights` answers a situation written as JSON: may I claim, how much, what to bring."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

UNREADABLE = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def rights() -> None:
    """Ask what a person is entitled to.

    The situation is JSON as docs/rights.md describes it; the answer is JSON too.

    Try it:  echo '{"date": "2026-11-21", "reason": "resigned"}' | giliran rights ask -
    """


@rights.command()
@click.argument("file", metavar="FILE.json")
@click.option("--compact", is_flag=True, help="One line instead of an indented page.")
def ask(file: str, *, compact: bool) -> None:
    """Answer the situation in FILE.json ("-" reads standard input).

    A list of situations gives a list of answers. Exit code 2: the file can't be read, and the
    message says which field, what it expects, and an example.
    """
    from giliran.core.eligibility import Situation, UnreadableSituation, decide
    from giliran.rules import load
    from giliran.rules.calendars import calendar

    read = _read(file)
    several = isinstance(read, list)
    answers = []
    for place, values in enumerate(read if several else [read], start=1):
        try:
            situation = Situation.from_json(values)
        except UnreadableSituation as refusal:
            where = f"{file}, situation {place}" if several else file
            _stop(f"{where}:", *(f"  {one}" for one in refusal.problems))
        answers.append(decide(situation, load(), calendar()).to_json())
    shown: Any = answers if several else answers[0]
    click.echo(json.dumps(shown, ensure_ascii=False, indent=None if compact else 2))


def _read(file: str) -> Any:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        _stop(f"There is no file {file}. Give the path of a JSON file, or - for standard input.")
    except (OSError, UnicodeDecodeError) as error:
        _stop(f"{file} can't be read as text: {error}. Save it as UTF-8 JSON.")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        _stop(
            f"{file} is not JSON: line {error.lineno}, column {error.colno}: {error.msg}. "
            'Write for instance {"date": "2026-11-21", "reason": "resigned"}.'
        )


def _stop(*lines: str) -> Any:
    for line in lines:
        click.echo(line, err=True)
    raise SystemExit(UNREADABLE)

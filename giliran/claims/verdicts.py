"""The one place where facts, the law of the day and the calendar meet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from giliran.core.eligibility import Situation, decide
from giliran.core.eligibility.answer import Answer
from giliran.core.parameters import Law
from giliran.rules import calendar, load


def verdict(situation: Mapping[str, Any], today: date) -> Answer:
    """Answer a situation written as docs/rights.md says; without a date it is about `today`.

    An event older than the rules that are stored goes to an officer.

    Raises:
        UnreadableSituation: a field can't be read; the refusal names every such field.

    """
    facts = Situation.from_json({"date": today.isoformat(), **situation})
    return decide(facts, law(), calendar())


def law() -> Law:
    """Give every rule through all of its time."""
    return load()

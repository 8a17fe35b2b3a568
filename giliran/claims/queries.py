"""The one place where facts, the law of the day and the calendar meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from giliran.core.eligibility import Answer, Decision, Sentence, Situation, decide, programs_for
from giliran.core.parameters import Law, NotInForce
from giliran.core.refusal import gettext_noop
from giliran.rules import calendar, load

_ = gettext_noop


def verdict(situation: Mapping[str, Any], today: date) -> Answer:
    """Answer a situation written as docs/rights.md says; without a date it is about `today`.

    An event older than the rules that are stored goes to an officer.

    Raises:
        UnreadableSituation: a field can't be read; the refusal names every such field.

    """
    facts = Situation.from_json({"date": today.isoformat(), **situation})
    try:
        return decide(facts, law(), calendar())
    except NotInForce:
        first, *others = (_alone(facts, program) for program in programs_for(facts))
        return replace(first, also=tuple(others))


def _alone(facts: Situation, program: str) -> Answer:
    """Answer for one program, so that a gap in its rules doesn't silence the others."""
    try:
        return decide(replace(facts, program=program), law(), calendar())
    except NotInForce:
        return Answer(
            program=program,
            reason=facts.reason,
            decision=Decision.OFFICER_DECIDES,
            reason_code="law_of_that_day_unknown",
            summary=Sentence(
                _("Aturan pada hari itu tidak tersimpan di sini. Petugas yang memutuskan.")
            ),
        )


def law() -> Law:
    """Give every rule through all of its time."""
    return load()

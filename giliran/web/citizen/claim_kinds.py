"""Which claim the answers about a right lead to: nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from giliran.claims.checklists import kind_of
from giliran.claims.dialogue import Done, next_step
from giliran.core.checklist import Paper
from giliran.core.eligibility import Answer, Decision

# Job loss is claimed at the ministry's own site, not here.
PROGRAMS = frozenset({"JHT", "JKK", "JKM", "JP"})


class Claimable(NamedTuple):
    """What may be claimed now, and on which answers that rests."""

    program: str
    kind: str
    situation: Mapping[str, Any]
    papers: tuple[Paper, ...]
    by_heir: bool


def claimable(told: Mapping[str, str], program: str, today: date) -> Claimable | None:
    """Return the claim for a program that these answers lead to, None if there is none."""
    done = next_step(told, today=today)
    if not isinstance(done, Done) or done.answer is None:
        return None
    for answer in (done.answer, *done.answer.also):
        if answer.program == program and may_be_claimed(answer):
            heir = done.situation.get("claimant", {}).get("kind") == "heir"
            return Claimable(program, kind_of(answer), done.situation, answer.documents, heir)
    return None


def may_be_claimed(answer: Answer) -> bool:
    """Say whether a claim may be begun on this answer, from home."""
    may_claim = answer.decision in {Decision.ENTITLED, Decision.OFFICER_DECIDES}
    return (
        may_claim
        and answer.program in PROGRAMS
        and bool(answer.documents)
        and bool(kind_of(answer))
    )

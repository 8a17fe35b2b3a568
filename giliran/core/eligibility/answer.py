"""What `decide` hands back: a decision, its reasons with their law, money, papers and time.

Every sentence is a msgid with its parameters kept apart, so that a page can translate it and
lay it out; `to_json` gives the form that `giliran rights ask` prints.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from giliran.core.checklist import Paper
from giliran.core.eligibility.fields import Kind, kind_of_field
from giliran.core.eligibility.sentence import Sentence


class Decision(StrEnum):
    """The five things an honest answer can be."""

    ENTITLED = "entitled"
    NOT_YET = "not_yet"
    NOT_ENTITLED = "not_entitled"
    NEED_FACTS = "need_facts"
    OFFICER_DECIDES = "officer_decides"


@dataclass(frozen=True, slots=True)
class Article:
    """A rule that was read, as it stood on `day`. In JSON `value` is null where it's a table."""

    key: str
    day: date
    law: str
    article: str
    value: Any
    since: date
    until: date | None
    confidence: str
    unverified: str = ""

    @property
    def citation(self) -> str:
        """Give law and article in one line, as an officer would quote them."""
        return f"{self.law} {self.article}".strip()

    def to_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "on": self.day.isoformat(),
            "law": self.law,
            "article": self.article,
            "value": _short(self.value),
            "since": self.since.isoformat(),
            "until": self.until.isoformat() if self.until else None,
            "confidence": self.confidence,
            "unverified": self.unverified,
        }


def _short(value: Any) -> Any:
    """Give a number, a word or a short list as JSON; a table stays in the rules: None."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        shown = [_short(one) for one in value]
        return None if None in shown else shown
    return value if isinstance(value, int | str) else None


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence of the explanation and the keys of the rules that it rests on."""

    sentence: Sentence
    rules: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {**self.sentence.to_json(), "rules": list(self.rules)}


@dataclass(frozen=True, slots=True)
class Question:
    """A fact that is missing: the field it goes into and how to ask a person for it.

    `blocks` is true when the decision itself waits for it, false when only an amount, the tax
    or the channel does.
    """

    field: str
    sentence: Sentence
    example: Any
    blocks: bool = True

    @property
    def kind(self) -> Kind:
        """How to ask: the kind of answer and the choices with their labels."""
        return kind_of_field(self.field, self.example)

    def to_json(self) -> dict[str, Any]:
        return {
            "field": self.field,
            **self.sentence.to_json(),
            "kind": self.kind.name,
            "choices": dict(self.kind.choices),
            "example": self.example,
            "blocks": self.blocks,
        }


@dataclass(frozen=True, slots=True)
class Amount:
    """Money due in whole rupiah, with its arithmetic.

    `per` is once, month, year or day. `kind` is exact, at_least (more is due than could be
    computed), at_most (a ceiling) or unknown (`rupiah` is None).
    """

    code: str
    label: Sentence
    rupiah: Decimal | None
    arithmetic: tuple[Sentence, ...] = ()
    per: str = "once"
    kind: str = "exact"
    payee: str = "claimant"

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "label": str(self.label),
            "rupiah": None if self.rupiah is None else int(self.rupiah),
            "per": self.per,
            "kind": self.kind,
            "payee": self.payee,
            "arithmetic": [one.to_json() for one in self.arithmetic],
        }


@dataclass(frozen=True, slots=True)
class Tax:
    """What is withheld. `rupiah` is None when it can't be decided here; `method` says how.

    method: final (PPh 21 final), progressive (Pasal 17), unverified, none.
    `lowest` and `highest` bound it while a fact is missing; `condition` says under which
    condition `rupiah` holds.
    """

    method: str
    rupiah: Decimal | None
    net: Decimal | None
    arithmetic: tuple[Sentence, ...] = ()
    lowest: Decimal | None = None
    highest: Decimal | None = None
    condition: Sentence | None = None

    def to_json(self) -> dict[str, Any]:
        def whole(value: Decimal | None) -> int | None:
            return None if value is None else int(value)

        return {
            "method": self.method,
            "rupiah": whole(self.rupiah),
            "net": whole(self.net),
            "lowest": whole(self.lowest),
            "highest": whole(self.highest),
            "condition": self.condition.to_json() if self.condition else None,
            "arithmetic": [one.to_json() for one in self.arithmetic],
        }


@dataclass(frozen=True, slots=True)
class Channel:
    """Where to ask: the best way first. `must_come` is None while a fact is missing."""

    ways: tuple[str, ...]
    must_come: bool | None
    why: Sentence

    def to_json(self) -> dict[str, Any]:
        return {
            "best": self.ways[0] if self.ways else None,
            "ways": list(self.ways),
            "must_come": self.must_come,
            "why": str(self.why),
        }


@dataclass(frozen=True, slots=True)
class Deadline:
    """How long the payer may take after the papers are complete and correct.

    `paid_by` is the last lawful day if the papers are complete on `complete_on`; None where the
    holidays of that year are not known.
    """

    days: int
    unit: str
    complete_on: date
    paid_by: date | None
    citation: str

    def to_json(self) -> dict[str, Any]:
        return {
            "days": self.days,
            "unit": self.unit,
            "counts_from": "papers_complete_and_correct",
            "complete_on": self.complete_on.isoformat(),
            "paid_by": self.paid_by.isoformat() if self.paid_by else None,
            "law": self.citation,
        }


@dataclass(frozen=True, slots=True)
class Alternative:
    """Something else that this person can do, or will be able to do from `from_day`."""

    code: str
    sentence: Sentence
    from_day: date | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            **self.sentence.to_json(),
            "from": self.from_day.isoformat() if self.from_day else None,
        }


@dataclass(frozen=True, slots=True)
class CardsAdvice:
    """What to do with two or more cards, or with data that differ.

    `needed` is merge, correct, merge_and_correct or nothing; `differences` name the field and
    the card (its place in the list, from 1).
    """

    needed: str
    total_balance: Decimal | None
    differences: tuple[tuple[str, int], ...]
    steps: tuple[Sentence, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "needed": self.needed,
            "total_balance": None if self.total_balance is None else int(self.total_balance),
            "differences": [{"field": name, "card": place} for name, place in self.differences],
            "steps": [one.to_json() for one in self.steps],
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """One honest answer about one program. `also` answers the other programs of the event."""

    program: str
    reason: str
    decision: Decision
    reason_code: str
    summary: Sentence
    earliest_date: date | None = None
    would_change: tuple[Sentence, ...] = ()
    questions: tuple[Question, ...] = ()
    steps: tuple[Step, ...] = ()
    amounts: tuple[Amount, ...] = ()
    tax: Tax | None = None
    documents: tuple[Paper, ...] = ()
    channel: Channel | None = None
    deadline: Deadline | None = None
    alternatives: tuple[Alternative, ...] = ()
    cards: CardsAdvice | None = None
    articles: tuple[Article, ...] = ()
    notices: tuple[Sentence, ...] = ()
    also: tuple[Answer, ...] = ()

    @property
    def total(self) -> Decimal | None:
        """Sum what is paid once and known; None when nothing of it is known."""
        known = [one.rupiah for one in self.amounts if one.per == "once" and one.rupiah is not None]
        return sum(known, Decimal(0)) if known else None

    @property
    def next_question(self) -> Question | None:
        """Give the first question that a decision waits for, here or in `also`."""
        every = (one for answer in (self, *self.also) for one in answer.questions)
        return next((one for one in every if one.blocks), None)

    def to_json(self) -> dict[str, Any]:
        """Give the answer as plain JSON values (rupiah as whole numbers, days as ISO)."""
        return {
            "program": self.program,
            "reason": self.reason,
            "decision": self.decision.value,
            "reason_code": self.reason_code,
            "summary": self.summary.to_json(),
            "earliest_date": self.earliest_date.isoformat() if self.earliest_date else None,
            "would_change": [one.to_json() for one in self.would_change],
            "questions": [one.to_json() for one in self.questions],
            "steps": [one.to_json() for one in self.steps],
            "amounts": [one.to_json() for one in self.amounts],
            "total_once": None if self.total is None else int(self.total),
            "tax": self.tax.to_json() if self.tax else None,
            "documents": [one.to_json() for one in self.documents],
            "channel": self.channel.to_json() if self.channel else None,
            "deadline": self.deadline.to_json() if self.deadline else None,
            "alternatives": [one.to_json() for one in self.alternatives],
            "cards": self.cards.to_json() if self.cards else None,
            "articles": [one.to_json() for one in self.articles],
            "notices": [one.to_json() for one in self.notices],
            "also": [one.to_json() for one in self.also],
        }

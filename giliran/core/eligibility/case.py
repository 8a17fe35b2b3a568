"""One case on the desk: the facts, the law, and the answer as it grows.

A rule is read with `rule`; the next sentence that is said carries every rule read since the
last one. So each rule that was used stands beside a sentence, and no other rule does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from giliran.core.checklist import Paper
from giliran.core.deadline import Calendar
from giliran.core.eligibility.answer import (
    Alternative,
    Amount,
    Answer,
    Article,
    CardsAdvice,
    Channel,
    Deadline,
    Decision,
    Question,
    Step,
    Tax,
)
from giliran.core.eligibility.sentence import Param, Sentence
from giliran.core.eligibility.situation import Situation
from giliran.core.parameters import Law, LawOn
from giliran.core.refusal import gettext_noop

_ = gettext_noop


@dataclass
class Case:
    """What one program's rules work on. Nothing here outlives the answer."""

    facts: Situation
    law: Law
    calendar: Calendar
    program: str
    reason: str
    steps: list[Step] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    alternatives: list[Alternative] = field(default_factory=list)
    changes: list[Sentence] = field(default_factory=list)
    notices: list[Sentence] = field(default_factory=list)
    documents: tuple[Paper, ...] = ()
    tax: Tax | None = None
    channel: Channel | None = None
    deadline: Deadline | None = None
    cards: CardsAdvice | None = None
    _laws: dict[date, LawOn] = field(default_factory=dict)
    _read: dict[tuple[str, date], Article] = field(default_factory=dict)
    _unsaid: list[str] = field(default_factory=list)

    @property
    def day(self) -> date:
        return self.facts.day

    def cite(self, key: str, *, on: date | None = None) -> Article:
        """Read a rule as of a day (the situation's own, if none is given)."""
        day = on or self.facts.day
        article = self._read.get((key, day))
        if article is None:
            article = self._article(key, day)
            self._read[key, day] = article
        if key not in self._unsaid:
            self._unsaid.append(key)
        return article

    def _article(self, key: str, day: date) -> Article:
        law = self._laws.get(day)
        if law is None:
            law = self._laws[day] = self.law.on(day)
        dated = law.cite(key)
        return Article(
            key=key,
            day=day,
            law=dated.law,
            article=dated.article,
            value=dated.value,
            since=dated.since,
            until=dated.until,
            confidence=dated.confidence,
            unverified=dated.unverified,
        )

    def rule(self, key: str, *, on: date | None = None) -> Any:
        """Read the value of a rule; the next sentence will carry it."""
        return self.cite(key, on=on).value

    def holds(self, key: str, *, on: date | None = None) -> bool:
        """Say whether a rule exists and is in force, without using it."""
        return key in self.law and self.law.on(on or self.day).is_in_force(key)

    def value(self, key: str) -> Any:
        """Read a rule of the situation's day, as `LawOn` does."""
        return self.rule(key)

    def is_in_force(self, key: str) -> bool:
        """Say whether a rule holds today, as `LawOn` does; an unknown one doesn't."""
        return self.holds(key)

    def glance(self, key: str, *, on: date | None = None) -> Any:
        """Look a value up to choose what to ask or compare, without resting the answer on it."""
        return self.law[key].at(on or self.day).value

    def began(self, key: str) -> date:
        """Give the first day of the value that holds today, without resting the answer on it."""
        return self.law[key].at(self.day).since

    def say(self, text: str, **params: Param) -> None:
        """Add a sentence to the explanation, with the rules read since the last one."""
        self.steps.append(Step(Sentence(text, params), tuple(self._unsaid)))
        self._unsaid.clear()

    def ask(self, name: str, text: str, example: Any, *, blocks: bool = True) -> None:
        """Ask for a fact, once."""
        if all(one.field != name for one in self.questions):
            self.questions.append(Question(name, Sentence(text), example, blocks))

    @property
    def blocked(self) -> bool:
        return any(one.blocks for one in self.questions)

    def notice(self, text: str, **params: Param) -> None:
        self.notices.append(Sentence(text, params))

    def change(self, text: str, **params: Param) -> None:
        """Say what would change the answer."""
        self.changes.append(Sentence(text, params))

    def offer(self, code: str, text: str, from_day: date | None = None, **params: Param) -> None:
        """Name another way."""
        self.alternatives.append(Alternative(code, Sentence(text, params), from_day))

    def owe(
        self,
        code: str,
        label: str,
        rupiah: Decimal | None,
        *arithmetic: Sentence,
        per: str = "once",
        kind: str = "exact",
        payee: str = "claimant",
    ) -> None:
        """Add an amount that is due, whole rupiah."""
        if rupiah is None:
            kind = "unknown"
        self.amounts.append(
            Amount(code, Sentence(label), rupiah, tuple(arithmetic), per, kind, payee)
        )

    def answer(
        self,
        decision: Decision,
        reason_code: str,
        summary: str,
        earliest: date | None = None,
        **params: Param,
    ) -> Answer:
        """Close the case. Rules read and not yet explained go with the summary."""
        if earliest and "%(earliest)s" in summary:
            params["earliest"] = earliest
        sentence = Sentence(summary, params)
        if self._unsaid:
            self.say(summary, **params)
        return Answer(
            program=self.program,
            reason=self.reason,
            decision=decision,
            reason_code=reason_code,
            summary=sentence,
            earliest_date=earliest,
            would_change=tuple(self.changes),
            questions=tuple(self.questions),
            steps=tuple(self.steps),
            amounts=tuple(self.amounts),
            tax=self.tax,
            documents=self.documents,
            channel=self.channel,
            deadline=self.deadline,
            alternatives=tuple(self.alternatives),
            cards=self.cards,
            articles=tuple(self._read.values()),
            notices=tuple(self.notices),
        )

    def need_facts(self) -> Answer:
        """Close the case with its open questions, in order."""
        return self.answer(
            Decision.NEED_FACTS,
            "facts_missing",
            _("Belum dapat dijawab. Jawab dulu pertanyaan yang tersisa, satu per satu."),
        )

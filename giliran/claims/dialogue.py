"""Holding the conversation: answers given so far -> the next question, or the end.

No HTTP and no memory of its own: every call replays the answers from the start, so a page, a
chat and a link that somebody sends all mean the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from giliran.claims.queries import verdict
from giliran.claims.replies import tidy, value_of
from giliran.claims.steps import UNKNOWN, Guide, Script, Step, Text, script
from giliran.core.eligibility import Answer, Decision
from giliran.core.eligibility.answer import Question
from giliran.core.eligibility.fields import put
from giliran.core.refusal import BadInput


@dataclass(frozen=True, slots=True)
class Told:
    """A step that was answered: `text` as it stands in an address, UNKNOWN for "don't know"."""

    step: Step
    text: str


@dataclass(frozen=True, slots=True)
class Ask:
    """The next question, and what was told before it."""

    step: Step
    path: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """The end: a verdict on the situation, or a guide where none is needed."""

    path: tuple[Told, ...]
    situation: Mapping[str, Any]
    answer: Answer | None = None
    guide: Guide | None = None


@dataclass
class _Walk:
    today: date
    told: Mapping[str, str]
    path: list[Told] = field(default_factory=list)
    situation: dict[str, Any] = field(default_factory=dict)

    def has(self, step: Step) -> bool:
        return any(one.step.id == step.id for one in self.path)

    def take(self, step: Step) -> str | None:
        """Write the answer to a step into the situation; None if nothing readable was told."""
        text = self.told.get(step.id, "")
        if text != UNKNOWN:
            try:
                text = tidy(step, text, today=self.today)
            except BadInput:
                return None
        self.path.append(Told(step, text))
        return self._write(step, text)

    def _write(self, step: Step, text: str) -> str:
        if text == UNKNOWN:
            self._put(step.unknown_sets)
            return step.unknown_then or step.then
        chosen = next((one for one in step.choices if one.value == text), None)
        if step.kind == "several":
            more = value_of(step, text, today=self.today)
            self._put({step.fills: [*self.situation.get(step.fills, []), *more]})
        elif chosen and chosen.sets:
            self._put(chosen.sets)
        elif step.fills:
            self._put({step.fills: value_of(step, text, today=self.today)})
        return chosen.then if chosen and chosen.then else step.then

    def _put(self, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            self.situation = put(self.situation, name, value)


def next_step(told: Mapping[str, str], *, today: date, using: Script | None = None) -> Ask | Done:
    """Say what to ask next, given the answers so far by the id of their step.

    Answers to questions that are not asked on this way are left aside, and so is one that
    can't be read: it is asked again. `today` is the day in the time zone of whoever asks.
    """
    book = using or script()
    walk = _Walk(today, told)
    target = book.first
    while True:
        if target in book.guides:
            return Done(tuple(walk.path), walk.situation, guide=book.guides[target])
        answer = None
        if target and not walk.has(book.steps[target]):
            step: Step | None = book.steps[target]
        else:
            answer = verdict(walk.situation, today)
            step = _wanted(answer, walk, book) or _last(answer, walk, book)
        if step is None:
            return Done(tuple(walk.path), walk.situation, answer)
        led_to = walk.take(step)
        if led_to is None:
            return Ask(step, tuple(walk.path))
        target = led_to


def _wanted(answer: Answer, walk: _Walk, book: Script) -> Step | None:
    """Give the step for the first fact that the rules still ask for and nobody was asked."""
    for question in _open(answer):
        step = step_for(question.field, walk.situation, book)
        if step and not walk.has(step):
            return step
    return None


def _open(answer: Answer) -> Iterator[Question]:
    every = (answer, *answer.also)
    yield from (one for each in every for one in each.questions if one.blocks)
    for each in every:
        if each.decision != Decision.NOT_ENTITLED:
            yield from (one for one in each.questions if not one.blocks)


def step_for(name: str, situation: Mapping[str, Any], book: Script | None = None) -> Step | None:
    """Give the step that asks for a field such as "cards[1].active", worded for its place."""
    plain, reason = re.sub(r"\[\d+\]", "[]", name), situation.get("reason", "")
    for step in (book or script()).steps.values():
        if step.fills == plain and not step.asked_for and reason in (step.reasons or {reason}):
            return _placed(step, name, situation)
    return None


def _placed(step: Step, name: str, situation: Mapping[str, Any]) -> Step:
    place = re.search(r"^(\w+)\[(\d+)\]", name)
    if not place:
        return step
    number = int(place[2]) + 1
    several = len(situation.get(place[1]) or ()) > 1
    words = step.ask_each if several and step.ask_each else step.ask
    return replace(
        step,
        id=step.id if number == 1 else f"{step.id}-{number}",
        fills=name,
        ask=Text(words.id.format(n=number), words.en.format(n=number)),
    )


def _last(answer: Answer, walk: _Walk, book: Script) -> Step | None:
    """Give a step that is asked once papers are due: what is wrong with them."""
    if not any(each.documents for each in (answer, *answer.also)):
        return None
    for step in book.steps.values():
        if walk.situation.get("reason") in step.asked_for and not walk.has(step):
            return step
    return None


def other_answers(
    answer: Answer, situation: Mapping[str, Any], today: date, *, at_most: int = 4
) -> list[tuple[Text, Answer]]:
    """Say what an unknown fact would decide: each choice and this program's answer with it.

    Empty where nothing blocks the decision, or the first blocking fact isn't a short choice.
    """
    question = next((one for one in answer.questions if one.blocks), None)
    step = step_for(question.field, situation) if question else None
    if question is None or step is None or answer.decision != Decision.NEED_FACTS:
        return []
    known = {**situation, "program": answer.program} if answer.program else dict(situation)
    found = []
    for label, value in _short_choices(step):
        found.append((label, verdict(put(known, question.field, value), today)))
    decided = any(one.decision != Decision.NEED_FACTS for _label, one in found)
    return found if decided and len(found) <= at_most else []


def _short_choices(step: Step) -> list[tuple[Text, Any]]:
    if step.kind == "yes-no":
        return [(Text("Bila ya", "If yes"), True), (Text("Bila tidak", "If no"), False)]
    return [
        (Text(f"Bila: {one.label.id}", f"If: {one.label.en}"), one.value)
        for one in step.choices
        if not one.sets
    ]

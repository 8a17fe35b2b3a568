"""An answer of the core, laid out for a page: nothing is decided here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from giliran.claims.dialogue import Done, other_answers, step_for
from giliran.claims.queries import law
from giliran.claims.steps import Text
from giliran.core.checklist import Paper, named_papers
from giliran.core.eligibility import Answer, Decision
from giliran.core.eligibility.answer import Amount, Article, Step
from giliran.core.eligibility.sentence import Sentence
from giliran.offices import queries as offices
from giliran.web.citizen.claim_kinds import may_be_claimed

if TYPE_CHECKING:
    from giliran.offices.models import Service

RANK = {
    Decision.ENTITLED: 0,
    Decision.NOT_YET: 1,
    Decision.OFFICER_DECIDES: 2,
    Decision.NEED_FACTS: 3,
    Decision.NOT_ENTITLED: 4,
}
SERVICES = {"JHT": "jht", "JKK": "jkk", "JKM": "jkm", "JP": "jp"}


class Said(NamedTuple):
    """One sentence of the explanation with the articles that it rests on."""

    sentence: Sentence
    articles: tuple[Article, ...]


class Shown(NamedTuple):
    """One program's answer as the page shows it. `service` is empty where no turn is needed."""

    answer: Answer
    said: list[Said]
    missing: list[Text | Sentence]
    if_known: list[tuple[Text, Answer]]
    articles: list[Article]
    service: str
    stays_home: bool
    can_claim: bool

    @property
    def amounts(self) -> list[tuple[Amount, int]]:
        """Give every amount with how often it is paid: six equal months stand on one line."""
        found: dict[tuple[object, ...], tuple[Amount, int]] = {}
        for one in self.answer.amounts:
            key = (str(one.label), one.rupiah, one.per, one.kind, one.payee)
            first, count = found.get(key, (one, 0))
            found[key] = (first, count + 1)
        return list(found.values())

    @property
    def is_at_most(self) -> bool:
        """Say whether the total holds a sum that may turn out smaller."""
        return any(one.kind == "at_most" and one.per == "once" for one in self.answer.amounts)

    @property
    def has_total(self) -> bool:
        """Say whether several sums paid at once add up."""
        once = [one for one in self.answer.amounts if one.per == "once"]
        return len(once) > 1 and self.answer.total is not None

    @property
    def has_arithmetic(self) -> bool:
        tax = self.answer.tax
        return any(one.arithmetic for one in self.answer.amounts) or bool(tax and tax.arithmetic)

    @property
    def wants_turn(self) -> bool:
        """Say whether a turn is the next step: to claim in person, or to let an officer decide."""
        if self.answer.decision in {Decision.OFFICER_DECIDES, Decision.NEED_FACTS}:
            return True
        return self.answer.decision == Decision.ENTITLED and not self.stays_home


def shown_answers(done: Done, today: date) -> list[Shown]:
    """Lay out the answers of every program, what is due first."""
    if done.answer is None:
        return []
    every = sorted((done.answer, *done.answer.also), key=lambda one: RANK[one.decision])
    here = {service.code for service in offices.services()}
    return [_shown(one, done, today, here) for one in every]


def _shown(answer: Answer, done: Done, today: date, here: set[str]) -> Shown:
    by_key: dict[str, list[Article]] = {}
    for article in answer.articles:
        by_key.setdefault(article.key, []).append(article)
    decided = answer.decision != Decision.NOT_ENTITLED
    questions = [one for one in answer.questions if one.blocks or decided]
    steps = [(one, step_for(one.field, done.situation)) for one in questions]
    return Shown(
        answer,
        [Said(step.sentence, _once(step, by_key)) for step in answer.steps],
        [step.ask if step else question.sentence for question, step in steps],
        other_answers(answer, done.situation, today),
        _deciding(answer),
        _service(answer, here),
        bool(answer.channel and answer.channel.must_come is False),
        may_be_claimed(answer),
    )


def _once(step: Step, by_key: dict[str, list[Article]]) -> tuple[Article, ...]:
    """Give a sentence's articles, each law and article once."""
    found = {one.citation: one for key in step.rules for one in by_key.get(key, ())}
    return tuple(found.values())


def _deciding(answer: Answer) -> list[Article]:
    """Give the articles that the decision and the money rest on, each once."""
    about_papers = ("documents/", "service/")
    found = [one for one in answer.articles if not one.key.startswith(about_papers)]
    return list({one.citation: one for one in found}.values())


def _service(answer: Answer, here: set[str]) -> str:
    if answer.reason == "old_card" and "data" in here:
        return "data"
    wanted = SERVICES.get(answer.program, "" if answer.program == "JKP" else "info")
    return wanted if wanted in here else ""


class Bring(NamedTuple):
    """One paper, once, however many programs ask for it."""

    paper: Paper
    programs: list[str]


NEEDS = ("if_available", "if", "yes")
OWNERS = ("", "documents", "proxy", "heir", "participant_and_heir")  # the widest last


def bring_once(shown: list[Shown]) -> list[Bring]:
    """Give every paper once with the programs that ask for it; the strictest and widest wins."""
    found: dict[tuple[str, bool], Bring] = {}
    for one in shown:
        for paper in one.answer.documents:
            key = (paper.code, paper.of == "proxy")
            known = found.get(key, Bring(paper, []))
            if one.answer.program not in known.programs:
                known.programs.append(one.answer.program)
            strictest = max(known.paper, paper, key=lambda each: NEEDS.index(each.need))
            widest = max(known.paper.of, paper.of, key=OWNERS.index)
            found[key] = Bring(replace(strictest, of=widest), known.programs)
    return list(found.values())


def next_turns(shown: list[Shown]) -> tuple[list[Service], list[Service]]:
    """Give the services to take a turn for, and those that one may also take a turn for."""
    services = {service.code: service for service in offices.services()}
    wanted = list(dict.fromkeys(one.service for one in shown if one.wants_turn and one.service))
    may = list(dict.fromkeys(one.service for one in shown if one.service))
    return [services[code] for code in wanted], [services[code] for code in may[:1]]


def papers_named(codes: tuple[str, ...], today: date) -> tuple[Paper, ...]:
    """Give papers by their codes, as the rules of a day name them."""
    return named_papers(codes, law().on(today))

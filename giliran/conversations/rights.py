"""The conversation about a right, as `giliran.claims.dialogue` holds it, told in a few lines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext

from giliran.claims.dialogue import Ask, Done, next_step
from giliran.claims.queries import kind_of
from giliran.claims.replies import NO, NONE, YES, NotChosen, tidy
from giliran.claims.steps import UNKNOWN, Step
from giliran.conversations.world import World, script
from giliran.core.conversation import Choice, Offered, Outcome, Said
from giliran.core.conversation.reading import plain, several_in
from giliran.core.conversation.spoken_days import past_day
from giliran.core.eligibility import Answer, Decision
from giliran.core.eligibility.sentence import Sentence, rupiah_text

Known = Mapping[str, str]

JAKARTA = ZoneInfo("Asia/Jakarta")  # the law's days begin and end there
TOLD = "told"
_RANK = (
    Decision.ENTITLED,
    Decision.NOT_YET,
    Decision.OFFICER_DECIDES,
    Decision.NEED_FACTS,
    Decision.NOT_ENTITLED,
)
_DECISIONS: Mapping[str, str] = {
    Decision.ENTITLED: "Ya, berhak",
    Decision.NOT_YET: "Belum",
    Decision.NOT_ENTITLED: "Tidak",
    Decision.NEED_FACTS: "Belum pasti",
    Decision.OFFICER_DECIDES: "Petugas yang memutuskan",
}  # as the pages say it; translated there
_PROGRAMS_AT_MOST, _PAPERS_AT_MOST = 3, 8
_LISTED = frozenset({"choice", "yes-no", "several"})


def _today(world: World) -> date:
    return world.now.astimezone(JAKARTA).date()


def _told(known: Known) -> dict[str, str]:
    told: dict[str, str] = json.loads(known.get(TOLD, "{}"))
    return told


def question(world: World, known: Known, language: str) -> Offered:
    """Return the next question about a right, with its answers where it has a list of them."""
    told = _told(known)
    found = next_step(told, today=_today(world))
    if isinstance(found, Done):
        return Offered()
    step = found.step
    hints = [world.say("right_first", language)] if not told and not world.mouth.is_short else []
    if step.hint and not world.mouth.is_short:
        hints.append(step.hint.spoken(language))
    if step.kind in {"day", "month"}:
        hints.append(world.say("right_day", language))
    if step.kind == "several":
        hints.append(world.say("right_several", language))
    if step.kind not in _LISTED:
        hints.append(world.say("right_free", language))
    text = " ".join([step.ask.spoken(language), *hints])
    choices = _choices(step, language)
    if step.kind == "several" and world.mouth.name == "whatsapp":
        # Its list is shut until it's pressed; whoever writes several numbers must see them.
        lines = [f"{number}. {one.label}" for number, one in enumerate(choices, start=1)]
        text = "\n".join([text, "", *lines])
    return Offered(choices, fill={"question": text})


def _choices(step: Step, language: str) -> tuple[Choice, ...]:
    if step.kind not in _LISTED:
        return ()
    if step.kind == "yes-no":
        listed = [Choice(YES, gettext("Ya")), Choice(NO, gettext("Tidak"))]
    else:
        listed = [Choice(one.value, one.label.spoken(language)) for one in step.choices]
    if step.kind == "several":
        return (*listed, Choice(NONE, gettext("Tidak ada")))
    return (*listed, Choice(UNKNOWN, gettext("Saya tidak tahu")))


def take_answer(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Read an answer as pages read it, and go on; raises ``BadInput``."""
    told, today = _told(known), _today(world)
    found = next_step(told, today=today)
    if isinstance(found, Ask):
        text = _tidied(found.step, known.get("answer", ""), language, today)
        told = {**told, found.step.id: text}
        found = next_step(told, today=today)
    way = "done" if isinstance(found, Done) else "more"
    return Outcome(way, known={TOLD: json.dumps(told), "answer": None, "answer_label": None})


def _tidied(step: Step, typed: str, language: str, today: date) -> str:
    unknown = {plain(word) for word in script().synonyms[UNKNOWN]} | {plain(UNKNOWN)}
    if plain(typed) in unknown:
        return NONE if step.kind == "several" else UNKNOWN
    if step.kind in {"day", "month"}:
        typed = past_day(typed)
    if step.kind == "several" and typed != NONE:
        chosen = several_in(typed, _choices(step, language), {})
        known_values = {one.value for one in step.choices}
        if chosen:
            typed = ",".join(one.id for one in chosen if one.id in known_values) or NONE
        elif not set(typed.split(",")) <= known_values:
            raise NotChosen(step.id)
    return tidy(step, typed, today=today)


def answers_of(known: Known) -> dict[str, str]:
    """Return what was answered so far, as an address holds it."""
    return _told(known)


def claimable(world: World, answers: Mapping[str, str]) -> list[str]:
    """Return the programs for which these answers let a claim be begun."""
    found = next_step(answers, today=_today(world))
    if isinstance(found, Ask) or found.answer is None:
        return []
    every = (found.answer, *found.answer.also)
    return [one.program for one in every if _may_begin(one)]


def _may_begin(answer: Answer) -> bool:
    # Job loss is claimed at the ministry's own site, not here.
    may_claim = answer.decision in {Decision.ENTITLED, Decision.OFFICER_DECIDES}
    return may_claim and answer.program != "JKP" and bool(answer.documents and kind_of(answer))


def told(world: World, known: Known, language: str) -> Offered:
    """Say what the answers mean: each program in a line, what to bring, and the whole page."""
    answers = _told(known)
    found = next_step(answers, today=_today(world))
    if isinstance(found, Ask):
        return Offered(fill={"answer_told": world.say("right_unclear", language)})
    query = "" if world.mouth.is_short else f"?{urlencode(answers)}"
    link = world.page(f"{reverse('rights')}{query}")
    if found.guide is not None:
        lines = [found.guide.title.spoken(language)]
        lines += [text.spoken(language) for text in found.guide.text[:2]]
    else:
        lines = _lines(world, found, language)
    lines.append(world.say("right_more", language, link=link))
    begins = (Choice("claim", gettext("Ajukan klaim")),) if claimable(world, answers) else ()
    return Offered(begins, fill={"answer_told": "\n".join(lines)})


def _lines(world: World, done: Done, language: str) -> list[str]:
    if done.answer is None:
        return []
    every = sorted((done.answer, *done.answer.also), key=lambda one: _RANK.index(one.decision))
    shown = every[:_PROGRAMS_AT_MOST]
    lines = [_line(one) for one in shown]
    papers = dict.fromkeys(
        paper.name if language == "id" else paper.name_en
        for one in shown
        if one.decision == Decision.ENTITLED
        for paper in one.documents
        if paper.need == "yes"
    )
    if papers and not world.mouth.is_short:
        named = list(papers)[:_PAPERS_AT_MOST]
        lines.append(world.say("bring", language, papers=", ".join(named)))
    return lines


def _line(answer: Answer) -> str:
    """Return "JHT: Ya, berhak. Saldo JHT Rp12.000.000." for one program."""
    said = [f"{answer.program}: {gettext(_DECISIONS[answer.decision])}."]
    sums = [one for one in answer.amounts if one.rupiah is not None and one.per == "once"]
    if answer.decision == Decision.ENTITLED and sums:
        first = sums[0]
        said.append(f"{_spoken(first.label)} {rupiah_text(first.rupiah or Decimal())}.")
    elif answer.steps and answer.decision != Decision.ENTITLED:
        said.append(_spoken(answer.steps[-1].sentence))
    return " ".join(said)


def _spoken(sentence: Sentence) -> str:
    filled = {name: _param(value) for name, value in sentence.params.items()}
    return gettext(sentence.text) % filled


def _param(value: object) -> str:
    if isinstance(value, Sentence):
        return _spoken(value)
    if isinstance(value, Decimal):
        return rupiah_text(value)
    return formats.date_format(value, "j F Y") if isinstance(value, date) else str(value)

"""The conversation as pages: one question each, everything carried in the address.

The citizen's and the officer's pages are the same pages on another base.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext

from giliran import clock
from giliran.claims.dialogue import Ask, Done, Told, next_step
from giliran.claims.replies import NO, NONE, YES, tidy
from giliran.claims.steps import UNKNOWN, Choice, Step, Text
from giliran.core.eligibility import Decision
from giliran.core.eligibility.sentence import rupiah_text
from giliran.core.refusal import BadInput
from giliran.offices import queries as offices
from giliran.web.citizen.rights_answer import bring_once, next_turns, papers_named, shown_answers
from giliran.web.refusals import sentence
from giliran.web.templatetags.rights import spoken

UNREADABLE = 422
JAKARTA = ZoneInfo("Asia/Jakarta")
ASKED, AGAIN, UNSURE = "tanya", "lagi", "tidak_tahu"
DAY_PARTS = ("tahun", "bulan", "hari")
LONGEST = 80
MOST_ANSWERS = 60
YES_NO = (Choice(YES, Text("Ya", "Yes")), Choice(NO, Text("Tidak", "No")))


class Desk(NamedTuple):
    """Where the conversation is held: for citizens, or for officers."""

    url_name: str
    base: str
    for_officer: bool = False


def today() -> date:
    """Give the day in Jakarta: the law's days begin and end there."""
    return clock.now().astimezone(JAKARTA).date()


def hold(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Ask the next question, take an answer, or show what the answers mean."""
    told = _told(request)
    again = told.pop(AGAIN, "")
    before = told.pop(again, "") if again else ""
    found = next_step(told, today=today())
    if isinstance(found, Done):
        path = _as_told(found.path)
        if path != told:
            return redirect(f"{reverse(desk.url_name)}?{urlencode(path)}")
        return _result(request, desk, found)
    if request.GET.get(ASKED) != found.step.id:
        return _question(request, desk, found, told, before)
    try:
        text = _typed(request, found.step)
    except BadInput as refusal:
        return _question(request, desk, found, told, "", wrong=sentence(refusal))
    later = {name: value for name, value in told.items() if name not in _as_told(found.path)}
    answers = {**_as_told(found.path), found.step.id: text, **later}
    return redirect(f"{reverse(desk.url_name)}?{urlencode(answers)}")


def _told(request: HttpRequest) -> dict[str, str]:
    of_the_form = {ASKED, UNSURE, "jawab", *(f"jawab_{part}" for part in DAY_PARTS)}
    names = [name for name in request.GET if name not in of_the_form][:MOST_ANSWERS]
    return {name: request.GET.get(name, "")[:LONGEST] for name in names}


def _as_told(path: tuple[Told, ...]) -> dict[str, str]:
    return {one.step.id: one.text for one in path}


def _typed(request: HttpRequest, step: Step) -> str:
    """Give what was typed or chosen, tidy.

    Raises:
        BadInput: it can't be read.

    """
    if UNSURE in request.GET or request.GET.get("jawab") == UNKNOWN:
        return UNKNOWN
    if step.kind == "several":
        text = ",".join(request.GET.getlist("jawab")) or NONE
    elif step.kind in {"day", "month"}:
        parts = [request.GET.get(f"jawab_{part}", "").strip() for part in DAY_PARTS]
        text = "-".join(parts).rstrip("-")
    else:
        text = request.GET.get("jawab", "")
    return tidy(step, text[:LONGEST], today=today())


def _question(
    request: HttpRequest,
    desk: Desk,
    found: Ask,
    told: Mapping[str, str],
    before: str,
    *,
    wrong: str = "",
) -> HttpResponse:
    step = found.step
    here = reverse(desk.url_name)
    back = ""
    if found.path:
        last = found.path[-1].step.id
        back = f"{here}?{urlencode({**told, AGAIN: last})}"
    known = [] if before == UNKNOWN else before.split("-")
    parts = dict(zip(DAY_PARTS, [*known, "", "", ""], strict=False))
    typed = {part: request.GET.get(f"jawab_{part}", parts.get(part, "")) for part in DAY_PARTS}
    context = {
        "base": desk.base,
        "for_officer": desk.for_officer,
        "step": step,
        "choices": YES_NO if step.kind == "yes-no" else step.choices,
        "is_first": not found.path,
        "number": len(found.path) + 1,
        "here": here,
        "back": back,
        "told": told,
        "typed": request.GET.get("jawab", before),
        "chosen": before.split(","),
        "typed_day": typed,
        "unknown": UNKNOWN,
        "wrong": wrong,
    }
    return render(
        request, "citizen/rights_question.html", context, status=UNREADABLE if wrong else 200
    )


def _result(request: HttpRequest, desk: Desk, done: Done) -> HttpResponse:
    here = reverse(desk.url_name)
    told = _as_told(done.path)
    query = urlencode(told)
    answers = shown_answers(done, today())
    papers = bring_once(answers)
    turns, may_turn = next_turns(answers)
    context = {
        "base": desk.base,
        "for_officer": desk.for_officer,
        "here": here,
        "query": query,
        "link": request.build_absolute_uri(f"{reverse('rights')}?{query}"),
        "back": f"{here}?{urlencode({**told, AGAIN: done.path[-1].step.id})}",
        "told_rows": [
            (one, _label(one), f"{here}?{urlencode({**told, AGAIN: one.step.id})}")
            for one in done.path
        ],
        "has_month": any(one.text.count("-") == 1 for one in done.path),
        "today": today(),
        "done": done,
        "guide": done.guide,
        "guide_papers": papers_named(done.guide.papers, today()) if done.guide else (),
        "guide_url": _turn_for(done.guide.service) if done.guide else "",
        "answers": answers,
        "is_due": any(one.answer.decision == Decision.ENTITLED for one in answers),
        "papers": papers,
        "has_practice": any(one.paper.basis == "practice" for one in papers),
        "turns": turns,
        "may_turn": may_turn,
        "claim_page": f"{reverse('claim_begin')}?{query}",
        "can_claim": [one.answer.program for one in answers if one.can_claim],
    }
    return render(request, "citizen/rights_result.html", context)


def _turn_for(service: str) -> str:
    """Give where a turn for a service is taken; where nobody serves it, the choice of services."""
    if any(one.code == service for one in offices.services()):
        return reverse("ask_office", args=[service])
    return reverse("ask_service")


def _label(one: Told) -> str:
    """Say an answer back in words."""
    step = one.step
    if one.text == UNKNOWN:
        return gettext("Saya tidak tahu")
    if one.text == NONE:
        return gettext("Tidak ada")
    if step.kind in {"day", "month"}:
        return _day_text(one.text)
    if step.kind == "money":
        return rupiah_text(Decimal(one.text))
    if step.kind in {"number", "count"}:
        return f"{one.text} {spoken(step.unit)}".strip()
    choices = YES_NO if step.kind == "yes-no" else step.choices
    return ", ".join(spoken(each.label) for each in choices if each.value in one.text.split(","))


def _day_text(text: str) -> str:
    parts = [int(part) for part in text.split("-")]
    shown = date(*[*parts, 1, 1][:3])
    return formats.date_format(shown, ("Y", "F Y", "j F Y")[len(parts) - 1])

"""How was it? One question, answered by one touch, and a little more for who likes.

The token opens nothing but this question: it names no person, no turn and no service.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from giliran import clock
from giliran.core.refusal import BadInput
from giliran.core.satisfaction import ANSWERS, QUESTIONS
from giliran.voices import opinions
from giliran.voices.actions import asking_opinion
from giliran.voices.opinion_refusals import TooLateToRate
from giliran.web.citizen.missing import missing_is_404
from giliran.web.citizen.opinion_asked import SCORES
from giliran.web.citizen.turn import unlisted
from giliran.web.refusals import sentence

UNREADABLE, CONFLICT = 422, 409


class More(NamedTuple):
    """One of the two further questions, as the page asks it."""

    code: str
    question: str
    answered: int | None


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@missing_is_404
def opinion_page(request: HttpRequest, token: str) -> HttpResponse:
    """Ask how a visit was, then two optional things more, then say thank you."""
    now = clock.now()
    if request.method != "POST":
        return _show(request, opinions.question(token, now=now))
    is_more = request.POST.get("langkah") == "lagi"
    try:
        if is_more:
            _take_more(request, token, now=now)
        else:
            score = _score(request.POST.get("nilai", ""))
            asking_opinion.rate(token, score, channel="web", now=now)
    except BadInput as refusal:
        found = opinions.question(token, now=now)
        return _show(request, found, {refusal.field: sentence(refusal)}, status=UNREADABLE)
    except TooLateToRate as refusal:
        found = opinions.question(token, now=now)
        return _show(request, found, {"nilai": sentence(refusal)}, status=CONFLICT)
    here = redirect("opinion", token)
    here["Location"] += "?selesai" if is_more else ""
    return here


def _score(typed: str) -> int:
    return int(typed) if typed in {str(score) for score in ANSWERS} else 0


def _take_more(request: HttpRequest, token: str, *, now: datetime) -> None:
    said = {code: _score(request.POST.get(code, "")) for code in QUESTIONS}
    asking_opinion.rate_more(token, said, request.POST.get("kata", ""), now=now)


def _show(
    request: HttpRequest,
    found: opinions.Question,
    wrong: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    more = [More(code, _(QUESTIONS[code]), found.answered.get(code)) for code in found.asked]
    known = {
        "asked": found,
        "more": more,
        "scores": SCORES,
        "is_done": "selesai" in request.GET or bool(found.answered) or found.has_words,
        "wrong": wrong or {},
    }
    return unlisted(render(request, "citizen/opinion.html", known, status=status))

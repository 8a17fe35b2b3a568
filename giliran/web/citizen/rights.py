"""What am I entitled to? The conversation, and one public page per program."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from giliran.offices import queries as offices
from giliran.web.citizen.rights_charter import PROGRAMS, charter
from giliran.web.citizen.rights_talk import Desk, hold, today

CITIZEN = Desk("rights", "citizen/base.html")
LATELY = timedelta(days=2 * 365)


@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """Ask what happened, one question a page, and end in one honest answer."""
    return hold(request, CITIZEN)


@require_safe
def rights_program(request: HttpRequest, program: str) -> HttpResponse:
    """Promise in public how a program is served: generated from the rules of today."""
    if program not in PROGRAMS:
        raise Http404
    day = today()
    context = {
        "charter": charter(program, day, since=day - LATELY),
        "programs": list(PROGRAMS),
        "today": day,
        "service": next((one for one in offices.services() if one.code == program), None),
    }
    return render(request, "citizen/rights_program.html", context)

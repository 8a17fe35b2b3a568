"""The officer's view of a right: the same conversation with articles, and what has changed."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from giliran.claims.queries import law
from giliran.web.citizen.rights_talk import Desk, hold, today
from giliran.web.citizen.rights_values import changed

OFFICER = Desk("staff_rights", "staff/base.html", for_officer=True)


@require_safe
@login_required
def rights(request: HttpRequest) -> HttpResponse:
    """Ask for the person at the counter; two officers get one answer."""
    return hold(request, OFFICER)


@require_safe
@login_required
def changes(request: HttpRequest) -> HttpResponse:
    """List what changed in the rules since a month, this month unless another is asked for."""
    day = today()
    first, wrong = day.replace(day=1), False
    asked = request.GET.get("sejak", "").strip()
    if asked:
        try:
            first = date.fromisoformat(asked if asked.count("-") > 1 else f"{asked}-01")
        except ValueError:
            wrong = True
    found = law().changes_between(min(first, day), day)
    context = {
        "first": first,
        "today": day,
        "wrong": wrong,
        "asked": asked,
        "changes": [changed(one, law().on(day)) for one in reversed(found)],
        "latest": None if found else _latest(day),
    }
    return render(request, "staff/rights_changes.html", context, status=422 if wrong else 200)


def _latest(day: date) -> date | None:
    """Give the last day before this on which anything changed."""
    days = [one.day for one in law().changes_between(day - timedelta(days=3650), day)]
    return max(days, default=None)

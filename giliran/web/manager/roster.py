"""A region's roster of a week: have it solved, watch it getting better, put it in force."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from giliran import clock
from giliran.capacity import actions as capacity
from giliran.capacity import rosters
from giliran.core.refusal import NotFound, Refusal
from giliran.offices import queries as offices
from giliran.web.manager.drawing import SEES_DRAWS, of_region
from giliran.web.manager.week import asked_monday
from giliran.web.manager.week_change import as_id
from giliran.web.refusals import sentence
from giliran.web.staff import MANAGE, actor

SOLVING_SECONDS: Final = 60
SLOW_AFTER: Final = timedelta(minutes=3)


class Progress(NamedTuple):
    """How far the search for a roster is, for a bar and in words."""

    percent: int
    has_answer: bool
    above_percent: float | None
    """How much cheaper something better could be at most, in percent of the cost."""
    is_slow: bool


class PersonRow(NamedTuple):
    """An officer's days in a draft or a roster, Monday to Sunday; None is a day off."""

    name: str
    is_lent: bool
    days: list[rosters.Row | None]


@of_region(*SEES_DRAWS)
@require_http_methods(["GET", "HEAD", "POST"])
def region_roster(request: HttpRequest, region: Any) -> HttpResponse:
    """Show a week's roster and its draft; ``?bagian=kemajuan`` gives the progress alone."""
    now = clock.now()
    today = now.astimezone(ZoneInfo(region.time_zone)).date()
    next_week = today + timedelta(days=7 - today.weekday())
    monday = asked_monday(request, today) if request.GET.get("senin") else next_week
    may_act = bool(offices.region_roles(int(request.user.pk or 0), region) & MANAGE)
    if request.method == "POST":
        if not may_act:
            raise PermissionDenied
        return _do(request, region, monday, now)
    newest = rosters.latest(region.id, monday)
    if request.GET.get("bagian") == "kemajuan":
        context = {"region": region, "monday": monday, **_progress(newest, now)}
        response = render(request, "manager/roster_progress.html", context)
        if newest is None or newest.state != "solving":
            response["HX-Refresh"] = "true"
        return response
    return _show(request, region, monday, now)


def _show(
    request: HttpRequest,
    region: Any,
    monday: date,
    now: datetime,
    *,
    status: int = 200,
    refused: str = "",
) -> HttpResponse:
    today = now.astimezone(ZoneInfo(region.time_zone)).date()
    newest, current = rosters.latest(region.id, monday), rosters.in_force(region.id, monday)
    draft = newest if newest and newest.state == "draft" else None
    roles = offices.region_roles(int(request.user.pk or 0), region)
    context = {
        "region": region,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "days": [monday + timedelta(days=n) for n in range(7)],
        "is_over": monday + timedelta(days=7) <= today,
        "may_act": bool(roles & MANAGE),
        "may_audit": "auditor" in roles,
        "current": current,
        "current_offices": _by_office(current, monday),
        "current_lacks": rosters.sentences(current) if current else [],
        "draft": draft,
        "draft_offices": _by_office(draft, monday),
        "draft_lacks": rosters.sentences(draft) if draft else [],
        "draft_gap": _above(draft),
        "changes": _changes(current, draft) if current and draft else None,
        "refused": refused,
        **_progress(newest, now),
    }
    return render(request, "manager/roster.html", context, status=status)


def _do(request: HttpRequest, region: Any, monday: date, now: datetime) -> HttpResponse:
    here = f"{reverse('region_roster', args=[region.slug])}?senin={monday.isoformat()}"
    action = request.POST.get("action", "")
    try:
        if action == "make":
            capacity.make_roster(region.id, monday, actor=actor(request), now=now)
            return redirect(f"{here}#kemajuan")
        if action == "publish":
            roster_id = as_id(request.POST.get("roster", ""))
            if rosters.roster(roster_id).region_id != region.id:
                raise NotFound
            capacity.publish_roster(roster_id, officer_id=int(request.user.pk or 0), now=now)
            messages.success(
                request,
                gettext("Jadwal berlaku. Tempat di tiap kantor segera dihitung ulang."),
            )
            return redirect(here)
        raise NotFound
    except Refusal as refusal:
        return _show(request, region, monday, now, status=409, refused=sentence(refusal))


def _progress(newest: Any, now: datetime) -> dict[str, Any]:
    if newest is None or newest.state != "solving":
        return {"progress": None}
    gone = (now - newest.made_at).total_seconds()
    best = newest.progress[-1] if newest.progress else None
    above = None
    if best:
        above = max(0.0, best[1] - best[2]) / max(abs(best[1]), 1.0) * 100
    return {
        "progress": Progress(
            max(2, min(98, round(100 * gone / SOLVING_SECONDS))),
            best is not None,
            above,
            now - newest.made_at > SLOW_AFTER,
        )
    }


def _above(found: Any) -> float | None:
    share = rosters.gap(found) if found else None
    return None if share is None else 100 * share


def _by_office(found: Any, monday: date) -> list[tuple[str, list[PersonRow]]]:
    """Return a roster's shifts as a table for each office."""
    if found is None:
        return []
    rows = rosters.rows(found.id)
    tables = []
    for (_, office), in_office in groupby(rows, key=lambda row: (row.office_id, row.office)):
        people = []
        for (_, name), mine in groupby(in_office, key=lambda row: (row.officer_id, row.officer)):
            days: list[rosters.Row | None] = [None] * 7
            is_lent = False
            for row in mine:
                days[(row.day - monday).days] = row
                is_lent = is_lent or row.is_lent
            people.append(PersonRow(name, is_lent, days))
        tables.append((office, people))
    return tables


def _changes(current: Any, draft: Any) -> int:
    """Count the officers' days that the draft would change of the roster in force."""

    def known(found: Any) -> dict[tuple[int, date], tuple[Any, ...]]:
        return {(row.officer_id, row.day): row[2:8] for row in rosters.rows(found.id)}

    now_there, then = known(current), known(draft)
    return sum(now_there.get(key) != then.get(key) for key in {*now_there, *then})

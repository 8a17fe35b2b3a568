"""All offices that somebody answers for, at this moment, in one table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from giliran import clock
from giliran.figures import queries as figures
from giliran.offices import queries as offices
from giliran.web.manager.drawing import SEES_DRAWS
from giliran.web.staff import LOOK

# Who waits longer than this came an hour ago and still sits there: that office is short.
SHORT_FROM_MINUTES = 60


class OfficeRow(NamedTuple):
    """An office with its figures of this moment."""

    office: Any
    now: figures.Now
    is_short: bool


@require_safe
@login_required
def offices_now(request: HttpRequest) -> HttpResponse:
    """List the offices, the one with the longest wait first; who has one goes straight there."""
    mine = {
        office.id: office
        for office, roles in offices.offices_and_roles(int(request.user.pk or 0))
        if roles & LOOK
    }
    if not mine:
        raise PermissionDenied
    if len(mine) == 1:
        return redirect("manager", next(iter(mine.values())).slug)
    now = clock.now()
    rows = [
        OfficeRow(mine[one.office_id], one, one.longest_wait_minutes >= SHORT_FROM_MINUTES)
        for one in figures.now_at(mine, now=now)
    ]
    regions = _seen(int(request.user.pk or 0), mine.values())
    context = {
        "rows": rows,
        "short": sum(row.is_short for row in rows),
        "short_from": SHORT_FROM_MINUTES,
        "regions": sorted({office.region.name for office in mine.values()}),
        "drawing": [region for region in regions if region.draw_at is not None],
        "paying": regions,
    }
    by_htmx = request.headers.get("HX-Request") == "true"
    name = "manager/offices_table.html" if by_htmx else "manager/offices.html"
    return render(request, name, context)


def _seen(officer_id: int, of: Iterable[Any]) -> list[Any]:
    """Return the regions whose draws and payments this officer may see, by name."""
    regions = {office.region for office in of}
    seen = [region for region in regions if offices.region_roles(officer_id, region) & SEES_DRAWS]
    return sorted(seen, key=str)

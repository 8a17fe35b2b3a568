"""A region's complaints, and all of them for the centre: what is late, who has it, who answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from giliran import clock
from giliran.offices import queries as offices
from giliran.voices import access, deadends, worklists
from giliran.voices.deadlines import ZONE
from giliran.web.counter import complaints as lists
from giliran.web.counter.claims_words import Left
from giliran.web.counter.complaints_words import CATEGORIES, LEVELS, STATES, left, named
from giliran.web.manager.claims import SEES, of_region, regions_with_offices, risk_until


class RaisedRow(NamedTuple):
    """A complaint that was put before somebody, and for how many days it has stood there."""

    one: worklists.Raised
    place: str
    level: str
    category: str
    state: str
    left: Left
    days: int


@require_safe
@of_region
@never_cache
def region_complaints(request: HttpRequest, region: Any) -> HttpResponse:
    """Show the region's lists, its offices with what is late, and what was put before whom."""
    now = clock.now()
    who = access.reader(int(request.user.pk or 0))
    today = now.astimezone(ZoneInfo(region.time_zone)).date()
    work = worklists.by_place(
        "office",
        who,
        region_ids=[region.id],
        today=today,
        risk_until=risk_until(today),
        now=now,
    )
    here = {office.id: office for office in offices.offices(region_id=region.id)}
    rows = [(here[each], _at(work, each)) for each in here]
    rows.sort(key=lambda row: (-row[1].overdue, -row[1].due_today, row[0].name))
    roles = offices.region_roles(who.officer_id, region)
    context = {
        "region": region,
        "offices": rows,
        "totals": total(work),
        "raised": [_raised(one, now) for one in worklists.raised(who, region_id=region.id)],
        "window_days": worklists.WINDOW_DAYS,
        "sees_all": bool(roles & {"auditor", "administrator"}),
        **lists.listed(request, who, region_id=region.id, now=now),
        "with_office": True,
    }
    return render(request, "manager/complaints.html", context)


@require_safe
@login_required
@never_cache
def all_complaints(request: HttpRequest) -> HttpResponse:
    """Show the centre what stands before it and every region in a line; else lead to the own."""
    now = clock.now()
    who = access.reader(int(request.user.pk or 0))
    mine = [
        one for one in regions_with_offices() if offices.region_roles(who.officer_id, one) & SEES
    ]
    if not mine:
        raise PermissionDenied
    if not (who.is_centre or who.is_auditor):
        return redirect("region_complaints", mine[0].slug)
    today = now.astimezone(ZoneInfo(ZONE)).date()
    work = worklists.by_place("region", who, today=today, risk_until=risk_until(today), now=now)
    rows = [(region, _at(work, region.id)) for region in mine]
    rows.sort(key=lambda row: (-row[1].overdue, row[0].name))
    context = {
        "regions": rows,
        "nowhere": work.get(None),
        "totals": total(work),
        "dead_ends": [lists.row(one, now) for one in deadends.dead_ends(who)],
        "raised": [_raised(one, now) for one in worklists.raised(who)],
        "window_days": worklists.WINDOW_DAYS,
        **lists.listed(request, who, level="centre", now=now),
        "with_office": True,
    }
    return render(request, "manager/complaints_regions.html", context)


def _at(work: dict[int | None, worklists.PlaceWork], place_id: int) -> worklists.PlaceWork:
    return work.get(place_id, worklists.PlaceWork(place_id, 0, 0, 0, 0, 0, 0, 0))


def total(work: dict[int | None, worklists.PlaceWork]) -> worklists.PlaceWork:
    """Return the sums of all places."""
    if not work:
        return worklists.PlaceWork(None, 0, 0, 0, 0, 0, 0, 0)
    columns = zip(*(each[1:] for each in work.values()), strict=True)
    return worklists.PlaceWork(None, *(sum(column) for column in columns))


def _raised(one: worklists.Raised, now: datetime) -> RaisedRow:
    complaint = one.complaint
    place = complaint.office or complaint.region
    return RaisedRow(
        one,
        str(place) if place else gettext("tanpa kantor"),
        named(LEVELS, one.level),
        named(CATEGORIES, complaint.category),
        named(STATES, complaint.state),
        left(one.due_on, _today(place, now), complaint.office),
        max(0, (now - one.at).days),
    )


def _today(place: Any, now: datetime) -> date:
    return now.astimezone(ZoneInfo(place.time_zone if place else ZONE)).date()

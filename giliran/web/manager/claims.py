"""A region's claims: what each office has open, at risk and overdue, and what was escalated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from giliran import clock
from giliran.claims import worklists
from giliran.core.deadline import ONE_DAY, SATURDAY, CalendarMissing, add_working_days
from giliran.core.refusal import NotFound
from giliran.offices import queries as offices
from giliran.rules import calendar
from giliran.web.counter.claims_words import LEVELS, Left, kind_name, left, state_name
from giliran.web.staff import View

SEES = frozenset({"regional", "auditor", "administrator"})
SEES_ALL = frozenset({"auditor", "administrator"})


class OfficeRow(NamedTuple):
    """An office with its work; ``days`` says how long the oldest warning stands."""

    office: Any
    work: worklists.OfficeWork


class EscalationRow(NamedTuple):
    """A claim that was put before somebody, and for how many days it has stood there."""

    one: worklists.Escalation
    office: Any
    level: str
    kind: str
    state: str
    left: Left
    days: int


def of_region(view: Callable[..., HttpResponse]) -> View:
    """Open a view ``(request, region)`` to the region's own office and to the centre."""

    @login_required
    @wraps(view)
    def checked(request: HttpRequest, slug: str) -> HttpResponse:
        try:
            region = offices.region(slug)
        except NotFound as refusal:
            raise Http404 from refusal
        if not offices.region_roles(int(request.user.pk or 0), region) & SEES:
            raise PermissionDenied
        return view(request, region)

    return checked


@require_safe
@of_region
@never_cache
def region_claims(request: HttpRequest, region: Any) -> HttpResponse:
    """Show the region's offices, those with overdue claims first; no names stand here."""
    now = clock.now()
    today = now.astimezone(ZoneInfo(region.time_zone)).date()
    here = {office.id: office for office in offices.offices(region_id=region.id)}
    work = worklists.by_office(list(here), today=today, risk_until=risk_until(today))
    rows = sorted(
        (OfficeRow(here[each], found) for each, found in work.items()),
        key=lambda row: (-row.work.overdue, -row.work.due_today, row.office.name),
    )
    roles = offices.region_roles(int(request.user.pk or 0), region)
    context = {
        "region": region,
        "rows": rows,
        "totals": _sum(work),
        "escalations": [
            _escalated(one, here, today, now)
            for one in worklists.escalations(list(here), today=today)
        ],
        "window_days": worklists.WINDOW_DAYS,
        "regions": regions_with_offices() if roles & SEES_ALL else [],
        "may_work": "regional" in roles,
    }
    return render(request, "manager/claims.html", context)


@require_safe
@login_required
@never_cache
def all_regions(request: HttpRequest) -> HttpResponse:
    """Show the centre every region in a line; who has one region goes straight there."""
    officer_id, now = int(request.user.pk or 0), clock.now()
    mine = [one for one in regions_with_offices() if offices.region_roles(officer_id, one) & SEES]
    if not mine:
        raise PermissionDenied
    if len(mine) == 1:
        return redirect("region_claims", mine[0].slug)
    rows = []
    for region in mine:
        today = now.astimezone(ZoneInfo(region.time_zone)).date()
        ids = [office.id for office in offices.offices(region_id=region.id)]
        work = worklists.by_office(ids, today=today, risk_until=risk_until(today))
        rows.append((region, _sum(work)))
    rows.sort(key=lambda row: (-row[1].overdue, row[0].name))
    context = {"rows": rows, "window_days": worklists.WINDOW_DAYS}
    return render(request, "manager/claims_regions.html", context)


def risk_until(today: date) -> date:
    """Return the last due day that is at risk today: one working day is left."""
    try:
        return add_working_days(today, 1, calendar())
    except CalendarMissing:
        # Weekdays, as who warns counts them: the year has no decree yet.
        return next(day for n in (1, 2, 3) if (day := today + n * ONE_DAY).weekday() < SATURDAY)


def regions_with_offices() -> list[Any]:
    """Return every region that has an office, by name."""
    return sorted({office.region for office in offices.offices()}, key=str)


def _sum(work: dict[int, worklists.OfficeWork]) -> worklists.OfficeWork:
    columns = zip(*(each[1:] for each in work.values()), strict=True)
    return worklists.OfficeWork(0, *(sum(column) for column in columns))


def _escalated(
    one: worklists.Escalation, here: dict[int, Any], today: date, now: datetime
) -> EscalationRow:
    return EscalationRow(
        one,
        here[one.office_id],
        gettext(LEVELS[one.level]),
        kind_name(one.kind),
        state_name(one.state),
        left(one.due_on, today, here[one.office_id])
        if one.is_known
        else Left(gettext("paling cepat; hari libur tahun itu belum ditetapkan"), "soon"),
        max(0, (now - one.at).days),
    )

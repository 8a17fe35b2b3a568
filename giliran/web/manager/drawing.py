"""A region's draws: who waits, what each draw could give, and who was turned away meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import wraps
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from giliran import clock
from giliran.capacity import queries as capacity
from giliran.core.deadline import CalendarMissing
from giliran.core.refusal import NotFound
from giliran.figures import queries as figures
from giliran.offices import queries as offices
from giliran.turns import applications
from giliran.turns.actions.auditing import look_at_clusters
from giliran.web.manager.numbers import CHANNELS, named
from giliran.web.staff import View, actor

DAYS_SHOWN = 14
SEES_DRAWS = frozenset({"regional", "auditor", "administrator"})
KIND_NAMES = {
    "phone": gettext_noop("Banyak NIK dengan satu nomor telepon"),
    "address": gettext_noop("Sangat banyak NIK dari satu alamat internet"),
}
STATE_NAMES = {
    "open": gettext_noop("menunggu undian"),
    "placed": gettext_noop("mendapat giliran"),
    "withdrawn": gettext_noop("ditarik"),
}


class DayRow(NamedTuple):
    """One day of a region: the round that closed on it, if any, and who was turned away."""

    day: date
    round: Any
    unserved: int | None
    turned_away: int


class OfficeRow(NamedTuple):
    """An office of the region as the draw sees it."""

    office: Any
    named_first: int
    held: int
    turned_away: int


class ClusterRow(NamedTuple):
    """A cluster with its applications by id, state and channel; never a name."""

    name: str
    cluster: Any
    first_on: date
    last_on: date
    minutes: int
    applications: list[tuple[int, str, str, datetime]]


def of_region(*roles: str) -> Callable[[View], View]:
    """Open a view ``(request, region, ...)`` to officers with one of these roles for its region."""

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def checked(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                region = offices.region(slug)
            except NotFound as refusal:
                raise Http404 from refusal
            if not offices.region_roles(int(request.user.pk or 0), region) & set(roles):
                raise PermissionDenied
            return view(request, region, *args, **kwargs)

        return checked

    return decorate


@require_safe
@of_region(*SEES_DRAWS)
def region_draws(request: HttpRequest, region: Any) -> HttpResponse:
    """Show the demand, the last rounds beside who was turned away, and each office's part."""
    now = clock.now()
    today = _day(region, now)
    since = datetime.combine(
        today - timedelta(days=DAYS_SHOWN - 1), time(), tzinfo=ZoneInfo(region.time_zone)
    )
    here = offices.offices(region_id=region.id)
    ids = [office.id for office in here]
    away = figures.turned_away_by_day(ids, since=since, until=now)
    held = capacity.held_places(ids, now=now)
    first = applications.first_choices(region)
    closes_at, demand = _closing(region, now), applications.demand(region)
    context = {
        "region": region,
        "closes_at": closes_at,
        "closes_on": closes_at and _day(region, closes_at),
        "demand": demand,
        "waiting_since": demand.oldest_asked_at and _day(region, demand.oldest_asked_at),
        "held": sum(held.values()),
        "away": sum(away.values()),
        "days": _days(region, since.date(), today, away),
        "days_shown": DAYS_SHOWN,
        "offices": [
            OfficeRow(
                office,
                first.get(office.id, 0),
                held.get(office.id, 0),
                sum(n for (office_id, _), n in away.items() if office_id == office.id),
            )
            for office in here
        ],
        "may_audit": "auditor" in offices.region_roles(int(request.user.pk or 0), region),
    }
    return render(request, "manager/draws.html", context)


def _days(region: Any, first: date, last: date, away: dict[tuple[int, date], int]) -> list[DayRow]:
    """Return the days from the last to the first that have a round or a person turned away."""
    rounds = {_day(region, one.closes_at): one for one in applications.rounds(region)}
    found = []
    for back in range((last - first).days + 1):
        day = last - timedelta(days=back)
        one = rounds.get(day)
        turned = sum(n for (_, when), n in away.items() if when == day)
        if one is not None or turned:
            unserved = one.applications - one.placed if one and one.drawn_at else None
            found.append(DayRow(day, one, unserved, turned))
    return found


@require_safe
@of_region("auditor")
def suspicious(request: HttpRequest, region: Any) -> HttpResponse:
    """Show clusters that look as if one hand had made them; that the auditor looked is kept."""
    found = look_at_clusters(region, actor=actor(request), now=clock.now())
    briefs = applications.briefly(i for cluster in found for i in cluster.application_ids)
    rows = [
        ClusterRow(
            gettext(KIND_NAMES[cluster.kind]),
            cluster,
            _day(region, cluster.first_at),
            _day(region, cluster.last_at),
            int((cluster.last_at - cluster.first_at).total_seconds() // 60),
            [_told(briefs[i]) for i in cluster.application_ids],
        )
        for cluster in found
    ]
    context = {
        "region": region,
        "rows": rows,
        "phone_from": applications.SUSPICIOUS_PHONE,
        "address_from": applications.SUSPICIOUS_ADDRESS,
    }
    return render(request, "manager/suspicious.html", context)


def _told(one: applications.Brief) -> tuple[int, str, str, datetime]:
    return one.id, gettext(STATE_NAMES[one.state]), named(CHANNELS, one.channel), one.asked_at


def _closing(region: Any, now: datetime) -> datetime | None:
    try:
        return applications.next_closing(region, now=now) if region.draw_at else None
    except CalendarMissing:
        return None


def _day(region: Any, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(region.time_zone)).date()

"""The front page and the offices."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from giliran import clock
from giliran.capacity import queries as capacity
from giliran.offices import queries as offices
from giliran.turns import queries as turns
from giliran.web.citizen.kept import weeks
from giliran.web.citizen.missing import missing_is_404
from giliran.web.citizen.openings import can_be_taken, nearby
from giliran.web.promised import newcomer_minutes

_WEEK = 7
_DAYS_OFF_WITHIN = 60
_ON_FRONT_PAGE = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what this is, in one breath, and where to go on."""
    found = offices.offices()
    drawing = offices.regions_that_draw()
    hours = {f"{r.draw_at:%H.%M} {offices.ZONE_NAMES[r.time_zone]}" for r in drawing}
    known = {
        "offices": found[:_ON_FRONT_PAGE],
        "are_more": len(found) > _ON_FRONT_PAGE,
        "drawing": drawing,
        # One hour only if it is the same everywhere.
        "draws_at": hours.pop() if len(hours) == 1 else "",
        "free_count": 0,
    }
    if drawing:
        first = capacity.next_free_windows([o.id for o in found], now=clock.now())
        known["free_count"] = len(first)
    return render(request, "citizen/home.html", known)


@require_safe
def office_list(request: HttpRequest) -> HttpResponse:
    """List the offices by region, or those that match a word."""
    word = " ".join(request.GET.get("q", "").split())[:80]
    found = [
        office
        for office in offices.offices()
        if word.casefold() in f"{office.name} {office.address} {office.region.name}".casefold()
    ]
    first = capacity.next_free_windows([o.id for o in found], now=clock.now())
    choices = [(office, first.get(office.id)) for office in found]
    return render(request, "citizen/offices.html", {"choices": choices, "word": word})


@require_safe
@missing_is_404
def office_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell all about an office: hours, days off, services, how full it is, where it is."""
    now = clock.now()
    office = offices.office(slug)
    day = offices.local_day(office, now)
    moments = offices.opening_moments(office, day)
    todays = [o for o in capacity.windows(office.id, day=day) if can_be_taken(o, now=now)]
    return render(
        request,
        "citizen/office.html",
        {
            "office": office,
            "moments": moments,
            "is_open": moments is not None and moments[0] <= now < moments[1],
            "days": offices.days_ahead(office, day, _WEEK),
            "days_off": offices.days_off_ahead(office, day + timedelta(days=1), _DAYS_OFF_WITHIN),
            "services": offices.services(office_id=office.id),
            "left_today": sum(o.left for o in todays),
            "next_free": capacity.next_free_window(office.id, now=now),
            "today": turns.today(office.id, now=now),
            "estimate": newcomer_minutes(office, now=now),
            "are_gone": capacity.numbers_are_gone(office.id, day=day),
            "last_week": weeks(office, now=now, at_most=1)[0],
            "near": nearby(office, at_most=3),
        },
    )

"""Alarms on screen: a banner wherever staff of an office work, and the list with what was done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from giliran import clock
from giliran.core.refusal import NotFound, Refusal
from giliran.figures import actions as figures
from giliran.figures import alarms
from giliran.offices import queries as offices
from giliran.web.health import worker_stands
from giliran.web.manager.alarm_words import Said, said
from giliran.web.manager.claims import SEES_ALL, of_region
from giliran.web.manager.frame import frame
from giliran.web.refusals import sentence
from giliran.web.staff import DOOR, LOOK, MANAGE, at_office, roles_here

SHOWN = timedelta(days=7)
LOUD_AT_MOST = 2  # more would hide the page that is to be worked on
CENTRE_ZONE = "Asia/Jakarta"
ABOVE = frozenset({"regional", "administrator"})
_NOTHING_NEW = 204
_LONG = 18


def shown(roles: frozenset[str], office: Any) -> dict[str, Any]:
    """Return what a banner says to an officer: what nobody has in hand yet, the latest first.

    Two at most; of the others it says how many there are. Who may have the worker started again is
    told that it stands: it is the worker that raises alarms.
    """
    standing = worker_stands(office.time_zone) if roles & MANAGE else None
    found = [said(alarm, office=office) for alarm in alarms.ringing(office.id, roles)]
    loud = [one for one in reversed(found) if not one.alarm.seen_by][:LOUD_AT_MOST]
    return {
        "office": office,
        "loud": loud,
        "quiet": len(found) - len(loud),
        "standing": standing,
        "mark": mark(found) + (f"-{standing.mark}" if standing else ""),
        "list_url": reverse("office_alarms", args=[office.slug]) if roles & LOOK else "",
    }


def shown_above(officer_id: int, region: Any = None) -> dict[str, Any]:
    """Return what a banner says on a page of a region, or of no office and no region.

    On the latter a region's head hears of their own regions, the centre of what is its own.
    """
    standing, rings = worker_stands(CENTRE_ZONE), alarms.ringing_above()
    if standing is None and not rings:
        return {}
    here = offices.offices_and_roles(officer_id)
    roles = frozenset[str]().union(*(roles for _, roles in here))
    found = _heard_above(rings, here, region)
    loud = [one for one in reversed(found) if not one.alarm.seen_by][:LOUD_AT_MOST]
    return {
        "loud": loud,
        "quiet": len(found) - len(loud),
        "standing": standing if roles & MANAGE else None,
        "list_url": found[0].listed if found else "",
        "sees_places": True,
    }


def _heard_above(
    rings: list[alarms.AlarmView], here: list[tuple[Any, frozenset[str]]], region: Any
) -> list[Said]:
    """Return those alarms that somebody with these roles at offices hears on a page, in words."""
    of = {office.id: office for office, _ in here}
    regions = {office.region_id: office.region for office, _ in here}
    roles = {office.region_id: roles & ABOVE for office, roles in here}
    everywhere = frozenset[str]().union(*roles.values()) & {"administrator"}
    found = []
    for one in rings:
        office = of.get(one.office_id or 0)
        region_id = office.region_id if office else one.region_id
        if region is not None:
            mine = roles.get(region.id, frozenset()) if region_id == region.id else frozenset()
        elif one.office_id is None and one.region_id is None:
            mine = everywhere
        else:
            mine = roles.get(region_id or 0, frozenset()) & {"regional"}
        if alarms.hears_above(one, mine):
            at = None if office else regions.get(region_id or 0)
            found.append(said(one, office=office, region=at))
    return found


def mark(found: list[Said]) -> str:
    """Return what a banner shows, so that it is sent again only when that changes."""
    return "-".join(f"{one.alarm.id}{'s' if one.alarm.seen_by else ''}" for one in found)


@at_office(*DOOR, *LOOK)
@require_safe
@never_cache
def banner(request: HttpRequest, office: Any) -> HttpResponse:
    """Show what rings, or answer 204 where it is what the page shows already (``?tanda=``)."""
    context = shown(roles_here(request, office), office)
    if request.GET.get("tanda", "") == context["mark"]:
        return HttpResponse(status=_NOTHING_NEW)
    return render(request, "staff/alarms_ringing.html", context)


@at_office(*LOOK)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def office_alarms(request: HttpRequest, office: Any) -> HttpResponse:
    """Show an office's alarms of a week; its head takes one in hand."""
    now = clock.now()
    found = alarms.told(since=now - SHOWN, office_ids=[office.id])
    context = {**frame(request, office), "base": "manager/base.html"}
    if request.method == "POST":
        if not context["may_act"]:
            raise PermissionDenied
        return _take(request, found, lambda: redirect("office_alarms", office.slug))
    words = [said(one, office=office) for one in found]
    return _show(request, words, context, may_take=context["may_act"])


@require_http_methods(["GET", "HEAD", "POST"])
@of_region
@never_cache
def region_alarms(request: HttpRequest, region: Any) -> HttpResponse:
    """Show a region's own alarms and those of its offices."""
    now = clock.now()
    of = {one.id: one for one in offices.offices(region_id=region.id)}
    found = alarms.told(since=now - SHOWN, office_ids=list(of), above=[region.id])
    may_take = bool(offices.region_roles(int(request.user.pk or 0), region) & MANAGE)
    if request.method == "POST":
        if not may_take:
            raise PermissionDenied
        return _take(request, found, lambda: redirect("region_alarms", region.slug))
    words = [
        said(one, office=of.get(one.office_id or 0), region=None if one.office_id else region)
        for one in found
    ]
    context = {"base": "manager/region_base.html", "region": region, "sees_places": True}
    return _show(request, words, context, may_take=may_take)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def all_alarms(request: HttpRequest) -> HttpResponse:
    """Show the centre its own alarms and everybody's."""
    officer_id, now = int(request.user.pk or 0), clock.now()
    of = {one.id: one for one in offices.offices()}
    regions = {one.region_id: one.region for one in of.values()}
    roles = frozenset().union(
        *(offices.region_roles(officer_id, region) for region in regions.values())
    )
    if not roles & SEES_ALL:
        raise PermissionDenied
    found = alarms.told(since=now - SHOWN, office_ids=list(of), above=[None, *regions])
    may_take = "administrator" in roles
    if request.method == "POST":
        if not may_take:
            raise PermissionDenied
        return _take(request, found, lambda: redirect("all_alarms"))
    words = [
        said(
            one,
            office=of.get(one.office_id or 0),
            region=None if one.office_id else regions.get(one.region_id or 0),
        )
        for one in found
    ]
    context = {"base": "manager/centre_base.html", "sees_places": True}
    return _show(request, words, context, may_take=may_take)


def _show(
    request: HttpRequest, words: list[Said], context: dict[str, Any], *, may_take: bool
) -> HttpResponse:
    context |= {
        "ringing": [one for one in words if one.alarm.over_at is None],
        "over": [
            (one, max(1, int((one.alarm.over_at - one.alarm.raised_at).total_seconds() // 60)))
            for one in words
            if one.alarm.over_at is not None
        ],
        "may_take": may_take,
        "standing": worker_stands(getattr(context.get("office"), "time_zone", CENTRE_ZONE)),
        "shown_days": SHOWN.days,
    }
    return render(request, "manager/alarms.html", context)


def _take(
    request: HttpRequest, found: list[alarms.AlarmView], back: Callable[[], HttpResponse]
) -> HttpResponse:
    sent = request.POST.get("alarm", "")
    if not (sent.isascii() and sent.isdecimal() and len(sent) <= _LONG):
        raise Http404
    if int(sent) not in {one.id for one in found}:
        raise Http404
    try:
        figures.take(int(sent), officer_id=int(request.user.pk or 0), now=clock.now())
    except NotFound as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, gettext("Dicatat: Anda yang menangani."))
    return back()

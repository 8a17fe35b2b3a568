"""The page of an application: where it stands in the draws, and what can be done with it.

As with a turn, whoever holds the code may see and change it: no name beyond its first letters, no
NIK, no telephone.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from giliran import clock
from giliran.core.deadline import CalendarMissing
from giliran.core.identifiers import BadCode, parse_code
from giliran.core.refusal import NotFound, Refusal
from giliran.core.turn import OPEN, State
from giliran.offices import queries as offices
from giliran.turns import actions as turns
from giliran.turns import applications
from giliran.turns.bring import what_to_bring
from giliran.turns.refusals import DrawIsRunning
from giliran.web.citizen.applying_form import (
    said,
    terms_of,
)
from giliran.web.citizen.missing import missing_is_404
from giliran.web.citizen.statement import NEEDS
from giliran.web.citizen.takeaway import qr_svg
from giliran.web.citizen.turn import initials, unlisted
from giliran.web.refusals import sentence

if TYPE_CHECKING:
    from giliran.turns.models import Application

_TOGETHER_AT_MOST = 5


def application_of(code: str) -> Application:
    """Return the application of a code as it may be typed, or raise ``NotFound``."""
    try:
        return applications.by_code(parse_code(code))
    except BadCode as refusal:
        raise NotFound from refusal


def is_being_drawn(application: Application, *, now: datetime) -> bool:
    """Return whether a closed round that holds this application isn't drawn yet."""
    latest = applications.rounds(application.region, at_most=3)
    return application.state == "open" and any(
        one.state != "drawn" and one.closes_at <= now and application.asked_at < one.closes_at
        for one in latest
    )


def not_now(request: HttpRequest, application: Application) -> HttpResponse | None:
    """Return the way back to the page while nothing can be changed, or None when it can."""
    if application.state != "open":
        return redirect("application", application.code)
    if is_being_drawn(application, now=clock.now()):
        messages.warning(request, sentence(DrawIsRunning()))
        return redirect("application", application.code)
    return None


def _can_decline(application: Application, *, now: datetime) -> bool:
    turn = application.turn
    return (
        application.state == "placed"
        and turn is not None
        and turn.state == State.BOOKED
        and turn.window_till is not None
        and turn.window_till > now
    )


class _Latest(NamedTuple):
    """By when somebody is served at the latest, or why no day can be said."""

    said: applications.Estimate | None
    drawn_by: datetime | None = None
    served_by: datetime | None = None
    is_beyond_calendar: bool = False


def _latest(application: Application, *, now: datetime) -> _Latest:
    zone = ZoneInfo(application.region.time_zone)
    try:
        found = applications.estimate(application, now=now)
    except CalendarMissing:
        return _Latest(None, is_beyond_calendar=True)
    if found is None:
        return _Latest(None)
    return _Latest(found, found.drawn_by.astimezone(zone), found.served_by.astimezone(zone))


def needs_of(application: Application) -> list[tuple[str, str, bool]]:
    """Return the needs as a form or a summary shows them: (code, label, is asked for)."""
    return [(code, _(label), code in application.needs) for code, label in NEEDS.items()]


@require_safe
@never_cache
@missing_is_404
def application_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show how an application stands, in plain words."""
    application = application_of(code)
    if code != application.code:
        return redirect("application", application.code)
    now = clock.now()
    region = application.region
    zone = ZoneInfo(region.time_zone)
    stages = applications.stages(application)
    is_open = application.state == "open"
    companions = [c for c in applications.companions(application) if c.id != application.id]
    closes_at = applications.next_closing(region, now=now) if is_open else now
    can_decline = _can_decline(application, now=now)
    # What opens the door is the turn's own code, once there is one.
    leads_to = reverse("application", args=[application.code])
    if can_decline and application.turn is not None:
        leads_to = reverse("turn", args=[application.turn.code])
    known = {
        "application": application,
        "service": application.service,
        "region": region,
        "turn": application.turn,
        "now": now,
        "initials": initials(applications.stated_name(application)),
        "is_open": is_open,
        "is_being_drawn": is_being_drawn(application, now=now),
        "can_decline": can_decline,
        "is_over": application.turn is not None and application.turn.state not in OPEN,
        "closes_at": closes_at.astimezone(zone),
        "latest": _latest(application, now=now) if is_open else None,
        "stages": [(stage, stage.round.closes_at.astimezone(zone)) for stage in stages],
        "last": stages[0] if stages else None,
        "companions": [(c, initials(applications.stated_name(c))) for c in companions],
        "can_add": is_open and len(companions) + 1 < _TOGETHER_AT_MOST,
        "needs": needs_of(application),
        "bring": what_to_bring(application.service.code),
        "qr": qr_svg(request.build_absolute_uri(leads_to)),
        **said_by(application),
    }
    return unlisted(render(request, "citizen/application.html", known))


def said_by(application: Application) -> dict[str, object]:
    """Return what an application asks for, as a summary reads it."""
    named = applications.chosen_offices(application)
    return said(terms_of(application), named, application.home)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@missing_is_404
def application_withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Ask once more, then leave the draws."""
    application = application_of(code)
    if request.method == "POST":
        try:
            turns.withdraw(application.id, actor="citizen", now=clock.now())
        except NotFound:
            raise
        except Refusal as refusal:
            # Pressed twice: the page tells that it is withdrawn.
            if application_of(code).state != "withdrawn":
                messages.warning(request, sentence(refusal))
        return redirect("application", application.code)
    return not_now(request, application) or unlisted(
        render(request, "citizen/application_withdraw.html", {"application": application})
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@missing_is_404
def application_decline(request: HttpRequest, code: str) -> HttpResponse:
    """Say what it costs, ask once more, then give back what was won and stay in the draws."""
    application = application_of(code)
    now = clock.now()
    if request.method == "POST":
        try:
            turns.decline(application.id, actor="citizen", now=now)
        except NotFound:
            raise
        except Refusal as refusal:
            if application_of(code).state != "open":
                messages.warning(request, sentence(refusal))
        else:
            messages.success(
                request, _("Giliran sudah dikembalikan. Permohonan tetap ikut undian.")
            )
        return redirect("application", application.code)
    if not _can_decline(application, now=now):
        return redirect("application", application.code)
    known = {"application": application, "turn": application.turn}
    return unlisted(render(request, "citizen/application_decline.html", known))


@require_safe
@never_cache
@missing_is_404
def application_together(request: HttpRequest, code: str) -> HttpResponse:
    """Ask what the next person, or the same person, comes for as well."""
    application = application_of(code)
    if back := not_now(request, application):
        return back
    services = [
        service
        for service in offices.services()
        if offices.services_include(application.office_ids, service.id)
    ]
    known = {"application": application, "services": services}
    return unlisted(render(request, "citizen/application_together.html", known))


@require_safe
@never_cache
@missing_is_404
def application_proof(request: HttpRequest, code: str, serial: int) -> HttpResponse:
    """Give what proves that an application stood in a round's sealed list."""
    application = application_of(code)
    proof = applications.inclusion(application, serial)
    known = {
        "application": application,
        "proof": proof,
        "closes_at": proof.round.closes_at.astimezone(ZoneInfo(application.region.time_zone)),
    }
    return unlisted(render(request, "citizen/application_proof.html", known))

"""Telling people without internet what the draw gave them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from giliran import clock
from giliran.core.refusal import NotFound
from giliran.offices import queries as offices
from giliran.turns import actions as turns
from giliran.turns import applications
from giliran.turns.bring import what_to_bring
from giliran.web.counter import wishes
from giliran.web.counter.asked import Asked
from giliran.web.counter.reach import look_at, of_region
from giliran.web.refusals import sentence
from giliran.web.staff import DOOR, actor, at_office, may_open, roles_here

if TYPE_CHECKING:
    from giliran.turns.models import Application

SHOWN = 50


class Row(NamedTuple):
    """Somebody to tell; the name and phone only once this officer asked for them."""

    application: Application
    name: str
    phone: str
    drawn_on: date | None
    bring: list[str]
    shown_by: str


@at_office(*DOOR)
@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest, office: Any) -> HttpResponse:
    """List who applied with this office's staff and must be told the last result."""
    asked = Asked(request, office, clock.now())
    if request.method != "POST":
        return _show(asked)
    action = request.POST.get("action", "")
    try:
        application = _named(asked, action)
    except NotFound as refusal:
        return _show(asked, status=404, refused=sentence(refusal))
    if action == "show":
        return _show(asked, seen=application)
    if application.told_at is None:
        turns.note_told(application.id, actor=actor(request), now=asked.now)
    messages.success(request, gettext("Dicatat: sudah diberi tahu."))
    return redirect("door_tell", office.slug)


def _named(asked: Asked, action: str) -> Application:
    """Return who is meant; one to tell here, though a colleague may have told them by now."""
    application = of_region(asked, asked.request.POST.get("who", ""))
    is_listed = application.id in {one.id for one in applications.to_tell(asked.office)}
    if action not in {"show", "told"} or not (is_listed or application.told_at):
        raise NotFound
    return application


def _show(
    asked: Asked, *, status: int = 200, seen: Application | None = None, **context: Any
) -> HttpResponse:
    office = asked.office
    found = applications.to_tell(office)
    if seen is not None and seen.id in {one.id for one in found}:
        look_at(seen, asked, what="contact")
    context |= {
        "office": office,
        "may": may_open(roles_here(asked.request, office)),
        "here": reverse("door_tell", args=[office.slug]),
        "count": len(found),
        "rows": [
            _row(one, asked, is_seen=seen is not None and one.id == seen.id)
            for one in found[:SHOWN]
        ],
        "not_shown": max(0, len(found) - SHOWN),
        "next_draw": applications.next_closing(office.region, now=asked.now),
    }
    return render(asked.request, "staff/tell.html", context, status=status)


def _row(application: Application, asked: Asked, *, is_seen: bool) -> Row:
    last = None if application.turn_id else next(iter(applications.stages(application)), None)
    return Row(
        application=application,
        name=applications.stated_name(application) if is_seen else "",
        phone=applications.stated_phone(application) if is_seen else "",
        drawn_on=offices.local_day(asked.office, last.round.closes_at) if last else None,
        bring=what_to_bring(application.service.code) if application.turn_id else [],
        shown_by=wishes.how_shown(application),
    )

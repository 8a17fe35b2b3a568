"""Booking for somebody who stands at the door."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from giliran import clock
from giliran.capacity import queries as capacity
from giliran.core.refusal import BadInput, NotFound, Refusal
from giliran.offices import queries as offices
from giliran.turns import actions as turns
from giliran.web.counter import needs
from giliran.web.counter.asked import Asked, NothingChosen
from giliran.web.counter.door import shown_at_door
from giliran.web.counter.reach import draws
from giliran.web.refusals import sentence
from giliran.web.staff import DOOR, actor, at_office, may_open, roles_here

WINDOWS_SHOWN = 12


@at_office(*DOOR)
@require_http_methods(["GET", "HEAD", "POST"])
def book_for_somebody(request: HttpRequest, office: Any) -> HttpResponse:
    """Show the next free windows, and give one to the person at the door (channel ``clerk``)."""
    asked = Asked(request, office, clock.now())
    if request.method != "POST":
        return _show(asked)
    try:
        return _book(asked)
    except BadInput as refusal:
        return _show(asked, status=422, wrong={refusal.field: sentence(refusal)})
    except Refusal as refusal:
        status = 404 if isinstance(refusal, NotFound) else 409
        return _show(asked, status=status, refused=sentence(refusal))


def _book(asked: Asked) -> HttpResponse:
    typed = asked.request.POST
    service_id = asked.service_id("service")
    offer_id = typed.get("offer", "")
    if not offer_id.isdecimal():
        raise NothingChosen("offer")
    if capacity.window(int(offer_id)).office_id != asked.office.id:
        raise NotFound
    who = turns.asker(
        nik=typed.get("nik", ""), name=typed.get("name", ""), phone=typed.get("phone", "")
    )
    turn = turns.book(
        who,
        offer_id=int(offer_id),
        service_id=service_id,
        request_key=asked.request_key(),
        is_priority=typed.get("is_priority") == "1",
        needs=needs.ticked(typed.getlist("needs")),
        channel="clerk",
        actor=actor(asked.request),
        now=asked.now,
    )
    messages.success(asked.request, gettext("Janji dicatat. Berikan kodenya kepada orang ini."))
    return shown_at_door(asked.office, turn)


def _show(asked: Asked, *, status: int = 200, **context: Any) -> HttpResponse:
    request = asked.request
    typed = request.POST if request.method == "POST" else request.GET
    free = capacity.free_windows(asked.office.id, now=asked.now)
    context |= {
        "office": asked.office,
        "may": may_open(roles_here(request, asked.office)),
        "windows": [w for w in free if w.starts_at > asked.now][:WINDOWS_SHOWN],
        "services": offices.services(office_id=asked.office.id),
        "needs": needs.choices(),
        "ticked": needs.ticked(typed.getlist("needs")),
        "typed": typed,
        "draws": draws(asked.office),
        "request_key": typed.get("request_key") or uuid4(),
    }
    return render(request, "staff/book.html", context, status=status)

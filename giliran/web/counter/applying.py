"""Registering somebody at the door for the region's draws, as they would by themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from giliran import clock
from giliran.core.refusal import BadInput, NotFound, Refusal
from giliran.offices import queries as offices
from giliran.turns import actions as turns
from giliran.turns import applications
from giliran.turns.refusals import AlreadyApplied, AlreadyHasTurn, NoDrawHere
from giliran.web.citizen import statement
from giliran.web.counter import receipt, wishes
from giliran.web.counter.asked import Asked
from giliran.web.counter.reach import draws, look_at, of_region
from giliran.web.refusals import sentence
from giliran.web.staff import DOOR, actor, at_office, may_open, roles_here


@at_office(*DOOR)
@sensitive_post_parameters("nik", "name", "phone")
@require_http_methods(["GET", "HEAD", "POST"])
def apply_for_somebody(request: HttpRequest, office: Any) -> HttpResponse:
    """Show the form, register the person at the door, and show what they take home.

    ``action=begin`` brings a name and a NIK from another page by POST: never in an address.
    """
    asked = Asked(request, office, clock.now())
    if not draws(office):
        return _show(asked, None, status=409, refused=sentence(NoDrawHere()))
    if request.method != "POST":
        return _shown(asked)
    act = ACTIONS.get(request.POST.get("action", ""))
    typed = wishes.read(request.POST)
    try:
        if act is None:
            raise NotFound
        return act(asked, typed)
    except BadInput as refusal:
        return _show(asked, typed, status=422, wrong={refusal.field: sentence(refusal)})
    except Refusal as refusal:
        return _show(
            asked,
            typed,
            status=404 if isinstance(refusal, NotFound) else 409,
            refused=sentence(refusal),
            is_known=isinstance(refusal, AlreadyApplied | AlreadyHasTurn),
        )


def _shown(asked: Asked) -> HttpResponse:
    """Show the form, that of an application to change, or the receipt of one just made."""
    sent = asked.request.GET
    try:
        if "permohonan" in sent:
            return receipt.show(asked, sent["permohonan"])
        if "ubah" in sent:
            application = of_region(asked, sent["ubah"])
            look_at(application, asked, what="search")
            return _show(asked, wishes.of(application), changed=application)
    except NotFound as refusal:
        return _show(asked, wishes.begun(asked.office, sent), status=404, refused=sentence(refusal))
    return _show(asked, wishes.begun(asked.office, sent))


def _begin(asked: Asked, _typed: wishes.Typed) -> HttpResponse:
    return _show(asked, wishes.begun(asked.office, asked.request.POST))


def _apply(asked: Asked, typed: wishes.Typed) -> HttpResponse:
    who, wrong = statement.check(
        statement.Statement(name=typed.name, nik=typed.nik, phone=typed.phone)
    )
    known = {str(service.id): service.id for service in offices.services()}
    service_id = known.get(typed.service)
    if service_id is None:
        wrong = {"service": gettext("Pilih keperluan dulu."), **wrong}
    if who is None or service_id is None or wrong:
        return _show(asked, typed, status=422, wrong=wrong)
    made = turns.apply(
        who,
        typed.terms(asked.office),
        service_id=service_id,
        request_key=typed.request_key,
        channel="booth" if asked.office.kind == "mpp_booth" else "clerk",
        actor=actor(asked.request),
        now=asked.now,
    )
    messages.success(asked.request, gettext("Permohonan dicatat. Berikan kodenya."))
    return receipt.lead_to(asked, made)


def _change(asked: Asked, typed: wishes.Typed) -> HttpResponse:
    application = of_region(asked, asked.request.POST.get("application", ""))
    typed = replace(typed, halves=wishes.in_order(typed.halves, application.halves))
    try:
        turns.change(
            application.id, typed.terms(asked.office), actor=actor(asked.request), now=asked.now
        )
    except BadInput as refusal:
        wrong = {refusal.field: sentence(refusal)}
        return _show(asked, typed, status=422, changed=application, wrong=wrong)
    except Refusal as refusal:
        return _show(asked, typed, status=409, changed=application, refused=sentence(refusal))
    messages.success(asked.request, gettext("Permohonan diubah dan tetap ikut undian berikutnya."))
    return redirect("door", asked.office.slug)


def _show(
    asked: Asked, typed: wishes.Typed | None, *, status: int = 200, **context: Any
) -> HttpResponse:
    office = asked.office
    context |= {
        "office": office,
        "may": may_open(roles_here(asked.request, office)),
    }
    if typed is not None:
        context |= wishes.choices(office, typed)
        context["known_by"] = applications.next_closing(office.region, now=asked.now)
    return render(asked.request, "staff/apply.html", context, status=status)


def _print(asked: Asked, _typed: wishes.Typed) -> HttpResponse:
    return receipt.print_out(asked)


ACTIONS = {"begin": _begin, "apply": _apply, "change": _change, "print": _print}

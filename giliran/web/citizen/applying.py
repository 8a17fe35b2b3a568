"""Applying for a turn that is drawn: one question a page, until it is confirmed.

Where and when travel in the address, who in a form that is sent: a telephone's "back" works on
every page, and no NIK stands in a history.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from giliran import clock
from giliran.core.identifiers import BadCode, parse_code
from giliran.core.refusal import BadInput, NotFound, Refusal
from giliran.offices import queries as offices
from giliran.turns import actions as turns
from giliran.turns import applications
from giliran.turns.refusals import (
    AlreadyHasTurn,
    ServiceNotHere,
    TooManyNiksForPhone,
    TooManyPhones,
)
from giliran.web.citizen.applying_form import (
    Choices,
    Wishes,
    read_wishes,
    said,
    terms_of,
    wishes_of,
)
from giliran.web.citizen.applying_pages import Asking, show
from giliran.web.citizen.asking import which_service
from giliran.web.citizen.claim_open import claim_of, level
from giliran.web.citizen.missing import missing_is_404
from giliran.web.citizen.statement import Statement, check, read
from giliran.web.refusals import sentence
from giliran.web.staff import remote_address

if TYPE_CHECKING:
    from giliran.offices.models import Region
    from giliran.turns.models import Application

UNREADABLE, CONFLICT = 422, 409
# Which page asks the field that an action found wrong.
_ASKED_ON = {"offices": "kantor", "halves": "waktu", "notice_hours": "waktu", "shown_by": "siapa"}


@require_safe
def apply_service(request: HttpRequest) -> HttpResponse:
    """Ask what the person comes for."""
    if not offices.regions_that_draw():
        return redirect("ask_service")
    return which_service(request, "citizen/apply_service.html", then="apply")


@require_http_methods(["GET", "HEAD", "POST"])
@missing_is_404
def apply(request: HttpRequest, service: str) -> HttpResponse:
    """Ask where, when and who; let it be checked; and put the person into the draws."""
    sent = request.POST if request.method == "POST" else request.GET
    wanted, wishes = offices.service(service), read_wishes(sent)
    earlier = _earlier(wishes.together) if wishes.together else None
    drawing = offices.regions_that_draw()
    if not drawing:
        return redirect("ask_office", service)
    region = earlier.region if earlier else _region(wishes, drawing)
    if region is None:
        return render(
            request,
            "citizen/apply_region.html",
            {"service": wanted, "regions": drawing, "back": reverse("apply_service")},
        )
    if earlier is not None:
        wishes = replace(
            wishes_of(earlier, applications.chosen_offices(earlier)),
            shown_by=wishes.shown_by,
            together=earlier.code,
        )
    asking = Asking(
        request=request,
        service=wanted,
        region=region,
        wishes=replace(wishes, region=region.slug),
        stated=read(request.POST) if request.method == "POST" else Statement(form=str(uuid4())),
        choices=Choices(region, wanted, wishes),
        earlier=earlier,
        now=clock.now(),
    )
    response = _answer(asking, sent)
    if request.method == "POST":
        # The answer carries the NIK: no cache keeps it.
        add_never_cache_headers(response)
    return response


def _earlier(code: str) -> Application:
    try:
        return applications.by_code(parse_code(code))
    except BadCode as refusal:
        raise NotFound from refusal


def _region(wishes: Wishes, drawing: list[Region]) -> Region | None:
    """Return the region that was chosen, the only one, or that of the office one came from."""
    named = {region.slug: region for region in drawing}
    if wishes.region in named:
        return named[wishes.region]
    if len(drawing) == 1:
        return drawing[0]
    for slug in wishes.offices[:1]:
        try:
            return named.get(offices.office(slug).region.slug) if slug.isprintable() else None
        except NotFound:
            return None
    return None


def _answer(asking: Asking, sent: QueryDict) -> HttpResponse:
    """Check what was sent so far, in the order of the pages, and show the next one."""
    step = sent.get("langkah", "")
    pages = asking.pages
    if step.startswith("ke-") and step[3:] in pages:
        return show(asking, step[3:])
    is_typed = asking.request.method == "POST"
    reached = pages.index(step) + 1 if step in pages else 0
    if is_typed and step != "rumah":
        # Somebody who mends one answer has given all the others already.
        reached = len(pages)
    for page in pages[:reached]:
        wrong = asking.wrong_on(page)
        if wrong:
            return show(asking, page, wrong=wrong, status=UNREADABLE)
    if reached < len(pages):
        return show(asking, pages[reached])
    if step == "simpan":
        return _save(asking)
    return _check_page(asking)


def _save(asking: Asking) -> HttpResponse:
    who, _wrong = check(asking.stated)
    assert who is not None  # noqa: S101 -- the pages before were found good
    save = partial(turns.apply, who, asking.terms(), claim_id=_claim_opened_here(asking))
    if asking.earlier is not None:
        save = partial(turns.apply_with, asking.earlier.id, who, asking.terms())
    try:
        application = save(
            service_id=asking.service.id,
            request_key=asking.request_key(),
            channel="web",
            actor="citizen",
            address=remote_address(asking.request),
            now=asking.now,
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _sorry(asking, refusal)
    # Sent twice, the second time with other wishes: the first ones count, and the page says so.
    if terms_of(application) != asking.terms():
        messages.warning(
            asking.request,
            _("Permohonan ini sudah tercatat dengan pilihan di bawah. Ubah bila perlu."),
        )
    return redirect("application", application.code)


def _claim_opened_here(asking: Asking) -> int | None:
    """Return the claim that the turn is for, if this browser has opened it: a code is no proof."""
    try:
        claim = claim_of(asking.wishes.claim)
    except NotFound:
        return None
    return claim.id if level(asking.request, claim.code) else None


def _sorry(asking: Asking, refusal: Refusal) -> HttpResponse:
    """Show where it can be mended, with all that was typed, or what else is possible."""
    if isinstance(refusal, BadInput):
        page = _ASKED_ON.get(refusal.field, "siapa")
        wrong = {refusal.field: sentence(refusal)}
        return show(asking, page, wrong=wrong, status=UNREADABLE)
    if isinstance(refusal, TooManyNiksForPhone | TooManyPhones):
        return show(asking, "siapa", wrong={"phone": sentence(refusal)}, status=CONFLICT)
    if isinstance(refusal, ServiceNotHere) and asking.earlier is None:
        return show(asking, "kantor", wrong={"offices": sentence(refusal)}, status=CONFLICT)
    # Anybody can type a NIK, so nothing of the earlier application or turn is shown.
    return show(
        asking,
        "",
        "refused",
        status=CONFLICT,
        refused=sentence(refusal),
        has_turn=isinstance(refusal, AlreadyHasTurn),
    )


def _check_page(asking: Asking) -> HttpResponse:
    closes_at = applications.next_closing(asking.region, now=asking.now)
    terms = asking.terms()
    if asking.earlier is not None:
        named = applications.chosen_offices(asking.earlier)
    else:
        named = [asking.choices.by_slug[slug] for slug in asking.wishes.offices]
    return show(
        asking,
        "",
        "check",
        who=check(asking.stated)[0],
        closes_at=closes_at.astimezone(ZoneInfo(asking.region.time_zone)),
        **said(terms, named, asking.choices.home),
    )

"""A turn for a claim whose originals are still to be seen: a short visit, nothing asked twice."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4, uuid5

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from giliran import clock
from giliran.claims import queries
from giliran.core.claim import State
from giliran.core.refusal import NotFound, Refusal
from giliran.offices import queries as offices
from giliran.people import queries as people
from giliran.turns import actions as turns
from giliran.turns.queries import open_turn_for
from giliran.turns.refusals import AlreadyHasTurn
from giliran.web.citizen.claim_lines import originals
from giliran.web.citizen.claim_open import opened
from giliran.web.citizen.openings import chosen_day, window_of
from giliran.web.citizen.rights_answer import SERVICES
from giliran.web.refusals import sentence
from giliran.web.typed import key_in

if TYPE_CHECKING:
    from giliran.offices.models import Office, Service
    from giliran.turns.models import Turn

UNREADABLE, CONFLICT = 422, 409


@require_http_methods(["GET", "HEAD", "POST"])
@opened
def claim_turn(request: HttpRequest, claim: queries.ClaimView) -> HttpResponse:
    """Ask when the claimant comes to show the originals, and give the turn."""
    if not wants_visit(claim):
        return redirect("claim", claim.code)
    now, office = clock.now(), offices.office_by_id(claim.office_id)
    service = _service(claim, office)
    wrong, status, has_turn = {}, 200, False
    if request.method == "POST":
        try:
            return redirect("turn", _book(request, claim, office, service, now=now).code)
        except NotFound:
            wrong, status = {"jendela": _("Pilih dulu jam kedatangan Bapak/Ibu.")}, UNREADABLE
        except Refusal as refusal:
            wrong, status = {"jendela": sentence(refusal)}, CONFLICT
            has_turn = isinstance(refusal, AlreadyHasTurn)
    known = {
        "claim": claim,
        "office": office,
        "service": service,
        "shown": chosen_day(office.id, service.id, request.GET.get("hari", ""), now=now),
        "today": offices.local_day(office, now),
        "originals": originals(claim),
        "form": _form_of(request),
        "wrong": wrong,
        "has_turn": has_turn,
    }
    return render(request, "citizen/claim_turn.html", known, status=status)


def wants_visit(claim: queries.ClaimView) -> bool:
    """Say whether a claim still waits for its originals to be shown, and no turn was taken yet."""
    if claim.state != State.COMPLETE or not claim.needs_visit:
        return False
    return open_turn_for(claim.id) is None


def _book(
    request: HttpRequest,
    claim: queries.ClaimView,
    office: Office,
    service: Service,
    *,
    now: datetime,
) -> Turn:
    offer = window_of(office, request.POST.get("jendela", ""))
    who = turns.asker(
        nik=people.nik_of(claim.claimant_id),
        name=queries.name_of(claim.id),
        phone=queries.phone_of(claim.id),
    )
    return turns.book(
        who,
        offer_id=offer.id,
        service_id=service.id,
        request_key=uuid5(UUID(_form_of(request)), f"{claim.code} {offer.id}"),
        is_priority=request.POST.get("priority") == "1",
        claim_id=claim.id,
        channel="web",
        actor="citizen",
        now=now,
    )


def _service(claim: queries.ClaimView, office: Office) -> Service:
    """Return the service under which an office sees this claim's originals."""
    here = offices.services(office_id=office.id)
    wanted = SERVICES.get(claim.program, "info")
    found = [one for one in here if one.code == wanted] or here
    if not found:
        raise NotFound
    return found[0]


def _form_of(request: HttpRequest) -> str:
    return str(key_in(request.POST) or uuid4())

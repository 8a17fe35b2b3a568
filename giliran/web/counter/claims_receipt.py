"""What a claimant takes home from a booth or a counter, and the turn that is booked for them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from giliran.capacity import queries as capacity
from giliran.claims import queries
from giliran.core.refusal import BadInput, NotFound, Refusal, gettext_noop
from giliran.offices import queries as offices
from giliran.people.queries import nik_of
from giliran.turns import actions as turns
from giliran.turns.queries import open_turn_for
from giliran.web.citizen.rights_answer import SERVICES
from giliran.web.citizen.takeaway import qr_svg
from giliran.web.counter.asked import NothingChosen
from giliran.web.counter.claims_reach import READ, WORK, Asked, frame, of_region
from giliran.web.counter.claims_shown import is_told, papers
from giliran.web.counter.claims_words import kind_name, left, state_name, told
from giliran.web.staff import actor
from giliran.web.typed import key_of

WINDOWS_SHOWN = 12


class NoVisitNeeded(Refusal):
    """Only a file that needs its originals shown gets a turn."""

    code = "no_visit_needed"
    sentence = gettext_noop(
        "Giliran hanya untuk berkas lengkap yang aslinya perlu dilihat. Klaim ini tidak begitu."
    )


@require_safe
@never_cache
@of_region(*READ)
def receipt(asked: Asked) -> HttpResponse:
    """Show the receipt: the code, its QR, what is here and what is still missing."""
    claim = asked.claim
    address = asked.request.build_absolute_uri(reverse("claim", args=[claim.code]))
    office = offices.office_by_id(claim.office_id)
    rows = papers(asked)
    context = {
        **frame(asked.request, asked.office),
        "claim": claim,
        "of": office,
        "kind": kind_name(claim.kind),
        "state": state_name(claim.state),
        "left": left(claim.due_on, offices.local_day(office, asked.now), office, claim.clock),
        "address": address,
        "qr": qr_svg(address),
        "here": [row.name for row in rows if row.paper.documents or row.paper.state == "seen"],
        "lacking": [row.name for row in rows if row.paper.is_lacking],
        "brought": [row.name for row in rows if row.paper.state == "brought"],
        "turn": open_turn_for(claim.id),
        "is_told": is_told(claim.id),
    }
    return render(asked.request, "staff/claim_receipt.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@of_region(*WORK)
def book_turn(asked: Asked) -> HttpResponse:
    """Book a place at the branch that answers for the claim; nothing is asked again."""
    if asked.request.method != "POST":
        return _show(asked)
    try:
        turn = _book(asked)
    except BadInput as refusal:
        return _show(asked, status=422, wrong=told(refusal))
    except Refusal as refusal:
        status = 404 if isinstance(refusal, NotFound) else 409
        return _show(asked, status=status, refused=told(refusal))
    messages.success(
        asked.request,
        gettext("Giliran dicatat di %(office)s. Cetak tanda terimanya.")
        % {"office": turn.office.name},
    )
    return redirect("claim_receipt", asked.office.slug, asked.claim.code)


def _book(asked: Asked) -> Any:
    claim, typed = asked.claim, asked.request.POST
    if not _may_book(claim):
        raise NoVisitNeeded
    offer_id = typed.get("offer", "")
    if not offer_id.isdecimal():
        raise NothingChosen("offer")
    if capacity.window(int(offer_id)).office_id != claim.office_id:
        raise NotFound
    key = key_of(typed)
    asked.looks("contact")
    return turns.book(
        turns.asker(
            nik=nik_of(claim.claimant_id),
            name=queries.name_of(claim.id),
            phone=queries.phone_of(claim.id),
        ),
        offer_id=int(offer_id),
        service_id=offices.service(SERVICES.get(claim.program, "info")).id,
        request_key=key,
        is_priority=typed.get("is_priority") == "1",
        claim_id=claim.id,
        channel="clerk",
        actor=actor(asked.request),
        now=asked.now,
    )


def _may_book(claim: Any) -> bool:
    return bool(claim.needs_visit and claim.state == "complete")


def _show(asked: Asked, *, status: int = 200, **context: Any) -> HttpResponse:
    claim = asked.claim
    of = offices.office_by_id(claim.office_id)
    free = capacity.free_windows(of.id, now=asked.now)
    context |= {
        **frame(asked.request, asked.office),
        "claim": claim,
        "of": of,
        "kind": kind_name(claim.kind),
        "windows": [one for one in free if one.starts_at > asked.now][:WINDOWS_SHOWN],
        "turn": open_turn_for(claim.id),
        "may_book": _may_book(claim),
        "typed": asked.request.POST,
        "request_key": asked.request.POST.get("request_key") or uuid4(),
        "back": reverse("claim_file", args=[asked.office.slug, claim.code]),
    }
    return render(asked.request, "staff/claim_turn.html", context, status=status)

"""Complaining by JSON; the code of the receipt is all that the rest needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from giliran import clock
from giliran.api.exchange import Body, endpoint
from giliran.api.shapes import iso
from giliran.core.refusal import NotFound
from giliran.offices import queries as offices
from giliran.voices import actions as voices
from giliran.voices import complaints
from giliran.voices.floods import check_flood
from giliran.voices.refusals import UnknownClaim, UnknownComplaint, UnknownTurn
from giliran.web.staff import remote_address


def complaint_shape(found: complaints.View) -> dict[str, Any]:
    """Return a complaint as whoever has its code may see it; dates are ISO 8601."""
    return {
        "code": found.code,
        "state": found.state.value,
        "possible": [move.value for move in found.possible],
        "level": found.level,
        "office": found.office_slug or None,
        "category": found.category,
        "received_at": iso(found.received_at),
        "acknowledge_by": found.acknowledge_by.isoformat(),
        "acknowledge_law": found.acknowledge_law,
        "acknowledged_at": iso(found.acknowledged_at),
        "due_on": found.due_on.isoformat() if found.due_on else None,
        "due_law": found.due_law or None,
        "answered_at": iso(found.answered_at),
        "confirm_by": found.confirm_by.isoformat() if found.confirm_by else None,
        "said": [{"kind": one.kind, "text": one.text, "at": iso(one.at)} for one in found.said],
    }


@endpoint("POST", status=201)
def complain(request: HttpRequest) -> dict[str, Any]:
    """POST /complaints {text, request_key, office?, category?, turn?, claim?, name?, phone?}.

    Further ``is_anonymous?``, ``is_protected?``, ``is_proxy?``. Answers the receipt.
    """
    body = Body(request)
    turn, claim = body.text("turn", ""), body.text("claim", "")
    if turn or claim:
        complaints.try_code(remote_address(request), is_wrong=False, now=clock.now())
    try:
        view = _complain(request, body, turn, claim)
    except (UnknownTurn, UnknownClaim):
        complaints.try_code(remote_address(request), is_wrong=True, now=clock.now())
        raise
    return complaint_shape(view)


def _complain(request: HttpRequest, body: Body, turn: str, claim: str) -> complaints.View:
    slug = body.text("office", "")
    check_flood(remote_address(request), now=clock.now())
    return voices.complain(
        request_key=body.key("request_key"),
        channel="api",
        text=body.text("text"),
        office=offices.office(slug) if slug else None,
        category=body.text("category", "other"),
        turn_code=turn,
        claim_code=claim,
        name=body.text("name", ""),
        phone=body.text("phone", ""),
        is_anonymous=body.truth("is_anonymous"),
        is_protected=body.truth("is_protected"),
        is_proxy=body.truth("is_proxy"),
        language=get_language() or "id",
        now=clock.now(),
    )


def _known(request: HttpRequest, code: str) -> complaints.View:
    try:
        return complaints.view(code, address=remote_address(request), now=clock.now())
    except UnknownComplaint as refusal:
        raise NotFound from refusal


@endpoint("GET")
def show(request: HttpRequest, code: str) -> dict[str, Any]:
    """GET /complaints/<code>."""
    return complaint_shape(_known(request, code))


@endpoint("POST")
def add(request: HttpRequest, code: str) -> dict[str, Any]:
    """POST /complaints/<code>/add {text, request_key}."""
    body, known = Body(request), _known(request, code)
    key = body.key("request_key")
    return complaint_shape(
        voices.add(known.code, body.text("text"), request_key=key, now=clock.now())
    )


@endpoint("POST")
def dispute(request: HttpRequest, code: str) -> dict[str, Any]:
    """POST /complaints/<code>/dispute {text, request_key}: the next level answers."""
    body, known = Body(request), _known(request, code)
    key = body.key("request_key")
    return complaint_shape(
        voices.dispute(known.code, body.text("text"), request_key=key, now=clock.now())
    )


@endpoint("POST")
def confirm(request: HttpRequest, code: str) -> dict[str, Any]:
    """POST /complaints/<code>/confirm: the answer settles it."""
    return complaint_shape(voices.confirm(_known(request, code).code, now=clock.now()))


@endpoint("POST")
def withdraw(request: HttpRequest, code: str) -> dict[str, Any]:
    """POST /complaints/<code>/withdraw."""
    return complaint_shape(voices.withdraw(_known(request, code).code, now=clock.now()))

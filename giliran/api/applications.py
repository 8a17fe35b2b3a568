"""Asking for a turn that is drawn, and what everybody may see of the draws."""

from __future__ import annotations

import gzip
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext

from giliran import clock
from giliran.api.citizen import needs_of
from giliran.api.exchange import BadField, Body, endpoint
from giliran.api.shapes import (
    application_shape,
    estimate_shape,
    inclusion_shape,
    region_shape,
    round_shape,
    stage_shape,
    turn_shape,
)
from giliran.core.identifiers import parse_code
from giliran.core.refusal import NotFound
from giliran.core.seats import HALVES, Wish
from giliran.offices import queries as offices
from giliran.turns import actions as turns
from giliran.turns import applications
from giliran.web.staff import remote_address

_A_YEAR = 365 * 24 * 60 * 60  # seconds
_SERIAL_AT_MOST = 2**31 - 1  # what the database's column holds


@endpoint("POST", status=201)
def apply(request: HttpRequest) -> dict[str, Any]:
    """POST /applications: see docs/api.md; answers by when the person will know."""
    body = Body(request)
    who = turns.asker(nik=body.text("nik"), name=body.text("name"), phone=body.text("phone", ""))
    request_key = body.key("request_key")
    terms, named = _terms(body)
    service = offices.service(body.text("service"))
    now = clock.now()
    asked: dict[str, Any] = {
        "service_id": service.id,
        "request_key": request_key,
        "channel": "api",
        "actor": "citizen",
        "address": remote_address(request),
        "now": now,
    }
    if body.has("together_with"):
        earlier = applications.by_code(parse_code(body.text("together_with")))
        application = turns.apply_with(earlier.id, who, terms, **asked)
    else:
        application = turns.apply(who, terms, **asked)
    # A repeated request may have asked for other things the first time.
    if application.service_id == service.id:
        application.service = service
    if tuple(application.office_ids) != terms.wish.office_ids:
        named = [office.slug for office in applications.chosen_offices(application)]
    known_by = applications.first_result(application, now=now)
    return application_shape(application, named, known_by=known_by)


@endpoint("GET")
def show(request: HttpRequest, code: str) -> dict[str, Any]:
    """GET /applications/<code>: with its rounds, its turn, and the latest date while it waits."""
    return _whole(code)


@endpoint("POST")
def change(request: HttpRequest, code: str) -> dict[str, Any]:
    """POST /applications/<code>/change: the wishes anew, all of them."""
    application = applications.by_code(parse_code(code))
    terms, _ = _terms(Body(request))
    turns.change(application.id, terms, actor="citizen", now=clock.now())
    return _whole(code)


@endpoint("POST")
def withdraw(request: HttpRequest, code: str) -> dict[str, Any]:
    """POST /applications/<code>/withdraw: the credit stays for another time."""
    application = applications.by_code(parse_code(code))
    turns.withdraw(application.id, actor="citizen", now=clock.now())
    return _whole(code)


@endpoint("POST")
def decline(request: HttpRequest, code: str) -> dict[str, Any]:
    """POST /applications/<code>/decline: give back what was won and stay in the draws."""
    application = applications.by_code(parse_code(code))
    turns.decline(application.id, actor="citizen", now=clock.now())
    return _whole(code)


@endpoint("GET")
def show_proof(request: HttpRequest, code: str, serial: int) -> dict[str, Any]:
    """GET /applications/<code>/proofs/<serial>: that it stood in a round's sealed list."""
    application = applications.by_code(parse_code(code))
    return inclusion_shape(applications.inclusion(application, _known_serial(serial)))


@endpoint("GET")
def list_regions(request: HttpRequest) -> dict[str, Any]:
    """GET /regions: those that draw."""
    now = clock.now()
    return {
        "regions": [
            region_shape(region, next_closing=applications.next_closing(region, now=now))
            for region in offices.regions_that_draw()
        ]
    }


@endpoint("GET")
def show_region(request: HttpRequest, slug: str) -> dict[str, Any]:
    """GET /regions/<slug>: with its offices and the districts to name as home."""
    region = offices.region_that_draws(slug)
    closing = applications.next_closing(region, now=clock.now())
    return {
        **region_shape(region, next_closing=closing),
        "offices": [office.slug for office in offices.offices(region_id=region.id)],
        "homes": [{"code": h.code, "name": h.name} for h in offices.home_areas(region.id)],
        "halves": list(HALVES),
    }


@endpoint("GET")
def list_draws(request: HttpRequest, slug: str) -> dict[str, Any]:
    """GET /regions/<slug>/draws: the newest 30 rounds, the newest first."""
    region = offices.region(slug)
    return {"draws": [round_shape(found) for found in applications.rounds(region)]}


@endpoint("GET")
def show_draw(request: HttpRequest, slug: str, serial: int) -> dict[str, Any]:
    """GET /regions/<slug>/draws/<serial>."""
    region = offices.region(slug)
    return round_shape(applications.round_of(region, _known_serial(serial)))


@endpoint("GET")
def show_file(request: HttpRequest, slug: str, serial: int) -> HttpResponse:
    """GET /regions/<slug>/draws/<serial>/file: what `giliran draw verify` recounts.

    From the sealing on; once drawn it never changes, and says so to every cache on the way.
    """
    found = applications.round_of(offices.region(slug), _known_serial(serial))
    packed = applications.packed_file(found)
    # The root and whether the result is in decide every byte; weak: packed and plain differ.
    etag = f'W/"{found.root}-{found.state}"'
    answer = get_conditional_response(request, etag=etag)
    if answer is None and "gzip" in request.headers.get("Accept-Encoding", ""):
        answer = HttpResponse(packed, "application/json", headers={"Content-Encoding": "gzip"})
    elif answer is None:
        answer = HttpResponse(gzip.decompress(packed), "application/json")
    answer["ETag"] = etag
    is_final = found.state == found.State.DRAWN
    answer["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable" if is_final else "no-cache"
    patch_vary_headers(answer, ["Accept-Encoding"])
    return answer


def _terms(body: Body) -> tuple[turns.Terms, list[str]]:
    """Return what a person asks for, and the offices by the addresses that they named."""
    named = body.texts("offices")
    known = offices.office_ids(named)
    if not known.keys() >= set(named):
        raise BadField("offices", gettext("alamat kantor seperti di /api/v1/offices"))
    halves = body.texts("halves")
    if not set(halves) <= set(HALVES):
        raise BadField("halves", ", ".join(HALVES))
    wish = Wish(
        tuple(known[slug] for slug in named),
        any_near=body.truth("any_near"),
        halves=tuple(halves),
        time_first=body.truth("time_first"),
    )
    terms = turns.Terms(
        wish,
        home_id=_home_id(body),
        is_priority=body.truth("is_priority"),
        shown_by=body.text("shown_by", ""),
        needs=tuple(needs_of(body)),
        stands_by=body.truth("stands_by"),
        notice_hours=body.whole("notice_hours") if body.has("notice_hours") else 3,
    )
    return terms, named


def _home_id(body: Body) -> int | None:
    if not body.has("home"):
        return None
    try:
        return offices.home_area_with(body.text("home")).id
    except NotFound:
        raise BadField("home", gettext("kode kecamatan seperti di /api/v1/regions")) from None


def _known_serial(serial: int) -> int:
    if serial > _SERIAL_AT_MOST:
        raise NotFound
    return serial


def _whole(code: str) -> dict[str, Any]:
    now = clock.now()
    application = applications.by_code(parse_code(code))
    named = [office.slug for office in applications.chosen_offices(application)]
    latest = applications.estimate(application, now=now)
    return {
        **application_shape(
            application, named, known_by=applications.next_result(application, now=now)
        ),
        "turn": turn_shape(application.turn) if application.turn else None,
        "estimate": latest and estimate_shape(latest),
        "rounds": [stage_shape(stage) for stage in applications.stages(application)],
    }

"""What anybody may ask."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from giliran import clock
from giliran.api.exchange import BadField, Body, at_the_door, endpoint
from giliran.api.shapes import (
    estimate_of_line_shape,
    iso,
    office_shape,
    promise_shape,
    turn_shape,
    whole_office,
    window_shape,
)
from giliran.capacity import queries as capacity
from giliran.core.identifiers import parse_code
from giliran.core.turn import State
from giliran.offices import queries as offices
from giliran.turns import actions as turns
from giliran.turns import promises, queries
from giliran.turns.refusals import NoWalkInPlaceLeft
from giliran.web.staff import DOOR

NEEDS = frozenset({"wheelchair", "ground_floor", "sign_language", "companion"})


@endpoint("GET")
def show_clock(request: HttpRequest) -> dict[str, Any]:
    """GET /clock: the server's time and how fast it runs."""
    return {"now": clock.now().isoformat(), "speed": clock.speed()}


@endpoint("GET")
def list_offices(request: HttpRequest) -> dict[str, Any]:
    """GET /offices."""
    return {"offices": [office_shape(office) for office in offices.offices()]}


@endpoint("GET")
def show_office(request: HttpRequest, slug: str) -> dict[str, Any]:
    """GET /offices/<slug>: with services, counters and how the day stands."""
    office = offices.office(slug)
    now = clock.now()
    today = queries.today(office.id, now=now)
    are_gone = capacity.numbers_are_gone(office.id, day=offices.local_day(office, now))
    estimate = None if are_gone else promises.line_estimate(office, now=now)
    return {
        **whole_office(office),
        "today": {
            "waiting": today.waiting,
            "counters_open": today.counters_open,
            "newcomer": estimate_of_line_shape(estimate),
        },
    }


@endpoint("GET")
def list_windows(request: HttpRequest, slug: str) -> dict[str, Any]:
    """GET /offices/<slug>/windows: those with a place left."""
    office = offices.office(slug)
    free = capacity.free_windows(office.id, now=clock.now())
    return {"windows": [window_shape(offer) for offer in free]}


def needs_of(body: Body) -> list[str]:
    """Return the need codes asked for; an unknown one is refused, not dropped."""
    asked = body.texts("needs")
    if not NEEDS.issuperset(asked):
        raise BadField("needs", ", ".join(sorted(NEEDS)))
    return asked


@endpoint("POST", status=201)
def book(request: HttpRequest) -> dict[str, Any]:
    """POST /turns {window, service, nik, name, phone?, is_priority?, needs?, request_key}."""
    body = Body(request)
    who = turns.asker(nik=body.text("nik"), name=body.text("name"), phone=body.text("phone", ""))
    service = offices.service(body.text("service"))
    turn = turns.book(
        who,
        offer_id=body.whole("window"),
        service_id=service.id,
        request_key=body.key("request_key"),
        is_priority=body.truth("is_priority"),
        needs=needs_of(body),
        channel="api",
        actor="citizen",
        now=clock.now(),
    )
    # A repeated request may have asked for another service the first time.
    if turn.service_id == service.id:
        turn.service = service
    return turn_shape(turn)


@endpoint("GET")
def show_turn(request: HttpRequest, code: str) -> dict[str, Any]:
    """GET /turns/<code>."""
    turn = queries.by_code(parse_code(code))
    now = clock.now()
    is_to_be_called = turn.state in {State.BOOKED, State.WAITING}
    return {
        **turn_shape(turn),
        "people_ahead": queries.people_ahead(turn, now=now),
        **promise_shape(
            promises.promise_of(turn.id) if is_to_be_called else None,
            come_at=promises.come_at(turn, now=now),
        ),
        "leave_by": iso(promises.leave_by(turn.id, now=now)) if is_to_be_called else None,
    }


@endpoint("POST")
def move(request: HttpRequest, code: str) -> dict[str, Any]:
    """POST /turns/<code>/move {window}."""
    turn = queries.by_code(parse_code(code))
    window = Body(request).whole("window")
    moved = turns.reschedule(turn.id, offer_id=window, actor="citizen", now=clock.now())
    return turn_shape(moved)


@endpoint("POST")
def cancel(request: HttpRequest, code: str) -> dict[str, Any]:
    """POST /turns/<code>/cancel."""
    turn = queries.by_code(parse_code(code))
    return turn_shape(turns.cancel(turn.id, actor="citizen", now=clock.now()))


@endpoint("POST")
def leave(request: HttpRequest, code: str) -> dict[str, Any]:
    """POST /turns/<code>/leave: somebody who waits goes home."""
    turn = queries.by_code(parse_code(code))
    return turn_shape(turns.leave(turn.id, actor="citizen", now=clock.now()))


@endpoint("POST")
def check_in(request: HttpRequest, code: str) -> dict[str, Any]:
    """POST /turns/<code>/check-in: only at the door, by the office's kiosk or staff."""
    turn = queries.by_code(parse_code(code))
    actor = at_the_door(request, turn.office, DOOR)
    return turn_shape(
        turns.check_in(turn.id, office_id=turn.office_id, actor=actor, now=clock.now())
    )


@endpoint("POST", status=201)
def take_number(request: HttpRequest, slug: str) -> dict[str, Any]:
    """POST /offices/<slug>/tickets {service, is_priority?, needs?, request_key}.

    Only at the door, by the office's kiosk or staff. Whoever gets no number is counted as turned
    away.
    """
    office = offices.office(slug)
    actor = at_the_door(request, office, DOOR)
    body = Body(request)
    service = offices.service(body.text("service"))
    request_key = body.key("request_key")
    try:
        turn = turns.take_number(
            office_id=office.id,
            service_id=service.id,
            request_key=request_key,
            is_priority=body.truth("is_priority"),
            needs=needs_of(body),
            channel="kiosk" if actor.startswith("kiosk") else "clerk",
            actor=actor,
            now=clock.now(),
        )
    except NoWalkInPlaceLeft as refusal:
        turns.turn_away(
            office_id=office.id,
            service_id=service.id,
            why=refusal.code,
            request_key=request_key,
            actor=actor,
            now=clock.now(),
        )
        raise
    return turn_shape(queries.by_id(turn.id))

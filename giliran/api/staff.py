"""What staff may ask: the counters and the line."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest

from giliran import clock
from giliran.api.exchange import (
    BadField,
    Body,
    NotAllowedHere,
    endpoint,
    officer_id,
    staff_at,
)
from giliran.api.shapes import turn_shape
from giliran.capacity import actions as capacity
from giliran.capacity import queries as capacity_now
from giliran.offices import queries as offices
from giliran.people import actions as people
from giliran.turns import actions as turns
from giliran.turns import queries
from giliran.turns.refusals import NobodyAtCounter
from giliran.web.staff import DESK, DOOR, LOOK, remote_address


@endpoint("POST")
def log_in(request: HttpRequest) -> dict[str, Any]:
    """POST /session {username, password}: sets the session cookie."""
    body = Body(request)
    username, address, now = body.text("username"), remote_address(request), clock.now()
    people.check_guessing(username, address, now=now)
    officer = authenticate(request, username=username, password=body.text("password"))
    people.note_login(username, address, officer_id=officer.pk if officer else None, now=now)
    if officer is None:
        raise NotAllowedHere
    login(request, officer)
    return {"officer": officer.pk, "offices": [o.slug for o in offices.offices_of(officer.pk)]}


@endpoint("DELETE")
def log_out(request: HttpRequest) -> dict[str, Any]:
    """DELETE /session."""
    officer_id(request)
    logout(request)
    return {}


@endpoint("POST")
def set_clock(request: HttpRequest) -> dict[str, Any]:
    """POST /clock {now, speed}: only where the clock is simulated, only by an administrator."""
    officer = officer_id(request)
    if not settings.GILIRAN_DEMO or clock.simulation() is None:
        raise NotAllowedHere
    if not any("administrator" in offices.roles(officer, o) for o in offices.offices()[:1]):
        raise NotAllowedHere
    body = Body(request)
    try:
        shows = datetime.fromisoformat(body.text("now"))
    except ValueError:
        raise BadField("now", "2026-11-23T08:00:00+07:00") from None
    speed = body.number("speed")
    if shows.tzinfo is None or not 0 < speed <= 10_000:  # noqa: PLR2004
        raise BadField("speed", "0 < speed <= 10000")
    clock.set_simulation(shows, speed=speed)
    return {"now": clock.now().isoformat(), "speed": clock.speed()}


@endpoint("GET")
def show_line(request: HttpRequest, slug: str) -> dict[str, Any]:
    """GET /offices/<slug>/line: the day's counts, and who waits in the order of calling."""
    office = offices.office(slug)
    staff_at(request, office, DOOR | LOOK)
    now = clock.now()
    return {
        "today": queries.today(office.id, now=now)._asdict(),
        "line": [turn_shape(turn) for turn in queries.in_the_line(office.id, now=now)],
    }


@endpoint("POST")
def open_counter(request: HttpRequest, counter_id: int) -> dict[str, Any]:
    """POST /counters/<id>/open."""
    officer = _sits(request, counter_id)
    capacity.open_counter(counter_id, officer_id=officer, now=clock.now())
    return {"counter": counter_id, "is_open": True}


@endpoint("POST")
def close_counter(request: HttpRequest, counter_id: int) -> dict[str, Any]:
    """POST /counters/<id>/close."""
    officer = _sits(request, counter_id)
    seat = capacity_now.seat_of(officer)
    if seat is not None and seat.counter_id == counter_id:
        turns.leave_counter(officer_id=officer, now=clock.now())
    return {"counter": counter_id, "is_open": False}


@endpoint("POST")
def call_next(request: HttpRequest, counter_id: int) -> dict[str, Any]:
    """POST /counters/<id>/next: the person called, or null if nobody waits for this counter."""
    officer = officer_id(request)
    called = turns.call_next(counter_id, officer_id=officer, now=clock.now())
    return {"turn": turn_shape(called) if called else None}


_AT_COUNTER = {
    "call-again": turns.call_again,
    "start": turns.start,
    "finish": turns.finish,
    "no-show": turns.no_show,
    "park": turns.park,
}


@endpoint("POST")
def at_counter(request: HttpRequest, counter_id: str, verb: str) -> dict[str, Any]:
    """POST /counters/<id>/<call-again|start|finish|no-show|park>: the person at the counter."""
    officer = officer_id(request)
    act = _AT_COUNTER[verb]
    turn = act(officer_id=officer, counter_id=int(counter_id), now=clock.now())
    return {"turn": turn_shape(turn)}


@endpoint("POST")
def identify(request: HttpRequest, counter_id: int) -> dict[str, Any]:
    """POST /counters/<id>/identify {nik, name}: hold the person's card against their turn."""
    officer = _sits(request, counter_id)
    present = queries.at_counter(counter_id)
    if present is None:
        raise NobodyAtCounter
    body = Body(request)
    who = turns.asker(nik=body.text("nik"), name=body.text("name"), phone="")
    turn = turns.identify(
        present.id,
        who,
        actor=f"officer:{officer}",
        office_id=present.office_id,
        now=clock.now(),
    )
    return {"turn": turn_shape(turn)}


@endpoint("POST")
def transfer(request: HttpRequest, counter_id: int) -> dict[str, Any]:
    """POST /counters/<id>/transfer {service?, counter?}: keeps the place."""
    officer = officer_id(request)
    body = Body(request)
    turn = turns.transfer(
        officer_id=officer,
        service_id=offices.service(body.text("service")).id if body.has("service") else None,
        counter_id=body.whole("counter") if body.has("counter") else None,
        now=clock.now(),
    )
    return {"turn": turn_shape(turn)}


def _sits(request: HttpRequest, counter_id: int) -> int:
    officer = officer_id(request)
    staff_at(request, offices.counter(counter_id).office, DESK)
    return officer

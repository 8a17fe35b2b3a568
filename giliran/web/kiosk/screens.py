"""What each screen of the kiosk knows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from giliran.capacity import queries as capacity
from giliran.offices import queries as offices
from giliran.turns import applications, promises, queries
from giliran.web.board.opening import next_opening
from giliran.web.citizen.openings import elsewhere
from giliran.web.citizen.opinion_asked import SCORES
from giliran.web.citizen.takeaway import qr_svg
from giliran.web.promised import newcomer_minutes, why_none
from giliran.web.templatetags.giliran import window

if TYPE_CHECKING:
    from giliran.capacity.models import Offer
    from giliran.offices.models import Kiosk, Office, Service
    from giliran.turns.models import Turn
    from giliran.voices.opinions import Question

SILENCE_S = 30
LONGER_SILENCE_S = 60  # where somebody takes out a phone to scan
_ELSEWHERE = 2
KEYS = ("23456789", "ABCDEFGH", "JKMNPQRS", "TVWXYZ")

Known = dict[str, object]


class Doors(NamedTuple):
    """Whether numbers are given now, and whether any is left."""

    are_open: bool
    has_places: bool


class Choice(NamedTuple):
    """A window that can be booked on the phone; ``km`` is None for this office."""

    office: Office
    km: float | None
    offer: Offer
    qr: str


def doors(office: Office, *, now: datetime) -> Doors:
    """Return how it stands at the door; the action that gives the number decides again."""
    offer = capacity.walk_in_offer(office.id, day=offices.local_day(office, now))
    are_open = offer is not None and offer.starts_at <= now < offer.ends_at
    has_places = offer is not None and offer.left > 0
    return Doors(are_open, has_places)


def _line(office: Office, *, now: datetime) -> Known:
    """Return what a newcomer may expect before they say what for: people and minutes."""
    opening = next_opening(office, now=now)
    is_early = opening is not None and opening.doors_at <= now < opening.opens_at
    return {
        "waiting": len(queries.line(office.id)),
        "estimate": newcomer_minutes(office, now=now),
        "opens_at": opening.opens_at if opening and is_early else None,
    }


def start(request: HttpRequest, office: Office, *, now: datetime) -> Known:
    return {
        "screen": "start",
        "home_qr": qr_svg(request.build_absolute_uri(reverse("home"))),
        "doors": doors(office, now=now),
        "opening": next_opening(office, now=now),
        "now": now,
        **_line(office, now=now),
    }


def services(office: Office, *, now: datetime) -> Known:
    return {
        "screen": "services",
        "services": offices.services(office_id=office.id),
        "request_key": uuid4(),
        **_line(office, now=now),
    }


def priority(request: HttpRequest, office: Office, service: Service, *, now: datetime) -> Known:
    """Return what they are promised who take a number now, and when else they could come."""
    promised = promises.newcomer(office, service_id=service.id, is_priority=False, now=now)
    url = request.build_absolute_uri(reverse("ask_window", args=[service.code, office.slug]))
    later = capacity.next_free_window(office.id, now=now)
    return {
        "screen": "priority",
        "service": service,
        "request_key": uuid4(),
        "promised": promised,
        "why_none": why_none(office, service.id, now=now) if promised is None else "",
        "today": offices.local_day(office, now),
        "tomorrow": offices.local_day(office, now) + timedelta(days=1),
        "later": Choice(office, None, later, qr_svg(url)) if later else None,
        "apply_at": _apply_at(request, office, now=now) if later is None else None,
        **_line(office, now=now),
    }


def code(typed: str = "", error: str = "") -> Known:
    return {"screen": "code", "typed": typed, "error": error, "keys": KEYS}


def opinion(asked: Question) -> Known:
    """Return the one question after a visit, or the thanks for its answer."""
    return {"screen": "opinion", "asked": asked, "scores": SCORES}


def complaint(request: HttpRequest, office: Office) -> Known:
    """Return where to complain about this office, to scan and to type."""
    here = request.build_absolute_uri(reverse("complain"))
    return {
        "screen": "complaint",
        "address": here.partition("://")[2],
        "qr": qr_svg(f"{here}?kantor={office.slug}&dari=gerai", _("Kode QR halaman pengaduan")),
        "silence": LONGER_SILENCE_S,
    }


def full(request: HttpRequest, office: Office, service: Service, *, now: datetime) -> Known:
    """Return where and when else: the next windows here and nearby, each to book on the phone.

    Where this office's places are drawn and none is on sale here, also where to apply.
    """
    here = capacity.next_free_window(office.id, now=now)
    found: list[tuple[Office, float | None, Offer]] = [(office, None, here)] if here else []
    found += [
        (e.office, e.km, e.offer) for e in elsewhere(office, service.id, now=now)[:_ELSEWHERE]
    ]
    choices = []
    for where, km, offer in found:
        url = request.build_absolute_uri(reverse("ask_window", args=[service.code, where.slug]))
        choices.append(Choice(where, km, offer, qr_svg(url)))
    return {
        "screen": "full",
        "service": service,
        "choices": choices,
        "apply_at": _apply_at(request, office, now=now) if here is None else None,
        "silence": LONGER_SILENCE_S,
    }


class ApplyAt(NamedTuple):
    """Where to apply for a draw: an address to type, the same to scan, and by when it is drawn."""

    address: str
    qr: str
    known_by: datetime


def _apply_at(request: HttpRequest, office: Office, *, now: datetime) -> ApplyAt | None:
    if office.region.draw_at is None:
        return None
    url = request.build_absolute_uri(reverse("apply_service"))
    known_by = applications.next_closing(office.region, now=now)
    return ApplyAt(url.partition("://")[2].rstrip("/"), qr_svg(url), known_by)


def turn_url(request: HttpRequest, turn: Turn) -> str:
    return request.build_absolute_uri(reverse("turn", args=[turn.code]))


def number(request: HttpRequest, kiosk: Kiosk, turn: Turn, *, paper: str, now: datetime) -> Known:
    """Return the screen of a number; ``paper`` is printed, failed, or none."""
    promised = promises.promise_of(turn.id) if turn.state == "waiting" else None
    return {
        "screen": "number",
        "turn": turn,
        "ahead": queries.people_ahead(turn, now=now),
        "promised": promised,
        "expected": window(promised.begins, promised.ends, turn.office) if promised else "",
        "opening": None if promised else next_opening(kiosk.office, now=now),
        "paper": paper,
        "qr": qr_svg(turn_url(request, turn)),
        "now": now,
        "silence": SILENCE_S if paper == "printed" else LONGER_SILENCE_S,
        "title": _("Nomor %(number)s") % {"number": turn.number},
    }

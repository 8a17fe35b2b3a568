"""The office today: how it stands, who sits where, and the windows that it offers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from giliran import clock
from giliran.capacity import actions as capacity
from giliran.capacity import queries as capacity_now
from giliran.core.refusal import BadInput, NotFound, Refusal, gettext_noop
from giliran.figures import queries as figures
from giliran.offices import queries as offices
from giliran.turns import queries as turns
from giliran.web.counter.rescuing import suggestions
from giliran.web.manager import bars
from giliran.web.manager.days import asked_day, coming_days, is_open_on, last_open_day
from giliran.web.manager.frame import frame
from giliran.web.manager.weighing import Weighing, weigh
from giliran.web.refusals import sentence
from giliran.web.staff import LOOK, actor, at_office
from giliran.web.typed import typed

PLACES_AT_MOST = 999


class BadPlaces(BadInput):
    """The number of places can't be read."""

    code = "bad_places"
    sentence = gettext_noop("Jumlah tempat harus bilangan bulat dari 0 sampai %(most)s.")


class NothingChosen(BadInput):
    """No window was ticked."""

    code = "nothing_chosen"
    sentence = gettext_noop("Centang dulu jam yang ingin ditutup atau dibuka.")


class Asked(NamedTuple):
    """What a manager's page or button asks for."""

    request: HttpRequest
    office: Any
    now: datetime
    day: date
    frame: dict[str, Any]

    @property
    def today(self) -> date:
        return offices.local_day(self.office, self.now)


class Seat(NamedTuple):
    """One counter: who sits there, and who is there, by number."""

    label: str
    officer: str
    number: str
    state: str
    minutes: int
    service: Any


class OfferRow(NamedTuple):
    """One window, or the day's numbers at the door, with what was typed if it was refused."""

    offer: Any
    is_over: bool
    is_full: bool
    is_for_the_draw: bool
    is_walk_in: bool
    full_percent: int
    typed: str
    wrong: str


@at_office(*LOOK)
@require_http_methods(["GET", "HEAD", "POST"])
def manager(request: HttpRequest, office: Any) -> HttpResponse:
    """Show the office today, refresh what moves (``?bagian=keadaan``), or change its windows."""
    now = clock.now()
    first_open = next(iter(coming_days(office, offices.local_day(office, now))), None)
    day = asked_day(request, first_open or offices.local_day(office, now))
    asked = Asked(request, office, now, day, frame(request, office))
    if request.method == "POST":
        return _do(asked)
    if request.GET.get("bagian") == "keadaan":
        return render(request, "manager/now.html", _state(asked))
    return _show(asked)


def _do(asked: Asked) -> HttpResponse:
    if not asked.frame["may_act"]:
        raise PermissionDenied
    act = ACTIONS.get(asked.request.POST.get("action", ""))
    if act is None:
        return _show(asked, status=400, refused=sentence(NotFound()))
    try:
        said = act(asked)
    except BadInput as refusal:
        context: dict[str, Any] = {"wrong": {refusal.field: sentence(refusal)}}
        if isinstance(refusal, capacity.ReasonMissing):
            typed = _typed_places(asked)
            context["weighing"] = weigh(asked.office, *typed, reason=_typed_reason(asked))
        return _show(asked, status=422, **context)
    except Refusal as refusal:
        if isinstance(refusal, capacity.PlacesAlreadyPromised):
            field = f"places-{asked.request.POST.get('offer', '')}"
            return _show(asked, status=409, wrong={field: sentence(refusal)})
        status = 404 if isinstance(refusal, NotFound) else 409
        return _show(asked, status=status, refused=sentence(refusal))
    if isinstance(said, Weighing):
        return _show(asked, weighing=said)
    messages.success(asked.request, said)
    address = reverse("manager", args=[asked.office.slug])
    return redirect(f"{address}?hari={asked.day.isoformat()}#jam")


def _show(asked: Asked, *, status: int = 200, **context: Any) -> HttpResponse:
    office = asked.office
    wrong = context.setdefault("wrong", {})
    rows = _offers(asked, wrong)
    left = {d.day: d.places_left for d in capacity_now.days_on_offer(office.id, now=asked.now)}
    before = last_open_day(office, asked.today)
    then = figures.day(office.id, before, now=asked.now)
    context |= {
        **_state(asked),
        "days": [(d, left.get(d)) for d in coming_days(office, asked.today)],
        "day": asked.day,
        "rows": rows,
        "coming": [row for row in rows if not row.is_over],
        "any_open": any(row.offer.is_open for row in rows if not row.is_over),
        "is_shut": not is_open_on(office, asked.day),
        "then": then,
        "arrivals": bars.arrivals(then),
        "places_at_most": PLACES_AT_MOST,
    }
    return render(asked.request, "manager/today.html", context, status=status)


def _state(asked: Asked) -> dict[str, Any]:
    """Return what moves by itself: the tiles and the counters."""
    office = asked.office
    return {
        **asked.frame,
        "now": asked.now,
        "today": turns.today(office.id, now=asked.now),
        "seats": _seats(office, asked.now),
        "suggestions": suggestions(office.id, now=asked.now),
    }


def _seats(office: Any, now: datetime) -> list[Seat]:
    officers = {seat.counter_id: seat.officer_name for seat in capacity_now.open_seats(office.id)}
    there = figures.at_counters(office.id)
    services = {service.id: service for service in offices.services()}
    found = []
    for counter in offices.counters(office.id):
        person = there.get(counter.id)
        found.append(
            Seat(
                label=counter.label,
                officer=officers.get(counter.id, ""),
                number=person.number if person else "",
                state=person.state if person else "",
                minutes=int((now - person.since).total_seconds() // 60) if person else 0,
                service=services.get(person.service_id) if person else None,
            )
        )
    return found


def _offers(asked: Asked, wrong: dict[str, str]) -> list[OfferRow]:
    door = capacity_now.walk_in_offer(asked.office.id, day=asked.day)
    offers = [*([door] if door else []), *capacity_now.windows(asked.office.id, day=asked.day)]
    typed = asked.request.POST.get("places", "")
    return [
        OfferRow(
            offer=offer,
            is_over=offer.ends_at <= asked.now,
            is_full=offer.taken >= offer.places,
            is_for_the_draw=offer.held > 0 and offer.left == 0,
            is_walk_in=offer.kind == "walk_in",
            full_percent=min(100, round(100 * offer.taken / offer.places)) if offer.places else 100,
            typed=typed if f"places-{offer.id}" in wrong else str(offer.places),
            wrong=wrong.get(f"places-{offer.id}", ""),
        )
        for offer in offers
    ]


def _chosen(asked: Asked) -> list[int]:
    sent = [text for text in asked.request.POST.getlist("offer") if _is_id(text)]
    if not sent:
        raise NothingChosen("several")
    return [int(text) for text in sent]


def _is_id(text: str) -> bool:
    """Tell whether this can be an id: longer numbers don't fit into PostgreSQL's bigint."""
    return text.isascii() and text.isdecimal() and len(text) <= 18  # noqa: PLR2004


def _set_open(asked: Asked, offer_ids: list[int], *, is_open: bool) -> str:
    changed = capacity.set_open(
        offer_ids,
        office_id=asked.office.id,
        is_open=is_open,
        now=asked.now,
        actor=actor(asked.request),
    )
    if not changed:
        return gettext("Tidak ada yang berubah: sudah seperti itu.")
    if is_open:
        text = ngettext("%(n)s jam dibuka.", "%(n)s jam dibuka.", changed)
    else:
        text = ngettext(
            "%(n)s jam ditutup. Yang sudah punya tempat tetap dilayani.",
            "%(n)s jam ditutup. Yang sudah punya tempat tetap dilayani.",
            changed,
        )
    return text % {"n": changed}


def _rest_of_day(asked: Asked) -> list[int]:
    return [row.offer.id for row in _offers(asked, {}) if not row.is_over]


def _typed_places(asked: Asked) -> tuple[int, int]:
    offer, places = (asked.request.POST.get(name, "").strip() for name in ("offer", "places"))
    if not _is_id(offer):
        raise NotFound
    if not _is_id(places) or int(places) > PLACES_AT_MOST:
        raise BadPlaces(f"places-{offer}", most=PLACES_AT_MOST)
    return int(offer), int(places)


def _typed_reason(asked: Asked) -> str:
    return typed(asked.request.POST, "reason").strip()


def _set_places(asked: Asked) -> str | Weighing:
    """Set places; where they follow from the roster, first show what it costs."""
    offer_id, places = _typed_places(asked)
    if capacity.is_counted(offer_id, office_id=asked.office.id):
        return weigh(asked.office, offer_id, places)
    capacity.set_places(
        offer_id,
        places,
        office_id=asked.office.id,
        now=asked.now,
        actor=actor(asked.request),
    )
    return gettext("Jumlah tempat disimpan: %(n)s.") % {"n": places}


def _override(asked: Asked) -> str:
    offer_id, places = _typed_places(asked)
    capacity.override_places(
        offer_id,
        places,
        reason=_typed_reason(asked),
        office_id=asked.office.id,
        officer_id=int(asked.request.user.pk or 0),
        now=asked.now,
    )
    return gettext("Jumlah tempat disimpan: %(n)s.") % {"n": places}


ACTIONS: dict[str, Callable[[Asked], str | Weighing]] = {
    "open": lambda asked: _set_open(asked, _chosen(asked), is_open=True),
    "close": lambda asked: _set_open(asked, _chosen(asked), is_open=False),
    "open_rest": lambda asked: _set_open(asked, _rest_of_day(asked), is_open=True),
    "close_rest": lambda asked: _set_open(asked, _rest_of_day(asked), is_open=False),
    "places": _set_places,
    "override": _override,
}

"""Asking for a turn: one question a page, until it is confirmed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from giliran import clock
from giliran.capacity import queries as capacity
from giliran.core.refusal import NotFound, Refusal
from giliran.offices import queries as offices
from giliran.turns import actions as turns
from giliran.turns.refusals import AlreadyHasTurn, NoPlaceLeft, ServiceNotHere
from giliran.web.citizen.missing import missing_is_404
from giliran.web.citizen.openings import can_be_taken, chosen_day, elsewhere, out_by, window_of
from giliran.web.citizen.statement import NEEDS, Statement, check, read
from giliran.web.refusals import sentence

if TYPE_CHECKING:
    from giliran.capacity.models import Offer
    from giliran.offices.models import Office, Service

UNREADABLE = 422
CONFLICT = 409


@require_safe
def ask_service(request: HttpRequest) -> HttpResponse:
    """Ask what the person comes for."""
    return which_service(request, "citizen/ask_service.html", then="ask_office")


def which_service(request: HttpRequest, template: str, *, then: str) -> HttpResponse:
    """Ask for one of the services, and lead to the page ``then`` of the one that was chosen."""
    choices = offices.services()
    chosen = request.GET.get("layanan", "")
    if any(service.code == chosen for service in choices):
        return redirect(then, chosen)
    wrong = {}
    if "lanjut" in request.GET:
        wrong = {"layanan": _("Pilih dulu keperluan Bapak/Ibu.")}
    known = {"services": choices, "wrong": wrong}
    return render(request, template, known, status=UNREADABLE if wrong else 200)


@require_safe
@missing_is_404
def ask_office(request: HttpRequest, service: str) -> HttpResponse:
    """Ask where; only offices that serve this, with their first free window."""
    wanted = offices.service(service)
    serving = offices.offices_serving(wanted.id)
    first = capacity.next_free_windows([o.id for o in serving], now=clock.now())
    choices = [(office, first.get(office.id)) for office in serving]
    return render(request, "citizen/ask_office.html", {"service": wanted, "choices": choices})


@require_safe
@missing_is_404
def ask_window(request: HttpRequest, service: str, office: str) -> HttpResponse:
    """Ask for a day and a window."""
    now = clock.now()
    wanted, where = offices.service(service), offices.office(office)
    if wanted not in offices.services(office_id=where.id):
        messages.warning(request, sentence(ServiceNotHere()))
        return redirect("ask_office", service)
    status, wrong = 200, {}
    if "lanjut" in request.GET:
        try:
            offer = window_of(where, request.GET.get("jendela", ""))
        except NotFound:
            status, wrong = UNREADABLE, {"jendela": _("Pilih dulu jam kedatangan Bapak/Ibu.")}
        else:
            if can_be_taken(offer, now=now):
                return redirect("ask_who", service, office, offer.id)
            status, wrong = CONFLICT, {"jendela": sentence(NoPlaceLeft())}
    shown = chosen_day(where.id, wanted.id, request.GET.get("hari", ""), now=now)
    return render(
        request,
        "citizen/ask_window.html",
        {
            "service": wanted,
            "office": where,
            "shown": shown,
            "today": offices.local_day(where, now),
            "elsewhere": elsewhere(where, wanted.id, now=now) if shown.all_full else [],
            "wrong": wrong,
        },
        status=status,
    )


class _Wish(NamedTuple):
    """What has been chosen so far, as seen ``now``."""

    service: Service
    office: Office
    offer: Offer
    now: datetime


@require_http_methods(["GET", "HEAD", "POST"])
@missing_is_404
def ask_who(request: HttpRequest, service: str, office: str, offer_id: int) -> HttpResponse:
    """Ask who comes, let it be checked, and give the turn."""
    now = clock.now()
    where = offices.office(office)
    wish = _Wish(offices.service(service), where, window_of(where, offer_id), now)
    if request.method != "POST":
        if not can_be_taken(wish.offer, now=now):
            messages.warning(request, sentence(NoPlaceLeft()))
            return redirect("ask_window", service, office)
        return _page(request, "who", wish, Statement(form=str(uuid4())))
    response = _answer(request, wish, read(request.POST), now=now)
    # The answer carries the NIK: no cache keeps it, and "back" on a shared phone doesn't show it.
    add_never_cache_headers(response)
    return response


def _answer(request: HttpRequest, wish: _Wish, stated: Statement, *, now: datetime) -> HttpResponse:
    step = request.POST.get("langkah")
    if step == "ubah":
        return _page(request, "who", wish, stated)
    if step == "waktu":
        return _other_windows(request, wish, stated, now=now)
    who, wrong = check(stated)
    if who is None:
        return _page(request, "who", wish, stated, wrong=wrong, status=UNREADABLE)
    if step == "simpan":
        return _book(request, wish, stated, who, now=now)
    if not can_be_taken(wish.offer, now=now):
        return _other_windows(request, wish, stated, now=now, refused=NoPlaceLeft())
    return _page(request, "check", wish, stated, who=who)


def _book(
    request: HttpRequest, wish: _Wish, stated: Statement, who: turns.Asker, *, now: datetime
) -> HttpResponse:
    try:
        turn = turns.book(
            who,
            offer_id=wish.offer.id,
            service_id=wish.service.id,
            request_key=stated.request_key(offer_id=wish.offer.id, service_id=wish.service.id),
            is_priority=stated.is_priority,
            needs=stated.needs,
            channel="web",
            actor="citizen",
            now=now,
        )
    except NoPlaceLeft as refusal:
        return _other_windows(request, wish, stated, now=now, refused=refusal)
    except AlreadyHasTurn as refusal:
        # Anybody can type a NIK, so the other turn is not shown, nor where or when it is.
        return _page(request, "already", wish, stated, refused=sentence(refusal), status=CONFLICT)
    except ServiceNotHere as refusal:
        messages.warning(request, sentence(refusal))
        return redirect("ask_office", wish.service.code)
    return redirect("turn", turn.code)


def _other_windows(
    request: HttpRequest,
    wish: _Wish,
    stated: Statement,
    *,
    now: datetime,
    refused: Refusal | None = None,
) -> HttpResponse:
    """Offer the next free windows here and nearby, with all that was typed."""
    here = [o for o in capacity.free_windows(wish.office.id, now=now) if o.starts_at > now]
    # The nearest in time to what was wanted, in the order of the day.
    here.sort(key=lambda o: abs(o.starts_at - wish.offer.starts_at))
    return _page(
        request,
        "other",
        wish,
        stated,
        refused=sentence(refused) if refused else "",
        here=sorted([o for o in here if o.id != wish.offer.id][:6], key=lambda o: o.starts_at),
        elsewhere=elsewhere(wish.office, wish.service.id, now=now),
        status=CONFLICT if refused else 200,
    )


def _page(
    request: HttpRequest,
    name: str,
    wish: _Wish,
    stated: Statement,
    *,
    status: int = 200,
    **known: object,
) -> HttpResponse:
    needs = [(code, _(label), code in stated.needs) for code, label in NEEDS.items()]
    return render(
        request,
        f"citizen/ask_{name}.html",
        {
            **wish._asdict(),
            "out_by": out_by(wish.offer, wish.service.id, now=wish.now),
            "stated": stated,
            "needs": needs,
            "wrong": {},
            **known,
        },
        status=status,
    )

"""The desk: one screen at which an officer calls, serves and lets go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from giliran import clock
from giliran.capacity import actions as capacity
from giliran.capacity import queries as capacity_now
from giliran.core.refusal import BadInput, NotFound, Refusal, gettext_noop
from giliran.offices import queries as offices
from giliran.turns import actions as turns
from giliran.turns import queries
from giliran.turns.refusals import CounterNotOpen, NobodyAtCounter, WrongPerson
from giliran.web.counter import rescuing, screen
from giliran.web.counter.reach import draws
from giliran.web.refusals import sentence
from giliran.web.staff import DESK, actor, at_office, may_open_at
from giliran.web.typed import key_of


class ScreenIsOld(Refusal):
    """The page shows somebody who isn't at the counter any more."""

    code = "screen_is_old"
    sentence = gettext_noop(
        "Layar ini sudah berubah sejak Anda menekan tombol, jadi tidak ada yang dilakukan. "
        "Lihat siapa yang di loket sekarang, lalu coba lagi."
    )


class Asked(NamedTuple):
    """What a button of the desk asks for."""

    request: HttpRequest
    office: Any
    officer_id: int
    now: datetime

    def whole(self, field: str) -> int:
        """Return a whole number of the form, or raise ``NotFound``."""
        try:
            return int(self.request.POST.get(field, ""))
        except ValueError:
            raise NotFound from None

    def seat(self) -> capacity_now.Seat:
        """Return the officer's open counter here, or raise ``CounterNotOpen``."""
        seat = capacity_now.seat_of(self.officer_id)
        if seat is None or seat.office_id != self.office.id:
            raise CounterNotOpen
        return seat

    def person(self) -> Any:
        """Return who is at the counter, if that is whom the page showed.

        Raises ``ScreenIsOld``, ``NobodyAtCounter`` or ``CounterNotOpen``.
        """
        turn = queries.at_counter(self.seat().counter_id)
        if turn is None:
            raise NobodyAtCounter
        if str(turn.id) != self.request.POST.get("turn", ""):
            raise ScreenIsOld
        return turn


@at_office(*DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest, office: Any) -> HttpResponse:
    """Show the desk, do what a button asks, or refresh the line alone (``?bagian=antrean``)."""
    asked = Asked(request, office, int(request.user.pk or 0), clock.now())
    if request.method == "POST":
        return _do(asked)
    if request.GET.get("bagian") == "antrean" and _by_htmx(request):
        return _line(asked)
    return _show(asked)


def _do(asked: Asked) -> HttpResponse:
    act = ACTIONS.get(asked.request.POST.get("action", ""))
    if act is None:
        return _show(asked, status=400, refused=sentence(NotFound()))
    try:
        said = act(asked)
    except BadInput as refusal:
        return _show(asked, status=422, wrong={refusal.field: sentence(refusal)})
    except Refusal as refusal:
        status = 404 if isinstance(refusal, NotFound) else 409
        aside = {"is_wrong_person": True} if isinstance(refusal, WrongPerson) else {}
        return _show(asked, status=status, refused=sentence(refusal), **aside)
    if _by_htmx(asked.request) or act is _show_nik:
        return _show(asked, said=said, shows_nik=act is _show_nik)
    messages.success(asked.request, said)
    return redirect("desk", asked.office.slug)


def _by_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _show(
    asked: Asked, *, status: int = 200, shows_nik: bool = False, **context: Any
) -> HttpResponse:
    """Show the whole screen; to htmx, only what moves."""
    context |= screen.whole(
        asked.office, officer_id=asked.officer_id, now=asked.now, shows_nik=shows_nik
    )
    if "is_wrong_person" in context:
        context |= _ways_on(asked)
    keeps = "wrong" in context or "is_wrong_person" in context
    context["typed"] = asked.request.POST if keeps else {}
    context["may"] = may_open_at(asked.officer_id, asked.office)
    context["request_key"] = asked.request.POST.get("request_key") or uuid4()
    name = "staff/desk_answer.html" if _by_htmx(asked.request) else "staff/desk.html"
    return render(asked.request, name, context, status=status)


def _ways_on(asked: Asked) -> dict[str, bool]:
    """Return what somebody can be given whose card isn't that of the turn."""
    day = offices.local_day(asked.office, asked.now)
    door = capacity_now.walk_in_offer(asked.office.id, day=day)
    return {"draws": draws(asked.office), "has_number": door is not None and door.left > 0}


def _line(asked: Asked) -> HttpResponse:
    """Refresh the line; the whole screen if somebody else changed who is at the counter."""
    try:
        seat = asked.seat()
    except CounterNotOpen:
        return _retargeted(asked)
    now_there = screen.mark(queries.at_counter(seat.counter_id))
    if now_there != asked.request.GET.get("di_loket"):
        return _retargeted(asked)
    context = {"office": asked.office, "seat": seat, "mark": now_there}
    context |= screen.line(asked.office, seat, now=asked.now)
    return render(asked.request, "staff/desk_line.html", context)


def _retargeted(asked: Asked) -> HttpResponse:
    response = _show(asked)
    response["HX-Retarget"] = "#desk"
    response["HX-Reswap"] = "outerHTML"
    return response


def _open(asked: Asked) -> str:
    counters = {c.id: c.label for c in offices.counters(asked.office.id)}
    counter_id = asked.whole("counter")
    if counter_id not in counters:
        raise NotFound
    capacity.open_counter(counter_id, officer_id=asked.officer_id, now=asked.now)
    return gettext("Loket %(label)s dibuka.") % {"label": counters[counter_id]}


def _close(asked: Asked) -> str:
    seat = asked.seat()
    label = turns.leave_counter(officer_id=seat.officer_id, now=asked.now)
    return gettext("Loket %(label)s ditutup.") % {"label": label}


def _call_next(asked: Asked) -> str:
    seat = asked.seat()
    turn = turns.call_next(seat.counter_id, officer_id=asked.officer_id, now=asked.now)
    if turn is None:
        return gettext("Tidak ada yang menunggu untuk loket Anda.")
    return gettext("Nomor %(number)s dipanggil ke loket %(label)s.") % {
        "number": turn.number,
        "label": seat.label,
    }


def _follow(asked: Asked) -> str:
    seat = asked.seat()
    turn = rescuing.follow(seat, asked.whole("who"), now=asked.now)
    return gettext(
        "Nomor %(number)s dipanggil ke loket %(label)s, mendahului urutan. Alasannya dicatat."
    ) % {"number": turn.number, "label": seat.label}


def _at_counter(move: Callable[..., Any], said: str) -> Callable[[Asked], str]:
    """Return the answer to a button about the person at the counter."""

    def act(asked: Asked) -> str:
        asked.person()
        turn = move(officer_id=asked.officer_id, now=asked.now)
        return gettext(said) % {"number": turn.number}

    return act


def _call_again(asked: Asked) -> str:
    asked.person()
    turn = turns.call_again(officer_id=asked.officer_id, now=asked.now)
    return ngettext(
        "Nomor %(number)s dipanggil lagi, sudah %(times)s kali.",
        "Nomor %(number)s dipanggil lagi, sudah %(times)s kali.",
        turn.times_called,
    ) % {"number": turn.number, "times": turn.times_called}


def _transfer(asked: Asked) -> str:
    asked.person()
    kind, _, number = asked.request.POST.get("to", "").partition(":")
    if kind not in {"service", "counter"} or not number.isdecimal():
        raise NotFound
    turn = turns.transfer(
        officer_id=asked.officer_id,
        service_id=int(number) if kind == "service" else None,
        counter_id=int(number) if kind == "counter" else None,
        now=asked.now,
    )
    return gettext("Nomor %(number)s dipindahkan dan tetap memegang urutannya.") % {
        "number": turn.number
    }


def _take_back(asked: Asked) -> str:
    asked.seat()
    turn = turns.take_back(asked.whole("who"), officer_id=asked.officer_id, now=asked.now)
    return gettext("Nomor %(number)s dilayani lagi.") % {"number": turn.number}


def _rejoin(asked: Asked) -> str:
    turn = turns.rejoin(
        asked.whole("who"),
        office_id=asked.office.id,
        actor=actor(asked.request),
        now=asked.now,
    )
    return gettext("Nomor %(number)s kembali ke antrean di tempatnya semula.") % {
        "number": turn.number
    }


def _stated(asked: Asked) -> turns.Asker:
    typed = asked.request.POST
    return turns.asker(nik=typed.get("nik", ""), name=typed.get("name", ""), phone="")


def _identify(asked: Asked) -> str:
    turn = asked.person()
    turns.identify(
        turn.id,
        _stated(asked),
        actor=actor(asked.request),
        office_id=asked.office.id,
        now=asked.now,
    )
    return gettext("Identitas nomor %(number)s sudah diperiksa dan cocok.") % {
        "number": turn.number
    }


def _new_number(asked: Asked) -> str:
    turn = asked.person()
    fresh = turns.take_number(
        office_id=asked.office.id,
        service_id=turn.service_id,
        request_key=key_of(asked.request.POST),
        is_priority=turn.is_priority,
        who=_stated(asked),
        channel="clerk",
        actor=actor(asked.request),
        now=asked.now,
    )
    return gettext(
        "Nomor baru untuk orang ini: %(number)s. Nomor %(old)s tetap milik pemiliknya; "
        "tekan Tidak hadir bila pemiliknya tidak ada."
    ) % {"number": fresh.number, "old": turn.number}


def _show_nik(asked: Asked) -> str:
    asked.person()
    return gettext("NIK ditampilkan lengkap. Ini dicatat atas nama Anda.")


ACTIONS: dict[str, Callable[[Asked], str]] = {
    "open": _open,
    "close": _close,
    "call_next": _call_next,
    "follow": _follow,
    "call_again": _call_again,
    "start": _at_counter(turns.start, gettext_noop("Layanan nomor %(number)s dimulai.")),
    "finish": _at_counter(turns.finish, gettext_noop("Nomor %(number)s selesai dilayani.")),
    "park": _at_counter(
        turns.park, gettext_noop("Nomor %(number)s ditunda; urutannya tetap dipegang.")
    ),
    "no_show": _at_counter(turns.no_show, gettext_noop("Nomor %(number)s dicatat tidak hadir.")),
    "transfer": _transfer,
    "take_back": _take_back,
    "rejoin": _rejoin,
    "identify": _identify,
    "new_number": _new_number,
    "show_nik": _show_nik,
}

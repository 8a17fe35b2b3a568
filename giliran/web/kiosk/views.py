"""The touch screen at the door: a number in three touches, and nothing kept of who touched it.

There is one address. Every step is a POST to it, so that the browser has no page of earlier people
to go back to; the token in the address is the right of the device to give numbers.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from giliran import clock
from giliran.core.identifiers import CODE_LENGTH, BadCode, parse_code
from giliran.core.refusal import NotFound, Refusal
from giliran.core.turn import State
from giliran.offices import queries as offices
from giliran.offices.actions import note_alive
from giliran.turns import actions, queries
from giliran.turns.refusals import NotAtThisOffice, NoWalkInPlaceLeft, OfficeShut
from giliran.voices import opinions
from giliran.voices.actions import asking_opinion
from giliran.voices.opinion_refusals import NoScore, TooLateToRate
from giliran.web.citizen.missing import missing_is_404
from giliran.web.citizen.opinion_asked import asked_of
from giliran.web.kiosk import screens
from giliran.web.kiosk.printing import PrinterUnreachable, Ticket, send, ticket_bytes
from giliran.web.promised import promise_at_once
from giliran.web.refusals import sentence
from giliran.web.templatetags.giliran import service_name
from giliran.web.typed import key_in

if TYPE_CHECKING:
    from giliran.offices.models import Kiosk, Service
    from giliran.turns.models import Turn

UNREADABLE, MISSING, CONFLICT = 422, 404, 409
_PRINTER_S = 2  # the person stands and waits
_LONGEST_SCAN = 300


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@missing_is_404
def kiosk(request: HttpRequest, token: str) -> HttpResponse:
    """Show the first screen, or do the step that was touched."""
    device = offices.kiosk(token)
    note_alive(device)
    now = clock.now()
    if "baru" in request.GET:
        return _forget(request)
    step = _STEPS.get(request.POST.get("langkah", ""), _start)
    return step(request, device, now=now)


def _show(
    request: HttpRequest, device: Kiosk, known: screens.Known, *, status: int = 200
) -> HttpResponse:
    known = {"kiosk": device, "office": device.office, "silence": screens.SILENCE_S, **known}
    return render(request, f"kiosk/{known['screen']}.html", known, status=status)


def _start(
    request: HttpRequest, device: Kiosk, *, now: datetime, status: int = 200
) -> HttpResponse:
    return _show(request, device, screens.start(request, device.office, now=now), status=status)


def _forget(request: HttpRequest) -> HttpResponse:
    """Go back to the first screen in the office's own language, whoever stood here before."""
    response = HttpResponseRedirect(request.path)
    response.delete_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
    )
    return response


def _choose_service(request: HttpRequest, device: Kiosk, *, now: datetime) -> HttpResponse:
    if not screens.doors(device.office, now=now).are_open:
        return _start(request, device, now=now, status=CONFLICT)
    return _show(request, device, screens.services(device.office, now=now))


def _service(request: HttpRequest, device: Kiosk) -> Service:
    """Return what was chosen, or raise ``NotFound`` for what this office doesn't serve."""
    asked = request.POST.get("layanan", "")
    for service in offices.services(office_id=device.office_id):
        if service.code == asked:
            return service
    raise NotFound


def _ask_priority(request: HttpRequest, device: Kiosk, *, now: datetime) -> HttpResponse:
    service = _service(request, device)
    doors = screens.doors(device.office, now=now)
    if doors.are_open and not doors.has_places:
        return _turn_away(request, device, service, why=NoWalkInPlaceLeft.code, now=now)
    return _show(request, device, screens.priority(request, device.office, service, now=now))


def _key(request: HttpRequest) -> UUID | None:
    """Return the key of the screen that was touched, or None for one that can't be read."""
    return key_in(request.POST)


def _turn_away(
    request: HttpRequest, device: Kiosk, service: Service, *, why: str, now: datetime
) -> HttpResponse:
    actions.turn_away(
        office_id=device.office_id,
        service_id=service.id,
        why=why,
        request_key=_key(request),
        actor=_actor(device),
        now=now,
    )
    known = screens.full(request, device.office, service, now=now)
    return _show(request, device, known, status=CONFLICT)


def _give_number(request: HttpRequest, device: Kiosk, *, now: datetime) -> HttpResponse:
    service = _service(request, device)
    key = _key(request)
    if key is None:
        return _show(
            request,
            device,
            screens.priority(request, device.office, service, now=now),
            status=UNREADABLE,
        )
    try:
        turn = actions.take_number(
            office_id=device.office_id,
            service_id=service.id,
            request_key=key,
            is_priority=request.POST.get("prioritas") == "ya",
            channel="kiosk",
            actor=_actor(device),
            now=now,
        )
    except NoWalkInPlaceLeft as refusal:
        return _turn_away(request, device, service, why=refusal.code, now=now)
    except OfficeShut:
        return _start(request, device, now=now, status=CONFLICT)
    except Refusal as refusal:
        known = screens.services(device.office, now=now) | {"error": sentence(refusal)}
        return _show(request, device, known, status=CONFLICT)
    # The same touch twice gives the same number; its paper came out the first time.
    is_new = turn.asked_at == now
    return _show_number(request, device, turn.id, prints=is_new, now=now)


def _type_code(request: HttpRequest, device: Kiosk, *, now: datetime) -> HttpResponse:
    return _show(request, device, screens.code())


def _check_in(request: HttpRequest, device: Kiosk, *, now: datetime) -> HttpResponse:
    typed = request.POST.get("kode", "")[:_LONGEST_SCAN]
    if key := request.POST.get("huruf", ""):  # a key of the screen, where no script types it
        typed = typed[:-1] if key == "hapus" else (typed + key[:1])[:CODE_LENGTH]
        return _show(request, device, screens.code(typed))
    try:
        found = queries.by_code(parse_code(typed))
        if found.state == State.FINISHED and found.office_id == device.office_id:
            return _ask_opinion(request, device, found, now=now)
        turn = actions.check_in(found.id, office_id=device.office_id, actor=_actor(device), now=now)
        if turn.office_id != device.office_id:
            raise NotAtThisOffice(office=turn.office.name)
    except BadCode as refusal:
        return _code_again(request, device, typed, refusal, UNREADABLE)
    except NotFound as refusal:
        return _code_again(request, device, typed, refusal, MISSING)
    except Refusal as refusal:
        return _code_again(request, device, typed, refusal, CONFLICT)
    return _show_number(request, device, turn.id, prints=turn.arrived_at == now, now=now)


def _ask_opinion(request: HttpRequest, device: Kiosk, turn: Turn, *, now: datetime) -> HttpResponse:
    """Ask who scans the paper of a visit that is over how it was."""
    asked = asked_of(turn, channel="kiosk", now=now)
    if asked is None:
        return _code_again(request, device, "", TooLateToRate(), CONFLICT)
    return _show(request, device, screens.opinion(asked))


def _rate(request: HttpRequest, device: Kiosk, *, now: datetime) -> HttpResponse:
    token, said = request.POST.get("tanya", ""), request.POST.get("nilai", "")
    try:
        score = int(said) if said.isdecimal() else 0
        asking_opinion.rate(token, score, channel="kiosk", now=now)
    except NoScore:
        return _show(request, device, screens.opinion(opinions.question(token, now=now)))
    except TooLateToRate:
        return _start(request, device, now=now, status=CONFLICT)
    return _show(request, device, screens.opinion(opinions.question(token, now=now)))


def _complain(request: HttpRequest, device: Kiosk, *, now: datetime) -> HttpResponse:
    """Show where to complain: nobody types a page of text on a screen that others read."""
    return _show(request, device, screens.complaint(request, device.office))


def _code_again(
    request: HttpRequest, device: Kiosk, typed: str, refusal: Refusal, status: int
) -> HttpResponse:
    kept = typed if len(typed) <= CODE_LENGTH + 1 else ""
    return _show(request, device, screens.code(kept, sentence(refusal)), status=status)


def _print_again(request: HttpRequest, device: Kiosk, *, now: datetime) -> HttpResponse:
    try:
        turn = queries.by_code(parse_code(request.POST.get("kode", "")[:_LONGEST_SCAN]))
    except BadCode as refusal:
        raise NotFound from refusal
    if turn.office_id != device.office_id or not turn.number:
        raise NotFound
    return _show_number(request, device, turn.id, prints=True, now=now)


def _show_number(
    request: HttpRequest, device: Kiosk, turn_id: int, *, prints: bool, now: datetime
) -> HttpResponse:
    """Show a number that is given and committed; the paper comes after it and can't lose it."""
    promise_at_once(turn_id, now=now)
    turn = queries.by_id(turn_id)
    known = screens.number(request, device, turn, paper="none", now=now)
    if not device.printer:
        return _show(request, device, known)
    paper = "printed"
    if prints:
        try:
            send(_ticket(request, device, turn, known, now=now), device.printer, _PRINTER_S)
        except PrinterUnreachable:
            paper = "failed"
    silence = screens.LONGER_SILENCE_S if paper == "failed" else screens.SILENCE_S
    return _show(request, device, known | {"paper": paper, "silence": silence})


def _ticket(
    request: HttpRequest, device: Kiosk, turn: Turn, known: screens.Known, *, now: datetime
) -> bytes:
    ahead = known["ahead"]
    return ticket_bytes(
        Ticket(
            office=turn.office.name,
            number=turn.number or "",
            service=service_name(turn.service),
            arrived_at=(turn.arrived_at or now).astimezone(offices.zone(turn.office)),
            people_before=ahead if isinstance(ahead, int) else 0,
            turn_url=screens.turn_url(request, turn),
            priority=turn.is_priority,
            window=str(known["expected"]),
            paper_mm=58 if device.paper_mm == 58 else 80,  # noqa: PLR2004 -- the two rolls there are
        )
    )


def _actor(device: Kiosk) -> str:
    return f"kiosk:{device.id}"


_STEPS = {
    "nomor": _choose_service,
    "layanan": _ask_priority,
    "ambil": _give_number,
    "janji": _type_code,
    "hadir": _check_in,
    "cetak": _print_again,
    "nilai": _rate,
    "aduan": _complain,
}

"""The door: checking people in, giving numbers, sending nobody away without a way on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_http_methods

from giliran import clock
from giliran.capacity import queries as capacity
from giliran.core.identifiers import parse_code, parse_nik, written_code
from giliran.core.refusal import BadInput, NotFound, Refusal
from giliran.offices import queries as offices
from giliran.people import actions as people
from giliran.turns import actions as turns
from giliran.turns import applications, promises, queries
from giliran.turns.refusals import NotAtThisOffice
from giliran.web.citizen.takeaway import qr_svg
from giliran.web.counter import needs
from giliran.web.counter.asked import Asked, NothingChosen
from giliran.web.counter.reach import draws, look_at, of_region
from giliran.web.promised import promise_at_once
from giliran.web.refusals import sentence
from giliran.web.staff import DOOR, actor, at_office, may_open_at

WHY_AWAY = {
    "no_number": gettext_noop("Nomor hari ini sudah habis"),
    "no_seat": gettext_noop("Ruang tunggu penuh"),
    "other_office": gettext_noop("Bukan layanan kantor ini"),
    "papers": gettext_noop("Berkas belum lengkap"),
    "too_late": gettext_noop("Datang setelah layanan tutup"),
    "other": gettext_noop("Sebab lain"),
}


@at_office(*DOOR)
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, office: Any) -> HttpResponse:
    """Show the door's forms, or do what one of them asks."""
    asked = Asked(request, office, clock.now())
    if request.method != "POST":
        return _show(asked)
    act = ACTIONS.get(request.POST.get("action", ""))
    if act is None:
        return _show(asked, status=400, refused=sentence(NotFound()))
    try:
        return act(asked)
    except BadInput as refusal:
        return _show(asked, status=422, wrong={refusal.field: sentence(refusal)})
    except Refusal as refusal:
        status = 404 if isinstance(refusal, NotFound) else 409
        return _show(asked, status=status, refused=sentence(refusal))


def _show(asked: Asked, *, status: int = 200, **context: Any) -> HttpResponse:
    request, office = asked.request, asked.office
    context |= {
        "office": office,
        "may": may_open_at(int(request.user.pk or 0), office),
        "today": queries.today(office.id, now=asked.now),
        "services": offices.services(office_id=office.id),
        "needs": needs.choices(),
        "ticked": needs.ticked(request.POST.getlist("needs")) if status != 200 else [],  # noqa: PLR2004
        "why_away": [(code, gettext(text)) for code, text in WHY_AWAY.items()],
        "typed": request.POST if request.method == "POST" else {},
        "request_key": uuid4(),
        "draws": draws(office),
        "to_tell": applications.count_to_tell(office) if draws(office) else 0,
        **_given(asked),
    }
    return render(request, "staff/door.html", context, status=status)


def _given(asked: Asked) -> dict[str, Any]:
    """Return the turn that was just given, by ``?giliran=<id>``, with a code for the phone."""
    given = asked.request.GET.get("giliran", "")
    if not given.isdecimal():
        return {}
    try:
        turn = queries.by_id(int(given))
    except NotFound:
        return {}
    if turn.office_id != asked.office.id:
        return {}
    address = asked.request.build_absolute_uri(reverse("turn", args=[turn.code]))
    return {
        "given": turn,
        "promised": promises.promise_of(turn.id),
        "turn_address": address,
        "qr": qr_svg(address),
    }


def shown_at_door(office: Any, turn: Any) -> HttpResponse:
    """Return to the door with the turn that was given on top."""
    return redirect(f"{reverse('door', args=[office.slug])}?{urlencode({'giliran': turn.id})}")


def _check_in(asked: Asked) -> HttpResponse:
    """Check in by code, or by the id of a turn found by NIK."""
    found = asked.request.POST.get("who", "")
    if found.isdecimal():
        turn_id = int(found)
    else:
        turn_id = queries.by_code(parse_code(asked.request.POST.get("code", ""))).id
    turn = turns.check_in(
        turn_id, office_id=asked.office.id, actor=actor(asked.request), now=asked.now
    )
    if turn.office_id != asked.office.id:
        raise NotAtThisOffice(office=turn.office.name)
    promise_at_once(turn.id, now=asked.now)
    messages.success(asked.request, gettext("Hadir dicatat. Nomor: %s") % turn.number)
    return shown_at_door(asked.office, turn)


class Applied(NamedTuple):
    """An open application as the door sees it, with the last draw that it was in."""

    application: Any
    last: applications.Stage | None
    next_draw: datetime


def _find(asked: Asked) -> HttpResponse:
    """Find what somebody without a phone has by their NIK; every look is recorded."""
    nik = parse_nik(asked.request.POST.get("nik", ""))
    found = queries.open_turns_of(nik)
    for turn in found:
        people.note_look(
            turn.citizen_id or 0,
            what="search",
            turn_id=turn.id,
            office_id=asked.office.id,
            actor=actor(asked.request),
            now=asked.now,
        )
    return _show(
        asked,
        found=found,
        applied=_applied(asked, nik),
        searched=True,
        day=offices.local_day(asked.office, asked.now),
    )


def _applied(asked: Asked, nik: str) -> list[Applied]:
    """Return the person's open applications; one that has won stands among the turns."""
    applied = [one for one in applications.of_nik(nik) if one.state == "open"]
    for one in applied:
        look_at(one, asked, what="search")
    return [
        Applied(
            one,
            next(iter(applications.stages(one)), None),
            applications.next_closing(one.region, now=asked.now),
        )
        for one in applied
    ]


def _withdraw(asked: Asked) -> HttpResponse:
    """Take somebody out of the draws at their own wish."""
    application = of_region(asked, asked.request.POST.get("who", ""))
    turns.withdraw(application.id, actor=actor(asked.request), now=asked.now)
    messages.success(
        asked.request, gettext("Permohonan %s ditarik.") % written_code(application.code)
    )
    return redirect("door", asked.office.slug)


def _give_number(asked: Asked) -> HttpResponse:
    turn = turns.take_number(
        office_id=asked.office.id,
        service_id=asked.service_id("number_service"),
        request_key=asked.request_key(),
        is_priority=asked.request.POST.get("is_priority") == "1",
        needs=needs.ticked(asked.request.POST.getlist("needs")),
        channel="clerk",
        actor=actor(asked.request),
        now=asked.now,
    )
    promise_at_once(turn.id, now=asked.now)
    messages.success(asked.request, gettext("Nomor diberikan: %s") % turn.number)
    return shown_at_door(asked.office, turn)


def _turn_away(asked: Asked) -> HttpResponse:
    """Count who is sent home, and go on to what there is for this person.

    A free window if there is one, else where places are drawn an application.
    """
    why = asked.request.POST.get("why", "")
    if why not in WHY_AWAY:
        raise NothingChosen("why")
    service_id = asked.service_id("away_service")
    turns.turn_away(
        office_id=asked.office.id,
        service_id=service_id,
        why=why,
        request_key=asked.request_key(),
        actor=actor(asked.request),
        now=asked.now,
    )
    is_drawn = (
        draws(asked.office) and capacity.next_free_window(asked.office.id, now=asked.now) is None
    )
    messages.info(
        asked.request,
        gettext("Dicatat: satu orang belum terlayani. Catat permohonannya supaya ikut undian.")
        if is_drawn
        else gettext("Dicatat: satu orang belum terlayani. Tawarkan janji untuk hari lain."),
    )
    address = reverse("door_apply" if is_drawn else "door_book", args=[asked.office.slug])
    return redirect(f"{address}?{urlencode({'service': service_id})}")


ACTIONS: dict[str, Callable[[Asked], HttpResponse]] = {
    "check_in": _check_in,
    "find": _find,
    "number": _give_number,
    "turn_away": _turn_away,
    "withdraw": _withdraw,
}

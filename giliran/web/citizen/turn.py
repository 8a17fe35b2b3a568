"""The page of a turn: where it stands, and what can still be done with it.

Whoever holds the code may see and change the turn, and a code may be read off a locked phone: the
page shows no name beyond its first letters, no NIK and no telephone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from giliran import clock
from giliran.claims import queries as claims
from giliran.core.identifiers import BadCode, parse_code
from giliran.core.refusal import NotFound, Refusal
from giliran.core.turn import OPEN, Move, State, possible
from giliran.journal.queries import history
from giliran.offices import queries as offices
from giliran.turns import actions, applications, consents, promises, queries
from giliran.turns.bring import what_to_bring
from giliran.turns.calendar import Visit, calendar_file, cancelled_calendar_file
from giliran.turns.refusals import NoPlaceLeft, TooLateToMove
from giliran.voices import complaints
from giliran.web.citizen.claim_lines import originals
from giliran.web.citizen.missing import missing_is_404
from giliran.web.citizen.openings import chosen_day, elsewhere, window_of
from giliran.web.citizen.opinion_asked import SCORES, asked_of
from giliran.web.citizen.takeaway import qr_svg
from giliran.web.promised import why_none
from giliran.web.receipt_told import receipt_told
from giliran.web.refusals import sentence
from giliran.web.templatetags.giliran import service_name

if TYPE_CHECKING:
    from giliran.turns.models import Turn

UNREADABLE, MISSING, CONFLICT = 422, 404, 409
_STEPS = [State.BOOKED, State.WAITING, State.CALLED, State.SERVING, State.FINISHED]


def turn_of(code: str) -> Turn:
    """Return the turn with this code, or raise ``NotFound``, also for what is no code."""
    try:
        return queries.by_code(parse_code(code))
    except BadCode as refusal:
        raise NotFound from refusal


def initials(name: str) -> str:
    """Return the first letters of a name, to recognise one's own and nobody else's."""
    return " ".join(f"{word[0].upper()}." for word in name.split()[:3] if word[0].isalpha())


@require_safe
@never_cache
@missing_is_404
def turn_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show a turn; ``?bagian=keadaan`` gives only what changes."""
    turn = turn_of(code)
    if code != turn.code:
        return redirect("turn", turn.code)
    now = clock.now()
    if request.GET.get("bagian") == "keadaan":
        return unlisted(render(request, "citizen/turn_state.html", _state(turn, now=now)))
    return show(request, turn, now=now)


def show(
    request: HttpRequest, turn: Turn, *, now: datetime, status: int = 200, **typed: Any
) -> HttpResponse:
    """Show the whole page of a turn, with what was typed into its form if that was refused."""
    url = request.build_absolute_uri(reverse("turn", args=[turn.code]))
    known = _state(turn, now=now) | {
        "qr": qr_svg(url),
        "bring": _to_bring(turn),
        "travel": promises.travel_minutes(turn.id),
        "other": consents.open_question(turn, now=now),
    }
    return unlisted(render(request, "citizen/turn.html", known | typed, status=status))


def _to_bring(turn: Turn) -> Sequence[str]:
    """Return the originals of the claim that the turn is for, or what its service asks of all."""
    if turn.claim_id is None:
        return what_to_bring(turn.service.code)
    return originals(claims.claim(turn.claim_id))


def _state(turn: Turn, *, now: datetime) -> dict[str, Any]:
    """Return what moves by itself on the page."""
    state = State(turn.state)
    can = possible(state)
    return {
        "turn": turn,
        "now": now,
        "initials": initials(queries.stated_name(turn)),
        "step": _STEPS.index(State.SERVING if state == State.PARKED else state)
        if state in _STEPS or state == State.PARKED
        else None,
        "ahead": queries.people_ahead(turn, now=now),
        "is_open": state in OPEN,
        "is_today": turn.day == offices.local_day(turn.office, now),
        "is_late": turn.window_till is not None and turn.window_till <= now,
        "can_cancel": Move.CANCEL in can,
        "can_move": Move.RESCHEDULE in can and (not turn.window_till or turn.window_till > now),
        "may_come_back": state == State.NO_SHOW and turn.arrived_at is not None,
        "scores": SCORES,
        "asked": asked_of(turn, channel="web", now=now) if state == State.FINISHED else None,
        **_promised(turn, now=now),
    }


def _promised(turn: Turn, *, now: datetime) -> dict[str, Any]:
    """Return what is promised to somebody who waits, or who is still to come."""
    if turn.state == State.WAITING:
        promised = promises.promise_of(turn.id)
        why = why_none(turn.office, turn.service_id, now=now) if promised is None else ""
        is_broken = promised is not None and promised.ends < now
        return {"promised": promised, "why_none": why, "is_broken": is_broken}
    if turn.state == State.BOOKED:
        leave_by = promises.leave_by(turn.id, now=now)
        return {
            "promised": promises.promise_of(turn.id),
            "come_at": promises.come_at(turn, now=now),
            "leave_by": leave_by,
            "must_leave": leave_by is not None and leave_by <= now,
            "day_ahead": promises.day_ahead(turn, now=now),
        }
    return {}


def unlisted(response: HttpResponse) -> HttpResponse:
    """Keep a page that a code opens out of search engines."""
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@never_cache
@missing_is_404
def turn_calendar(request: HttpRequest, code: str) -> HttpResponse:
    """Give the window as an .ics file; after a move or a cancellation it mends the calendar."""
    turn = turn_of(code)
    if turn.window_from is None or turn.window_till is None:
        raise NotFound
    changes = [e for e in history("turn", turn.id) if e["move"] in {"reschedule", "cancel"}]
    visit = Visit(
        turn_code=turn.code,
        changes=len(changes),
        stated_at=clock.now(),
        starts_at=turn.window_from,
        ends_at=turn.window_till,
        office_zone=offices.zone(turn.office),
        office=turn.office.name,
        address=turn.office.address,
        latitude=float(turn.office.latitude),
        longitude=float(turn.office.longitude),
        service=service_name(turn.service),
        turn_url=request.build_absolute_uri(reverse("turn", args=[turn.code])),
    )
    write = cancelled_calendar_file if turn.state == State.CANCELLED else calendar_file
    response = HttpResponse(write(visit), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="giliran.ics"'
    return unlisted(response)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@missing_is_404
def turn_cancel(request: HttpRequest, code: str) -> HttpResponse:
    """Ask once more, then give the turn back."""
    turn = turn_of(code)
    if request.method == "POST":
        try:
            turn = actions.cancel(turn.id, actor="citizen", now=clock.now())
        except NotFound:
            raise
        except Refusal as refusal:
            # Asked twice, or called in the meantime: the page tells how it stands now.
            if turn_of(code).state != State.CANCELLED:
                messages.warning(request, sentence(refusal))
        return redirect("turn", turn.code)
    if Move.CANCEL not in possible(State(turn.state)):
        return redirect("turn", turn.code)
    return unlisted(render(request, "citizen/turn_cancel.html", {"turn": turn}))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@missing_is_404
def turn_move(request: HttpRequest, code: str) -> HttpResponse:
    """Let another window be chosen, here or at an office nearby; the old one is kept till then."""
    turn = turn_of(code)
    now = clock.now()
    asked = request.GET.get("kantor", "")
    where = offices.office(asked) if asked else turn.office
    status, wrong = 200, {}
    if request.method == "POST":
        try:
            offer = window_of(where, request.POST.get("jendela", ""))
            moved = actions.reschedule(turn.id, offer_id=offer.id, actor="citizen", now=now)
        except NotFound:
            status, wrong = UNREADABLE, {"jendela": _("Pilih dulu jam kedatangan Bapak/Ibu.")}
        except NoPlaceLeft as refusal:
            status, wrong = CONFLICT, {"jendela": sentence(refusal)}
        except Refusal as refusal:
            messages.warning(request, sentence(refusal))
            return redirect("turn", turn.code)
        else:
            messages.success(request, _("Giliran sudah dipindahkan. Jam yang lama sudah dilepas."))
            return redirect("turn", moved.code)
    elif Move.RESCHEDULE not in possible(State(turn.state)):
        return redirect("turn", turn.code)
    elif _is_over(turn, now=now):
        messages.warning(request, sentence(TooLateToMove()))
        return redirect("turn", turn.code)
    known = {
        "turn": turn,
        "office": where,
        "shown": chosen_day(where.id, turn.service_id, request.GET.get("hari", ""), now=now),
        "today": offices.local_day(where, now),
        "elsewhere": elsewhere(where, turn.service_id, now=now),
        "wrong": wrong,
    }
    return unlisted(render(request, "citizen/turn_move.html", known, status=status))


def _is_over(turn: Turn, *, now: datetime) -> bool:
    return turn.window_till is not None and turn.window_till <= now


def _found(code: str) -> HttpResponse:
    """Lead to the turn with this code, the application or the complaint."""
    try:
        return redirect("turn", queries.by_code(code).code)
    except NotFound:
        pass
    try:
        return redirect("application", applications.by_code(code).code)
    except NotFound:
        found = complaints.find(code)
        if found is None:
            raise
        return redirect("complaint", found.code)


@require_safe
@never_cache
def find_turn(request: HttpRequest) -> HttpResponse:
    """Find a turn or an application by its code, however it is typed."""
    typed = request.GET.get("kode", "")
    status, wrong, told = 200, {}, ""
    if "kode" in request.GET:
        try:
            return _found(parse_code(typed))
        except BadCode as refusal:
            status, wrong = UNREADABLE, {"kode": sentence(refusal)}
        except NotFound as refusal:
            try:
                told = receipt_told(parse_code(typed), now=clock.now())
            except NotFound:
                status, wrong = MISSING, {"kode": sentence(refusal)}
    context = {"typed": typed, "wrong": wrong, "told": told}
    return render(request, "citizen/find.html", context, status=status)

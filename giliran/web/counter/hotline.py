"""The hot line: somebody calls, an officer looks, reads the answer out and acts for them.

By the code, because who knows it may do all of this. By the NIK, which many know, only after the
caller has told their name and telephone; that look is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_http_methods

from giliran import clock
from giliran.capacity import queries as capacity
from giliran.core.deadline import CalendarMissing
from giliran.core.identifiers import parse_code, parse_nik
from giliran.core.refusal import BadInput, NotFound, Refusal
from giliran.core.turn import Move, State, possible
from giliran.people import actions as people
from giliran.turns import applications, promises, queries
from giliran.turns.actions.assisting import Act, act_by_phone, withdraw_by_phone
from giliran.turns.bring import what_to_bring
from giliran.web.citizen.turn import initials
from giliran.web.counter.asked import Asked, NothingChosen
from giliran.web.receipt_told import receipt_told
from giliran.web.refusals import sentence
from giliran.web.staff import DOOR, actor, at_office, may_open, roles_here

WINDOWS_SHOWN = 12
CALL_LASTS = 30 * 60  # seconds for which what was found can be acted upon
_SALT = "found on the telephone"
DONE = {
    Act.CONFIRM: gettext_noop("Dicatat: penelepon akan datang."),
    Act.MOVE: gettext_noop("Giliran sudah dipindahkan. Bacakan jam yang baru."),
    Act.CANCEL: gettext_noop("Giliran sudah dibatalkan."),
}


class Found(NamedTuple):
    """A turn or application as the officer reads it out; ``token`` names it in the forms."""

    token: str
    kind: str
    about: Any
    who: str
    phone: str
    by_nik: bool
    facts: Mapping[str, Any]


@at_office(*DOOR)
@require_http_methods(["GET", "HEAD", "POST"])
def hotline(request: HttpRequest, office: Any) -> HttpResponse:
    """Find what a caller has, or do what they ask for."""
    asked = Asked(request, office, clock.now())
    try:
        if request.method != "POST":
            token = request.GET.get("untuk", "")
            return _show(asked, found=[_by_token(asked, token)] if token else None)
        step = STEPS.get(request.POST.get("action", ""))
        if step is None:
            raise NotFound
        return step(asked)
    except BadInput as refusal:
        wrong = {refusal.field: sentence(refusal)}
        return _show(asked, status=422, wrong=wrong, found=_still_open(asked))
    except Refusal as refusal:
        status = 404 if isinstance(refusal, NotFound) else 409
        return _show(asked, status=status, refused=sentence(refusal), found=_still_open(asked))


def _still_open(asked: Asked) -> list[Found] | None:
    """Keep on the screen what the officer was acting upon."""
    try:
        return [_by_token(asked, asked.request.POST.get("untuk", ""))]
    except NotFound:
        return None


def _find_by_code(asked: Asked) -> HttpResponse:
    code = parse_code(asked.request.POST.get("code", ""))
    try:
        token = _token("turn", queries.by_code(code).id, by_nik=False)
    except NotFound:
        try:
            token = _token("application", applications.by_code(code).id, by_nik=False)
        except NotFound:
            return _show(asked, told=receipt_told(code, now=asked.now))
    return _back_to(asked, token)


def _find_by_nik(asked: Asked) -> HttpResponse:
    """Look for all that a person has; every look is recorded."""
    nik = parse_nik(asked.request.POST.get("nik", ""))
    found = [_turn(asked, turn, by_nik=True) for turn in queries.open_turns_of(nik)]
    waiting = [one for one in applications.of_nik(nik) if one.state == "open"]
    found += [_application(asked, one, by_nik=True) for one in waiting]
    return _show(asked, found=found)


def _act(asked: Asked) -> HttpResponse:
    """Confirm, move or cancel a caller's turn."""
    typed = asked.request.POST
    kind, number, by_nik = _read(typed.get("untuk", ""))
    if kind != "turn" or typed.get("act") not in set(Act):
        raise NotFound
    act = Act(typed["act"])
    offer_id = typed.get("offer", "")
    if act == Act.MOVE and not (offer_id.isascii() and offer_id.isdecimal()):
        raise NothingChosen("offer")
    act_by_phone(
        number,
        act,
        consents=typed.get("consent") == "1",
        offer_id=int(offer_id) if act == Act.MOVE else None,
        office_id=asked.office.id,
        actor=actor(asked.request),
        now=asked.now,
    )
    messages.success(asked.request, gettext(DONE[act]))
    return _back_to(asked, _token(kind, number, by_nik=by_nik))


def _withdraw(asked: Asked) -> HttpResponse:
    typed = asked.request.POST
    kind, number, by_nik = _read(typed.get("untuk", ""))
    if kind != "application":
        raise NotFound
    withdraw_by_phone(
        number,
        consents=typed.get("consent") == "1",
        office_id=asked.office.id,
        actor=actor(asked.request),
        now=asked.now,
    )
    messages.success(asked.request, gettext("Permohonan sudah ditarik."))
    return _back_to(asked, _token(kind, number, by_nik=by_nik))


STEPS: Mapping[str, Callable[[Asked], HttpResponse]] = {
    "code": _find_by_code,
    "nik": _find_by_nik,
    "act": _act,
    "withdraw": _withdraw,
}


def _back_to(asked: Asked, token: str) -> HttpResponse:
    address = reverse("hotline", args=[asked.office.slug])
    return redirect(f"{address}?{urlencode({'untuk': token})}")


def _show(asked: Asked, *, status: int = 200, **context: Any) -> HttpResponse:
    request = asked.request
    context |= {
        "office": asked.office,
        "may": may_open(roles_here(request, asked.office)),
        "here": reverse("hotline", args=[asked.office.slug]),
        "typed": request.POST if request.method == "POST" else {},
        "now": asked.now,
    }
    return render(request, "staff/hotline.html", context, status=status)


def _token(kind: str, number: int, *, by_nik: bool) -> str:
    """Return what was found, signed: an officer acts only on what a caller's words have found."""
    return signing.dumps([kind, number, by_nik], salt=_SALT)


def _read(token: str) -> tuple[str, int, bool]:
    try:
        kind, number, by_nik = signing.loads(token, salt=_SALT, max_age=CALL_LASTS)
    except signing.BadSignature:
        raise NotFound from None
    return kind, number, by_nik


def _by_token(asked: Asked, token: str) -> Found:
    kind, number, by_nik = _read(token)
    if kind == "turn":
        return _turn(asked, queries.by_id(number), by_nik=by_nik)
    return _application(asked, applications.by_id(number), by_nik=by_nik)


def _turn(asked: Asked, turn: Any, *, by_nik: bool) -> Found:
    state = State(turn.state)
    name = queries.stated_name(turn)
    if by_nik and turn.citizen_id is not None:
        _note_look(asked, turn.citizen_id, turn_id=turn.id)
    to_come = Move.RESCHEDULE in possible(state) and turn.window_till > asked.now
    free = capacity.free_windows(turn.office_id, now=asked.now) if to_come else []
    facts = {
        "ahead": queries.people_ahead(turn, now=asked.now),
        "promised": promises.promise_of(turn.id),
        "leave_by": promises.leave_by(turn.id, now=asked.now),
        "bring": what_to_bring(turn.service.code) if to_come else [],
        "can_confirm": to_come and not queries.said_yes(turn),
        "said_yes": to_come and queries.said_yes(turn),
        "can_cancel": Move.CANCEL in possible(state),
        "windows": [w for w in free if w.starts_at > asked.now and w.id != turn.offer_id][
            :WINDOWS_SHOWN
        ],
    }
    return Found(
        _token("turn", turn.id, by_nik=by_nik),
        "turn",
        turn,
        name if by_nik else initials(name),
        queries.stated_phone(turn) if by_nik else "",
        by_nik,
        facts,
    )


def _application(asked: Asked, application: Any, *, by_nik: bool) -> Found:
    name = applications.stated_name(application)
    if by_nik:
        _note_look(asked, application.citizen_id, application_id=application.id)
    is_open = application.state == "open"
    try:
        latest = applications.estimate(application, now=asked.now) if is_open else None
    except CalendarMissing:
        latest = None
    result = applications.next_result(application, now=asked.now)
    zone = ZoneInfo(application.region.time_zone)
    facts = {
        "is_open": is_open,
        "result": result.astimezone(zone) if result else None,
        "served_by": latest.served_by.astimezone(zone) if latest else None,
        "last": next(iter(applications.stages(application)), None),
    }
    return Found(
        _token("application", application.id, by_nik=by_nik),
        "application",
        application,
        name if by_nik else initials(name),
        applications.stated_phone(application) if by_nik else "",
        by_nik,
        facts,
    )


def _note_look(asked: Asked, citizen_id: int, **of: int) -> None:
    for what in ("search", "contact"):
        people.note_look(
            citizen_id,
            what=what,
            office_id=asked.office.id,
            actor=actor(asked.request),
            now=asked.now,
            **of,
        )

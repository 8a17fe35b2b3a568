"""An officer's own leave, on the phone: ask, see what became of it, take it back, call in sick."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_http_methods

from giliran import clock
from giliran.capacity import actions as capacity
from giliran.capacity import leave
from giliran.core.refusal import BadInput, NotFound, Refusal
from giliran.offices import queries as offices
from giliran.web.refusals import sentence
from giliran.web.staff import actor

SHOWN_BACK = timedelta(days=30)
KINDS = {
    "annual": gettext_noop("Cuti tahunan"),
    "training": gettext_noop("Pelatihan"),
    "other": gettext_noop("Izin lain"),
}
TAGS = {"asked": "waiting", "approved": "finished", "refused": "no-show", "withdrawn": "cancelled"}


class Asked(NamedTuple):
    """Who asks, where they work, and what was typed."""

    request: HttpRequest
    officer_id: int
    workplaces: list[Any]
    now: datetime

    def office(self) -> Any:
        """Return the chosen office of their own, or raise ``NotFound``."""
        sent = self.request.POST.get("office", "")
        found = [one for one in self.workplaces if str(one.id) == sent]
        if not found:
            raise NotFound
        return found[0]

    def number(self, field: str) -> int:
        """Return an id of the form, or raise ``NotFound``."""
        text = self.request.POST.get(field, "")
        if not (text.isascii() and text.isdecimal() and len(text) <= 18):  # noqa: PLR2004
            raise NotFound
        return int(text)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_leave(request: HttpRequest) -> HttpResponse:
    """Show an officer's own leaves, and do what a button asks."""
    officer_id = int(request.user.pk or 0)
    asked = Asked(request, officer_id, leave.workplaces(officer_id), clock.now())
    if not asked.workplaces:
        raise PermissionDenied
    if request.method != "POST":
        return _show(asked)
    act = _ACTS.get(request.POST.get("do", ""))
    try:
        if act is None:
            raise NotFound
        messages.success(request, act(asked))
    except BadInput as refusal:
        return _show(asked, status=422, wrong={refusal.field: sentence(refusal)})
    except Refusal as refusal:
        status = 404 if isinstance(refusal, NotFound) else 409
        return _show(asked, status=status, refused=sentence(refusal))
    return redirect("own_leave")


def _show(asked: Asked, *, status: int = 200, **more: Any) -> HttpResponse:
    today = offices.local_day(asked.workplaces[0], asked.now)
    rows = leave.leaves_of(asked.officer_id, since=today - SHOWN_BACK)
    context = {
        "workplaces": asked.workplaces,
        "today": today,
        "is_ill": any(
            one.state == "approved" and one.first_day <= today <= one.last_day for one in rows
        ),
        "rows": [(one, TAGS[one.state], _can_withdraw(one, today)) for one in rows],
        "kinds": KINDS,
        "typed": asked.request.POST,
        "request_key": as_key(asked.request.POST.get("request_key", "")),
        "sick_key": uuid4(),
        **more,
    }
    return render(asked.request, "staff/leave.html", context, status=status)


def _can_withdraw(one: Any, today: date) -> bool:
    return one.state in {"asked", "approved"} and one.last_day >= today


def _ask(asked: Asked) -> str:
    post = asked.request.POST
    first = as_day(post.get("first_day", ""), "first_day")
    capacity.ask_leave(
        asked.officer_id,
        office_id=asked.office().id,
        kind=post.get("kind", ""),
        first_day=first,
        last_day=as_day(post.get("last_day", ""), "last_day") if post.get("last_day") else first,
        request_key=as_key(post.get("request_key", "")),
        actor=actor(asked.request),
        now=asked.now,
    )
    return gettext("Permintaan cuti sudah dikirim ke kepala kantor.")


def _sick(asked: Asked) -> str:
    capacity.call_sick(
        asked.officer_id,
        office_id=asked.office().id,
        request_key=as_key(asked.request.POST.get("request_key", "")),
        actor=actor(asked.request),
        now=asked.now,
    )
    return gettext("Kepala kantor sudah dikabari. Semoga lekas sembuh.")


def _withdraw(asked: Asked) -> str:
    capacity.withdraw_leave(asked.number("leave"), officer_id=asked.officer_id, now=asked.now)
    return gettext("Sudah ditarik. Jadwal hari itu berlaku lagi.")


def _take(asked: Asked) -> str:
    capacity.take_suggested(asked.number("leave"), officer_id=asked.officer_id, now=asked.now)
    return gettext("Cuti pada tanggal yang diusulkan sudah disetujui.")


_ACTS: dict[str, Callable[[Asked], str]] = {
    "ask": _ask,
    "sick": _sick,
    "withdraw": _withdraw,
    "take": _take,
}


def as_day(text: str, field: str) -> date:
    """Read a day as a date field sends it; raises ``BadDays``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise capacity.BadDays(field) from None


def as_key(text: str) -> UUID:
    """Read the key of a form that was shown, or make one."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()

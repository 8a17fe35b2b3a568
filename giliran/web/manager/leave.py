"""Leave at an office: what is asked, what it does, what helps, and the decision; sick calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_noop, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from giliran import clock
from giliran.capacity import actions as capacity
from giliran.capacity import leave, remedies
from giliran.core.refusal import BadInput, NotFound, Refusal
from giliran.offices import queries as offices
from giliran.turns import actions as turns
from giliran.turns import consents
from giliran.web.counter.leave import as_day, as_key
from giliran.web.manager.frame import frame
from giliran.web.refusals import sentence
from giliran.web.staff import MANAGE, actor, at_office
from giliran.web.typed import typed

WEEKS_SHOWN = 4
WEIGHED_AT_MOST = 5
"""So many days of a leave are given advice: each is counted anew."""
KIND_NAMES = {
    "move": gettext_noop("Pindahkan cuti"),
    "swap": gettext_noop("Tukar dinas"),
    "substitute": gettext_noop("Pengganti dari kantor sendiri"),
    "loan": gettext_noop("Pinjam dari kantor terdekat"),
    "booth": gettext_noop("Petugas gerai MPP"),
    "longer": gettext_noop("Jam kerja lebih panjang"),
    "people": gettext_noop("Tawarkan jam lain"),
}
BUTTONS = {
    "move": gettext_noop("Usulkan tanggal ini"),
    "swap": gettext_noop("Tukar"),
    "substitute": gettext_noop("Tugaskan"),
    "loan": gettext_noop("Minta pinjaman"),
    "booth": gettext_noop("Tugaskan"),
    "longer": gettext_noop("Tugaskan"),
    "people": gettext_noop("Kirim tawaran"),
}


class Asked(NamedTuple):
    """Whose leave, at which office, and what the head's button asks."""

    request: HttpRequest
    office: Any
    leave: Any
    now: datetime

    @property
    def officer_id(self) -> int:
        return int(self.request.user.pk or 0)

    def number(self, field: str) -> int:
        """Return an id of the form, or raise ``NotFound``."""
        text = self.request.POST.get(field, "")
        if not (text.isascii() and text.isdecimal() and len(text) <= 18):  # noqa: PLR2004
            raise NotFound
        return int(text)

    def day(self) -> date:
        """Return the day of the leave that the button is about, or raise ``NotFound``."""
        try:
            day = date.fromisoformat(self.request.POST.get("on", ""))
        except ValueError:
            raise NotFound from None
        if not self.leave.first_day <= day <= self.leave.last_day:
            raise NotFound
        return day


@at_office(*MANAGE)
@require_safe
def leaves(request: HttpRequest, office: Any) -> HttpResponse:
    """List what is asked with what it does, who is away today, and the weeks ahead."""
    now = clock.now()
    today = offices.local_day(office, now)
    until = today + timedelta(weeks=WEEKS_SHOWN)
    context = {
        **frame(request, office),
        "today": today,
        **_told_briefly(
            office,
            now,
            asked=leave.asked_at(office.id, today=today),
            now_away=leave.approved_at(office.id, first=today, last=today),
        ),
        "calendar": leave.away(office.id, first=today, last=until),
        "until": until,
    }
    return render(request, "manager/leave.html", context)


def _told_briefly(
    office: Any, now: datetime, **lists: list[Any]
) -> dict[str, list[tuple[Any, int, int]]]:
    """Return each leave, the half-hours of officers it makes short, and the people it touches."""
    every = [one for rows in lists.values() for one in rows]
    effects = dict(zip(every, leave.effects_of(office, every, now=now), strict=True))
    return {
        name: [
            (
                one,
                sum(day.after.missing - day.before.missing for day in effects[one]),
                sum(day.after.people for day in effects[one]),
            )
            for one in rows
        ]
        for name, rows in lists.items()
    }


@at_office(*MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def one_leave(request: HttpRequest, office: Any, leave_id: int) -> HttpResponse:
    """Show what a leave does and what helps, decide it, or carry out what was proposed."""
    try:
        found = leave.leave(leave_id)
    except NotFound as refusal:
        raise Http404 from refusal
    if found.office_id != office.id:
        raise Http404
    asked = Asked(request, office, found, clock.now())
    if request.method != "POST":
        return _show(asked)
    act = _ACTS.get(request.POST.get("do", ""))
    try:
        if act is None:
            raise NotFound
        if act not in _DECISIONS and found.state not in leave.IN_FORCE:
            # They come after all: nobody has to be moved or lent for it any more.
            raise capacity.LeaveDecided(state=found.get_state_display().lower())
        messages.success(request, act(asked))
    except BadInput as refusal:
        return _show(asked, status=422, wrong={refusal.field: sentence(refusal)})
    except Refusal as refusal:
        status = 404 if isinstance(refusal, NotFound) else 409
        return _show(asked, status=status, refused=sentence(refusal))
    return redirect("office_leave_one", office.slug, leave_id)


def _show(asked: Asked, *, status: int = 200, **more: Any) -> HttpResponse:
    office, one = asked.office, asked.leave
    is_live = one.state in leave.IN_FORCE
    effects = leave.effect_of(one, now=asked.now) if is_live else []
    felt = [day for day in effects if day.after.missing or day.after.people][:WEIGHED_AT_MOST]
    context = {
        **frame(asked.request, office),
        "leave": one,
        "effects": effects,
        "advice": [remedies.advice(one, day, now=asked.now) for day in felt],
        "kind_names": {kind: gettext(name) for kind, name in KIND_NAMES.items()},
        "buttons": {kind: gettext(name) for kind, name in BUTTONS.items()},
        "people": [
            (day.day, consents.touched_people(day.after.touched))
            for day in felt
            if day.after.people
        ],
        "is_own": one.officer_id == asked.officer_id,
        "typed": asked.request.POST,
        **more,
    }
    return render(asked.request, "manager/leave_one.html", context, status=status)


@at_office(*MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def sick(request: HttpRequest, office: Any) -> HttpResponse:
    """Enter that somebody called in sick; nobody asks why."""
    now = clock.now()
    team = leave.officers_of(office.id)
    context = {
        **frame(request, office),
        "today": offices.local_day(office, now),
        "team": team,
        "typed": request.POST,
        "request_key": as_key(request.POST.get("request_key", "")),
    }
    if request.method != "POST":
        return render(request, "manager/sick.html", context)
    ill = [one for one in team if str(one.id) == request.POST.get("officer", "")]
    if not ill:
        wrong = {"officer": gettext("Pilih petugas yang sakit.")}
        return render(request, "manager/sick.html", context | {"wrong": wrong}, status=422)
    last = request.POST.get("last_day", "")
    try:
        done = capacity.call_sick(
            ill[0].id,
            office_id=office.id,
            request_key=context["request_key"],
            actor=actor(request),
            now=now,
            last_day=as_day(last, "last_day") if last else None,
        )
    except BadInput as refusal:
        wrong = {refusal.field: sentence(refusal)}
        return render(request, "manager/sick.html", context | {"wrong": wrong}, status=422)
    except Refusal as refusal:
        refused = sentence(refusal)
        return render(request, "manager/sick.html", context | {"refused": refused}, status=409)
    messages.success(request, gettext("Tercatat. Ini akibatnya dan yang bisa dilakukan."))
    return redirect("office_leave_one", office.slug, done.id)


def _terms(asked: Asked) -> dict[str, Any]:
    return {"office_id": asked.office.id, "officer_id": asked.officer_id, "now": asked.now}


def _approve(asked: Asked) -> str:
    capacity.approve_leave(asked.leave.id, **_terms(asked))
    return gettext("Cuti disetujui. Yang sudah dijanjikan tetap dilayani.")


def _refuse(asked: Asked) -> str:
    reason = typed(asked.request.POST, "reason")
    capacity.refuse_leave(asked.leave.id, reason=reason, **_terms(asked))
    return gettext("Cuti ditolak. Petugas membaca alasannya.")


def _suggest(asked: Asked) -> str:
    day = as_day(asked.request.POST.get("day", ""), "day")
    capacity.suggest_days(asked.leave.id, first_day=day, **_terms(asked))
    return gettext("Usulan tanggal sudah dikirim. Petugas yang memutuskan.")


def _swap(asked: Asked) -> str:
    capacity.swap_shifts(
        asked.office,
        asked.number("shift"),
        asked.number("other"),
        actor=actor(asked.request),
        now=asked.now,
    )
    return gettext("Dinas sudah ditukar.")


def _substitute(asked: Asked) -> str:
    capacity.put_substitute(
        asked.number("officer"),
        leave_id=asked.leave.id,
        office_id=asked.office.id,
        day=asked.day(),
        actor=actor(asked.request),
        now=asked.now,
    )
    return gettext("Pengganti sudah ditugaskan. Ia bisa membuka loket hari itu.")


def _loan(asked: Asked) -> str:
    capacity.ask_loan(
        asked.number("officer"),
        to_id=asked.office.id,
        day=asked.day(),
        asked_by_id=asked.officer_id,
        leave_id=asked.leave.id,
        now=asked.now,
    )
    return gettext("Pinjaman diminta. Kepala kantor itu yang menjawab.")


def _booth(asked: Asked) -> str:
    capacity.take_from_booth(
        asked.number("officer"),
        to_id=asked.office.id,
        day=asked.day(),
        officer_deciding_id=asked.officer_id,
        now=asked.now,
    )
    return gettext("Petugas gerai bekerja di kantor ini hari itu.")


def _lengthen(asked: Asked) -> str:
    shift_id, day = asked.number("shift"), asked.day()
    owner = leave.owner_of(shift_id, office_id=asked.office.id, day=day)
    capacity.put_shift(
        asked.office,
        shift_id,
        officer_id=owner,
        day=day,
        kind="full",
        actor=actor(asked.request),
        now=asked.now,
    )
    return gettext("Dinas sudah diperpanjang.")


def _add(asked: Asked) -> str:
    capacity.add_shift(
        asked.office,
        officer_id=asked.number("officer"),
        day=asked.day(),
        kind="full",
        actor=actor(asked.request),
        now=asked.now,
    )
    return gettext("Petugas sudah ditugaskan.")


def _people(asked: Asked) -> str:
    found = leave.effect(
        asked.office, [asked.day()], officer_id=asked.leave.officer_id, now=asked.now
    )
    touched = found[0].after.touched if found else ()
    n = turns.offer_windows(asked.office.id, touched, actor=actor(asked.request), now=asked.now)
    text = ngettext("%(n)s orang ditawari jam lain.", "%(n)s orang ditawari jam lain.", n)
    return text % {"n": n} if n else gettext("Semua yang bisa ditawari sudah ditawari.")


_ACTS: dict[str, Callable[[Asked], str]] = {
    "approve": _approve,
    "refuse": _refuse,
    "suggest": _suggest,
    "swap": _swap,
    "substitute": _substitute,
    "loan": _loan,
    "booth": _booth,
    "lengthen": _lengthen,
    "add": _add,
    "people": _people,
}
_DECISIONS = (_approve, _refuse, _suggest)

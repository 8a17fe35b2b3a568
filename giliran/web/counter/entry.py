"""Logging in and out, and what an officer may open."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from giliran import clock
from giliran.capacity import leave, loans
from giliran.capacity import queries as capacity_now
from giliran.offices import queries as offices
from giliran.people import actions as people
from giliran.turns import actions as turns
from giliran.turns.refusals import CounterBusy
from giliran.web.refusals import sentence
from giliran.web.staff import READS_FINDINGS, may_open, remote_address

_NOTHING_TO_SHOW = 204
ROLE_NAMES = {
    "officer": gettext_noop("Petugas loket"),
    "door": gettext_noop("Petugas pintu"),
    "manager": gettext_noop("Kepala cabang"),
    "regional": gettext_noop("Kantor wilayah"),
    "auditor": gettext_noop("Auditor"),
    "ombudsman": gettext_noop("Ombudsman"),
    "administrator": gettext_noop("Administrator"),
}


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """Let an officer in; after five wrong tries in ten minutes answer 429 for a while.

    A part of a page that asks for itself and is led here, as its reader was logged out meanwhile,
    isn't given this page to show in its place: the whole page is told to come anew.
    """
    if request.method != "POST":
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=_NOTHING_TO_SHOW, headers={"HX-Refresh": "true"})
        return _form(request, status=200)
    username, address, now = request.POST.get("username", ""), remote_address(request), clock.now()
    try:
        people.check_guessing(username, address, now=now)
    except people.TooManyTries as refusal:
        return _form(request, status=429, refused=sentence(refusal))
    officer = authenticate(
        request, username=username.strip(), password=request.POST.get("password", "")
    )
    people.note_login(username, address, officer_id=officer.pk if officer else None, now=now)
    if officer is None:
        wrong = gettext(
            "Nama pengguna atau kata sandi salah. Periksa huruf besar dan kecil, lalu coba lagi."
        )
        return _form(request, status=400, refused=wrong)
    login(request, officer)
    goal = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(goal, {request.get_host()}, request.is_secure()):
        return redirect(goal)
    return redirect("staff_home")


def _form(request: HttpRequest, *, status: int, refused: str = "") -> HttpResponse:
    typed = request.POST if request.method == "POST" else request.GET
    context = {
        "refused": refused,
        "username": typed.get("username", ""),
        "next": typed.get("next", ""),
    }
    return render(request, "staff/login.html", context, status=status)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Let the officer go; a counter where nobody sits is closed, so that it isn't held."""
    seat = capacity_now.seat_of(request.user.pk) if request.user.is_authenticated else None
    if seat is not None:
        with suppress(CounterBusy):
            turns.leave_counter(officer_id=seat.officer_id, now=clock.now())
    logout(request)
    if seat is not None:
        messages.info(request, _what_became_of(seat))
    return redirect("staff_login")


def _what_became_of(seat: capacity_now.Seat) -> str:
    still_open = capacity_now.seat_of(seat.officer_id) is not None
    text = (
        gettext("Loket %(label)s masih terbuka karena ada orang di sana. Masuk lagi untuk lanjut.")
        if still_open
        else gettext("Anda sudah keluar dan loket %(label)s ditutup.")
    )
    return text % {"label": seat.label}


class Workplace(NamedTuple):
    """An office on an officer's first page, and what they may open there."""

    office: Any
    roles: list[str]
    may: dict[str, bool]
    kiosks: list[Any]


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """List an officer's offices and what they can open at each."""
    officer_id = int(request.user.pk or 0)
    mine = offices.offices_and_roles(officer_id)
    administers = any("administrator" in roles for _, roles in mine)
    kiosks = offices.kiosks_by_office() if administers else {}
    places = [
        Workplace(
            office,
            [gettext(ROLE_NAMES[role]) for role in ROLE_NAMES if role in roles],
            may_open(roles),
            kiosks=kiosks.get(office.id, []) if "administrator" in roles else [],
        )
        for office, roles in mine
    ]
    known = {place.office.id for place in places}
    places += [
        Workplace(office, [gettext("Dipinjam hari ini")], {"desk": True, "door": True}, [])
        for office in loans.lent_today(officer_id, now=clock.now())
        if office.id not in known
    ]
    seat = capacity_now.seat_of(officer_id)
    context = {
        "places": places,
        "has_post": bool(leave.workplaces(officer_id)),
        "reads_findings": any(roles & READS_FINDINGS for _, roles in mine),
        "seat": seat,
        "seat_office": offices.office_by_id(seat.office_id) if seat else None,
    }
    return render(request, "staff/home.html", context)

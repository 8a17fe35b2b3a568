"""Loans of officers: what other offices ask of this one, and what it asked of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from giliran import clock
from giliran.capacity import actions as capacity
from giliran.capacity import leave, loans
from giliran.core.refusal import NotFound, Refusal
from giliran.offices import queries as offices
from giliran.web.manager.frame import frame
from giliran.web.refusals import sentence
from giliran.web.staff import MANAGE, at_office

TAGS: Final = {
    "asked": "waiting",
    "accepted": "finished",
    "refused": "no-show",
    "withdrawn": "cancelled",
}
ACTS: Final[dict[str, Callable[..., Any]]] = {
    "accept": capacity.accept_loan,
    "refuse": capacity.refuse_loan,
    "withdraw": capacity.withdraw_loan,
}


class Row(NamedTuple):
    """A loan; what it does to the office that lends, while its head may still answer."""

    loan: Any
    tag: str
    is_open: bool
    effect: Any
    may_answer: bool = True


@at_office(*MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def office_loans(request: HttpRequest, office: Any) -> HttpResponse:
    """Show the loans asked of an office and by it, and answer or withdraw one."""
    now = clock.now()
    if request.method == "POST":
        act = ACTS.get(request.POST.get("do", ""))
        number = request.POST.get("loan", "")
        try:
            if act is None or not (number.isascii() and number.isdecimal() and len(number) < 19):  # noqa: PLR2004
                raise NotFound
            done = act(
                int(number), office_id=office.id, officer_id=int(request.user.pk or 0), now=now
            )
        except Refusal as refusal:
            status = 404 if isinstance(refusal, NotFound) else 409
            return _show(request, office, status=status, refused=sentence(refusal))
        messages.success(request, _said(done))
        return redirect("office_loans", office.slug)
    return _show(request, office)


def _show(request: HttpRequest, office: Any, *, status: int = 200, **more: Any) -> HttpResponse:
    now = clock.now()
    today = offices.local_day(office, now)
    context = {
        **frame(request, office),
        "of_us": [
            _row(one, office, int(request.user.pk or 0), now)
            for one in loans.asked_of(office.id, since=today)
        ],
        "by_us": [
            Row(one, TAGS[one.state], one.state in {"asked", "accepted"}, None)
            for one in loans.asked_by(office.id, since=today)
        ],
        **more,
    }
    return render(request, "manager/loans.html", context, status=status)


def _row(one: Any, office: Any, officer_id: int, now: Any) -> Row:
    is_open = one.state == "asked"
    effect = None
    if is_open:
        effect = next(
            iter(leave.effect(office, [one.day], officer_id=one.officer_id, now=now)), None
        )
    may_answer = is_open and loans.may_answer(one, officer_id)
    return Row(one, TAGS[one.state], is_open, effect, may_answer)


def _said(done: Any) -> str:
    told = {"who": done.officer.full_name, "office": done.to.name}
    if done.state == "accepted":
        return gettext("%(who)s bekerja di %(office)s hari itu.") % told
    if done.state == "refused":
        return gettext("%(who)s tetap bekerja di sini.") % told
    return gettext("Pinjaman %(who)s ditarik.") % told

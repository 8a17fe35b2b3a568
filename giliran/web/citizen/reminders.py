"""Being told by WhatsApp, SMS or email: an address, a code to it, and how to stop.

Whoever holds the code of a turn or a complaint may do so, and sees of the others' addresses no more
than their ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from giliran import clock
from giliran.claims.queries import ClaimView, phone_of
from giliran.core.refusal import BadInput, NotFound, Refusal
from giliran.core.turn import OPEN
from giliran.messages import actions as messages
from giliran.messages.refusals import CodeExpired, TooManyTries, WrongCode
from giliran.turns import actions as turns
from giliran.turns import applications, queries
from giliran.turns.actions import subscribing
from giliran.turns.refusals import NothingToConfirm
from giliran.voices import complaints
from giliran.web.channels import Channels, NoChannel, masked, offered
from giliran.web.citizen.application import application_of
from giliran.web.citizen.claim_open import opened
from giliran.web.citizen.complaint_page import complaint_of, too_many
from giliran.web.citizen.missing import missing_is_404
from giliran.web.citizen.turn import turn_of, unlisted
from giliran.web.refusals import sentence

if TYPE_CHECKING:
    from giliran.turns.models import Application, Turn

CONFLICT, UNREADABLE = 409, 422
_SALT = "a contact on its reminder page"


class Page(NamedTuple):
    """What a reminder page is about: a turn, an application, a claim or a complaint."""

    request: HttpRequest
    about: Any
    here: str
    back: str
    now: datetime

    @property
    def is_turn(self) -> bool:
        return self.back.startswith(reverse("turn", args=[self.about.code]))

    @property
    def is_claim(self) -> bool:
        return isinstance(self.about, ClaimView)

    @property
    def is_complaint(self) -> bool:
        return isinstance(self.about, complaints.View)

    @property
    def channels(self) -> Channels:
        if self.is_complaint:
            return Channels("complaint", self.about.id, _SALT)
        return Channels(*subscribing.subject_of(self.about), _SALT)

    def stated_phone(self) -> str:
        """Return the phone that was stated: only a suggestion, shown by its end.

        Who complains may hold it back from the office: of a complaint its page shows nothing.
        """
        if self.is_complaint:
            return ""
        if self.is_claim:
            return phone_of(self.about.id)
        if self.is_turn:
            return queries.stated_phone(self.about)
        return applications.stated_phone(self.about)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@missing_is_404
def turn_reminders(request: HttpRequest, code: str) -> HttpResponse:
    """Let who holds a turn's code be told of it."""
    turn = turn_of(code)
    back = reverse("turn", args=[turn.code])
    if turn.state not in OPEN:
        return redirect(back)
    here = reverse("turn_reminders", args=[turn.code])
    return _answer(Page(request, turn, here, back, clock.now()))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@missing_is_404
def application_reminders(request: HttpRequest, code: str) -> HttpResponse:
    """Let who holds an application's code be told of it."""
    application = application_of(code)
    back = reverse("application", args=[application.code])
    if not _may_be_told(application):
        return redirect(back)
    here = reverse("application_reminders", args=[application.code])
    return _answer(Page(request, application, here, back, clock.now()))


@require_http_methods(["GET", "HEAD", "POST"])
@opened
def claim_reminders(request: HttpRequest, claim: ClaimView) -> HttpResponse:
    """Let who may look at a claim be told of it."""
    back = reverse("claim", args=[claim.code])
    if claim.ended_at is not None:
        return redirect(back)
    here = reverse("claim_reminders", args=[claim.code])
    return _answer(Page(request, claim, here, back, clock.now()))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@missing_is_404
def complaint_reminders(request: HttpRequest, code: str) -> HttpResponse:
    """Let who holds a complaint's code be told what is answered."""
    try:
        found = complaint_of(request, code)
    except complaints.TooManyWrongCodes as refusal:
        return too_many(request, refusal)
    back = reverse("complaint", args=[found.code])
    if found.ended_at is not None:
        return redirect(back)
    here = reverse("complaint_reminders", args=[found.code])
    return _answer(Page(request, found, here, back, clock.now()))


def _may_be_told(application: Application) -> bool:
    turn: Turn | None = application.turn
    return application.state == "open" or (turn is not None and turn.state in OPEN)


def _answer(page: Page) -> HttpResponse:
    request = page.request
    if request.method == "POST":
        step = STEPS.get(request.POST.get("langkah", ""))
        if step is None:
            raise NotFound
        return step(page)
    if "kontak" in request.GET:
        return _show_code(page, request.GET["kontak"])
    if "berhenti" in request.GET:
        return _show_stop(page, request.GET["berhenti"])
    return _show(page)


def _send(page: Page) -> HttpResponse:
    """Send a code to the address that was typed."""
    typed = page.request.POST
    try:
        token = page.channels.send_code(page.request, typed, stated=page.stated_phone, now=page.now)
    except BadInput as refusal:
        field = "channel" if isinstance(refusal, NoChannel) else "address"
        return _show(page, typed, {field: sentence(refusal)}, status=UNREADABLE)
    except Refusal as refusal:
        return _show(page, typed, {"channel": sentence(refusal)}, status=CONFLICT)
    return redirect(f"{page.here}?kontak={token}")


def _send_again(page: Page) -> HttpResponse:
    token = page.request.POST.get("kontak", "")
    try:
        page.channels.send_again(page.request, token, now=page.now)
    except NotFound:
        raise
    except Refusal as refusal:
        return _show_code(page, token, sentence(refusal), status=CONFLICT)
    notices.success(page.request, _("Kode baru sudah dikirim."))
    return redirect(f"{page.here}?kontak={token}")


def _confirm(page: Page) -> HttpResponse:
    """Check the code that came to the address."""
    token = page.request.POST.get("kontak", "")
    contact_id = page.channels.contact(token)
    code = "".join(page.request.POST.get("code", "").split())
    try:
        if page.is_complaint:
            of = page.channels
            messages.confirm_last(
                contact_id, code, subject=of.subject, subject_id=of.subject_id, now=page.now
            )
        else:
            subscribing.confirm_channel(contact_id, code, about=page.about, now=page.now)
    except (WrongCode, CodeExpired, TooManyTries) as refusal:
        status = UNREADABLE if isinstance(refusal, WrongCode) else CONFLICT
        return _show_code(page, token, sentence(refusal), status=status)
    notices.success(page.request, _("Pengingat sudah aktif."))
    return redirect(page.here)


def _put_first(page: Page) -> HttpResponse:
    of, token = page.channels, page.request.POST.get("kontak", "")
    messages.put_first(
        of.contact(token), subject=of.subject, subject_id=of.subject_id, now=page.now
    )
    return redirect(page.here)


def _stop(page: Page) -> HttpResponse:
    """Stop telling one channel, of this or of everything."""
    of, everything = page.channels, page.request.POST.get("apa") == "semua"
    messages.stop_telling(
        of.contact(page.request.POST.get("kontak", "")),
        subject=of.subject,
        subject_id=of.subject_id,
        everything=everything,
        actor="citizen",
        now=page.now,
    )
    notices.success(
        page.request,
        _("Kami tidak mengirim apa pun lagi ke sana.")
        if everything
        else _("Pengingat ini sudah berhenti."),
    )
    return redirect(page.here)


def _come(page: Page) -> HttpResponse:
    """Note that the person comes: nobody asks them again."""
    if not page.is_turn:
        raise NotFound
    try:
        turns.will_come(page.about.id, actor="citizen", now=page.now)
    except NothingToConfirm as refusal:
        notices.warning(page.request, sentence(refusal))
    else:
        notices.success(page.request, _("Terima kasih. Kami menunggu Bapak/Ibu."))
    return redirect(page.here)


STEPS: Mapping[str, Callable[[Page], HttpResponse]] = {
    "kirim": _send,
    "lagi": _send_again,
    "kode": _confirm,
    "dahulu": _put_first,
    "berhenti": _stop,
    "datang": _come,
}


def _show(
    page: Page,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    stated = page.stated_phone()
    is_to_come = page.is_turn and page.about.state == "booked"
    known = {
        **_about(page),
        "is_asked": is_to_come and not queries.said_yes(page.about),
        "told": page.channels.told(),
        "channels": offered(),
        "stated": masked("sms", stated) if stated else "",
        "typed": typed or {},
        "wrong": wrong or {},
    }
    return unlisted(render(page.request, "citizen/reminders.html", known, status=status))


def _show_code(page: Page, token: str, wrong: str = "", *, status: int = 200) -> HttpResponse:
    known = _about(page) | page.channels.shown(token)
    known["wrong"] = {"code": wrong} if wrong else {}
    return unlisted(render(page.request, "citizen/reminders_code.html", known, status=status))


def _show_stop(page: Page, token: str) -> HttpResponse:
    known = _about(page) | page.channels.shown(token)
    return unlisted(render(page.request, "citizen/reminders_stop.html", known))


def _about(page: Page) -> dict[str, Any]:
    return {
        "about": page.about,
        "is_turn": page.is_turn,
        "is_claim": page.is_claim,
        "is_complaint": page.is_complaint,
        "here": page.here,
        "back": page.back,
    }

"""The page of a complaint: how it stands, what was answered, and what its owner says to that.

Whoever holds the receipt's code may open it. It shows no name, no telephone and no officer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from giliran import clock
from giliran.claims import documents
from giliran.core.complaint import Move, State
from giliran.core.refusal import BadInput, NotFound, Refusal
from giliran.voices import actions as voices
from giliran.voices import attachments, complaints, deadends
from giliran.voices.refusals import UnknownComplaint
from giliran.web.bodies import MEGABYTE
from giliran.web.citizen.missing import missing_is_404
from giliran.web.citizen.takeaway import qr_svg
from giliran.web.citizen.turn import unlisted
from giliran.web.refusals import sentence
from giliran.web.staff import remote_address
from giliran.web.typed import key_in, typed

UNREADABLE, CONFLICT, TOO_MANY = 422, 409, 429
TITLES: Mapping[State, str] = {
    State.RECEIVED: gettext_noop("Aduan sudah kami terima"),
    State.ACKNOWLEDGED: gettext_noop("Aduan sedang dipelajari"),
    State.CLASSIFIED: gettext_noop("Aduan sedang ditangani"),
    State.ANSWERED: gettext_noop("Aduan sudah dijawab"),
    State.DISPUTED: gettext_noop("Sanggahan sedang ditangani"),
    State.CLOSED: gettext_noop("Aduan sudah selesai"),
    State.FORWARDED: gettext_noop("Aduan diteruskan ke instansi lain"),
    State.WITHDRAWN: gettext_noop("Aduan sudah ditarik"),
}
LEVELS: Mapping[str, str] = {
    "office": gettext_noop("Kantor cabang"),
    "region": gettext_noop("Kantor wilayah"),
    "centre": gettext_noop("Kantor pusat"),
}
_STEPS: Mapping[State, int] = {
    State.RECEIVED: 0,
    State.ACKNOWLEDGED: 1,
    State.CLASSIFIED: 1,
    State.DISPUTED: 1,
    State.ANSWERED: 2,
    State.CLOSED: 3,
}
_STEP_NAMES = (
    gettext_noop("Diterima"),
    gettext_noop("Ditangani"),
    gettext_noop("Dijawab"),
    gettext_noop("Selesai"),
)


class Step(NamedTuple):
    """One step of a complaint's way; ``how``: done, now or "" for what is still to come."""

    name: str
    how: str


def photo_limits() -> dict[str, int]:
    """Return what a form says of how many photos may be sent, and how large."""
    largest = documents.largest_bytes(clock.now().date()) // MEGABYTE
    return {"most_photos": attachments.MOST_FILES, "largest_mb": largest}


def complaint_of(request: HttpRequest, code: str) -> complaints.View:
    """Return the complaint with this code; raises ``NotFound`` or ``TooManyWrongCodes``."""
    try:
        return complaints.view(code, address=remote_address(request), now=clock.now())
    except UnknownComplaint as refusal:
        raise NotFound from refusal


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
@missing_is_404
def complaint_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show a complaint, or do what its owner chose."""
    try:
        found = complaint_of(request, code)
    except complaints.TooManyWrongCodes as refusal:
        return too_many(request, refusal)
    if request.method != "POST":
        return redirect("complaint", found.code) if code != found.code else show(request, found)
    act = _ACTS.get(request.POST.get("langkah", ""))
    if act is None:
        raise NotFound
    try:
        said = act(request, found.code)
    except BadInput as refusal:
        return show(request, found, {_field(request): sentence(refusal)}, status=UNREADABLE)
    except Refusal as refusal:
        # Answered or ended in the meantime: the page tells how it stands now.
        messages.warning(request, sentence(refusal))
    else:
        messages.success(request, said)
    return redirect("complaint", found.code)


def _field(request: HttpRequest) -> str:
    return "sanggahan" if request.POST.get("langkah") == "sanggah" else "tambahan"


def _add(request: HttpRequest, code: str) -> str:
    key = key_in(request.POST) or uuid4()
    voices.add(code, typed(request.POST, "tambahan"), request_key=key, now=clock.now())
    return _("Keterangan sudah ditambahkan.")


def _confirm(request: HttpRequest, code: str) -> str:
    voices.confirm(code, now=clock.now())
    return _("Terima kasih. Aduan ini selesai.")


def _dispute(request: HttpRequest, code: str) -> str:
    key = key_in(request.POST) or uuid4()
    voices.dispute(code, typed(request.POST, "sanggahan"), request_key=key, now=clock.now())
    return _("Sanggahan sudah kami terima. Sekarang orang lain yang menjawab.")


def _withdraw(request: HttpRequest, code: str) -> str:
    voices.withdraw(code, now=clock.now())
    return _("Aduan sudah ditarik.")


_ACTS: Mapping[str, Callable[[HttpRequest, str], str]] = {
    "tambah": _add,
    "selesai": _confirm,
    "sanggah": _dispute,
    "tarik": _withdraw,
}


def show(
    request: HttpRequest,
    found: complaints.View,
    wrong: Mapping[str, str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Show the page, with what was wrong with what was sent from it."""
    photos = attachments.attachments_of(found.id)
    known = _facts(found) | {
        "request_key": uuid4(),
        "typed": request.POST,
        "wrong": wrong or {},
        "photos": photos,
        "can_show": Move.ADD in found.possible and len(photos) < attachments.MOST_FILES,
        "can_take_back": Move.ADD in found.possible,
        **photo_limits(),
        # What an answer lacks is an objection, not a remark that nobody has to answer.
        "can_add": Move.ADD in found.possible and found.state != State.ANSWERED,
        "can_confirm": Move.CONFIRM in found.possible,
        "can_dispute": Move.DISPUTE in found.possible,
        "can_withdraw": Move.WITHDRAW in found.possible,
        "next_level": _(LEVELS[found.next_level]),
        "waits_for_somebody": bool(found.times_disputed) and deadends.waits_for_somebody(found.id),
    }
    return unlisted(render(request, "citizen/complaint.html", known, status=status))


def _facts(found: complaints.View) -> dict[str, Any]:
    at = _STEPS.get(found.state)
    return {
        "complaint": found,
        "title": _(TITLES[found.state]),
        "place": found.office or found.region or _("Kantor pusat"),
        "level": _(LEVELS[found.level]),
        "steps": [
            Step(_(name), "" if number > at else "now" if number == at else "done")
            for number, name in enumerate(_STEP_NAMES)
        ]
        if at is not None
        else [],
    }


@require_safe
@never_cache
@missing_is_404
def complaint_receipt(request: HttpRequest, code: str) -> HttpResponse:
    """Show the receipt: the code, and by when the law wants an answer; to keep or to print."""
    try:
        found = complaint_of(request, code)
    except complaints.TooManyWrongCodes as refusal:
        return too_many(request, refusal)
    known = on_paper(request, found)
    return unlisted(render(request, "citizen/complaint_receipt.html", known))


def on_paper(request: HttpRequest, found: complaints.View) -> dict[str, Any]:
    """Return what stands on a receipt, with its code to scan and its address to type."""
    url = request.build_absolute_uri(reverse("complaint", args=[found.code]))
    return _facts(found) | {
        "qr": qr_svg(url, _("Kode QR halaman aduan")),
        "address": url.partition("://")[2],
    }


def too_many(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer who tries out codes."""
    known = {"typed": "", "wrong": {"kode": sentence(refusal)}}
    return render(request, "citizen/complaint_find.html", known, status=TOO_MANY)

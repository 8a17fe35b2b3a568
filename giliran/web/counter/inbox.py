"""The officer's inbox: who asked for a human, sent a document, tracks a claim, complains.

The list shows no words. Whoever opens one leaves a trace in the journal each time.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from giliran import clock
from giliran.conversations import actions, queries
from giliran.core.refusal import BadInput, NotFound, Refusal
from giliran.web.refusals import sentence
from giliran.web.staff import DOOR, at_office, may_open, roles_here
from giliran.web.typed import key_in, typed

UNREADABLE, CONFLICT = 422, 409
KINDS = {
    "talk": gettext_noop("Minta bicara dengan petugas"),
    "document": gettext_noop("Kirim dokumen"),
    "claim": gettext_noop("Lacak klaim"),
    "complaint": gettext_noop("Keluhan"),
}
CHANNELS = {
    "whatsapp": gettext_noop("WhatsApp"),
    "sms": gettext_noop("SMS"),
    "ussd": gettext_noop("USSD"),
    "web": gettext_noop("Web"),
    "clerk": gettext_noop("Lewat petugas"),
}


def frame(request: HttpRequest, office: Any) -> dict[str, Any]:
    """Return what the bar above each of these pages needs."""
    roles = roles_here(request, office)
    return {"office": office, "may": may_open(roles)}


@at_office(*DOOR)
@require_safe
@never_cache
def inbox(request: HttpRequest, office: Any) -> HttpResponse:
    """List what waits, what must be answered first at the top; no names, no words."""
    found = queries.inbox(office, now=clock.now())
    rows = [(one, _(KINDS[one.kind]), _(CHANNELS[one.channel])) for one in found]
    return render(request, "staff/inbox.html", {**frame(request, office), "rows": rows})


@at_office(*DOOR)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("kata")
def one(request: HttpRequest, office: Any, handover_id: int) -> HttpResponse:
    """Show what somebody wrote, recording the look; take the officer's answer or its end."""
    officer_id, now = int(request.user.pk or 0), clock.now()
    try:
        queries.handover(handover_id, office=office)
        if request.method != "POST":
            return _show(request, office, handover_id)
        if request.POST.get("langkah") == "selesai":
            actions.close(handover_id, officer_id=officer_id, now=now)
            messages.success(request, _("Selesai. Percakapan kembali ke menu otomatis."))
            return redirect("inbox", office.slug)
        actions.answer(
            handover_id,
            typed(request.POST, "kata"),
            officer_id=officer_id,
            key=_key(request),
            now=now,
        )
    except NotFound as refusal:
        raise Http404 from refusal
    except BadInput as refusal:
        wrong = sentence(refusal)
        return _show(request, office, handover_id, status=UNREADABLE, wrong=wrong)
    except Refusal as refusal:
        messages.warning(request, sentence(refusal))
        return redirect("inbox", office.slug)
    messages.success(request, _("Jawaban dikirim."))
    return redirect("inbox_one", office.slug, handover_id)


def _key(request: HttpRequest) -> str:
    return str(key_in(request.POST, "kunci") or uuid4())


def _show(
    request: HttpRequest, office: Any, handover_id: int, *, status: int = 200, wrong: str = ""
) -> HttpResponse:
    actions.look_at(
        handover_id,
        office_id=office.id,
        officer_id=int(request.user.pk or 0),
        now=clock.now(),
    )
    found = queries.handover(handover_id, office=office)
    context = {
        **frame(request, office),
        "handover": found,
        "kind": _(KINDS[found.kind]),
        "channel": _(CHANNELS[found.conversation.channel]),
        "is_sent": found.conversation.contact_id is not None,
        "lines": queries.lines(found),
        "key": str(uuid4()),
        "wrong": wrong,
    }
    return render(request, "staff/inbox_one.html", context, status=status)


@at_office(*DOOR)
@require_safe
@never_cache
def file(request: HttpRequest, office: Any, handover_id: int, document_id: int) -> HttpResponse:
    """Give a file that somebody sent, to be saved, never shown as a part of our pages."""
    try:
        found = queries.handover(handover_id, office=office)
        content, kind = queries.document(document_id, of=found)
    except NotFound as refusal:
        raise Http404 from refusal
    actions.look_at(
        handover_id,
        office_id=office.id,
        officer_id=int(request.user.pk or 0),
        now=clock.now(),
    )
    ending = {"image/jpeg": "jpg", "image/png": "png"}.get(kind, "pdf")
    response = HttpResponse(content, content_type=kind)
    name = f"{found.code}-{document_id}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response

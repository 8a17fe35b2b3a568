"""What Kannel's smsbox hands over by GET: what people wrote, and reports of what we sent.

Its addresses are in kannel.conf (docs/guides/messages.md). Nothing is stored and nothing is said
to whoever doesn't know the secret. GILIRAN_KANNEL_SECRET is that secret.
"""

from __future__ import annotations

import hmac
import json
import os
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from giliran import clock
from giliran.messages import actions as messages
from giliran.messages import kannel

_STATUS = {"1": "delivered", "2": "failed", "8": "sent", "16": "failed"}
"""What a report says (user guide, dlr-mask); 4, waiting at the operator, is nothing new to us."""


@require_GET
def inbound(request: HttpRequest) -> HttpResponse:
    """Keep an SMS that somebody sent us; a second delivery of the same one changes nothing."""
    secret = os.environ.get("GILIRAN_KANNEL_SECRET", "")
    claimed = request.GET.get("rahasia", "")
    if not secret or not hmac.compare_digest(claimed.encode(), secret.encode()):
        return HttpResponse(status=403)
    # No database keeps a NUL, and what can't be kept would be handed over again and again.
    sender = request.GET.get("dari", "").replace("\x00", "")
    external_id = request.GET.get("id", "").replace("\x00", "")
    if not sender or not external_id:
        return HttpResponse(status=400)
    said = {
        "from": sender,
        "to": request.GET.get("ke", ""),
        "text": _text(request.META["QUERY_STRING"], request.GET.get("huruf", "")),
    }
    event = messages.Event(external_id[:250], "text", json.dumps(said), sender)
    messages.receive("sms", [event], now=clock.now())
    return _nothing_to_say()


@require_GET
def report(request: HttpRequest) -> HttpResponse:
    """Note how an SMS of ours fares; the signed reference in the address proves that it's ours."""
    reference = kannel.reference_of(request.GET.get("tanda", ""))
    if reference is None:
        return HttpResponse(status=403)
    status = _STATUS.get(request.GET.get("hasil", ""))
    if status is not None:
        now = clock.now()
        said = request.GET.get("ket", "").replace("\x00", "") if status == "failed" else ""
        messages.note_status("sms", "", status, at=now, error=said, reference=reference, now=now)
    return _nothing_to_say()


def _text(query: str, charset: str) -> str:
    """Return the text, whose bytes Kannel hands on in the charset that they came in."""
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if name == "isi":
            raw = unquote_to_bytes(value.replace("+", " "))
            try:
                return raw.decode(charset or "utf-8", "replace").replace("\x00", "")
            except LookupError:
                return raw.decode("utf-8", "replace").replace("\x00", "")
    return ""


def _nothing_to_say() -> HttpResponse:
    return HttpResponse(content_type="text/plain")

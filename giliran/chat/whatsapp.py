"""Where WhatsApp's provider hands over what people wrote and how far our messages came.

Every delivery is checked, kept and answered within milliseconds; it is read by a worker. The
provider sends again for seven days what wasn't answered 200, so that nothing is lost while we are
down, and much comes twice.
"""

from __future__ import annotations

import os

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from giliran import clock
from giliran.messages import actions as messages
from giliran.messages.whatsapp import parsing, signature

LARGEST_BYTES = 3 * 1024 * 1024  # what the provider says that a delivery may have
_LONGEST_CHALLENGE = 200


@csrf_exempt
@require_http_methods(["GET", "POST"])
def webhook(request: HttpRequest) -> HttpResponse:
    """Answer the provider's handshake (GET) and take a delivery (POST)."""
    return _shake_hands(request) if request.method == "GET" else _take(request)


def _shake_hands(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    expected = os.environ.get("GILIRAN_WHATSAPP_VERIFY", "")
    challenge = asked.get("hub.challenge", "")
    is_known = signature.is_same(asked.get("hub.verify_token", ""), expected)
    if asked.get("hub.mode") != "subscribe" or not is_known or len(challenge) > _LONGEST_CHALLENGE:
        return _plain("", status=403)
    return _plain(challenge)


def _take(request: HttpRequest) -> HttpResponse:
    body = _raw_body(request)
    if body is None:
        return _plain("", status=413)
    secret = os.environ.get("GILIRAN_WHATSAPP_SECRET", "")
    if not signature.is_signed(body, request.headers.get(signature.HEADER, ""), secret):
        return _plain("", status=401)
    events = [messages.Event(*event) for event in parsing.parse(body)]
    messages.receive("whatsapp", events, now=clock.now())
    return _plain("")


def _raw_body(request: HttpRequest) -> bytes | None:
    """Return the bytes of a delivery as they came, None when they are too many.

    Read past Django's own limit, which is that of a form (256 KB).
    """
    body: bytes = request.read(LARGEST_BYTES + 1)
    return body if len(body) <= LARGEST_BYTES else None


def _plain(text: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")

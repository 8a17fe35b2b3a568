"""What a USSD gateway hands over: each key press of a session by POST, answered by a screen.

The form that gateways share: ``sessionId``, ``phoneNumber`` and ``text``, all that was typed in the
session so far, joined by ``*``; the answer begins with CON (type on) or END. The gateway keeps no
state and signs nothing, so its address carries a secret: /chat/ussd/?rahasia=GILIRAN_USSD_SECRET.
"""

from __future__ import annotations

import hashlib
import hmac
import os

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from giliran import clock
from giliran.conversations.actions import Said, Speaker, converse
from giliran.people.actions import BadPhone, parse_phone

LONGEST = 4000  # letters of a whole session


@csrf_exempt
@require_POST
def session(request: HttpRequest) -> HttpResponse:
    """Answer the last key press; the same one again is answered the same."""
    secret = os.environ.get("GILIRAN_USSD_SECRET", "")
    claimed = request.GET.get("rahasia", "")
    if not secret or not hmac.compare_digest(claimed.encode(), secret.encode()):
        return HttpResponse(status=403)
    session_id, typed = request.POST.get("sessionId", ""), request.POST.get("text", "")
    try:
        phone = parse_phone(request.POST.get("phoneNumber", ""))
    except BadPhone:
        phone = ""
    if not session_id or not phone or len(typed) > LONGEST:
        return HttpResponse(status=400)
    press = hashlib.sha256(f"{phone} {session_id} {typed}".encode()).hexdigest()
    said = Said(typed.replace("\x00", "").rpartition("*")[2])
    heard = converse(Speaker("ussd", phone), said, key=press, now=clock.now())
    text = "\n".join(say.text for say in heard.says)
    return HttpResponse(
        f"{'END' if heard.is_over else 'CON'} {text}", content_type="text/plain; charset=utf-8"
    )

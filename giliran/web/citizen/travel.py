"""How long somebody travels to the office, so that they are told when to leave home."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from giliran import clock
from giliran.core.refusal import BadInput
from giliran.core.turn import State
from giliran.turns.actions.promising import BadTravel, note_travel
from giliran.web.citizen.missing import missing_is_404
from giliran.web.citizen.turn import UNREADABLE, show, turn_of
from giliran.web.refusals import sentence

_DIGITS = 4


def _minutes(typed: str) -> int | None:
    """Read whole minutes, with or without the word; None for an empty field."""
    text = typed.strip().casefold().removesuffix("menit").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        raise BadTravel("perjalanan")
    return int(text)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@missing_is_404
def turn_travel(request: HttpRequest, code: str) -> HttpResponse:
    """Note the minutes of travel that the person states; an empty field forgets them."""
    turn = turn_of(code)
    now = clock.now()
    if request.method != "POST" or turn.state != State.BOOKED:
        # A page whose form was refused has this address, and still asks how the turn stands.
        asked = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(reverse("turn", args=[turn.code]) + asked)
    typed = request.POST.get("perjalanan", "")[:40]
    try:
        minutes = _minutes(typed)
        note_travel(turn.id, minutes, now=now)
    except BadInput as refusal:
        wrong = {"perjalanan": sentence(refusal)}
        return show(request, turn, now=now, status=UNREADABLE, wrong=wrong, typed=typed)
    if minutes is None:
        messages.success(request, _("Lama perjalanan dihapus."))
    else:
        messages.success(request, _("Lama perjalanan disimpan."))
    return redirect("turn", turn.code)

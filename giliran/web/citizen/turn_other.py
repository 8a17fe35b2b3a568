"""The office asks whether another window would do; the person says yes or no, nobody else."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from giliran import clock
from giliran.core.refusal import NotFound, Refusal
from giliran.turns import actions
from giliran.web.citizen.missing import missing_is_404
from giliran.web.citizen.turn import turn_of
from giliran.web.refusals import sentence


@require_POST
@never_cache
@missing_is_404
def turn_other_window(request: HttpRequest, code: str) -> HttpResponse:
    """Take the other window, or keep one's own."""
    turn, now = turn_of(code), clock.now()
    try:
        if request.POST.get("jawaban") == "ya":
            actions.agree_to_window(turn.id, actor="citizen", now=now)
            messages.success(request, _("Terima kasih. Giliran sudah dipindahkan."))
        else:
            actions.keep_window(turn.id, actor="citizen", now=now)
            messages.success(request, _("Baik, giliran Bapak/Ibu tetap pada jamnya."))
    except NotFound:
        messages.warning(request, _("Tawaran itu tidak berlaku lagi. Giliran Bapak/Ibu tetap."))
    except Refusal as refusal:
        messages.warning(request, sentence(refusal))
    return redirect("turn", turn.code)

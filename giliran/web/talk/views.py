"""The conversation for whoever has a browser: questions, buttons, and words of one's own."""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from giliran.conversations.actions import Speaker
from giliran.web.staff import remote_address
from giliran.web.talk import exchange

SESSION = "talk"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("kata")
def talk(request: HttpRequest) -> HttpResponse:
    """Show where the conversation stands, and take the next answer."""
    if request.method == "POST":
        if request.POST.get("langkah") == "akhiri":
            # On a shared telephone the next person sees nothing of this one.
            request.session.pop(SESSION, None)
            return redirect("talk")
        if SESSION not in request.session:
            request.session[SESSION] = secrets.token_urlsafe(24)
        response = redirect(f"{reverse('talk')}#sekarang")
        exchange.hear(request, _speaker(request), response)
        return response
    return render(request, "talk/talk.html", exchange.shown(_speaker(request)))


def _speaker(request: HttpRequest) -> Speaker:
    """Name the browser; without a session it has said nothing yet."""
    return Speaker(
        "web",
        request.session.get(SESSION, ""),
        language=exchange.language(),
        address=remote_address(request),
        site=request.build_absolute_uri("/"),
    )

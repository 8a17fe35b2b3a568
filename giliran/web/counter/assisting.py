"""The clerk's part: the same conversation for a person without a telephone, and their paper."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from giliran import clock
from giliran.conversations import actions, queries
from giliran.conversations.actions import Speaker
from giliran.core.refusal import BadInput, NotFound
from giliran.web.counter.inbox import UNREADABLE, frame
from giliran.web.refusals import sentence
from giliran.web.staff import DOOR, at_office
from giliran.web.talk import exchange


@at_office(*DOOR)
@require_POST
def assist(request: HttpRequest, office: Any) -> HttpResponse:
    """Begin to speak for somebody who agreed to it."""
    try:
        key = actions.assist(
            office.id,
            officer_id=int(request.user.pk or 0),
            has_consent=request.POST.get("setuju") == "1",
            language=exchange.language(),
            now=clock.now(),
        )
    except BadInput as refusal:
        context = {**frame(request, office), "wrong": sentence(refusal)}
        return render(request, "staff/assist.html", context, status=UNREADABLE)
    return redirect("assisted", office.slug, key)


@at_office(*DOOR)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("kata")
def assisted(request: HttpRequest, office: Any, key: str) -> HttpResponse:
    """Hold the conversation for somebody."""
    found = _found(request, office, key)
    officer_id = int(request.user.pk or 0)
    speaker = Speaker(
        "clerk",
        key,
        officer_id=officer_id,
        language=exchange.language(),
        site=request.build_absolute_uri("/"),
    )
    if request.method == "POST":
        response = redirect(f"{reverse('assisted', args=[office.slug, key])}#sekarang")
        exchange.hear(request, speaker, response)
        return response
    shown = exchange.shown(speaker)
    if not shown["turns"]:
        shown["asked"] = queries.opening(speaker.language)
    has_paper = bool(found.turns or found.applications or found.handed or found.complaints)
    context = {**frame(request, office), **shown, "talk_key": key, "has_paper": has_paper}
    return render(request, "staff/assisted.html", context)


@at_office(*DOOR)
@require_safe
@never_cache
def paper(request: HttpRequest, office: Any, key: str) -> HttpResponse:
    """Show what the person takes home: every code with its date, to be printed."""
    found = _found(request, office, key)
    context = {**frame(request, office), "found": found, "talk_key": key}
    return render(request, "staff/assisted_paper.html", context)


def _found(request: HttpRequest, office: Any, key: str) -> queries.Assisted:
    """Return a conversation that this officer began; another's is as if it weren't there."""
    try:
        return queries.assisted(key, officer_id=int(request.user.pk or 0), office=office)
    except NotFound as refusal:
        raise Http404 from refusal

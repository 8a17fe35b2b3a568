"""Writing down a complaint for somebody at the door, the booth or on the telephone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from giliran import clock
from giliran.core.refusal import BadInput, NotFound
from giliran.offices import queries as offices
from giliran.voices import actions as voices
from giliran.voices import complaints
from giliran.voices.categories import categories
from giliran.web.citizen.complaint_form import (
    ANONYMOUS,
    PROTECTED,
    WAYS,
    Checked,
    Stated,
    check,
    read,
)
from giliran.web.citizen.complaint_page import complaint_of, on_paper, photo_limits
from giliran.web.citizen.complaint_photos import FIELD, attach_all
from giliran.web.citizen.missing import missing_is_404
from giliran.web.refusals import sentence
from giliran.web.staff import DOOR, actor, at_office, may_open_at

UNREADABLE = 422
HEARS: Mapping[str, str] = {
    "clerk": gettext_noop("Ada di sini"),
    "phone": gettext_noop("Di telepon"),
}


@at_office(*DOOR)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
def take(request: HttpRequest, office: Any) -> HttpResponse:
    """Take a complaint in somebody's own words and give its receipt at once."""
    if request.method != "POST":
        return _form(request, office, replace(read(request.GET), office=office.slug))
    stated = read(request.POST)
    found, wrong = check(stated)
    if stated.key is None:  # no page of ours sent it; what was typed stays
        stated = replace(stated, form=str(uuid4()))
        return _form(request, office, stated, wrong, status=UNREADABLE)
    if wrong:
        return _form(request, office, stated, wrong, status=UNREADABLE)
    try:
        view = _complain(request, stated, found)
    except BadInput as refusal:
        wrong = {refusal.field: sentence(refusal)}
        return _form(request, office, stated, wrong, status=UNREADABLE)
    for said in attach_all(request.FILES.getlist(FIELD), view.code, actor=actor(request)):
        messages.warning(request, said)
    return redirect("staff_complaint_receipt", office.slug, view.code)


def _complain(request: HttpRequest, stated: Stated, found: Checked) -> complaints.View:
    if stated.key is None:
        raise NotFound
    return voices.complain(
        request_key=stated.key,
        channel=_heard(request),
        is_anonymous=stated.way == ANONYMOUS,
        is_protected=stated.way == PROTECTED,
        is_proxy=stated.is_proxy,
        language=get_language() or "id",
        actor=actor(request),
        now=clock.now(),
        **found._asdict(),
    )


def _heard(request: HttpRequest) -> str:
    asked = request.POST.get("lewat", "") or request.GET.get("lewat", "")
    return asked if asked in HEARS else "clerk"


def _form(
    request: HttpRequest,
    office: Any,
    stated: Stated,
    wrong: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    known = {
        "office": office,
        "may": may_open_at(int(request.user.pk or 0), office),
        "stated": stated,
        "offices": offices.offices(),
        "categories": categories(),
        "ways": [(code, name, hint) for code, (name, hint) in WAYS.items()],
        "hears": list(HEARS.items()),
        "heard": _heard(request),
        "wrong": wrong or {},
        **photo_limits(),
    }
    return render(request, "staff/complaint_new.html", known, status=status)


@at_office(*DOOR)
@require_safe
@never_cache
@missing_is_404
def receipt(request: HttpRequest, office: Any, code: str) -> HttpResponse:
    """Show the receipt, to print or to read out."""
    known = on_paper(request, complaint_of(request, code)) | {
        "office": office,
        "may": may_open_at(int(request.user.pk or 0), office),
    }
    return render(request, "staff/complaint_receipt.html", known)

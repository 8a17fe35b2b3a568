"""Complaining on one page, without an account: what happened, a look at it, the receipt at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from giliran import clock
from giliran.core.identifiers import BadCode, parse_code
from giliran.core.refusal import BadInput, NotFound, Refusal
from giliran.offices import queries as offices
from giliran.voices import actions as voices
from giliran.voices import complaints
from giliran.voices.categories import categories
from giliran.voices.floods import check_flood
from giliran.web.citizen.claim_upload import small_enough
from giliran.web.citizen.complaint_form import (
    ANONYMOUS,
    PROTECTED,
    WAYS,
    Checked,
    Stated,
    check,
    read,
)
from giliran.web.citizen.complaint_page import photo_limits
from giliran.web.citizen.complaint_photos import FIELD, attach_all
from giliran.web.citizen.missing import missing_is_404
from giliran.web.citizen.takeaway import qr_svg
from giliran.web.citizen.turn import unlisted
from giliran.web.refusals import sentence
from giliran.web.staff import remote_address

UNREADABLE, MISSING, CONFLICT = 422, 404, 409


@small_enough
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
def complain(request: HttpRequest) -> HttpResponse:
    """Ask what happened, show it once more, take it and lead to its receipt."""
    if request.method != "POST":
        return _form(request, read(request.GET))
    stated = read(request.POST)
    found, wrong = check(stated)
    wrong |= _tried(request, stated, is_wrong="kode" in wrong)
    if wrong or request.POST.get("langkah") == "ubah":
        return _form(request, stated, wrong, status=UNREADABLE if wrong else 200)
    if request.POST.get("langkah") != "kirim" or stated.key is None:
        return _check(request, stated, found)
    try:
        code = _take(request, stated, found)
    except BadInput as refusal:
        return _form(request, stated, {refusal.field: sentence(refusal)}, status=UNREADABLE)
    except Refusal as refusal:
        return _form(request, stated, {"text": sentence(refusal)}, status=CONFLICT)
    again = _("Tambahkan di halaman aduan.")
    for said in attach_all(request.FILES.getlist(FIELD), code):
        messages.warning(request, f"{said} {again}")
    return redirect("complaint_receipt", code)


def _tried(request: HttpRequest, stated: Stated, *, is_wrong: bool) -> dict[str, str]:
    """Return what to say to who tries out, one after another, codes of turns and claims."""
    try:
        if stated.code:
            complaints.try_code(remote_address(request), is_wrong=is_wrong, now=clock.now())
    except Refusal as refusal:
        return {"kode": sentence(refusal)}
    return {}


def _take(request: HttpRequest, stated: Stated, found: Checked) -> str:
    if stated.key is None:
        raise NotFound
    check_flood(remote_address(request), now=clock.now())
    view = voices.complain(
        request_key=stated.key,
        channel=stated.channel,
        is_anonymous=stated.way == ANONYMOUS,
        is_protected=stated.way == PROTECTED,
        is_proxy=stated.is_proxy,
        language=get_language() or "id",
        now=clock.now(),
        **found._asdict(),
    )
    return view.code


def _form(
    request: HttpRequest, stated: Stated, wrong: dict[str, str] | None = None, *, status: int = 200
) -> HttpResponse:
    known = {
        "stated": stated,
        "offices": offices.offices(),
        "categories": categories(),
        "ways": [(code, name, hint) for code, (name, hint) in WAYS.items()],
        "wrong": wrong or {},
    }
    return render(request, "citizen/complaint_form.html", known, status=status)


def _check(request: HttpRequest, stated: Stated, found: Checked) -> HttpResponse:
    known = {
        "stated": stated,
        "found": found,
        "category": dict(categories())[found.category],
        "way": WAYS[stated.way],
        "is_anonymous": stated.way == ANONYMOUS,
        **photo_limits(),
    }
    return unlisted(render(request, "citizen/complaint_check.html", known))


@require_safe
@never_cache
def complaint_find(request: HttpRequest) -> HttpResponse:
    """Find a complaint by the code of its receipt."""
    typed, wrong, status = request.GET.get("kode", "")[:80], {}, 200
    if "kode" in request.GET:
        try:
            found = complaints.view(
                parse_code(typed), address=remote_address(request), now=clock.now()
            )
        except BadCode as refusal:
            wrong, status = {"kode": sentence(refusal)}, UNREADABLE
        except complaints.TooManyWrongCodes as refusal:
            wrong, status = {"kode": sentence(refusal)}, CONFLICT
        except Refusal as refusal:
            wrong, status = {"kode": sentence(refusal)}, MISSING
        else:
            return redirect("complaint", found.code)
    known = {"typed": typed, "wrong": wrong}
    return unlisted(render(request, "citizen/complaint_find.html", known, status=status))


@require_safe
@missing_is_404
def complaint_poster(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what hangs at an office's door: where to complain, to scan or to type."""
    office = offices.office(slug)
    here = request.build_absolute_uri(reverse("complain"))
    known: dict[str, Any] = {
        "office": office,
        "address": here.partition("://")[2],
        "qr": qr_svg(f"{here}?kantor={office.slug}&dari=pintu", _("Kode QR halaman pengaduan")),
    }
    return render(request, "citizen/complaint_poster.html", known)

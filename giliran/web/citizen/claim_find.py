"""Finding a claim again: its code and the claimant's birth date, and once in a while the NIK."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from giliran import clock
from giliran.claims import actions as claims
from giliran.claims import queries
from giliran.claims.refusals import NikDiffers, NotYours, TooManyLooks
from giliran.core.identifiers import parse_code, parse_nik
from giliran.core.refusal import BadInput
from giliran.web.citizen.claim_begin_form import Begun, read
from giliran.web.citizen.claim_open import (
    forget,
    level,
    opened,
    remember_begun,
    remember_known,
)
from giliran.web.citizen.turn import unlisted
from giliran.web.refusals import sentence
from giliran.web.staff import remote_address

UNREADABLE, CONFLICT = 422, 409


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def claim_find(request: HttpRequest) -> HttpResponse:
    """Ask for a claim's code and the birth date, or let a new claim begin."""
    if request.method != "POST":
        typed = request.GET.get("kode", "")[:40]
        return _find_page(request, typed, Begun())
    typed, begun = request.POST.get("kode", "")[:80], read(request.POST)
    code, wrong = "", {}
    try:
        code = parse_code(typed)
    except BadInput as refusal:
        wrong["kode"] = sentence(refusal)
    try:
        birth = claims.parse_birth(begun.birth)
    except BadInput as refusal:
        wrong["birth"] = sentence(refusal)
    if wrong:
        return _find_page(request, typed, begun, wrong, status=UNREADABLE)
    try:
        queries.tracked(code, birth, address=remote_address(request), now=clock.now())
    except NotYours as refusal:
        wrong = {"kode": sentence(refusal)}
        return _find_page(request, typed, begun, wrong, status=UNREADABLE)
    except TooManyLooks as refusal:
        return _find_page(request, typed, begun, {"kode": sentence(refusal)}, status=CONFLICT)
    remember_known(request, code)
    return redirect("claim", code)


def _find_page(
    request: HttpRequest,
    typed: str,
    begun: Begun,
    wrong: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    known = {"typed": typed, "begun": begun, "wrong": wrong or {}}
    return unlisted(render(request, "citizen/claim_find.html", known, status=status))


@require_http_methods(["GET", "HEAD", "POST"])
@opened
def claim_prove(request: HttpRequest, claim: queries.ClaimView) -> HttpResponse:
    """Ask for the claimant's NIK once, before what would harm in wrong hands."""
    after = request.GET.get("lalu", "")
    # Without its slash it would be taken for the name of a page.
    if not (after.startswith("/") and url_has_allowed_host_and_scheme(after, allowed_hosts=None)):
        after = ""
    wrong, status = {}, 200
    if request.method == "POST":
        try:
            nik = parse_nik(request.POST.get("nik", ""))
            queries.prove(claim.id, nik, address=remote_address(request), now=clock.now())
        except BadInput as refusal:
            wrong, status = {"nik": sentence(refusal)}, UNREADABLE
        except (NikDiffers, TooManyLooks) as refusal:
            wrong, status = {"nik": sentence(refusal)}, CONFLICT
        else:
            remember_begun(request, claim.code)
            return redirect(after or "claim", *([] if after else [claim.code]))
    known = {"claim": claim, "wrong": wrong}
    return render(request, "citizen/claim_prove.html", known, status=status)


@require_POST
@opened
def claim_close(request: HttpRequest, claim: queries.ClaimView) -> HttpResponse:
    """Close the claim at this phone: whoever comes next types code and birth date."""
    if level(request, claim.code):
        forget(request, claim.code)
    messages.success(request, _("Halaman klaim sudah ditutup di perangkat ini."))
    return redirect("claim_find")

"""Sending a paper's photos: whole, by a plain form, or in pieces that a bad line can't lose."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from giliran import clock
from giliran.claims import actions as claims
from giliran.claims import documents, queries
from giliran.core.refusal import BadInput, NotFound, Refusal
from giliran.web.bodies import LARGEST, MEGABYTE
from giliran.web.citizen.claim_lines import Line
from giliran.web.citizen.claim_open import opened
from giliran.web.citizen.claim_page import paper_of
from giliran.web.citizen.rights_talk import today
from giliran.web.refusals import sentence

UNREADABLE, CONFLICT, TOO_LARGE = 422, 409, 413
FIELD = "document"


def small_enough(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse a body by its announced length before any of it is read, the CSRF token included."""
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
            known = {"largest": _largest() // MEGABYTE, "back": request.path}
            return render(request, "citizen/claim_too_large.html", known, status=TOO_LARGE)
        return protected(request, *args, **kwargs)

    answered.refuses_large_bodies = True  # type: ignore[attr-defined]
    return answered


@small_enough
@require_http_methods(["GET", "HEAD", "POST"])
@opened
def claim_paper(request: HttpRequest, claim: queries.ClaimView, paper_id: int) -> HttpResponse:
    """Ask for one paper: why, where to get it, and its photos."""
    line = paper_of(claim, paper_id)
    if request.method != "POST":
        return _paper_page(request, claim, line)
    files = request.FILES.getlist(FIELD)
    if not any(files):
        wrong = _("Pilih dulu foto atau PDF yang mau dikirim.")
        return _paper_page(request, claim, line, wrong, status=UNREADABLE)
    insists = request.POST.get("insist") == "1"
    for file in files:
        try:
            documents.keep(
                line.id,
                file.read(_largest() + 1),
                name=file.name or "",
                insists=insists,
                actor="citizen",
                now=clock.now(),
            )
        except NotFound:
            raise
        except Refusal as refusal:
            return _paper_page(request, claim, line, refusal, status=UNREADABLE)
    return redirect(_after(claim, line))


def _after(claim: queries.ClaimView, line: Line) -> str:
    return f"{reverse('claim', args=[claim.code])}?terkirim={line.id}"


def _paper_page(
    request: HttpRequest,
    claim: queries.ClaimView,
    line: Line,
    refused: Refusal | str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    wrong = refused if isinstance(refused, str) else sentence(refused)
    known = {
        "claim": claim,
        "line": line,
        "can_change": line.view.state not in {"good", "seen", "waived"},
        "wrong": {FIELD: wrong} if wrong else {},
        "after": _after(claim, line),
        "may_insist": isinstance(refused, documents.HardToRead),
        "largest": _largest(),
        "largest_mb": _largest() // MEGABYTE,
    }
    return render(request, "citizen/claim_paper.html", known, status=status)


def _largest() -> int:
    return documents.largest_bytes(today())


@require_http_methods(["POST", "PUT"])
@opened
def claim_pieces(request: HttpRequest, claim: queries.ClaimView, paper_id: int) -> HttpResponse:
    """Announce a file (POST), then take its pieces (PUT); each answer says how much is here.

    409 means that a piece began elsewhere than where the last one ended; 422 that the file is
    refused, with a sentence and whether its sender may insist.
    """
    line = paper_of(claim, paper_id)
    try:
        if request.method == "POST":
            return JsonResponse({"received": _begin(request, line), "is_kept": False})
        token, at = UUID(request.GET.get("token", "")), int(request.GET.get("at", ""))
    except ValueError:
        return _no(_("Kiriman ini tidak terbaca. Muat ulang halaman, lalu kirim lagi."))
    except BadInput as refusal:
        return _no(sentence(refusal))
    try:
        received = documents.add_piece(
            token,
            at=at,
            piece=request.read(documents.LARGEST_PIECE + 1),
            insists=request.GET.get("insist") == "1",
            paper_id=line.id,
            actor="citizen",
            now=clock.now(),
        )
    except documents.UploadOutOfStep as refusal:
        return JsonResponse({"received": refusal.received, "is_kept": False}, status=CONFLICT)
    except NotFound:
        raise
    except Refusal as refusal:
        return _no(sentence(refusal), may_insist=isinstance(refusal, documents.HardToRead))
    is_kept = documents.document_of(token) is not None
    return JsonResponse({"received": received, "is_kept": is_kept})


def _begin(request: HttpRequest, line: Line) -> int:
    return documents.begin_upload(
        line.id,
        token=UUID(request.POST.get("token", "")),
        size=int(request.POST.get("size", "")),
        actor="citizen",
        now=clock.now(),
    )


def _no(text: str, *, may_insist: bool = False) -> JsonResponse:
    return JsonResponse({"sentence": text, "may_insist": may_insist}, status=UNREADABLE)


@require_POST
@opened
def claim_bring(request: HttpRequest, claim: queries.ClaimView, paper_id: int) -> HttpResponse:
    """Note that a paper can't be sent and will be shown at the counter."""
    line = paper_of(claim, paper_id)
    try:
        claims.bring_paper(line.id, actor="citizen", now=clock.now())
    except NotFound:
        raise
    except Refusal as refusal:
        messages.warning(request, sentence(refusal))
    else:
        messages.success(request, _("Tercatat: %(paper)s dibawa ke kantor.") % {"paper": line.name})
    return redirect("claim", claim.code)


@require_POST
@opened
def claim_remove(
    request: HttpRequest, claim: queries.ClaimView, paper_id: int, document_id: int
) -> HttpResponse:
    """Take back a photo that was sent, before an officer accepted it."""
    line = paper_of(claim, paper_id)
    if document_id not in {one.id for one in line.view.documents}:
        raise NotFound
    try:
        documents.remove(document_id, actor="citizen", now=clock.now())
    except NotFound:
        raise
    except Refusal as refusal:
        messages.warning(request, sentence(refusal))
    else:
        messages.success(request, _("Foto itu sudah dihapus."))
    return redirect("claim_paper", claim.code, line.id)

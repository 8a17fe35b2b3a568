"""Photos with a complaint: sent by a plain form, looked at and taken back by who has the code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from giliran import clock
from giliran.claims import documents
from giliran.core.refusal import NotFound, Refusal
from giliran.voices import actions as voices
from giliran.voices import attachments, complaints
from giliran.web.citizen.claim_upload import small_enough
from giliran.web.citizen.complaint_page import complaint_of, show, too_many
from giliran.web.citizen.missing import missing_is_404
from giliran.web.citizen.turn import unlisted
from giliran.web.refusals import sentence
from giliran.web.strangers import shown_alone

UNREADABLE = 422
FIELD = "foto"


def attach_all(
    files: Iterable[UploadedFile[Any]], code: str, *, actor: str = "citizen"
) -> list[str]:
    """Keep photos with a complaint; returns a sentence for each that couldn't be kept.

    What was said is worth more than how it was shown: a photo that fails undoes nothing.
    """
    refused = []
    for number, file in enumerate(list(files)[: attachments.MOST_FILES + 1], start=1):
        try:
            voices.attach(code, file, actor=actor, now=clock.now())
        except Refusal as refusal:
            refused.append(
                _("Foto atau PDF ke-%(n)s tidak tersimpan. %(why)s")
                % {"n": number, "why": sentence(refusal)}
            )
    return refused


@small_enough
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@missing_is_404
def complaint_photos(request: HttpRequest, code: str) -> HttpResponse:
    """Keep photos that are sent afterwards, or take one back."""
    try:
        found = complaint_of(request, code)
    except complaints.TooManyWrongCodes as refusal:
        return too_many(request, refusal)
    if request.method != "POST":
        return redirect("complaint", found.code)
    if request.POST.get("langkah") == "hapus":
        return _take_back(request, found)
    files = [one for one in request.FILES.getlist(FIELD) if one]
    if not files:
        wrong = {FIELD: _("Pilih dulu foto atau PDF yang mau dikirim.")}
        return show(request, found, wrong, status=UNREADABLE)
    refused = attach_all(files, found.code)
    if refused:
        return show(request, found, {FIELD: " ".join(refused)}, status=UNREADABLE)
    messages.success(request, _("Foto sudah ditambahkan."))
    return redirect("complaint", found.code)


def _take_back(request: HttpRequest, found: complaints.View) -> HttpResponse:
    number = request.POST.get("lampiran", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):  # noqa: PLR2004
        raise NotFound
    try:
        voices.detach(found.code, int(number), now=clock.now())
    except Refusal as refusal:
        messages.warning(request, sentence(refusal))
    else:
        messages.success(request, _("Foto itu sudah dihapus."))
    return redirect("complaint", found.code)


@require_safe
@never_cache
@missing_is_404
def complaint_photo(request: HttpRequest, code: str, attachment_id: int) -> HttpResponse:
    """Show one photo to who has the complaint's code."""
    try:
        found = complaint_of(request, code)
    except complaints.TooManyWrongCodes as refusal:
        return too_many(request, refusal)
    try:
        kind, content = attachments.content(attachment_id, complaint_id=found.id)
    except documents.DocumentLost as refusal:
        raise NotFound from refusal
    return unlisted(shown_alone(kind, content, name=f"aduan-{attachment_id}"))

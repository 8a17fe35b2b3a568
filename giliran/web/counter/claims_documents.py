"""A claim's documents at the desk: shown one at a time, each look kept, and taken in in pieces."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from giliran.claims import documents, queries
from giliran.core.refusal import BadInput, NotFound, Refusal
from giliran.web.counter.claims_intake import hand_in as send_to_check
from giliran.web.counter.claims_reach import READ, WORK, Asked, of_region
from giliran.web.counter.claims_words import told
from giliran.web.staff import actor
from giliran.web.strangers import shown_alone

UNREADABLE, CONFLICT = 422, 409


@require_safe
@never_cache
@of_region(*READ)
def document(asked: Asked, document_id: int) -> HttpResponse:
    """Show one document of the claim in the browser; the look is kept."""
    mine = {one.id for paper in queries.papers(asked.claim.id) for one in paper.documents}
    if document_id not in mine:
        raise Http404
    try:
        kind, content = documents.content(document_id)
    except Refusal as refusal:
        raise Http404 from refusal
    asked.looks("document")
    return shown_alone(kind, content, name=f"{asked.claim.code}-{document_id}")


@require_POST
@never_cache
@of_region(*WORK)
def piece(asked: Asked, paper_id: int) -> JsonResponse:
    """Take one piece of a scan: ``token``, ``size``, ``at`` in the address, bytes as the body.

    Without a body it says how much is here already, so that the browser goes on from there.
    """
    sent = asked.request.GET
    if paper_id not in {one.id for one in queries.papers(asked.claim.id)}:
        raise Http404
    try:
        token, size, at = UUID(sent["token"]), int(sent["size"]), int(sent.get("at", "0"))
    except (KeyError, ValueError):
        return JsonResponse({"refused": told(NotFound())}, status=400)
    body, insists, by = asked.request.body, sent.get("insist") == "1", actor(asked.request)
    try:
        received = 0
        if not insists:
            received = documents.begin_upload(
                paper_id, token=token, size=size, actor=by, now=asked.now
            )
        if body or insists:
            received = documents.add_piece(
                token,
                at=at,
                piece=body,
                insists=insists,
                paper_id=paper_id,
                actor=by,
                now=asked.now,
            )
    except documents.UploadOutOfStep as refusal:
        return JsonResponse({"received": refusal.received}, status=CONFLICT)
    except BadInput as refusal:
        may_insist = isinstance(refusal, documents.HardToRead)
        answer = {"refused": told(refusal), "may_insist": may_insist}
        return JsonResponse(answer, status=UNREADABLE)
    except Refusal as refusal:
        status = 404 if isinstance(refusal, NotFound) else UNREADABLE
        return JsonResponse({"refused": told(refusal)}, status=status)
    return JsonResponse({"received": received})


@require_POST
@never_cache
@of_region(*WORK)
def hand_in(asked: Asked) -> JsonResponse:
    """Send the file to the check once all scans are here; what is missing is said, not refused."""
    if asked.claim.state == "drafted":
        send_to_check(asked.request, asked.claim)
    return JsonResponse({"state": queries.claim(asked.claim.id).state})

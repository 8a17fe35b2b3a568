"""Taking a file for a paper, giving it out again, and taking it away."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import IO, Any

from django.db import connection, transaction
from django.db.models import Count, Sum

from giliran.claims.actions.moving import hold
from giliran.claims.documents import store
from giliran.claims.documents.checking import MEGABYTE, check_file, read_at_most
from giliran.claims.documents.comparing import IS_COMPARED, compared, host_of
from giliran.claims.documents.refusals import (
    NotNow,
    PaperAlreadyChecked,
    PaperNotOpen,
    TooManyFiles,
    TooManyToday,
    TooMuchForClaim,
)
from giliran.claims.files import DocumentView
from giliran.claims.inspection.refusals import FileRefused
from giliran.claims.models import Claim, Document, Paper
from giliran.claims.queries import law
from giliran.core.claim import Move, sources
from giliran.core.refusal import NotFound
from giliran.journal.actions import record
from giliran.journal.queries import moments
from giliran.outbox import post

log = logging.getLogger(__name__)

MOST_FILES = 60  # of one claim: the longest checklist has 15 papers
MOST_MEGABYTES = 120  # of one claim
MOST_TODAY = 100  # tries of one claim in 24 hours, those refused among them
_OPEN = frozenset(sources(Move.FILL))
_CHECKED = frozenset({Paper.State.GOOD, Paper.State.SEEN, Paper.State.WAIVED})


def largest_bytes(day: date) -> int:
    """Return the most bytes that one file may have on a day (rule documents/upload)."""
    return int(law().on(day).value("documents/upload")["largest_megabytes"]) * MEGABYTE


def keep(
    paper_id: int,
    content: bytes | IO[bytes],
    *,
    name: str = "",
    insists: bool = False,
    actor: str,
    now: datetime,
) -> DocumentView:
    """Check a file, seal it, and keep it for a paper, which then counts as sent.

    ``name`` is what it was called: it proves nothing and isn't kept. The same file again for the
    same paper gives the document that is there. Raises a ``FileRefused`` that says what to do
    instead, ``PaperNotOpen`` or ``NotFound``; then nothing is kept. A ``HardToRead`` is only a
    machine's opinion: with ``insists`` the file is kept, and an officer sees the doubt.
    """
    raw = read_at_most(content, largest_bytes(now.date()))
    sha256 = hashlib.sha256(raw).hexdigest()
    paper = paper_of_open_claim(paper_id)
    before = _kept(paper_id, sha256)
    if before is not None:
        return before
    check_room(paper.claim_id, len(raw), now=now)
    try:
        seen, kept = check_file(raw, insists=insists)
    except NotNow:
        raise
    except FileRefused as refusal:
        record(
            "document.refused",
            at=now,
            actor=actor,
            office_id=paper.claim.office_id,
            subject_id=None,
            claim=paper.claim_id,
            paper=paper_id,
            reason=refusal.code,
        )
        raise
    try:
        with transaction.atomic():
            return _write(paper_id, sha256, kept, seen, actor=actor, now=now)
    except Exception:
        _let_go(sha256)
        raise


def paper_of_open_claim(paper_id: int) -> Paper:
    """Return a paper that may still be changed, with its claim.

    Raises ``PaperNotOpen``, ``PaperAlreadyChecked`` or ``NotFound``.
    """
    paper = Paper.objects.select_related("claim").filter(id=paper_id).first()
    if paper is None:
        raise NotFound
    if paper.claim.state not in _OPEN:
        raise PaperNotOpen
    if paper.state in _CHECKED:
        raise PaperAlreadyChecked
    return paper


def check_room(claim_id: int, size: int, *, now: datetime) -> None:
    """Raise ``TooManyFiles``, ``TooMuchForClaim`` or ``TooManyToday`` where a claim is full."""
    mine = Document.objects.filter(paper__claim_id=claim_id)
    held = mine.filter(removed_at=None).aggregate(files=Count("id"), bytes=Sum("size"))
    if held["files"] >= MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    if (held["bytes"] or 0) + size > MOST_MEGABYTES * MEGABYTE:
        raise TooMuchForClaim(most=MOST_MEGABYTES)
    yesterday = now - timedelta(days=1)
    tries = mine.filter(sent_at__gt=yesterday).count()
    if tries + len(moments("document.refused", after=yesterday, claim=claim_id)) >= MOST_TODAY:
        raise TooManyToday(most=MOST_TODAY)


def content(document_id: int) -> tuple[str, bytes]:
    """Return a document's media type and bytes; whoever shows it records the look.

    Raises ``NotFound``, or ``DocumentLost`` when the store hasn't got what was written.
    """
    found = Document.objects.filter(id=document_id, removed_at=None).first()
    if found is None:
        raise NotFound
    return found.kind, store.read(found.sha256, what=f"Document {document_id}")


def remove(document_id: int, *, actor: str, now: datetime) -> None:
    """Take a document away; a paper without one is missing again. A second time changes nothing.

    The row stays, so that it is known who sent it and who took it away. Raises ``PaperNotOpen``,
    ``PaperAlreadyChecked`` or ``NotFound``.
    """
    with transaction.atomic():
        found = Document.objects.filter(id=document_id).select_related("paper").first()
        if found is None:
            raise NotFound
        claim = hold(found.paper.claim_id)
        paper_of_open_claim(found.paper_id)
        if not Document.objects.filter(id=document_id, removed_at=None).update(removed_at=now):
            return
        if not Document.objects.filter(paper=found.paper_id, removed_at=None).exists():
            Paper.objects.filter(id=found.paper_id, state=Paper.State.SENT).update(
                state=Paper.State.MISSING
            )
        _note("removed", found, claim, actor=actor, now=now)
        transaction.on_commit(partial(store.drop_if_unused, found.sha256), robust=True)


def erase(before: date, *, now: datetime) -> int:
    """Erase the documents of claims that ended before a day; returns how many.

    Their rows stay without what a machine saw on them (UU 27/2022 Pasal 43).
    """
    ended = Document.objects.filter(paper__claim__ended_at__date__lt=before, removed_at=None)
    hashes = set(ended.values_list("sha256", flat=True))
    erased = ended.update(removed_at=now, findings={})
    for sha256 in hashes:
        transaction.on_commit(partial(store.drop_if_unused, sha256), robust=True)
    return erased


def _write(
    paper_id: int,
    sha256: str,
    kept: bytes,
    seen: Mapping[str, Any],
    *,
    actor: str,
    now: datetime,
) -> DocumentView:
    """Write file and row; with the claim held, so that two at once don't both find room."""
    claim = hold(Paper.objects.values_list("claim_id", flat=True).get(id=paper_id))
    paper = paper_of_open_claim(paper_id)
    before = _kept(paper_id, sha256)
    if before is not None:
        return before
    check_room(claim.id, len(kept), now=now)
    store.put(sha256, kept)
    document = Document.objects.create(
        paper_id=paper_id,
        sha256=sha256,
        size=len(kept),
        kind=seen["kind"],
        pages=seen["pages"],
        findings=_findings(seen, paper, claim),
        sent_at=now,
        sent_by=actor,
    )
    Paper.objects.filter(id=paper_id).update(state=Paper.State.SENT, fault="", fault_text="")
    _note("kept", document, claim, actor=actor, now=now)
    if paper.code in IS_COMPARED:
        post("documents.read", document_id=document.id)
    return _view(document)


def _findings(seen: Mapping[str, Any], paper: Paper, claim: Claim) -> dict[str, Any]:
    """Return what an officer may know at a glance: codes and figures, no word of what stands there.

    A QR code's text may hold a NIK: only whether it is the claimant's, and an address' host stay.
    """
    found: dict[str, Any] = {"faults": list(seen["doubts"]), "figures": seen["figures"]}
    found |= {key: seen[key] for key in ("insisted", "turned", "empty_pages") if seen.get(key)}
    if seen["codes"]:
        found["codes"] = [
            {"format": one["format"], "host": host_of(one["text"])} for one in seen["codes"]
        ]
        said = "\n".join(one["text"] for one in seen["codes"])
        found |= compared(said, paper, claim, is_whole=False)
        found["faults"] += ["nik_differs"] if found.get("nik") == "differs" else []
    return found


def _let_go(sha256: str) -> None:
    """Take a file away whose row wasn't written; what fails here is swept a day later."""
    try:
        if not connection.needs_rollback:
            store.drop_if_unused(sha256)
    except Exception:  # the trouble before this one is what has to be told
        log.exception("A file without a row stays until it is swept.")


def _kept(paper_id: int, sha256: str) -> DocumentView | None:
    found = Document.objects.filter(paper_id=paper_id, sha256=sha256, removed_at=None).first()
    return _view(found) if found else None


def _view(one: Document) -> DocumentView:
    return DocumentView(one.id, one.kind, one.size, one.pages, one.findings, one.sent_at)


def _note(what: str, document: Document, claim: Claim, *, actor: str, now: datetime) -> None:
    record(
        f"document.{what}",
        at=now,
        actor=actor,
        office_id=claim.office_id,
        subject_id=document.id,
        claim=claim.id,
        paper=document.paper_id,
        size=document.size,
    )

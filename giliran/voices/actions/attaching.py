"""Showing with a photo what a complaint says: sent, taken back, looked at, erased."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import IO, Any

from django.db import connection, transaction

from giliran.claims.documents import (
    FileRefused,
    NotNow,
    check_file,
    largest_bytes,
    read_at_most,
)
from giliran.core.complaint import Move, State, after
from giliran.core.refusal import NotFound
from giliran.journal.actions import record
from giliran.journal.queries import moments
from giliran.voices import access
from giliran.voices.actions.looking import note_look
from giliran.voices.actions.moving import hold
from giliran.voices.attachments import (
    MOST_FILES,
    AttachmentView,
    content,
    key_of,
    shelf,
    view_of,
)
from giliran.voices.complaints import find
from giliran.voices.models import Attachment, Complaint
from giliran.voices.refusals import TooManyAttachments, TooManyTries, UnknownComplaint

log = logging.getLogger(__name__)

MOST_TODAY = 20  # tries of one complaint in 24 hours, those refused among them


def attach(
    code: str, sent: bytes | IO[bytes], *, actor: str = "citizen", now: datetime
) -> AttachmentView:
    """Check a photo or PDF, seal it, and keep it with an open complaint; twice is once.

    It is written anew without place, time, camera or author. A dark or blurred one is kept: it
    shows what somebody saw, and nobody has to read a card on it. Raises a ``FileRefused`` that says
    what to do instead (``TooManyAttachments`` among them), ``UnknownComplaint`` or
    ``ComplaintMoveNotAllowed``; then nothing is kept.
    """
    raw = read_at_most(sent, largest_bytes(now.date()))
    complaint = find(code)
    if complaint is None:
        raise UnknownComplaint
    key = key_of(complaint.id, raw)
    before = Attachment.objects.filter(key=key).first()
    if before is not None:
        return view_of(before)
    _check_room(complaint, now=now)
    try:
        seen, kept = check_file(raw, insists=True, is_plain=True)
    except NotNow:
        raise
    except FileRefused as refusal:
        record(
            "complaint_file.refused",
            at=now,
            actor=actor,
            complaint=complaint.id,
            reason=refusal.code,
        )
        raise
    try:
        with transaction.atomic():
            return _write(complaint.id, key, kept, seen, actor=actor, now=now)
    except Exception:
        _let_go(key)
        raise


def _check_room(complaint: Complaint, *, now: datetime) -> None:
    after(State(complaint.state), Move.ADD)  # refuses what has ended
    if Attachment.objects.filter(complaint=complaint).count() >= MOST_FILES:
        raise TooManyAttachments(most=MOST_FILES)
    yesterday = now - timedelta(days=1)
    kinds = ("complaint_file.refused", "complaint_file.kept")
    tries = [moments(kind, after=yesterday, complaint=complaint.id) for kind in kinds]
    if sum(map(len, tries)) >= MOST_TODAY:
        raise TooManyTries(most=MOST_TODAY)


def _write(
    complaint_id: int,
    key: str,
    kept: bytes,
    seen: Mapping[str, Any],
    *,
    actor: str,
    now: datetime,
) -> AttachmentView:
    """Write file and row; with the complaint held, so that two at once don't both find room."""
    complaint = hold(complaint_id)
    before = Attachment.objects.filter(key=key).first()
    if before is not None:
        return view_of(before)
    _check_room(complaint, now=now)
    shelf.put(key, kept)
    one = Attachment.objects.create(
        complaint=complaint,
        key=key,
        kind=seen["kind"],
        size=len(kept),
        pages=seen["pages"],
        sent_at=now,
        sent_by=actor,
    )
    _note("kept", complaint, actor=actor, now=now)
    return view_of(one)


def _let_go(key: str) -> None:
    """Take a file away whose row wasn't written; what fails here is swept a day later."""
    try:
        if not connection.needs_rollback:
            _drop(key)
    except Exception:  # the trouble before this one is what has to be told
        log.exception("A file without a row stays until it is swept.")


def detach(code: str, attachment_id: int, *, actor: str = "citizen", now: datetime) -> None:
    """Let who complained take a photo back, while the complaint is open; twice is once.

    Raises ``UnknownComplaint`` or ``ComplaintMoveNotAllowed``.
    """
    known = find(code)
    if known is None:
        raise UnknownComplaint
    with transaction.atomic():
        complaint = hold(known.id)
        after(State(complaint.state), Move.ADD)
        found = Attachment.objects.filter(id=attachment_id, complaint=complaint).first()
        if found is None:
            return
        found.delete()
        _note("taken_back", complaint, actor=actor, now=now)
        transaction.on_commit(partial(_drop, found.key), robust=True)


def look_at_attachment(
    complaint_id: int, attachment_id: int, *, officer_id: int, now: datetime
) -> tuple[str, bytes]:
    """Return an attachment's media type and bytes to an officer who may see the complaint.

    Each look at a protected one is an event of its own, of others the first one of an officer.
    Raises ``NotFound`` (also for whom it is about) or ``DocumentLost``.
    """
    complaint = Complaint.objects.filter(id=complaint_id).first()
    if complaint is None or not access.may_see(access.reader(officer_id), complaint):
        raise NotFound
    found = content(attachment_id, complaint_id=complaint_id)
    note_look(
        complaint_id,
        what="attachment",
        is_each_kept=complaint.is_protected,
        officer_id=officer_id,
        office_id=complaint.office_id,
        now=now,
    )
    return found


def erase_attachments(complaint_ids: Collection[int]) -> None:
    """Erase files and rows of complaints, in the transaction that erases what was stated."""
    found = Attachment.objects.filter(complaint_id__in=complaint_ids)
    for key in found.values_list("key", flat=True):
        transaction.on_commit(partial(_drop, key), robust=True)
    found.delete()


def _drop(key: str) -> None:
    """Take a file away unless it was sent again meanwhile."""
    with transaction.atomic():
        shelf.lock(key)
        if not Attachment.objects.filter(key=key).exists():
            shelf.drop(key)


def _note(what: str, complaint: Complaint, *, actor: str, now: datetime) -> None:
    """Write that something was sent or taken back, and how many there are; nothing of it.

    Without the office: its history is read also by whom the complaint is about.
    """
    record(
        f"complaint_file.{what}",
        at=now,
        actor=actor,
        complaint=complaint.id,
        files=Attachment.objects.filter(complaint=complaint).count(),
    )

"""The one place where a complaint changes its state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from giliran.core.complaint import TO_ANSWER, Move, State, after
from giliran.core.refusal import NotFound, Refusal
from giliran.encryption import seal
from giliran.voices import access
from giliran.voices.access import Reader
from giliran.voices.complaints import due_of
from giliran.voices.models import Complaint, Remark
from giliran.voices.refusals import BadText, NotTheirs

LEAST_LETTERS = 10
MOST_LETTERS = 4000


def parse_text(text: str, *, least: int = LEAST_LETTERS, field: str = "text") -> str:
    """Return what somebody said, its lines kept and its ends trimmed. Raises ``BadText``."""
    lines = "".join(c for c in text.replace("\r\n", "\n") if c in "\n\t" or c.isprintable())
    clean = lines.strip()
    if not least <= len(clean) <= MOST_LETTERS:
        raise BadText(field, least=least, most=MOST_LETTERS)
    return clean


def hold(complaint_id: int) -> Complaint:
    """Return a complaint with its row locked until the transaction ends, or raise ``NotFound``."""
    found = Complaint.objects.select_for_update(no_key=True, of=("self",))
    known = found.select_related("office__region", "region", "turn", "claim")
    complaint = known.filter(id=complaint_id).first()
    if complaint is None:
        raise NotFound
    return complaint


def hold_for(complaint_id: int, officer_id: int) -> tuple[Complaint, Reader]:
    """Return a complaint locked for an officer who may handle it, and where they stand.

    Who may not see it is told that there is none: ``NotFound``. Raises ``NotTheirs`` for who may
    read but not handle it.
    """
    complaint, who = hold(complaint_id), access.reader(officer_id)
    if not access.may_see(who, complaint):
        raise NotFound
    if not access.may_handle(who, complaint):
        raise NotTheirs
    return complaint, who


def move(
    complaint: Complaint, move: Move, *, actor: str, now: datetime, **changes: Any
) -> Complaint:
    """Make one move of a complaint that ``hold`` locked, with these columns changed.

    The legal date is counted anew where one is owed. Raises ``ComplaintMoveNotAllowed``; then
    nothing has changed.
    """
    complaint.state = after(State(complaint.state), move)
    for column, value in changes.items():
        setattr(complaint, column, value)
    complaint.due_on = due_of(complaint).on if complaint.state in TO_ANSWER else None
    complaint.move, complaint.moved_at, complaint.moved_by = move, now, actor
    columns = {"state", "move", "moved_at", "moved_by", "due_on", *changes}
    complaint.save(update_fields=sorted(columns))
    return complaint


def say(
    complaint: Complaint, kind: str, text: str, *, request_key: UUID, actor: str, now: datetime
) -> None:
    """Keep what was said, sealed, in the transaction of the move that it belongs to."""
    Remark.objects.create(
        complaint=complaint,
        request_key=request_key,
        kind=kind,
        text_sealed=seal(text),
        at=now,
        by=actor,
    )


def once(request_key: UUID, complaint_id: int, act: Callable[[], Complaint]) -> Complaint:
    """Do something said under a key, or return the complaint as it is if that was done before.

    The same form sent twice, or at once, says it once. Raises what ``act`` raises.
    """
    if _was_said(request_key, complaint_id):
        return _fresh(complaint_id)
    try:
        with transaction.atomic():
            return act()
    except (IntegrityError, Refusal):
        # The double may have been quicker, and its move is why this one isn't allowed any more.
        if not _was_said(request_key, complaint_id):
            raise
        return _fresh(complaint_id)


def _was_said(request_key: UUID, complaint_id: int) -> bool:
    return Remark.objects.filter(request_key=request_key, complaint_id=complaint_id).exists()


def _fresh(complaint_id: int) -> Complaint:
    known = Complaint.objects.select_related("office__region", "region", "turn", "claim")
    return known.get(id=complaint_id)

"""Photos and PDFs with a complaint, as they lie there: which there are, and what stands in them.

They stand on a shelf apart from claims' documents, each complaint's under names of their own.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import NamedTuple

from giliran.claims.documents import Shelf
from giliran.core.refusal import NotFound
from giliran.encryption import blind_name
from giliran.voices.models import Attachment

MOST_FILES = 3  # of one complaint
shelf = Shelf("complaint attachments", folder="complaints/")


class AttachmentView(NamedTuple):
    """One photo or PDF; ``size`` in bytes. What it was called on the phone isn't kept."""

    id: int
    kind: str
    size: int
    pages: int
    sent_at: datetime


def attachments_of(complaint_id: int) -> list[AttachmentView]:
    """Return what was sent with a complaint, oldest first."""
    found = Attachment.objects.filter(complaint_id=complaint_id).order_by("id")
    return [view_of(one) for one in found]


def view_of(one: Attachment) -> AttachmentView:
    """Return an attachment as pages see it."""
    return AttachmentView(one.id, one.kind, one.size, one.pages, one.sent_at)


def content(attachment_id: int, *, complaint_id: int) -> tuple[str, bytes]:
    """Return an attachment's media type and bytes; whoever shows it to the staff records the look.

    Raises ``NotFound``, or ``DocumentLost`` when the store hasn't got what was written.
    """
    found = Attachment.objects.filter(id=attachment_id, complaint_id=complaint_id).first()
    if found is None:
        raise NotFound
    return found.kind, shelf.read(found.key, what=f"Attachment {attachment_id}")


def key_of(complaint_id: int, raw: bytes) -> str:
    """Return the name of a file with this complaint, from what was sent."""
    digest = hashlib.sha256(raw).hexdigest()
    return blind_name("attachment of a complaint", f"{complaint_id} {digest}")


def sweep(*, now: datetime) -> int:
    """Take away what no row stands for, a day after it was written; returns how many files."""
    kept = Attachment.objects.values_list("key", flat=True)
    return shelf.sweep(kept.iterator, now=now)

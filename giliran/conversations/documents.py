"""Files that people send: checked by their first bytes, kept sealed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from giliran.conversations import models
from giliran.conversations.refusals import (
    DocumentTooLarge,
    NotADocument,
    TooManyDocuments,
    TooManyFromHere,
)
from giliran.core.conversation import Document
from giliran.encryption import seal, unseal

LARGEST_BYTES = 6 * 1024 * 1024
A_DAY_AT_MOST = 20
FROM_AN_ADDRESS_A_DAY = 100
# What counters take, see rules/documents/upload.yaml; a name that came with a file proves nothing.
_BEGINNINGS: Mapping[str, bytes] = {
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "application/pdf": b"%PDF-",
}


def kind_of(content: bytes) -> str:
    """Return a file's media type by its first bytes.

    Raises ``NotADocument`` or ``DocumentTooLarge``.
    """
    if len(content) > LARGEST_BYTES:
        raise DocumentTooLarge
    for kind, beginning in _BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    raise NotADocument


def keep(talk: models.Conversation, sent: Document, *, now: datetime) -> models.Document:
    """Keep a file; the same file of the same conversation is kept once.

    Raises ``NotADocument``, ``DocumentTooLarge``, ``TooManyDocuments`` or ``TooManyFromHere``.
    """
    kind = kind_of(sent.content)
    sha256 = hashlib.sha256(sent.content).hexdigest()
    mine = models.Document.objects.filter(conversation=talk)
    before = mine.filter(sha256=sha256).first()
    if before is not None:
        return before
    today = models.Document.objects.filter(at__gt=now - timedelta(days=1))
    if today.filter(conversation=talk).count() >= A_DAY_AT_MOST:
        raise TooManyDocuments(most=A_DAY_AT_MOST)
    here = bytes(talk.address_index)
    near = today.filter(conversation__address_index=here)
    if here and near.count() >= FROM_AN_ADDRESS_A_DAY:
        raise TooManyFromHere
    return models.Document.objects.create(
        conversation=talk,
        kind=kind,
        size=len(sent.content),
        sha256=sha256,
        content_sealed=seal(base64.b64encode(sent.content).decode()),
        at=now,
    )


def content(document: models.Document) -> bytes:
    """Return a file as it was sent; whoever shows it records the look."""
    return base64.b64decode(unseal(document.content_sealed))

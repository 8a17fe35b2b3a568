"""A file on its way over a bad line: what has arrived stays, whichever process took it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from giliran.claims.actions.moving import hold
from giliran.claims.documents.checking import check_size
from giliran.claims.documents.keeping import (
    check_room,
    keep,
    largest_bytes,
    paper_of_open_claim,
)
from giliran.claims.documents.refusals import (
    NotNow,
    PieceTooLarge,
    TooManyUploads,
    UploadOutOfStep,
    UploadUnlikeAnnounced,
)
from giliran.claims.files import DocumentView
from giliran.claims.inspection.refusals import HardToRead
from giliran.claims.models import Document, Piece, Upload
from giliran.core.refusal import BadInput, NotFound
from giliran.encryption import seal_bytes, unseal_bytes

LARGEST_PIECE = 256 * 1024  # bytes: a minute on a line of 35 kbit/s
MOST_UPLOADS = 10  # of one claim on their way at once
_STALE = timedelta(days=1)


def begin_upload(paper_id: int, *, token: UUID, size: int, actor: str, now: datetime) -> int:
    """Announce a file of ``size`` bytes, or ask how far it got; returns the bytes received.

    What was received in full and not yet checked (a machine stopped) is checked now. Raises what
    ``keep`` raises, ``UploadUnlikeAnnounced`` or ``TooManyUploads``.
    """
    check_size(size, largest_bytes(now.date()))
    with transaction.atomic():
        claim = hold(paper_of_open_claim(paper_id).claim_id)
        upload = Upload.objects.filter(token=token).first()
        if upload is None:
            check_room(claim.id, size, now=now)
            # Refused as hard to read, and another photo is coming: nobody will insist any more.
            given_up = Upload.objects.filter(paper_id=paper_id, received=F("size"), document=None)
            given_up.delete()
            on_their_way = Upload.objects.filter(paper__claim=claim, received__lt=F("size"))
            if on_their_way.count() >= MOST_UPLOADS:
                raise TooManyUploads(most=MOST_UPLOADS)
            Upload.objects.create(
                token=token, paper_id=paper_id, size=size, begun_at=now, changed_at=now
            )
            return 0
        if (upload.paper_id, upload.size) != (paper_id, size):
            raise UploadUnlikeAnnounced
    if upload.received == size:
        _finish(token, insists=False, actor=actor, now=now)
    return upload.received


def add_piece(
    token: UUID,
    *,
    at: int,
    piece: bytes,
    insists: bool = False,
    paper_id: int | None = None,
    actor: str,
    now: datetime,
) -> int:
    """Take the piece that begins ``at`` bytes; returns the bytes received, now and before.

    A piece that is here already is taken for what it is. With the last one the file is checked and
    kept, or refused as ``keep`` does; after a ``HardToRead`` nothing need be sent again: an empty
    piece at the end with ``insists`` keeps it. With ``paper_id``, the upload is of that paper.
    Raises ``UploadOutOfStep`` with how far it got, ``UploadUnlikeAnnounced``, ``PieceTooLarge`` or
    ``NotFound``.
    """
    if len(piece) > LARGEST_PIECE:
        raise PieceTooLarge(most=LARGEST_PIECE // 1024)
    with transaction.atomic():
        upload = Upload.objects.select_for_update(no_key=True).filter(token=token).first()
        if upload is None or (paper_id is not None and upload.paper_id != paper_id):
            raise NotFound
        end = at + len(piece)
        if end > upload.size:
            raise UploadUnlikeAnnounced
        if end > upload.received:
            if at != upload.received:
                raise UploadOutOfStep(upload.received)
            sealed = seal_bytes(piece, about=_about(token, at))
            Piece.objects.create(upload=upload, at=at, sealed=sealed)
            upload.received, upload.changed_at = end, now
            upload.save(update_fields=["received", "changed_at"])
    if upload.received == upload.size:
        _finish(token, insists=insists, actor=actor, now=now)
    return upload.received


def document_of(token: UUID) -> DocumentView | None:
    """Return what came of an upload; None while it is on its way. Raises ``NotFound``."""
    upload = Upload.objects.select_related("document").filter(token=token).first()
    if upload is None:
        raise NotFound
    one = upload.document
    if one is None:
        return None
    return DocumentView(one.id, one.kind, one.size, one.pages, one.findings, one.sent_at)


def drop_stale(*, now: datetime) -> int:
    """Drop the uploads that nobody went on with for a day; returns how many."""
    stale = Upload.objects.filter(changed_at__lt=now - _STALE)
    count = stale.count()
    stale.delete()
    return count


def _finish(token: UUID, *, insists: bool, actor: str, now: datetime) -> None:
    """Check and keep what has arrived; of two at once, both keep the same document.

    What is refused is dropped, but for what somebody may insist on or try again.
    """
    upload = Upload.objects.filter(token=token).first()
    if upload is None:
        raise NotFound
    if upload.document_id is not None:
        return
    whole = b"".join(
        unseal_bytes(piece.sealed, about=_about(token, piece.at)) for piece in upload.pieces.all()
    )
    if len(whole) != upload.size:  # read while another request finished or dropped it
        if Upload.objects.filter(token=token).exclude(document=None).exists():
            return
        raise NotFound
    try:
        kept = keep(upload.paper_id, whole, insists=insists, actor=actor, now=now)
    except (HardToRead, NotNow):
        raise
    except BadInput:
        Upload.objects.filter(id=upload.id).delete()
        raise
    with transaction.atomic():
        # The row stays for a day: the phone may not have heard that it all arrived.
        Upload.objects.filter(id=upload.id).update(document=Document(id=kept.id), changed_at=now)
        Piece.objects.filter(upload=upload).delete()


def _about(token: UUID, at: int) -> bytes:
    return f"{token}/{at}".encode()

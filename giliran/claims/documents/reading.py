"""Reading the words on a photo, where tesseract with Indonesian is installed; it only helps."""

from __future__ import annotations

import shutil
import subprocess
from datetime import datetime

from django.db import transaction

from giliran.claims.documents import store
from giliran.claims.documents.comparing import compared, compared_zone
from giliran.claims.inspection.kinds import PDF
from giliran.claims.models import Document

_PROGRAM = "tesseract"
_LANGUAGE = "ind"
_SECONDS = 60


def read(document_id: int, *, now: datetime) -> bool:
    """Add to a document's findings what its words tell; returns whether they were read.

    The words themselves are kept nowhere. Nothing waits for this, and nothing is refused by it.
    """
    found = Document.objects.select_related("paper__claim__citizen", "paper__claim__claimant")
    document = found.filter(id=document_id, removed_at=None).exclude(kind=PDF).first()
    if document is None or not is_here():
        return False
    text = words(store.get(document.sha256))
    if not text.strip():
        return False
    claim = document.paper.claim
    told = compared(text, document.paper, claim, is_whole=True)
    told |= compared_zone(text, claim, now=now)
    with transaction.atomic():
        fresh = Document.objects.select_for_update(no_key=True).get(id=document_id)
        if fresh.removed_at is None:  # erased meanwhile: what was read is forgotten as well
            _add(fresh, told)
    return True


def is_here() -> bool:
    """Return whether tesseract and its Indonesian are installed."""
    if shutil.which(_PROGRAM) is None:
        return False
    listed = subprocess.run(
        [_PROGRAM, "--list-langs"], capture_output=True, timeout=_SECONDS, check=False
    )
    return _LANGUAGE in listed.stdout.decode(errors="replace").split()


def words(photo: bytes) -> str:
    """Return the words on a photo; nothing when tesseract gives up or takes over a minute."""
    try:
        done = subprocess.run(
            [_PROGRAM, "stdin", "stdout", "-l", _LANGUAGE],
            input=photo,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
        )
    except (subprocess.SubprocessError, OSError):
        return ""
    return done.stdout.decode(errors="replace")


def _add(document: Document, told: dict[str, str]) -> None:
    faults = list(document.findings.get("faults", []))
    faults += ["nik_differs"] if told.get("nik") == "differs" else []
    faults += ["expired"] if told.pop("expired", None) else []
    document.findings |= {**told, "read": True, "faults": list(dict.fromkeys(faults))}
    document.save(update_fields=["findings"])

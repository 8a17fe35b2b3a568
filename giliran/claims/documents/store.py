"""The shelf of claims' documents: the same content once, for as long as a row stands for it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from giliran.claims.documents.shelf import Shelf
from giliran.claims.models import Document

_shelf = Shelf("document names")
put, get, read = _shelf.put, _shelf.get, _shelf.read


def drop_if_unused(sha256: str) -> None:
    """Take a file away that no row stands for any more."""
    with transaction.atomic():
        _shelf.lock(sha256)
        if not Document.objects.filter(sha256=sha256, removed_at=None).exists():
            _shelf.drop(sha256)


def sweep(*, now: datetime) -> int:
    """Take away what no row stands for, a day after it was written; returns how many files.

    Such a file is left where a transaction was undone after it was written.
    """
    kept = Document.objects.filter(removed_at=None).values_list("sha256", flat=True)
    return _shelf.sweep(kept.distinct().iterator, now=now)

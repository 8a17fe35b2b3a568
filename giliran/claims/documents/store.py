"""Where documents lie: sealed, named so that names tell nothing, the same content once."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterator
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import connection, transaction

from giliran.claims.documents.refusals import StoreNotReached
from giliran.claims.models import Document
from giliran.encryption import blind_name, seal_bytes, unseal_bytes

log = logging.getLogger(__name__)

STORE = "documents"
_UNSURE = timedelta(days=1)  # a file may be older than the row that is just being written


def put(sha256: str, content: bytes) -> None:
    """Write a content that may be there already; within the transaction that writes its row.

    The lock is held until that transaction ends: nobody takes the file away meanwhile because the
    last row before this one went. Raises ``StoreNotReached``.
    """
    _lock(sha256)
    try:
        _write(sha256, content)
    except Exception as trouble:  # a full disk, a store elsewhere: each fails in its own way
        log.exception("The store of documents doesn't take a file.")
        raise StoreNotReached from trouble


def _write(sha256: str, content: bytes) -> None:
    store, name = _store(), _name(sha256)
    if store.exists(name):
        if _is_whole(sha256):
            return
        store.delete(name)  # the machine stopped while it was written
    saved = store.save(name, ContentFile(seal_bytes(content, about=sha256.encode())))
    if saved != name:
        store.delete(saved)
        raise OSError(f"The store of documents wrote {saved}, not {name}.")
    _settle(store, name)


def get(sha256: str) -> bytes:
    """Return a content; raises ``FileNotFoundError``, or ``InvalidTag`` if it was changed."""
    with _store().open(_name(sha256)) as file:
        return unseal_bytes(file.read(), about=sha256.encode())


def drop_if_unused(sha256: str) -> None:
    """Take a file away that no row stands for any more."""
    with transaction.atomic():
        _lock(sha256)
        if not Document.objects.filter(sha256=sha256, removed_at=None).exists():
            _store().delete(_name(sha256))


def sweep(*, now: datetime) -> int:
    """Take away what no row stands for, a day after it was written; returns how many files.

    Such a file is left where a transaction was undone after it was written. All names that are
    in use are held in memory: about 150 bytes for a document.
    """
    store = _store()
    in_use = {
        _name(sha256)
        for sha256 in Document.objects.filter(removed_at=None)
        .values_list("sha256", flat=True)
        .distinct()
        .iterator()
    }
    swept = 0
    for name in _names(store):
        if name not in in_use and store.get_modified_time(name) < now - _UNSURE:
            store.delete(name)
            swept += 1
    return swept


def _store() -> Storage:
    return storages[STORE]


def _name(sha256: str) -> str:
    name = blind_name("document names", sha256)
    return f"{name[:2]}/{name[2:]}"  # 256 folders: some file systems are slow with millions in one


def _names(store: Storage) -> Iterator[str]:
    try:
        folders, _ = store.listdir("")
    except FileNotFoundError:  # nothing was kept yet
        return
    for folder in folders:
        _, files = store.listdir(folder)
        yield from (f"{folder}/{file}" for file in files)


def _is_whole(sha256: str) -> bool:
    try:
        get(sha256)
    except (InvalidTag, ValueError):
        return False
    return True


def _settle(store: Storage, name: str) -> None:
    """Have the disk take it before the row commits; a store that is none has no path."""
    with contextlib.suppress(NotImplementedError, FileNotFoundError):
        file = os.open(store.path(name), os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def _lock(sha256: str) -> None:
    number = int.from_bytes(bytes.fromhex(sha256)[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])

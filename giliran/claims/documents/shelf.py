"""Where files lie: sealed, named so that names tell nothing, each kind on a shelf of its own."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from cryptography.exceptions import InvalidTag
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import connection, transaction

from giliran.claims.documents.refusals import DocumentLost, StoreNotReached
from giliran.encryption import blind_name, seal_bytes, unseal_bytes

log = logging.getLogger(__name__)

STORE = "documents"
_UNSURE = timedelta(days=1)  # a file may be older than the row that is just being written
_AT_ONCE = 100  # files to look at again before they are taken away
_OURS = re.compile(r"[0-9a-f]{2}")


class Shelf:
    """The files of one room, each under a key of hex digits; ``folder`` ends in a slash.

    Whoever sweeps one shelf neither sees nor takes what stands on another.
    """

    def __init__(self, purpose: str, *, folder: str = "") -> None:
        self._purpose, self._folder = purpose, folder

    def put(self, key: str, content: bytes) -> None:
        """Write a content that may be there already; within the transaction that writes its row.

        The lock is held until that transaction ends: nobody takes the file away meanwhile because
        the last row before this one went. Raises ``StoreNotReached``.
        """
        self.lock(key)
        try:
            self._write(key, content)
        except Exception as trouble:  # a full disk, a store elsewhere: each fails in its own way
            log.exception("The store of documents doesn't take a file.")
            raise StoreNotReached from trouble

    def get(self, key: str) -> bytes:
        """Return a content; raises ``FileNotFoundError``, or ``InvalidTag`` if it was changed."""
        with _store().open(self._name(key)) as file:
            return unseal_bytes(file.read(), about=key.encode())

    def read(self, key: str, *, what: str) -> bytes:
        """Return a content as ``get`` does, or raise ``DocumentLost``; ``what`` is for the log."""
        try:
            return self.get(key)
        except (OSError, InvalidTag, ValueError):
            log.exception("%s can't be opened.", what)
            raise DocumentLost from None

    def drop(self, key: str) -> None:
        """Take a file away; one that isn't there is no trouble."""
        _store().delete(self._name(key))

    def lock(self, key: str) -> None:
        """Wait until nobody else writes or drops this file; held until the transaction ends."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_number(self._name(key))])

    def sweep(self, keys_in_use: Callable[[], Iterable[str]], *, now: datetime) -> int:
        """Take away what no row stands for, a day after it was written; returns how many files.

        Asked twice is what is in use, the second time with the files held: who sends again what lay
        here without a row finds it, and keeps it. All names that are in use are held in memory:
        about 150 bytes for a file.
        """
        store, in_use = _store(), self._names_of(keys_in_use)
        swept = 0
        unused = (
            name
            for name in self._names(store)
            if name not in in_use and store.get_modified_time(name) < now - _UNSURE
        )
        while names := list(islice(unused, _AT_ONCE)):
            with transaction.atomic():
                held = [name for name in names if _is_held(name)]
                for name in set(held) - self._names_of(keys_in_use):
                    store.delete(name)
                    swept += 1
        return swept

    def _names_of(self, keys: Callable[[], Iterable[str]]) -> set[str]:
        return {self._name(key) for key in keys()}

    def _write(self, key: str, content: bytes) -> None:
        store, name = _store(), self._name(key)
        if store.exists(name):
            if self._is_whole(key):
                return
            store.delete(name)  # the machine stopped while it was written
        saved = store.save(name, ContentFile(seal_bytes(content, about=key.encode())))
        if saved != name:
            store.delete(saved)
            raise OSError(f"The store of documents wrote {saved}, not {name}.")
        _settle(store, name)

    def _is_whole(self, key: str) -> bool:
        try:
            self.get(key)
        except (InvalidTag, ValueError):
            return False
        return True

    def _name(self, key: str) -> str:
        name = blind_name(self._purpose, key)
        # 256 folders: some file systems are slow with millions in one
        return f"{self._folder}{name[:2]}/{name[2:]}"

    def _names(self, store: Storage) -> Iterator[str]:
        try:
            folders, _ = store.listdir(self._folder)
        except FileNotFoundError:  # nothing was kept yet
            return
        for folder in folders:
            if _OURS.fullmatch(folder):  # another shelf's folder has a longer name
                _, files = store.listdir(f"{self._folder}{folder}")
                yield from (f"{self._folder}{folder}/{file}" for file in files)


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


def _is_held(name: str) -> bool:
    """Hold a file that nobody else holds; what is being written now isn't waited for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_number(name)])
        return bool(cursor.fetchone()[0])


def _store() -> Storage:
    return storages[STORE]


def _settle(store: Storage, name: str) -> None:
    """Have the disk take it before the row commits; a store that is none has no path."""
    with contextlib.suppress(NotImplementedError, FileNotFoundError):
        file = os.open(store.path(name), os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)

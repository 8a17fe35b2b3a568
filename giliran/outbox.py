"""Up by post: ask for work in a higher room, in the same transaction as the change behind it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app


def post(name: str, /, *, key: str | None = None, **ids: Any) -> None:
    """Ask the worker to run job ``name`` with these ids (never a name or a phone).

    Written in the caller's transaction: if that rolls back, nothing was asked. ``key`` makes a
    second, still waiting request with the same key a no-op.
    """
    from procrastinate.exceptions import AlreadyEnqueued

    task = app.configure_task(name, queueing_lock=key, allow_unknown=False)
    if key is None:
        task.defer(**ids)
        return
    try:
        # A savepoint, or a request that is already there would undo the caller's change as well.
        with transaction.atomic():
            task.defer(**ids)
    except AlreadyEnqueued:
        return

"""Up by post: ask for work in a higher room, in the same transaction as the change behind it."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager

# Held until the caller commits, so that the worker doesn't begin before it can see the change.
_WAITING = """
SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo'
FOR KEY SHARE SKIP LOCKED
"""


def post(name: str, /, *, key: str | None = None, after_seconds: int = 0, **ids: Any) -> None:
    """Ask the worker to run job ``name`` with these ids (never a name or a phone).

    Written in the caller's transaction: if that rolls back, nothing was asked. ``key`` makes a
    second, still waiting request with the same key a no-op. ``after_seconds`` are real ones.
    """
    from procrastinate.exceptions import AlreadyEnqueued

    later = {"schedule_in": {"seconds": after_seconds}} if after_seconds else {}
    task = app.configure_task(name, queueing_lock=key, allow_unknown=False, **later)
    task.job_manager = _our_own()
    if key is None:
        task.defer(**ids)
        return
    if _is_waiting(key):
        return
    try:
        # A savepoint, or a request that is already there would undo the caller's change as well.
        with transaction.atomic():
            task.defer(**ids)
    except AlreadyEnqueued:
        return


@cache
def _our_own() -> JobManager:
    """Return who writes a request on Django's connection, where the caller's change is.

    A worker has the app itself write on connections of its own: asked there, a job began before
    the change was committed, found nothing, and a message lay for up to a minute.
    """
    return JobManager(DjangoConnector())


def _is_waiting(key: str) -> bool:
    """Return whether such a request waits already, which spares a savepoint and a refusal.

    One that a worker is just taking up doesn't count: it may not see the caller's change.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [key])
        return cursor.fetchone() is not None

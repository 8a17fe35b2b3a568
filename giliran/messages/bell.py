"""Waking the workers: one waiting job for each connection, however much it has to tell."""

from __future__ import annotations

from django.db import connection

from giliran.outbox import post


def ring(name: str) -> None:
    """Post job ``name`` in the caller's transaction, unless this connection's still waits.

    The key holds the connection's process id, so that two transactions never wait for each
    other's key. A waiting job is locked until we commit: nobody runs it before it can see our rows.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT pg_backend_pid(),
                   (SELECT id FROM procrastinate_jobs
                    WHERE queueing_lock = %s || '/' || pg_backend_pid() AND status = 'todo'
                    FOR UPDATE)
            """,
            [name],
        )
        pid, waits = cursor.fetchone()
    if waits is None:
        post(name, key=f"{name}/{pid}")

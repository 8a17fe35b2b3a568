"""Whether the processes that nobody looks at are alive: the worker and the live streams.

All is measured by the database's own clock. Processes live in real time, also where offices run on
a simulated clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from django.db import connection, transaction

WORKER_SILENT: Final = timedelta(minutes=2)
JOB_LATE: Final = timedelta(minutes=5)
LIVE_SILENT: Final = timedelta(minutes=2)
_ANSWERS_WITHIN_MS: Final = 2000

# A worker that stops takes its row away: then the last tick of its clockwork says when it lived.
# Of the jobs the next to be taken up are looked at; where those move, the rest will.
_PULSE: Final = """
SELECT now(),
    GREATEST((SELECT max(last_heartbeat) FROM procrastinate_workers),
             (SELECT to_timestamp(max(defer_timestamp)) FROM procrastinate_periodic_defers)),
    (SELECT min(due_at) FROM (
        SELECT COALESCE(j.scheduled_at, (SELECT min(e.at) FROM procrastinate_events e
                                         WHERE e.job_id = j.id AND e.type = 'deferred')) AS due_at
        FROM procrastinate_jobs j
        WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= now())
        ORDER BY j.priority DESC, j.id LIMIT 20) next),
    (SELECT seen_at FROM figures_pulse WHERE name = 'live')
"""


class Life(StrEnum):
    """Of a process: never seen, silent for too long, alive but behind with its work, or well."""

    NEVER = "never"
    SILENT = "silent"
    LATE = "late"
    OK = "ok"


class Pulse(NamedTuple):
    """When each was last alive, and since when the oldest due job waits; real moments."""

    at: datetime
    worker_seen_at: datetime | None
    job_due_at: datetime | None
    live_seen_at: datetime | None

    @property
    def worker(self) -> Life:
        late = self.job_due_at is not None and self.at - self.job_due_at > JOB_LATE
        life = self._life(self.worker_seen_at, WORKER_SILENT)
        return Life.LATE if late and life is not Life.SILENT else life

    @property
    def live(self) -> Life:
        return self._life(self.live_seen_at, LIVE_SILENT)

    @property
    def worker_stands_since(self) -> datetime | None:
        """Return since when work lies undone; None: it doesn't, or nobody ever worked."""
        if self.worker is Life.SILENT:
            return self.worker_seen_at
        return self.job_due_at if self.worker is Life.LATE else None

    def _life(self, seen_at: datetime | None, silent: timedelta) -> Life:
        if seen_at is None:
            return Life.NEVER
        return Life.SILENT if self.at - seen_at > silent else Life.OK


def pulse() -> Pulse:
    """Ask the database; raises django.db.Error where it doesn't answer within two seconds."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {_ANSWERS_WITHIN_MS}")
        cursor.execute(_PULSE)
        return Pulse(*cursor.fetchone())

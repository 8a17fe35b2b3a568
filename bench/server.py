"""A giliran of its own for a bench: a fresh database, and the servers as `giliran serve` has them.

Django in this process points at the same database, so that a bench prepares and counts with the
models. The simulated clock stands at a Monday morning and runs at its usual pace.
"""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import psutil

from bench.database import database
from bench.measure import free_port

MONDAY_MORNING = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)  # 08.30 WIB
WORKERS = 2
THREADS = 8
CONNECTIONS = WORKERS * THREADS
"""To PostgreSQL: one for each thread of `giliran serve` with its defaults."""


@dataclass
class Running:
    port: int
    database_url: str
    postmaster: int
    """Process id of PostgreSQL's first process."""

    def cpu_seconds(self) -> dict[str, float]:
        """Return how much processor time Python and PostgreSQL have used so far."""
        web = [
            process
            for process in psutil.Process().children(recursive=True)
            if "giliran.wsgi:application" in process.cmdline()
        ]
        postmaster = psutil.Process(self.postmaster)
        ended = postmaster.cpu_times()
        database = [*postmaster.children(recursive=True), postmaster]
        return {
            "python": sum(used(process) for process in web),
            "postgres": sum(used(process) for process in database)
            + ended.children_user
            + ended.children_system,
        }


def used(process: psutil.Process) -> float:
    with contextlib.suppress(psutil.NoSuchProcess):
        return sum(process.cpu_times()[:2])
    return 0.0


@contextlib.contextmanager
def running() -> Iterator[Running]:
    """Run a server until the block ends; everything it wrote is thrown away."""
    with (
        database(GILIRAN_CLOCK="{home}/clock.json") as empty,
        contextlib.ExitStack() as stack,
    ):
        del os.environ["DATABASE_POOL"]  # this process needs no pool, the servers do

        from django.db import connections

        from giliran import clock
        from giliran.cli.processes import Processes, wait_until_up
        from giliran.cli.serve import start_servers

        connections.close_all()
        clock.set_simulation(MONDAY_MORNING, speed=1)
        processes = Processes()
        stack.callback(processes.stop)
        port = free_port()
        start_servers(
            processes,
            host="127.0.0.1",
            port=port,
            live_port=free_port(),
            workers=WORKERS,
            threads=THREADS,
        )
        wait_until_up(f"http://127.0.0.1:{port}/api/v1/clock", seconds=60)
        yield Running(port, os.environ["DATABASE_URL"], empty.pid)

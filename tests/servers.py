"""Real servers that stay for the modules that follow: to start one costs four seconds of work."""

from __future__ import annotations

import itertools
import os
import socket
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from giliran.cli import embedded
from giliran.cli.processes import Processes, wait_until_up
from giliran.cli.serve import start_servers
from tests.database import SERVER_URL

WAIT_FOR_ANSWERS = "-c lock_timeout=10s"
"""A page that was closed may still be answered: its transaction ends before we empty."""

OURS = ("GILIRAN_", "EMAIL_")

KNOWN_TO_ALL = {
    "GILIRAN_KANNEL_SECRET": "rahasia-yang-panjang",
    "GILIRAN_WHATSAPP_SECRET": "the app's secret",
}
"""Secrets of gateways that deliver to us: a server of its own for each would take long to start."""

FILLED_BY_MIGRATIONS = ("django_migrations", "django_content_type", "auth_permission")


@dataclass
class RunningServer:
    """The pages and the live streams, as `giliran serve` runs them, on a simulated clock."""

    url: str
    live_url: str
    database_url: str
    database: str
    clock: Path

    def environment(self) -> dict[str, str]:
        """Return what its processes were told, for a test's own."""
        return {
            "DATABASE_URL": self.database_url,
            "GILIRAN_CLOCK": str(self.clock),
            "GILIRAN_LIVE_URL": self.live_url,
            "DATABASE_POOL": "16",
        }

    def start_anew(self) -> None:
        """Forget all rows and the clock, as if the server had just been installed.

        Ids go on from where they were: what a process still remembers of an office is then of an
        office that nobody will ask for again.
        """
        self.clock.unlink(missing_ok=True)
        with psycopg.connect(self.database_url, options=WAIT_FOR_ANSWERS) as connection:
            found = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL"
                " (%s)",
                [list(FILLED_BY_MIGRATIONS)],
            )
            tables = sql.SQL(", ").join(sql.Identifier(name) for (name,) in found)
            connection.execute("ALTER TABLE journal_event DISABLE TRIGGER journal_no_truncate")
            connection.execute(sql.SQL("TRUNCATE {}").format(tables))
            connection.execute("ALTER TABLE journal_event ENABLE TRIGGER journal_no_truncate")


class Servers:
    """One server for each environment that a module asks for, kept until the run ends."""

    def __init__(self, migrated_database: str, home: Callable[[], Path]) -> None:
        self._migrated_database = migrated_database
        self._home = home
        self._running: dict[frozenset[tuple[str, str]], RunningServer] = {}
        self._stack = ExitStack()

    def empty(self) -> RunningServer:
        """Return a server without a row, started with this moment's GILIRAN_* and EMAIL_URL."""
        told = frozenset((KNOWN_TO_ALL | _ours(os.environ)).items())
        if told in self._running:
            self._running[told].start_anew()
        else:
            self._running[told] = self._start()
        return self._running[told]

    def stop(self) -> None:
        """Stop all and drop their databases."""
        self._stack.close()

    def _start(self) -> RunningServer:
        name = f"server_{os.getpid()}_{next(_serial)}"
        embedded.drop_database(SERVER_URL, name)
        embedded.create_database(SERVER_URL, name, template=self._migrated_database)
        self._stack.callback(embedded.drop_database, SERVER_URL, name)
        port, live_port = free_port(), free_port()
        server = RunningServer(
            f"http://127.0.0.1:{port}",
            f"http://127.0.0.1:{live_port}",
            with_database(SERVER_URL, name),
            name,
            self._home() / "clock.json",
        )
        processes = Processes()
        self._stack.callback(processes.stop)
        with environment(KNOWN_TO_ALL | _ours(os.environ) | server.environment()):
            start_servers(
                processes, host="127.0.0.1", port=port, live_port=live_port, workers=2, threads=16
            )
        wait_until_up(f"{server.url}/api/v1/clock")
        wait_until_up(f"{server.live_url}/live/health")
        return server


def environment(named: dict[str, str]) -> ExitStack:
    """Set variables now, and put back what was there when the stack is closed."""
    stack = ExitStack()
    for key, value in named.items():
        stack.callback(_put_back, key, os.environ.get(key))
        os.environ[key] = value
    return stack


def _ours(variables: Mapping[str, str]) -> dict[str, str]:
    return {name: told for name, told in variables.items() if name.startswith(OURS)}


def with_database(url: str, name: str) -> str:
    """Return the address of another database on the same server."""
    return make_conninfo(**{**conninfo_to_dict(url), "dbname": name})


def free_port() -> int:
    """Return a port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _put_back(key: str, before: str | None) -> None:
    if before is None:
        os.environ.pop(key, None)
    else:
        os.environ[key] = before


_serial = itertools.count(1)

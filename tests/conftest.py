"""What stories, rushes and browsers share: a real server on a database of its own."""

from __future__ import annotations

import hashlib
import itertools
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from giliran.cli import embedded
from giliran.cli.processes import Processes, wait_until_up
from giliran.cli.serve import start_servers
from tests.database import SERVER_URL


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class RunningServer:
    """The pages and the live streams, as `giliran serve` runs them, on a simulated clock."""

    url: str
    live_url: str
    database_url: str


@pytest.fixture(scope="session")
def migrated_database() -> str:
    """Return the name of a database with all tables and no rows, made once per migrations."""
    digest = hashlib.sha256()
    for file in sorted(Path("giliran").glob("*/migrations/*.py")):
        digest.update(file.read_bytes())
    name = f"migrated_{digest.hexdigest()[:12]}"
    if not embedded.has_database(SERVER_URL, name):
        unfinished = f"{name}_{os.getpid()}"
        embedded.create_database(SERVER_URL, unfinished)
        subprocess.run(
            [sys.executable, "-m", "giliran", "migrate"],
            env={**os.environ, "DATABASE_URL": _with_database(SERVER_URL, unfinished)},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        try:
            embedded.rename_database(SERVER_URL, unfinished, name)
        except psycopg.errors.DuplicateDatabase:  # a neighbour was faster
            embedded.drop_database(SERVER_URL, unfinished)
    return name


@pytest.fixture(scope="module")
def server(
    migrated_database: str,
    django_db_blocker: object,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RunningServer]:
    """Run a server on a fresh copy of the migrated test database.

    Within a test that uses it, Django's own connection points at the same copy, so that builders
    and assertions see what the server sees; everything is committed for real.
    """
    from django.conf import settings
    from django.db import connection, connections

    original = connection.settings_dict["NAME"]
    name = f"server_{os.getpid()}_{next(_serial)}"
    connections.close_all()
    embedded.drop_database(SERVER_URL, name)
    embedded.create_database(SERVER_URL, name, template=migrated_database)
    home = tmp_path_factory.mktemp("home")
    port, live_port = free_port(), free_port()
    database_url = _with_database(SERVER_URL, name)
    environment = {
        "DATABASE_URL": database_url,
        "GILIRAN_CLOCK": str(home / "clock.json"),
        "GILIRAN_LIVE_URL": f"http://127.0.0.1:{live_port}",
        "DATABASE_POOL": "16",
    }
    with ExitStack() as stack:
        for key, value in environment.items():
            stack.callback(_restore(key))
            os.environ[key] = value
        processes = Processes()
        stack.callback(processes.stop)
        start_servers(
            processes, host="127.0.0.1", port=port, live_port=live_port, workers=2, threads=16
        )
        connection.settings_dict["NAME"] = name
        settings.DATABASES["default"]["NAME"] = name
        django_db_blocker.unblock()  # type: ignore[attr-defined]
        wait_until_up(f"http://127.0.0.1:{port}/api/v1/clock")
        wait_until_up(f"http://127.0.0.1:{live_port}/live/health")
        yield RunningServer(
            f"http://127.0.0.1:{port}", f"http://127.0.0.1:{live_port}", database_url
        )
        connections.close_all()
        connection.settings_dict["NAME"] = original
        settings.DATABASES["default"]["NAME"] = original
        django_db_blocker.restore()  # type: ignore[attr-defined]
    embedded.drop_database(SERVER_URL, name)


_serial = itertools.count(1)


def _with_database(url: str, name: str) -> str:
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    return make_conninfo(**{**conninfo_to_dict(url), "dbname": name})


def _restore(key: str) -> object:
    before = os.environ.get(key)

    def put_back() -> None:
        if before is None:
            os.environ.pop(key, None)
        else:
            os.environ[key] = before

    return put_back


def chromium() -> str | None:
    """Return the path of a Chromium or Chrome on this machine (CHROMIUM names another)."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if found := shutil.which(name):
            return found
    mac = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    return os.environ.get("CHROMIUM") or (str(mac) if mac.exists() else None)


@pytest.fixture(scope="module")
def browser(migrated_database: str) -> Iterator[object]:
    """Run one real Chromium; without it the test is skipped here, and fails in CI.

    A module has its own, because Playwright's loop stays in the thread until it is stopped, and
    other modules run loops of their own.
    """
    from django.db import connections
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread; Django would take that for asynchronous code,
    # and no longer see the connections made before it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    connections.close_all()
    path = chromium()
    if path is None:
        reason = "No Chromium or Chrome on this machine (set CHROMIUM to its path)."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--autoplay-policy=no-user-gesture-required",
            ],
        )
        yield running
        running.close()
        connections.close_all()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]

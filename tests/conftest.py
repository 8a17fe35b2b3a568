"""What stories, rushes and browsers share: a real server on a database of its own."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from giliran.cli import embedded
from tests.database import SERVER_URL
from tests.servers import RunningServer, Servers, environment, with_database

if TYPE_CHECKING:
    from playwright.sync_api import Browser


LONGEST_FIRST = ("rush", "browser", "stories", "core", "rules")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process waits at the end for the other's last."""

    def rank(item: pytest.Item) -> int:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        return LONGEST_FIRST.index(folder) if folder in LONGEST_FIRST else 0

    items.sort(key=rank)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Look for rubbish less often: the collector went through all that was imported, in vain."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _name_of_migrated() -> str:
    digest = hashlib.sha256()
    for file in sorted(Path("giliran").glob("*/migrations/*.py")):
        digest.update(file.read_bytes())
    return f"migrated_{digest.hexdigest()[:12]}"


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Make a database with all tables and no rows, once per migrations, before tests begin.

    Before, because no test's time limit should depend on it; and before xdist starts processes
    that would all wait for it.
    """
    if hasattr(session.config, "workerinput"):
        return
    name = _name_of_migrated()
    with psycopg.connect(SERVER_URL, autocommit=True) as connection:
        # Of two runs at once one migrates, and the other waits here for what it made.
        connection.execute("SELECT pg_advisory_lock(%s)", [int(name.split("_")[1], 16)])
        if embedded.has_database(SERVER_URL, name):
            return
        unfinished = f"{name}_{os.getpid()}"
        embedded.create_database(SERVER_URL, unfinished)
        subprocess.run(
            [sys.executable, "-m", "giliran", "migrate"],
            env={**os.environ, "DATABASE_URL": with_database(SERVER_URL, unfinished)},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        embedded.rename_database(SERVER_URL, unfinished, name)


@pytest.fixture(scope="session")
def migrated_database() -> str:
    """Return the name of the database with all tables and no rows."""
    return _name_of_migrated()


@pytest.fixture(scope="session")
def django_db_setup(migrated_database: str) -> Iterator[None]:
    """Give the tests that are rolled back a copy of the migrated database: to migrate is slow."""
    from django.db import connection

    name = f"test_run_{os.getpid()}"
    embedded.drop_database(SERVER_URL, name)  # of a run that was killed and had the same number
    embedded.create_database(SERVER_URL, name, template=migrated_database)
    _use(name)
    yield
    connection.close()
    embedded.drop_database(SERVER_URL, name)


@pytest.fixture(scope="module")
def kept_rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """Let a module's fixtures make rows once (``with kept_rows.unblock():``) for all its tests.

    They stand in a transaction around those of the tests, each of which is rolled back to them: a
    test reads them anew, as objects in memory keep what another test did to them.
    """
    from django.db import transaction

    with ExitStack() as stack:
        with django_db_blocker.unblock():
            stack.enter_context(transaction.atomic())
        yield django_db_blocker
        with django_db_blocker.unblock():
            transaction.set_rollback(True)
            stack.close()


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Hash an officer's password once around: scrypt takes a quarter of a second on purpose.

    A running server reads these hashes too: they are of a kind that it accepts.
    """
    from django.conf import settings
    from django.test import override_settings

    hashers = ["tests.passwords.QuickHasher", *settings.PASSWORD_HASHERS]
    with override_settings(PASSWORD_HASHERS=hashers):
        yield


@pytest.fixture(scope="session")
def servers(migrated_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Keep the servers that modules started, and stop them when the run ends."""
    kept = Servers(migrated_database, lambda: tmp_path_factory.mktemp("home"))
    yield kept
    kept.stop()


@pytest.fixture(scope="module")
def server(servers: Servers, django_db_blocker: object) -> Iterator[RunningServer]:
    """Run a server on a migrated database of its own, which each module finds without a row.

    Within a test that uses it, Django's own connection points at the same database, so that
    builders and assertions see what the server sees; everything is committed for real.
    """
    from django.db import connection, connections

    original = connection.settings_dict["NAME"]
    connections.close_all()
    running = servers.empty()
    with environment(running.environment()):
        _use(running.database)
        django_db_blocker.unblock()  # type: ignore[attr-defined]
        yield running
        connections.close_all()
        _use(original)
        django_db_blocker.restore()  # type: ignore[attr-defined]


def _use(database: str) -> None:
    from django.conf import settings
    from django.db import connection

    connection.settings_dict["NAME"] = database
    settings.DATABASES["default"]["NAME"] = database


def chromium() -> str | None:
    """Return the path of a Chromium or Chrome on this machine (CHROMIUM names another).

    The headless shell is the same engine without the windows: it does the same with half the work.
    """
    for name in (
        "chromium-headless-shell",
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ):
        if found := shutil.which(name):
            return found
    mac = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    return os.environ.get("CHROMIUM") or (str(mac) if mac.exists() else None)


@dataclass
class _Chromium:
    """The one Chromium of this process, and the event loop that Playwright leaves running.

    Between the modules that use it the loop rests, as other modules run loops of their own.
    """

    browser: Browser
    loop: asyncio.AbstractEventLoop | None = None

    def rest(self) -> None:
        self.loop = asyncio.get_running_loop()
        asyncio._set_running_loop(None)

    def wake(self) -> None:
        asyncio._set_running_loop(self.loop)


@pytest.fixture(scope="session")
def _one_chromium() -> Iterator[_Chromium]:
    from playwright.sync_api import sync_playwright

    path = chromium()
    if path is None:
        reason = "No Chromium or Chrome on this machine (set CHROMIUM to its path)."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    playwright = sync_playwright().start()
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
    one = _Chromium(running)
    one.rest()
    yield one
    one.wake()
    running.close()
    playwright.stop()


@pytest.fixture(scope="module")
def browser(migrated_database: str, _one_chromium: _Chromium) -> Iterator[Browser]:
    """Lend a module the real Chromium; without one its tests are skipped here, and fail in CI."""
    from django.db import connections

    # While Playwright's event loop runs, Django would take this thread for asynchronous code, and
    # no longer see the connections made before.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    connections.close_all()
    _one_chromium.wake()
    yield _one_chromium.browser
    for context in _one_chromium.browser.contexts:
        context.close()
    connections.close_all()
    _one_chromium.rest()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]

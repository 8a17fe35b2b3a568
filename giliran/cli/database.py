"""Which database a command uses, and its tables."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

DATABASE = "giliran"


def home() -> Path:
    """Return the folder for the embedded database and the secret (GILIRAN_HOME, default ./var)."""
    return Path(os.environ.get("GILIRAN_HOME", "var")).resolve()


def connect() -> Any:
    """Make DATABASE_URL name a database, starting the embedded server where it is missing.

    Returns the embedded server's handle, to be kept for as long as it is needed, or None.
    """
    if os.environ.get("DATABASE_URL"):
        return None
    from giliran.cli import embedded

    server = embedded.start(home() / "postgres")
    admin = embedded.url(server, "postgres")
    if not embedded.has_database(admin, DATABASE):
        embedded.create_database(admin, DATABASE)
    os.environ["DATABASE_URL"] = embedded.url(server, DATABASE)
    return server


def set_up_django() -> None:
    """Load the settings and the rooms; DATABASE_URL must name the database by now."""
    import django

    django.setup()


def migrate_now() -> None:
    """Bring the tables up to this version."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


@click.command()
def migrate() -> None:
    """Bring the database's tables up to this version; safe to repeat.

    Run it once at every upgrade, before the servers start.
    """
    server = connect()
    set_up_django()
    migrate_now()
    click.echo("The database is up to date.")
    del server

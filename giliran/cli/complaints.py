"""`giliran complaints`: reports of SP4N-LAPOR! in, and how they stand out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from giliran import clock
from giliran.cli.database import connect, set_up_django
from giliran.core.refusal import Refusal


@click.group()
def complaints() -> None:
    """Exchange complaints with the national system."""


@complaints.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_file(path: Path) -> None:
    """Take the reports of the CSV or JSON file PATH, each once, the whole file or nothing."""
    server = connect()
    set_up_django()
    from giliran.voices import exchange

    try:
        taken = exchange.take(path.read_bytes(), kind=_kind(path), actor="system", now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    finally:
        del server
    click.echo(f"{path}: {taken.new} new, {taken.known} known already.")


@complaints.command("export")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Moved on this day or later.")
def export_file(path: Path, since: datetime | None) -> None:
    """Write to PATH (.csv or .json) how the reports of SP4N-LAPOR! stand, without any name."""
    server = connect()
    set_up_django()
    from giliran.voices import exchange

    rows = exchange.rows_to_give(since=since.date() if since else None)
    path.write_text(exchange.written(rows, kind=_kind(path)), encoding="utf-8", newline="")
    del server
    click.echo(f"{path}: {len(rows)} reports.")


def _kind(path: Path) -> str:
    ending = path.suffix.lstrip(".").lower()
    if ending not in {"csv", "json"}:
        raise click.BadParameter("The file's name ends in .csv or .json.")
    return ending

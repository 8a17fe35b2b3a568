"""`giliran people`: the register of members from files."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from giliran.cli.database import connect, set_up_django

if TYPE_CHECKING:
    from giliran.people.register.faults import Fault

KINDS = ("members", "spells", "contributions", "heirs")


@click.group()
def people() -> None:
    """Import members, their work, contributions and heirs."""


@people.command("import")
@click.argument(
    "files", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path)
)
@click.option("--kind", type=click.Choice(KINDS), help="What the files hold; else by the columns.")
@click.option("--check", "only_check", is_flag=True, help="Look for faults and change nothing.")
@click.option(
    "--report", type=click.Path(path_type=Path), help="Where to write a bad file's faults."
)
@click.option("--quiet", is_flag=True, help="Without a progress bar.")
def import_files(
    files: tuple[Path, ...], kind: str | None, only_check: bool, report: Path | None, quiet: bool
) -> None:
    """Bring files of the register in, one after the other: a whole file, or nothing of it.

    \b
    members        kpj, nik, name, birth_date, segment, opened_on
                   [phone, closed_on, balance, balance_on]
    spells         kpj, npp, employer, began_on [ended_on]
    contributions  kpj, month, wage, amount [paid_on]
    heirs          nik, heir_nik, heir_name, relation [heir_birth_date]

    CSV (UTF-8, with comma, semicolon or tab) or Parquet; members first. A row that is there
    already is changed where it differs, the same file again does nothing. A bad row refuses its
    file: every fault goes with its line to PATH.faults.csv (or --report), the first 20 are shown,
    and the next files wait. Ends with 2 if anything was refused.
    """  # noqa: D301 -- click needs the real backspace character
    server = connect()
    set_up_django()
    from giliran import clock
    from giliran.people.register import importing
    from giliran.people.register.faults import BadFile, Unreadable

    for file in files:
        told = report or file.with_name(f"{file.name}.faults.csv")
        try:
            with _progress(file, quiet=quiet) as progress, _faults(told) as on_fault:
                how: dict[str, Any] = {
                    "kind": kind,
                    "now": clock.now(),
                    "progress": progress,
                    "on_fault": on_fault,
                }
                if only_check:
                    kind_found, rows = importing.check(file, **how)
                    click.echo(f"{file}: {rows:,} {kind_found}, no fault. Nothing was changed.")
                    continue
                taken = importing.take(file, actor="cli", **how)
        except Unreadable as refusal:
            click.echo(f"{file}: nothing was imported. {refusal}", err=True)
            sys.exit(2)
        except BadFile as bad:
            click.echo(f"{file}: nothing was imported. {bad.count:,} fault(s):", err=True)
            for one in bad.first:
                click.echo(f"  {one}", err=True)
            click.echo(f"All of them: {told}", err=True)
            sys.exit(2)
        click.echo(f"{file}: {_said(taken)}")
    del server


def _said(taken: Any) -> str:
    if taken.was_known:
        return f"this very file is in already ({taken.rows:,} {taken.kind}). Nothing was changed."
    same = taken.rows - taken.new - taken.changed
    return (
        f"{taken.rows:,} {taken.kind} are in: {taken.new:,} new, {taken.changed:,} changed, "
        f"{same:,} as before."
    )


@contextmanager
def _faults(report: Path) -> Iterator[Callable[[Fault], None]]:
    """Give what notes a fault in a report; there is no report without a fault."""
    stream = None

    def note(fault: Fault) -> None:
        nonlocal stream
        if stream is None:
            # With its mark, so that a spreadsheet reads it as UTF-8.
            stream = report.open("w", encoding="utf-8-sig", newline="")
            csv.writer(stream).writerow(("baris", "kolom", "isi", "alasan"))
        csv.writer(stream).writerow(fault)

    try:
        yield note
    finally:
        if stream is not None:
            stream.close()


@contextmanager
def _progress(file: Path, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Give what draws how far the import is, and how many rows a second it takes."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:3.0f} %"),
        TextColumn("{task.fields[rows]:,} rows, {task.fields[speed]:,.0f}/s"),
        TimeElapsedColumn(),
        console=console,
        disable=quiet or not console.is_terminal,
        transient=True,
    ) as bar:
        size = file.stat().st_size if file.exists() else None
        task = bar.add_task(file.name, total=size, rows=0, speed=0.0)

        def note(rows: int, done: int) -> None:
            seconds = bar.tasks[task].elapsed or 1
            bar.update(task, completed=done, rows=rows, speed=rows / seconds)

        yield note

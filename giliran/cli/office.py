"""`giliran office`: offices from files."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from giliran.cli.database import connect, set_up_django


@click.group()
def office() -> None:
    """Import offices, counters, hours and closures."""


@office.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--services", is_flag=True, help="The file lists services instead of offices.")
def import_file(file: Path, services: bool) -> None:
    """Create or change offices from a CSV file: the whole file, or nothing with every fault named.

    One row is one office. Columns: slug, name, kind (branch, sub_branch, mpp_booth), region,
    region_name, parent (slug of a booth's branch), address, latitude, longitude, time_zone
    (Asia/Jakarta, Asia/Pontianak, Asia/Makassar, Asia/Jayapura), seats, counters
    ("1-3:jht+jkm; 4:jkk+jp"), hours ("sen-jum 08:00-15:00"), breaks
    ("sen-kam 12:00-13:00 Istirahat; jum 11:30-13:00 Salat Jumat"), calling_policy (accumulating,
    first_come, strict_priority), window_minutes, walk_in_percent, is_demo (ya, tidak).

    With --services: code, letter, name, name_en, hint, hint_en, typical_minutes.
    """
    _import(file, "services" if services else "offices")


@office.command("areas")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_areas(file: Path) -> None:
    """Import the districts where people live from a CSV file: the whole file, or nothing.

    Columns: region (slug), code (Kemendagri, such as 36.01.05), name, latitude, longitude of one
    point in the district. The draw takes distances from there; nobody's address is asked for.
    """
    _import(file, "areas")


def _import(file: Path, what: str) -> None:
    """Take a whole file or name every fault of it, and end with 2."""
    server = connect()
    set_up_django()
    from giliran.offices import actions

    take = {
        "offices": actions.import_offices,
        "services": actions.import_services,
        "areas": actions.import_areas,
    }[what]
    try:
        count = take(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        click.echo(f"{file}: not UTF-8 text. Save the sheet as CSV UTF-8.", err=True)
        sys.exit(2)
    except actions.BadRows as bad:
        click.echo(f"{file}: nothing was imported. {len(bad.faults)} fault(s):", err=True)
        for fault in bad.faults:
            click.echo(f"  {fault}", err=True)
        sys.exit(2)
    click.echo(f"{file}: {count} {'districts' if what == 'areas' else what} are in.")
    del server


@office.command("close")
@click.argument("slug")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@click.argument("reason")
def close_day(slug: str, day: datetime, reason: str) -> None:
    """Shut an office for one DAY beyond the national calendar: local election, flood."""
    server = connect()
    set_up_django()
    from giliran.core.refusal import NotFound
    from giliran.offices import actions, queries

    try:
        actions.close_on(queries.office(slug), day.date(), reason=reason)
    except NotFound:
        click.echo(f"There is no office “{slug}”. See: giliran office list", err=True)
        sys.exit(2)
    click.echo(f"{slug} is shut on {day:%Y-%m-%d}: {reason}")
    del server


@office.command("list")
def list_offices() -> None:
    """List the offices with their counters and time zones."""
    server = connect()
    set_up_django()
    from giliran.offices import queries

    for found in queries.offices():
        counters = len(queries.counters(found.id))
        click.echo(f"{found.slug:24} {found.name:40} {counters:2} counters  {found.time_zone}")
    del server


@office.command("kiosk")
@click.argument("slug")
@click.argument("label")
@click.option("--printer", default="", help="host:port of an ESC/POS network printer.")
@click.option("--paper", default=80, show_default=True, help="Paper width in mm: 58 or 80.")
@click.option("--retire", is_flag=True, help="Take it down: its address opens nothing any more.")
def add_kiosk(slug: str, label: str, printer: str, paper: int, *, retire: bool) -> None:
    """Register the touch screen LABEL at an office's door and print its address."""
    server = connect()
    set_up_django()
    from giliran.offices import actions

    found = _office(slug)
    if retire:
        _take_down(actions.retire_kiosk, found, label)
    else:
        kiosk = actions.register_kiosk(found, label, printer=printer, paper_mm=paper)
        click.echo(f"Open this address on the device, and keep it secret: /kios/{kiosk.token}/")
    del server


@office.command("board")
@click.argument("slug")
@click.argument("label")
@click.option("--retire", is_flag=True, help="Take it down: nobody is told that it is dark.")
def add_board(slug: str, label: str, *, retire: bool) -> None:
    """Register the screen LABEL in an office's waiting room and print its address.

    Anybody may look at the office's board. This address says that it hangs in the waiting room:
    the office is told when it goes dark.
    """
    server = connect()
    set_up_django()
    from giliran.offices import actions

    found = _office(slug)
    if retire:
        _take_down(actions.retire_board, found, label)
    else:
        token = actions.register_board(found, label).token
        click.echo(f"Open this address on the screen: /papan/{slug}/?layar={token}")
    del server


def _office(slug: str) -> Any:
    from giliran.core.refusal import NotFound
    from giliran.offices import queries

    try:
        return queries.office(slug)
    except NotFound:
        click.echo(f"There is no office “{slug}”. See: giliran office list", err=True)
        sys.exit(2)


def _take_down(retire: Callable[[Any, str], None], office: Any, label: str) -> None:
    from giliran.core.refusal import NotFound

    try:
        retire(office, label)
    except NotFound:
        click.echo(f"{office.slug} has no such screen “{label}”.", err=True)
        sys.exit(2)
    click.echo(f"{label} is taken down.")

"""`giliran demo`: a whole office on this machine, with a clock of its own."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO
from zoneinfo import ZoneInfo

import click

from giliran.cli.database import home, migrate_now, set_up_django

OPEN_AT = (9, 10)  # the demo's clock when it starts: the morning rush is on
WIB = ZoneInfo("Asia/Jakarta")


@click.command()
@click.option("--port", default=8000, show_default=True, help="Port of the pages.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--keep", is_flag=True, help="Go on with the last demo instead of a fresh one.")
@click.option("--speed", default=4.0, show_default=True, help="Office seconds per real second.")
@click.option(
    "--life/--no-life", default=True, show_default=True, help="Let other people come and be served."
)
@click.option(
    "--past/--without-past",
    default=True,
    show_default=True,
    help="Make up fourteen weeks before, with their reviews; without, the first start is quicker.",
)
def demo(*, port: int, host: str, keep: bool, speed: float, life: bool, past: bool) -> None:
    """Run a whole demonstration office: pages, live streams, worker, people who come and go.

    It uses an embedded PostgreSQL in ./var (GILIRAN_HOME) and forgets yesterday's clicks at each
    start. Its clock stands at 09.10 on a working day, so that the office is open whenever you
    look. Ctrl-C stops everything.
    """
    began = time.monotonic()
    from giliran.cli.processes import Processes, refuse_taken_ports, wait_until_up

    refuse_taken_ports(host, port, port + 1, port + 2)
    lock = _only_one()
    os.environ["GILIRAN_DEMO"] = "1"
    os.environ["GILIRAN_CLOCK"] = str(home() / "clock.json")
    yesterday, today = demo_days(datetime.now(UTC).astimezone(WIB).date())
    server = _database(yesterday, today, keep=keep, past=past)
    set_up_django()
    from giliran import clock
    from giliran.cli.phone.start import start_phone
    from giliran.cli.serve import start_servers

    hour, minute = OPEN_AT
    opens = datetime(today.year, today.month, today.day, hour, minute, tzinfo=WIB)
    clock.set_simulation(opens, speed=speed)
    os.environ["GILIRAN_LIVE_URL"] = f"http://{host}:{port + 1}"
    processes = Processes()
    processes.stop_when_asked()
    try:
        phone = start_phone(processes, host=host, port=port + 2, serves=f"http://{host}:{port}")
        start_servers(processes, host=host, port=port, live_port=port + 1, workers=2, threads=6)
        processes.start("worker", "giliran", "worker", env={"DATABASE_POOL": "4"})
        wait_until_up(f"http://{host}:{port}/api/v1/clock")
        wait_until_up(f"http://{host}:{port + 1}/live/health")
        wait_until_up(phone)
        if life:
            processes.start(
                "life", "giliran.cli.life", f"http://{host}:{port}", reads=_expected(today)
            )
        _welcome(f"http://{host}:{port}", phone, opens, time.monotonic() - began, speed)
    except BaseException:
        processes.stop()
        raise
    code = processes.wait()
    click.echo("Stopped.")
    del server, lock
    sys.exit(code)


def _only_one() -> TextIO:
    """Hold the demo's folder for this process, for a second one would drop its database.

    Raises ``click.ClickException`` if another demo holds it.
    """
    home().mkdir(parents=True, exist_ok=True)
    lock = (home() / "demo.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise click.ClickException(
            f"A demonstration is already running in {home()}. Stop it with Ctrl-C, or give this "
            "one a folder of its own: GILIRAN_HOME=other giliran demo --port 8010"
        ) from None
    return lock


def demo_days(real_today: date) -> tuple[date, date]:
    """Return the demo's yesterday and today: the first two working days of the coming week.

    So the demo's data serve a whole week of starts before they are made anew.
    """
    from giliran import rules
    from giliran.core.deadline import next_working_day

    calendar = rules.calendar()
    monday = real_today + timedelta(days=7 - real_today.weekday())
    first = next_working_day(monday, calendar)
    return first, next_working_day(first + timedelta(days=1), calendar)


def _fingerprint(today: date, *, past: bool) -> str:
    """Return what the demo's data are made of: change any of it, and they are made anew."""
    package = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256(f"{today} {past}".encode())
    for pattern in (
        *("*/migrations/*.py", "cli/demo*.py", "cli/demo_data/*", "lab/serang.py"),
        "web/public/trying.py",
    ):
        for file in sorted(package.glob(pattern)):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:10]


def _database(yesterday: date, today: date, *, keep: bool, past: bool) -> Any:
    """Make DATABASE_URL name a demo database, copied from a prepared one; returns the server."""
    from giliran.cli import embedded

    server = embedded.start(home() / "postgres")
    admin = embedded.url(server, "postgres")
    template = f"demo_{_fingerprint(today, past=past)}"
    if not embedded.has_database(admin, template):
        click.echo("Preparing the demonstration data (once) ...")
        for old in embedded.databases(admin, prefix="demo_"):
            embedded.drop_database(admin, old)
        _prepare(server, admin, template, [str(yesterday), str(today), *(["past"] if past else [])])
    if not (keep and embedded.has_database(admin, "giliran_demo")):
        embedded.drop_database(admin, "giliran_demo")
        embedded.create_database(admin, "giliran_demo", template=template)
    os.environ["DATABASE_URL"] = embedded.url(server, "giliran_demo")
    return server


def _prepare(server: Any, admin: str, template: str, what: list[str]) -> None:
    import subprocess

    from giliran.cli import embedded

    unfinished = "giliran_demo_unfinished"
    embedded.drop_database(admin, unfinished)
    embedded.create_database(admin, unfinished)
    # A process of its own: Django reads DATABASE_URL once, and this one is renamed afterwards.
    subprocess.run(
        [sys.executable, "-m", "giliran.cli.demo", *what],
        env={
            **os.environ,
            "DATABASE_URL": embedded.url(server, unfinished),
            # No small commit waits for the disk: after a power cut all is prepared anew.
            "PGOPTIONS": "-c synchronous_commit=off",
        },
        check=True,
    )
    embedded.rename_database(admin, unfinished, template)


def _fill(yesterday: date, today: date, *, past: bool) -> None:
    set_up_django()
    migrate_now()
    from giliran.cli.demo_load import load

    hour, minute = OPEN_AT
    until = datetime(today.year, today.month, today.day, hour, minute, tzinfo=WIB)
    load(yesterday=yesterday, today=today, until=until, past=past)


def _expected(today: date) -> bytes:
    """Return who has a turn in Serang and isn't there yet, and the cards of all who have one."""
    from giliran.offices import queries as offices
    from giliran.people import queries as people
    from giliran.turns import queries

    serang = offices.office("serang").id
    expected = [
        (turn.code, turn.window_from.isoformat())
        for turn in queries.expected(serang, day=today)
        if turn.window_from
    ]
    cards = {
        turn.code: {"nik": people.nik_of(turn.citizen_id), "name": queries.stated_name(turn)}
        for turn in queries.open_turns_of_day(serang, day=today)
        if turn.citizen_id is not None
    }
    return json.dumps({"expected": expected, "cards": cards}).encode()


def _welcome(base: str, phone: str, opens: datetime, seconds: float, speed: float) -> None:
    from rich.console import Console
    from rich.table import Table

    from giliran.cli.demo_staff import PASSWORD, SITTING, STAFF, VISITOR
    from giliran.core.identifiers import written_code
    from giliran.offices import queries as offices
    from giliran.web.public import trying

    def kiosk(slug: str) -> str:
        return f"/kios/{offices.kiosks(offices.office(slug).id)[0].token}/"

    screens = (
        ("Warga / citizens", "/"),
        ("Klaim contoh / try a claim", "/coba/"),
        ("Petugas / staff", "/petugas/"),
        ("Loket Serang / desk", "/petugas/serang/loket/"),
        ("Pintu Serang / door", "/petugas/serang/pintu/"),
        ("Kepala cabang / manager", "/kepala/serang/"),
        ("Papan TV / board", "/papan/serang/"),
        ("Kios Serang (habis / full)", kiosk("serang")),
        ("Kios Tangerang Selatan", kiosk("tangerang-selatan")),
    )
    logins = Table("role", "user name", "password", box=None, padding=(0, 2, 0, 0))
    one_each = {
        employee.role: name for name, employee in reversed(STAFF.items()) if name not in SITTING
    }
    for role, username in one_each.items():
        logins.add_row(role, username, PASSWORD)
    console = Console()
    console.print(f"\n[bold]giliran[/bold] is up ({seconds:.1f} s). Data contoh / demonstration.")
    console.print(f"The office clock shows {opens:%A, %d %B %Y, %H.%M} WIB.\n")
    for name, path in screens:
        click.echo(f"{name:27} {base}{path}")
    click.echo(f"{'Telepon / phone':27} {phone}/")
    console.print("", logins)
    console.print(
        f"\nCounter 4 in Serang is yours: log in as {VISITOR}.  The clock runs {speed:g} times"
    )
    console.print("as fast as yours; other people come and are served meanwhile.")
    console.print("\nClaims to try, each with the birth date 17-08-1985:")
    for row in trying.rows():
        click.echo(f"  {written_code(row.code)}  {row.what}")
    console.print("\nCtrl-C stops it.")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giliran.settings")
    yesterday, today = (date.fromisoformat(day) for day in sys.argv[1:3])
    _fill(yesterday, today, past="past" in sys.argv[3:])

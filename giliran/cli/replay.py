"""`giliran replay`: a real or made-up day, played against a running server."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
import httpx
import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from giliran.cli.player import Day, Desk, Fate, people_of
from giliran.cli.remote import Pace, Server
from giliran.lab.serang import serang_day
from giliran.lab.visits import BadRecordError, Visit, read_visits
from giliran.lab.warsaw import OfficeDayMissingError, office_day

HOW_TO_START = """No server was named. Start one with a simulated clock, then play against it:

    giliran demo
    giliran replay {file} --speed {speed} --server http://127.0.0.1:8000 \\
        --administrator USER:PASSWORD --officer USER:PASSWORD --officer USER:PASSWORD
"""
TIMEOUT_SECONDS = 30
BEFORE_DOORS = timedelta(minutes=5)


@click.command()
@click.argument("file")
@click.option("--speed", default=60.0, show_default=True, help="Office seconds in a real second.")
@click.option("--server", help="Address of a running server, such as http://127.0.0.1:8000.")
@click.option("--office", default="serang", show_default=True, help="The office's short name.")
@click.option("--counters", type=click.IntRange(1), help="Officers at work; all who log in.")
@click.option("--officer", "officers", multiple=True, help="USER:PASSWORD, once for each officer.")
@click.option("--kiosk", help="Token of the office's kiosk; else the first officer gives numbers.")
@click.option("--administrator", help="USER:PASSWORD who may set the server's simulated clock.")
@click.option("--on", "on_day", type=click.DateTime(["%Y-%m-%d"]), help="Day to play [today's].")
@click.option("--snapshots-of", "snapshots_of", help="Office in a record of Warsaw's queues.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Day in that record.")
@click.option("--seed", default=0, show_default=True, help="For what the record leaves to chance.")
@click.option("--doors", default="07:00", show_default=True, help="When numbers are given.")
@click.option("--opens", default="08:00", show_default=True, help="When officers begin.")
@click.option("--until", default="17:00", show_default=True, help="When officers go home.")
def replay(file: str, speed: float, server: str | None, **options: Any) -> None:
    """Play the visits of FILE over HTTP against a running server and print the day's figures.

    FILE is a CSV of visits, the word "serang" for a made-up day at that branch, or, together with
    --snapshots-of and --day, a record of Warsaw's office queues (CSV, also .xz). People take
    numbers at the kiosk, officers call, start and finish, and whoever runs out of patience leaves.

    The server runs on a simulated clock, which --administrator may set to this day's morning and
    this speed. Appointments are booked first, for people who don't exist.

    Ends with status 1 if any wrong state was seen: a number given twice, a person at two counters,
    two people at one, an officer told that nobody waits while somebody does, or counts that differ
    from the player's own.
    """
    if server is None:
        click.echo(HOW_TO_START.format(speed=f"{speed:g}", file=file))
        return
    visits = visits_of(file, options["snapshots_of"], options["day"], seed=options["seed"])
    day = asyncio.run(_play(visits, speed, server, options))
    report(day, Console())
    sys.exit(1 if day.wrong else 0)


def visits_of(
    file: str, snapshots_of: str | None, day: datetime | None, *, seed: int
) -> list[Visit]:
    """Read or make the visits that the command line names; errors are click's."""
    if file == "serang":
        return serang_day(seed)
    path = Path(file)
    if not path.is_file():
        raise click.ClickException(f"There is no file {file}.")
    try:
        if snapshots_of is None:
            return read_visits(path)
        if day is None:
            raise click.UsageError("--snapshots-of needs --day.")
        return office_day(path, snapshots_of, day.date(), seed=seed)
    except (BadRecordError, OfficeDayMissingError, ValueError) as reason:
        raise click.ClickException(str(reason)) from reason


def match_services(visits: Sequence[Visit], codes: Sequence[str]) -> dict[str, str]:
    """Map the record's services to the server's codes.

    By name where every name is known there; else in turn, the most visited first, so that a day
    of another country's office still gives each service its own line as far as there are lines.
    """
    wanted = [service for service, _ in Counter(v.service for v in visits).most_common()]
    known = {code.lower(): code for code in codes}
    if all(service.lower() in known for service in wanted):
        return {service: known[service.lower()] for service in wanted}
    return {service: codes[index % len(codes)] for index, service in enumerate(wanted)}


async def _play(
    visits: Sequence[Visit], speed: float, address: str, options: Mapping[str, Any]
) -> Day:
    async with AsyncExitStack() as stack:

        async def connect() -> Server:
            client = httpx.AsyncClient(
                base_url=address,
                timeout=TIMEOUT_SECONDS,
                headers={"X-Requested-With": "giliran"},
            )
            return Server(await stack.enter_async_context(client), options["office"])

        try:
            public = await connect()
            day = await _prepare(visits, speed, public, connect, options)
            await _show(day)
        except httpx.HTTPError as reason:
            raise click.ClickException(f"{address}: {reason!r}") from reason
        return day


async def _show(day: Day) -> None:
    columns = (
        TextColumn("{task.fields[clock]}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("waiting {task.fields[waiting]}  wrong {task.fields[wrong]}"),
    )
    with Progress(*columns) as progress:
        bar = progress.add_task("day", total=len(day.people), clock="", waiting=0, wrong=0)

        def on_step() -> None:
            progress.update(
                bar,
                completed=day.count(Fate.SERVED, Fate.LEFT, Fate.TURNED_AWAY),
                clock=f"{day.pace.now().astimezone(day.opens_at.tzinfo):%H.%M}",
                waiting=day.count(Fate.WAITING),
                wrong=len(day.wrong),
            )

        await day.play(on_step)


async def _prepare(
    visits: Sequence[Visit],
    speed: float,
    public: Server,
    connect: Any,
    options: Mapping[str, Any],
) -> Day:
    about = await public.about()
    zone = ZoneInfo(about["time_zone"])
    today = (await Pace.of(public)).now().astimezone(zone).date()
    if options["on_day"]:
        today = options["on_day"].date()

    def at(clock: str) -> datetime:
        return datetime.combine(today, time.fromisoformat(clock), tzinfo=zone)

    doors_at = at(options["doors"])
    logins = options["officers"][: options["counters"]]
    if not logins or len(logins) > len(about["counters"]):
        raise click.ClickException(
            f"Name one --officer USER:PASSWORD for each counter at work; "
            f"{options['office']} has {len(about['counters'])} counters."
        )
    administrator = None
    if options["administrator"]:
        administrator = await connect()
        await _log_in(administrator, options["administrator"])
        # Slowly at first, so that the day doesn't begin while places are booked.
        await administrator.set_clock(doors_at - BEFORE_DOORS, speed=1)
    desks = []
    for login, counter in zip(logins, about["counters"], strict=False):
        officer = await connect()
        await _log_in(officer, login)
        desks.append(Desk(counter["id"], counter["label"], frozenset(counter["services"]), officer))
    waiting = (await desks[0].server.counts()).waiting
    if waiting:
        raise click.ClickException(f"{waiting} people wait already; a replay needs an empty line.")
    if options["kiosk"]:
        public.client.headers["X-Kiosk-Token"] = options["kiosk"]
    codes = [service["code"] for service in about["services"]]
    served = [code for code in codes if any(code in desk.services for desk in desks)]
    day = Day(
        await Pace.of(public),
        public if options["kiosk"] else desks[0].server,
        people_of(visits, midnight=at("00:00"), services=match_services(visits, served)),
        desks,
        doors_at=doors_at,
        opens_at=at(options["opens"]),
        until=at(options["until"]),
    )
    await day.book()
    if administrator:
        await administrator.set_clock(doors_at - BEFORE_DOORS, speed=speed)
        day.pace = await Pace.of(public)
    _check_clock(day, speed)
    return day


async def _log_in(server: Server, login: str) -> None:
    username, _, password = login.partition(":")
    await server.log_in(username, password)


def _check_clock(day: Day, speed: float) -> None:
    if abs(day.pace.speed - speed) > speed / 100:
        raise click.ClickException(
            f"The server's clock runs at speed {day.pace.speed:g}, not {speed:g}. Name an "
            f"--administrator who may set it, or replay at --speed {day.pace.speed:g}."
        )
    if day.pace.now() >= day.until:
        raise click.ClickException("The server's clock is past the end of the day; set it back.")


def report(day: Day, console: Console) -> None:
    """Print the day's figures; waits are from taking a number to being called, in minutes."""
    table = Table("people", str(len(day.people)), title="The day")
    table.add_row("served", str(day.count(Fate.SERVED)))
    table.add_row("left without being served", str(day.count(Fate.LEFT)))
    table.add_row("turned away", str(day.count(Fate.TURNED_AWAY)))
    for refusal, times in day.refusals.most_common():
        table.add_row(f"  {refusal}", str(times))
    still_here = day.count(Fate.AT_THE_DOOR, Fate.WAITING, Fate.AT_A_COUNTER)
    table.add_row("still waiting at the end", str(still_here))
    at_kiosk = day.longest_at_kiosk.total_seconds() / 60
    table.add_row("longest wait for the kiosk itself", f"{at_kiosk:.0f} minutes")
    for group in ("priority", "appointment", "walk-in"):
        waits = [
            (person.called_at - person.waits_since).total_seconds() / 60
            for person in day.people
            if person.group == group and person.called_at and person.waits_since
        ]
        if waits:
            middle, long = np.percentile(waits, [50, 90])
            table.add_row(
                f"wait of {group} ({len(waits)})", f"p50 {middle:.0f}, p90 {long:.0f} minutes"
            )
    table.add_row("wrong states", str(len(day.wrong)))
    console.print(table)
    for what, times in Counter(day.wrong).most_common():
        console.print(f"wrong: {what}" + (f" ({times} times)" if times > 1 else ""), markup=False)

"""`giliran roster`: a region's week, made, looked at, checked and put in force."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, NoReturn
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from giliran.cli.database import connect, set_up_django

if TYPE_CHECKING:
    from giliran.capacity.models import Roster
    from giliran.capacity.rosters import Row
    from giliran.offices.models import Region

ACTOR = "console"
DAYS = ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min")


@click.group()
def roster() -> None:
    """Make a region's roster of a week, look at it, and put it in force.

    REGION is the region's slug; WEEK is a Monday such as 2026-11-23, or any day of that week.
    """


@roster.command()
@click.argument("region")
@click.argument("week", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--seconds", default=60.0, show_default=True, help="How long to look for better.")
@click.option("--later", is_flag=True, help="Let the worker solve it instead of waiting here.")
def make(region: str, week: datetime, seconds: float, later: bool) -> None:
    """Solve WEEK of REGION as a draft; what is in force stays in force.

    A first answer stands within seconds; the rest of the time goes to better ones and to the
    proof of how far from the best there is the draft can be at most. Stop it with Ctrl-C and
    nothing is kept.
    """
    server, found, monday = _of(region, week)
    from giliran import clock
    from giliran.capacity import actions as capacity
    from giliran.core.refusal import Refusal

    try:
        asked = capacity.make_roster(found.id, monday, actor=ACTOR, now=clock.now())
    except Refusal as refusal:
        _fail(str(refusal))
    if later:
        click.echo(f"Roster {asked.id} is asked for. See: giliran roster show {region} {monday}")
        return
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[news]}"),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(f"{region} {monday}", total=seconds, news="reads needs and officers")

        def told(cost: float, bound: float, gone: float) -> None:
            gap = 100 * max(0.0, cost - bound) / max(abs(cost), 1.0)
            news = f"cost {cost:,.0f}, at most {gap:.1f} % above the best"
            bar.update(task, completed=min(gone, seconds), news=news)

        solved = capacity.solve_roster(asked.id, now=clock.now(), seconds=seconds, told=told)
        bar.update(task, completed=seconds)
    _show(solved, found)
    del server


@roster.command()
@click.argument("region")
@click.argument("week", type=click.DateTime(["%Y-%m-%d"]))
def show(region: str, week: datetime) -> None:
    """Print the newest roster of WEEK: a table for each office, and what couldn't be met."""
    server, found, monday = _of(region, week)
    _show(_latest(found, monday), found)
    del server


@roster.command()
@click.argument("region")
@click.argument("week", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--by", required=True, metavar="USERNAME", help="Who answers for it.")
def publish(region: str, week: datetime, by: str) -> None:
    """Put the newest draft of WEEK in force, if it breaks no rule as things stand now."""
    server, found, monday = _of(region, week)
    from giliran import clock
    from giliran.capacity import actions as capacity
    from giliran.core.refusal import Refusal
    from giliran.offices import queries as offices
    from giliran.people import queries as people

    username = {officer.username: officer.id for officer in people.officers()}
    officer_id = username.get(by)
    if officer_id is None:
        _fail(f"Nobody logs in as {by}. See: giliran officer list")
    if not offices.region_roles(officer_id, found) & {"regional", "administrator"}:
        _fail(f"{by} doesn't direct {region}. See: giliran officer add --help")
    try:
        done = capacity.publish_roster(
            _latest(found, monday).id, officer_id=officer_id, now=clock.now()
        )
    except Refusal as refusal:
        _fail(str(refusal))
    click.echo(f"Roster {done.id} of {region}, week {monday}, is in force.")
    _say_lacks(done)
    del server


@roster.command()
@click.argument("region")
@click.argument("week", type=click.DateTime(["%Y-%m-%d"]))
def check(region: str, week: datetime) -> None:
    """Check the newest roster of WEEK by code that shares no line with the solver.

    Exit code 1 if it breaks a rule as things stand now: leave, posts, opening hours, 40 hours.
    """
    server, found, monday = _of(region, week)
    from giliran import clock
    from giliran.capacity import rosters

    today = clock.now().astimezone(ZoneInfo(found.time_zone)).date()
    broken = rosters.broken_now(_latest(found, monday).id, today=today)
    for fault in broken:
        click.echo(f"BREAKS A RULE: officer {fault}")
    if broken:
        sys.exit(1)
    click.echo("No rule is broken.")
    del server


def _of(region: str, week: datetime) -> tuple[Any, Region, date]:
    """Return the database's handle, to be kept, the region, and the Monday of the week."""
    server = connect()
    set_up_django()
    from giliran.core.refusal import NotFound
    from giliran.offices import queries

    day = week.date()
    try:
        return server, queries.region(region), day - timedelta(days=day.weekday())
    except NotFound:
        known = ", ".join(sorted({office.region.slug for office in queries.offices()}))
        _fail(f"There is no region “{region}”. Known: {known or 'none; import offices first'}.")


def _latest(region: Region, monday: date) -> Roster:
    from giliran.capacity import rosters

    found = rosters.latest(region.id, monday)
    if found is None:
        _fail(f"Week {monday} has no roster. Make one: giliran roster make {region.slug} {monday}")
    return found


def _show(found: Roster, region: Region) -> None:
    from giliran.capacity import rosters

    gap = rosters.gap(found)
    proof = "" if gap is None else f", at most {100 * gap:.1f} % above the best there is"
    click.echo(f"Roster {found.id} of {region.name}, week {found.monday}: {found.state}{proof}")
    console = Console()
    for table in _tables(rosters.rows(found.id)):
        console.print(table)
    _say_lacks(found)


def _tables(rows: Iterable[Row]) -> Iterator[Table]:
    """Give a table for each office; days on which nobody works there are left out."""
    for office, found in groupby(rows, key=lambda row: row.office):
        mine = list(found)
        days = sorted({row.day for row in mine})
        table = Table(title=office, title_justify="left")
        table.add_column("", overflow="fold")
        for day in days:
            table.add_column(f"{DAYS[day.weekday()]} {day.day}", no_wrap=True)
        for _, their in groupby(mine, key=lambda row: row.officer_id):
            shifts = {row.day: row for row in their}
            first = next(iter(shifts.values()))
            name = f"{first.officer} (bantuan)" if first.is_lent else first.officer
            table.add_row(name, *(_hours(shifts.get(day)) for day in days))
        yield table


def _hours(row: Row | None) -> str:
    if row is None:
        return ""
    return f"{row.begins_at:%H.%M}–{row.ends_at:%H.%M}".replace(".00", "")


def _say_lacks(found: Roster) -> None:
    from giliran.capacity import rosters

    said = rosters.sentences(found)
    for sentence in said:
        click.echo(f"- {sentence}")
    if not said and found.state in {"draft", "published"}:
        click.echo("Every half-hour has the officers that it needs.")


def _fail(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(2)

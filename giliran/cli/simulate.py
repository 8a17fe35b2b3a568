"""`giliran simulate`: rehearse with people who don't exist, before real ones pay for it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from giliran.cli.simulate_finding import finding
from giliran.cli.simulate_network import network
from giliran.cli.simulate_office import office
from giliran.lab.market import CHANNELS, MECHANISMS, Figures, Setting, interval, play

SHARE = click.FloatRange(0, 1)
COUNT = click.IntRange(0)
Row = tuple[str, Callable[[Figures], float], Callable[[float], str]]


@click.group()
def simulate() -> None:
    """Play a rule with people who don't exist."""


simulate.add_command(office)
simulate.add_command(network)
simulate.add_command(finding)


@simulate.command()
@click.option("--days", type=click.IntRange(1), default=Setting.days, show_default=True)
@click.option("--seed", type=COUNT, default=0, show_default=True)
@click.option(
    "--places", type=click.IntRange(6), default=Setting.places, show_default=True, help="A day."
)
@click.option(
    "--arrivals",
    type=click.FloatRange(0, 100_000),
    default=Setting.arrivals,
    show_default=True,
    help="Honest people a day, on average.",
)
@click.option(
    "--backlog",
    "backlog_days",
    type=click.FloatRange(0, 1_000),
    default=Setting.backlog_days,
    show_default=True,
    help="People already waiting at the start, in days of places.",
)
@click.option(
    "--narrow",
    type=SHARE,
    default=Setting.narrow,
    show_default=True,
    help="Share who accept only one half-day at one office.",
)
@click.option(
    "--narrow-credit",
    type=SHARE,
    default=Setting.narrow_credit,
    show_default=True,
    help="Credit that these earn for a lost round.",
)
@click.option("--no-show", type=SHARE, default=Setting.no_show, show_default=True)
@click.option(
    "--declines",
    type=SHARE,
    default=Setting.declines,
    show_default=True,
    help="Share who say in time that it doesn't suit.",
)
@click.option("--scalpers", type=COUNT, default=Setting.scalpers, show_default=True)
@click.option(
    "--bots",
    type=COUNT,
    default=Setting.bots,
    show_default=True,
    help="Booking programs of all scalpers together.",
)
@click.option(
    "--false-identities",
    type=SHARE,
    default=Setting.false_identities,
    show_default=True,
    help="Share of made-up NIKs that pass.",
)
@click.option(
    "--phones",
    type=COUNT,
    default=Setting.phones,
    show_default=True,
    help="Phone numbers of each scalper.",
)
@click.option(
    "--names-per-phone",
    type=COUNT,
    default=Setting.names_per_phone,
    show_default=True,
    help="The draw's limit; 0: none.",
)
@click.option(
    "--pause",
    type=COUNT,
    default=Setting.pause,
    show_default=True,
    help="Rounds that whoever won and did not come sits out.",
)
@click.option(
    "--seen-first",
    is_flag=True,
    help="Whoever won and did not come must show a card at a desk to apply again.",
)
@click.option(
    "--at-the-door",
    type=SHARE,
    default=Setting.at_the_door,
    show_default=True,
    help="Share of empty places filled from the door.",
)
@click.option(
    "--door-check",
    type=SHARE,
    default=Setting.door_check,
    show_default=True,
    help="Chance that a wrong person is found.",
)
@click.option("--order-known", is_flag=True, help="Those standing by know who is next.")
@click.option("--replications", type=click.IntRange(1, 1_000), default=4, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object and nothing else.")
def market(seed: int, replications: int, as_json: bool, **given: Any) -> None:
    """Play honest people, bots and scalpers: who gets the places, and what a scalper could earn.

    The same people meet first come first served, a plain daily lottery, and giliran's draw with
    credit first. Days are those until served, of everybody who came in the first half of the
    time; whoever wasn't served counts with the days so far. Assumptions: docs/guides/market.md
    """
    try:
        setting = Setting(**given)
    except ValueError as reason:
        raise click.UsageError(str(reason)) from reason
    found = _play_all(setting, seed, replications, quiet=as_json)
    if as_json:
        click.echo(json.dumps(_as_json(setting, seed, found)))
    else:
        _report(setting, found, Console())


def _play_all(
    setting: Setting, seed: int, replications: int, *, quiet: bool
) -> dict[str, list[Figures]]:
    """Play each replication under every mechanism; the bar goes to a terminal's error stream."""
    found: dict[str, list[Figures]] = {name: [] for name in MECHANISMS}
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    off = quiet or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=off) as progress:
        bar = progress.add_task("towns", total=replications * len(MECHANISMS))
        for replication in range(replications):
            for name, runs in found.items():
                runs.append(play(setting, name, seed=seed + replication))
                progress.advance(bar)
    return found


def _days(value: float) -> str:
    return f"{value:.1f}"


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _millions(value: float) -> str:
    return f"{value / 1e6:.1f}"


def _count(value: float) -> str:
    return f"{value:,.0f}"


def _of_channel(name: str, channel: int) -> Callable[[Figures], float]:
    def pick(figures: Figures) -> float:
        return float(getattr(figures, name)[channel])

    return pick


_GROUPS: Sequence[tuple[str, Sequence[Row]]] = (
    (
        "Honest people",
        (
            ("served", lambda one: one.served_share, _percent),
            ("served without paying", lambda one: one.served_without_paying_share, _percent),
            ("days until served: mean", lambda one: one.mean_days, _days),
            ("median", lambda one: one.median_days, _days),
            ("99 in 100 within", lambda one: one.p99_days, _days),
            ("longest", lambda one: one.longest_days, _days),
            ("slowest tenth, mean", lambda one: one.slowest_decile_mean_days, _days),
        ),
    ),
    (
        "Who is left behind",
        (
            ("online, fast: served", _of_channel("served_share_by_channel", 0), _percent),
            ("  mean days", _of_channel("mean_days_by_channel", 0), _days),
            ("online, slow: served", _of_channel("served_share_by_channel", 1), _percent),
            ("  mean days", _of_channel("mean_days_by_channel", 1), _days),
            ("offline: served", _of_channel("served_share_by_channel", 2), _percent),
            ("  mean days", _of_channel("mean_days_by_channel", 2), _days),
            ("one half-day only: served", lambda one: one.served_share_narrow, _percent),
            ("  mean days", lambda one: one.mean_days_narrow, _days),
        ),
    ),
    (
        "Places and scalpers",
        (
            ("places", lambda one: one.seats, _count),
            ("used", lambda one: one.used, _count),
            ("wasted: nobody came", lambda one: one.wasted_share, _percent),
            ("idle: nobody took it", lambda one: one.idle, _count),
            ("held by scalpers", lambda one: one.scalped, _count),
            ("sold by scalpers", lambda one: one.sold, _count),
            ("scalpers' income, Rp million", lambda one: one.income, _millions),
            ("wrong, says the audit", lambda one: one.violations, _count),
        ),
    ),
)


def _report(setting: Setting, found: dict[str, list[Figures]], console: Console) -> None:
    runs = len(found[MECHANISMS[0]])
    console.print(
        f"{setting.days} days, {setting.places} places and {setting.arrivals:g} people a day, "
        f"a backlog of {setting.backlog_days:g} days; {setting.scalpers} scalpers, "
        f"{setting.bots} bots, {setting.names_of_a_scalper(limited=True)} names each in the draw. "
        f"{runs} towns, mean and 95 % interval; days are counted up to day {setting.days}."
    )
    for title, rows in _GROUPS:
        table = Table(title=title, title_justify="left")
        table.add_column("")
        for name in MECHANISMS:
            table.add_column(name.replace("_", " "), justify="right")
        for label, pick, shown in rows:
            cells = [_cell([pick(one) for one in found[name]], shown) for name in MECHANISMS]
            table.add_row(label, *cells)
        console.print(table)


def _cell(values: list[float], shown: Callable[[float], str]) -> str:
    if any(math.isnan(value) for value in values):
        return "-"
    mean, half = interval(values)
    if math.isnan(half):
        return shown(mean)
    return f"{shown(mean)} ± {shown(half).removesuffix(' %')}"


def _as_json(setting: Setting, seed: int, found: dict[str, list[Figures]]) -> dict[str, Any]:
    return {
        "setting": asdict(setting),
        "seed": seed,
        "replications": len(found[MECHANISMS[0]]),
        "channels": list(CHANNELS),
        "mechanisms": {
            name: {
                field: _spread([getattr(one, field) for one in runs]) for field in Figures._fields
            }
            for name, runs in found.items()
        },
    }


def _spread(values: list[Any]) -> Any:
    """Mean and half the 95 % interval; null where there was nobody or one town only."""
    if isinstance(values[0], tuple):
        return [_spread([one[place] for one in values]) for place in range(len(values[0]))]
    if any(math.isnan(value) for value in values):
        return {"mean": None, "half": None}
    mean, half = interval(values)
    return {"mean": mean, "half": None if math.isnan(half) else half}

"""`giliran simulate office`: one more counter, half the files checked before: what would change."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from giliran.core.calling import POLICIES
from giliran.lab.office import (
    CLASSES,
    Estimate,
    Office,
    difference,
    estimate,
    figures,
    play,
    serang_office,
    with_fewer_shows,
    with_more_counters,
    with_prechecked,
)
from giliran.lab.office.picture import picture

SHARE = click.FloatRange(0, 1)
BASE = "as it is"
Found = dict[str, dict[str, Any]]  # scenario to figure to one value a replication
Shown = Callable[[float], str]


@click.command()
@click.option("--counters", type=click.IntRange(1, 200), default=2, show_default=True)
@click.option(
    "--walk-in-share",
    type=SHARE,
    default=0.4,
    show_default=True,
    help="Share of the counters' time that is not booked.",
)
@click.option(
    "--numbers/--no-numbers",
    default=True,
    show_default=True,
    help="Whether walk-ins without a number for the day are turned away.",
)
@click.option(
    "--people",
    type=click.FloatRange(0, 100),
    default=1.0,
    show_default=True,
    help="Times as many walk-ins as in Serang.",
)
@click.option(
    "--minutes",
    type=click.FloatRange(0.1, 600),
    default=12.0,
    show_default=True,
    help="Mean length of a service; what was booked stays.",
)
@click.option(
    "--policy", type=click.Choice(list(POLICIES)), default="accumulating", show_default=True
)
@click.option(
    "--more-counters",
    type=click.IntRange(-199, 200),
    multiple=True,
    help="What if: so many more counters, the same bookings and numbers. May be repeated.",
)
@click.option(
    "--precheck", type=SHARE, multiple=True, help="What if: this share of files is checked before."
)
@click.option(
    "--precheck-factor",
    type=click.FloatRange(0.01, 10),
    default=0.5,
    show_default=True,
    help="Length of a service whose file was checked, as a share.",
)
@click.option(
    "--more-no-shows",
    type=SHARE,
    multiple=True,
    help="What if: so many more of the booked (0.1: ten in a hundred) stay away.",
)
@click.option("--days", type=click.IntRange(1, 100_000), default=20, show_default=True)
@click.option("--replications", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A picture, .svg.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object and nothing else.")
def office(
    seed: int, days: int, replications: int, as_json: bool, out: Path | None, **given: Any
) -> None:
    """Play days of an office like Serang's, as it is and with one change each.

    Without a what-if: one more counter, half the files checked before, ten in a hundred more
    no-shows. Every scenario has the same people on the same days, so differences are known
    better than the figures themselves. Assumptions: docs/guides/lab.md
    """
    if out is not None and out.suffix.lower() != ".svg":
        raise click.UsageError("The picture is an SVG; give a name that ends in .svg.")
    try:
        offices = _offices(given)
    except ValueError as reason:
        raise click.UsageError(str(reason)) from reason
    found = _play_all(offices, seed, days, replications, quiet=as_json)
    if out is not None:
        told = {name: _estimates(values) for name, values in found.items()}
        out.write_text(picture(told, title="Waits at the office"), encoding="utf-8")
    if as_json:
        click.echo(json.dumps(_as_json(found, seed, days, replications, given)))
    else:
        _report(found, days, replications, Console())


def _offices(given: Mapping[str, Any]) -> dict[str, Office]:
    base = serang_office(counters=given["counters"], walk_in_share=given["walk_in_share"])
    base = replace(
        base,
        services=tuple(replace(one, minutes=given["minutes"]) for one in base.services),
        walk_ins={
            who: tuple(given["people"] * rate for rate in rates)
            for who, rates in base.walk_ins.items()
        },
        walk_in_places=base.walk_in_places if given["numbers"] else None,
        policy=POLICIES[given["policy"]],
    )
    asked = bool(given["more_counters"] or given["precheck"] or given["more_no_shows"])
    offices = {BASE: base}
    for more in given["more_counters"] if asked else (1,):
        offices[f"{more:+d} counter{'s' * (abs(more) != 1)}"] = with_more_counters(base, more)
    for share in given["precheck"] if asked else (0.5,):
        name = f"{_percent(share)} pre-checked"
        offices[name] = with_prechecked(base, share, factor=given["precheck_factor"])
    for less in given["more_no_shows"] if asked else (0.1,):
        offices[f"{_percent(less)} more no-shows"] = with_fewer_shows(base, less)
    return offices


def _play_all(
    offices: Mapping[str, Office], seed: int, days: int, replications: int, *, quiet: bool
) -> Found:
    """Play every scenario with the same seed; the bar goes to a terminal's error stream."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    off = quiet or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=off) as progress:
        # numba compiles for some seconds, but only once on a machine.
        bar = progress.add_task("compiling", total=replications * len(offices))

        def played(more: int) -> None:
            progress.update(bar, advance=more, description="replications")

        try:
            return {
                name: figures(
                    play(
                        [one],
                        seed=seed,
                        days=days,
                        replications=replications,
                        cores=os.cpu_count() or 1,
                        played=played,
                    )
                )
                for name, one in offices.items()
            }
        except ModuleNotFoundError as reason:
            if reason.name != "numba":
                raise
            raise click.ClickException(
                "The laboratory needs numba, which has no version for this machine. "
                "Play it on Linux, Windows or a newer Mac, with Python 3.11 to 3.14."
            ) from reason


def _minutes(value: float) -> str:
    return f"{value:.1f}"


def _percent(value: float) -> str:
    return f"{100 * value:.3g} %"


def _percents(value: float) -> str:
    return f"{100 * value:.1f}"


_ROWS: tuple[tuple[str, str, Shown], ...] = (
    ("wait: half within, minutes", "wait_p50_minutes.all", _minutes),
    *(
        (
            f"  {name.replace('walk_in', 'walk-in').replace('_', ' ')}",
            f"wait_p50_minutes.{name}",
            _minutes,
        )
        for name in CLASSES
    ),
    ("wait: nine in ten within", "wait_p90_minutes.all", _minutes),
    *(
        (
            f"  {name.replace('walk_in', 'walk-in').replace('_', ' ')}",
            f"wait_p90_minutes.{name}",
            _minutes,
        )
        for name in CLASSES
    ),
    ("called within their window, %", "in_window_share", _percents),
    ("served a day", "served_a_day.all", _minutes),
    ("lost patience", "left_a_day.all", _minutes),
    ("unserved at closing", "unserved_a_day.all", _minutes),
    ("turned away", "turned_away_a_day.all", _minutes),
    ("no-shows", "no_shows_a_day", _minutes),
    ("idle, % of the time", "idle_share", _percents),
    ("overtime, minutes", "overtime_minutes_a_day", _minutes),
)


def _report(found: Found, days: int, replications: int, console: Console) -> None:
    base = found[BASE]
    console.print(
        f"{replications} times {days} days; people and minutes are a day's; ± is half the 95 % "
        "interval. Right of the first column: how much more or less, with the same people."
    )
    table = Table()
    table.add_column("")
    for name in found:
        table.add_column(name, justify="right")
    for label, figure, shown in _ROWS:
        cells = [_cell(estimate(base[figure]), shown)]
        cells += [
            _cell(difference(base[figure], other[figure]), shown, sign=True)
            for name, other in found.items()
            if name != BASE
        ]
        table.add_row(label, *cells)
    console.print(table)


def _cell(one: Estimate, shown: Shown, *, sign: bool = False) -> str:
    if math.isnan(one.mean):
        return "-"
    told = shown(one.mean)
    if told.strip("-0.") == "":
        told = told.removeprefix("-")
    elif sign and one.mean > 0:
        told = f"+{told}"
    return told if math.isnan(one.half) else f"{told} ± {shown(one.half)}"


def _estimates(values: Mapping[str, Any]) -> dict[str, Estimate]:
    return {name: estimate(one) for name, one in values.items()}


def _as_json(
    found: Found, seed: int, days: int, replications: int, given: Mapping[str, Any]
) -> dict[str, Any]:
    base = found[BASE]
    return {
        "setting": dict(given),
        "seed": seed,
        "days": days,
        "replications": replications,
        "scenarios": {
            name: {
                "figures": {key: _numbers(one) for key, one in _estimates(values).items()},
                "difference": {key: _numbers(difference(base[key], values[key])) for key in values},
            }
            for name, values in found.items()
        },
    }


def _numbers(one: Estimate) -> dict[str, float | None]:
    return {
        key: None if math.isnan(value) else value
        for key, value in (("mean", one.mean), ("half", one.half))
    }

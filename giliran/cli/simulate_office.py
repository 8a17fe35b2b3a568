"""`giliran simulate office`: one more counter, half the files checked before: what would change."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import click
from rich.console import Console
from rich.table import Table

from giliran.cli import clusters, plots
from giliran.cli.replications import (
    ON,
    PICTURE,
    Shown,
    cell,
    check_picture,
    numba_needed,
    numbers,
    percents,
    progress,
    tenths,
)
from giliran.core.calling import POLICIES
from giliran.lab.office import (
    CLASSES,
    Estimate,
    Office,
    Run,
    difference,
    estimate,
    figures,
    joined,
    play,
    serang_office,
    with_fewer_shows,
    with_more_counters,
    with_prechecked,
)

SHARE = click.FloatRange(0, 1)
BASE = "as it is"
Found = dict[str, dict[str, Any]]  # scenario to figure to one value a replication


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
@PICTURE
@ON
@click.option("--json", "as_json", is_flag=True, help="One JSON object and nothing else.")
def office(
    seed: int,
    days: int,
    replications: int,
    as_json: bool,
    out: Path | None,
    on: str | None,
    **given: Any,
) -> None:
    """Play days of an office like Serang's, as it is and with one change each.

    Without a what-if: one more counter, half the files checked before, ten in a hundred more
    no-shows. Every scenario has the same people on the same days, so differences are known
    better than the figures themselves. Assumptions: docs/guides/lab.md
    """
    check_picture(out)
    try:
        offices = _offices(given)
    except ValueError as reason:
        raise click.UsageError(str(reason)) from reason
    runs = _play_all(offices, seed, days, replications, on=on, quiet=as_json)
    found = {name: figures(run) for name, run in runs.items()}
    if out is not None:
        plots.save_waits(
            out,
            runs,
            title="How long people wait at an office like Serang's",
            said=f"{replications} times {days} days, seed {seed}, {given['counters']} counters, "
            f"{given['policy']} calling; bands and bars are 95 % intervals.",
        )
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


class _Part(NamedTuple):
    """Some replications of one scenario, as they are sent to whoever plays them."""

    office: Office
    seed: int
    days: int
    first: int
    replications: int


def _play(part: _Part) -> Run:
    return play(
        [part.office],
        seed=part.seed,
        days=part.days,
        replications=part.replications,
        first_replication=part.first,
    )


def _play_all(
    offices: Mapping[str, Office],
    seed: int,
    days: int,
    replications: int,
    *,
    on: str | None,
    quiet: bool,
) -> dict[str, Run]:
    """Play every scenario with the same seed, wherever `on` says."""
    cores = os.cpu_count() or 1
    cut = clusters.parts(replications, on=on, cores=cores)
    tasks = [_Part(one, seed, days, first, many) for one in offices.values() for first, many in cut]
    runs = []
    with (
        numba_needed(),
        clusters.spread(on, cores=cores) as spread,
        progress(replications * len(offices), quiet=quiet) as played,
    ):
        for part, run in zip(tasks, spread(_play, tasks), strict=True):
            runs.append(run)
            played(part.replications)
    return {
        name: joined(runs[place * len(cut) : (place + 1) * len(cut)])
        for place, name in enumerate(offices)
    }


def _percent(value: float) -> str:
    return f"{100 * value:.3g} %"


_ROWS: tuple[tuple[str, str, Shown], ...] = (
    ("wait: half within, minutes", "wait_p50_minutes.all", tenths),
    *(
        (
            f"  {name.replace('walk_in', 'walk-in').replace('_', ' ')}",
            f"wait_p50_minutes.{name}",
            tenths,
        )
        for name in CLASSES
    ),
    ("wait: nine in ten within", "wait_p90_minutes.all", tenths),
    *(
        (
            f"  {name.replace('walk_in', 'walk-in').replace('_', ' ')}",
            f"wait_p90_minutes.{name}",
            tenths,
        )
        for name in CLASSES
    ),
    ("called within their window, %", "in_window_share", percents),
    ("served a day", "served_a_day.all", tenths),
    ("lost patience", "left_a_day.all", tenths),
    ("unserved at closing", "unserved_a_day.all", tenths),
    ("turned away", "turned_away_a_day.all", tenths),
    ("no-shows", "no_shows_a_day", tenths),
    ("idle, % of the time", "idle_share", percents),
    ("overtime, minutes", "overtime_minutes_a_day", tenths),
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
        cells = [cell(estimate(base[figure]), shown)]
        cells += [
            cell(difference(base[figure], other[figure]), shown, sign=True)
            for name, other in found.items()
            if name != BASE
        ]
        table.add_row(label, *cells)
    console.print(table)


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
                "figures": {key: numbers(one) for key, one in _estimates(values).items()},
                "difference": {key: numbers(difference(base[key], values[key])) for key in values},
            }
            for name, values in found.items()
        },
    }

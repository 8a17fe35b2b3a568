"""`giliran simulate network`: weeks of several offices, come at dawn or asked from home."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
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
from giliran.lab.network import (
    ALL,
    WAYS,
    Network,
    figures_of,
    five_branches,
    play_network,
    together,
)
from giliran.lab.office import difference, estimate

SHARE = click.FloatRange(0, 1)
NAMES = {"first_come": "first come at dawn", "draw": "draw"}
Found = dict[str, dict[str, Any]]  # scenario to figure to one value a replication


@click.command()
@click.option(
    "--days", type=click.IntRange(1, 1_000), default=30, show_default=True, help="Working days."
)
@click.option("--replications", type=click.IntRange(1, 10_000), default=10, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option(
    "--people",
    type=click.FloatRange(0, 20),
    default=1.0,
    show_default=True,
    help="Times as many people; once as many ask for 98 of 100 places.",
)
@click.option(
    "--leave",
    type=SHARE,
    default=0.1,
    show_default=True,
    help="Share of days on which an officer is away and none is lent; 0: not played.",
)
@click.option(
    "--backlog",
    "backlog_days",
    type=click.FloatRange(0, 100),
    default=Network.backlog_days,
    show_default=True,
    help="People already waiting at the start, in days of demand.",
)
@click.option(
    "--walk-in-share",
    type=SHARE,
    default=Network.walk_in_share,
    show_default=True,
    help="Share of the counters' time kept for the door, beside the draw.",
)
@click.option(
    "--at-the-door",
    type=SHARE,
    default=Network.at_the_door,
    show_default=True,
    help="Share of people who never apply and stand at the door.",
)
@click.option(
    "--narrow",
    type=SHARE,
    default=Network.narrow,
    show_default=True,
    help="Share of applicants who accept only their own office.",
)
@click.option(
    "--narrow-credit",
    type=SHARE,
    default=Network.narrow_credit,
    show_default=True,
    help="Credit that these earn for a lost round.",
)
@click.option(
    "--comes-again",
    type=SHARE,
    default=Network.comes_again,
    show_default=True,
    help="Chance that who got no number stands there on a day after.",
)
@click.option(
    "--show-up",
    type=SHARE,
    default=Network.show_up,
    show_default=True,
    help="Share of the drawn who come.",
)
@click.option(
    "--lead",
    "lead_days",
    type=click.IntRange(1, 100),
    default=Network.lead_days,
    show_default=True,
    help="Working days from the draw to the day that is drawn for.",
)
@PICTURE
@ON
@click.option(
    "--cores",
    type=click.IntRange(1, 1_024),
    default=os.cpu_count() or 1,
    help="Of this machine; all unless said.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object and nothing else.")
@click.pass_context
def network(
    asked: click.Context,
    /,
    seed: int,
    replications: int,
    people: float,
    leave: float,
    as_json: bool,
    out: Path | None,
    on: str | None,
    cores: int,
    **given: Any,
) -> None:
    """Play five made-up offices for some weeks: come at dawn as today, or ask and be drawn.

    Each with every officer there, and with officers on leave whom no other office replaces. All
    meet the same people, so differences are known better than the figures themselves.
    Assumptions: docs/guides/lab.md
    """
    check_picture(out)
    base = Network(five_branches(people), **given)
    scenarios = {
        NAMES[way] + (f", {100 * share:.3g} % leave" if share else ""): replace(
            base, way=way, leave=share
        )
        for way in WAYS
        for share in dict.fromkeys((0.0, leave))
    }
    found = _play_all(scenarios, seed, replications, on=on, cores=cores, quiet=as_json)
    said = (
        f"{replications} times {base.days} working days, seed {seed}, "
        f"{sum(one.people for one in base.branches):.0f} people a day ask"
    )
    if out is not None:
        _draw(out, found, base, said)
    if as_json:
        setting = {name: value for name, value in asked.params.items() if name not in _NOT_SAID}
        click.echo(json.dumps(_as_json(found, setting)))
    else:
        _report(found, base, said, Console())


_NOT_SAID = ("as_json", "out", "on", "cores")


class _Part(NamedTuple):
    """Some replications of one scenario, as they are sent to whoever plays them."""

    network: Network
    seed: int
    first: int
    replications: int


def _play(part: _Part) -> list[dict[str, float]]:
    return [
        figures_of(play_network(part.network, seed=part.seed, replication=number))
        for number in range(part.first, part.first + part.replications)
    ]


def _play_all(
    scenarios: Mapping[str, Network],
    seed: int,
    replications: int,
    *,
    on: str | None,
    cores: int,
    quiet: bool,
) -> Found:
    cut = clusters.parts(replications, on=on, cores=cores)
    tasks = [_Part(one, seed, *some) for one in scenarios.values() for some in cut]
    runs: list[dict[str, float]] = []
    with (
        numba_needed(),
        clusters.spread(on, cores=cores, holds_the_lock=True) as spread,
        progress(replications * len(scenarios), quiet=quiet) as played,
    ):
        for part in spread(_play, tasks):
            runs += part
            played(len(part))
    return {
        name: together(runs[place * replications : (place + 1) * replications])
        for place, name in enumerate(scenarios)
    }


def _whole(value: float) -> str:
    return f"{value:.0f}"


_ROWS: Sequence[tuple[str, str, Shown]] = (
    ("days from asking to turn, mean", "days_mean", tenths),
    ("half within", "days_p50", tenths),
    ("nine in ten within", "days_p90", tenths),
    ("asked in the first half: served, %", "served_share", percents),
    ("who accept only their own office: days", "narrow_days_mean", tenths),
    ("of these served, %", "narrow_served_share", percents),
    ("visits until served", "visits_mean", tenths),
    ("served at another office, %", "away_from_home_share", percents),
    ("at the door before opening, a day", "before_opening_a_day", _whole),
    ("turned away at the door, a day", "turned_away_a_day", _whole),
    ("wait: half within, minutes", "wait_p50_minutes", _whole),
    ("wait: nine in ten within", "wait_p90_minutes", _whole),
    ("called within their window, %", "in_window_share", percents),
    ("places a day", "places_a_day", _whole),
    ("served a day", "served_a_day", _whole),
    ("booked and did not come, a day", "no_shows_a_day", tenths),
    ("gave up", "gave_up", _whole),
    ("still waiting at the end", "still_waiting", _whole),
    ("wrong, says the audit of the draws", "draw_violations", _whole),
)
_BY_OFFICE = ("days_mean", "before_opening_a_day", "turned_away_a_day", "wait_p90_minutes")


def _report(found: Found, base: Network, said: str, console: Console) -> None:
    console.print(f"{said}; ± is half the 95 % interval.")
    first = next(iter(found))
    table = Table(title="All offices; after the first column how much more or less")
    table.add_column("")
    for name in found:
        table.add_column(name, justify="right")
    for label, figure, shown in _ROWS:
        key = f"{figure}.{ALL}"
        told = [cell(estimate(found[first][key]), shown)]
        for name, values in found.items():
            if name != first:
                change = difference(found[first][key], values[key])
                alone = estimate(values[key])  # no first value, no difference: a window, say
                only = change.mean != change.mean
                told.append(cell(alone, shown) + " *" if only else cell(change, shown, sign=True))
        table.add_row(label, *told)
    console.print(table)
    console.print("* itself, for the first has none.")
    for label, figure, shown in _ROWS:
        if figure in _BY_OFFICE:
            _report_offices(found, base, label, figure, shown, console)


def _report_offices(
    found: Found, base: Network, label: str, figure: str, shown: Shown, console: Console
) -> None:
    table = Table(title=f"By office (counters): {label}")
    table.add_column("")
    for name in found:
        table.add_column(name, justify="right")
    for branch in base.branches:
        key = f"{figure}.{branch.name}"
        cells = [cell(estimate(values[key]), shown) for values in found.values()]
        table.add_row(f"{branch.name} ({branch.counters})", *cells)
    console.print(table)


def _draw(out: Path, found: Found, base: Network, said: str) -> None:
    rows = [ALL, *(one.name for one in base.branches)]

    def panel(axis: str, figure: str, *, factor: float = 1.0) -> plots.Panel:
        return plots.Panel(
            axis,
            ["all offices", *rows[1:]],
            {
                name: [estimate(factor * values[f"{figure}.{row}"]) for row in rows]
                for name, values in found.items()
            },
        )

    panels = [
        panel("days from asking to turn, mean", "days_mean"),
        panel("visits until served, mean", "visits_mean"),
        panel("wait, nine in ten within, minutes", "wait_p90_minutes"),
        panel("turned away at the door, people a day", "turned_away_a_day"),
    ]
    plots.save_panels(
        out,
        panels,
        title="Come at dawn as today, or ask from home and be drawn",
        said=f"{said}; bars are 95 % intervals. People, offices and demand are made up.",
    )


def _as_json(found: Found, setting: Mapping[str, Any]) -> dict[str, Any]:
    base = next(iter(found.values()))
    return {
        "setting": setting,
        "scenarios": {
            name: {
                "figures": {key: numbers(estimate(one)) for key, one in values.items()},
                "difference": {key: numbers(difference(base[key], values[key])) for key in values},
            }
            for name, values in found.items()
        },
    }

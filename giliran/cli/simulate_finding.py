"""`giliran simulate finding`: the finding at Serang, before and after."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from giliran.cli.replications import numba_needed, progress
from giliran.lab.network.before_after import FIGURES, SCENARIOS, rehearse


@click.command()
@click.option("--replications", type=click.IntRange(2, 1_000), default=10, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=2025, show_default=True)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the JSON to this file."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object and nothing else.")
def finding(replications: int, seed: int, out: Path | None, as_json: bool) -> None:
    """Play the town office as it was reported, then with the draw and with loans.

    The demonstration's page /coba/serang/ shows what this wrote with its defaults.
    """
    with numba_needed(), progress(replications * len(SCENARIOS), quiet=as_json) as more:
        found = rehearse(replications, seed=seed, tell=lambda: more(1))
    text = json.dumps(found, indent=1)
    if out is not None:
        out.write_text(text + "\n", encoding="utf-8")
    if as_json:
        click.echo(text)
        return
    table = Table("", *SCENARIOS)
    for name in FIGURES:
        table.add_row(name, *(f"{found[one][name][0]:.3f}" for one in SCENARIOS))
    Console().print(table)

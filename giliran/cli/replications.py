"""What every command that plays replications shares: where, how far, and how a figure is told."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from giliran.cli import plots
from giliran.lab.office import Estimate

Shown = Callable[[float], str]
PICTURE = click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also draw it, to a name that ends in .svg or .png.",
)
ON = click.option(
    "--on",
    metavar="PLACE",
    help="Spread replications over a cluster: dask://HOST:PORT, ray://HOST:PORT, or ray. "
    "Without it this machine's cores play. The figures are the same.",
)


def check_picture(out: Path | None) -> None:
    """Refuse a picture that can't be drawn before anything is played."""
    if out is not None and out.suffix.lower() not in plots.ENDINGS:
        raise click.UsageError("A picture is drawn to a name that ends in .svg or .png.")
    if out is not None and not (out.parent.is_dir() and os.access(out.parent, os.W_OK)):
        raise click.UsageError(f"No picture can be written to the folder {out.parent}.")


@contextmanager
def progress(of: int, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Show a bar on a terminal's error stream; told how many more replications are done."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    off = quiet or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=off) as shown:
        # numba compiles for some seconds, but only once on a machine.
        bar = shown.add_task("compiling", total=of)
        yield lambda more: shown.update(bar, advance=more, description="replications")


@contextmanager
def numba_needed() -> Iterator[None]:
    """Say in a sentence what is missing where the compiler is."""
    try:
        yield
    except ModuleNotFoundError as reason:
        if reason.name != "numba":
            raise
        raise click.ClickException(
            "The laboratory needs numba, which has no version for this machine. "
            "Play it on Linux, Windows or a newer Mac, with Python 3.11 to 3.14."
        ) from reason


def tenths(value: float) -> str:
    return f"{value:.1f}"


def percents(share: float) -> str:
    return f"{100 * share:.1f}"


def cell(one: Estimate, shown: Shown, *, sign: bool = False) -> str:
    """Tell a mean and half of its interval; `-` where there was nobody."""
    if math.isnan(one.mean):
        return "-"
    told = shown(one.mean)
    if told.strip("-0.") == "":
        told = told.removeprefix("-")
    elif sign and one.mean > 0:
        told = f"+{told}"
    return told if math.isnan(one.half) else f"{told} ± {shown(one.half)}"


def numbers(one: Estimate) -> dict[str, float | None]:
    """Give an estimate as JSON knows it: null where there was nobody or one replication."""
    return {
        key: None if math.isnan(value) else value
        for key, value in (("mean", one.mean), ("half", one.half))
    }

"""`giliran figures`: what the journal adds up to."""

from __future__ import annotations

import sys

import click

from giliran.cli.database import connect, set_up_django

_SHOWN = 20


@click.group()
def figures() -> None:
    """Count the figures anew from the journal."""


@figures.command()
@click.option("--check", is_flag=True, help="Change nothing; exit code 1 if anything differs.")
@click.option(
    "--look-anew", is_flag=True, help="Look up opening hours again that were corrected since."
)
def recount(check: bool, look_anew: bool) -> None:
    """Count everything anew, and put it in place of what stands.

    Nothing is lost that happens meanwhile. Ten million events take some minutes.
    """
    server = connect()
    set_up_django()
    from giliran.figures import folding, recounting

    if check:
        found = list(recounting.compare())
        for one in found[:_SHOWN]:
            click.echo(
                f"{one.span} {one.first} office {one.office_id} {one.split} {one.part} {one.key}: "
                f"stands {one.held}, counted {one.counted}"
            )
        click.echo(f"{len(found)} differences from a recount.")
        click.echo(f"{folding.behind().events} events wait to be counted.")
        del server
        sys.exit(1 if found else 0)
    click.echo(f"{recounting.recount(look_anew=look_anew)} cells counted anew.")
    del server

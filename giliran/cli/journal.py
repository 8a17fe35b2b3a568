"""`giliran journal`: the history as a witness."""

from __future__ import annotations

import sys

import click

from giliran.cli.database import connect, set_up_django


@click.group()
def journal() -> None:
    """Check that the history adds up to the state."""


@journal.command()
def check() -> None:
    """Rebuild every turn from its history and compare it with the turn as it stands.

    Prints each difference; exit code 1 if there is any.
    """
    server = connect()
    set_up_django()
    from giliran.turns.queries import differences_from_history

    checked, wrong = 0, 0
    for turn_id, difference in differences_from_history():
        checked += 1
        if difference:
            wrong += 1
            click.echo(f"turn {turn_id}: {difference}")
    click.echo(f"{checked} turns rebuilt from history, {wrong} differ.")
    del server
    sys.exit(1 if wrong else 0)

"""`giliran journal`: the history as a witness."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click

from giliran.cli.database import connect, set_up_django


@click.group()
def journal() -> None:
    """Check that the history adds up to the state."""


@journal.command()
def check() -> None:
    """Rebuild every turn, claim and complaint from its history and compare it with how it stands.

    Prints each difference; exit code 1 if there is any.
    """
    server = connect()
    set_up_django()
    from giliran.claims import queries as claims
    from giliran.turns import queries as turns
    from giliran.voices import queries as voices

    wrong = _told("turn", turns.differences_from_history())
    wrong += _told("claim", claims.differences_from_history())
    wrong += _told("complaint", voices.differences_from_history())
    del server
    sys.exit(1 if wrong else 0)


def _told(what: str, differences: Iterable[tuple[int, str]]) -> int:
    """Print each difference and how many were checked; returns how many differ."""
    checked, wrong = 0, 0
    for number, difference in differences:
        checked += 1
        if difference:
            wrong += 1
            click.echo(f"{what} {number}: {difference}")
    click.echo(f"{checked} {what}s rebuilt from history, {wrong} differ.")
    return wrong

"""`giliran worker`: works off what was posted."""

from __future__ import annotations

import click

from giliran.cli.database import connect, set_up_django


@click.command()
@click.option("--concurrency", default=4, show_default=True, help="Jobs at the same time.")
def worker(concurrency: int) -> None:
    """Work off posted jobs and keep the clockwork (opening days, closing days) until Ctrl-C.

    Any number of workers may run, on any machine that reaches the database.
    """
    server = connect()
    set_up_django()
    from giliran.jobs.worker import run

    run(concurrency=concurrency)
    del server

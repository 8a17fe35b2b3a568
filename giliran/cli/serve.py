"""`giliran serve`: the pages on one port, the live streams on the next."""

from __future__ import annotations

import os
import sys

import click

from giliran.cli.database import connect, migrate_now, set_up_django
from giliran.cli.processes import Processes, refuse_taken_ports


def start_servers(
    processes: Processes, *, host: str, port: int, live_port: int, workers: int, threads: int
) -> None:
    """Start the page server and the live streams; DATABASE_URL must be set.

    ``workers`` are processes, ``threads`` per process; each thread may hold one connection.
    """
    collect_static()
    pool = {"DATABASE_POOL": os.environ.get("DATABASE_POOL", str(threads))}
    processes.start(
        "web",
        "giliran.cli.pages",
        "--interface=wsgi",
        f"--host={host}",
        f"--port={port}",
        f"--workers={workers}",
        f"--blocking-threads={threads}",
        "--respawn-failed-workers",
        "--no-ws",
        "--log-level=error",
        "giliran.wsgi:application",
        env=pool,
    )
    processes.start(
        "live",
        "granian",
        "--interface=asgi",
        f"--host={host}",
        f"--port={live_port}",
        "--workers=1",
        "--no-ws",
        # Every stream is a request that never ends: the default backpressure would let the
        # 1,025th reader hang, and HTTP/2 buffers cost a third more memory per stream.
        "--http=1",
        "--backlog=16384",
        "--backpressure=16384",
        "--log-level=error",
        "giliran.live.app:application",
    )


def collect_static() -> None:
    """Gather styles, scripts and voices, compressed, where the page server finds them."""
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port of the pages.")
@click.option("--live-port", default=None, type=int, help="Port of the live streams [port + 1].")
@click.option("--workers", default=2, show_default=True, help="Processes for pages: one per core.")
@click.option("--threads", default=8, show_default=True, help="Threads (connections) per process.")
@click.option("--migrate/--no-migrate", default=True, show_default=True, help="Migrate first.")
def serve(
    host: str, port: int, live_port: int | None, workers: int, threads: int, migrate: bool
) -> None:
    """Serve the pages and the live streams until Ctrl-C.

    Put a TLS proxy in front, with /live/ going to the live port, and set GILIRAN_HOSTS,
    GILIRAN_ORIGINS and GILIRAN_TLS=1. Run `giliran worker` beside it.
    """
    live_port = live_port or port + 1
    refuse_taken_ports(host, port, live_port)
    server = connect()
    if not os.environ.get("GILIRAN_ORIGINS"):
        os.environ.setdefault("GILIRAN_LIVE_URL", f"http://{_reachable(host)}:{live_port}")
    set_up_django()
    if migrate:
        migrate_now()
    processes = Processes()
    processes.stop_when_asked()
    start_servers(
        processes, host=host, port=port, live_port=live_port, workers=workers, threads=threads
    )
    click.echo(f"giliran serves http://{_reachable(host)}:{port}  (Ctrl-C stops it)")
    code = processes.wait()
    del server
    sys.exit(code)


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104

"""Starting the server's processes, watching them, and stopping them together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

import click

STOP_SECONDS = 8


class Processes:
    """A few processes that live and die together."""

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._asked_to_stop = False

    def stop_when_asked(self) -> None:
        """From now on let Ctrl-C and SIGTERM end ``wait`` instead of this process alone."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop_soon)

    def start(
        self,
        name: str,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        reads: bytes = b"",
    ) -> None:
        """Start ``python -m arguments`` under a name, with additions to the environment.

        ``reads`` is given to it as standard input.
        """
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            env={**os.environ, **(env or {})},
            # A group of its own: Ctrl-C reaches only us, and we stop them in order.
            start_new_session=True,
            stdin=subprocess.PIPE if reads else subprocess.DEVNULL,
        )
        if process.stdin is not None:
            process.stdin.write(reads)
            process.stdin.close()
        self._running[name] = process

    def wait(self) -> int:
        """Wait until asked to stop (see ``stop_when_asked``) or until one of them ends by itself.

        Returns 0 when asked, 1 when one failed, after stopping all.
        """
        failed = None
        while not self._asked_to_stop and failed is None:
            time.sleep(0.2)
            failed = next((n for n, p in self._running.items() if p.poll() is not None), None)
        self.stop()
        if failed is not None and not self._asked_to_stop:
            print(f"The {failed} process ended by itself; stopped the others too.", file=sys.stderr)
            return 1
        return 0

    def stop(self) -> None:
        """Stop all, the youngest first, and wait for them."""
        for process in reversed(self._running.values()):
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            # Whatever is left of its group, too: a server's own children may outlive it.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _stop_soon(self, number: int, frame: FrameType | None) -> None:
        self._asked_to_stop = True


def refuse_taken_ports(host: str, *ports: int) -> None:
    """Raise ``click.ClickException`` with what to do if another program listens there already."""
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                raise click.ClickException(
                    f"Port {port} is taken: another giliran may be running. Stop it with Ctrl-C, "
                    f"or choose another port with --port."
                ) from None


def wait_until_up(address: str, *, seconds: float = 60) -> None:
    """Wait until an address answers 200; raises ``TimeoutError`` with what was seen last."""
    deadline = time.monotonic() + seconds
    last: object = "no answer"
    while time.monotonic() < deadline:
        try:
            with urlopen(address, timeout=2) as answer:  # noqa: S310 -- our own http address
                if answer.status == 200:  # noqa: PLR2004
                    return
                last = answer.status
        except (URLError, OSError) as error:
            last = error
        time.sleep(0.05)
    raise TimeoutError(f"{address} did not answer within {seconds:.0f} s: {last}")

"""Real processes: what a monitor is told while they live, and after one was killed."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from urllib.error import HTTPError

import psycopg
import pytest

pytestmark = pytest.mark.rush


def told(server) -> tuple[int, dict[str, str]]:
    try:
        with urllib.request.urlopen(f"{server.url}/sehat/", timeout=15) as answer:  # noqa: S310 -- our own server
            return answer.status, json.load(answer)
    except HTTPError as answer:
        return answer.code, json.load(answer)


def wait_until_told(server, status: int, **parts: str) -> None:
    """Wait for an answer; each process of the pages keeps its own for five seconds."""
    give_up_at = time.monotonic() + 40
    while (last := told(server)) != (status, {"database": "ok", **parts}):
        assert time.monotonic() < give_up_at, last
        time.sleep(0.5)


def test_a_monitor_sees_worker_and_streams_live_and_misses_a_worker_that_was_killed(server):
    worker = subprocess.Popen(
        [sys.executable, "-m", "giliran", "worker"], env={**os.environ, **server.environment()}
    )
    try:
        wait_until_told(server, 200, worker="ok", live="ok")
    finally:
        worker.kill()
        worker.wait(10)

    with psycopg.connect(server.database_url) as later:
        later.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '3 min'")
        later.execute(
            "UPDATE procrastinate_periodic_defers SET defer_timestamp = defer_timestamp - 180"
        )

    wait_until_told(server, 503, worker="silent", live="ok")

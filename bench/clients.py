"""The clients of the benches: many connections in one lean process of its own.

Started as `python -m bench.clients book|call` with a plan as JSON on the input; says what was
answered as JSON on the output, with the processor time that the clients themselves used.
"""

import asyncio
import json
import sys
import time
from typing import Any
from uuid import uuid4

NIKS_IN_A_REGION = 9999


class Connection(asyncio.Protocol):
    """An HTTP connection that is kept open and asks one thing at a time."""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._received = b""
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    def ask(self, request: bytes) -> asyncio.Future[tuple[int, bytes]]:
        """Send a request; the future gives the status and the body."""
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end_of_head, body = self._received.partition(b"\r\n\r\n")
        if not end_of_head:
            return
        _, _, length = head.lower().partition(b"content-length: ")
        if len(body) >= int(length.partition(b"\r")[0]):
            self._received = b""
            self._answer.set_result((int(head[9:12]), body))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_exception(exc or ConnectionError("the server hung up"))


def post(path: str, body: str = "{}", headers: str = "") -> bytes:
    return (
        f"POST /api/v1/{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"{headers}Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


async def connections(port: int, n: int) -> list[Connection]:
    loop = asyncio.get_running_loop()
    made = []
    for _ in range(n):
        _, connection = await loop.create_connection(Connection, "127.0.0.1", port)
        made.append(connection)
    return made


async def book(plan: dict[str, Any]) -> dict[str, Any]:
    """Book until the time is up, in turn at one of many windows and at the one that all want.

    An answer is (window, NIK, status, code or null, milliseconds).
    """
    answers = []
    asked = 0
    stop_at = time.monotonic() + plan["seconds"]

    async def one(connection: Connection) -> None:
        nonlocal asked
        while (sent := time.monotonic()) < stop_at:
            number = asked
            asked += 1
            windows = plan["windows"]
            window = plan["rushed"] if number % 2 else windows[number // 2 % len(windows)]
            region, serial = divmod(plan["first"] + number % plan["people"], NIKS_IN_A_REGION)
            nik = f"{100_000 + region}170885{serial + 1:04}"
            body = (
                f'{{"window":{window},"service":"jht","nik":"{nik}","name":"Peserta Contoh",'
                f'"phone":"081234567890","request_key":"{uuid4()}"}}'
            )
            status, said = await connection.ask(post("turns", body))
            took = (time.monotonic() - sent) * 1000
            code = json.loads(said)["code"] if status == 201 else None
            answers.append((window, nik, status, code, took))

    clients = await connections(plan["port"], plan["clients"])
    began = time.monotonic()
    await asyncio.gather(*(one(connection) for connection in clients))
    return {"answers": answers, "seconds": time.monotonic() - began}


async def call(plan: dict[str, Any]) -> dict[str, Any]:
    """Let every officer call, start and finish until nobody waits.

    An answer is (office, verb, status, code or null, when sent, when got), times in seconds.
    """
    answers = []

    async def one(connection: Connection, desk: dict[str, Any]) -> None:
        headers = f"Cookie: sessionid={desk['session']}\r\nX-Requested-With: giliran\r\n"
        requests = {
            verb: post(f"counters/{desk['counter']}/{verb}", headers=headers)
            for verb in ("next", "start", "finish")
        }
        while True:
            for verb, request in requests.items():
                sent = time.monotonic()
                status, said = await connection.ask(request)
                turn = json.loads(said).get("turn") if status == 200 else None
                code = turn and turn["code"]
                answers.append((desk["office"], verb, status, code, sent, time.monotonic()))
                if code is None:
                    return

    clients = await connections(plan["port"], len(plan["desks"]))
    began = time.monotonic()
    await asyncio.gather(*map(one, clients, plan["desks"]))
    return {"answers": answers, "seconds": time.monotonic() - began}


if __name__ == "__main__":
    used_before = time.process_time()
    story = {"book": book, "call": call}[sys.argv[1]]
    told = asyncio.run(story(json.load(sys.stdin)))
    told["cpu_seconds"] = time.process_time() - used_before
    json.dump(told, sys.stdout)

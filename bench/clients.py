"""The clients of the benches: many connections in one lean process of its own.

Started as `python -m bench.clients book|call|apply|apply_paced` with a plan as JSON on the input;
says what was answered as JSON on the output, with the processor time that the clients used.
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


def application(number: int, offices: list[str], *, repeated: int = 1) -> tuple[str, bytes]:
    """Return a NIK and its request to apply; every fifty people share a net address.

    With ``repeated`` each NIK asks so many times.
    """
    region, serial = divmod(number // repeated, NIKS_IN_A_REGION)
    nik = f"{100_000 + region}170885{serial + 1:04}"
    named = [offices[(number + step) % len(offices)] for step in range(1 + number % 5)]
    body = (
        f'{{"service":"jht","nik":"{nik}","name":"Peserta Contoh","phone":"0812{number:08}",'
        f'"offices":{json.dumps(named)},"any_near":true,"request_key":"{uuid4()}"}}'
    )
    network, host = divmod(number // 50, 250)
    address = f"X-Forwarded-For: 10.{network // 250}.{network % 250}.{host + 1}\r\n"
    return nik, post("applications", body, headers=address)


def told(nik: str, status: int, said: bytes, took: float) -> tuple[Any, ...]:
    """Return (NIK, status, code or null, known by or null, milliseconds)."""
    body = json.loads(said) if status == 201 else {}
    return nik, status, body.get("code"), body.get("known_by"), took * 1000


async def apply(plan: dict[str, Any]) -> dict[str, Any]:
    """Let every client apply, one person after the other, until the time is up."""
    answers = []
    asked = 0
    stop_at = time.monotonic() + plan["seconds"]

    async def one(connection: Connection) -> None:
        nonlocal asked
        while (sent := time.monotonic()) < stop_at:
            number = plan["first"] + asked
            asked += 1
            nik, request = application(number, plan["offices"], repeated=plan["repeated"])
            status, said = await connection.ask(request)
            answers.append(told(nik, status, said, time.monotonic() - sent))

    clients = await connections(plan["port"], plan["clients"])
    began = time.monotonic()
    await asyncio.gather(*(one(connection) for connection in clients))
    return {"answers": answers, "seconds": time.monotonic() - began}


async def apply_paced(plan: dict[str, Any]) -> dict[str, Any]:
    """Let people apply each at a moment of their own, however long the others still wait.

    What an answer took is counted from that moment, also while no connection was free.
    """
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for connection in await connections(plan["port"], plan["clients"]):
        free.put_nowait(connection)
    began = time.monotonic()

    async def one(number: int) -> tuple[Any, ...]:
        due = began + (number + 1) * plan["seconds"] / plan["people"]
        await asyncio.sleep(due - time.monotonic())
        nik, request = application(plan["first"] + number, plan["offices"])
        connection = await free.get()
        status, said = await connection.ask(request)
        free.put_nowait(connection)
        return told(nik, status, said, time.monotonic() - due)

    answers = await asyncio.gather(*(one(number) for number in range(plan["people"])))
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
    stories = {"book": book, "call": call, "apply": apply, "apply_paced": apply_paced}
    result = asyncio.run(stories[sys.argv[1]](json.load(sys.stdin)))
    result["cpu_seconds"] = time.process_time() - used_before
    json.dump(result, sys.stdout)

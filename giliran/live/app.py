r"""The live streams as an ASGI application.

    granian --interface asgi --http 1 --no-ws --backlog 16384 --backpressure 16384 \
        giliran.live.app:application

`--backpressure` must be larger than the cap on streams (`GILIRAN_LIVE_STREAMS`, 12,000
unless told), or granian leaves the next reader waiting where a 503 would send it away; its
own default is 1,024. `--http 1` saves 12 KB a stream. Each stream is an open file.
"""

import asyncio
import json
import os
import re
import signal
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from giliran.live.hub import Hub, NoRoomLeft
from giliran.live.listen import listen
from giliran.live.memory import Key
from giliran.live.stream import Stream

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

OFFICE = re.compile(r"/live/office/([0-9]{1,9})")
TURN = re.compile(r"/live/turn/([0-9A-Z]{8})")
STREAMS_AT_MOST = 12_000
EVENTS_REMEMBERED = 20_000
STOP_WITHIN_SECONDS = 0.9
HEADERS = [
    (b"access-control-allow-origin", b"*"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]

hub = Hub(
    now=lambda: datetime.now(UTC),
    streams_at_most=int(os.environ.get("GILIRAN_LIVE_STREAMS", STREAMS_AT_MOST)),
    remembered=EVENTS_REMEMBERED,
)


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Answer one request, or live with the server from its start to its end."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "http":
        await _answer(scope, receive, send)


async def _answer(scope: Message, receive: Receive, send: Send) -> None:
    path = scope["path"]
    if scope["method"] != "GET":
        await _reply(send, 405, {"error": "method"}, [(b"allow", b"GET")])
    elif path == "/live/health":
        await _reply(send, 200, {"streams": hub.count, "listening": hub.listening})
    elif (key := _key(path)) is None:
        await _reply(send, 404, {"error": "path"})
    else:
        try:
            stream = hub.join(key, _last_event_id(scope))
        except NoRoomLeft:
            await _reply(send, 503, {"error": "full"}, [(b"retry-after", b"5")])
            return
        try:
            await _write(stream, receive, send)
        finally:
            hub.leave(key, stream)


def _key(path: str) -> Key | None:
    if office := OFFICE.fullmatch(path):
        return int(office[1])
    if turn := TURN.fullmatch(path):
        return turn[1]
    return None


def _last_event_id(scope: Message) -> str | None:
    """Take the browser's own word first: the address still says what it said at the start."""
    for name, value in scope["headers"]:
        if name == b"last-event-id" and value:
            return str(value, "latin-1")
    said = parse_qs(str(scope["query_string"], "latin-1")).get("last")
    return said[0] if said else None


async def _write(stream: Stream, receive: Receive, send: Send) -> None:
    headers = [(b"content-type", b"text/event-stream"), *HEADERS]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    farewell = asyncio.create_task(_end_when_gone(stream, receive))
    try:
        while piece := await stream.next():
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        with suppress(OSError):
            await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        farewell.cancel()


async def _end_when_gone(stream: Stream, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()


async def _reply(
    send: Send, status: int, body: dict[str, Any], more: list[tuple[bytes, bytes]] | None = None
) -> None:
    headers = [(b"content-type", b"application/json"), *HEADERS, *(more or [])]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})


async def _live(receive: Receive, send: Send) -> None:
    await receive()
    url = os.environ.get("DATABASE_URL")
    if not url:
        reason = "The live streams need DATABASE_URL, the address of the database."
        await send({"type": "lifespan.startup.failed", "message": reason})
        return
    _end_streams_on_signal()
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(listen(url, hub)), group.create_task(hub.beat())]
        await send({"type": "lifespan.startup.complete"})
        await receive()
        hub.close()
        for task in tasks:
            task.cancel()
    await send({"type": "lifespan.shutdown.complete"})


def _end_streams_on_signal() -> None:
    """End the streams as soon as the server is told to stop, and the process soon after.

    The server says goodbye only after the last stream has ended, and a stream never ends by
    itself. The handlers that it has set are called as before: an asyncio loop hears of a
    signal through its wake-up socket, whatever the handler is.
    """
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def handle(number: int, frame: Any, before: Any = before) -> None:
            _leave_at_the_latest()
            loop.call_soon_threadsafe(hub.close)
            if callable(before):
                before(number, frame)

        signal.signal(number, handle)


def _leave_at_the_latest() -> None:
    """Leave without the server if it cannot let go; nothing is kept here that could be harmed.

    When thousands of readers leave at one instant the loop's wake-up socket is full and a
    signal that comes then is lost on the server; and granian 2.8 may wait for ever after it
    has closed 10,000 streams.
    """
    timer = threading.Timer(STOP_WITHIN_SECONDS, os._exit, [0])
    timer.daemon = True
    timer.start()

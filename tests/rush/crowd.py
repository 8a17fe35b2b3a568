"""Many clients at once against a running server: each on a connection of its own, already open."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, TypeVar
from uuid import uuid4

import httpx

from tests.builders import a_nik

CONNECTIONS = 32
"""As many as the server's threads: of more clients the others would only wait in line."""

Result = TypeVar("Result")


class Answer(NamedTuple):
    """What came back, and from when (seconds, monotonic) till when it was waited for."""

    status: int
    body: Any
    sent: float
    got: float

    @property
    def refusal(self) -> str | None:
        return self.body.get("refusal")


class Crowd:
    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def post(
        self, path: str, *, headers: dict[str, str] | None = None, raw: bytes = b"", **body: Any
    ) -> Answer:
        sent = time.monotonic()
        content = raw or json.dumps(body)
        answer = await self._client.post(f"/api/v1/{path}", headers=headers, content=content)
        return Answer(answer.status_code, answer.json(), sent, time.monotonic())

    async def book(self, window: int, *, nik: str | None = None, key: str | None = None) -> Answer:
        return await self.post(
            "turns",
            window=window,
            service="jht",
            nik=nik or a_nik(),
            name="Siti Aminah",
            request_key=key or str(uuid4()),
        )

    async def apply(
        self, slug: str, *, nik: str | None = None, key: str | None = None, **terms: Any
    ) -> Answer:
        return await self.post(
            "applications",
            service="jht",
            nik=nik or a_nik(),
            name="Siti Aminah",
            offices=[slug],
            request_key=key or str(uuid4()),
            **{"any_near": True, **terms},
        )

    async def take_number(self, slug: str, token: str, *, key: str | None = None) -> Answer:
        return await self.post(
            f"offices/{slug}/tickets",
            headers={"X-Kiosk-Token": token},
            service="jht",
            request_key=key or str(uuid4()),
        )

    async def sit_down(self, counter_id: int, session: str) -> "Desk":
        """Open a counter with the session of an officer who has logged in."""
        cookie = {"Cookie": f"sessionid={session}", "X-Requested-With": "giliran"}
        desk = Desk(self, counter_id, cookie)
        assert (await desk.press("open")).status == 200
        return desk


class Desk:
    """An officer at a counter, by its buttons."""

    def __init__(self, crowd: Crowd, counter_id: int, headers: dict[str, str]) -> None:
        self.counter_id = counter_id
        self._crowd = crowd
        self._headers = headers

    async def press(self, verb: str, **body: Any) -> Answer:
        return await self._crowd.post(
            f"counters/{self.counter_id}/{verb}", headers=self._headers, **body
        )


def rush(url: str, story: Callable[[Crowd], Awaitable[Result]]) -> Result:
    """Let a story run with its crowd connected, and return what it returns."""

    async def run() -> Result:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        async with httpx.AsyncClient(base_url=url, limits=limits, timeout=60) as client:
            await asyncio.gather(*(client.get("/api/v1/clock") for _ in range(CONNECTIONS)))
            return await story(Crowd(client))

    return asyncio.run(run())

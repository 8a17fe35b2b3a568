"""A running giliran, seen over HTTP: its addresses, its clock and its counts."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

import httpx

TRIES = 3


class Counts(NamedTuple):
    """How many people of an office's day are in which state, by the server."""

    finished: int
    left: int
    waiting: int
    at_a_counter: int
    turned_away: int


class Server:
    """Every address that the player calls, in one place; `client` carries the base URL."""

    def __init__(self, client: httpx.AsyncClient, office: str) -> None:
        self.client = client
        self.office = f"/api/v1/offices/{office}"

    async def clock(self) -> Any:
        return await self._read("/api/v1/clock")

    async def set_clock(self, now: datetime, *, speed: float) -> None:
        answer = await self.send("/api/v1/clock", now=now.isoformat(), speed=speed)
        answer.raise_for_status()

    async def about(self) -> Any:
        return await self._read(self.office)

    async def windows(self) -> Any:
        """Return the windows with a place left, of all days: id, from, till, free."""
        return (await self._read(f"{self.office}/windows"))["windows"]

    async def counts(self) -> Counts:
        today = (await self._read(f"{self.office}/line"))["today"]
        return Counts(
            today["finished"],
            today["left"],
            today["waiting"],
            today["called"] + today["serving"],
            today["turned_away"],
        )

    async def log_in(self, username: str, password: str) -> None:
        answer = await self.send("/api/v1/session", username=username, password=password)
        answer.raise_for_status()

    async def book(self, window: int, service: str, *, is_priority: bool) -> httpx.Response:
        """Book for somebody who doesn't exist: a well-formed NIK, by chance."""
        chance = uuid4()
        rest, day = divmod(chance.int, 28)
        rest, month = divmod(rest, 12)
        rest, year = divmod(rest, 50)
        return await self.send(
            "/api/v1/turns",
            window=window,
            service=service,
            is_priority=is_priority,
            nik=f"360401{day + 1:02}{month + 1:02}{year + 50}{rest % 9999 + 1:04}",
            name="Peserta Contoh",
            request_key=str(chance),
        )

    async def take_number(self, service: str, *, is_priority: bool) -> httpx.Response:
        return await self.send(
            f"{self.office}/tickets",
            service=service,
            is_priority=is_priority,
            request_key=str(uuid4()),
        )

    async def check_in(self, code: str) -> httpx.Response:
        return await self.send(f"/api/v1/turns/{code}/check-in")

    async def leave(self, code: str) -> httpx.Response:
        return await self.send(f"/api/v1/turns/{code}/leave")

    async def counter(self, counter_id: int, verb: str) -> httpx.Response:
        """Let an officer do something: open, next, start, finish or close."""
        return await self.send(f"/api/v1/counters/{counter_id}/{verb}")

    async def send(self, path: str, **body: Any) -> httpx.Response:
        # Only what never reached the server is sent again: "next" asked twice calls two people.
        for _ in range(TRIES - 1):
            try:
                return await self.client.post(path, json=body)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                await asyncio.sleep(0.2)
        return await self.client.post(path, json=body)

    async def _read(self, path: str) -> Any:
        answer = await self.client.get(path)
        answer.raise_for_status()
        return answer.json()


@dataclass(frozen=True)
class Pace:
    """The server's clock: it showed `shows` when the monotonic clock showed `since`."""

    shows: datetime
    since: float
    speed: float

    @classmethod
    async def of(cls, server: Server) -> Pace:
        asked = time.monotonic()
        clock = await server.clock()
        # The clock was read about half way between question and answer.
        middle = (asked + time.monotonic()) / 2
        return cls(datetime.fromisoformat(clock["now"]), middle, float(clock["speed"]))

    def now(self) -> datetime:
        return self.shows + timedelta(seconds=(time.monotonic() - self.since) * self.speed)

    async def wait_until(self, moment: datetime) -> None:
        await self.sleep((moment - self.now()).total_seconds())

    async def sleep(self, seconds: float) -> None:
        """Sleep this many seconds of office time."""
        await asyncio.sleep(max(0.0, seconds / self.speed))

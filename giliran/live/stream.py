"""One reader: what is still to be written to it, never more than a page of it."""

import asyncio
from collections import deque
from collections.abc import Callable

WAITING_AT_MOST = 64
"""Messages; whoever is further behind than this is better off fetching the page anew."""

BYTES_AT_MOST = 256 * 1024
"""A stream ends after this much and the browser comes back with its Last-Event-ID.

A server may take whatever it is given without saying that the reader has stopped reading
(granian 2.8 does), so this is what bounds the memory that a reader asleep can hold.
"""


class Stream:
    """A bounded queue with one reader; `push` never waits."""

    __slots__ = ("_over", "_waiting", "_wake", "slot", "written")

    def __init__(self, *, slot: int = 0) -> None:
        self.slot = slot
        self.written = 0
        self._waiting: deque[bytes] = deque()
        self._wake: asyncio.Future[None] | None = None
        self._over = False

    def push(self, message: bytes, *, reset: Callable[[], bytes]) -> None:
        """Queue a message, or what `reset` gives in place of all when too much waits."""
        if len(self._waiting) >= WAITING_AT_MOST:
            self._waiting.clear()
            message = reset()
        self._waiting.append(message)
        self._rouse()

    def end(self) -> None:
        """Let the reader have what is queued, then nothing more."""
        self._over = True
        self._rouse()

    async def next(self) -> bytes:
        """Wait for all that is queued, as one piece; empty when the stream has ended."""
        if not self._waiting and not self._over:
            self._wake = asyncio.get_running_loop().create_future()
            await self._wake
            self._wake = None
        piece = b"".join(self._waiting)
        self._waiting.clear()
        self.written += len(piece)
        if self.written > BYTES_AT_MOST:
            self._over = True
        return piece

    def _rouse(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

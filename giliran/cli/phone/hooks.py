"""Handing over to giliran's webhook as the provider does: signed, again and again, in any order."""

from __future__ import annotations

import hashlib
import hmac
import json
import queue
import random
import threading
import time
from collections.abc import Callable
from typing import Any

Post = Callable[[bytes, dict[str, str]], int]
"""Posts a body with headers and returns the status."""


def keep_asking(get: Callable[[str], int], *, patience: float = 0.2) -> Callable[[str], None]:
    """Return what asks for addresses in a thread, one after the other, each until it says 200."""
    waiting: queue.Queue[str] = queue.Queue()

    def work() -> None:
        while True:
            address, pause = waiting.get(), patience
            for _ in range(12):
                if get(address) == 200:  # noqa: PLR2004
                    break
                time.sleep(pause)
                pause = min(pause * 2, 10)

    threading.Thread(target=work, daemon=True).start()
    return waiting.put


class Hooks:
    """Deliveries in a thread of its own.

    ``copies``: how often each delivery comes. ``batch``: up to how many events one delivery holds.
    ``shuffle``: in any order, when given. What isn't answered 200 comes again, later and later.
    """

    def __init__(
        self,
        post: Post,
        *,
        secret: str,
        copies: int = 1,
        batch: int = 1,
        shuffle: random.Random | None = None,
        patience: float = 0.2,
    ) -> None:
        self.post = post
        self.secret = secret.encode()
        self.copies = copies
        self.batch = batch
        self.shuffle = shuffle
        self.patience = patience
        self.failures: list[int] = []
        self._waiting: queue.Queue[tuple[dict[str, Any], str]] = queue.Queue()
        threading.Thread(target=self._work, daemon=True).start()

    def tell(self, value: dict[str, Any], field: str) -> None:
        """Hand over one event, soon."""
        self._waiting.put((value, field))

    def drain(self, *, seconds: float = 30) -> None:
        """Wait until all is handed over; raises ``TimeoutError``."""
        deadline = time.monotonic() + seconds
        while self._waiting.unfinished_tasks:
            if time.monotonic() > deadline:
                raise TimeoutError("The webhook doesn't take what it is told")
            time.sleep(0.01)

    def _work(self) -> None:
        while True:
            events = [self._waiting.get()]
            while len(events) < self.batch:
                try:
                    events.append(self._waiting.get(timeout=0.02))
                except queue.Empty:
                    break
            deliveries = [events] * self.copies
            for delivery in deliveries:
                if self.shuffle is not None:
                    delivery = self.shuffle.sample(delivery, len(delivery))  # noqa: PLW2901
                self._deliver(delivery)
            for _ in events:
                self._waiting.task_done()

    def _deliver(self, events: list[tuple[dict[str, Any], str]]) -> None:
        body = json.dumps(
            {"object": "whatsapp_business_account", "entry": self._entries(events)}
        ).encode()
        signature = hmac.new(self.secret, body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": f"sha256={signature}",
        }
        pause = self.patience
        for _ in range(12):
            status = self.post(body, headers)
            if status == 200:  # noqa: PLR2004
                return
            self.failures.append(status)
            time.sleep(pause)
            pause = min(pause * 2, 10)

    def _entries(self, events: list[tuple[dict[str, Any], str]]) -> list[dict[str, Any]]:
        """Return the events as changes of one or two entries."""
        changes = [{"value": value, "field": field} for value, field in events]
        half = len(changes) // 2
        return [
            {"id": "102290129340398", "changes": part}
            for part in (changes[:half], changes[half:])
            if part
        ]

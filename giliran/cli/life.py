"""Other people at the demo's Serang office: they come, are called and served, over HTTP."""

from __future__ import annotations

import contextlib
import json
import random
import sys
import time
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx

from giliran.cli.demo_staff import PASSWORD, SITTING

OFFICE = "serang"
MINUTES_BETWEEN_ARRIVALS = 6.0
SERVICE_MINUTES = 11.0
SHOW_UP = 0.88
SERVICES = ("jht", "jht", "jht", "jht", "jkm", "data", "info")
HERE = {"X-Requested-With": "giliran"}


class Officer:
    """Somebody who serves one person after another at a counter."""

    def __init__(
        self, base: str, username: str, chance: random.Random, cards: Mapping[str, Any]
    ) -> None:
        self.cards = cards
        self.http = httpx.Client(base_url=base, headers=HERE, timeout=10)
        self.http.post("session", json={"username": username, "password": PASSWORD})
        self.chance = chance
        self.counter: int | None = None
        self.due = 0.0
        self.step = "finish"  # whoever sits there when we begin is finished first

    def act(self, now: float) -> None:
        """Do what is due at ``now`` (office seconds) and plan the next step."""
        if self.counter is None or now < self.due:
            return
        answer = self._post(self.step)
        if self.step == "next":
            called = answer is not None and answer.get("turn") is not None
            if called:
                self._check_card(answer["turn"]["code"])
            self.step, wait = ("start", self.chance.uniform(20, 60)) if called else ("next", 30.0)
        elif self.step == "start":
            self.step, wait = "finish", 60 * self.chance.gammavariate(2, SERVICE_MINUTES / 2)
        else:
            self.step, wait = "next", self.chance.uniform(20, 80)
        self.due = now + wait

    def _check_card(self, code: str) -> None:
        """Hold the card of somebody with an appointment against their turn, as at a real desk."""
        if code in self.cards:
            self.http.post(f"counters/{self.counter}/identify", json=self.cards[code])

    def _post(self, verb: str) -> Any:
        answer = self.http.post(f"counters/{self.counter}/{verb}")
        return answer.json() if answer.is_success else None


def live(base: str, expected: list[tuple[str, str]], cards: Mapping[str, Any]) -> None:
    """Let people come and be served until the process is stopped.

    ``expected`` are (code, start of window) of those who have a turn today and aren't here yet;
    ``cards`` gives by code what stands on the cards of all who have an appointment.
    """
    chance = random.Random(7)  # noqa: S311 -- a made-up day
    api = f"{base}/api/v1/"
    officers = [Officer(api, username, chance, cards) for username in SITTING]
    counters = officers[0].http.get(f"offices/{OFFICE}").json()["counters"]
    began = _clock(officers[0].http)
    for officer, counter in zip(officers, counters, strict=False):
        officer.counter = counter["id"]
        officer.due = began + chance.uniform(60, 400)
    comes = began + 60
    coming = sorted(
        (datetime.fromisoformat(window).timestamp() + 60 * chance.uniform(-20, 10), code)
        for code, window in expected
        if chance.random() < SHOW_UP
    )
    while True:
        now = _clock(officers[0].http)
        for officer in officers:
            officer.act(now)
        while coming and now >= coming[0][0]:
            officers[0].http.post(f"turns/{coming.pop(0)[1]}/check-in")
        if now >= comes:
            comes = now + 60 * chance.expovariate(1 / MINUTES_BETWEEN_ARRIVALS)
            officers[0].http.post(
                f"offices/{OFFICE}/tickets",
                json={
                    "service": chance.choice(SERVICES),
                    "is_priority": chance.random() < 0.2,  # noqa: PLR2004
                    "request_key": str(uuid.uuid4()),
                },
            )
        time.sleep(1)


def _clock(http: httpx.Client) -> float:
    return datetime.fromisoformat(http.get("clock").json()["now"]).timestamp()


if __name__ == "__main__":
    with contextlib.suppress(httpx.HTTPError, KeyboardInterrupt):  # the server stopped first
        live(sys.argv[1], **json.load(sys.stdin))

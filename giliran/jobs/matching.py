"""Looking for cards of one person: after an import, and each night for what was corrected."""

from __future__ import annotations

import time

from procrastinate.contrib.django import app

from giliran import clock
from giliran.people import matching

NAME = "people.find_matches"
TURN_SECONDS = 5.0
"""After so long the job makes room for others; it goes on behind them."""


@app.periodic(cron="10 2 * * *")
@app.task(name=NAME, queueing_lock=NAME)
def find_matches(timestamp: int = 0) -> None:
    """Hold cards that came or changed against all others with their birth date or NIK."""
    until = time.monotonic() + TURN_SECONDS
    while matching.search_next(now=clock.now()):
        if time.monotonic() > until:
            matching.search_soon()
            return

"""The clockwork of alarms: each minute."""

from __future__ import annotations

from procrastinate.contrib.django import app

from giliran import clock
from giliran.figures import actions as figures


@app.periodic(cron="* * * * *")
@app.task(name="figures.watch", queueing_lock="figures.watch")
def watch(timestamp: int) -> None:
    """Raise what is wrong now, and end what is over."""
    figures.watch(now=clock.now())

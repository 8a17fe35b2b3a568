"""Keeping promises: soon after somebody came, went or was called, and each minute."""

from __future__ import annotations

from procrastinate.contrib.django import app

from giliran import clock
from giliran.turns import actions as turns
from giliran.turns import promises


@app.task(name="turns.keep_promises")
def keep_promises(office_id: int) -> None:
    """Forecast an office's line anew."""
    turns.keep_promises(office_id, now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="turns.keep_all_promises", queueing_lock="turns.keep_all_promises")
def keep_all_promises(timestamp: int) -> None:
    """Ask for every office where a counter is open, somebody waits or was promised something.

    Time passes for a line also when nothing happens.
    """
    for office_id in promises.offices_with_promises():
        turns.keep_soon(office_id)

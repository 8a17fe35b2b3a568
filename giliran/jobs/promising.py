"""Keeping promises: when somebody came or was called, and each minute."""

from __future__ import annotations

from procrastinate.contrib.django import app

from giliran import clock
from giliran.turns import actions as turns


@app.task(name="turns.keep_promises")
def keep_promises(office_id: int) -> None:
    """Forecast an office's line anew."""
    turns.keep_promises(office_id, now=clock.now())

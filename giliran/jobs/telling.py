"""Telling people what changes with time: reminders each minute, and results after a draw."""

from __future__ import annotations

from procrastinate.contrib.django import app

from giliran import clock
from giliran.turns.actions import reminding, telling


@app.periodic(cron="* * * * *")
@app.task(name="turns.due_reminders", queueing_lock="turns.due_reminders")
def due_reminders(timestamp: int) -> None:
    """Make the reminders that are due."""
    reminding.due_reminders(now=clock.now())


@app.task(name="turns.tell_round")
def tell_round(round_id: int) -> None:
    """Tell who was in a round its result."""
    telling.tell_round(round_id, now=clock.now())

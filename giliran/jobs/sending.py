"""Working off the outbox: each job goes on with the most urgent message until nothing is due."""

from __future__ import annotations

import math
from datetime import timedelta

from procrastinate.contrib.django import app

from giliran import clock
from giliran.jobs.wordings import WORD
from giliran.jobs.working import work_off
from giliran.messages import actions as messages
from giliran.messages import queries
from giliran.messages.wording import Wording
from giliran.outbox import post

SOON = timedelta(minutes=1)  # what is due later is found by the sweep


@app.task(name="messages.send")
def send() -> None:
    """Send what is due, the most urgent first."""
    if work_off(lambda: messages.send_next(word=word, now=clock.now())):
        _come_back_soon()


def word(message_id: int, language: str) -> Wording | None:
    """Return what a message says in a language, in the words of what it is about."""
    return WORD[queries.message(message_id).kind](message_id, language)


@app.periodic(cron="* * * * *")
@app.task(name="messages.sweep", queueing_lock="messages.sweep")
def sweep(timestamp: int) -> None:
    """Put right what dead workers left behind, and post what became due."""
    messages.sweep(now=clock.now())


def _come_back_soon() -> None:
    """Post a job for the next message that is due within a minute, such as a second try."""
    now, pace = clock.now(), clock.speed()
    due_at = queries.next_due(until=now + SOON)
    if due_at is None or pace <= 0:
        return
    seconds = max(1, math.ceil((due_at - now).total_seconds() / pace))
    post("messages.send", key="messages.send/soon", after_seconds=seconds)

"""Working off the outbox: each job goes on with the most urgent message until nothing is due."""

from __future__ import annotations

import math
from datetime import timedelta

from procrastinate.contrib.django import app

from giliran import clock
from giliran.claims import wordings as claims
from giliran.jobs.working import work_off
from giliran.messages import actions as messages
from giliran.messages import queries
from giliran.messages.wording import Wording
from giliran.outbox import post
from giliran.turns import wordings as turns
from giliran.voices import opinion_message
from giliran.voices import wordings as voices

SOON = timedelta(minutes=1)  # what is due later is found by the sweep


@app.task(name="messages.send")
def send() -> None:
    """Send what is due, the most urgent first."""
    if work_off(lambda: messages.send_next(word=word, now=clock.now())):
        _come_back_soon()


def word(message_id: int, language: str) -> Wording | None:
    """Return what a message says in a language, in the words of what it is about."""
    kind = queries.message(message_id).kind
    if kind in claims.KINDS:
        return claims.word(message_id, language)
    if kind in opinion_message.KINDS:
        return opinion_message.word(message_id, language)
    if kind in voices.KINDS:
        return voices.word(message_id, language)
    return turns.word(message_id, language)


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

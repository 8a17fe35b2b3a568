"""The clockwork of opinions: the question an hour after a visit, and words that are forgotten."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django import app

from giliran import clock
from giliran.voices.actions import asking_opinion

WORDS_KEPT = timedelta(days=90)  # what somebody wrote may name people; its group stays


@app.periodic(cron="*/5 * * * *")
@app.task(name="voices.ask_due", queueing_lock="voices.ask_due")
def ask_due(timestamp: int) -> None:
    """Ask by message those who were served an hour ago."""
    asking_opinion.ask_due(now=clock.now())


@app.periodic(cron="50 1 * * *")
@app.task(name="voices.forget_words", queueing_lock="voices.forget_words")
def forget_words(timestamp: int) -> None:
    """Erase the free words of old visits (UU 27/2022 Pasal 43)."""
    asking_opinion.forget_words(before=(clock.now() - WORDS_KEPT).date())

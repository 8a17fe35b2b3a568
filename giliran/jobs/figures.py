"""The clockwork of figures: what happened is counted each minute, whether or not anybody looks."""

from __future__ import annotations

from procrastinate.contrib.django import app

from giliran.figures.folding import refresh

SECONDS = 45  # after a long silence a minute isn't enough: the next one goes on


@app.periodic(cron="* * * * *")
@app.task(name="figures.count", queueing_lock="figures.count")
def count(timestamp: int) -> None:
    """Bring the figures up to the journal."""
    refresh(SECONDS)

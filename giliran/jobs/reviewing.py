"""The clockwork of reviews: each hour, so that every place has its own by its Monday morning."""

from __future__ import annotations

from procrastinate.contrib.django import app

from giliran import clock
from giliran.figures import actions as figures


@app.periodic(cron="7 * * * *")
@app.task(name="figures.review", queueing_lock="figures.review")
def review(timestamp: int) -> None:
    """Make the reviews of the week and the month that are over."""
    figures.make_due(now=clock.now())

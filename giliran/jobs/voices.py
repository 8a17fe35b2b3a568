"""The clockwork of complaints and findings: what nears its date, and what is over each night."""

from __future__ import annotations

from datetime import date

from procrastinate.contrib.django import app

from giliran import clock
from giliran.voices import actions as voices


@app.periodic(cron="*/15 * * * *")
@app.task(name="voices.escalate_due", queueing_lock="voices.escalate_due")
def escalate_due(timestamp: int) -> None:
    """Put complaints whose date nears before branch head, region and centre."""
    voices.escalate_due(now=clock.now())


@app.periodic(cron="25 1 * * *")
@app.task(name="voices.lapse_silent", queueing_lock="voices.lapse_silent")
def lapse_silent(timestamp: int) -> None:
    """Close answered complaints that nobody disputed in time."""
    voices.lapse_silent(now=clock.now())


@app.periodic(cron="5 * * * *")
@app.task(name="voices.forget_floods", queueing_lock="voices.forget_floods")
def forget_floods(timestamp: int) -> None:
    """Delete how many complaints came from where, an hour after."""
    voices.forget_floods(now=clock.now())


@app.periodic(cron="35 2 * * *")
@app.task(name="voices.sweep", queueing_lock="voices.sweep")
def sweep(timestamp: int) -> None:
    """Take away files of complaints for which no row stands."""
    voices.sweep(now=clock.now())


@app.periodic(cron="35 * * * *")
@app.task(name="voices.remind_actions", queueing_lock="voices.remind_actions")
def remind_actions(timestamp: int) -> None:
    """Tell who answers for corrective actions whose date is near or missed, once each."""
    voices.remind_actions(now=clock.now())


def forget(*, before: date) -> int:
    """Erase what was stated in complaints that ended before a day; returns of how many."""
    return voices.erase_statements(before=before)

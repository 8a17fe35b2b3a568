"""Each night: how much work every office has, and the places that follow for its coming days."""

from __future__ import annotations

import logging
from datetime import date, timedelta

from procrastinate.contrib.django import app

from giliran import clock
from giliran.capacity import actions as capacity
from giliran.offices import queries as offices
from giliran.turns import estimating

NEEDS_AHEAD = 15
"""Days whose needs are counted at night: every weekday, with the Friday that a holiday cuts."""

log = logging.getLogger(__name__)


@app.periodic(cron="20 19 * * *")  # UTC: after two in the night, when every office has closed
@app.task(name="turns.estimate_all", queueing_lock="turns.estimate_all")
def estimate_all(timestamp: int) -> None:
    """Estimate every office's work anew; one office's trouble doesn't stop another's."""
    now = clock.now()
    for office in offices.offices():
        if not offices.services(office_id=office.id):
            continue
        try:
            estimating.estimate(office, now=now)
        except ValueError:
            log.exception("The work of %s can't be estimated.", office.slug)
            continue
        today = offices.local_day(office, now)
        capacity.note_needs(office.id, (today + timedelta(days=n) for n in range(NEEDS_AHEAD)))
        for day, _ in offices.open_days(office, today, office.booked_days_ahead + 1):
            capacity.replan(office.id, day, now=now)


@app.task(name="capacity.replan")
def replan(office_id: int, day: str) -> None:
    """Count a day's places anew; asked for when a shift, a leave or a loan changed."""
    capacity.replan(office_id, date.fromisoformat(day), now=clock.now())

"""What the outbox may ask, and the clockwork."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django import app

from giliran import clock
from giliran.capacity import actions as capacity
from giliran.journal.actions import record
from giliran.offices import queries as offices
from giliran.turns import actions as turns

CLOSE_AFTER = timedelta(minutes=30)  # an officer may finish who was called before closing
KEPT_DAYS = 90  # what people stated of themselves, after their visit; see docs/privacy.md


@app.periodic(cron="*/15 * * * *")
@app.task(name="offices.keep_days", queueing_lock="offices.keep_days")
def keep_days(timestamp: int) -> None:
    """Put coming days on offer and end days that are over, at every office by its own clock."""
    now = clock.now()
    for office in offices.offices():
        capacity.offer_coming_days(office, now=now)
        today = offices.local_day(office, now)
        moments = offices.opening_moments(office, today)
        is_over = moments is None or now > moments[1] + CLOSE_AFTER
        turns.close_day(office.id, today if is_over else today - timedelta(days=1), now=now)


@app.periodic(cron="40 1 * * *")
@app.task(name="people.forget", queueing_lock="people.forget")
def forget(timestamp: int) -> None:
    """Erase names and phones of visits that ended long ago (UU 27/2022 Pasal 43)."""
    now = clock.now()
    erased = turns.erase_statements(before=now.date() - timedelta(days=KEPT_DAYS))
    if erased:
        record("people.erased", at=now, actor="system", turns=erased)

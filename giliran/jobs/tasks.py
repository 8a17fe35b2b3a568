"""What the outbox may ask, and the clockwork."""

from __future__ import annotations

import logging
from datetime import timedelta

from procrastinate.contrib.django import app

from giliran import beacon, clock
from giliran.capacity import actions as capacity
from giliran.conversations import actions as conversations
from giliran.jobs import (  # noqa: F401 -- a task is known once it is imported
    alarming,
    checking,
    claims,
    documents,
    estimating,
    figures,
    hearing,
    matching,
    opinions,
    promising,
    rehearsing,
    reviewing,
    rostering,
    sending,
    telling,
    voices,
)
from giliran.journal.actions import record
from giliran.messages import actions as messages
from giliran.offices import queries as offices
from giliran.turns import actions as turns

log = logging.getLogger(__name__)

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


@app.periodic(cron="* * * * *")
@app.task(name="turns.keep_rounds", queueing_lock="turns.keep_rounds")
def keep_rounds(timestamp: int) -> None:
    """Close, draw and open each region's rounds; one region's trouble doesn't stop another's."""
    now = clock.now()
    for region in offices.regions_that_draw():
        try:
            turns.keep_rounds(region, fetch=beacon.fetch, now=now)
        except (beacon.WrongSignature, beacon.CannotVerify):
            log.exception("The draw of %s waits: its random value can't be used.", region.slug)


@app.task(name="turns.fill_held")
def fill_held(office_id: int) -> None:
    """Give places that got free to those standing by."""
    turns.fill_held(office_id, now=clock.now())


@app.periodic(cron="40 1 * * *")
@app.task(name="people.forget", queueing_lock="people.forget")
def forget(timestamp: int) -> None:
    """Erase what people stated for what ended long ago (UU 27/2022 Pasal 43)."""
    now = clock.now()
    erased = turns.erase_statements(before=now.date() - timedelta(days=KEPT_DAYS))
    contacts = messages.forget(before=now - timedelta(days=KEPT_DAYS))
    talks = conversations.forget(before=now.date() - timedelta(days=KEPT_DAYS))
    claimed = claims.forget(before=now.date() - timedelta(days=KEPT_DAYS))
    complained = voices.forget(before=now.date() - timedelta(days=KEPT_DAYS))
    if erased or contacts or talks or claimed or complained:
        record(
            "people.erased",
            at=now,
            actor="system",
            turns=erased,
            contacts=contacts,
            talks=talks,
            claims=claimed,
            complaints=complained,
        )

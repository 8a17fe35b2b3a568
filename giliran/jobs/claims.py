"""The clockwork of claims: deadlines each quarter of an hour, and what is over each night."""

from __future__ import annotations

from datetime import date, timedelta

from procrastinate.contrib.django import app

from giliran import clock
from giliran.claims import actions as claims

SETTLED_DAYS = 30  # so long a bank may send money back, and a refusal stays at hand
DRAFT_DAYS = 60


@app.periodic(cron="*/15 * * * *")
@app.task(name="claims.warn_due", queueing_lock="claims.warn_due")
def warn_due(timestamp: int) -> None:
    """Put claims at risk or overdue before branch, region and centre."""
    claims.warn_due(now=clock.now())


@app.periodic(cron="20 1 * * *")
@app.task(name="claims.end_old", queueing_lock="claims.end_old")
def end_old(timestamp: int) -> None:
    """Close what was settled long ago, and withdraw drafts that nobody goes on with."""
    now = clock.now()
    claims.close_settled(before=now - timedelta(days=SETTLED_DAYS), now=now)
    claims.drop_drafts(before=now - timedelta(days=DRAFT_DAYS), now=now)


def forget(*, before: date) -> int:
    """Erase what claimants stated of claims that ended before a day; returns of how many."""
    return claims.erase_statements(before=before)

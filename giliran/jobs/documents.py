"""Claims' documents: read what helps an officer, and take away what nobody needs any more."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django import app

from giliran import clock
from giliran.claims import documents
from giliran.journal.actions import record

KEPT_DAYS = 365 * 5  # after a claim ended; see docs/guides/documents.md


@app.task(name="documents.read")
def read(document_id: int) -> None:
    """Read a card's words, where this machine can."""
    documents.read(document_id, now=clock.now())


@app.periodic(cron="20 2 * * *")
@app.task(name="documents.sweep", queueing_lock="documents.sweep")
def sweep(timestamp: int) -> None:
    """Drop uploads that came to nothing, files without a row, and documents kept long enough."""
    now = clock.now()
    uploads = documents.drop_stale(now=now)
    erased = documents.erase(now.date() - timedelta(days=KEPT_DAYS), now=now)
    files = documents.sweep(now=now)
    if uploads or erased or files:
        record(
            "document.swept", at=now, actor="system", uploads=uploads, erased=erased, files=files
        )

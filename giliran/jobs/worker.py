"""The worker process."""

from __future__ import annotations

import time

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from giliran.outbox import post

LOOKS_EVERY_SECONDS = 1.0
"""A bell that rings while the worker looks is lost; somebody may be waiting for an answer."""


def run(*, concurrency: int) -> None:
    """Work off jobs until the process is asked to stop.

    Days are put on offer at once: a new office doesn't wait for the clockwork. Nor do messages that
    another worker left when it died.
    """
    for name in ("offices.keep_days", "messages.sweep"):
        post(name, key=name, timestamp=int(time.time()))
    connector = app.connector
    if not isinstance(connector, DjangoConnector):
        raise TypeError(f"The worker needs the database's own queue, not {connector!r}.")
    with app.replace_connector(connector.get_worker_connector()) as worker_app:
        worker_app.run_worker(
            concurrency=concurrency,
            delete_jobs="successful",
            fetch_job_polling_interval=LOOKS_EVERY_SECONDS,
        )

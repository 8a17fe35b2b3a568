"""The worker process."""

from __future__ import annotations

from procrastinate.contrib.django import app


def run(*, concurrency: int) -> None:
    """Work off jobs until the process is asked to stop."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
        worker_app.run_worker(concurrency=concurrency, delete_jobs="successful")

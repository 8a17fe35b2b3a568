"""Checking a month's capacity: never in a page's request; see giliran.figures.capacity_check."""

from __future__ import annotations

from procrastinate.contrib.django import app

from giliran import clock
from giliran.figures import capacity_check


@app.task(name="figures.check_capacity")
def check_capacity(check_id: int) -> None:
    """Count a check that was asked for and keep its answer."""
    capacity_check.check(check_id, now=clock.now())

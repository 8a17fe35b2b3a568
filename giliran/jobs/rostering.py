"""Solving a region's roster: a minute's work, never in a page's request."""

from __future__ import annotations

from datetime import date

from procrastinate.contrib.django import app

from giliran import clock
from giliran.capacity import actions as capacity


@app.task(name="capacity.solve_roster")
def solve_roster(roster_id: int) -> None:
    """Solve a roster that was asked for; one that is solved already stays as it is."""
    capacity.solve_roster(roster_id, now=clock.now())


@app.task(name="capacity.replan_week")
def replan_week(office_id: int, monday: str) -> None:
    """Count an office's places anew after another roster came in force."""
    capacity.replan_week(office_id, date.fromisoformat(monday), now=clock.now())

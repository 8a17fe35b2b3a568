"""Playing what a manager asked: never in a page's request; see giliran.figures.rehearsals."""

from __future__ import annotations

from procrastinate.contrib.django import app

from giliran import clock
from giliran.figures import rehearsals


@app.task(name="figures.rehearse")
def rehearse(rehearsal_id: int) -> None:
    """Play a question and keep its answer."""
    rehearsals.rehearse(rehearsal_id, now=clock.now())

"""The one place that reads the time.

Only entrances (pages, API, jobs, the command line) call ``now``; rooms below take it as an
argument. ``GILIRAN_CLOCK`` names a file that sets a simulated clock, for demonstrations and for
replaying a day at speed; without it the time is the real one.
"""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple


class SimulatedClock(NamedTuple):
    """A clock that showed ``shows`` at the real moment ``since`` (epoch seconds) and runs on."""

    shows: datetime
    since: float
    speed: float


_read: tuple[int, SimulatedClock] | None = None


def now() -> datetime:
    """Return the present moment, aware, in UTC; simulated where a clock file is named."""
    simulated = simulation()
    if simulated is None:
        return datetime.now(UTC)
    passed = (time.time() - simulated.since) * simulated.speed
    return simulated.shows + timedelta(seconds=passed)


def speed() -> float:
    """Return how many seconds of office time pass in a real second: 1.0 outside simulations."""
    simulated = simulation()
    return 1.0 if simulated is None else simulated.speed


def simulation() -> SimulatedClock | None:
    """Return the simulated clock in force, or None; follows the file when it is set anew."""
    global _read  # noqa: PLW0603 -- one small cache for the process, keyed by the file's change time
    path = os.environ.get("GILIRAN_CLOCK")
    if not path:
        return None
    try:
        changed = Path(path).stat().st_mtime_ns
    except FileNotFoundError:
        return None
    if _read is None or _read[0] != changed:
        stated = json.loads(Path(path).read_text())
        shows = datetime.fromisoformat(stated["shows"])
        _read = (changed, SimulatedClock(shows, stated["since"], stated["speed"]))
    return _read[1]


def set_simulation(shows: datetime, *, speed: float) -> None:
    """Let every process that reads the same clock file show this moment from now on.

    ``shows`` is aware; ``speed`` is office seconds per real second. Raises ``RuntimeError`` where
    no clock file is named: a real office's time can't be set.
    """
    path = os.environ.get("GILIRAN_CLOCK")
    if not path:
        raise RuntimeError("This server runs on real time; a simulated clock needs GILIRAN_CLOCK.")
    stated = {"shows": shows.isoformat(), "since": time.time(), "speed": speed}
    fresh = Path(path).with_suffix(".new")
    fresh.write_text(json.dumps(stated))
    fresh.replace(path)

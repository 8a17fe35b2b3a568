"""From a forecast of the line to windows that can be told, and what pages read of the last one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from giliran.core.promise import (
    Calibration,
    Cell,
    Forecast,
    Newcomer,
    Window,
    Windows,
    told,
    windows,
)
from giliran.core.promise.windows import LEVEL, STEP
from giliran.offices import queries as offices
from giliran.offices.models import Office
from giliran.turns.lines import LineNow
from giliran.turns.models import OfficeCalibration, Outlook, Promise

MOST_NEIGHBOURS = 10


class Told(NamedTuple):
    """A window ready to be told, and what it came from."""

    begins: datetime
    ends: datetime
    cell: Cell
    forecast: Forecast
    window: Window


def calibration(office: Office) -> Calibration:
    """Return what the office's own errors teach; a new office begins with those of its region.

    Each office keeps its own, and not the region one together: its row is locked while its calls
    are learned, so one for all would make all offices wait for each other, and the row that is
    written at each call would be as large as the region. What pooling gives is kept, for an
    office that knows little: the region's last errors are there from the beginning.
    """
    row = OfficeCalibration.objects.filter(office=office).first()
    if row is not None:
        return Calibration.from_json(row.data)
    nearby = OfficeCalibration.objects.filter(office__region_id=office.region_id)
    rows = nearby.order_by("-updated_at").values_list("data", flat=True)[:MOST_NEIGHBOURS]
    return Calibration.beside(Calibration.from_json(data) for data in rows)


def group_of(*, is_priority: bool, stage: str) -> str:
    """Return the class of people whose forecasts err alike; whoever is at home errs more."""
    group = "priority" if is_priority else "standard"
    return f"{group} {stage}" if stage == Promise.Stage.HOME else group


def forecast(
    at: LineNow,
    *,
    now: datetime,
    newcomers: Sequence[Newcomer] = (),
    only: Iterable[int] | None = None,
) -> Windows:
    """Forecast the line; the same chances all day, so that windows move for reasons only."""
    return windows(
        at.line,
        now=now,
        seed=seed_of(at.office, now),
        newcomers=newcomers,
        only=None if only is None else frozenset(only),
    )


def seed_of(office: Office, now: datetime) -> int:
    return office.id * 1_000_000 + offices.local_day(office, now).toordinal()


def to_tell(
    at: LineNow, learned: Calibration, found: Forecast, *, group: str, now: datetime
) -> Told | None:
    """Return the window to tell; None where it could not hold nine times in ten.

    So for whoever no counter will serve, or is called before closing in fewer futures than that.
    It begins when a counter is on duty, never before opening or within a break, and ends in no
    break: who waits for "12.50" where nobody is called from 12.00 on, waits for nothing.
    """
    if found.served_odds < LEVEL or found.middle == float("inf"):
        return None
    here = now.astimezone(offices.zone(at.office))
    cell = Cell(str(at.office.id), here.hour, group)
    window = learned.window(cell, found)
    begins, ends = told(here, *window)
    begins += (_on_duty_from(at, begins) - begins) // STEP * STEP
    before_break = ends - (ends - _on_duty_till(at, ends)) // STEP * STEP
    ends = before_break if before_break > begins else ends
    return Told(begins, max(ends, begins + STEP), cell, found, window)


def _on_duty_from(at: LineNow, moment: datetime) -> datetime:
    """Return when some counter can call that is no earlier than a moment, or the moment itself."""
    spans = [span for counter in at.line.counters for span in counter.on_duty]
    return min((max(moment, begins) for begins, ends in spans if moment < ends), default=moment)


def _on_duty_till(at: LineNow, moment: datetime) -> datetime:
    """Return when a break began that a moment lies in, or the moment itself.

    After the last counter's hours those inside may still be called, so that is no break.
    """
    spans = [span for counter in at.line.counters for span in counter.on_duty]
    is_break = any(begins >= moment for begins, _ in spans)
    till = [min(moment, ends) for begins, ends in spans if begins < moment]
    return max(till) if is_break and till else moment


class ForNewcomer(NamedTuple):
    """Somebody who took a number at the moment of the forecast."""

    service_id: int
    is_priority: bool
    begins: datetime
    ends: datetime


class StoredRescue(NamedTuple):
    turn_id: int
    saved: float
    odds_before: float
    odds_after: float
    harmed: tuple[int, ...]


class Stored(NamedTuple):
    """The last forecast of an office, as far as pages read it."""

    made_at: datetime
    newcomers: tuple[ForNewcomer, ...]
    commonest: int | None
    """The service that most people come for."""
    rescues: tuple[StoredRescue, ...] = ()
    rescued_at: datetime | None = None
    """When whom to call was last worked out, which costs more than a forecast."""


def store(office_id: int, found: Stored) -> None:
    data: dict[str, Any] = {
        "newcomers": [
            [one.service_id, one.is_priority, one.begins.isoformat(), one.ends.isoformat()]
            for one in found.newcomers
        ],
        "commonest": found.commonest,
        "rescues": [[*one[:4], list(one.harmed)] for one in found.rescues],
        "rescued_at": found.rescued_at.isoformat() if found.rescued_at else None,
    }
    Outlook.objects.bulk_create(
        [Outlook(office_id=office_id, made_at=found.made_at, data=data)],
        update_conflicts=True,
        unique_fields=["office"],
        update_fields=["made_at", "data"],
    )


def stored(office_id: int) -> Stored | None:
    """Return the last forecast of an office; whoever reads it looks at ``made_at``."""
    row = Outlook.objects.filter(office_id=office_id).first()
    if row is None:
        return None
    return Stored(
        row.made_at,
        tuple(
            ForNewcomer(
                service_id,
                is_priority,
                datetime.fromisoformat(begins),
                datetime.fromisoformat(ends),
            )
            for service_id, is_priority, begins, ends in row.data["newcomers"]
        ),
        row.data["commonest"],
        tuple(
            StoredRescue(turn_id, saved, before, after, tuple(harmed))
            for turn_id, saved, before, after, harmed in row.data["rescues"]
        ),
        datetime.fromisoformat(row.data["rescued_at"]) if row.data["rescued_at"] else None,
    )

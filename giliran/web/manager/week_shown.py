"""A week as its page draws it: cells of the heat map, and bars of shifts."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import NamedTuple

from giliran.capacity.weeks import Cell, Person, Week


class Spot(NamedTuple):
    """One cell of the heat map. Nobody is needed in a break; outside the hours it is empty."""

    name: str
    need: int
    staff: int
    is_open: bool

    @property
    def over(self) -> int:
        return self.staff - self.need

    @property
    def missing(self) -> int:
        return max(0, self.need - self.staff)

    @property
    def tone(self) -> str:
        """Return how the cell is coloured; the number says the same."""
        if not self.is_open:
            return "shut"
        if not self.need and not self.staff:
            return "rest"
        if self.over < 0:
            return "short2" if self.over < -1 else "short"
        return "even" if self.over == 0 else "spare"


class Heat(NamedTuple):
    """A half-hour of the clock over the days of the week."""

    begins: time
    spots: tuple[Spot, ...]


class Bar(NamedTuple):
    """A shift on a day, drawn over 100 units from the office's first hour to its last."""

    cell: Cell
    x: float
    width: float
    is_over: bool


class Row(NamedTuple):
    """An officer's week."""

    person: Person
    bars: tuple[Bar, ...]


def heat(week: Week) -> list[Heat]:
    """Return the heat map by half-hour, over the days on which the office is open."""
    days = [day for day in week.days if day.half_hours]
    at = {(day.day, one.begins.time()): one for day in days for one in day.half_hours}
    found = []
    for begins in sorted({one for _, one in at}):
        spots = []
        for day in days:
            one = at.get((day.day, begins))
            name = f"h{day.day:%d}-{begins:%H%M}"
            spots.append(
                Spot(name, one.need, one.staff, is_open=True)
                if one
                else Spot(name, 0, 0, is_open=False)
            )
        found.append(Heat(begins, tuple(spots)))
    return found


def rows(week: Week, today: date) -> list[Row]:
    """Return what everybody does on the days on which the office is open or somebody works."""
    opened = [day for day in week.days if day.half_hours]
    minutes = [_minute(one.begins) for day in opened for one in day.half_hours]
    first, last = (min(minutes), max(minutes) + 30) if minutes else (0, 1440)
    days = {day.day for day in opened}
    return [
        Row(
            person,
            tuple(_bar(cell, first, last, today) for cell in person.cells if cell.day in days),
        )
        for person in week.people
    ]


def _bar(cell: Cell, first: int, last: int, today: date) -> Bar:
    if cell.begins_at is None or cell.ends_at is None:
        return Bar(cell, 0, 0, cell.day < today)
    scale = 100 / (last - first)
    begins, ends = (
        min(100.0, max(0.0, scale * (_minute(at) - first))) for at in (cell.begins_at, cell.ends_at)
    )
    return Bar(cell, round(begins, 1), round(ends - begins, 1), cell.day < today)


def _minute(at: datetime) -> int:
    return 60 * at.hour + at.minute

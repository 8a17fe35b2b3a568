"""The holiday decrees -> one `Calendar`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from giliran.core.deadline import Calendar, DayOff
from giliran.rules.loader import HERE, check_shape, read_day, shown, source_addresses
from giliran.rules.reading import Lines, Place, RulesError, read


@dataclass(frozen=True, slots=True)
class Decree:
    """The days off of one year and the joint decree that names them."""

    year: int
    law: str
    sources: tuple[str, ...]
    confidence: str
    last_value_still_valid_on: date
    holidays: dict[date, DayOff]
    collective_leave: dict[date, DayOff]
    note: str = ""
    unverified: str = ""


@cache
def calendar() -> Calendar:
    """Give the days off of every year that is loaded; collective leave is no working day.

    Raises:
        RulesError: a file has a fault; the message names file, line and what to do.

    """
    found = decrees()
    return Calendar(
        years=frozenset(decree.year for decree in found),
        holidays={day: off for decree in found for day, off in decree.holidays.items()},
        collective_leave={
            day: off for decree in found for day, off in decree.collective_leave.items()
        },
    )


@cache
def decrees() -> tuple[Decree, ...]:
    """Give the decrees of the years that ship with this program, the oldest first."""
    return decrees_from(HERE)


def decrees_from(folder: Path) -> tuple[Decree, ...]:
    """Read every `calendar/YEAR.yaml` under `folder`.

    Raises:
        RulesError: a wrong day, a day twice, a day of another year, an unknown source.

    """
    sources = source_addresses(folder)
    return tuple(_decree(path, sources) for path in sorted((folder / "calendar").glob("*.yaml")))


def _decree(path: Path, sources: dict[str, str]) -> Decree:
    name = shown(path)
    data, lines = read(path, name)
    check_shape(data, lines, name, "calendar.schema.json")
    if path.stem != str(data["year"]):
        raise RulesError(
            name, lines["year",], f"The file is named {path.name} and holds {data['year']}."
        )
    for number, source in enumerate(data["sources"]):
        if source not in sources:
            line = lines["sources", number]
            raise RulesError(
                name, line, f"The source `{source}` is not in sources.yaml. Add it there."
            )
    seen: dict[date, int] = {}
    return Decree(
        year=data["year"],
        law=data["law"],
        sources=tuple(sources[source] for source in data["sources"]),
        confidence=data["confidence"],
        last_value_still_valid_on=read_day(
            data["last_value_still_valid_on"], ("last_value_still_valid_on",), lines, name
        ),
        holidays=_days("holidays", data, lines, name, seen),
        collective_leave=_days("collective_leave", data, lines, name, seen),
        note=data.get("note", ""),
        unverified=data.get("unverified", ""),
    )


def _days(
    part: str, data: dict[str, Any], lines: Lines, name: str, seen: dict[date, int]
) -> dict[date, DayOff]:
    found: dict[date, DayOff] = {}
    for number, row in enumerate(data[part]):
        place: Place = (part, number, "day")
        day = read_day(row["day"], place, lines, name)
        if day.year != data["year"]:
            raise RulesError(
                name, lines[place], f"{day} is not in {data['year']}. Put it into its own year."
            )
        if day in seen:
            raise RulesError(
                name,
                lines[place],
                f"{day} stands on line {seen[day]} already. Keep one of the two.",
            )
        seen[day] = lines[place]
        found[day] = DayOff(row["id"], row["en"], row.get("estimated", False))
    return found

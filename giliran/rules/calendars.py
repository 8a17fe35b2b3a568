"""The holiday decrees -> one `Calendar`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from giliran.core.deadline import Calendar, DayOff
from giliran.rules.loader import CALENDAR, source_addresses
from giliran.rules.reading import HERE, RuleFile, read


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
    addresses = source_addresses(folder)
    return tuple(_decree(path, addresses) for path in sorted((folder / CALENDAR).glob("*.yaml")))


def _decree(path: Path, addresses: dict[str, str]) -> Decree:
    file = read(path)
    file.check_shape("calendar.schema.json")
    data = file.data
    if path.stem != str(data["year"]):
        raise file.fault(
            ("year",), f"The file is named {path.name} and holds {data['year']}. Rename one."
        )
    file.check_sources(data["sources"], ("sources",), addresses)
    seen: dict[date, int] = {}
    return Decree(
        year=data["year"],
        law=data["law"],
        sources=tuple(addresses[source] for source in data["sources"]),
        confidence=data["confidence"],
        last_value_still_valid_on=file.day(
            ("last_value_still_valid_on",), data["last_value_still_valid_on"]
        ),
        holidays=_days("holidays", file, seen),
        collective_leave=_days("collective_leave", file, seen),
        note=data.get("note", ""),
        unverified=data.get("unverified", ""),
    )


def _days(part: str, file: RuleFile, seen: dict[date, int]) -> dict[date, DayOff]:
    found: dict[date, DayOff] = {}
    for number, row in enumerate(file.data[part]):
        place = (part, number, "day")
        day = file.day(place, row["day"])
        if day.year != file.data["year"]:
            raise file.fault(
                place, f"{day} is not in {file.data['year']}. Put it into its own year."
            )
        if day in seen:
            raise file.fault(place, f"{day} stands on line {seen[day]} already. Keep one.")
        seen[day] = file.lines[place]
        found[day] = DayOff(row["id"], row["en"], row.get("estimated", False))
    return found

"""All rule files -> one `Law`, once. A file with a fault stops the load with its line."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from giliran.core.parameters import Dated, Law, Parameter, Value
from giliran.rules.reading import Lines, Place, RulesError, read

HERE = Path(__file__).parent
CALENDAR = "calendar"
SOURCES = "sources.yaml"

EXACT_UNITS = {"rupiah", "rate", "multiple_of_wage"}
WHOLE_UNITS = {
    "age_years", "years", "months", "days", "working_days", "hours", "times", "people",
}  # fmt: skip
TEXT_UNITS = {"text", "list"}
UNITS = EXACT_UNITS | WHOLE_UNITS | TEXT_UNITS | {"table"}


@cache
def load() -> Law:
    """Give the law that ships with this program. Read and checked once per process.

    Raises:
        RulesError: a file has a fault; the message names file, line and what to do.

    """
    return load_from(HERE)


def load_from(folder: Path) -> Law:
    """Read every rule file under `folder` (its `sources.yaml` included).

    Raises:
        RulesError: see `load`.

    """
    sources = source_addresses(folder)
    law: dict[str, Parameter] = {}
    for path in sorted(folder.rglob("*.y*ml")):
        inside = path.relative_to(folder)
        if inside.parts[0] == CALENDAR or str(inside) == SOURCES:
            continue
        name = shown(path)
        if path.suffix != ".yaml":
            raise RulesError(name, 1, "Rule files end in .yaml. Rename it.")
        key = str(inside.with_suffix("").as_posix())
        law[key] = _parameter(key, path, name, sources)
    return Law(law)


def shown(path: Path) -> str:
    """Name a file as somebody in the checkout would type it."""
    try:
        return str(path.relative_to(HERE.parent.parent))
    except ValueError:
        return str(path)


@cache
def _schema(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((HERE / name).read_text(encoding="utf-8")))


def check_shape(data: dict[str, Any], lines: Lines, name: str, schema: str) -> None:
    """Hold the data against a JSON schema; the first fault is told with its line.

    Raises:
        RulesError: the data doesn't fit.

    """
    fault = best_match(_schema(schema).iter_errors(data))
    if fault is None:
        return
    place: Place = tuple(fault.absolute_path)
    while place and place not in lines:
        place = place[:-1]
    here = f"`{place[-1]}`: " if place and isinstance(place[-1], str) else ""
    hint = fault.schema.get("description", "") if isinstance(fault.schema, dict) else ""
    said = fault.message if len(fault.message) < 200 else fault.message[:200] + " ..."
    raise RulesError(name, lines.get(place, 1), f"{here}{said}. {hint}".strip())


def source_addresses(folder: Path) -> dict[str, str]:
    """Give the address of each source by its id, or its title where it has no address."""
    path = folder / SOURCES
    data, lines = read(path, shown(path))
    check_shape(data, lines, shown(path), "sources.schema.json")
    return {key: one.get("url") or one["title"] for key, one in data["sources"].items()}


def _parameter(key: str, path: Path, name: str, sources: dict[str, str]) -> Parameter:
    data, lines = read(path, name)
    check_unit(data, lines, name)
    check_shape(data, lines, name, "rule.schema.json")
    dated = tuple(
        _dated(row, ("values", number), data, lines, name, sources)
        for number, row in enumerate(data["values"])
    )
    _check_order(dated, lines, name)
    return Parameter(
        key=key,
        unit=data["unit"],
        label_id=data["label"]["id"],
        label_en=data["label"]["en"],
        values=dated,
        last_value_still_valid_on=read_day(
            data["last_value_still_valid_on"], ("last_value_still_valid_on",), lines, name
        ),
    )


def check_unit(data: dict[str, Any], lines: Lines, name: str) -> None:
    """Refuse a unit that nobody would know how to compute with.

    Raises:
        RulesError: unknown unit of the file or of one of its columns.

    """
    named = [(("unit",), data.get("unit"))]
    columns = data.get("columns")
    if isinstance(columns, dict):
        named += [(("columns", column), unit) for column, unit in columns.items()]
    for place, unit in named:
        if unit is not None and unit not in UNITS:
            raise RulesError(
                name,
                lines.get(place, 1),
                f"The unit `{unit}` is not known. Known units: {', '.join(sorted(UNITS))}.",
            )


def read_day(text: str, place: Place, lines: Lines, name: str) -> date:
    """Read a day such as 2015-07-01.

    Raises:
        RulesError: the calendar has no such day.

    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RulesError(
            name,
            lines[place],
            f"`{place[-1]}` is {text}, and the calendar has no such day. "
            "Write year-month-day, such as 2015-07-01.",
        ) from None


def _dated(
    row: dict[str, Any],
    place: Place,
    data: dict[str, Any],
    lines: Lines,
    name: str,
    sources: dict[str, str],
) -> Dated:
    since = read_day(row["since"], (*place, "since"), lines, name)
    until = None
    if row.get("until") is not None:
        until = read_day(row["until"], (*place, "until"), lines, name)
        if until < since:
            raise RulesError(
                name,
                lines[*place, "until"],
                f"This value ends on {until}, before it starts on {since}. Swap or correct them.",
            )
    for number, source in enumerate(row["sources"]):
        if source not in sources:
            raise RulesError(
                name,
                lines[*place, "sources", number],
                f"The source `{source}` is not in {SOURCES}. Add it there with its address.",
            )
    if row["confidence"] != "general" and not row["sources"]:
        raise RulesError(
            name,
            lines[*place, "confidence"],
            f"A value without a source can't be `{row['confidence']}`. Name the source, or write "
            "`general`.",
        )
    return Dated(
        value=exact(
            row["value"], data["unit"], data.get("columns", {}), (*place, "value"), lines, name
        ),
        since=since,
        until=until,
        law=row["law"],
        article=row["article"],
        sources=tuple(sources[source] for source in row["sources"]),
        confidence=row["confidence"],
        best_source=row.get("best_source", ""),
        note=row.get("note", ""),
        unverified=row.get("unverified", ""),
    )


def exact(
    plain: Any, unit: str, columns: dict[str, str], place: Place, lines: Lines, name: str
) -> Value:
    """Turn what was written into what can be computed with, by its unit.

    Money and rates become Decimal, counts int; in a table each column has its own unit.
    `null` inside a table stays None: "no limit".

    Raises:
        RulesError: the value doesn't fit its unit.

    """
    if isinstance(plain, dict):
        return {
            inner: exact(one, columns.get(inner, unit), columns, (*place, inner), lines, name)
            for inner, one in plain.items()
        }
    if isinstance(plain, list):
        return [
            exact(one, unit, columns, (*place, number), lines, name)
            for number, one in enumerate(plain)
        ]
    if plain is None or unit in TEXT_UNITS or unit == "table":
        return plain  # type: ignore[no-any-return]
    return _number(plain, unit, lines.get(place, 1), name)


def _number(plain: Any, unit: str, line: int, name: str) -> Decimal | int:
    if unit in WHOLE_UNITS:
        if isinstance(plain, int) and not isinstance(plain, bool) and plain >= 0:
            return plain
        raise RulesError(name, line, f"{plain!r} is no whole number of {unit}. Write e.g. 12.")
    try:
        number = Decimal(plain)
    except (InvalidOperation, TypeError, ValueError):
        raise RulesError(name, line, f"{plain!r} is no number of the unit {unit}.") from None
    if unit == "rate" and not 0 <= number <= 1:
        raise RulesError(
            name, line, f'A rate lies between 0 and 1; 30 % is written "0.30", and this is {plain}.'
        )
    if number < 0:
        raise RulesError(name, line, f"{plain} is below zero; no benefit or limit is.")
    return number


def _check_order(dated: tuple[Dated, ...], lines: Lines, name: str) -> None:
    """Values follow each other day by day: no overlap, no gap, and only the last is open."""
    for number, (earlier, later) in enumerate(pairwise(dated)):
        line = lines["values", number + 1, "since"]
        if earlier.until is None or later.since <= earlier.until:
            ended = earlier.until or "never"
            raise RulesError(
                name,
                line,
                f"Two values overlap: this one starts {later.since}, the one before ends {ended}. "
                f"Let the one before end on {later.since - timedelta(days=1)}.",
            )
        if later.since != earlier.until + timedelta(days=1):
            raise RulesError(
                name,
                line,
                f"There is a gap: the value before ends {earlier.until}, this one starts "
                f"{later.since}. Let it start on {earlier.until + timedelta(days=1)}, or put "
                "the later one into a file of its own.",
            )

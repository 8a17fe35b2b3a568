"""All rule files -> one `Law`, once. A file with a fault stops the load with its line."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from giliran.core.parameters import Dated, Law, Parameter, Value
from giliran.rules.reading import HERE, Place, RuleFile, read

CALENDAR = "calendar"
SOURCES = "sources.yaml"
ONE_DAY = timedelta(days=1)

EXACT_UNITS = {"rupiah", "rate", "multiple_of_wage"}
WHOLE_UNITS = {
    "age_years", "years", "months", "days", "working_days", "hours", "times", "people",
    "count", "day_of_month",
}  # fmt: skip
WORD_UNITS = {"text", "list", "documents"}
UNITS = EXACT_UNITS | WHOLE_UNITS | WORD_UNITS | {"table"}


@cache
def load() -> Law:
    """Give the law that ships with this program. Read and checked once per process.

    Raises:
        RulesError: a file has a fault; the message names file, line and what to do.

    """
    return load_from(HERE)


def load_from(folder: Path) -> Law:
    """Read every rule file under `folder`, with its `sources.yaml`.

    Raises:
        RulesError: see `load`.

    """
    addresses = source_addresses(folder)
    files = {
        path.relative_to(folder).with_suffix("").as_posix(): read(path)
        for path in rule_paths(folder)
    }
    law = Law.of(_parameter(key, file, addresses) for key, file in files.items())
    for parameter in law:
        if parameter.unit == "documents":
            _check_documents(parameter, law, files[parameter.key])
    return law


def rule_paths(folder: Path) -> list[Path]:
    """List the rule files: all YAML but the calendar and the sources.

    Raises:
        RulesError: a file ends in .yml, and would otherwise be passed over in silence.

    """
    found = []
    for path in sorted(folder.rglob("*.y*ml")):
        inside = path.relative_to(folder)
        if path.suffix != ".yaml":
            raise RuleFile(str(path)).fault((), "Rule files end in .yaml. Rename this one.")
        if inside.parts[0] != CALENDAR and str(inside) != SOURCES:
            found.append(path)
    return found


def source_addresses(folder: Path) -> dict[str, str]:
    """Give the address of each source by its id, or its title where it has no address."""
    file = read(folder / SOURCES)
    file.check_shape("sources.schema.json")
    return {key: one.get("url") or one["title"] for key, one in file.data["sources"].items()}


def _parameter(key: str, file: RuleFile, addresses: dict[str, str]) -> Parameter:
    _check_units(file)
    file.check_shape("rule.schema.json")
    data = file.data
    dated = tuple(_dated(number, file, addresses) for number in range(len(data["values"])))
    _check_order(dated, file)
    return Parameter(
        key=key,
        unit=data["unit"],
        label_id=data["label"]["id"],
        label_en=data["label"]["en"],
        values=dated,
        last_value_still_valid_on=file.day(
            ("last_value_still_valid_on",), data["last_value_still_valid_on"]
        ),
        note=data.get("note", ""),
        changes_yearly_on=data.get("changes_yearly_on", ""),
    )


def _check_units(file: RuleFile) -> None:
    """Refuse a unit that nobody would know how to compute with."""
    named: dict[Place, Any] = {("unit",): file.data.get("unit")}
    columns = file.data.get("columns")
    if isinstance(columns, dict):
        named |= {("columns", column): unit for column, unit in columns.items()}
    for place, unit in named.items():
        if unit is not None and unit not in UNITS:
            raise file.fault(
                place, f"The unit `{unit}` is not known. Known units: {', '.join(sorted(UNITS))}."
            )


def _dated(number: int, file: RuleFile, addresses: dict[str, str]) -> Dated:
    row, place = file.data["values"][number], ("values", number)
    since = file.day((*place, "since"), row["since"])
    until = file.day((*place, "until"), row["until"]) if "until" in row else None
    if until is not None and until < since:
        raise file.fault(
            (*place, "until"),
            f"This value ends on {until}, before it starts on {since}. Correct one of the two.",
        )
    file.check_sources(row["sources"], (*place, "sources"), addresses)
    if not row["sources"] and row["confidence"] != "general":
        raise file.fault(
            (*place, "confidence"),
            f"A value without a source can't be {row['confidence']}. Name the source, or write "
            "general.",
        )
    return Dated(
        value=_exact(row["value"], file.data["unit"], (*place, "value"), file),
        since=since,
        until=until,
        law=row["law"],
        article=row["article"],
        sources=tuple(addresses[source] for source in row["sources"]),
        confidence=row["confidence"],
        best_source=row.get("best_source", ""),
        note=row.get("note", ""),
        unverified=row.get("unverified", ""),
    )


def _exact(plain: Any, unit: str, place: Place, file: RuleFile) -> Value:
    """Turn what was written into what can be computed with, by its unit.

    Money and rates become Decimal, counts int; in a table each column has its own unit.
    `null` inside a table stays None: "no limit".
    """
    columns = file.data.get("columns", {})
    if isinstance(plain, dict):
        return {
            inner: _exact(one, columns.get(inner, unit), (*place, inner), file)
            for inner, one in plain.items()
        }
    if isinstance(plain, list):
        return [_exact(one, unit, (*place, number), file) for number, one in enumerate(plain)]
    if unit == "table":
        raise file.fault(
            place,
            f"`{place[-1]}` has no unit. Name it under `columns`.",
        )
    if plain is None or unit in WORD_UNITS:
        return plain  # type: ignore[no-any-return]
    return _number(plain, unit, place, file)


def _number(plain: Any, unit: str, place: Place, file: RuleFile) -> Decimal | int:
    if unit in WHOLE_UNITS:
        if isinstance(plain, int) and not isinstance(plain, bool) and plain >= 0:
            return plain
        raise file.fault(place, f"{plain!r} is no whole number of {unit}. Write one such as 12.")
    try:
        number = Decimal(plain)
    except (InvalidOperation, TypeError, ValueError):
        raise file.fault(place, f"{plain!r} is no number, and the unit is {unit}.") from None
    if unit == "rate" and not 0 <= number <= 1:
        raise file.fault(
            place, f'A rate lies between 0 and 1, and this is {plain}. Write 30 % as "0.30".'
        )
    if number < 0:
        raise file.fault(place, f"{plain} is below zero; no benefit and no limit is.")
    return number


def _check_documents(parameter: Parameter, law: Law, file: RuleFile) -> None:
    """Each line of a list names a paper, a condition and a proof that exist."""
    papers = _names("documents/catalogue", law)
    conditions = _names("documents/conditions", law)
    for number, dated in enumerate(parameter.values):
        rows: Any = dated.value
        for line, row in enumerate(rows):
            place = ("values", number, "value", line)
            if row.get("doc") not in papers:
                raise file.fault(
                    place, f"The document `{row.get('doc')}` is not in documents/catalogue.yaml."
                )
            if (row.get("need") == "if") != ("when" in row):
                raise file.fault(place, "`need: if` and `when` go together. Write both, or none.")
            if "when" in row and row["when"] not in conditions:
                raise file.fault(
                    place, f"The condition `{row['when']}` is not in documents/conditions.yaml."
                )
            if "proof" in row and row["proof"] not in law:
                raise file.fault(place, f"There is no rule `{row['proof']}` with the proofs.")


def _names(key: str, law: Law) -> set[str]:
    tables: list[Any] = [dated.value for dated in law[key].values]
    return {name for table in tables for name in table}


def _check_order(dated: tuple[Dated, ...], file: RuleFile) -> None:
    """Values follow each other day by day: no overlap, no gap, and only the last is open."""
    for number, (earlier, later) in enumerate(pairwise(dated)):
        place = ("values", number + 1, "since")
        if earlier.until is None or later.since <= earlier.until:
            ends = f"ends {earlier.until}" if earlier.until else "has no end"
            raise file.fault(
                place,
                f"Two values overlap: this one starts {later.since}, the one before {ends}. "
                f"Let the one before end on {later.since - ONE_DAY}.",
            )
        if later.since != earlier.until + ONE_DAY:
            raise file.fault(
                place,
                f"There is a gap: the value before ends {earlier.until}, this one starts "
                f"{later.since}. Let it start on {earlier.until + ONE_DAY}, or give the later "
                "rule a file of its own.",
            )

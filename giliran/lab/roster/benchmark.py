"""Reading the nurse-rostering instances of schedulingbenchmarks.org, for an honest comparison.

T. Curtois, R. Qu, "Computational results on new staff scheduling benchmark instances", 2014.
"""

from __future__ import annotations

from giliran.lab.roster.setting import Cover, Duty, Setting, Wish, Worker


def read_instance(text: str) -> Setting:
    """Return an instance in the format of the collection; raises ``ValueError`` for another."""
    parts = _sections(text)
    try:
        return _setting(parts)
    except (KeyError, IndexError) as error:
        raise ValueError(f"Not an instance of this collection: {error}") from None


def _sections(text: str) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("SECTION_"):
            rows = found.setdefault(line.removeprefix("SECTION_"), [])
        elif line and not line.startswith("#"):
            rows.append(line.split(","))
    return found


def _setting(parts: dict[str, list[list[str]]]) -> Setting:
    days = int(parts["HORIZON"][0][0])
    length = {row[0]: int(row[1]) for row in parts["SHIFTS"]}
    never = {
        (row[0], other)
        for row in parts["SHIFTS"]
        for other in (row[2].split("|") if row[2] else [])
    }
    duties = tuple(
        Duty(f"{day}{kind}", day, kind, 0, 0, minutes)
        for day in range(days)
        for kind, minutes in length.items()
    )
    off = {row[0]: frozenset(map(int, row[1:])) for row in parts["DAYS_OFF"]}
    return Setting(
        days,
        duties,
        tuple(_worker(row, duties, off) for row in parts["STAFF"]),
        tuple(
            Cover(f"{day}{kind}", (f"{day}{kind}",), int(wanted), int(under), int(over))
            for day, kind, wanted, under, over in parts["COVER"]
        ),
        tuple(
            Wish(who, f"{day}{kind}", int(weight), is_for)
            for name, is_for in (("SHIFT_ON_REQUESTS", True), ("SHIFT_OFF_REQUESTS", False))
            for who, day, kind, weight in parts[name]
        ),
        frozenset(never),
    )


def _worker(row: list[str], duties: tuple[Duty, ...], off: dict[str, frozenset[int]]) -> Worker:
    most = {kind: int(n) for kind, n in (one.split("=") for one in row[1].split("|"))}
    return Worker(
        row[0],
        {duty.key: 0 for duty in duties},
        most_of_kind=most,
        most_minutes=int(row[2]),
        least_minutes=int(row[3]),
        longest_run=int(row[4]),
        shortest_run=int(row[5]),
        shortest_rest=int(row[6]),
        most_weekends=int(row[7]),
        days_off=off.get(row[0], frozenset()),
    )

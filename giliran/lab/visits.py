"""A record of visits that can be replayed: who came when, for what, and how long it took.

The record is a CSV file in UTF-8 with this header:

    arrives_at,service,service_minutes,patience_minutes,is_priority,kind,window_starts_at,window_ends_at

`arrives_at` is the office's clock, HH:MM:SS. `service_minutes` is above zero.
`patience_minutes` counts from arrival until the person leaves unserved; empty means that nobody
knows, and the person stays. `is_priority` is `yes` or `no`. `kind` is `walk_in` or `appointment`;
an appointment has a window (HH:MM:SS), a walk-in has none.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

HEADER: Final = (
    "arrives_at",
    "service",
    "service_minutes",
    "patience_minutes",
    "is_priority",
    "kind",
    "window_starts_at",
    "window_ends_at",
)
HOUR: Final = 3600
DAY: Final = 24 * HOUR
_CLOCK: Final = re.compile("([01][0-9]|2[0-3])(:[0-5][0-9]){2}")


class Kind(StrEnum):
    WALK_IN = "walk_in"
    APPOINTMENT = "appointment"


class Visit(NamedTuple):
    """One person at one office on one day. Times are whole seconds from midnight, local.

    Without a date a record can be played on any day; the player adds the day and the zone.
    """

    arrives_at: int
    service: str
    service_minutes: float
    patience_minutes: float | None = None
    is_priority: bool = False
    kind: Kind = Kind.WALK_IN
    window_starts_at: int | None = None
    window_ends_at: int | None = None


class BadRecordError(ValueError):
    """The record has rows that cannot be read; `problems` gives (line number, reason) of each."""

    def __init__(self, problems: list[tuple[int, str]]) -> None:
        self.problems = problems
        super().__init__("\n".join(f"Line {line}: {reason}" for line, reason in problems))


def read_visits(path: Path) -> list[Visit]:
    """Read a record, in order of arrival. The whole file or nothing: see BadRecordError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as reason:
        raise BadRecordError([(1, f"The file is not UTF-8: {reason}")]) from reason
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    if tuple(reader.fieldnames or ()) != HEADER:
        raise BadRecordError([(1, f"The header must be {','.join(HEADER)}")])
    visits: list[Visit] = []
    problems: list[tuple[int, str]] = []
    try:
        for row in reader:
            try:
                visits.append(_visit(row))
            except ValueError as reason:
                problems.append((reader.line_num, str(reason)))
    except csv.Error as reason:
        # After such an error the rest of the file can no longer be divided into rows.
        problems.append((reader.line_num, f"This is not CSV: {reason}"))
    if problems:
        raise BadRecordError(problems)
    return sorted(visits, key=lambda visit: visit.arrives_at)


def write_visits(path: Path, visits: Iterable[Visit]) -> None:
    """Write a record that `read_visits` reads back value for value."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for visit in visits:
            writer.writerow(
                (
                    _clock(visit.arrives_at),
                    visit.service,
                    repr(float(visit.service_minutes)),
                    "" if visit.patience_minutes is None else repr(float(visit.patience_minutes)),
                    "yes" if visit.is_priority else "no",
                    visit.kind.value,
                    "" if visit.window_starts_at is None else _clock(visit.window_starts_at),
                    "" if visit.window_ends_at is None else _clock(visit.window_ends_at),
                )
            )


def _visit(row: Mapping[str | None, str | list[str] | None]) -> Visit:
    if None in row or None in row.values():
        raise ValueError(f"A row has {len(HEADER)} values.")
    text = {str(name): str(value).strip() for name, value in row.items()}
    if not text["service"]:
        raise ValueError("The service is missing.")
    if text["is_priority"] not in {"yes", "no"}:
        raise ValueError(f"is_priority is yes or no, not {text['is_priority']!r}.")
    if text["kind"] not in set(Kind):
        raise ValueError(f"kind is walk_in or appointment, not {text['kind']!r}.")
    kind = Kind(text["kind"])
    window = [
        _seconds(name, text[name]) if text[name] else None
        for name in ("window_starts_at", "window_ends_at")
    ]
    match kind, window:
        case Kind.WALK_IN, [None, None]:
            pass
        case Kind.APPOINTMENT, [int(starts), int(ends)] if starts < ends:
            pass
        case _:
            raise ValueError("An appointment has a window that ends later; a walk-in has none.")
    patience = text["patience_minutes"]
    return Visit(
        arrives_at=_seconds("arrives_at", text["arrives_at"]),
        service=text["service"],
        service_minutes=_minutes("service_minutes", text["service_minutes"], above_zero=True),
        patience_minutes=_minutes("patience_minutes", patience) if patience else None,
        is_priority=text["is_priority"] == "yes",
        kind=kind,
        window_starts_at=window[0],
        window_ends_at=window[1],
    )


def _seconds(name: str, text: str) -> int:
    if not _CLOCK.fullmatch(text):
        raise ValueError(f"{name} is a time like 08:05:00, not {text!r}.")
    hours, minutes, seconds = (int(part) for part in text.split(":"))
    return hours * HOUR + minutes * 60 + seconds


def _clock(seconds: int) -> str:
    if not 0 <= seconds < DAY:
        raise ValueError(f"{seconds} seconds is not a time of one day.")
    return f"{seconds // HOUR:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _minutes(name: str, text: str, *, above_zero: bool = False) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = math.nan
    if not math.isfinite(minutes) or minutes < 0 or (above_zero and minutes == 0):
        least = "above" if above_zero else "from"
        raise ValueError(f"{name} is a number of minutes {least} 0, not {text!r}.")
    return minutes

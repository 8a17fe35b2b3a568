"""Facts added up into cells: an office's day, whole and by service, class, channel and hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from giliran.core.figures.facts import Fact, Where


class Cell(NamedTuple):
    """Where numbers stand. ``split`` is all, service, class, channel or hour; ``part`` names it."""

    office_id: int
    span: str
    """``day``, ``week`` (named by its Monday) or ``month`` (by its first day)."""
    first: date
    split: str
    part: str


Cells = dict[Cell, Counter[str]]


def spread(facts: Iterable[Fact], into: Cells, *, sign: int = 1) -> None:
    """Add facts to the day's cells that they belong to; with ``sign`` -1 take them away."""
    last: Where | None = None
    targets: list[Counter[str]] = []
    for where, key, n in facts:
        if where is not last:
            last, targets = where, _targets(where, into)
        for counts in targets:
            counts[key] += sign * n


def _targets(where: Where, into: Cells) -> list[Counter[str]]:
    """Return the counts of the cells that something belongs to, made where they are missing."""
    office_id, day, hour, service, calling_class, channel = where
    found = []
    for split, part in (
        ("all", ""),
        ("service", service),
        ("class", calling_class),
        ("channel", channel),
        ("hour", hour),
    ):
        if part is not None:
            # A bare tuple equals the cell that it names, and is made faster.
            counts = into.get((office_id, "day", day, split, part))  # type: ignore[call-overload]
            if counts is None:
                counts = into[Cell(office_id, "day", day, split, part)] = Counter()
            found.append(counts)
    return found


def add_longer(cells: Cells) -> None:
    """Add to days' cells those of their weeks and months."""
    for cell, counts in list(cells.items()):
        day = cell.first
        for span, first in (
            ("week", day - timedelta(days=day.weekday())),
            ("month", day.replace(day=1)),
        ):
            longer = cell._replace(span=span, first=first)
            found = cells.get(longer)
            if found is None:
                found = cells[longer] = Counter()
            for key, n in counts.items():
                found[key] += n


def changed(counts: Mapping[str, int], change: Mapping[str, int]) -> dict[str, int]:
    """Return counts with a change added, without what adds up to nothing.

    >>> changed({"asked": 2, "came": 1}, {"asked": 1, "came": -1})
    {'asked': 3}
    """
    keys = counts.keys() | change.keys()
    sums = {key: counts.get(key, 0) + change.get(key, 0) for key in keys}
    return {key: n for key, n in sums.items() if n}

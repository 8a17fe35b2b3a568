"""Facts added up into cells: an office's day, whole and by service, class, channel and hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from giliran.core.figures.facts import Fact


class Cell(NamedTuple):
    """Where numbers stand. ``split`` is all, service, class, channel or hour; ``part`` names it."""

    office_id: int
    span: str
    """``day`` or ``month``."""
    first: date
    split: str
    part: str


Cells = dict[Cell, Counter[str]]


def spread(facts: Iterable[Fact], into: Cells, *, sign: int = 1) -> None:
    """Add facts to the day's cells that they belong to; with ``sign`` -1 take them away."""
    for fact in facts:
        key, n = fact.key, sign * fact.n
        for split, part in (
            ("all", ""),
            ("service", fact.service),
            ("class", fact.calling_class),
            ("channel", fact.channel),
            ("hour", fact.hour),
        ):
            if part is None:
                continue
            cell = Cell(fact.office_id, "day", fact.day, split, part)
            found = into.get(cell)
            if found is None:
                found = into[cell] = Counter()
            found[key] += n


def add_months(cells: Cells) -> None:
    """Add to days' cells those of their months."""
    for cell, counts in list(cells.items()):
        month = cell._replace(span="month", first=cell.first.replace(day=1))
        found = cells.get(month)
        if found is None:
            found = cells[month] = Counter()
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

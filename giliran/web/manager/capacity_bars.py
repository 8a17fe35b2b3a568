"""The remedies as bars with their intervals, as numbers that a template writes into an SVG."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from giliran.web.manager.capacity_words import RemedyRow

WIDTH, STEP, LEFT = 320, 56, 4
_ROOM = 312.0


class Bar(NamedTuple):
    """One remedy's bar; ``least`` and ``most`` are the ends of its interval."""

    name: str
    y: int
    x: int
    width: int
    least: int
    most: int
    is_last: bool
    shown: str


class Picture(NamedTuple):
    height: int
    zero: int
    said: str
    bars: tuple[Bar, ...]


def picture(rows: Sequence[RemedyRow]) -> Picture | None:
    """Draw the remedies that are possible, in their order; None where there is nothing to draw."""
    drawn = [row for row in rows if row.possible]
    low = min([0.0, *(row.more.low for row in drawn)])
    high = max([0.0, *(row.more.high for row in drawn)])
    if not drawn or high - low < 1:
        return None
    scale = _ROOM / (high - low)

    def at(people: float) -> int:
        return round(LEFT + (people - low) * scale)

    bars = tuple(
        Bar(
            row.name,
            STEP * place,
            min(at(0), at(row.more.mean)),
            abs(at(row.more.mean) - at(0)),
            at(row.more.low),
            at(row.more.high),
            row.kind == "hiring",
            row.shown,
        )
        for place, row in enumerate(drawn)
    )
    said = ". ".join(f"{row.name}: {row.shown}" for row in drawn)
    return Picture(STEP * len(bars), at(0), said, bars)

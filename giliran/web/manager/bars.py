"""Bars of an hour each, as numbers that a template writes into an SVG."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext

from giliran.figures.queries import DayFigures

WIDTH, GROUND, TALLEST = 320, 115, 90


class Bar(NamedTuple):
    """One bar in a picture of 320 x 140 units; ``middle`` is where its words stand."""

    x: int
    y: int
    width: int
    height: int
    middle: int
    above: int
    hour: str
    people: int


class Picture(NamedTuple):
    """Bars with the sentence that says the same."""

    title: str
    said: str
    bars: tuple[Bar, ...]


def arrivals(of: DayFigures) -> Picture:
    """Draw how many arrived in each hour."""
    return picture(gettext("Kedatangan per jam"), ((h.hour, h.arrived) for h in of.by_hour))


def served(of: DayFigures) -> Picture:
    """Draw how many were done in each hour."""
    return picture(gettext("Selesai dilayani per jam"), ((h.hour, h.served) for h in of.by_hour))


def picture(title: str, counts: Iterable[tuple[int, int]]) -> Picture:
    """Draw (hour, count) pairs; hours between the first and the last without people stay empty."""
    by_hour = dict(counts)
    if not any(by_hour.values()):
        return Picture(title, title, ())
    hours = range(min(by_hour), max(by_hour) + 1)
    step = min(52, WIDTH // len(hours))
    tallest = max(by_hour.values())
    margin = (WIDTH - step * len(hours)) // 2
    found = []
    for place, hour in enumerate(hours):
        count = by_hour.get(hour, 0)
        height = round(TALLEST * count / tallest)
        left = margin + place * step + step * 3 // 20
        found.append(
            Bar(
                x=left,
                y=GROUND - height,
                width=step * 7 // 10,
                height=height,
                middle=left + step * 7 // 20,
                above=GROUND - height - 6,
                hour=f"{hour:02d}",
                people=count,
            )
        )
    said = ", ".join(f"{bar.hour}.00: {bar.people}" for bar in found)
    return Picture(title, f"{title}. {said}", tuple(found))

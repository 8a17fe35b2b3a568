"""What a month of one office is, to those who play it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from giliran.core.need.estimate import Estimate
from giliran.core.need.work import Work


class OpenDay(NamedTuple):
    """A day on which an office is open; half-hours of the day, 16 is 08.00."""

    weekday: int
    half_hours: tuple[int, ...]
    officers: tuple[int, ...]
    """In each of them; nobody in a break."""
    shut: tuple[bool, ...]
    """Which of them a break takes."""


@dataclass(frozen=True)
class Site:
    """One office in one month."""

    key: str
    days: tuple[OpenDay, ...]
    counters: int
    serves: frozenset[int]
    """Service ids."""
    work: Work
    unmet: Estimate
    """People a day who asked and weren't let in; ``counted`` of them were seen."""

"""How a day stands with some staff: the half-hours that are short, and the promises beyond it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from giliran.capacity.needs import HALF_HOUR, Short, Staff
from giliran.capacity.places import Touched

if TYPE_CHECKING:
    from datetime import date

    from giliran.capacity.span import Span


class Gap(NamedTuple):
    """Half-hours in a row in which as many officers are missing."""

    begins: datetime
    ends: datetime
    missing: int


class Standing(NamedTuple):
    """How a day stands with some staff: what is short, and whose promises are beyond it."""

    short: tuple[Short, ...]
    touched: tuple[Touched, ...]

    @property
    def missing(self) -> int:
        """Return the half-hours of officers that are missing."""
        return sum(one.need - one.staff for one in self.short)

    @property
    def people(self) -> int:
        """Return how many promised people can't be served in their window."""
        return sum(one.people for one in self.touched)

    @property
    def gaps(self) -> list[Gap]:
        """Return what is short, neighbouring half-hours with as many missing joined."""
        return list(_joined(self.short))


def stands(here: Span, day: date, staff: Sequence[Staff], *, now: datetime) -> Standing:
    """Return how a day would stand with some staff, from now on."""
    short = [
        Short(half.begins, half.need, half.staff)
        for half in here.halves(day, staff)
        if half.staff < half.need and half.begins + HALF_HOUR > now
    ]
    return Standing(tuple(short), tuple(here.touched(day, staff, now=now)))


def _joined(short: Collection[Short]) -> Iterator[Gap]:
    held: Gap | None = None
    for one in short:
        missing, ends = one.need - one.staff, one.begins + HALF_HOUR
        if held is not None and (held.ends, held.missing) == (one.begins, missing):
            held = held._replace(ends=ends)
            continue
        if held is not None:
            yield held
        held = Gap(one.begins, ends, missing)
    if held is not None:
        yield held

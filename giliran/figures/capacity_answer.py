"""What a capacity check found, as its page reads it and as it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from giliran.lab.month import Interval


class OfficeFound(NamedTuple):
    """What was found of one office; people in the month, officers full-time."""

    office_id: int
    came: int
    """Seen until now."""
    turned_away: int
    not_drawn: int
    expected: Interval
    """Who comes or asks, as played."""
    in_time: Interval
    lacking: Interval
    half_hours: int
    short_half_hours: int
    days_counted: int


class RemedyFound(NamedTuple):
    """What one remedy would do in all of the month."""

    kind: str
    amount: int
    office_ids: tuple[int, ...]
    more: Interval
    """People more served in time."""
    possible: bool


class ServiceFound(NamedTuple):
    """One service's people, as seen until now."""

    service_id: int | None
    came: int
    turned_away: int
    not_drawn: int


class Answer(NamedTuple):
    """A month's check; everything that its page says."""

    offices: tuple[OfficeFound, ...]
    services: tuple[ServiceFound, ...]
    away: tuple[tuple[str, int], ...]
    served: int
    no_shows: int
    left: int
    needed_hours: float
    """Officers' hours."""
    there_hours: float
    left_over_hours: float
    lacking_hours: Interval
    lacking: Interval
    """Officers full-time."""
    expected: Interval
    in_time: Interval
    not_in_time: Interval
    remedies: tuple[RemedyFound, ...]
    days_open: int
    """Added over the offices, like the next four."""
    days_over: int
    days_seen: int
    days_rostered: int
    days_unknown: int
    days_counted: int
    """From which the work was estimated."""
    services_counted: int
    usual: float
    """Of the estimated arrivals, the share that is what is usual anywhere, not what was counted."""
    counted_from: str
    counted_until: str

    @property
    def left_out(self) -> int:
        """Return how many offices aren't in the sums, for nothing of theirs was counted."""
        return sum(not one.half_hours for one in self.offices)

    @property
    def came(self) -> int:
        return sum(one.came for one in self.offices)

    @property
    def turned_away(self) -> int:
        return sum(one.turned_away for one in self.offices)

    @property
    def not_drawn(self) -> int:
        return sum(one.not_drawn for one in self.offices)


def read(data: Mapping[str, Any]) -> Answer:
    """Return a kept answer; a tuple's fields are a list in JSON."""
    pair = Interval._make
    return Answer(
        **{
            **data,
            "offices": tuple(
                OfficeFound._make([*row[:4], *(pair(one) for one in row[4:7]), *row[7:]])
                for row in data["offices"]
            ),
            "services": tuple(ServiceFound._make(row) for row in data["services"]),
            "away": tuple((why, n) for why, n in data["away"]),
            "remedies": tuple(
                RemedyFound(row[0], row[1], tuple(row[2]), pair(row[3]), row[4])
                for row in data["remedies"]
            ),
            **{
                name: pair(data[name])
                for name in ("lacking_hours", "lacking", "expected", "in_time", "not_in_time")
            },
        }
    )

"""What an office's last days teach about services, arrivals and waits; with little, what is usual.

Plain data that is made once a day and stored, so that a forecast never reads the days again.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import numpy as np

from giliran.core.promise.line import Stream
from giliran.core.promise.service_times import ServiceTimes

SERVICE_SCV: Final = 0.5
"""Of services that nobody has measured yet: variance / mean squared."""
PRIOR_COUNTS: Final = 20
"""As how many services of the office's own the usual ones count, which fade as these come in."""
STORED_POINTS: Final = 200
HALF_HOUR: Final = 30
USUAL_SHOW_UP: Final = 0.88
"""As seen at similar offices a day ahead; counts as ten booked people."""
SHOW_UP_COUNTS: Final = 10
USUAL_LATENESS: Final = (-25.0, -18.0, -14.0, -11.0, -9.0, -7.0, -5.0, -3.0, 0.0, 4.0, 12.0)
USUAL_WAITS: Final = (0.0, 2.0, 5.0, 8.0, 12.0, 16.0, 20.0, 26.0, 32.0, 40.0)
"""Minutes after the window's beginning: four in five are called within a window of half an hour."""
_WORTH_A_STREAM: Final = 0.001


class Arrival(NamedTuple):
    """A walk-in of one of the days."""

    service_id: int
    is_priority: bool
    minute: float
    """Of the day, on the office's clock."""


@dataclass
class Days:
    """What happened on the days that are learned from."""

    days: int = 0
    services: list[tuple[int, float]] = field(default_factory=list)
    """(service_id, minutes from the call until the counter could call the next)."""
    booked: int = 0
    came: int = 0
    lateness: list[float] = field(default_factory=list)
    """Minutes after the time that they were asked for at which booked people came."""
    waits: list[float] = field(default_factory=list)
    """Minutes after the window's beginning at which people who came in time were called."""
    walk_ins: list[Arrival] = field(default_factory=list)
    counters: tuple[int, ...] = ()
    """Those that were open on the last of the days."""


@dataclass(frozen=True)
class Learned:
    """What forecasts of one office's day begin with."""

    minutes: Mapping[int, tuple[float, ...]]
    """By service_id: sorted lengths that are equally likely."""
    people: Mapping[int, int]
    """By service_id: walk-ins and others counted, commonest service first."""
    show_up: float
    lateness: tuple[float, ...]
    waits: tuple[float, ...]
    per_minute: Mapping[tuple[int, bool, int], float]
    """Walk-ins by (service_id, is_priority, half hour of the day)."""
    counters: tuple[int, ...]

    def times(self) -> dict[int, ServiceTimes]:
        """Return how long services take, by service_id."""
        return {one: ServiceTimes.of_sample(lengths) for one, lengths in self.minutes.items()}

    def streams(self, midnight: datetime, *, ends: datetime) -> list[Stream]:
        """Return a day's walk-ins until ``ends``, when the door closes; times are aware."""
        found = []
        for (service_id, is_priority, half_hour), rate in self.per_minute.items():
            begins = midnight + timedelta(minutes=HALF_HOUR * half_hour)
            till = min(ends, begins + timedelta(minutes=HALF_HOUR))
            if begins < till and rate >= _WORTH_A_STREAM:
                found.append(Stream(is_priority, service_id, rate, begins, till))
        return found

    def out_after(self, service_id: int, *, share: float) -> tuple[float, float]:
        """Return after how many minutes of a booked window this share are called, and are out."""
        waits = np.array(self.waits)
        lengths = np.array(self.minutes[service_id])
        both = np.add.outer(waits, lengths).ravel()
        return float(np.quantile(waits, share)), float(np.quantile(both, share))

    def to_json(self) -> dict[str, Any]:
        """Return plain data, from which ``from_json`` makes an equal value."""
        return {
            "minutes": [[one, list(lengths)] for one, lengths in self.minutes.items()],
            "people": [list(one) for one in self.people.items()],
            "show_up": self.show_up,
            "lateness": list(self.lateness),
            "waits": list(self.waits),
            "per_minute": [[*key, rate] for key, rate in self.per_minute.items()],
            "counters": list(self.counters),
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Learned:
        """Raises KeyError, TypeError or ValueError for data that ``to_json`` did not write."""
        return Learned(
            minutes={int(one): _floats(lengths) for one, lengths in data["minutes"]},
            people={int(one): int(count) for one, count in data["people"]},
            show_up=float(data["show_up"]),
            lateness=_floats(data["lateness"]),
            waits=_floats(data["waits"]),
            per_minute={
                (int(service_id), bool(is_priority), int(half_hour)): float(rate)
                for service_id, is_priority, half_hour, rate in data["per_minute"]
            },
            counters=tuple(int(one) for one in data["counters"]),
        )


def learn(
    days: Days,
    *,
    typical_minutes: Mapping[int, float],
    others: Sequence[Learned] = (),
    door_per_minute: Mapping[tuple[int, bool, int], float] | None = None,
) -> Learned:
    """Learn from days what to expect of the next.

    ``typical_minutes`` names every service that the office has, with its usual minutes. Of a
    service that few were seen of, what ``others`` (offices nearby) have learned fills in, and
    where they know nothing, lengths spread about the typical one. ``door_per_minute`` is what is
    expected of walk-ins where no day is known. Raises ValueError for a service without length.
    """
    seen: dict[int, list[float]] = defaultdict(list)
    for service_id, minutes in days.services:
        seen[service_id].append(minutes)
    lengths = {}
    for service_id, typical in typical_minutes.items():
        usual = [one.minutes[service_id] for one in others if service_id in one.minutes]
        prior = (
            np.concatenate([np.array(one) for one in usual])
            if usual
            else ServiceTimes.gamma(typical, SERVICE_SCV).minutes
        )
        fill = _thinned(prior, PRIOR_COUNTS)
        # With five times as many of the office's own, the usual ones say nothing more.
        own = seen[service_id]
        few = len(own) < 5 * PRIOR_COUNTS
        lengths[service_id] = _thinned([*own, *fill] if few else own, STORED_POINTS)
    counted = Tally(service_id for service_id, _ in days.services)
    people = sorted(typical_minutes, key=lambda one: -counted[one])
    arrivals = Tally(
        (one.service_id, one.is_priority, int(one.minute // HALF_HOUR)) for one in days.walk_ins
    )
    rates = {
        key: count / max(1, days.days) / HALF_HOUR
        for key, count in sorted(arrivals.items())
        if key[0] in lengths
    }
    return Learned(
        minutes=lengths,
        people={one: counted[one] for one in people},
        show_up=(days.came + SHOW_UP_COUNTS * USUAL_SHOW_UP) / (days.booked + SHOW_UP_COUNTS),
        lateness=_thinned([*days.lateness, *USUAL_LATENESS], STORED_POINTS),
        waits=_thinned([*days.waits, *USUAL_WAITS], STORED_POINTS),
        per_minute=rates if days.days else dict(door_per_minute or {}),
        counters=days.counters,
    )


def _thinned(sample: Iterable[float] | np.ndarray[Any, Any], most: int) -> tuple[float, ...]:
    """Return a sample, sorted; of a larger one, the middles of so many equal shares."""
    ordered = np.sort(np.asarray(list(sample), dtype=np.float64))
    if ordered.size > most:
        ordered = np.quantile(ordered, (np.arange(most) + 0.5) / most)
    return tuple(round(float(one), 2) for one in ordered)


def _floats(values: Iterable[Any]) -> tuple[float, ...]:
    return tuple(float(one) for one in values)

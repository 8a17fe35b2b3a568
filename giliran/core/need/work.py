"""The work of an office: who comes when, how long they take, who stays away, who gives up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, variance
from typing import Any

from giliran.core.need.estimate import Estimate, mean, rate, share
from giliran.core.need.mixed import Stream

HALF_HOUR = 30
USUAL_NO_SHOW = 0.12  # as seen at similar offices a day ahead
USUAL_BOOKED = 0.7
USUAL_CHECKED = 0.3
USUAL_PATIENCE = 180.0  # minutes: people have travelled for an hour and took the day off
USUAL_SCV = 0.5
CHECKED_TAKES = 0.6
"""Of a service's usual minutes, where nobody has measured yet what a checked file saves."""
USUAL_LOAD = 0.7
"""Of a new office: the share of its counters' time that people are expected to ask for."""
_PRIOR_SERVICES = 20


@dataclass(frozen=True, slots=True)
class ServiceWork:
    """How long one service takes in minutes; apart where the file was checked before the visit."""

    minutes: Estimate
    scv: float
    """Variance / mean squared."""
    checked: Estimate
    checked_share: Estimate


@dataclass(frozen=True, slots=True)
class Work:
    """Everything that the need of an office is computed from, with 90 % intervals."""

    services: Mapping[int, ServiceWork]
    arrivals: Mapping[tuple[int, int, int], Estimate]
    """People by (service_id, weekday, half-hour of the day); those at opening are ``standing``."""
    standing: Estimate
    """People at the door when it opens."""
    booked: Estimate
    """The share of those who come that has a window."""
    no_show: Estimate
    """The share of booked people who don't come."""
    leaving: Estimate
    """Leavers per minute waited."""
    days: int
    """Counted for it."""

    @property
    def patience(self) -> float:
        """Return the mean minutes after which somebody leaves."""
        return 1 / self.leaving.value

    @property
    def minutes(self) -> float:
        """Return the mean minutes of a service, by how often each is asked for."""
        counts: dict[int, float] = defaultdict(float)
        for (service_id, _, _), people in self.arrivals.items():
            counts[service_id] += people.value
        total = sum(counts.values())
        if not total:
            return fmean(one.minutes.value for one in self.services.values())
        return sum(n * self.services[one].minutes.value for one, n in counts.items()) / total

    def streams(self, weekday: int, half_hours: Sequence[int]) -> dict[int, Stream]:
        """Return each service's people in these half-hours of a weekday, by service_id."""
        return {
            one: Stream(
                tuple(
                    found.value if (found := self.arrivals.get((one, weekday, at))) else 0.0
                    for at in half_hours
                ),
                work.minutes.value,
                work.scv,
            )
            for one, work in self.services.items()
        }

    def to_json(self) -> dict[str, Any]:
        """Return plain data, from which ``from_json`` makes an equal value but for rounding."""
        return {
            "services": [
                [
                    one,
                    work.minutes.to_json(),
                    round(work.scv, 4),
                    work.checked.to_json(),
                    work.checked_share.to_json(),
                ]
                for one, work in self.services.items()
            ],
            "arrivals": [[*key, found.to_json()] for key, found in self.arrivals.items()],
            "standing": self.standing.to_json(),
            "booked": self.booked.to_json(),
            "no_show": self.no_show.to_json(),
            "leaving": self.leaving.to_json(),
            "days": self.days,
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Work:
        """Raises KeyError, TypeError or ValueError for data that ``to_json`` did not write."""
        read = Estimate.from_json
        return Work(
            services={
                int(one): ServiceWork(read(minutes), float(scv), read(checked), read(checked_share))
                for one, minutes, scv, checked, checked_share in data["services"]
            },
            arrivals={
                (int(service_id), int(weekday), int(half_hour)): read(found)
                for service_id, weekday, half_hour, found in data["arrivals"]
            },
            standing=read(data["standing"]),
            booked=read(data["booked"]),
            no_show=read(data["no_show"]),
            leaving=read(data["leaving"]),
            days=int(data["days"]),
        )


@dataclass
class Counted:
    """What was counted on some days of an office."""

    days: dict[int, int] = field(default_factory=dict)
    """How many of each weekday."""
    arrivals: dict[tuple[int, int, int], int] = field(default_factory=dict)
    """As in ``Work``."""
    standing: int = 0
    services: list[tuple[int, bool, float]] = field(default_factory=list)
    """(service_id, was checked before, minutes)."""
    came_booked: int = 0
    came: int = 0
    booked: int = 0
    """Windows that were meant to be used: those that came, and those that didn't."""
    left: int = 0
    waited: float = 0.0
    """Minutes, of all who waited."""


def estimate_work(
    counted: Counted,
    typical_minutes: Mapping[int, float],
    *,
    counters: int,
    open_at: Mapping[int, Sequence[int]],
) -> Work:
    """Return an office's work from what was counted, and from what is usual where little was.

    ``typical_minutes`` names every service that the office has, by id; ``open_at[weekday]`` are
    the half-hours of the day at which it is open. The usual arrivals of a weekday's half-hour are
    those of its other weekdays; where no day is known at all, the services share ``USUAL_LOAD`` of
    the counters' time equally. Raises ``ValueError`` without a service.
    """
    if not typical_minutes:
        raise ValueError("An office without a service has no work.")
    days = sum(counted.days.values())
    return Work(
        services={one: _service(counted, one, usual) for one, usual in typical_minutes.items()},
        arrivals=_arrivals(counted, typical_minutes, counters, open_at),
        standing=rate(counted.standing, days, usual=0.0 if days else counters / 2),
        booked=share(counted.came_booked, counted.came, usual=USUAL_BOOKED),
        no_show=share(counted.booked - counted.came_booked, counted.booked, usual=USUAL_NO_SHOW),
        leaving=rate(
            counted.left, counted.waited, usual=1 / USUAL_PATIENCE, worth=5 * USUAL_PATIENCE
        ),
        days=days,
    )


def _arrivals(
    counted: Counted,
    typical_minutes: Mapping[int, float],
    counters: int,
    open_at: Mapping[int, Sequence[int]],
) -> dict[tuple[int, int, int], Estimate]:
    at_a_half_hour: dict[tuple[int, int], int] = defaultdict(int)
    for (service_id, _, half_hour), people in counted.arrivals.items():
        at_a_half_hour[service_id, half_hour] += people
    # Of people whom nobody has counted yet each service takes an equal part of the time.
    each = USUAL_LOAD * counters * HALF_HOUR / len(typical_minutes)
    found = {}
    for weekday, half_hours in open_at.items():
        own = counted.days.get(weekday, 0)
        for half_hour in half_hours:
            others = sum(
                n
                for one, n in counted.days.items()
                if one != weekday and half_hour in open_at.get(one, ())
            )
            for service_id, minutes in typical_minutes.items():
                here = counted.arrivals.get((service_id, weekday, half_hour), 0)
                # The other weekdays alone, or the same days would be counted twice.
                elsewhere = at_a_half_hour[service_id, half_hour] - here
                usual = rate(elsewhere, others, usual=each / minutes).value
                found[service_id, weekday, half_hour] = rate(here, own, usual=usual)
    return found


def _service(counted: Counted, service_id: int, usual: float) -> ServiceWork:
    own = [(checked, minutes) for one, checked, minutes in counted.services if one == service_id]
    lengths = [minutes for _, minutes in own]
    checked = [minutes for was_checked, minutes in own if was_checked]
    whole = mean(lengths, usual=usual)
    scatter = variance(lengths) / fmean(lengths) ** 2 if len(lengths) > 1 else USUAL_SCV
    n = len(lengths)
    return ServiceWork(
        minutes=whole,
        scv=(scatter * n + USUAL_SCV * _PRIOR_SERVICES) / (n + _PRIOR_SERVICES),
        checked=mean(checked, usual=whole.value * CHECKED_TAKES),
        checked_share=share(len(checked), n, usual=USUAL_CHECKED),
    )

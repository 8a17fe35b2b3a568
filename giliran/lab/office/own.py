"""An office as its own days taught it to be, so that "what if" is asked of it and not of Serang."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from statistics import fmean, pstdev
from typing import Final

from giliran.core.calling import Policy
from giliran.core.offers import Hours
from giliran.core.promise.learned import Learned
from giliran.lab.office.setting import HALF_HOURS, Booked, Counter, Office, Service
from giliran.lab.visits import HOUR

USUAL_PRIORITY: Final = 0.2
"""Share with priority where nobody without a time was counted. Our assumption."""
_LEAST_MINUTES: Final = 0.1


def own_office(
    learned: Learned,
    *,
    counters: Sequence[Collection[int]],
    hours: Hours,
    booked: Sequence[Booked],
    walk_in_places: int | None,
    policy: Policy,
) -> Office:
    """Build the office of a usual day from what `core.promise.learned` knows.

    `counters` are those that are open, each with the ids of the services that it gives; `booked`
    are the windows with how many hold one. Services that no open counter gives are left out, and
    with them whoever comes for them. Nobody loses patience: how many would isn't known. Raises
    ValueError where nothing could be played: no counter, no service, nobody who comes.
    """
    given = [one for one in learned.minutes if any(one in served for served in counters)]
    rates: dict[tuple[bool, str], list[float]] = {}
    for (service, is_priority, half_hour), per_minute in learned.per_minute.items():
        if service in given and 0 <= half_hour < HALF_HOURS:
            row = rates.setdefault((is_priority, str(service)), [0.0] * HALF_HOURS)
            row[half_hour] += 60 * per_minute
    come = sum(one.people for one in booked) + sum(map(sum, rates.values()))
    if not counters or not given or not come:
        raise ValueError("There is no open counter, no service, or nobody who comes.")
    with_priority = sum(sum(row) for (is_priority, _), row in rates.items() if is_priority)
    without_a_time = sum(map(sum, rates.values()))
    shares = {str(one): float(learned.people.get(one, 0)) for one in given}
    return Office(
        services=tuple(
            Service(
                str(one),
                minutes=max(_LEAST_MINUTES, fmean(learned.minutes[one])),
                sample_minutes=tuple(
                    max(_LEAST_MINUTES, length) for length in learned.minutes[one]
                ),
            )
            for one in given
        ),
        counters=tuple(
            Counter(_spells(hours), frozenset(str(one) for one in served if one in given))
            for served in counters
        ),
        opens_at=_seconds(hours.opens.hour, hours.opens.minute),
        closes_at=_seconds(hours.closes.hour, hours.closes.minute),
        walk_ins={who: tuple(row) for who, row in rates.items()},
        walk_in_places=walk_in_places,
        booked=tuple(booked),
        booked_services=shares if any(shares.values()) else {},
        booked_priority=with_priority / without_a_time if without_a_time else USUAL_PRIORITY,
        show_up=min(1.0, learned.show_up),
        early_minutes=-fmean(learned.lateness),
        early_spread_minutes=pstdev(learned.lateness),
        policy=policy,
    )


def _spells(hours: Hours) -> tuple[tuple[float, float], ...]:
    """Between opening and closing, without the breaks (which may touch or overlap)."""
    opens = _seconds(hours.opens.hour, hours.opens.minute)
    closes = _seconds(hours.closes.hour, hours.closes.minute)
    found, since = [], opens
    for begins, ends in sorted(hours.breaks):
        pause = _seconds(begins.hour, begins.minute)
        if since < pause:
            found.append((since, min(pause, closes)))
        since = max(since, _seconds(ends.hour, ends.minute))
    if since < closes:
        found.append((since, closes))
    return tuple(found)


def _seconds(hour: int, minute: int) -> float:
    return float(hour * HOUR + minute * 60)

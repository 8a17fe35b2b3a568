"""What would help a month, in order of effect: each played with the same people and chances."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from giliran.lab import loans
from giliran.lab.month.playing import AS_IS, PLAYS, Change, Interval, Totals, interval, play_month
from giliran.lab.month.shortage import Shortage
from giliran.lab.month.site import OpenDay, Site
from giliran.lab.office.packed import Floats

PRECHECKED: Final = 0.8
"""Share of the files that can be checked before their owner comes. Our assumption."""
TO_BOOTH: Final = 0.2
"""Share of the people without a window who'd go to the nearest booth instead. Our assumption."""
FEWER_NO_SHOWS: Final = 0.29
"""Of those who'd stay away, the share that an automatic reminder brings (a call by somebody: 39 %):
weighted mean in Hasvold, Wootton, "Use of telephone and SMS reminders to improve attendance at
hospital appointments: a systematic review", Journal of Telemedicine and Telecare 17 (2011)."""
LONGER_HALF_HOURS: Final = 2
MOST_HALF_HOURS: Final = 80
"""Of work in a week, 40 hours: UU 13/2003 Pasal 77 jo. UU 6/2023."""
_LEVEL_PLAYS: Final = 8
_SENT_AWAY_MINUTES: Final = 120.0
"""What a person who isn't served counts for, in minutes of waiting, when officers are lent."""
_LEND_SECONDS: Final = 5.0
_WEEKDAYS: Final = 7


class Way(NamedTuple):
    """How an office reaches another in minutes, and whether its officers know what it serves."""

    minutes: float
    can_help: bool


class Remedy(NamedTuple):
    """One change somewhere in the region; ``kind`` is its name.

    prechecked, booths, reminders, hours, loans, hiring. ``amount`` are officers hired, or officers'
    days lent in the month.
    """

    kind: str
    changes: Mapping[str, Change]
    amount: int = 0


class Found(NamedTuple):
    """A remedy, and how many people more are served in time in the month."""

    remedy: Remedy
    more_in_time: Interval
    possible: bool
    """Whether there is anything to change; if not, why not depends on the kind."""


class Played(NamedTuple):
    """The month as it is, by office and of all, and what each remedy does."""

    as_is: Mapping[str, Totals]
    found: tuple[Found, ...]


def remedies(
    sites: Mapping[str, Site],
    asked: Sequence[str],
    shortages: Mapping[str, Shortage],
    *,
    booths: Mapping[str, str],
    ways: Mapping[tuple[str, str], Way],
    seed: int,
    plays: int = PLAYS,
) -> Played:
    """Play the month of the offices ``asked`` and of those they touch, as it is and with remedies.

    ``booths[key]`` is the nearest booth of an office, ``ways[home, to]`` the way for a loan. What
    costs no money comes first, by its effect; hiring comes last. An effect is counted over all
    offices, so that who lends or takes people over loses nothing unseen.
    """
    as_is = {
        key: play_month(site, seed=_seed(seed, key), plays=plays) for key, site in sites.items()
    }
    unchecked = [key for key in asked if _gains(sites[key])]
    longer = [key for key in asked if _may_open_longer(sites[key])]
    candidates = [
        Remedy("prechecked", dict.fromkeys(unchecked, Change(prechecked=PRECHECKED))),
        _booths(sites, asked, booths),
        Remedy(
            "reminders",
            {
                key: Change(fewer_no_shows=FEWER_NO_SHOWS)
                for key in asked
                if sites[key].days and sites[key].work.no_show.value > 0
            },
        ),
        Remedy(
            "hours",
            {
                key: Change(longer=LONGER_HALF_HOURS, unserved=_unserved(sites[key], as_is[key]))
                for key in longer
            },
        ),
        _loans(sites, asked, ways, seed),
        _hiring(sites, asked, shortages),
    ]
    found = [_effect(one, sites, as_is, seed, plays) for one in candidates]
    free = [one for one in found if one.remedy.kind != "hiring"]
    free.sort(key=lambda one: (not one.possible, -one.more_in_time.mean))
    return Played(as_is, (*free, found[-1]))


def _seed(seed: int, key: str) -> int:
    """Return an office's own chances: neighbours don't have the same days."""
    return (seed * 1_000_003 + int(key)) % 2**32


def _effect(
    one: Remedy, sites: Mapping[str, Site], as_is: Mapping[str, Totals], seed: int, plays: int
) -> Found:
    more: Floats = np.zeros(plays)
    for key, change in one.changes.items():
        played = play_month(sites[key], change, seed=_seed(seed, key), plays=plays)
        more = more + played.in_time - as_is[key].in_time
    return Found(one, interval(more), bool(one.changes))


def _gains(site: Site) -> bool:
    return bool(site.days) and any(
        found.checked_share.value < PRECHECKED for found in site.work.services.values()
    )


def _unserved(site: Site, as_is: Totals) -> float:
    """Return how many a day aren't served in time."""
    return float((as_is.came - as_is.in_time).mean()) / len(site.days)


def _may_open_longer(site: Site) -> bool:
    """Say whether an officer may stay longer each day, by the working week (breaks aside)."""
    if not site.days:
        return False
    longest = {day.weekday: day.shut.count(False) for day in site.days}
    return sum(longest.values()) + LONGER_HALF_HOURS * len(longest) <= MOST_HALF_HOURS


def _booths(sites: Mapping[str, Site], asked: Sequence[str], booths: Mapping[str, str]) -> Remedy:
    """Let some go to the nearest booth: it serves them with its own people, or they wait there."""
    changes: dict[str, Change] = {}
    coming: dict[str, dict[tuple[int, int, int], float]] = {}
    for key in asked:
        booth = booths.get(key)
        if booth is None or not sites[key].days or not sites[booth].days:
            continue
        here = sites[key]
        services = here.serves & sites[booth].serves
        if not services:
            continue
        changes[key] = Change(gone=TO_BOOTH, gone_services=services)
        at_booth = {(day.weekday, at) for day in sites[booth].days for at in day.half_hours}
        moved = coming.setdefault(booth, {})
        for (one, weekday, at), found in here.work.arrivals.items():
            if one in services and (weekday, at) in at_booth:
                people = TO_BOOTH * found.value * (1 - here.work.booked.value)
                moved[one, weekday, at] = moved.get((one, weekday, at), 0.0) + people
    for booth, arriving in coming.items():
        changes[booth] = changes.get(booth, AS_IS)._replace(coming=arriving)
    return Remedy("booths", changes)


def _hiring(
    sites: Mapping[str, Site], asked: Sequence[str], shortages: Mapping[str, Shortage]
) -> Remedy:
    """Hire as many as are lacking full-time where there is a free counter; at least one in all."""
    able = [key for key in asked if sites[key].days and _free_counters(sites[key])]
    lacking = {
        key: min(_free_counters(sites[key]), round(shortages[key].officers.mean)) for key in able
    }
    if able and not any(lacking.values()):
        lacking[max(able, key=lambda key: shortages[key].officers.mean)] = 1
    changes = {key: Change(officers=(n,) * _WEEKDAYS) for key, n in lacking.items() if n}
    return Remedy("hiring", changes, sum(lacking.values()))


def _free_counters(site: Site) -> int:
    """Return how many counters are empty at the best staffed time of the usual day."""
    return max(0, site.counters - max((max(day.officers) for day in site.days), default=0))


def _loans(
    sites: Mapping[str, Site],
    asked: Sequence[str],
    ways: Mapping[tuple[str, str], Way],
    seed: int,
) -> Remedy:
    """Lend officers for whole days, weekday by weekday, by the best plan for all offices."""
    more = {key: [0] * _WEEKDAYS for key in sites}
    days = 0
    for weekday in range(_WEEKDAYS):
        usual = {key: day for key, site in sites.items() if (day := _usual_day(site, weekday))}
        if not any(key in usual for key in asked):
            continue
        here = {key: max(day.officers) for key, day in usual.items()}
        labs = [
            loans.Office(key, _levels(sites[key], day, here[key], seed))
            for key, day in usual.items()
        ]
        groups = [
            loans.Group(
                key,
                # Somebody stays at home: an office that opens has somebody.
                max(0, here[key] - 1),
                {
                    to: way.minutes
                    for to in usual
                    if to in asked and (way := ways.get((key, to))) and way.can_help
                },
            )
            for key in usual
        ]
        groups += [loans.Group(key, min(1, here[key]), {}) for key in usual]
        for loan in loans.lend(labs, groups, seconds=_LEND_SECONDS).loans:
            more[loan.home][weekday] -= loan.count
            more[loan.to][weekday] += loan.count
            times = sum(day.weekday == weekday for day in sites[loan.to].days)
            days += loan.count * times
    changes = {
        key: Change(officers=tuple(row))  # type: ignore[arg-type]
        for key, row in more.items()
        if any(row)
    }
    return Remedy("loans", changes, days)


def _usual_day(site: Site, weekday: int) -> OpenDay | None:
    found = Tally(day for day in site.days if day.weekday == weekday)
    return found.most_common(1)[0][0] if found else None


def _levels(site: Site, day: OpenDay, here: int, seed: int) -> list[float]:
    """Return what a day costs with 0, 1, ... officers up to the counters, in minutes waited.

    One day is played some times over for each; who isn't served in time counts two hours.
    """
    found = []
    one_day = Site(site.key, (day,), site.counters, site.serves, site.work, site.unmet)
    for officers in range(max(site.counters, here) + 1):
        row = [0] * _WEEKDAYS
        row[day.weekday] = officers - here
        played = play_month(
            one_day,
            Change(officers=tuple(row)),  # type: ignore[arg-type]
            seed=_seed(seed, site.key),
            plays=_LEVEL_PLAYS,
        )
        found.append(float((played.came - played.in_time).mean()) * _SENT_AWAY_MINUTES)
    return found

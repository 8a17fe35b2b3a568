"""What each office of the demonstration went through in its last weeks: who came, who served.

Made up, from the same seeds each time. Serang is as the ombudsman of Banten described it in May
2025 until its places are drawn, and gets better after; South Tangerang gets slower week by week;
the others have ordinary weeks, and one booth a bad one that is no more than chance.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import Final, NamedTuple

from giliran.lab.serang import serang_day
from giliran.lab.visits import HOUR, Kind, Visit

WEEKS: Final = 14
DOORS: Final = 7 * HOUR
"""From when numbers are given; who came before stands in the street."""
SIX: Final = 6 * HOUR
DOOR_NUMBERS: Final = 24
"""Of Serang's sixty a day; the others are windows."""
SERVICES: Final = {"jht": 62, "jkm": 6, "jkk": 8, "jp": 10, "data": 8, "info": 6}
CHANNELS: Final = {"web": 62, "clerk": 16, "booth": 9, "sms": 13}
_SCV: Final = 0.5
_PRIORITY: Final = 0.17


class Past(NamedTuple):
    """How an office's days were; `week` counts back, 1 is the last whole week."""

    officers: tuple[str, ...]
    """User names in the order of the counters; empty: nobody sits there."""
    booked: float
    """Of the places in windows, the share that is taken."""
    walk_ins: float
    """A day."""
    minutes: float
    """Mean service."""
    shows_up: float = 0.92
    slipping: float = 0.0
    """Minutes by which the counters open later in each of the last five weeks."""
    late: float = 0.16
    """The share of mornings on which a counter opens late."""
    bad_days: frozenset[int] = frozenset()
    """Days back from the last whole week's end on which every counter opened late: 1 is Friday."""


PASTS: Final = {
    "serang": Past(("rina", "budi", "dewi", "eko"), 0.97, 0, 12),
    "tangerang-selatan": Past(
        ("maya", "joko", "ratna", "", "hadi", ""), 0.62, 18, 13, 0.92, 13, late=0.02
    ),
    "cilegon": Past(("fajar", "nurul"), 0.62, 9, 12.5),
    "mpp-serang": Past(("tono",), 0.58, 5, 11.5),
    "mpp-tangerang-selatan": Past(("wati",), 0.55, 5, 11.5, bad_days=frozenset({3})),
    "banjarmasin": Past(("yusuf", "lina", "anwar", "", "rusdi"), 0.55, 17, 12, 0.9),
    "mpp-banjarmasin": Past(("noor",), 0.55, 4, 11.5),
}

# Of those who'd stand at Serang's door: how many still come, by weeks since the draw began.
_STILL_EARLY: Final = (0.16, 0.05, 0.02, 0.0)
_STILL_COME: Final = (0.42, 0.35, 0.32, 0.3)


class Asked(NamedTuple):
    """A window that somebody has, and what they have it for; seconds from midnight."""

    begins: int
    ends: int
    service: str
    is_priority: bool


def comers(
    of: str,
    asked: Sequence[Asked],
    *,
    services: dict[str, int],
    drawn_for: int | None,
    chance: Random,
) -> tuple[list[Visit | None], list[Visit]]:
    """Return how each who has a window comes (None: stays away), and who comes without one.

    `arrives_at` may lie before the doors open. `services` are the office's, by weight;
    `drawn_for` counts the weeks since Serang's places are drawn.
    """
    past = PASTS[of]
    booked = [
        _booked(one, past.minutes, chance) if chance.random() < past.shows_up else None
        for one in asked
    ]
    if of == "serang":
        visits = serang_day(chance.randrange(10**9))
        return booked, [
            visit._replace(service=visit.service.lower())
            for visit in fewer(visits, drawn_for, chance)
            if visit.window_starts_at is None
        ]
    people = round(chance.gauss(past.walk_ins, past.walk_ins**0.5))
    return booked, [_walk_in(services, past.minutes, chance) for _ in range(max(0, people))]


def opens_late(of: str, days_back: int, chance: Random) -> int:
    """Return how many seconds after opening somebody sits down at a counter on a morning.

    `days_back` are working days; 1 is the last whole week's Friday.
    """
    past = PASTS[of]
    if days_back in past.bad_days:
        return round(chance.uniform(60, 100) * 60)
    if chance.random() < past.late:
        return round(chance.uniform(25, 110) * 60)
    weeks = max(0, 6 - (days_back + 4) // 5)
    return round(60 * past.slipping * weeks * chance.uniform(0.85, 1.15))


def _booked(one: Asked, minutes: float, chance: Random) -> Visit:
    return Visit(
        arrives_at=max(DOORS, round(one.begins + 60 * chance.gauss(-9, 8))),
        service=one.service,
        service_minutes=_length(minutes, chance),
        patience_minutes=None,
        is_priority=one.is_priority,
        kind=Kind.APPOINTMENT,
        window_starts_at=one.begins,
        window_ends_at=one.ends,
    )


def _walk_in(services: dict[str, int], minutes: float, chance: Random) -> Visit:
    return Visit(
        arrives_at=round(7.7 * HOUR + min(chance.expovariate(1 / 1.8), 5.5) * HOUR),
        service=chosen(services, chance),
        service_minutes=_length(minutes, chance),
        patience_minutes=round(100 * chance.lognormvariate(0, 0.6)),
        is_priority=chance.random() < _PRIORITY,
    )


def fewer(visits: Iterable[Visit], drawn_for: int | None, chance: Random) -> Iterator[Visit]:
    """Yield who of a day as reported still comes so many weeks after the draw began.

    Whoever has a window does; None for a day before the draw.
    """
    for visit in visits:
        if drawn_for is not None and visit.window_starts_at is None:
            shares = _STILL_EARLY if visit.arrives_at < SIX else _STILL_COME
            if chance.random() >= shares[min(drawn_for, len(shares) - 1)]:
                continue
        yield visit


def _length(minutes: float, chance: Random) -> float:
    return round(max(1.5, chance.gammavariate(1 / _SCV, minutes * _SCV)), 2)


def chosen(weights: dict[str, int], chance: Random) -> str:
    """Return one of some names by its weight."""
    return chance.choices(list(weights), list(weights.values()))[0]


def at_the_door(
    walk_ins: Iterable[Visit], numbers: int | None
) -> tuple[list[Visit], list[tuple[int, Visit]]]:
    """Divide who comes without a window into those with a number and those who are sent home.

    Numbers go in order of coming, from the opening of the doors. Once as many stand there as there
    are numbers, the guard sends the others home at once: each with the moment.
    """
    in_order = sorted(walk_ins, key=lambda visit: visit.arrives_at)
    inside = [
        visit._replace(arrives_at=max(DOORS + 20 * place, visit.arrives_at))
        for place, visit in enumerate(itertools.islice(in_order, numbers))
    ]
    return inside, [(visit.arrives_at, visit) for visit in in_order[len(inside) :]]

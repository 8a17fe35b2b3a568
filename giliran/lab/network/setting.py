"""What a network of offices is, and how its people behave. Days are working days, from 0."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Final, Literal
from zoneinfo import ZoneInfo

from giliran.core.offers import DayPlan, Hours, plan_day
from giliran.lab.office import Counter, Office, Service
from giliran.lab.serang import CLAIMS
from giliran.lab.visits import HOUR

Way = Literal["first_come", "draw"]
WAYS: Final[tuple[Way, ...]] = ("first_come", "draw")
SERVICE_MINUTES, SERVICE_SCV = 12.0, 0.5
_ZONE: Final = ZoneInfo("Asia/Jakarta")
_SOME_DAY: Final = date(2026, 11, 12)
_WINDOW_MINUTES: Final = 30
_HOURS: Final = Hours(time(8), time(15), ((time(12), time(13)),))
_LEAD_AT_MOST: Final = 100


def _check(holds: bool, sentence: str) -> None:
    if not holds:
        raise ValueError(sentence)


@dataclass(frozen=True)
class Branch:
    """An office and the people around it."""

    name: str
    counters: int
    people: float
    """Who ask for a turn for the first time, on average a day, with their home here."""
    near: tuple[int, ...] = ()
    """The other branches that people from here would also go to, the nearest first."""
    hours: Hours = _HOURS

    def __post_init__(self) -> None:
        _check(self.counters >= 1, f"{self.name}: an office has at least one counter.")
        _check(0 <= self.people < 100_000, f"{self.name}: nobody or some people come a day.")  # noqa: PLR2004 -- said in the sentence


@dataclass(frozen=True)
class Network:
    """Branches, and how turns are given. Shares are from 0 to 1; all are assumptions of ours."""

    branches: tuple[Branch, ...]
    way: Way = "draw"
    days: int = 30
    backlog_days: float = 3.0
    """People who asked `lead_days` before the first day, in days of demand."""
    leave: float = 0.0
    """Share of days on which an officer is away and none is lent by another office. It is known
    before places are offered; one counter always stays open."""
    walk_in_share: float = 0.2
    """Share of the counters' time kept for numbers at the door, beside the draw."""
    at_the_door: float = 0.2
    """Share of people who never apply and stand at the door, also beside the draw."""
    lead_days: int = 1
    """From the draw to the day that is drawn for."""
    narrow: float = 0.1
    """Share of applicants who accept only the office of their home."""
    narrow_credit: float = 0.0
    """Credit that these earn for a lost round; others earn 1. The offices' rule is 0."""
    comes_again: float = 0.5
    """Chance that somebody who got no turn at the door stands there on a given day after."""
    earlier_minutes: float = 30.0
    """Whoever was turned away comes before opening from then on, each time so much earlier."""
    show_up: float = 0.92
    patience_minutes: float = math.inf
    """Median time in the room until somebody with a number or a window goes home; lognormal with a
    spread of 0.6. Endless unless said: the kindest to who must come at dawn."""
    gives_up_days: float = 40.0
    """Median; lognormal with a spread of 0.7. From asking, while one has no place."""

    def __post_init__(self) -> None:
        _check(bool(self.branches), "A network has at least one office.")
        _check(self.way in WAYS, f"No way {self.way!r}; there are: {', '.join(WAYS)}.")
        _check(
            self.days >= 1 and 1 <= self.lead_days <= _LEAD_AT_MOST,
            "At least one day is played, and a draw is from one to a hundred days ahead.",
        )
        shares = (self.leave, self.walk_in_share, self.at_the_door, self.narrow, self.narrow_credit)
        _check(
            all(0 <= one <= 1 for one in (*shares, self.comes_again, self.show_up)),
            "A share is from 0 to 1.",
        )
        _check(
            min(self.backlog_days, self.earlier_minutes) >= 0
            and min(self.gives_up_days, self.patience_minutes) > 0,
            "Days and minutes are not below zero.",
        )
        known = range(len(self.branches))
        for place, one in enumerate(self.branches):
            _check(
                set(one.near) <= set(known) - {place} and len(set(one.near)) == len(one.near),
                f"{one.name}: what is near are other offices, each once.",
            )


def offered(branch: Branch, *, counters: int, walk_in_share: float) -> DayPlan:
    """Give what `core.offers` lets the branch promise on a day with so many counters."""
    return plan_day(
        _SOME_DAY,
        branch.hours,
        zone=_ZONE,
        window_minutes=_WINDOW_MINUTES,
        counters_open=counters,
        service_minutes=SERVICE_MINUTES,
        walk_in_share=walk_in_share,
    )


def office_of(branch: Branch, *, counters: int, numbers: int) -> Office:
    """Give the office on a day with so many counters and numbers for the door."""
    opens, closes = _seconds(branch.hours.opens), _seconds(branch.hours.closes)
    edges = [opens, *(_seconds(at) for pause in branch.hours.breaks for at in pause), closes]
    spells = tuple(zip(edges[::2], edges[1::2], strict=True))
    return Office(
        services=tuple(Service(name, SERVICE_MINUTES, SERVICE_SCV) for name in CLAIMS),
        counters=(Counter(spells),) * counters,
        opens_at=opens,
        closes_at=closes,
        walk_in_places=numbers,
    )


def five_branches(people: float = 1.0) -> tuple[Branch, ...]:
    """Give five made-up branches; together they can serve what is asked if `people` is 1.

    The first two are asked for half as much again as they can serve, the others for less: what
    offices in a city and around it look like. `people` multiplies all who ask.
    """
    made: Sequence[tuple[str, int, float, tuple[int, ...]]] = (
        ("kota", 2, 1.5, (1, 2, 4, 3)),
        ("pelabuhan", 2, 1.4, (0, 2, 3, 4)),
        ("kawasan industri", 4, 0.8, (0, 1, 4, 3)),
        ("perintis", 1, 0.8, (1, 2, 0, 4)),
        ("kabupaten", 3, 0.65, (2, 0, 1, 3)),
    )
    return tuple(
        Branch(name, counters, people * load * _served(counters), near)
        for name, counters, load, near in made
    )


def _served(counters: int) -> float:
    """People a day that so many counters serve, on average, when all come."""
    return counters * 360 / SERVICE_MINUTES


def _seconds(at: time) -> float:
    return float(at.hour * HOUR + at.minute * 60 + at.second)

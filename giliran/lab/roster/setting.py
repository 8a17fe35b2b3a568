"""What a roster is asked for: duties, the people who may fill them, and what they may not do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

SATURDAY, SUNDAY, WEEK = 5, 6, 7


@dataclass(frozen=True, slots=True)
class Duty:
    """Work at a place on one day, counted from 0, a Monday.

    ``begins`` and ``ends`` are minutes after that day's midnight; ``minutes`` are those worked,
    without the break.
    """

    key: str
    day: int
    kind: str
    begins: int
    ends: int
    minutes: int
    place: str = ""


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who can be given duties, and the limits that the law and they themselves set.

    ``may`` names the duties and what each costs (travel to another office). ``before`` counts the
    duties of a kind that they had in the weeks before, for fairness. ``works_too`` are days on
    which they work whatever is decided here: before day 0 (-1 is the day before), over already, or
    after the last.
    """

    key: str
    may: Mapping[str, int]
    skills: frozenset[str] = frozenset()
    most_of_kind: Mapping[str, int] = field(default_factory=dict)
    most_minutes: int = 40 * 60
    least_minutes: int = 0
    longest_run: int = 6
    shortest_run: int = 1
    shortest_rest: int = 1
    most_weekends: int = 99
    days_off: frozenset[int] = frozenset()
    before: Mapping[str, int] = field(default_factory=dict)
    works_too: frozenset[int] = frozenset()

    def spans(self, days: int) -> Iterator[tuple[range, int]]:
        """Give the stretches of days in which they may not work all, and how many they may.

        Only the days of the setting itself are given; what they work outside is taken off.
        """
        for begin in range(-self.longest_run, days):
            span = range(begin, begin + self.longest_run + 1)
            fixed = len(self.works_too.intersection(span))
            inside = range(max(begin, 0), min(span.stop, days))
            if len(inside) + fixed > self.longest_run:
                yield inside, max(0, self.longest_run - fixed)


@dataclass(frozen=True, slots=True)
class Cover:
    """How many people are wanted over some duties, and what each too few or too many costs."""

    key: str
    duties: tuple[str, ...]
    wanted: int
    under: int
    over: int = 0
    skill: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody asks for a duty, or to be spared it; ``weight`` is what it costs not to follow."""

    worker: str
    duty: str
    weight: int
    is_for: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """Everything that a roster of some days must keep (limits) or would like to keep (costs).

    ``never_after`` holds pairs of kinds: the second never on the day after the first.
    ``rest_minutes`` lie at least between the end of a duty and the next day's begin.
    ``fair`` gives for a kind what unevenness costs: the n-th such duty of one person costs n times
    that much, so that it is cheapest to share them.
    """

    days: int
    duties: tuple[Duty, ...]
    workers: tuple[Worker, ...]
    covers: tuple[Cover, ...]
    wishes: tuple[Wish, ...] = ()
    never_after: frozenset[tuple[str, str]] = frozenset()
    rest_minutes: int = 0
    fair: Mapping[str, int] = field(default_factory=dict)
    idle_hour: int = 1000
    """What it costs for each hour under ``least_minutes``: more than anything else."""

    def clash(self, first: Duty, second: Duty) -> bool:
        """Say whether nobody may have ``second`` on the day after ``first``."""
        rest = second.begins + 24 * 60 - first.ends
        return (first.kind, second.kind) in self.never_after or rest < self.rest_minutes

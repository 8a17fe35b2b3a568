"""Who is called next at a counter: one pure rule, with a policy that an office chooses.

Everybody in the line holds a claim: a rank, a rate and the moment from which it grows. At any
moment the claim is worth rate times minutes since that moment; within a rank the largest is called.
Kleinrock (1964); Stanford, Taylor & Ziedins, Queueing Systems 77 (2014), "Waiting time
distributions in the accumulating priority queue".

A claim does not depend on the clock, so that a forecast can hold many lines as arrays of rank,
rate and since and still follow the very rule by which the counters call.
"""

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

_Key = tuple[int, float, float, float, float, datetime, int]


class CallingClass(StrEnum):
    PRIORITY = "priority"
    STANDARD = "standard"


class Waiting(NamedTuple):
    """One person in the line, as the counters see it; all times are aware."""

    turn_id: int
    is_priority: bool
    """60 and older, pregnant, disabled, or with small children."""
    window_from: datetime | None
    """None for a walk-in."""
    window_till: datetime | None
    arrived_at: datetime
    place_since: datetime | None
    """Set for somebody who comes back from parking or a transfer: the place that they keep."""
    service_id: int
    counter_id: int | None
    """The one counter to which they were transferred, or None for any."""

    @property
    def calling_class(self) -> CallingClass:
        return CallingClass.PRIORITY if self.is_priority else CallingClass.STANDARD


@dataclass(frozen=True)
class Rates:
    """How fast the claims of one class grow: weight per minute waited."""

    appointment: float
    walk_in: float

    def __post_init__(self) -> None:
        if not (0 < self.walk_in <= self.appointment < math.inf):
            raise PolicyNotFair(
                "Rates must be above zero, finite, and no smaller for appointments than for "
                f"walk-ins; given: appointment {self.appointment}, walk-in {self.walk_in}."
            )


@dataclass(frozen=True)
class Policy:
    """How an office weighs those who wait."""

    name: str
    priority: Rates
    standard: Rates
    priority_always_first: bool = False
    """Whether every priority person who is due goes before every other, however long they wait."""
    late_grace: timedelta = timedelta(minutes=10)
    """Who comes later than this after the end of their window waits like a walk-in."""

    def __post_init__(self) -> None:
        if (
            self.priority.walk_in < self.standard.walk_in
            or self.priority.appointment < self.standard.appointment
        ):
            raise PolicyNotFair(
                f"Policy {self.name}: the priority rates must not be below the standard ones."
            )
        if self.late_grace < timedelta(0):
            raise PolicyNotFair(
                f"Policy {self.name}: the grace must not be below zero; given: {self.late_grace}."
            )


class PolicyNotFair(ValueError):
    """A policy that would call somebody later for being entitled to come earlier."""


class Claim(NamedTuple):
    """What one person may ask of the counters, whatever the time is."""

    rank: int
    """0 is called before 1 when both are due."""
    rate: float
    """Weight per minute since."""
    since: datetime
    """When the claim begins to grow; before it the person is not yet due."""


_EVEN = Rates(appointment=1.0, walk_in=1.0)
# Sixteen: on a rehearsed day with a dawn queue, nine in ten appointments are then called within
# ten minutes after their window; at twice, half of the windows broke. docs/guides/calling.md.
_APPOINTMENT_FIRST = Rates(appointment=16.0, walk_in=1.0)

POLICIES: MappingProxyType[str, Policy] = MappingProxyType(
    {
        policy.name: policy
        for policy in (
            Policy(
                "accumulating",
                priority=_APPOINTMENT_FIRST,
                standard=Rates(appointment=4.0, walk_in=0.25),
            ),
            Policy("first_come", priority=_EVEN, standard=_EVEN),
            Policy(
                "strict_priority",
                priority=_APPOINTMENT_FIRST,
                standard=_APPOINTMENT_FIRST,
                priority_always_first=True,
            ),
        )
    }
)


def claim(person: Waiting, policy: Policy) -> Claim:
    """Return the person's claim under the policy.

    An appointment grows from the start of its window, so that coming early earns nothing; who
    comes after the window's end and the grace has a walk-in's claim from their arrival. Who was
    parked or transferred grows from `place_since`, at the rate that they had. Whoever parks or
    transfers a person keeps their place by storing `since` of this claim as `place_since`.

    Raises TypeError where a naive time meets an aware one.
    """
    return Claim(*_claim(person, policy))


def next_turn(
    line: Sequence[Waiting],
    *,
    now: datetime,
    policy: Policy,
    counter_id: int,
    service_ids: Collection[int],
) -> int | None:
    """Return the turn_id of the person whom this counter calls now.

    None only if nobody in the line is for this counter: its services, or transferred to it.
    If all whom it may call come early, the one whose window is next is called, for an idle
    counter helps nobody; an early person never passes one who is due.

    Raises TypeError for a naive time.
    """
    first = min(_keys(line, now, policy, counter_id, service_ids), default=None)
    return None if first is None else first[-1]


def order(
    line: Sequence[Waiting],
    *,
    now: datetime,
    policy: Policy,
    counter_id: int,
    service_ids: Collection[int],
) -> list[int]:
    """Return the turn_ids as this counter would call them, again and again, at this moment.

    The first is `next_turn`. Raises TypeError for a naive time.
    """
    return [key[-1] for key in sorted(_keys(line, now, policy, counter_id, service_ids))]


def _claim(person: Waiting, policy: Policy) -> tuple[int, float, datetime]:
    # A plain tuple and each field read once: this runs for everybody in the line at every call.
    _, is_priority, window_from, window_till, arrived_at, place_since, _, _ = person
    rates = policy.priority if is_priority else policy.standard
    rank = 1 if policy.priority_always_first and not is_priority else 0
    if window_from is None or (
        window_till is not None and arrived_at > window_till + policy.late_grace
    ):
        return rank, rates.walk_in, place_since or arrived_at
    return rank, rates.appointment, place_since or window_from


def _keys(
    line: Sequence[Waiting],
    now: datetime,
    policy: Policy,
    counter_id: int,
    service_ids: Collection[int],
) -> Iterator[_Key]:
    if now.tzinfo is None:
        raise TypeError("now has no time zone; give an aware time.")
    now = now.astimezone(UTC)  # Two times of one zone are subtracted by their clock faces.
    for person in line:
        if person.counter_id is None:
            if person.service_id not in service_ids:
                continue
        elif person.counter_id != counter_id:
            continue
        rank, rate, since = _claim(person, policy)
        waited = (now - since).total_seconds()
        # Of two with the same place, the one whose claim grows faster would lead a moment later.
        if waited >= 0:
            yield 0, rank, -waited * rate, -waited, -rate, person.arrived_at, person.turn_id
        else:
            yield 1, -waited, rank, -rate, 0, person.arrived_at, person.turn_id

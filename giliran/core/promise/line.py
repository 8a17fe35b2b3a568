"""The state of a line as data: all that a forecast may know at one moment. Times are aware."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from giliran.core.calling import Policy, Waiting
from giliran.core.promise.service_times import Factor, ServiceTimes


class Running(NamedTuple):
    """A service that goes on at a counter."""

    service_id: int
    since: datetime
    """When the person was called."""
    turn_id: int | None = None


class Counter(NamedTuple):
    counter_id: int
    service_ids: frozenset[int]
    on_duty: tuple[tuple[datetime, datetime], ...]
    """From when till when it calls people, in order; a break is a gap. Nobody is called at or
    after an end, but a service that has begun is finished."""
    running: Running | None = None


class Expected(NamedTuple):
    """Somebody with an appointment today who is not there yet."""

    turn_id: int
    is_priority: bool
    window_from: datetime
    window_till: datetime
    service_id: int
    show_up: float = 1.0
    """The odds that they come, by what is known now."""
    lateness: tuple[float, ...] = (0.0,)
    """Equally likely minutes after the start of the window; negative is early."""


class Stream(NamedTuple):
    """Walk-ins who will probably come: a Poisson stream."""

    is_priority: bool
    service_id: int
    per_minute: float
    begins: datetime
    ends: datetime


class Newcomer(NamedTuple):
    """Somebody who asks "and if I took a number now?"; they make nobody wait."""

    is_priority: bool
    service_id: int


AS_LEARNED = Factor()


@dataclass(frozen=True)
class Line:
    waiting: Sequence[Waiting]
    counters: Sequence[Counter]
    """Of two that are free at the same moment, the first in this order calls first."""
    policy: Policy
    times: Mapping[int, ServiceTimes]
    """By service_id."""
    own_times: Mapping[int, ServiceTimes] = field(default_factory=lambda: MappingProxyType({}))
    """By turn_id, for those who differ from their service, as when their file is pre-checked."""
    to_come: Sequence[Expected] = ()
    streams: Sequence[Stream] = ()
    pace: Factor = AS_LEARNED
    """How much longer services last today than `times` says."""
    crowd: Factor = AS_LEARNED
    """How many more walk-ins come today than `streams` says."""

    def times_of(self, service_id: int, turn_id: int | None = None) -> ServiceTimes:
        """Raises KeyError for a service whose times are not given."""
        if turn_id is not None and turn_id in self.own_times:
            return self.own_times[turn_id]
        return self.times[service_id]

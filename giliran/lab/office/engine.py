"""The compiled event loop. Everything that is compiled stands in this one file.

numba's cache on disk notices changes of the file of the outermost function only; with a kernel
in another file it would go on running the old one.

Chance: SplitMix64 (Steele, Lea & Flood 2014) with the mixing of Stafford's variant 13. Every
office and day has a key; every person of it has a stream for each purpose (what they come for,
how long it lasts, how patient they are), which begins at a place that only the key, the person
and the purpose decide. So a scenario that changes one thing leaves all others' chances alone
(common random numbers), and days may be played in any order, on any number of cores.
Normal and exponential variates: ziggurat with 256 layers (Marsaglia & Tsang 2000; Doornik 2005);
gamma: Marsaglia & Tsang (2000).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import numba
import numpy as np

from giliran.lab.office.packed import (
    CLOSES,
    COUNTERS,
    EARLY,
    ENDLESS,
    EXPONENTIAL,
    FACTOR,
    FROM,
    GRACE,
    KIND,
    LOGNORMAL,
    MEAN,
    OPENS,
    PATIENCE,
    PATIENCE_SCALE,
    PEOPLE,
    PLACES,
    POOL,
    POOLS,
    PRECHECKED,
    PRIORITY,
    RANK,
    RATE,
    SAMPLE,
    SAMPLE_FROM,
    SAMPLE_SIZE,
    SHAPE,
    SHOW_UP,
    SIGMA,
    SPREAD,
    TILL,
    Floats,
    Ints,
    Packed,
)
from giliran.lab.office.setting import HALF_HOUR

F = TypeVar("F", bound=Callable[..., Any])

CAME, SERVED, LEFT, UNSERVED, TURNED_AWAY, WAITED, LEFT_WAITED, IN_WINDOW = range(8)
OF_CLASS: Final = 8
CLASSES: Final = 4  # 2 * is_priority + is_appointment
NOT_COME, STAFFED, BUSY, OVERTIME = range(OF_CLASS * CLASSES, OF_CLASS * CLASSES + 4)
TOTALS: Final = OF_CLASS * CLASSES + 4
# Rows of `people`, all in seconds, and of `marks`.
ARRIVES, READY, SINCE, STARTS, ENDS, LENGTH, LEAVES = range(7)
CLAIM, LINE, CLASS, SERVICE, NUMBER = range(5)
ROWS, MARKS = 7, 5
WALK_IN: Final = -1.0  # the beginning of the window of whoever has none
GONE, TOO_LATE, AT_THE_DOOR = -1.0, -2.0, -3.0  # instead of the moment when somebody was called
BIN_SECONDS: Final = 30.0
BINS: Final = 1440  # twelve hours; the last also holds all that is longer


def compiled(function: F) -> F:
    """Compile with numba; the compiled code is kept on disk where that is possible."""
    try:
        return cast("F", numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:  # neither this folder nor a home can be written
        return cast("F", numba.njit(nogil=True)(function))


def inlined(function: F) -> F:
    """Compile into whoever calls it: handing dozens of arrays over costs more than the step."""
    return cast("F", numba.njit(nogil=True, forceinline=True)(function))


# Chance ------------------------------------------------------------------------------------------

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_OF_PERSON: Final = np.uint64(0xD1B54A32D192ED03)
_OF_OFFICE: Final = np.uint64(0xABC98388FB8FAC03)
_OF_DAY: Final = np.uint64(0x8CB92BA72F3D8DD7)
_MIX_1: Final = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2: Final = np.uint64(0x94D049BB133111EB)
_30, _27, _31, _11, _255 = (np.uint64(one) for one in (30, 27, 31, 11, 255))
_UNIT: Final = 2.0**-53
# Purposes: where in a person's stream the chances of one kind begin.
_COMING, _SERVICE, _PATIENCE, _LEAVE = (np.uint64(one << 58) for one in range(4))
_FIRST_BOOKED: Final = 1 << 40  # walk-ins are numbered from 0
_NOBODY: Final = 1 << 50
_LAYERS: Final = 256
_NORMAL_R, _NORMAL_V = 3.6541528853610088, 0.00492867323399
_EXP_R, _EXP_V = 7.69711747013104972, 0.0039496598225815571993


def _layers(
    r: float, v: float, f: Callable[[float], float], back: Callable[[float], float]
) -> tuple[Floats, Floats]:
    xs = np.zeros(_LAYERS + 1)
    xs[0], xs[1] = v / f(r), r
    for at in range(2, _LAYERS):
        xs[at] = back(v / xs[at - 1] + f(xs[at - 1]))
    return xs, np.array([f(x) for x in xs])


_NX, _NF = _layers(
    _NORMAL_R, _NORMAL_V, lambda x: math.exp(-x * x / 2), lambda y: math.sqrt(-2 * math.log(y))
)
_EX, _EF = _layers(_EXP_R, _EXP_V, lambda x: math.exp(-x), lambda y: -math.log(y))


@inlined
def mixed(bits: Any) -> Any:
    bits = (bits ^ (bits >> _30)) * _MIX_1
    bits = (bits ^ (bits >> _27)) * _MIX_2
    return bits ^ (bits >> _31)


@inlined
def key_of(seed: Any, office: int, day: int) -> Any:
    first = mixed(np.uint64(seed) + np.uint64(office + 1) * _OF_OFFICE)
    return mixed(first + np.uint64(day + 1) * _OF_DAY)


@inlined
def stream(key: Any, person: Any, purpose: Any) -> Any:
    return mixed(key + np.uint64(person) * _OF_PERSON) + purpose


@inlined
def uniform(state: Any) -> Any:
    """Give the next state and a number in [0, 1)."""
    state = state + _GOLDEN
    return state, np.float64(mixed(state) >> _11) * _UNIT


@inlined
def exponential(state: Any) -> Any:
    while True:
        state = state + _GOLDEN
        bits = mixed(state)
        layer = np.int64(bits & _255)
        x = np.float64(bits >> _11) * _UNIT * _EX[layer]
        if x < _EX[layer + 1]:
            return state, x
        state, u = uniform(state)
        if layer == 0:
            return state, _EXP_R - math.log(1.0 - u)
        if _EF[layer] + u * (_EF[layer + 1] - _EF[layer]) < math.exp(-x):
            return state, x


@inlined
def normal(state: Any) -> Any:
    while True:
        state = state + _GOLDEN
        bits = mixed(state)
        layer = np.int64(bits & _255)
        side = 2.0 * (np.float64(bits >> _11) * _UNIT) - 1.0
        x = side * _NX[layer]
        if abs(x) < _NX[layer + 1]:
            return state, x
        if layer == 0:
            while True:
                state, u = uniform(state)
                state, w = uniform(state)
                beyond = -math.log(1.0 - u) / _NORMAL_R
                if -2.0 * math.log(1.0 - w) > beyond * beyond:
                    far = _NORMAL_R + beyond
                    return state, far if side > 0 else -far
        state, u = uniform(state)
        if _NF[layer] + u * (_NF[layer + 1] - _NF[layer]) < math.exp(-0.5 * x * x):
            return state, x


@inlined
def gamma(state: Any, shape: float) -> Any:
    """Give a gamma variate of this shape and scale 1."""
    if shape == 1.0:
        return exponential(state)
    boost = 1.0
    if shape < 1.0:
        state, u = uniform(state)
        boost = (1.0 - u) ** (1.0 / shape)
        shape += 1.0
    d = shape - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    while True:
        state, x = normal(state)
        v = 1.0 + c * x
        if v <= 0.0:
            continue
        v = v * v * v
        state, u = uniform(state)
        if u < 1.0 - 0.0331 * x * x * x * x:
            return state, boost * d * v
        if math.log(1.0 - u) < 0.5 * x * x + d * (1.0 - v + math.log(v)):
            return state, boost * d * v


# People ------------------------------------------------------------------------------------------


@inlined
def _length(
    kind: Any, mean: Any, shape: Any, prechecked: Any, factor: Any, size: Any, state: Any
) -> Any:
    """Draw how long it lasts, in seconds; what was pre-checked is scaled, not drawn anew.

    Of a SAMPLE, which one it is, and by how much it is scaled.
    """
    state, u = uniform(state)
    scale = factor if u < prechecked else 1.0
    if kind == SAMPLE:
        state, u = uniform(state)
        return scale, min(u * size, size - 1.0)
    if kind == LOGNORMAL:
        state, x = normal(state)
        return scale * mean * math.exp(shape * x - 0.5 * shape * shape), 0.0
    if shape == 0.0:
        return scale * mean, 0.0
    state, x = gamma(state, shape)
    return scale * mean * x / shape, 0.0


@inlined
def _patience(kind: Any, scale: Any, sigma: Any, state: Any) -> Any:
    if kind == ENDLESS:
        return np.inf
    if kind == EXPONENTIAL:
        state, x = exponential(state)
        return scale * x
    state, x = normal(state)
    return scale * math.exp(sigma * x)


@compiled
def claim_all(p: Packed, o: int, n: int, people: Floats, marks: Ints) -> None:
    """Write everybody's claim of `core.calling`, line, and when they could first be called.

    Needs `people` up to ENDS, and `marks` of SERVICE and CLASS. No slice of an array stands in
    this loop or the others, nor is an array handed to a function with branches: numba would count
    its owners each time, which costs more than all the rest.
    """
    for i in range(n):
        arrives, starts = people[ARRIVES, i], people[STARTS, i]
        in_time = starts != WALK_IN and arrives <= people[ENDS, i] + p.office[o, GRACE]
        people[SINCE, i] = starts if in_time else arrives
        people[READY, i] = max(arrives, starts, p.office[o, OPENS])
        claim = (marks[CLASS, i] & 2) + (1 if in_time else 0)
        marks[CLAIM, i] = claim
        marks[LINE, i] = 4 * np.int64(p.services[o, marks[SERVICE, i], POOL]) + claim


@compiled
def _lengths(p: Packed, o: int, key: Any, n: int, people: Floats, marks: Ints) -> None:
    """Draw how long everybody's service lasts, and when they lose patience."""
    services, office = p.services, p.office
    for i in range(n):
        person, service = marks[NUMBER, i], marks[SERVICE, i]
        kind = services[o, service, KIND]
        length, which = _length(
            kind,
            services[o, service, MEAN],
            services[o, service, SHAPE],
            services[o, service, PRECHECKED],
            services[o, service, FACTOR],
            services[o, service, SAMPLE_SIZE],
            stream(key, person, _SERVICE),
        )
        if kind == SAMPLE:
            length *= p.samples[np.int64(services[o, service, SAMPLE_FROM]) + np.int64(which)]
        people[LENGTH, i] = length
        people[LEAVES, i] = people[READY, i] + _patience(
            office[o, PATIENCE],
            office[o, PATIENCE_SCALE],
            office[o, SIGMA],
            stream(key, person, _PATIENCE),
        )


@compiled
def _walk_ins(p: Packed, o: int, key: Any, people: Floats, marks: Ints) -> int:
    """Draw the walk-ins, in order of arrival: a Poisson process with a rate for each half-hour."""
    rates, mix = p.rates, p.mix
    state, work = exponential(stream(key, _NOBODY, _COMING))
    n, t, half_hour, half_hours = 0, 0.0, 0, rates.shape[1]
    while True:
        while half_hour < half_hours:
            room = rates[o, half_hour] * (HALF_HOUR * (half_hour + 1) - t)
            if work < room:
                break
            work -= room
            half_hour += 1
            t = HALF_HOUR * half_hour
        if half_hour == half_hours:
            break
        t += work / rates[o, half_hour]
        _, u = uniform(stream(key, n, _COMING))
        pair = 0
        while u >= mix[o, half_hour, pair]:
            pair += 1
        people[ARRIVES, n], people[STARTS, n], people[ENDS, n] = t, WALK_IN, np.inf
        marks[NUMBER, n], marks[SERVICE, n], marks[CLASS, n] = n, pair >> 1, 2 * (pair & 1)
        n += 1
        state, work = exponential(state)
    return n


@compiled
def _booked(p: Packed, o: int, key: Any, n: int, people: Floats, marks: Ints) -> Any:
    """Draw the booked after n walk-ins; gives how many people there are, and how many stayed."""
    office, windows, mix = p.office, p.windows, p.booked_mix
    number, stayed = _FIRST_BOOKED, 0
    for window in range(windows.shape[1]):
        for _ in range(np.int64(windows[o, window, PEOPLE])):
            number += 1
            state, u = uniform(stream(key, number, _COMING))
            if u >= office[o, SHOW_UP]:
                stayed += 1
                continue
            state, u = uniform(state)
            is_priority = 1 if u < office[o, PRIORITY] else 0
            state, u = uniform(state)
            service = 0
            while u >= mix[o, service]:
                service += 1
            state, x = normal(state)
            starts = windows[o, window, FROM]
            people[ARRIVES, n] = max(0.0, starts - office[o, EARLY] + office[o, SPREAD] * x)
            people[STARTS, n], people[ENDS, n] = starts, windows[o, window, TILL]
            marks[NUMBER, n], marks[SERVICE, n] = number, service
            marks[CLASS, n] = 2 * is_priority + 1
            n += 1
    return n, stayed


@compiled
def new_day(p: Packed, o: int, key: Any, people: Floats, marks: Ints, order: Ints) -> Any:
    """Draw a day's people; gives how many come, and how many of the booked do not.

    `order` has them by arrival.
    """
    walk_ins = _walk_ins(p, o, key, people, marks)
    n, stayed = _booked(p, o, key, walk_ins, people, marks)
    claim_all(p, o, n, people, marks)
    _lengths(p, o, key, n, people, marks)
    _by_arrival(people, walk_ins, n, order)
    return n, stayed


@compiled
def _by_arrival(people: Floats, walk_ins: int, n: int, order: Ints) -> None:
    """Merge the walk-ins, who are in order, with the booked, who nearly are."""
    for i in range(walk_ins, n):
        at = i
        while at > walk_ins and people[ARRIVES, order[at - 1]] > people[ARRIVES, i]:
            order[at] = order[at - 1]
            at -= 1
        order[at] = i
    place, one = 0, 0
    for i in range(walk_ins, n):
        booked = order[i]
        while one < walk_ins and people[ARRIVES, one] <= people[ARRIVES, booked]:
            order[place] = one
            place, one = place + 1, one + 1
        order[place] = booked
        place += 1
    while one < walk_ins:
        order[place] = one
        place, one = place + 1, one + 1


# The day -----------------------------------------------------------------------------------------


@inlined
def _stands(i: int, people: Floats, marks: Ints, heads: Ints, tails: Ints, after: Ints) -> None:
    """Put a person into their line, which is kept by the beginning of the claims."""
    line, since = marks[LINE, i], people[SINCE, i]
    after[i] = -1
    if heads[line] < 0:
        heads[line] = i
        tails[line] = i
    elif people[SINCE, tails[line]] <= since:
        after[tails[line]] = i
        tails[line] = i
    elif people[SINCE, heads[line]] > since:
        after[i] = heads[line]
        heads[line] = i
    else:
        before = heads[line]
        while people[SINCE, after[before]] <= since:
            before = after[before]
        after[i] = after[before]
        after[before] = i


@inlined
def _goes_first(
    due: Any, more_waited: Any, more_rank: Any, more_claim: Any, more_rate: Any, earlier: Any
) -> Any:
    """Whether `core.calling` calls one before another of whom both or neither are due.

    Each argument is the one's value less the other's, and -1, 0 or 1 for who came earlier.
    """
    if not due and more_waited != 0:
        return more_waited > 0
    if more_rank != 0:
        return more_rank < 0
    if due and more_claim != 0:
        return more_claim > 0
    if due and more_waited != 0:
        return more_waited > 0
    if more_rate != 0:
        return more_rate > 0
    return earlier > 0


@inlined
def _comes_to_work(
    p: Packed, o: int, key: Any, next_at: Floats, spell: Ints, totals: Floats
) -> float:
    """Set every counter to its first spell, or none on a day of leave; gives the last closing."""
    last = 0.0
    spells = p.spells.shape[2]
    for c in range(len(next_at)):
        if p.leave[o, c] > 0.0:
            _, u = uniform(stream(key, c, _LEAVE))
            if u < p.leave[o, c]:
                spell[c] = spells - 1
        for k in range(spell[c], spells):
            if p.spells[o, c, k, 1] < np.inf:
                totals[STAFFED] += p.spells[o, c, k, 1] - p.spells[o, c, k, 0]
                last = max(last, p.spells[o, c, k, 1])
        next_at[c] = p.spells[o, c, spell[c], 0]
    return last


@compiled
def play_day(  # noqa: C901, PLR0912, PLR0915 -- in pieces it would hand a dozen arrays around
    p: Packed,
    o: int,
    key: Any,
    n: int,
    people: Floats,
    marks: Ints,
    order: Ints,
    called: Floats,
    at: Ints,
    totals: Floats,
) -> None:
    """Play one day; writes when and at which counter each person was called.

    GONE: lost patience; TOO_LATE: there when the last counter closed; AT_THE_DOOR: turned away.
    Of what happens at one moment, people arrive first, then counters fall free, then the free
    counters call, in their order.
    """
    spells, serves, claims = p.spells, p.serves, p.claims
    counters, pools = int(p.office[o, COUNTERS]), int(p.office[o, POOLS])
    places, door_closes = p.office[o, PLACES], p.office[o, CLOSES]
    heads, tails, after = np.full(4 * pools, -1), np.full(4 * pools, -1), np.empty(n, np.int64)
    free, next_at = np.zeros(counters, np.bool_), np.empty(counters)
    spell = np.zeros(counters, np.int64)
    last = _comes_to_work(p, o, key, next_at, spell, totals)
    some_free, waiting, i, busy, overtime = 0, 0, 0, 0.0, 0.0
    arrives = people[ARRIVES, order[0]] if n > 0 else np.inf
    while True:
        first, soonest = 0, np.inf
        for c in range(counters):
            if next_at[c] < soonest:
                first, soonest = c, next_at[c]
        beyond = first + 1  # after the counters that may call now
        if arrives <= soonest:
            now = arrives
            if now == np.inf:
                break
            while arrives == now:
                who = order[i]
                i += 1
                arrives = people[ARRIVES, order[i]] if i < n else np.inf
                called[who] = GONE
                if people[STARTS, who] == WALK_IN:
                    if places <= 0 or now >= door_closes:
                        called[who] = AT_THE_DOOR
                        continue
                    places -= 1
                _stands(who, people, marks, heads, tails, after)
                waiting += 1
            first, beyond = 0, counters
        else:
            # Whoever was free before has nobody to call: the line didn't grow. Another who falls
            # free at this moment has their turn next.
            now = soonest
        if soonest == now:
            for c in range(first, beyond):
                if next_at[c] == now:  # somebody was served, or a spell begins or ends
                    was_free = free[c]
                    while now >= spells[o, c, spell[c], 1]:
                        spell[c] += 1
                    begins, ends = spells[o, c, spell[c], 0], spells[o, c, spell[c], 1]
                    free[c] = now >= begins
                    next_at[c] = ends if now >= begins else begins
                    some_free += int(free[c]) - int(was_free)
        if waiting == 0 or some_free == 0:
            continue
        best_waited, best_arrived, best_rank, best_rate = 0.0, 0.0, 0.0, 0.0
        for c in range(first, beyond):
            if free[c]:
                # Whoever lost patience before now leaves when they come to the head of their
                # line: until then they were in nobody's way.
                who, from_line = -1, -1
                for line in range(4 * pools):
                    head = heads[line]
                    if head < 0 or not serves[o, c, line >> 2]:
                        continue
                    while head >= 0 and people[LEAVES, head] < now:
                        head = after[head]
                    heads[line] = head
                    if head < 0:
                        continue
                    waited, arrived = now - people[SINCE, head], people[ARRIVES, head]
                    rank, rate = claims[o, line & 3, RANK], claims[o, line & 3, RATE]
                    due = waited >= 0
                    earlier = best_arrived - arrived
                    if earlier == 0:
                        earlier = who - head
                    if who < 0 or (
                        due
                        if due != (best_waited >= 0)
                        else _goes_first(
                            due,
                            waited - best_waited,
                            rank - best_rank,
                            waited * rate - best_waited * best_rate,
                            rate - best_rate,
                            earlier,
                        )
                    ):
                        who, from_line = head, line
                        best_waited, best_arrived, best_rank, best_rate = (
                            waited,
                            arrived,
                            rank,
                            rate,
                        )
                if who >= 0:
                    heads[from_line] = after[who]
                    waiting, some_free, free[c] = waiting - 1, some_free - 1, False
                    called[who], at[who] = now, c
                    next_at[c] = now + people[LENGTH, who]
                    over = max(0.0, next_at[c] - spells[o, c, spell[c], 1])
                    busy += people[LENGTH, who] - over
                    overtime += over
    totals[BUSY] += busy
    totals[OVERTIME] += overtime
    for who in range(n):
        if called[who] == GONE and people[LEAVES, who] >= last:
            called[who] = TOO_LATE


@compiled
def _counts(
    n: int,
    counted_from: float,
    people: Floats,
    marks: Ints,
    called: Floats,
    totals: Floats,
    waits: Any,
) -> None:
    for i in range(n):
        if people[ARRIVES, i] < counted_from:
            continue
        of = OF_CLASS * marks[CLASS, i]
        totals[of + CAME] += 1
        if called[i] >= 0:
            waited = max(0.0, called[i] - people[READY, i])
            totals[of + SERVED] += 1
            totals[of + WAITED] += waited
            totals[of + IN_WINDOW] += 1 if called[i] <= people[ENDS, i] else 0
            half_minute = int(min(waited / BIN_SECONDS, BINS - 1.0))
            waits[marks[CLASS, i], half_minute] += 1
        elif called[i] == GONE:
            totals[of + LEFT] += 1
            totals[of + LEFT_WAITED] += max(0.0, people[LEAVES, i] - people[READY, i])
        elif called[i] == TOO_LATE:
            totals[of + UNSERVED] += 1
        else:
            totals[of + TURNED_AWAY] += 1


@compiled
def play_units(
    p: Packed,
    seed: Any,
    offices: Ints,
    replications: Ints,
    days: int,
    counted_from: float,
    room: int,
    totals: Floats,
    waits: Any,
) -> int:
    """Play `days` days of each unit (an office and a replication) and add them up.

    `totals` is [unit, TOTALS], `waits` [unit, class, bin]. Gives the number of people.
    """
    people, marks = np.empty((ROWS, room)), np.empty((MARKS, room), np.int64)
    order, called, at = np.empty(room, np.int64), np.empty(room), np.empty(room, np.int64)
    everybody = 0
    for unit in range(len(offices)):
        o = offices[unit]
        for day in range(days):
            key = key_of(seed, o, replications[unit] * days + day)
            n, stayed = new_day(p, o, key, people, marks, order)
            everybody += n
            totals[unit, NOT_COME] += stayed
            play_day(p, o, key, n, people, marks, order, called, at, totals[unit])
            _counts(n, counted_from, people, marks, called, totals[unit], waits[unit])
    return everybody

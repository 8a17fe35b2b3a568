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
    GAMMA,
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
    SAMPLE_FROM,
    SAMPLE_SIZE,
    SHAPE,
    SHOW_UP,
    SIGMA,
    SPREAD,
    TILL,
    Bools,
    Floats,
    Ints,
    Packed,
)

F = TypeVar("F", bound=Callable[..., Any])

CAME, SERVED, LEFT, UNSERVED, TURNED_AWAY, WAITED, LEFT_WAITED, IN_WINDOW = range(8)
OF_CLASS: Final = 8
CLASSES: Final = 4  # 2 * is_priority + is_appointment
NOT_COME, STAFFED, BUSY, OVERTIME = range(OF_CLASS * CLASSES, OF_CLASS * CLASSES + 4)
TOTALS: Final = OF_CLASS * CLASSES + 4
# Rows of `people`, all in seconds, and of `marks`.
ARRIVES, READY, SINCE, STARTS, ENDS, LENGTH, LEAVES = range(7)
CLAIM, LINE, CLASS = range(3)
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
def _length(service: Floats, samples: Floats, state: Any) -> Any:
    """Draw how long it lasts, in seconds; what was pre-checked is scaled, not drawn anew."""
    state, u = uniform(state)
    mean = service[FACTOR] if u < service[PRECHECKED] else 1.0
    kind, shape = service[KIND], service[SHAPE]
    if kind == GAMMA:
        if shape == 0.0:
            return mean * service[MEAN]
        state, x = gamma(state, shape)
        return mean * service[MEAN] * x / shape
    if kind == LOGNORMAL:
        state, x = normal(state)
        return mean * service[MEAN] * math.exp(shape * x - 0.5 * shape * shape)
    state, u = uniform(state)
    size = np.int64(service[SAMPLE_SIZE])
    return mean * samples[np.int64(service[SAMPLE_FROM]) + min(np.int64(u * size), size - 1)]


@inlined
def _patience(office: Floats, state: Any) -> Any:
    if office[PATIENCE] == ENDLESS:
        return np.inf
    if office[PATIENCE] == EXPONENTIAL:
        state, x = exponential(state)
        return office[PATIENCE_SCALE] * x
    state, x = normal(state)
    return office[PATIENCE_SCALE] * math.exp(office[SIGMA] * x)


@compiled
def joins(office: Floats, i: int, is_priority: int, pool: Any, people: Floats, marks: Ints) -> None:
    """Write the claim of `core.calling`, the line, and from when on the person could be called."""
    arrives, starts = people[ARRIVES, i], people[STARTS, i]
    appointment = 0 if starts == WALK_IN else 1
    in_time = appointment == 1 and arrives <= people[ENDS, i] + office[GRACE]
    people[SINCE, i] = starts if in_time else arrives
    people[READY, i] = max(arrives, starts, office[OPENS])
    marks[CLAIM, i] = 2 * is_priority + (1 if in_time else 0)
    marks[CLASS, i] = 2 * is_priority + appointment
    marks[LINE, i] = 4 * pool + marks[CLAIM, i]


@compiled
def _walk_ins(p: Packed, o: int, key: Any, people: Floats, marks: Ints) -> int:
    """Draw the walk-ins, in order of arrival: a Poisson process with a rate for each half-hour."""
    office, rates, mix = p.office[o], p.rates[o], p.mix[o]
    services, samples = p.services[o], p.samples
    state = stream(key, _NOBODY, _COMING)
    state, work = exponential(state)
    n, t, half_hour = 0, 0.0, 0
    while True:
        while half_hour < len(rates):
            room = rates[half_hour] * (1800.0 * (half_hour + 1) - t)
            if work < room:
                break
            work -= room
            half_hour += 1
            t = 1800.0 * half_hour
        if half_hour == len(rates):
            return n
        t += work / rates[half_hour]
        _, u = uniform(stream(key, n, _COMING))
        pair = 0
        while u >= mix[half_hour, pair]:
            pair += 1
        service = services[pair >> 1]
        people[ARRIVES, n], people[STARTS, n], people[ENDS, n] = t, WALK_IN, np.inf
        joins(office, n, pair & 1, np.int64(service[POOL]), people, marks)
        people[LENGTH, n] = _length(service, samples, stream(key, n, _SERVICE))
        people[LEAVES, n] = people[READY, n] + _patience(office, stream(key, n, _PATIENCE))
        n += 1
        state, work = exponential(state)


@compiled
def _booked(p: Packed, o: int, key: Any, n: int, people: Floats, marks: Ints) -> Any:
    """Draw the booked after n walk-ins; gives how many people there are, and how many stayed."""
    office, windows, mix = p.office[o], p.windows[o], p.booked_mix[o]
    services, samples = p.services[o], p.samples
    number, stayed = _FIRST_BOOKED, 0
    for window in range(len(windows)):
        for _ in range(np.int64(windows[window, PEOPLE])):
            number += 1
            state, u = uniform(stream(key, number, _COMING))
            if u >= office[SHOW_UP]:
                stayed += 1
                continue
            state, u = uniform(state)
            is_priority = 1 if u < office[PRIORITY] else 0
            state, u = uniform(state)
            asked = 0
            while u >= mix[asked]:
                asked += 1
            service = services[asked]
            state, x = normal(state)
            starts = windows[window, FROM]
            people[ARRIVES, n] = max(0.0, starts - office[EARLY] + office[SPREAD] * x)
            people[STARTS, n], people[ENDS, n] = starts, windows[window, TILL]
            joins(office, n, is_priority, np.int64(service[POOL]), people, marks)
            people[LENGTH, n] = _length(service, samples, stream(key, number, _SERVICE))
            people[LEAVES, n] = people[READY, n] + _patience(office, stream(key, number, _PATIENCE))
            n += 1
    return n, stayed


@compiled
def new_day(p: Packed, o: int, key: Any, people: Floats, marks: Ints, order: Ints) -> Any:
    """Draw a day's people; gives how many come, and how many of the booked do not.

    `order` has them by arrival.
    """
    walk_ins = _walk_ins(p, o, key, people, marks)
    n, stayed = _booked(p, o, key, walk_ins, people, marks)
    _by_arrival(people[ARRIVES], walk_ins, n, order)
    return n, stayed


@compiled
def _by_arrival(arrives: Floats, walk_ins: int, n: int, order: Ints) -> None:
    """Merge the walk-ins, who are in order, with the booked, who nearly are."""
    for i in range(walk_ins, n):
        at = i
        while at > walk_ins and arrives[order[at - 1]] > arrives[i]:
            order[at] = order[at - 1]
            at -= 1
        order[at] = i
    place, one = 0, 0
    for i in range(walk_ins, n):
        booked = order[i]
        while one < walk_ins and arrives[one] <= arrives[booked]:
            order[place] = one
            place, one = place + 1, one + 1
        order[place] = booked
        place += 1
    while one < walk_ins:
        order[place] = one
        place, one = place + 1, one + 1


# The day -----------------------------------------------------------------------------------------


@inlined
def _stands(line: int, i: int, since: Floats, heads: Ints, tails: Ints, after: Ints) -> None:
    """Put a person into their line, which is kept by the beginning of the claims."""
    after[i] = -1
    if heads[line] < 0:
        heads[line] = i
        tails[line] = i
    elif since[tails[line]] <= since[i]:
        after[tails[line]] = i
        tails[line] = i
    elif since[heads[line]] > since[i]:
        after[i] = heads[line]
        heads[line] = i
    else:
        before = heads[line]
        while since[after[before]] <= since[i]:
            before = after[before]
        after[i] = after[before]
        after[before] = i


@inlined
def _goes_first(  # noqa: PLR0911 -- core's tie-breaks, one a line
    now: float, one: int, two: int, people: Any, marks: Ints, claims: Any
) -> Any:
    """Whether `core.calling` calls `one` before `two`; never asked of two in the same line."""
    waited_1, waited_2 = now - people[SINCE, one], now - people[SINCE, two]
    if (waited_1 >= 0) != (waited_2 >= 0):
        return waited_1 >= 0
    claim_1, claim_2 = claims[marks[CLAIM, one]], claims[marks[CLAIM, two]]
    rate_1, rate_2 = claim_1[RATE], claim_2[RATE]
    if waited_1 < 0 and waited_1 != waited_2:
        return waited_1 > waited_2
    if claim_1[RANK] != claim_2[RANK]:
        return claim_1[RANK] < claim_2[RANK]
    if waited_1 >= 0:
        if waited_1 * rate_1 != waited_2 * rate_2:
            return waited_1 * rate_1 > waited_2 * rate_2
        if waited_1 != waited_2:
            return waited_1 > waited_2
    if rate_1 != rate_2:
        return rate_1 > rate_2
    if people[ARRIVES, one] != people[ARRIVES, two]:
        return people[ARRIVES, one] < people[ARRIVES, two]
    return one < two


@inlined
def _next(
    now: float,
    pools: Any,
    serves: Bools,
    people: Floats,
    marks: Ints,
    claims: Floats,
    heads: Ints,
    after: Ints,
) -> int:
    """Take the person whom a counter that `serves` these pools calls now; -1: nobody.

    Whoever lost patience before now leaves when they come to the head: until then they were in
    nobody's way.
    """
    best, best_line = -1, -1
    for pool in range(pools):
        if not serves[pool]:
            continue
        for line in range(4 * pool, 4 * pool + 4):
            i = heads[line]
            if i < 0:
                continue
            while i >= 0 and people[LEAVES, i] < now:
                i = after[i]
            heads[line] = i
            if i >= 0 and (best < 0 or _goes_first(now, i, best, people, marks, claims)):
                best, best_line = i, line
    if best >= 0:
        heads[best_line] = after[best]
    return best


@inlined
def _looks_at_the_clock(
    c: int, now: float, spells: Floats, free: Bools, next_at: Floats, spell: Ints
) -> int:
    """Set what a counter without a person does next; gives by how many more counters are free."""
    was = 1 if free[c] else 0
    while now >= spells[c, spell[c], 1]:
        spell[c] += 1
    begins, ends = spells[c, spell[c], 0], spells[c, spell[c], 1]
    free[c] = now >= begins
    next_at[c] = ends if free[c] else begins
    return (1 if free[c] else 0) - was


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
    office, spells, serves, claims = p.office[o], p.spells[o], p.serves[o], p.claims[o]
    counters, pools = np.int64(office[COUNTERS]), np.int64(office[POOLS])
    places, door_closes = office[PLACES], office[CLOSES]
    heads, tails, after = np.full(4 * pools, -1), np.full(4 * pools, -1), np.empty(n, np.int64)
    free, next_at = np.zeros(counters, np.bool_), np.empty(counters)
    spell = np.zeros(counters, np.int64)
    last, busy, overtime = 0.0, 0.0, 0.0
    for c in range(counters):
        if p.leave[o, c] > 0.0:
            _, u = uniform(stream(key, c, _LEAVE))
            if u < p.leave[o, c]:
                spell[c] = spells.shape[1] - 1
        for k in range(spell[c], spells.shape[1]):
            if spells[c, k, 1] < np.inf:
                totals[STAFFED] += spells[c, k, 1] - spells[c, k, 0]
                last = max(last, spells[c, k, 1])
        next_at[c] = spells[c, spell[c], 0]
    some_free, waiting, i = 0, 0, 0
    while True:
        soonest = np.inf
        for c in range(counters):
            soonest = min(soonest, next_at[c])
        now = soonest
        if i < n and people[ARRIVES, order[i]] <= soonest:
            now = people[ARRIVES, order[i]]
            while i < n and people[ARRIVES, order[i]] == now:
                who = order[i]
                i += 1
                called[who] = GONE
                if people[STARTS, who] == WALK_IN:
                    if places <= 0 or now >= door_closes:
                        called[who] = AT_THE_DOOR
                        continue
                    places -= 1
                _stands(marks[LINE, who], who, people[SINCE], heads, tails, after)
                waiting += 1
        elif soonest == np.inf:
            break
        if soonest == now:
            for c in range(counters):
                if next_at[c] <= now:
                    some_free += _looks_at_the_clock(c, now, spells, free, next_at, spell)
        if waiting == 0 or some_free == 0:
            continue
        for c in range(counters):
            if free[c]:
                who = _next(now, pools, serves[c], people, marks, claims, heads, after)
                if who >= 0:
                    waiting, some_free, free[c] = waiting - 1, some_free - 1, False
                    called[who], at[who] = now, c
                    next_at[c] = now + people[LENGTH, who]
                    over = max(0.0, next_at[c] - spells[c, spell[c], 1])
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
    waits: Ints,
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
    waits: Ints,
) -> int:
    """Play `days` days of each unit (an office and a replication) and add them up.

    `totals` is [unit, TOTALS], `waits` [unit, class, bin]. Gives the number of people.
    """
    people, marks = np.empty((7, room)), np.empty((3, room), np.int64)
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

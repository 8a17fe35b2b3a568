"""An office's line at this moment, as a forecast needs it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from giliran.capacity import queries as capacity
from giliran.core.calling import POLICIES
from giliran.core.offers import Hours
from giliran.core.promise import Counter, Expected, Factor, Line, Running, ServiceTimes, Stream
from giliran.core.promise.learned import SERVICE_SCV, Learned
from giliran.core.turn import AT_A_COUNTER, State
from giliran.offices import queries as offices
from giliran.offices.models import Office
from giliran.turns import learning, queries
from giliran.turns.models import Turn

PACE_SPREAD: Final = 0.15
CROWD_SPREAD: Final = 0.2
"""How far a day may be from the usual before it has told, as the deviation of a logarithm."""
SITTING_DOWN: Final = timedelta(minutes=10)
"""So long after opening, counters that were open on the last day are still expected to open."""
STILL_EXPECTED: Final = timedelta(hours=1)
"""So long after their window somebody who was booked may still come."""

_MINUTE = timedelta(minutes=1)
_UNKNOWN = ServiceTimes.gamma(12.0, SERVICE_SCV)


class LineNow(NamedTuple):
    office: Office
    line: Line
    learned: Learned


def line_now(office: Office, *, now: datetime) -> LineNow | None:
    """Return the line of an office with all that a forecast may know; None once it is closed.

    ``own_times`` of the line is empty: no turn says yet that it will take longer or shorter than
    others of its service. Costs some ten statements; the first of a day also learns from the
    days before.
    """
    now = now.astimezone(offices.zone(office))
    day = now.date()
    hours = offices.hours(office, day)
    closes = None if hours is None else datetime.combine(day, hours.closes, tzinfo=now.tzinfo)
    if hours is None or closes is None or now >= closes:
        return None
    known = learning.learned(office, now=now)
    waiting = queries.line(office.id)
    to_come = _to_come(office.id, day, known, now)
    # A service that no counter serves any more: nobody calls them, but they are in the line.
    asked_for = {one.service_id for one in waiting} | {one.service_id for one in to_come}
    times = {**dict.fromkeys(asked_for, _UNKNOWN), **known.times()}
    running, worked, expected, finished = _today_at_counters(office.id, day, times, now)
    midnight = datetime.combine(day, time(), tzinfo=now.tzinfo)
    streams = known.streams(midnight, ends=closes)
    crowd, streams = _walk_ins_to_come(office, day, streams, now)
    line = Line(
        waiting,
        _counters(office, hours, known.counters, running, now),
        POLICIES[office.calling_policy],
        times,
        to_come=to_come,
        streams=streams,
        pace=Factor(1.0, PACE_SPREAD).after(
            seen=worked, expected=expected, count=finished, scv=SERVICE_SCV
        ),
        crowd=crowd,
    )
    return LineNow(office, line, known)


def _counters(
    office: Office, hours: Hours, usual: Sequence[int], running: dict[int, Running], now: datetime
) -> list[Counter]:
    """Return the counters that call people today, with their hours; who has got up is not there.

    Until shortly after opening those of the last day are expected, where one is known.
    """

    def at(clock: time) -> datetime:
        return datetime.combine(now.date(), clock, tzinfo=now.tzinfo)

    at_work = {seat.counter_id for seat in capacity.open_seats(office.id)}
    if now < at(hours.opens) + SITTING_DOWN:
        at_work |= set(usual)
    on_duty, since = [], hours.opens
    for begins, ends in (*hours.breaks, (hours.closes, hours.closes)):
        if since < min(begins, hours.closes):
            on_duty.append((at(since), at(min(begins, hours.closes))))
        since = max(since, ends)
    return [
        Counter(one.id, frozenset(one.service_ids), tuple(on_duty), running.get(one.id))
        for one in offices.counters(office.id)
        if one.id in at_work
    ]


def _today_at_counters(
    office_id: int, day: date, times: dict[int, ServiceTimes], now: datetime
) -> tuple[dict[int, Running], float, float, int]:
    """Return who is at which counter, and today's services so far.

    These are the minutes worked, the minutes expected for those that are finished, and how many.
    """
    rows = Turn.objects.filter(office_id=office_id, day=day, called_at__isnull=False).values_list(
        "id", "service_id", "state", "counter_id", "called_at", "started_at", "ended_at", "moved_by"
    )
    running: dict[int, Running] = {}
    worked = expected = 0.0
    finished = 0
    for turn_id, service_id, state, counter_id, called, started, ended, moved_by in rows:
        if called is None or service_id not in times:
            continue
        if state in AT_A_COUNTER and counter_id is not None:
            # Somebody taken back from parking started again long after the call.
            since = max(called, started or called)
            since = called if since - called < timedelta(minutes=10) else since
            running[counter_id] = Running(service_id, since, turn_id)
            worked += max(0.0, (now - since) / _MINUTE)
        elif state in {State.FINISHED, State.NO_SHOW} and ended is not None:
            if moved_by == "system":
                continue
            worked += max(0.0, (ended - called) / _MINUTE) + learning.USUAL_GAP
            expected += times[service_id].mean
            finished += 1
    return running, worked, expected, finished


def _to_come(office_id: int, day: date, known: Learned, now: datetime) -> list[Expected]:
    rows = (
        Turn.objects.filter(
            office_id=office_id,
            day=day,
            state=State.BOOKED,
            window_till__gt=now - STILL_EXPECTED,
        )
        .order_by("window_from", "id")
        .values_list("id", "is_priority", "window_from", "window_till", "service_id")
    )
    return [
        Expected(
            turn_id, is_priority, begins, ends, service_id, min(known.show_up, 1.0), known.lateness
        )
        for turn_id, is_priority, begins, ends, service_id in rows
        if begins is not None and ends is not None
    ]


def _walk_ins_to_come(
    office: Office, day: date, streams: list[Stream], now: datetime
) -> tuple[Factor, list[Stream]]:
    """Return how many more walk-ins come today than usual, and those still to come.

    No more can come than the door has places left: then the streams end.
    """
    came = Turn.objects.filter(
        office_id=office.id, day=day, arrived_at__isnull=False, window_from__isnull=True
    ).count()
    usual = sum(
        one.per_minute * max(0.0, (min(now, one.ends) - one.begins) / _MINUTE) for one in streams
    )
    crowd = Factor(1.0, CROWD_SPREAD).after(seen=came, expected=usual, count=came, scv=1.0)
    door = capacity.walk_in_offer(office.id, day=day)
    if door is None:
        return crowd, []
    left = float(max(0, door.left)) if now < door.ends_at else 0.0
    by_begin: dict[datetime, list[Stream]] = defaultdict(list)
    for one in streams:
        if one.ends > now:
            by_begin[max(one.begins, now)].append(one)
    kept: list[Stream] = []
    for begins in sorted(by_begin):
        group = by_begin[begins]
        rate = crowd.mean * sum(one.per_minute for one in group)
        lasts = min(one.ends for one in group) - begins
        if left < rate * (lasts / _MINUTE):
            lasts = timedelta(minutes=left / rate)
        left -= rate * (lasts / _MINUTE)
        if lasts > timedelta(0):
            kept += [one._replace(ends=begins + lasts) for one in group]
    return crowd, kept

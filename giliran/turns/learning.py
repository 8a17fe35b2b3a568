"""What an office's last days taught, from its turns and their history; made once a day."""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any, Final, NamedTuple

from django.db import connection

from giliran.capacity import queries as capacity
from giliran.core.promise.learned import HALF_HOUR, Days, Learned, learn
from giliran.core.promise.learned import Arrival as WalkIn
from giliran.offices import queries as offices
from giliran.offices.models import Office
from giliran.turns.models import Learned as LearnedRow

DAYS_BACK: Final = 28
MOST_SERVICES: Final = 400
"""Of each service the last so many count, so that a new way of working is soon known."""
SHORT_GAP: Final = 3.0
"""Minutes: whoever calls later than this after a service had nobody to call, or a break."""
USUAL_GAP: Final = 0.75
OF_THE_DOOR, PRIORITY_SHARE = 0.5, 0.2
"""Of a new office: half of the places at the door are taken, a fifth with priority."""

_MINUTE = timedelta(minutes=1)

# One row per time at a counter: until what ended it, and until the counter's next.
_AT_COUNTERS = """
WITH step AS (
    SELECT e.id, e.subject_id, e.at, e.kind, e.actor, (e.data ->> 'counter_id')::bigint AS counter,
           lead(e.at) OVER turn AS until, lead(e.actor) OVER turn AS ended_by
    FROM journal_event e
    WHERE e.office_id = %(office)s AND e.at >= %(begins)s AND e.at < %(ends)s
      AND e.kind IN ('turn.call', 'turn.take_back', 'turn.finish', 'turn.no_show', 'turn.park',
                     'turn.transfer', 'turn.leave')
    WINDOW turn AS (PARTITION BY e.subject_id ORDER BY e.id)
)
SELECT t.service_id, s.kind = 'turn.call', s.at, s.until, s.ended_by = 'system',
       lead(s.at) OVER (PARTITION BY s.counter ORDER BY s.id), s.subject_id
FROM step s JOIN turns_turn t ON t.id = s.subject_id
WHERE s.kind IN ('turn.call', 'turn.take_back')
ORDER BY s.id
"""
_TURNS = """
SELECT t.id, t.service_id, t.is_priority, t.window_from, t.window_till, t.arrived_at,
       COALESCE(told.come_at, planned.come_at, t.window_from), t.day,
       EXTRACT(EPOCH FROM (t.arrived_at AT TIME ZONE %(zone)s)::time)::float / 60
FROM turns_turn t
LEFT JOIN turns_planned planned ON planned.turn_id = t.id AND planned.offer_id = t.offer_id
LEFT JOIN LATERAL (
    SELECT p.come_at FROM turns_promise p WHERE p.turn_id = t.id AND p.stage = 'home'
    ORDER BY p.id DESC LIMIT 1
) told ON true
WHERE t.office_id = %(office)s AND t.day >= %(first)s AND t.day < %(day)s
  AND (t.arrived_at IS NOT NULL OR t.state = 'no_show')
"""
_LAST_OPEN = """
SELECT o.counter_id, (o.opened_at AT TIME ZONE %(zone)s)::date AS day
FROM capacity_counteropening o JOIN offices_counter c ON c.id = o.counter_id
WHERE c.office_id = %(office)s AND o.opened_at >= %(begins)s AND o.opened_at < %(ends)s
"""


class _Asked(NamedTuple):
    office: int
    zone: str
    first: date
    day: date
    begins: datetime
    ends: datetime


def learned(office: Office, *, now: datetime) -> Learned:
    """Return what forecasts of an office's day begin with; made and stored once a day."""
    today = offices.local_day(office, now)
    row = LearnedRow.objects.filter(office=office).first()
    if row is not None and row.day == today:
        return Learned.from_json(row.data)
    found = learn_from_days(office, today)
    fresh = LearnedRow(office=office, day=today, data=found.to_json())
    # Two at once store the same.
    LearnedRow.objects.bulk_create(
        [fresh], update_conflicts=True, unique_fields=["office"], update_fields=["day", "data"]
    )
    return found


def last_learned(office: Office, *, now: datetime) -> Learned:
    """Return what was learned last, were it days ago; without it, what is learned now."""
    row = LearnedRow.objects.filter(office=office).first()
    return Learned.from_json(row.data) if row is not None else learned(office, now=now)


def learn_from_days(office: Office, day: date) -> Learned:
    """Learn from the four weeks before a day; reads them all, so it is no work for a page."""
    zone = offices.zone(office)
    first = day - timedelta(days=DAYS_BACK)
    asked = _Asked(
        office.id,
        office.time_zone,
        first,
        day,
        datetime.combine(first, time(), tzinfo=zone),
        datetime.combine(day, time(), tzinfo=zone),
    )
    services = offices.services(office_id=office.id)
    nearby = LearnedRow.objects.filter(office__region_id=office.region_id).exclude(office=office)
    return learn(
        _days(asked),
        typical_minutes={one.id: float(one.typical_minutes) for one in services},
        others=[Learned.from_json(data) for data in nearby.values_list("data", flat=True)[:10]],
        door_per_minute=_by_the_door(office, day, [one.id for one in services]),
    )


def _days(asked: _Asked) -> Days:
    days = Days()
    first_call = _read_services(days, asked)
    _read_arrivals(days, asked, first_call)
    opened: dict[date, set[int]] = defaultdict(set)
    for counter_id, day in _rows(_LAST_OPEN, asked):
        opened[day].add(counter_id)
    days.counters = tuple(sorted(opened[max(opened)])) if opened else ()
    return days


def _read_services(days: Days, asked: _Asked) -> dict[int, datetime]:
    """Note how long services took; returns when each turn was called first."""
    first_call: dict[int, datetime] = {}
    gaps: list[float] = []
    lengths: list[tuple[int, float, float | None]] = []
    for service_id, is_call, at, until, by_system, then, turn_id in _rows(_AT_COUNTERS, asked):
        if is_call:
            first_call.setdefault(turn_id, at)
        if until is None or by_system:
            continue  # nobody noted when it ended
        gap = (then - until) / _MINUTE if then is not None else None
        if gap is not None and 0 <= gap <= SHORT_GAP:
            gaps.append(gap)
        else:
            gap = None
        lengths.append((service_id, (until - at) / _MINUTE, gap))
    usual_gap = median(gaps) if gaps else USUAL_GAP
    counted: Tally[int] = Tally()
    for service_id, minutes, gap in reversed(lengths):
        counted[service_id] += 1
        if counted[service_id] <= MOST_SERVICES:
            length = max(0.0, minutes + (usual_gap if gap is None else gap))
            days.services.append((service_id, length))
    return first_call


def _read_arrivals(days: Days, asked: _Asked, first_call: dict[int, datetime]) -> None:
    known_days = set()
    for row in _rows(_TURNS, asked):
        turn_id, service_id, is_priority, begins, ends, came, asked_for, day, minute = row
        known_days.add(day)
        if begins is None:
            days.walk_ins.append(WalkIn(service_id, is_priority, minute))
            continue
        days.booked += 1
        if came is None:
            continue
        days.came += 1
        days.lateness.append((came - asked_for) / _MINUTE)
        called = first_call.get(turn_id)
        if called is not None and came <= ends:
            days.waits.append(max(0.0, (called - begins) / _MINUTE))
    days.days = len(known_days)


def _by_the_door(
    office: Office, day: date, service_ids: list[int]
) -> dict[tuple[int, bool, int], float]:
    """Return what a new office may expect of walk-ins: part of its places, evenly over the day."""
    door = capacity.walk_in_offer(office.id, day=day)
    opening = offices.hours(office, day)
    if door is None or opening is None or not service_ids:
        return {}
    begins = 60 * opening.opens.hour + opening.opens.minute
    ends = 60 * opening.closes.hour + opening.closes.minute
    each = OF_THE_DOOR * door.places / max(1, ends - begins) / len(service_ids)
    return {
        (service_id, is_priority, half_hour): each
        * (PRIORITY_SHARE if is_priority else 1 - PRIORITY_SHARE)
        for service_id in service_ids
        for is_priority in (False, True)
        for half_hour in range(begins // HALF_HOUR, -(-ends // HALF_HOUR))
    }


def _rows(statement: str, asked: _Asked) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked._asdict())
        yield from cursor.fetchall()

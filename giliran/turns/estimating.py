"""How much work an office has, counted from its turns and their history; made each night."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any, Final

from django.db import connection

from giliran.capacity import actions as capacity
from giliran.capacity import needs
from giliran.core.need.work import HALF_HOUR, Counted, Work, estimate_work
from giliran.offices import queries as offices
from giliran.offices.models import Office

DAYS_BACK: Final = 56
"""Eight of each weekday: enough for an interval, and a season that is over is soon forgotten."""
SHORT_GAP: Final = 3.0
"""Minutes: whoever calls later than this after a service had nobody to call, or a break."""
USUAL_GAP: Final = 0.75
LONGEST: Final = 180.0
"""Minutes at a counter; beyond that somebody forgot to press the button."""

_MINUTE = timedelta(minutes=1)

# One row per time at a counter: until what ended it, and until the counter's next.
_SERVICES = """
WITH step AS (
    SELECT e.id, e.subject_id, e.at, e.kind, (e.data ->> 'counter_id')::bigint AS counter,
           lead(e.at) OVER turn AS until, lead(e.actor) OVER turn AS ended_by,
           lead(e.kind) OVER turn AS ended
    FROM journal_event e
    WHERE e.office_id = %(office)s AND e.at >= %(begins)s AND e.at < %(ends)s
      AND e.kind IN ('turn.call', 'turn.take_back', 'turn.finish', 'turn.no_show', 'turn.park',
                     'turn.transfer', 'turn.leave')
    WINDOW turn AS (PARTITION BY e.subject_id ORDER BY e.at, e.id)
), service AS (
    SELECT *, lead(at) OVER (PARTITION BY counter ORDER BY at, id) AS then FROM step
    WHERE kind IN ('turn.call', 'turn.take_back')
)
SELECT t.service_id, t.claim_id IS NOT NULL, s.at, s.until, s.then
FROM service s JOIN turns_turn t ON t.id = s.subject_id
WHERE s.until IS NOT NULL AND s.ended_by <> 'system' AND s.ended IN ('turn.finish', 'turn.transfer')
ORDER BY s.at, s.id
"""
# Somebody called in vain has left at a moment that nobody saw; the wait until the call counts.
_PEOPLE = """
SELECT t.service_id, t.day, t.kind = 'appointment', t.arrived_at, t.window_from,
       COALESCE(e.first_call, t.ended_at), t.state,
       e.first_call IS NULL OR t.state = 'no_show'
FROM turns_turn t
LEFT JOIN LATERAL (
    SELECT min(e.at) AS first_call
    FROM journal_event e
    WHERE e.subject = 'turn' AND e.subject_id = t.id AND e.kind = 'turn.call'
) e ON true
WHERE t.office_id = %(office)s AND t.day >= %(first)s AND t.day < %(day)s
  AND (t.arrived_at IS NOT NULL OR t.state = 'no_show')
"""


def estimate(office: Office, *, now: datetime) -> Work:
    """Estimate an office's work from its last eight weeks, note it for its needs and return it.

    Of a new office the usual is noted, which fades as its own days come in. A day without any turn
    is taken for one on which the system wasn't used. Raises ``ValueError`` for an office that
    serves nothing.
    """
    today = offices.local_day(office, now)
    work = work_between(office, today - timedelta(days=DAYS_BACK), today)
    capacity.note_work(office.id, work.to_json(), today)
    return work


def work_between(office: Office, first: date, today: date) -> Work:
    """Estimate an office's work from its days since ``first`` before ``today``; writes nothing.

    Raises ``ValueError`` for an office that serves nothing.
    """
    known = needs.terms(office)
    counted = _count(office, first, today, known.open_at)
    return estimate_work(
        counted, known.typical_minutes, counters=known.counters, open_at=known.open_at
    )


def _count(office: Office, first: date, today: date, open_at: dict[int, list[int]]) -> Counted:
    zone = offices.zone(office)
    asked = {
        "office": office.id,
        "first": first,
        "day": today,
        "begins": datetime.combine(first, time(), tzinfo=zone),
        "ends": datetime.combine(today, time(), tzinfo=zone),
    }
    counted = Counted()
    _count_services(counted, _rows(_SERVICES, asked))
    arrivals: Tally[tuple[int, int, int]] = Tally()
    opened: dict[date, datetime | None] = {}
    for service_id, day, is_booked, came, window, met, state, gave_up in _rows(_PEOPLE, asked):
        if day not in opened:
            opened[day] = _opening(office, day)
        opens = opened[day]
        if opens is None:
            continue  # a day that was closed afterwards says nothing of ordinary ones
        if is_booked:
            counted.booked += 1
        if came is None:
            continue
        counted.came += 1
        counted.came_booked += is_booked
        # Nobody with a window is promised anything before it, however early they come.
        due = max(came, window) if is_booked and window is not None else came
        if due < opens:
            counted.standing += 1
        else:
            local = due.astimezone(zone)
            half_hour = _open_half_hour(
                open_at.get(day.weekday(), ()), (60 * local.hour + local.minute) // HALF_HOUR
            )
            if half_hour is not None:
                arrivals[service_id, day.weekday(), half_hour] += 1
        if met is not None:
            counted.waited += max(0.0, (met - max(came, opens)) / _MINUTE)
        counted.left += gave_up and state in {"left", "cancelled", "no_show"}
    counted.arrivals = dict(arrivals)
    counted.days = dict(Tally(day.weekday() for day, opens in opened.items() if opens))
    return counted


def _count_services(counted: Counted, rows: Iterator[tuple[Any, ...]]) -> None:
    """Note how long a counter was busy with each: with the walk to it, until it could call on."""
    gaps: list[float] = []
    lengths: list[tuple[int, bool, float]] = []
    for service_id, checked, at, until, then in rows:
        minutes = (until - at) / _MINUTE
        if minutes > LONGEST:
            continue
        lengths.append((service_id, checked, minutes))
        if then is not None and 0 <= (gap := (then - until) / _MINUTE) <= SHORT_GAP:
            gaps.append(gap)
    # The middle one: some of the short gaps are a counter with nobody to call.
    usual_gap = median(gaps) if gaps else USUAL_GAP
    counted.services = [
        (service_id, checked, minutes + usual_gap) for service_id, checked, minutes in lengths
    ]


def _opening(office: Office, day: date) -> datetime | None:
    moments = offices.opening_moments(office, day)
    return moments[0] if moments is not None else None


def _open_half_hour(half_hours: Sequence[int], at: int) -> int | None:
    """Return the half-hour in which somebody can be served who came then, or None after hours."""
    k = bisect_left(half_hours, at)
    return half_hours[k] if k < len(half_hours) else None


def _rows(statement: str, asked: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        yield from cursor.fetchall()

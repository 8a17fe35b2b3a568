"""What people were promised, as pages read it: from when till when they'll be called."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db import connection

from giliran.capacity.models import Offer
from giliran.core.promise import Newcomer
from giliran.core.promise.coming import LOOK_AHEAD, as_told
from giliran.core.promise.windows import LEVEL, STEP
from giliran.core.turn import State
from giliran.offices import queries as offices
from giliran.offices.models import Office
from giliran.turns import forecasts, learning, planned
from giliran.turns.lines import LineNow, line_now
from giliran.turns.models import Journey, Turn

FRESH: Final = timedelta(minutes=1)
FRESH_ON_THE_BOARD: Final = timedelta(minutes=5)
FRESH_FOR_RESCUE: Final = timedelta(minutes=2)


class Promised(NamedTuple):
    """The window in which somebody is called, as it was told; aware times, whole five minutes."""

    begins: datetime
    ends: datetime
    made_at: datetime
    is_first: bool
    come_at: datetime | None
    """When somebody still at home should be at the office; None on arrival, or not known."""


class DayAhead(NamedTuple):
    """What somebody may count on, nine times in ten, whose window isn't near yet."""

    called_from: datetime
    called_till: datetime
    out_by: datetime


class RescueOf(NamedTuple):
    """Whom to call next, against the rule, so that most promises are kept."""

    turn: Turn
    saved: float
    """How many more promises are kept on average."""
    odds_before: float
    """That this person's own promise is kept if the rule decides, 0 to 1."""
    odds_after: float
    harmed: tuple[str, ...]
    """Queue numbers of those whose odds fall by more than a tenth, worst first."""


class KeptWeek(NamedTuple):
    """How one office kept its word in one week; public."""

    office_id: int
    monday: date
    promises: int
    """First promises on arrival that are settled and count; see core.promise.keeping.was_kept."""
    kept: int
    called_early: int
    """Of those not kept: called before the window began."""
    minutes_wide: float
    """Mean length of all these windows as told."""


# What was promised before a call says nothing of what comes after it: whoever is back from
# parking or a transfer is promised anew. What was promised at home holds for that window only.
_LAST = """
SELECT DISTINCT ON (p.turn_id)
       p.turn_id, p.begins, p.ends, p.made_at, p.is_first, p.come_at
FROM turns_turn t JOIN turns_promise p ON p.turn_id = t.id AND p.office_id = t.office_id
WHERE {whose} AND CASE t.state
    WHEN 'waiting' THEN p.stage = 'here' AND (t.times_called = 0 OR NOT EXISTS (
        SELECT FROM journal_event e WHERE e.subject = 'turn' AND e.subject_id = t.id
            AND e.kind = 'turn.call' AND e.at >= p.made_at))
    WHEN 'booked' THEN p.stage = 'home' AND p.begins >= t.window_from - interval '1 hour'
        AND p.begins < t.window_till + interval '6 hours'
    ELSE false END
ORDER BY p.turn_id, p.id DESC
"""

_KEPT = """
SELECT p.office_id, date_trunc('week', t.day)::date AS monday, count(*),
       count(*) FILTER (WHERE p.kept),
       count(*) FILTER (WHERE NOT p.kept AND p.called_at < p.begins),
       avg(EXTRACT(EPOCH FROM p.ends - p.begins))::float / 60
FROM turns_promise p JOIN turns_turn t ON t.id = p.turn_id
WHERE p.office_id = ANY(%s) AND p.is_first AND p.stage = 'here' AND p.kept IS NOT NULL
  AND t.day >= %s AND t.day < %s
GROUP BY 1, 2 ORDER BY 1, 2
"""


def promise_of(turn_id: int) -> Promised | None:
    """Return the last window that somebody who isn't called yet was told, or None.

    It may have passed: then it was broken, and a new one is on its way.
    """
    found = _rows(_LAST.format(whose="t.id = %s"), [turn_id])
    return Promised(*found[0][1:]) if found else None


def promises_of(office_id: int, *, now: datetime) -> dict[int, Promised]:
    """Return the last window of everybody who waits or has a turn today, by turn_id."""
    day = offices.local_day(offices.office_by_id(office_id), now)
    found = _rows(_LAST.format(whose="t.office_id = %s AND t.day = %s"), [office_id, day])
    return {row[0]: Promised(*row[1:]) for row in found}


def newcomer(
    office: Office, *, service_id: int, is_priority: bool, now: datetime
) -> Promised | None:
    """Return the window of somebody who took a number now; not recorded.

    From the office's stored forecast if it is at most a minute old, else worked out (some 30 ms).
    None if nobody can be promised to be called today.
    """
    last = forecasts.stored(office.id)
    if last is not None and timedelta(0) <= now - last.made_at <= FRESH:
        for one in last.newcomers:
            if one.service_id == service_id and one.is_priority == is_priority:
                return Promised(one.begins, one.ends, last.made_at, True, None)
        return None
    at = line_now(office, now=now)
    if at is None or service_id not in at.line.times:
        return None
    asked = Newcomer(is_priority, service_id)
    at = coming_as_told(at, now=now)
    found = forecasts.forecast(at, now=now, newcomers=[asked], only=())
    window = forecasts.to_tell(
        at,
        forecasts.calibration(office),
        found.newcomers[0],
        group=forecasts.group_of(is_priority=is_priority, stage="here"),
        now=now,
    )
    return None if window is None else Promised(window.begins, window.ends, now, True, None)


def line_estimate(office: Office, *, now: datetime) -> tuple[int, int] | None:
    """Return from how many till how many minutes a newcomer of the commonest service waits.

    Only from the stored forecast, at most five minutes old; None without one.
    """
    last = forecasts.stored(office.id)
    if last is None or not timedelta(0) <= now - last.made_at <= FRESH_ON_THE_BOARD:
        return None
    for one in last.newcomers:
        if one.service_id == last.commonest and not one.is_priority:
            low, high = (
                max(0.0, (moment - now) / timedelta(minutes=1)) for moment in (one.begins, one.ends)
            )
            return math.floor(low), math.ceil(high)
    return None


def day_ahead(
    asked: Turn | Offer, *, service_id: int | None = None, now: datetime
) -> DayAhead | None:
    """Return the window by which somebody with a booked window is called, and is out.

    For an offer, ``service_id`` says what for (else the office's commonest). None for a turn
    without a window, for those that are over, and for those so near that the line itself is
    forecast for them. A new office's answer is what is usual elsewhere.
    """
    if isinstance(asked, Turn):
        begins = asked.window_from if asked.state == State.BOOKED else None
        ends = asked.window_till
        service_id = asked.service_id
    else:
        begins, ends = asked.starts_at, asked.ends_at
    office = offices.office_by_id(asked.office_id)
    if begins is None or ends is None or begins <= now + LOOK_AHEAD:
        return None
    known = learning.last_learned(office, now=now)
    if service_id not in known.minutes:
        service_id = next(iter(known.people), None)
    if service_id is None:
        return None
    zone = offices.zone(office)
    begins = begins.astimezone(zone)
    called, out = known.out_after(service_id, share=LEVEL)
    # Most come early in their window; who comes at its end can't have been called before.
    called_till = max(_till(begins, called), ends.astimezone(zone))
    return DayAhead(begins, called_till, called_till + (_till(begins, out) - _till(begins, called)))


def _till(begins: datetime, minutes: float) -> datetime:
    """Return a moment so many minutes later, rounded outward to whole five minutes."""
    return begins + STEP * math.ceil(timedelta(minutes=minutes) / STEP)


def travel_minutes(turn_id: int) -> int | None:
    """Return how long the person says that they need to the office, or None."""
    return Journey.objects.filter(turn_id=turn_id).values_list("minutes", flat=True).first()


def come_at(turn: Turn, *, now: datetime) -> datetime | None:
    """Return when somebody who is booked should come; None for everybody else.

    This is the time that every page and message says: what the last promise at home told, and
    before there is one, their place in the plan of their window. It may have passed.
    """
    if turn.state != State.BOOKED:
        return None
    last = promise_of(turn.id)
    if last is not None and last.come_at is not None:
        return last.come_at
    return planned.come_at(turn, now=now)


def told_to_come(
    at: LineNow, last: Mapping[int, Promised], *, now: datetime
) -> dict[int, datetime]:
    """Return when each person still to come was told to, by turn_id: by ``last``, or as planned."""
    if not at.line.to_come:
        return {}
    told = planned.of_day(at.office, offices.local_day(at.office, now), now=now)
    for one in at.line.to_come:
        known = last.get(one.turn_id)
        if known is not None and known.come_at is not None:
            told[one.turn_id] = known.come_at
    return told


def coming_as_told(at: LineNow, *, now: datetime) -> LineNow:
    """Return the line in which those still to come do so around the time that they were told."""
    if not at.line.to_come:
        return at
    told = told_to_come(at, promises_of(at.office.id, now=now), now=now)
    return at._replace(line=as_told(at.line, told))


def leave_by(turn_id: int, *, now: datetime) -> datetime | None:
    """Return when to leave home: ``come_at``, less the way there; None without either.

    It may have passed. None for whoever is at the office already.
    """
    minutes = travel_minutes(turn_id)
    if minutes is None:
        return None
    turn = Turn.objects.select_related("office").filter(id=turn_id, state=State.BOOKED).first()
    comes = None if turn is None else come_at(turn, now=now)
    return None if comes is None else comes - timedelta(minutes=minutes)


def rescues(office_id: int, *, now: datetime) -> list[RescueOf]:
    """Return whom to call next to save most promises, best first; [] when the rule does best.

    As stored with the last forecast, at most two minutes old; cheap enough for every desk. After
    any call they are no longer true, until they are worked out anew.
    """
    last = forecasts.stored(office_id)
    if last is None or not timedelta(0) <= now - last.made_at <= FRESH_FOR_RESCUE:
        return []
    if not last.rescues or _has_called(office_id, since=last.rescued_at or last.made_at):
        return []
    named = {one.turn_id for one in last.rescues} | {n for one in last.rescues for n in one.harmed}
    waiting = (
        Turn.objects.filter(id__in=named, office_id=office_id, state=State.WAITING)
        .select_related("service", "counter")
        .in_bulk()
    )
    return [
        RescueOf(
            waiting[one.turn_id],
            one.saved,
            one.odds_before,
            one.odds_after,
            tuple(waiting[n].number or "" for n in one.harmed if n in waiting),
        )
        for one in last.rescues
        if one.turn_id in waiting
    ]


def _has_called(office_id: int, *, since: datetime) -> bool:
    """Return whether somebody was called after a moment.

    Looked for here, where a desk reads of a broken promise now and then, so that calling itself,
    which every desk does all day, has nothing to clear away.
    """
    office = offices.office_by_id(office_id)
    today = Turn.objects.filter(office_id=office_id, day=offices.local_day(office, since))
    return today.filter(called_at__gt=since).exists()


def kept(office_ids: Iterable[int], *, since: date, until: date) -> list[KeptWeek]:
    """Return how offices kept their promises in each week of the days ``[since, until)``.

    Weeks begin on Monday and hold those of the days that were asked for. Offices and weeks
    without a settled promise are left out.
    """
    return [KeptWeek(*row) for row in _rows(_KEPT, [list(office_ids), since, until])]


def offices_with_promises() -> list[int]:
    """Return the ids of offices where a counter is open, somebody waits, or a promise is unsettled.

    What was promised stays until it is settled; that may be after the office has closed.
    """
    found = _rows(
        """
        SELECT office_id FROM turns_turn WHERE state = 'waiting'
        UNION
        SELECT office_id FROM turns_promise WHERE is_first AND settled_at IS NULL
        UNION
        SELECT c.office_id FROM capacity_counteropening o
        JOIN offices_counter c ON c.id = o.counter_id WHERE o.closed_at IS NULL
        ORDER BY 1
        """,
        [],
    )
    return [office_id for (office_id,) in found]


def _rows(statement: str, asked: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())

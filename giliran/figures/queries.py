"""An office's day in figures, and what happens at offices now."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db import connection

from giliran.core.deadline import CalendarMissing
from giliran.core.turn import AT_A_COUNTER
from giliran.figures import statements
from giliran.offices import queries as offices
from giliran.turns.models import Turn


class Wait(NamedTuple):
    """Minutes from the later of arrival and window start to the first call."""

    calling_class: str
    """``priority`` or ``standard``; empty for everybody together."""
    kind: str
    """``appointment`` or ``walk_in``; empty for everybody together."""
    people: int
    p50: float
    p90: float
    longest: float


class Part(NamedTuple):
    """The share of one channel or one service in a day."""

    channel: str | None
    service_id: int | None
    asked: int
    came: int
    served: int
    wait_p50: float | None


class HourOfDay(NamedTuple):
    """How many arrived and how many were done in one hour of the office's clock."""

    hour: int
    arrived: int
    served: int


class DayFigures(NamedTuple):
    """One office's day; minutes are real minutes with fractions, shares are from 0 to 1.

    ``asked_booked + asked_walk_in`` is the sum of ``served``, ``no_shows``, ``missed_calls``,
    ``left_unserved``, ``cancelled`` and ``still_open``.
    """

    day: date
    asked_booked: int
    asked_walk_in: int
    came: int
    served: int
    no_shows: int
    """Booked and never came."""
    missed_calls: int
    """Came, was called, and didn't answer."""
    left_unserved: int
    cancelled: int
    still_open: int
    turned_away: int
    turned_away_why: tuple[tuple[str, int], ...]
    waits: tuple[Wait, ...]
    service_p50: float | None
    """Minutes at counters of whom an officer finished; what the day's close ended isn't known."""
    service_p90: float | None
    promises: int
    """People with a window who came before its end and were called, or left unserved."""
    promises_kept: int
    """Of these, called no later than ten minutes after the window's end."""
    by_channel: tuple[Part, ...]
    by_service: tuple[Part, ...]
    by_hour: tuple[HourOfDay, ...]
    counter_minutes: float
    """Summed over the counters, while an officer sat there."""

    @property
    def asked(self) -> int:
        return self.asked_booked + self.asked_walk_in

    @property
    def in_window_share(self) -> float | None:
        return self.promises_kept / self.promises if self.promises else None

    @property
    def served_per_counter_hour(self) -> float | None:
        return self.served * 60 / self.counter_minutes if self.counter_minutes else None

    @property
    def all_waits(self) -> Wait | None:
        return next((wait for wait in self.waits if not wait.kind), None)


class Now(NamedTuple):
    """An office at this moment; the same figures for every office of a region."""

    office_id: int
    waiting: int
    waiting_priority: int
    longest_wait_minutes: int
    seats_taken: int
    seats: int
    at_counters: int
    expected: int
    served: int
    counters_open: int
    counters: int
    turned_away: int


class AtCounter(NamedTuple):
    """Who is called to or served at a counter, by number, and since when."""

    number: str
    service_id: int
    state: str
    since: datetime


def bounds(office_id: int, day: date) -> tuple[datetime, datetime]:
    """Return the first moment of a day at an office and that of the next."""
    zone = offices.zone(offices.office_by_id(office_id))
    return (
        datetime.combine(day, time(), tzinfo=zone),
        datetime.combine(day + timedelta(days=1), time(), tzinfo=zone),
    )


def day(office_id: int, day: date, *, now: datetime) -> DayFigures:
    """Return the figures of an office's day, so far if it is still running at ``now``.

    The day is the one for which turns were asked, in the office's time zone.
    """
    asked = _asked(office_id, day, now)
    (totals,) = _rows(statements.TOTALS, asked)
    away = tuple((str(why), int(n)) for why, n in _rows(statements.TURNED_AWAY, asked))
    parts = [Part(*row) for row in _rows(statements.PARTS, asked)]
    p50, p90 = totals[9] or (None, None)
    return DayFigures(
        day=day,
        asked_booked=totals[0],
        asked_walk_in=totals[1],
        came=totals[2],
        served=totals[3],
        no_shows=totals[4],
        missed_calls=totals[5],
        left_unserved=totals[6],
        cancelled=totals[7],
        still_open=totals[8],
        turned_away=sum(n for _, n in away),
        turned_away_why=away,
        waits=tuple(_wait(*row) for row in _rows(statements.WAITS, asked)),
        service_p50=p50,
        service_p90=p90,
        promises=totals[10],
        promises_kept=totals[11],
        by_channel=tuple(part for part in parts if part.channel is not None),
        by_service=tuple(part for part in parts if part.service_id is not None),
        by_hour=tuple(HourOfDay(*row) for row in _rows(statements.HOURS, asked)),
        counter_minutes=_rows(statements.OPEN_MINUTES, asked)[0][0],
    )


def _asked(office_id: int, day: date, now: datetime) -> dict[str, Any]:
    office = offices.office_by_id(office_id)
    begins, ends = bounds(office_id, day)
    try:
        opens, closes = offices.opening_moments(office, day) or (begins, ends)
    except CalendarMissing:
        opens, closes = begins, ends
    return {
        "office": office_id,
        "day": day,
        "zone": office.time_zone,
        "begins": begins,
        "ends": ends,
        "opens": opens,
        "unclosed": now if now < ends else closes,
    }


def _wait(is_priority: bool | None, kind: str | None, *rest: Any) -> Wait:
    if kind is None:
        return Wait("", "", *rest)
    return Wait("priority" if is_priority else "standard", kind, *rest)


def _rows(statement: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())


def now_at(office_ids: Iterable[int], *, now: datetime) -> list[Now]:
    """Return offices at this moment, the one with the longest wait first; one statement for all."""
    return [Now(*row) for row in _rows(statements.NOW, {"offices": list(office_ids), "now": now})]


def turned_away_by_day(
    office_ids: Iterable[int], *, since: datetime, until: datetime
) -> dict[tuple[int, date], int]:
    """Return how many people each office turned away in ``[since, until)``, by its own days."""
    asked = {"offices": list(office_ids), "since": since, "until": until}
    return {(office, day): n for office, day, n in _rows(statements.TURNED_AWAY_BY_DAY, asked)}


def at_counters(office_id: int) -> dict[int, AtCounter]:
    """Return who is at an office's counters, by the counter's id."""
    rows = Turn.objects.filter(office_id=office_id, state__in=AT_A_COUNTER).values_list(
        "counter_id", "number", "service_id", "state", "started_at", "called_at", "moved_at"
    )
    return {
        counter_id: AtCounter(number or "", service_id, state, started or called or moved)
        for counter_id, number, service_id, state, started, called, moved in rows
        if counter_id is not None
    }


class Happened(NamedTuple):
    """One event of an office's history; ids and figures, never a name or a turn's code."""

    id: int
    at: datetime
    kind: str
    actor: str
    subject_id: int | None
    data: dict[str, Any]
    number: str | None
    counter: str | None
    offer_kind: str | None
    starts_at: datetime | None
    ends_at: datetime | None


# Whoever holds a turn's code may cancel it, and the request key would repeat somebody's form.
_NOT_TOLD = ("code", "request_key")


def history(office_id: int, day: date, *, page: int, per_page: int) -> tuple[list[Happened], int]:
    """Return one page (from 1) of what happened at an office on a day, newest first, and how many.

    The count is that of all events of the day.
    """
    begins, ends = bounds(office_id, day)
    asked = {"office": office_id, "begins": begins, "ends": ends}
    rows = _rows(statements.HISTORY, {**asked, "limit": per_page, "offset": (page - 1) * per_page})
    ((length,),) = _rows(statements.HISTORY_LENGTH, asked)
    return [Happened._make((*row[:5], _told(row[5]), *row[6:])) for row in rows], length


def _told(data: str) -> dict[str, Any]:
    return {key: value for key, value in json.loads(data).items() if key not in _NOT_TOLD}

"""What is wrong now.

Each kind has two borders: what is bad enough to begin, and what is still too bad to end. Between
them an alarm that rings goes on and one that doesn't stays silent, so that none begins twice
because one person came or went.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from giliran import rules
from giliran.core.claim import CLOCK_RUNS
from giliran.core.complaint import TO_ANSWER
from giliran.core.control import share_limits
from giliran.core.deadline import ONE_DAY, SATURDAY, CalendarMissing, add_working_days
from giliran.core.promise.windows import LEVEL
from giliran.figures import alarm_statements as statements
from giliran.figures.models import Alarm
from giliran.offices import queries as offices

CROWD: Final = 10
"""So many before opening are a crowd; before six one person is too many."""
SIX: Final = time(6)
EMPTY_MINUTES: Final = 5
LONG_WAIT_MINUTES: Final = 30
LEAST_PLACES: Final = 10
GONE_WITHIN_MINUTES: Final = 15
GONE_IS_NEWS: Final = timedelta(hours=2)
LEAST_PROMISES: Final = 10
PROMISE_RATE: Final = 0.02
"""An office that keeps its promises as often as it says is accused by chance so often."""
FAILED_IN_A_ROW: Final = 5
LEAST_CONTACTS: Final = 3
CHANNEL_LOOKS_BACK: Final = timedelta(minutes=15)
SILENT_AT_MOST: Final = timedelta(days=1)
SCREEN_SILENT: Final = timedelta(minutes=5)
ON_BEFORE_OPENING: Final = timedelta(minutes=30)
PAGES_SILENT: Final = timedelta(minutes=3)
"""Shorter than a screen's own: where all fall silent at once, no office is to look for a plug."""
PAGES_WENT_SILENT: Final = timedelta(hours=1)
LEAST_OFFICES: Final = 3
PAGES, LIVE = "pages", "live"
"""What the centre's alarm of a channel is about, where it is none that carries messages."""

CENTRE: Final = ZoneInfo("Asia/Jakarta")
"""Whose day it is for what stands in no office."""


class Key(NamedTuple):
    """What an alarm is about; the same one doesn't ring twice at once."""

    kind: str
    office_id: int | None
    region_id: int | None
    about: str


class Wrong(NamedTuple):
    """Something wrong, bad enough to ring or only to go on ringing."""

    key: Key
    data: dict[str, Any]
    begins: bool


def wrong(*, now: datetime, rings: Mapping[Key, datetime]) -> Iterator[Wrong]:
    """Give everything that is wrong at ``now``; ``rings`` says what already rings, since when."""
    waiting = {office_id: (n, since) for office_id, n, since in _rows(statements.WAITING, now=now)}
    early, at_work = _by_hours(waiting, now)
    yield from _crowds(early, waiting, now)
    yield from _empty_counters(at_work, waiting, now)
    yield from _quotas_gone(now)
    yield from _promises_broken(now)
    yield from _deadlines(now)
    yield from _channels_down(now, rings)
    yield from _streams_down()
    yield from _screens_silent(now, rings)


class _Early(NamedTuple):
    office: Any
    opens: datetime


def _by_hours(waiting: Iterable[int], now: datetime) -> tuple[list[_Early], dict[int, datetime]]:
    """Return the offices that open later today, and when those that work now opened."""
    early, at_work = [], {}
    for office_id in waiting:
        office = offices.office_by_id(office_id)
        here = now.astimezone(offices.zone(office))
        try:
            hours = offices.hours(office, here.date())
        except CalendarMissing:
            continue
        if hours is None:
            continue
        opens = datetime.combine(here.date(), hours.opens, tzinfo=here.tzinfo)
        if now < opens:
            early.append(_Early(office, opens))
        elif here.time() < hours.closes and not any(
            starts <= here.time() < ends for starts, ends in hours.breaks
        ):
            at_work[office_id] = opens
    return early, at_work


def _crowds(
    early: Iterable[_Early], waiting: Mapping[int, tuple[int, datetime]], now: datetime
) -> Iterator[Wrong]:
    for office, opens in early:
        people, since = waiting[office.id]
        before_six = since.astimezone(offices.zone(office)).time() < SIX
        data = {"people": people, "opens": opens.isoformat(), "before_six": before_six}
        begins = people >= CROWD or before_six
        if begins or people >= CROWD // 2:
            yield Wrong(Key(Alarm.Kind.EARLY_CROWD, office.id, None, ""), data, begins)


def _empty_counters(
    at_work: Mapping[int, datetime], waiting: Mapping[int, tuple[int, datetime]], now: datetime
) -> Iterator[Wrong]:
    for office_id, counter_id, label, people, minutes in _rows(statements.EMPTY, now=now):
        if office_id in at_work and minutes >= 1:
            yield Wrong(
                Key(Alarm.Kind.COUNTER_EMPTY, office_id, None, f"counter:{counter_id}"),
                {"label": label, "people": people, "minutes": minutes},
                minutes >= EMPTY_MINUTES,
            )
    away = dict(_rows(statements.AWAY, now=now, offices=list(at_work)))
    counters = _rows(statements.COUNTERS, now=now, offices=list(at_work))
    for office_id, is_open, all_of_them, closed_at in counters:
        people, first = waiting[office_id]
        longest = _minutes(now - first)
        if not is_open:
            # From when both somebody waited and a counter could have been open.
            since = max(one for one in (at_work[office_id], first, closed_at) if one)
            minutes = _minutes(now - since)
            yield Wrong(
                Key(Alarm.Kind.COUNTER_EMPTY, office_id, None, "all"),
                {"people": people, "minutes": minutes},
                minutes >= EMPTY_MINUTES,
            )
        elif (missing := min(away.get(office_id, 0), all_of_them - is_open)) > 0:
            yield Wrong(
                Key(Alarm.Kind.COUNTER_EMPTY, office_id, None, "shift"),
                {"people": people, "minutes": longest, "missing": missing},
                longest >= LONG_WAIT_MINUTES,
            )


def _quotas_gone(now: datetime) -> Iterator[Wrong]:
    for office_id, kind, day, places, last, minutes in _rows(
        statements.GONE, now=now, least=LEAST_PLACES
    ):
        if minutes <= GONE_WITHIN_MINUTES and now - last <= GONE_IS_NEWS:
            yield Wrong(
                Key(Alarm.Kind.QUOTA_GONE, office_id, None, f"{kind}:{day.isoformat()}"),
                {"offer": kind, "day": day.isoformat(), "places": places, "minutes": minutes},
                True,
            )


def _promises_broken(now: datetime) -> Iterator[Wrong]:
    for office_id, kept, of in _rows(statements.PROMISES, now=now):
        if of < LEAST_PROMISES or kept >= LEVEL * of:
            continue
        yield Wrong(
            Key(Alarm.Kind.PROMISE_BROKEN, office_id, None, ""),
            {"kept": kept, "of": of, "target": round(100 * LEVEL)},
            not share_limits(LEVEL, of, rate=PROMISE_RATE).hold(kept / of),
        )


def _deadlines(now: datetime) -> Iterator[Wrong]:
    """Give offices with something due by the next working day, and regions with something late."""
    today = now.astimezone(CENTRE).date()
    until = _next_working_day(today)
    late_in: dict[int, int] = {}
    states = sorted(CLOCK_RUNS)
    for office_id, region_id, late, near in _rows(
        statements.CLAIMS, now=now, states=states, until=until
    ):
        yield _due(office_id, None, "claims", late, near)
        late_in[region_id] = late_in.get(region_id, 0) + late
    for region_id, late in late_in.items():
        if late:
            yield _due(None, region_id, "claims", late, late)
    for office_id, region_id, late, near in _rows(
        statements.COMPLAINTS, today=today, states=sorted(TO_ANSWER), until=until
    ):
        yield _due(office_id, None if office_id else region_id, "complaints", late, near)


def _due(office_id: int | None, region_id: int | None, about: str, late: int, near: int) -> Wrong:
    key = Key(Alarm.Kind.DEADLINE, office_id, region_id, about)
    return Wrong(key, {"late": late, "near": near - late}, True)


def _next_working_day(today: date) -> date:
    try:
        return add_working_days(today, 1, rules.calendar())
    except CalendarMissing:
        return next(day for n in (1, 2, 3) if (day := today + n * ONE_DAY).weekday() < SATURDAY)


def _channels_down(now: datetime, rings: Mapping[Key, datetime]) -> Iterator[Wrong]:
    since = now - CHANNEL_LOOKS_BACK
    tried = {row[0]: row[1:] for row in _rows(statements.CHANNELS, now=now, since=since)}
    for channel, (came, failed, contacts) in tried.items():
        if not came and failed >= FAILED_IN_A_ROW and contacts >= LEAST_CONTACTS:
            yield Wrong(_channel(channel), {"failed": failed}, True)
    for key, raised_at in rings.items():
        if key.about in {PAGES, LIVE}:
            continue
        # Silence mends nothing: only what came through does, or a day in which nobody asked.
        came, failed, contacts = tried.get(key.about, (0, 0, 0))
        if key.kind == Alarm.Kind.CHANNEL_DOWN and not came and now - raised_at <= SILENT_AT_MOST:
            yield Wrong(key, {}, False)


def _channel(name: str) -> Key:
    return Key(Alarm.Kind.CHANNEL_DOWN, None, None, name)


def _streams_down() -> Iterator[Wrong]:
    for (seen_at,) in _rows(statements.LIVE):
        yield Wrong(_channel(LIVE), {"since": seen_at.isoformat()}, True)


class _Screen(NamedTuple):
    """A screen in an office; ``silent`` is how long nothing was heard of it, in real time."""

    office_id: int
    about: str
    label: str
    seen_at: datetime
    silent: timedelta


def _screens_silent(now: datetime, rings: Mapping[Key, datetime]) -> Iterator[Wrong]:
    """Give screens that should be on and aren't, or the pages' server where none at all is heard.

    One that rings goes on until it is heard again, also when its office has shut meanwhile.
    """
    screens = [_Screen(*row) for row in _rows(statements.SCREENS)]
    if all(one.silent <= PAGES_SILENT for one in screens):
        return
    needed = _with_doors_open(now)
    due = [one for one in screens if one.office_id in needed]
    pages = _pages_down(due, rings)
    if pages:
        yield pages
    for one in screens:
        key = Key(Alarm.Kind.SCREEN_SILENT, one.office_id, None, one.about)
        begins = one.office_id in needed and not pages
        if one.silent > SCREEN_SILENT and (begins or key in rings):
            yield Wrong(key, {"label": one.label, "since": one.seen_at.isoformat()}, begins)


def _pages_down(due: Sequence[_Screen], rings: Mapping[Key, datetime]) -> Wrong | None:
    if len({one.office_id for one in due}) < LEAST_OFFICES:
        return None
    newest = min(due, key=lambda one: one.silent)
    # Long silent are only the screens that nobody has switched on yet this morning.
    begins = PAGES_SILENT < newest.silent <= PAGES_WENT_SILENT
    if begins or (newest.silent > PAGES_SILENT and _channel(PAGES) in rings):
        return Wrong(_channel(PAGES), {"since": newest.seen_at.isoformat()}, begins)
    return None


def _with_doors_open(now: datetime) -> set[int]:
    """Return the offices that are open or open soon: breaks don't count, people stay inside."""
    by_day: dict[date, list[Any]] = {}
    for office in offices.offices():
        by_day.setdefault(offices.local_day(office, now), []).append(office)
    found = set()
    for day, here in by_day.items():
        try:
            hours = offices.hours_at(here, day)
        except CalendarMissing:
            continue
        for office in here:
            if (opening := hours[office.id]) is None:
                continue
            zone = offices.zone(office)
            opens = datetime.combine(day, opening.opens, tzinfo=zone)
            closes = datetime.combine(day, opening.closes, tzinfo=zone)
            if opens - ON_BEFORE_OPENING <= now < closes:
                found.add(office.id)
    return found


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)


def _rows(statement: str, **asked: Any) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())

"""When offices were open, as it stood when their days were first counted."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from giliran.core.deadline import CalendarMissing
from giliran.core.figures import Hours, Places
from giliran.offices.hours import day_off
from giliran.offices.models import Closure, Office, WeeklyHours

_ELSEWHERE = ZoneInfo("Asia/Jakarta")
_ANY = "SELECT opens, closes FROM figures_dayhours WHERE office_id = %s AND day = %s"


class KnownHours:
    """Hours of offices' days, each looked up once and then kept for good.

    ``all_at_once`` reads every kept day first, for whoever needs most of them.
    """

    def __init__(self, *, all_at_once: bool = False) -> None:
        read = Office.objects.only("time_zone", "closes_on_collective_leave")
        self._offices = {office.id: office for office in read}
        self._weekly: dict[int, list[WeeklyHours]] = {}
        self._closed: dict[int, frozenset[date]] = {}
        self._known: dict[tuple[int, date], Hours | None] = {}
        self._new: list[tuple[int, date, datetime | None, datetime | None]] = []
        self._has_all = all_at_once
        if all_at_once:
            self._read_all()

    def places(self) -> Places:
        """Return offices as stories need them."""
        zones: dict[int, tzinfo] = {
            office.id: ZoneInfo(office.time_zone) for office in self._offices.values()
        }
        return Places(zones, _ELSEWHERE, self.of)

    def _read_all(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT office_id, day, opens, closes FROM figures_dayhours")
            for office_id, day, opens, closes in cursor:
                self._known[office_id, day] = Hours(opens, closes) if opens else None

    def of(self, office_id: int, day: date) -> Hours | None:
        """Return an office's hours on a day; None if it was shut, or nobody knows."""
        key = (office_id, day)
        if key not in self._known:
            kept = None if self._has_all else self._kept(key)
            if kept is None:
                self._known[key] = hours = self._hours(office_id, day)
                self._new.append((*key, *(hours or (None, None))))
            else:
                self._known[key] = Hours(*kept) if kept[0] else None
        return self._known[key]

    def keep(self) -> None:
        """Write down what was looked up for the first time."""
        if self._new:
            with connection.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO figures_dayhours (office_id, day, opens, closes) "
                    "VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
                    self._new,
                )
            self._new.clear()

    def _kept(self, key: tuple[int, date]) -> tuple[Any, ...] | None:
        with connection.cursor() as cursor:
            cursor.execute(_ANY, key)
            found: tuple[Any, ...] | None = cursor.fetchone()
            return found

    def _hours(self, office_id: int, day: date) -> Hours | None:
        """Return what ``offices.queries.hours`` says, with an office's rows read once for all."""
        office = self._offices.get(office_id)
        if office is None or self._is_off(office, day):
            return None
        if office_id not in self._weekly:
            weekly = WeeklyHours.objects.filter(office=office).order_by("-since")
            self._weekly[office_id] = list(weekly)
            closed = Closure.objects.filter(office=office).values_list("day", flat=True)
            self._closed[office_id] = frozenset(closed)
        if day in self._closed[office_id]:
            return None
        zone = ZoneInfo(office.time_zone)
        for one in self._weekly[office_id]:
            is_then = one.since <= day and (one.until is None or day <= one.until)
            if one.weekday == day.weekday() and is_then:
                return Hours(
                    datetime.combine(day, one.opens, tzinfo=zone),
                    datetime.combine(day, one.closes, tzinfo=zone),
                )
        return None

    @staticmethod
    def _is_off(office: Office, day: date) -> bool:
        try:
            return day_off(office, day) is not None
        except CalendarMissing:
            return True

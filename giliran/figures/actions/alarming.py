"""Raising alarms once, taking them in hand, and letting them be quiet when it is over."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import connection, transaction

from giliran.core.refusal import NotFound, Refusal, gettext_noop
from giliran.figures.models import Alarm
from giliran.figures.watching import Key, Wrong, wrong
from giliran.journal.actions import record
from giliran.journal.models import Event

_ONE_AT_A_TIME = 0x616C61726D  # "alarm": two workers that look at once would both begin to ring


class AlarmOver(Refusal):
    """What is over needs nobody."""

    code = "alarm_over"
    sentence = gettext_noop("Keadaan ini sudah selesai. Tidak ada lagi yang perlu ditangani.")


def watch(*, now: datetime) -> tuple[int, int]:
    """Look at all offices, raise what is wrong and end what is over; returns how many of each.

    An alarm rings once until it is over, whatever happens meanwhile; its figures go along. The
    office's screens hear of both at once, by the bell.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
            if not cursor.fetchone()[0]:
                return 0, 0
        rings = {_key(alarm): alarm for alarm in Alarm.objects.filter(over_at__isnull=True)}
        since = {key: alarm.raised_at for key, alarm in rings.items()}
        found = {one.key: one for one in wrong(now=now, rings=since)}
        raised = [one for one in found.values() if one.begins and one.key not in rings]
        ended = [alarm for key, alarm in rings.items() if key not in found]
        for one in raised:
            _raise(one, now=now)
        for alarm in ended:
            _end(alarm, now=now)
        for key, alarm in rings.items():
            if key in found and found[key].data not in ({}, alarm.data):
                Alarm.objects.filter(id=alarm.id).update(data=found[key].data)
    return len(raised), len(ended)


def take(alarm_id: int, *, officer_id: int, now: datetime) -> None:
    """Note that somebody has an alarm in hand; who was first stays. Raises AlarmOver, NotFound."""
    with transaction.atomic():
        alarm = Alarm.objects.select_for_update(of=("self",)).filter(id=alarm_id).first()
        if alarm is None:
            raise NotFound
        if alarm.seen_by_id is not None:
            return
        if alarm.over_at is not None:
            raise AlarmOver
        Alarm.objects.filter(id=alarm_id).update(seen_at=now, seen_by_id=officer_id)
        _note("alarm.taken", alarm, actor=f"officer:{officer_id}", now=now)


def _raise(one: Wrong, *, now: datetime) -> None:
    alarm = Alarm.objects.create(
        kind=one.key.kind,
        office_id=one.key.office_id,
        region_id=one.key.region_id,
        about=one.key.about,
        data=one.data,
        raised_at=now,
        told_at=now if one.key.office_id else None,
    )
    _note("alarm.raised", alarm, actor="system", now=now)


def _end(alarm: Alarm, *, now: datetime) -> None:
    Alarm.objects.filter(id=alarm.id).update(over_at=now)
    _note("alarm.over", alarm, actor="system", now=now)


def _note(kind: str, alarm: Alarm, *, actor: str, now: datetime) -> None:
    """Write it down, and ring the bell of the office's screens, as a change of its line does."""
    record(
        kind,
        at=now,
        actor=actor,
        office_id=alarm.office_id,
        subject_id=alarm.id,
        alarm=str(alarm.kind),
        about=alarm.about,
    )
    if alarm.office_id is None:
        return
    event = Event.objects.filter(subject="alarm", subject_id=alarm.id).latest("id")
    rung = {"id": event.id, "subject": "alarm", "office": alarm.office_id, "move": kind}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('giliran', %s)", [json.dumps(rung)])


def _key(alarm: Alarm) -> Key:
    return Key(alarm.kind, alarm.office_id, alarm.region_id, alarm.about)

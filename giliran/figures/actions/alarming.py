"""Raising alarms once, taking them in hand, and letting them be quiet when it is over.

Pages show what rings; who answers for the office is told by message as well. Where nobody has it in
hand a quarter of an hour later, or nobody there can be told, the region is.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Q

from giliran.capacity.heads import heads, of_centre, of_region
from giliran.core.refusal import NotFound, Refusal, gettext_noop
from giliran.figures import alarms, notices
from giliran.figures.models import Alarm
from giliran.figures.watching import Key, Wrong, wrong
from giliran.journal.actions import record
from giliran.journal.models import Event
from giliran.messages.actions import Urgency, notify, withdraw_notices
from giliran.messages.models import Muted
from giliran.offices import queries as offices

UNATTENDED_AFTER: Final = timedelta(minutes=15)
TOLD_AGAIN_AFTER: Final = timedelta(minutes=30)
_NEWS_FOR: Final = timedelta(hours=2)
_WORK_FOR: Final = timedelta(days=1)
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
        _tell_above(now=now)
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
        _fall_silent(alarm_id, now=now)
        _note("alarm.taken", alarm, actor=f"officer:{officer_id}", now=now)


def _raise(one: Wrong, *, now: datetime) -> None:
    alarm = Alarm.objects.create(
        kind=one.key.kind,
        office_id=one.key.office_id,
        region_id=one.key.region_id,
        about=one.key.about,
        data=one.data,
        raised_at=now,
    )
    _note("alarm.raised", alarm, actor="system", now=now)
    _tell_heads(alarm, now=now)


def _tell_heads(alarm: Alarm, *, now: datetime) -> None:
    """Tell who answers for it; where no head is at work that day, that is the region too.

    What was told lately, was over and rings again tells nobody anew: it would ring all day.
    """
    if alarm.kind in alarms.TOLD_ELSEWHERE:
        return
    same = Alarm.objects.filter(
        kind=alarm.kind, office=alarm.office_id, region=alarm.region_id, about=alarm.about
    )
    lately = same.filter(told_at__gt=now - TOLD_AGAIN_AFTER).order_by("told_at").last()
    if lately is not None:
        Alarm.objects.filter(id=alarm.id).update(told_at=lately.told_at)
        return
    if alarm.office is not None:
        who = heads(alarm.office, offices.local_day(alarm.office, now))
        above = of_region(alarm.office.region_id)
    else:
        who, above = of_region(alarm.region_id) if alarm.region_id else of_centre(), set()
    here = _tell(notices.RINGING, alarm, who - above, now=now)
    up = _tell(notices.RINGING, alarm, who & above, now=now)
    Alarm.objects.filter(id=alarm.id).update(
        told_at=now if here or up else None, above_at=now if up and above <= who else None
    )


def _end(alarm: Alarm, *, now: datetime) -> None:
    Alarm.objects.filter(id=alarm.id).update(over_at=now)
    _fall_silent(alarm.id, now=now)
    _note("alarm.over", alarm, actor="system", now=now)


def _tell_above(*, now: datetime) -> None:
    """Tell the region once of what can't wait and nobody at the office has in hand.

    At once where nobody at the office could be told.
    """
    late = Q(raised_at__lte=now - UNATTENDED_AFTER) | Q(told_at__isnull=True)
    found = Alarm.objects.filter(
        late,
        over_at__isnull=True,
        seen_at__isnull=True,
        above_at__isnull=True,
        office__isnull=False,
    ).exclude(kind__in=alarms.CAN_WAIT)
    for alarm in found.select_related("office").select_for_update(of=("self",)):
        above = of_region(alarm.office.region_id) if alarm.office else set()
        if _tell(notices.UNATTENDED, alarm, above, now=now):
            Alarm.objects.filter(id=alarm.id).update(above_at=now)
            _note("alarm.above", alarm, actor="system", now=now)


def _tell(kind: str, alarm: Alarm, officer_ids: Collection[int], *, now: datetime) -> int:
    """Write the message for each who can be reached; returns how many. Nobody is told twice."""
    shown = alarms.view(alarm)
    can_wait = alarm.kind in alarms.CAN_WAIT
    return notify(
        kind,
        officer_ids=officer_ids,
        topic=Muted.Topic.ALARMS,
        subject=notices.SUBJECT,
        subject_id=alarm.id,
        key=f"alarm:{alarm.id}",
        urgency=Urgency.REMINDER if can_wait else Urgency.NOW,
        expires_at=now + (_WORK_FOR if can_wait else _NEWS_FOR),
        zone=alarms.place(shown).time_zone,
        now=now,
    )


def _fall_silent(alarm_id: int, *, now: datetime) -> None:
    for kind in sorted(notices.KINDS):
        withdraw_notices(kind, subject=notices.SUBJECT, subject_id=alarm_id, now=now)


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

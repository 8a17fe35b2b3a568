"""Reminders that are due by the clock: looked for once a minute, each made once.

The day before everybody is asked whether they come. Who doesn't answer is asked once more two
hours before. Then: when to leave home, and when to come back in.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from giliran.core.turn import State
from giliran.messages.actions import Urgency
from giliran.messages.models import Message, Subscription
from giliran.offices.models import Office
from giliran.turns import promises, queries
from giliran.turns.actions.telling import subscribed_to, tell_of_turn
from giliran.turns.models import Application, Journey, Turn

EVE = (time(16), time(20))
"""When people are asked about tomorrow, by the office's clock: after work, before supper ends."""
TODAY_BEFORE = timedelta(hours=2)
JUST_TOLD = timedelta(hours=3)  # who heard of the turn so recently isn't asked about it again
ASKED_ONCE_IN = timedelta(hours=12)
LEAVE_BEFORE = timedelta(minutes=15)
LEAVE_AFTER = timedelta(minutes=10)
SOON_AT = 3  # people ahead
JUST_CAME = timedelta(minutes=5)
SOON_LIVES = timedelta(minutes=10)


def due_reminders(*, now: datetime) -> int:
    """Make the reminders that are due this minute; returns how many.

    Asked twice in a minute, the second time makes none.
    """
    made = 0
    for zone in Office.objects.values_list("time_zone", flat=True).distinct().order_by():
        local = now.astimezone(ZoneInfo(zone))
        today = _to_come(zone, local.date())
        if EVE[0] <= local.time() < EVE[1]:
            tomorrow = _to_come(zone, local.date() + timedelta(days=1))
            made += _ask("turn.tomorrow", tomorrow, now=now)
        soon = today.filter(window_from__gt=now, window_from__lte=now + TODAY_BEFORE)
        made += _ask("turn.today", soon, now=now) + _send_off(today, now=now)
    return made + _call_back_in(now=now)


def _to_come(zone: str, day: date) -> QuerySet[Turn]:
    return _heard(State.BOOKED).filter(office__time_zone=zone, day=day)


def _ask(kind: str, turns: QuerySet[Turn], *, now: datetime) -> int:
    """Ask whether they come, but nobody who was asked that or heard of the turn just now."""
    not_asked = turns.exclude(_message(kind=kind, made_at__gt=now - ASKED_ONCE_IN))
    not_told = not_asked.exclude(_message(made_at__gt=now - JUST_TOLD))
    return sum(_ask_one(kind, turn, now=now) for turn in not_told if not queries.said_yes(turn))


def _ask_one(kind: str, turn: Turn, *, now: datetime) -> bool:
    if turn.window_from is None:
        return False
    return tell_of_turn(
        kind,
        turn,
        once=turn.window_from.isoformat(),
        urgency=Urgency.REMINDER,
        lives=turn.window_from - now,
        now=now,
        begins=turn.window_from.isoformat(),
        office=turn.office_id,
    )


def _send_off(today: QuerySet[Turn], *, now: datetime) -> int:
    """Tell who said how long they travel when to leave, a quarter of an hour ahead."""
    travelling = today.filter(Exists(Journey.objects.filter(turn=OuterRef("pk"))))
    made = 0
    for turn in travelling.exclude(_message(kind="turn.leave")):
        leave = promises.leave_by(turn.id, now=now)
        if turn.window_from is None or leave is None:
            continue
        if not leave - LEAVE_BEFORE <= now <= leave + LEAVE_AFTER:
            continue
        made += tell_of_turn(
            "turn.leave",
            turn,
            once=turn.window_from.isoformat(),
            urgency=Urgency.REMINDER,
            lives=leave + LEAVE_AFTER - now + timedelta(minutes=1),
            now=now,
            begins=turn.window_from.isoformat(),
            office=turn.office_id,
            leave=leave.isoformat(),
        )
    return made


def _call_back_in(*, now: datetime) -> int:
    """Tell who waits outside that three or fewer are before them; nobody who has just come."""
    waiting = _heard(State.WAITING).filter(arrived_at__lte=now - JUST_CAME)
    made = 0
    orders: dict[int, list[int]] = {}
    for turn in waiting.exclude(_message(kind="turn.soon")):
        if turn.office_id not in orders:
            orders[turn.office_id] = queries.order_of_line(turn.office_id, now=now)
        order = orders[turn.office_id]
        # Called since the turn was read: that message is the other one.
        if turn.id not in order or order.index(turn.id) > SOON_AT:
            continue
        made += tell_of_turn(
            "turn.soon",
            turn,
            urgency=Urgency.NOW,
            lives=SOON_LIVES,
            now=now,
            ahead=order.index(turn.id),
        )
    return made


def _heard(state: State) -> QuerySet[Turn]:
    """Return the turns in a state of which somebody is told, also by their application."""
    asked = Application.objects.filter(turn=OuterRef(OuterRef("pk"))).values("id")
    by_application = Subscription.objects.filter(subject="application", subject_id__in=asked)
    return (
        Turn.objects.filter(Q(subscribed_to("turn")) | Q(Exists(by_application)), state=state)
        .select_related("office")
        .order_by("id")
    )


def _message(**which: object) -> Exists:
    found = Message.objects.filter(subject="turn", subject_id=OuterRef("pk"), **which)
    return Exists(found.exclude(state=Message.State.STALE))

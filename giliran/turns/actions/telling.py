"""What people are told of their turn, by the channels that they confirmed, and when.

Each call stands in the transaction of the change that it tells of: if that is undone, nothing was
said. Nobody is told who didn't subscribe. What a message says is read when it is sent, so here
stand only ids, moments and figures (``giliran.turns.wordings`` has the words).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from giliran.core.refusal import NotFound
from giliran.core.turn import State
from giliran.journal.actions import record
from giliran.messages import actions as messages
from giliran.messages.actions import Urgency
from giliran.messages.models import Message, Subscription
from giliran.outbox import post
from giliran.turns import planned, queries
from giliran.turns.models import Application, Entry, Promise, Round, Turn
from giliran.turns.refusals import NothingToConfirm

MOVED_BY = timedelta(minutes=10)  # a promise that moves by less isn't worth a message
NEWS_LIVES = timedelta(days=2)
CALL_LIVES = timedelta(minutes=10)
TALKING = timedelta(minutes=2)  # who wrote so recently has the conversation's answer in hand


def turn_booked(turn: Turn, *, now: datetime) -> None:
    """Tell who just subscribed to a turn what was promised; the e-mail brings the calendar.

    Called when a channel was confirmed, not when a turn is booked: nobody has subscribed by then.
    A turn without a window, or one that isn't to come any more, needs no such message.
    """
    if turn.state == State.BOOKED and turn.window_till is not None and turn.window_till > now:
        _tell_of_window("turn.booked", turn, now=now)


def application_received(application: Application, *, now: datetime) -> None:
    """Tell who just subscribed to an application that it is in the draws, and till when at most."""
    if application.state == Application.State.OPEN:
        messages.tell(
            "application.received",
            subject="application",
            subject_id=application.id,
            key=f"application.received:{application.id}",
            data={"zone": application.region.time_zone},
            urgency=Urgency.NEWS,
            expires_at=now + NEWS_LIVES,
            now=now,
        )


def turn_rescheduled(turn: Turn, *, now: datetime) -> None:
    """Tell the new window of a turn, or its new office; what was told of the old one dies.

    Not to whom the conversation just answers, as with a cancellation.
    """
    if not _is_talking(turn, now=now):
        _tell_of_window("turn.moved", turn, now=now)


def turn_placed(application: Application, turn: Turn, *, now: datetime) -> None:
    """Tell somebody standing by that a place got free and is theirs; it may be today."""
    _tell_of_window("turn.placed", turn, application, urgency=Urgency.REMINDER, now=now)


def turn_cancelled(turn: Turn, *, now: datetime) -> None:
    """Tell that a turn is no more, whoever gave it back: a code may be in the wrong hands."""
    if not _is_talking(turn, now=now):
        tell_of_turn("turn.cancelled", turn, urgency=Urgency.NEWS, lives=NEWS_LIVES, now=now)


def turn_closed(turn: Turn, *, now: datetime) -> None:
    """Tell somebody who was waiting that the office ended its day before they were served."""
    tell_of_turn("turn.closed", turn, urgency=Urgency.REMINDER, lives=NEWS_LIVES, now=now)


def turn_called(turn: Turn, *, now: datetime) -> None:
    """Tell the number and the counter that it is called to, at any hour; once a call."""
    called = (turn.called_at or now).isoformat()
    tell_of_turn(
        "turn.called",
        turn,
        once=called,
        urgency=Urgency.NOW,
        lives=CALL_LIVES,
        now=now,
        called=called,
    )


def round_drawn(round_id: int) -> None:
    """Ask the worker to tell everybody who was in a round, in the draw's own transaction.

    Thousands may have subscribed; the draw doesn't wait until their messages are written.
    """
    post("turns.tell_round", round_id=round_id)


def tell_round(round_id: int, *, now: datetime) -> int:
    """Tell everybody who was in a drawn round the result; returns how many have it in hand.

    Asked twice, the second time makes no message.
    """
    found = Round.objects.defer("file").get(id=round_id, state=Round.State.DRAWN)
    entries = Entry.objects.filter(round=found).exclude(application__state="withdrawn")
    # Won and still open: took a turn elsewhere meanwhile, or has given the place back already.
    entries = entries.exclude(offer__isnull=False, application__state="open")
    asking = Application.objects.filter(id__in=entries.values("application_id"))
    subscribed = asking.filter(subscribed_to("application")).select_related(
        "turn__office", "region"
    )
    told = 0
    for application in subscribed.order_by("id"):
        round_result(application, serial=found.serial, now=now)
        told += 1
    return told


def round_result(application: Application, *, serial: int, now: datetime) -> None:
    """Tell one application's result in the round ``serial`` of its region."""
    turn = application.turn
    if turn is not None and turn.state == State.BOOKED:
        _tell_of_window("turn.won", turn, application, now=now)
    elif application.state == Application.State.OPEN:
        messages.tell(
            "application.lost",
            subject="application",
            subject_id=application.id,
            key=f"application.lost:{application.id}:{serial}",
            data={"serial": serial, "zone": application.region.time_zone},
            urgency=Urgency.NEWS,
            expires_at=now + NEWS_LIVES,
            now=now,
        )


def promise_moved(
    turn_id: int, *, begins: datetime, ends: datetime, come_at: datetime | None, now: datetime
) -> None:
    """Tell that a promise moved, if it did by more than ten minutes since it was last told.

    Small steps add up: what counts is what the person was last told, at home when to come, at the
    office when they'll be called. One that wasn't sent yet dies for the newer one.
    """
    if not _subscriptions(turn_id).exists():
        return
    turn = Turn.objects.select_related("office").get(id=turn_id)
    if turn.state not in {State.BOOKED, State.WAITING}:
        return
    meant = come_at or begins
    told, number = _last_told(turn, now=now)
    if told is not None and abs(meant - told) <= MOVED_BY:
        return
    tell_of_turn(
        "turn.promise",
        turn,
        once=f"{number}:{meant.isoformat()}",
        urgency=Urgency.REMINDER,
        lives=max(ends - now, CALL_LIVES),
        now=now,
        state=turn.state,
        begins=begins.isoformat(),
        ends=ends.isoformat(),
        come_at=come_at.isoformat() if come_at else "",
        minutes=round((meant - told).total_seconds() / 60) if told else 0,
    )


def _last_told(turn: Turn, *, now: datetime) -> tuple[datetime | None, int]:
    """Return what moment the person last heard, and how many messages told of one before.

    Before any message that is their place in the window's plan, or the promise that they read on
    arrival.
    """
    earlier = Message.objects.filter(kind="turn.promise", subject="turn", subject_id=turn.id)
    number = earlier.count()
    for message in earlier.exclude(state=Message.State.STALE).order_by("-id"):
        if message.state == Message.State.WAITING:
            messages.withdraw(message.key, now=now)
        elif message.data["state"] == turn.state:
            told = message.data["come_at"] or message.data["begins"]
            return datetime.fromisoformat(told), number
    if turn.state == State.BOOKED:
        return planned.come_at(turn, now=now), number
    first = Promise.objects.filter(turn=turn, stage=Promise.Stage.HERE, is_first=True).first()
    return (first.begins if first else None), number


def will_come(turn_id: int, *, actor: str, now: datetime) -> Turn:
    """Note that the person said yes to their window: they aren't asked about it again.

    Moved since, the turn is asked about anew. "No" is ``cancel``. Twice is once. Raises
    ``NothingToConfirm`` or ``NotFound``.
    """
    with transaction.atomic():
        turn = (
            Turn.objects.select_for_update(no_key=True, of=("self",))
            .select_related("office", "service", "counter")
            .filter(id=turn_id)
            .first()
        )
        if turn is None:
            raise NotFound
        if turn.state != State.BOOKED:
            raise NothingToConfirm
        if not queries.said_yes(turn):
            record(
                "attendance.yes",
                at=now,
                actor=actor,
                office_id=turn.office_id,
                subject_id=turn.id,
                offer=turn.offer_id,
            )
    return turn


def tell_of_turn(
    kind: str,
    turn: Turn,
    application: Application | None = None,
    *,
    once: str = "",
    urgency: Urgency,
    lives: timedelta,
    now: datetime,
    **data: Any,
) -> bool:
    """Write a message about a turn; returns whether anybody hears of it.

    Those who subscribed to the application that won it are told too. ``once`` with the kind makes
    it once-only; after ``lives`` it isn't worth sending.
    """
    if application is None and turn.kind == Turn.Kind.APPOINTMENT:
        application = Application.objects.filter(turn_id=turn.id).first()
    if not _is_heard(turn, application):
        return False
    about = [("turn", turn.id)]
    if application is not None:
        about.append(("application", application.id))
        data["application"] = application.id
    made = messages.tell(
        kind,
        subject="turn",
        subject_id=turn.id,
        about=about,
        key=f"{kind}:{turn.id}:{once}".rstrip(":"),
        data=data,
        urgency=urgency,
        expires_at=now + lives,
        zone=turn.office.time_zone,
        now=now,
    )
    return made is not None


def _tell_of_window(
    kind: str,
    turn: Turn,
    application: Application | None = None,
    *,
    urgency: Urgency = Urgency.NEWS,
    now: datetime,
) -> None:
    """Tell of a window in which somebody may come; true while the turn keeps it."""
    if turn.window_from is None or turn.window_till is None:
        return
    tell_of_turn(
        kind,
        turn,
        application,
        once=turn.moved_at.isoformat() if kind == "turn.moved" else turn.window_from.isoformat(),
        urgency=urgency,
        lives=turn.window_till - now,
        now=now,
        begins=turn.window_from.isoformat(),
        office=turn.office_id,
    )


def subscribed_to(subject: str) -> Exists:
    """Return the condition that somebody is told of a row of ``subject``."""
    found = Subscription.objects.filter(subject=subject, subject_id=OuterRef("pk"))
    return Exists(found)


def _is_heard(turn: Turn, application: Application | None = None) -> bool:
    """Return whether anybody subscribed: one look, for most turns nobody has."""
    return _subscriptions(turn.id, application).exists()


def _is_talking(turn: Turn, *, now: datetime) -> bool:
    """Return whether who is told first is writing with us this very moment."""
    first = _subscriptions(turn.id).select_related("contact").order_by("position", "id").first()
    heard = first.contact.last_heard_at if first else None
    return heard is not None and now - heard < TALKING


def _subscriptions(turn_id: int, application: Application | None = None) -> QuerySet[Subscription]:
    by_turn = Q(subject="turn", subject_id=turn_id)
    if application is None:
        asked = Application.objects.filter(turn_id=turn_id).values("id")
        by_application = Q(subject="application", subject_id__in=asked)
    else:
        by_application = Q(subject="application", subject_id=application.id)
    return Subscription.objects.filter(by_turn | by_application)

"""Telling officers what waits for them, on the phone that they confirmed themselves."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from giliran.messages import trial
from giliran.messages.actions.telling import Urgency, tell, withdraw
from giliran.messages.models import Message, Muted, Subscription
from giliran.messages.refusals import NoAddressYet, TooManyTries
from giliran.people.models import Officer

OFFICER = "officer"
"""The subject to which an officer's own addresses subscribe."""
TRIALS_AN_HOUR: Final = 3
_HOUR: Final = timedelta(hours=1)


def notify(
    kind: str,
    *,
    officer_ids: Collection[int],
    topic: Muted.Topic,
    subject: str,
    subject_id: int,
    key: str,
    data: dict[str, Any] | None = None,
    urgency: Urgency,
    expires_at: datetime,
    zone: str = "",
    now: datetime,
) -> int:
    """Write one message for each of these officers into the caller's transaction; returns how many.

    Left out is who doesn't work here any more, can't be reached (no address confirmed, or all of
    them said STOP) or muted the topic. The same ``key`` again tells nobody twice. ``data`` holds
    ids and ISO times only, and gets ``officer``: whom it is for. Otherwise as ``tell``.
    """
    muted = Muted.objects.filter(topic=topic).values("officer_id")
    here = _reached().filter(subject_id__in=officer_ids).values("subject_id")
    wanted = Officer.objects.filter(id__in=here, is_active=True).exclude(id__in=muted)
    made = 0
    for officer_id in wanted.order_by("id").values_list("id", flat=True):
        told = tell(
            kind,
            subject=subject,
            subject_id=subject_id,
            about=[(OFFICER, officer_id)],
            key=f"{key}:{officer_id}",
            data={**(data or {}), "officer": officer_id},
            urgency=urgency,
            expires_at=expires_at,
            zone=zone,
            now=now,
        )
        made += told is not None
    return made


def _reached() -> QuerySet[Subscription]:
    return Subscription.objects.filter(
        subject=OFFICER, contact__confirmed_at__isnull=False, contact__opted_in_at__isnull=False
    )


def withdraw_notices(kind: str, *, subject: str, subject_id: int, now: datetime) -> None:
    """Let what of this kind about a subject wasn't sent yet die unsent, for everybody."""
    waiting = Message.objects.filter(
        kind=kind, subject=subject, subject_id=subject_id, state=Message.State.WAITING
    )
    for key in waiting.values_list("key", flat=True):
        withdraw(key, now=now)


def try_out(officer_id: int, *, now: datetime) -> None:
    """Let an officer send a message to themselves, by the channels of their news, in their order.

    Raises ``NoAddressYet``, and ``TooManyTries`` after three within an hour.
    """
    with transaction.atomic():
        Officer.objects.select_for_update().get(id=officer_id)
        if not _reached().filter(subject_id=officer_id).exists():
            raise NoAddressYet
        tried = Message.objects.filter(kind=trial.KIND, subject=OFFICER, subject_id=officer_id)
        if tried.filter(made_at__gt=now - _HOUR).count() >= TRIALS_AN_HOUR:
            raise TooManyTries
        tell(
            trial.KIND,
            subject=OFFICER,
            subject_id=officer_id,
            key=f"{trial.KIND}:{officer_id}:{tried.count()}",
            urgency=Urgency.NOW,
            expires_at=now + _HOUR,
            now=now,
        )


def mute(officer_id: int, topics: Collection[str]) -> None:
    """Keep an officer's phone free of exactly these topics."""
    with transaction.atomic():
        Officer.objects.select_for_update().get(id=officer_id)
        Muted.objects.filter(officer_id=officer_id).exclude(topic__in=topics).delete()
        for topic in topics:
            Muted.objects.get_or_create(officer_id=officer_id, topic=Muted.Topic(topic))

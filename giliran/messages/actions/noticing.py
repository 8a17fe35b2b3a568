"""Telling officers what waits for them, on the phone that they confirmed themselves."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from giliran.messages.actions.telling import Urgency, tell, withdraw
from giliran.messages.models import Message, Muted
from giliran.people.models import Officer

OFFICER = "officer"
"""The subject to which an officer's own addresses subscribe."""


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

    Left out is who doesn't work here any more, has confirmed no address or muted the topic. The
    same ``key`` again tells nobody twice. ``data`` holds ids and ISO times only, and gets
    ``officer``: whom it is for. Otherwise as ``tell``.
    """
    muted = Muted.objects.filter(topic=topic).values("officer_id")
    wanted = Officer.objects.filter(id__in=officer_ids, is_active=True).exclude(id__in=muted)
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


def withdraw_notices(kind: str, *, subject: str, subject_id: int, now: datetime) -> None:
    """Let what of this kind about a subject wasn't sent yet die unsent, for everybody."""
    waiting = Message.objects.filter(
        kind=kind, subject=subject, subject_id=subject_id, state=Message.State.WAITING
    )
    for key in waiting.values_list("key", flat=True):
        withdraw(key, now=now)


def mute(officer_id: int, topics: Collection[str]) -> None:
    """Keep an officer's phone free of exactly these topics."""
    with transaction.atomic():
        Officer.objects.select_for_update().get(id=officer_id)
        Muted.objects.filter(officer_id=officer_id).exclude(topic__in=topics).delete()
        for topic in topics:
            Muted.objects.get_or_create(officer_id=officer_id, topic=Muted.Topic(topic))

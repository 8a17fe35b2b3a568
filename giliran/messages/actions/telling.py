"""Writing down what is to be told, in the transaction of the change behind it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from django.db import connection, transaction

from giliran.encryption import seal
from giliran.messages.bell import ring
from giliran.messages.models import Message
from giliran.messages.quiet import after_quiet_hours
from giliran.messages.wording import Wording

ANSWER_LIVES = timedelta(hours=1)  # later an answer is about something long forgotten


class Urgency(IntEnum):
    """What goes first, also when much waits."""

    NOW = 0
    """Called now, and answers to somebody who just wrote: knows no quiet hours."""
    REMINDER = 1
    NEWS = 2


def tell(
    kind: str,
    *,
    subject: str,
    subject_id: int,
    about: Sequence[tuple[str, int]] = (),
    key: str,
    data: dict[str, Any] | None = None,
    urgency: Urgency,
    not_before: datetime | None = None,
    expires_at: datetime,
    zone: str = "",
    now: datetime,
) -> int | None:
    """Write a message into the caller's transaction; returns its id, None if nobody subscribed.

    ``about`` holds the (subject, id) pairs whose subscribers are told, by default the subject
    itself. The same ``key`` again changes nothing and returns the first one's id. ``data`` holds
    ids and ISO times only. Quiet hours are those of ``zone`` (an IANA name; also read from
    ``data["zone"]``; else Asia/Jakarta). What it says is worded when it is sent.
    """
    data = data or {}
    zone = zone or str(data.get("zone") or "Asia/Jakarta")
    pairs = [[name, number] for name, number in about] or [[subject, subject_id]]
    due_at = max(now, not_before) if not_before else now
    if urgency is not Urgency.NOW:
        due_at = after_quiet_hours(due_at, zone)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO giliran_messages_message
                (key, kind, subject, subject_id, about, data, body_sealed, urgency, zone,
                 not_before, due_at, expires_at, state, made_at)
            SELECT %(key)s, %(kind)s, %(subject)s, %(subject_id)s, %(about)s, %(data)s, '',
                   %(urgency)s, %(zone)s, %(not_before)s, %(due_at)s, %(expires_at)s, 'waiting',
                   %(now)s
            WHERE EXISTS (
                SELECT 1 FROM giliran_messages_subscription s
                JOIN jsonb_array_elements(%(about)s::jsonb) pair
                  ON s.subject = pair->>0 AND s.subject_id = (pair->>1)::bigint
            )
            ON CONFLICT (key) DO NOTHING
            RETURNING id
            """,
            {
                "key": key,
                "kind": kind,
                "subject": subject,
                "subject_id": subject_id,
                "about": json.dumps(pairs),
                "data": json.dumps(data),
                "urgency": int(urgency),
                "zone": zone,
                "not_before": not_before,
                "due_at": due_at,
                "expires_at": expires_at,
                "now": now,
            },
        )
        made = cursor.fetchone()
        if made is None:
            return Message.objects.filter(key=key).values_list("id", flat=True).first()
        if due_at <= now:
            ring("messages.send")
        return int(made[0])


def withdraw(key: str, *, now: datetime) -> None:
    """Let a message that is no longer true die unsent. What is on its way or gone stays as it is.

    Waits for a worker who is just about to send it.
    """
    Message.objects.filter(key=key, state=Message.State.WAITING).update(
        state=Message.State.STALE, ended_at=now
    )


def reply(
    contact_id: int,
    *,
    text: str,
    choices: Sequence[tuple[str, str]] = (),
    key: str,
    now: datetime,
) -> int:
    """Answer in a conversation, at once and to this contact only; returns the message's id.

    Answers to one contact go out in the order of their making. The text is kept sealed, and erased
    once it is sent. The same ``key`` again changes nothing.
    """
    wording = Wording(text, text, choices=tuple(choices))
    expires_at = now + ANSWER_LIVES
    return write_answer(contact_id, wording, kind="reply", key=key, expires_at=expires_at, now=now)


def write_answer(
    contact_id: int, wording: Wording, *, kind: str, key: str, expires_at: datetime, now: datetime
) -> int:
    """Write what one contact alone is told at once, its words sealed; returns the message's id."""
    body = json.dumps({**wording._asdict(), "calendar": ""})
    with transaction.atomic():
        message, is_new = Message.objects.get_or_create(
            key=key,
            defaults={
                "kind": kind,
                "subject": "contact",
                "subject_id": contact_id,
                "body_sealed": seal(body),
                "contact_id": contact_id,
                "urgency": Urgency.NOW,
                "due_at": now,
                "expires_at": expires_at,
                "made_at": now,
            },
        )
        if is_new:
            ring("messages.send")
    return message.id

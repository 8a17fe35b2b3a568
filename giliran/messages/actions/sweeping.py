"""Each minute: what dead workers left behind, what has expired, and what became due."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from giliran.messages.actions.telling import Urgency
from giliran.messages.models import Inbound, Message
from giliran.outbox import post

DEAD_AFTER = timedelta(minutes=2)
"""No provider is waited for so long: whoever still sends has died."""
REPORT_WITHIN = timedelta(minutes=10)
REPORT_OF_NOW_WITHIN = timedelta(minutes=1)
"""How long a report may resolve what nobody knows before the next channel is tried."""
LANES = 4
"""Jobs posted at once to work off what is due; each goes on until nothing is left."""
A_LANE_FOR_EACH = 25


def sweep(*, now: datetime) -> None:
    """Put right what hangs, and post what is due.

    Attempts whose worker died become unknown, and are never sent again on that channel. When no
    report tells after a while, the next channel is tried; without one they are told as unsent.
    Idempotent; runs each minute.
    """
    _let_unknown(now)
    _let_wait_again(now)
    _end_expired(now)
    post_due(now=now)


def _let_unknown(now: datetime) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # Messages first, as everywhere, and only those that nobody holds.
        cursor.execute(
            """
            WITH hanging AS (
                SELECT m.id FROM giliran_messages_message m
                WHERE m.state = 'sending' AND EXISTS (
                    SELECT 1 FROM giliran_messages_attempt a
                    WHERE a.message_id = m.id AND a.state = 'sending' AND a.started_at <= %(dead)s)
                FOR NO KEY UPDATE SKIP LOCKED
            ), attempts AS (
                UPDATE giliran_messages_attempt a
                SET state = 'unknown', ended_at = %(now)s, error = 'worker died'
                FROM hanging h WHERE a.message_id = h.id AND a.state = 'sending'
                RETURNING a.message_id
            )
            UPDATE giliran_messages_message m SET state = 'unknown'
            FROM attempts WHERE m.id = attempts.message_id
            """,
            {"dead": now - DEAD_AFTER, "now": now},
        )


def _let_wait_again(now: datetime) -> None:
    """Hand what no report has resolved to the next channel, or to its end (``claim`` decides)."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE giliran_messages_message SET state = 'waiting', due_at = %(now)s
            WHERE id IN (
                SELECT m.id FROM giliran_messages_message m
                WHERE m.state = 'unknown' AND NOT EXISTS (
                    SELECT 1 FROM giliran_messages_attempt a
                    WHERE a.message_id = m.id AND a.state = 'unknown'
                      AND a.ended_at > CASE m.urgency WHEN %(urgent)s THEN %(soon)s::timestamptz
                                       ELSE %(later)s END)
                FOR NO KEY UPDATE SKIP LOCKED)
            """,
            {
                "now": now,
                "urgent": int(Urgency.NOW),
                "soon": now - REPORT_OF_NOW_WITHIN,
                "later": now - REPORT_WITHIN,
            },
        )


def _end_expired(now: datetime) -> None:
    """End what waited too long, the truth about its attempts included."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE giliran_messages_message m
            SET ended_at = %(now)s, body_sealed = '', state = CASE
                WHEN EXISTS (SELECT 1 FROM giliran_messages_attempt a
                             WHERE a.message_id = m.id AND a.state = 'unknown') THEN 'unsent'
                WHEN EXISTS (SELECT 1 FROM giliran_messages_attempt a
                             WHERE a.message_id = m.id AND a.state = 'failed') THEN 'failed'
                ELSE 'stale' END
            WHERE m.id IN (
                SELECT id FROM giliran_messages_message
                WHERE state = 'waiting' AND expires_at <= %(now)s
                FOR NO KEY UPDATE SKIP LOCKED)
            """,
            {"now": now},
        )


def post_due(*, now: datetime) -> None:
    """Post jobs for what is due, the more the longer the queue, to outbox and inbox alike."""
    due = Message.objects.filter(state=Message.State.WAITING, due_at__lte=now)
    _post("messages.send", len(due.values_list("id")[: LANES * A_LANE_FOR_EACH]))
    unheard = Inbound.objects.filter(handled_at__isnull=True, due_at__lte=now)
    _post("messages.handle", len(unheard.values_list("id")[: LANES * A_LANE_FOR_EACH]))


def _post(name: str, waiting: int) -> None:
    for lane in range(min(LANES, -(-waiting // A_LANE_FOR_EACH))):
        post(name, key=f"{name}/lane {lane}")

"""The worker's step: take a message, hand it to the provider, write down what came of it.

The order is: written down as being sent, committed, sent, written down as sent. If the worker dies
in between, nobody can know whether it went out, so it is never sent again on that channel.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import connection, transaction

from giliran.messages.actions.claiming import Claimed, Word, claim, put_back
from giliran.messages.actions.consenting import opt_out
from giliran.messages.actions.telling import Urgency
from giliran.messages.models import Attempt, Message
from giliran.messages.ports import Policy, Refused, Sent

log = logging.getLogger(__name__)

_FIRST_PAUSE = {  # doubled with each try
    Urgency.NOW: timedelta(seconds=5),
    Urgency.REMINDER: timedelta(seconds=30),
    Urgency.NEWS: timedelta(minutes=1),
}
_TRIES = {Urgency.NOW: 3, Urgency.REMINDER: 6, Urgency.NEWS: 8}


def send(message_id: int, *, word: Word, now: datetime) -> None:
    """Send one message if it is due, still true and in nobody else's hand; else do nothing.

    ``word`` says what it says now, and None when it is no longer true: then it dies. Commits
    before it sends, so never call it inside a transaction.
    """
    _send(claim(message_id, word=word, now=now), now)


def send_next(*, word: Word, now: datetime) -> bool:
    """Send the most urgent message that is due; returns False when there is none.

    Any number of workers may do so at once: each message is in one hand only.
    """
    return _send(claim(None, word=word, now=now), now)


def _send(claimed: Claimed | bool, now: datetime) -> bool:
    if not isinstance(claimed, Claimed):
        return claimed
    try:
        sent = claimed.port.send(claimed.outgoing)
    except Refused as refused:
        _note_refusal(claimed, refused, now)
    except Exception as error:  # noqa: BLE001 -- whatever it is, the message may be out
        # Its kind only: what a provider's library says may hold an address.
        log.error("Attempt %s: %s", claimed.attempt_id, type(error).__name__)  # noqa: TRY400
        kind = type(error).__name__
        _note_refusal(claimed, Refused(kind, "no answer", Policy.UNKNOWN), now)
    else:
        _note_sent(claimed, sent, now)
    return True


def _note_sent(claimed: Claimed, sent: Sent, now: datetime) -> None:
    """Write down that the provider took it; a report may have come first, and stays."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH attempt AS (
                UPDATE giliran_messages_attempt
                SET state = CASE WHEN state IN ('sending', 'unknown') THEN 'sent' ELSE state END,
                    provider_id = %(provider_id)s, cost = COALESCE(%(cost)s, cost), error = '',
                    ended_at = COALESCE(ended_at, %(now)s)
                WHERE id = %(attempt_id)s
            )
            UPDATE giliran_messages_message
            SET state = 'sent', ended_at = %(now)s, body_sealed = ''
            WHERE id = %(message_id)s
              AND state IN ('waiting', 'sending', 'unknown', 'unsent', 'failed')
              AND EXISTS (SELECT 1 FROM giliran_messages_attempt
                          WHERE id = %(attempt_id)s AND state <> 'failed')
            """,
            {
                "provider_id": sent.provider_id,
                "cost": sent.cost,
                "now": now,
                "attempt_id": claimed.attempt_id,
                "message_id": claimed.message_id,
            },
        )


def _note_refusal(claimed: Claimed, refused: Refused, now: datetime) -> None:
    """Write down why it didn't go out, and when it is tried again, or that nobody knows."""
    again_at = _again_at(claimed, refused, now)
    if again_at is not None:
        state = Attempt.State.WAITING
    elif refused.policy is Policy.UNKNOWN:
        state = Attempt.State.UNKNOWN
    else:
        state = Attempt.State.FAILED
    with transaction.atomic():
        # Someone may have given up on us, or a report came first: then the message isn't ours.
        is_ours = Attempt.objects.filter(id=claimed.attempt_id, state=Attempt.State.SENDING).update(
            state=state,
            error=f"{refused.code}: {refused.sentence}"[:200],
            tries=claimed.tries - (refused.policy is Policy.WAIT),
            ended_at=now,
        )
        if is_ours and state == Attempt.State.UNKNOWN:
            Message.objects.filter(id=claimed.message_id).update(state=Message.State.UNKNOWN)
        elif is_ours:
            put_back(claimed.message_id, again_at or now)
        elif state == Attempt.State.FAILED:
            Attempt.objects.filter(id=claimed.attempt_id, state=Attempt.State.UNKNOWN).update(
                state=state
            )
        if refused.policy is Policy.STOP:
            opt_out(claimed.contact_id, actor="provider", now=now)


def _again_at(claimed: Claimed, refused: Refused, now: datetime) -> datetime | None:
    """Return when to try the same channel again; None for never."""
    if refused.policy is Policy.WAIT:
        again_at = now + timedelta(seconds=max(1, refused.seconds))
    elif refused.policy is Policy.RETRY and claimed.tries < _TRIES[claimed.urgency]:
        again_at = now + _FIRST_PAUSE[claimed.urgency] * 2 ** (claimed.tries - 1)
    else:
        return None
    return again_at if again_at < claimed.expires_at else None

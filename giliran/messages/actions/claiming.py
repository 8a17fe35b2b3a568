"""Taking one message to send: in one hand only, only while it is true, only where it's wanted."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction

from giliran.encryption import unseal
from giliran.messages.actions.telling import Urgency
from giliran.messages.models import Attempt, Channel, Message
from giliran.messages.ports import Outgoing, Port, port
from giliran.messages.quiet import after_quiet_hours
from giliran.messages.wording import Wording

log = logging.getLogger(__name__)

Word = Callable[[int, str], Wording | None]
"""(message id, language) -> what it says now, or None when it is no longer true."""

WINDOW = timedelta(hours=24)  # WhatsApp's customer service window
UNREADY_AGAIN_AFTER = timedelta(minutes=5)

_CLAIM = """
UPDATE giliran_messages_message SET state = 'sending' WHERE id = {which}
RETURNING id, kind, about, body_sealed, contact_id, urgency, zone, expires_at
"""
# An answer waits for the earlier ones to the same contact.
_ONE_OF = """(
    SELECT m.id FROM giliran_messages_message m
    WHERE m.state = 'waiting' AND m.urgency = {urgency} AND m.due_at <= %(now)s
      AND (m.contact_id IS NULL OR NOT EXISTS (
          SELECT 1 FROM giliran_messages_message earlier
          WHERE earlier.contact_id = m.contact_id AND earlier.id < m.id
            AND earlier.state IN ('waiting', 'sending')))
    ORDER BY m.due_at, m.id LIMIT 1 FOR UPDATE OF m SKIP LOCKED)"""
# COALESCE looks for a reminder only where nothing urgent is left, and for news last.
_NEXT = _CLAIM.format(
    which="COALESCE(" + ", ".join(_ONE_OF.format(urgency=int(u)) for u in Urgency) + ")"
)
_THIS = _CLAIM.format(
    which="""(
    SELECT m.id FROM giliran_messages_message m
    WHERE m.id = %(id)s AND m.state = 'waiting' AND m.due_at <= %(now)s
    FOR UPDATE SKIP LOCKED)"""
)
# Who left meanwhile hears no more of an office, also not what was written before.
_CANDIDATES = """
SELECT c.id, c.channel, c.address_sealed, c.language, c.last_heard_at, a.id, a.state,
       c.confirmed_at IS NOT NULL AND c.opted_in_at IS NOT NULL
FROM giliran_messages_subscription s
JOIN jsonb_array_elements(%(about)s::jsonb) pair
  ON s.subject = pair->>0 AND s.subject_id = (pair->>1)::bigint
JOIN giliran_messages_contact c ON c.id = s.contact_id
LEFT JOIN giliran_messages_attempt a ON a.contact_id = c.id AND a.message_id = %(id)s
WHERE s.subject <> 'officer'
   OR EXISTS (SELECT FROM people_officer o WHERE o.id = s.subject_id AND o.is_active)
ORDER BY s.position, s.id
"""
# Whoever wrote after saying no is answered; the code of start_confirming was asked for.
_FIXED = """
SELECT c.id, c.channel, c.address_sealed, c.language, c.last_heard_at, a.id, a.state,
       c.opted_out_at IS NULL OR c.last_heard_at >= c.opted_out_at OR %(kind)s = 'code'
FROM giliran_messages_contact c
LEFT JOIN giliran_messages_attempt a ON a.contact_id = c.id AND a.message_id = %(id)s
WHERE c.id = %(contact_id)s
"""


class Claimed(NamedTuple):
    """One message in our hand: written down as being sent, not sent yet."""

    message_id: int
    attempt_id: int
    contact_id: int
    tries: int
    urgency: Urgency
    expires_at: datetime
    port: Port
    outgoing: Outgoing


class _Row(NamedTuple):
    id: int
    kind: str
    about: str
    body_sealed: bytes
    contact_id: int | None
    urgency: int
    zone: str
    expires_at: datetime


class _Candidate(NamedTuple):
    contact_id: int
    channel: str
    address_sealed: bytes
    language: str
    last_heard_at: datetime | None
    attempt_id: int | None
    attempt_state: str | None
    is_allowed: bool


class _Unready(Exception):
    """What it says, or to whom, can't be found out: a fault of ours."""

    def __init__(self, message_id: int) -> None:
        self.message_id = message_id
        super().__init__(str(message_id))


def claim(message_id: int | None, *, word: Word, now: datetime) -> Claimed | bool:
    """Take this message, or the most urgent one that is due; commits before anything is sent.

    Returns what to send; True where a message was looked at and isn't to be sent now (no longer
    true, nobody left to tell, quiet hours); False where there is none.
    """
    try:
        with transaction.atomic():
            row = _lock(message_id, now)
            if row is None:
                return False
            try:
                return _prepare(row, word, now) or True
            except Exception as error:
                raise _Unready(row.id) from error
    except _Unready as unready:
        # Later again, so that one broken message doesn't hold up those behind it.
        log.exception("Message %s can't be made ready.", unready.message_id)
        Message.objects.filter(id=unready.message_id, state=Message.State.WAITING).update(
            due_at=now + UNREADY_AGAIN_AFTER
        )
        return True


def _lock(message_id: int | None, now: datetime) -> _Row | None:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT if message_id is None else _THIS, {"now": now, "id": message_id})
        found = cursor.fetchone()
    return None if found is None else _Row(*found)


def _prepare(row: _Row, word: Word, now: datetime) -> Claimed | None:
    candidates = _candidates(row)
    due_at = now if row.urgency == Urgency.NOW else after_quiet_hours(now, row.zone)
    if row.expires_at <= due_at:
        end_untold(row.id, Message.State.STALE, now=now)
        return None
    if due_at > now:
        put_back(row.id, due_at)
        return None
    chosen, sender = _choose(candidates)
    if chosen is None or sender is None:
        is_wanted = any(each.is_allowed for each in candidates)
        end_untold(row.id, Message.State.FAILED if is_wanted else Message.State.STALE, now=now)
        return None
    wording = _worded(row, chosen.language, word)
    if wording is None:
        end_untold(row.id, Message.State.STALE, now=now)
        return None
    attempt_id, tries = _write_attempt(row.id, chosen, now)
    outgoing = Outgoing(
        address=unseal(chosen.address_sealed),
        wording=wording,
        language=chosen.language,
        in_window=chosen.last_heard_at is not None and now - chosen.last_heard_at < WINDOW,
        reference=str(attempt_id),
    )
    return Claimed(
        row.id,
        attempt_id,
        chosen.contact_id,
        tries,
        Urgency(row.urgency),
        row.expires_at,
        sender,
        outgoing,
    )


def _candidates(row: _Row) -> list[_Candidate]:
    about = row.about if isinstance(row.about, str) else json.dumps(row.about)
    values: dict[str, Any] = {
        "id": row.id,
        "about": about,
        "kind": row.kind,
        "contact_id": row.contact_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES if row.contact_id is None else _FIXED, values)
        return [_Candidate(*found) for found in cursor.fetchall()]


def _choose(candidates: Sequence[_Candidate]) -> tuple[_Candidate | None, Port | None]:
    """Return the first contact that is allowed, not tried yet, and has a provider."""
    uncertain = {each.channel for each in candidates if each.attempt_state == Attempt.State.UNKNOWN}
    for each in candidates:
        is_untried = each.attempt_state in {None, Attempt.State.WAITING}
        if not each.is_allowed or not is_untried or each.channel in uncertain:
            continue
        sender = port(Channel(each.channel).value)
        if sender is not None and each.address_sealed:
            return each, sender
    return None, None


def _worded(row: _Row, language: str, word: Word) -> Wording | None:
    if row.contact_id is None:
        return word(row.id, language)
    said = json.loads(unseal(row.body_sealed))
    choices = tuple((name, label) for name, label in said.pop("choices"))
    parameters = tuple(said.pop("parameters"))
    return Wording(**{**said, "calendar": b""}, choices=choices, parameters=parameters)


def _write_attempt(message_id: int, chosen: _Candidate, now: datetime) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO giliran_messages_attempt
                (message_id, contact_id, channel, state, provider_id, error, tries, started_at)
            VALUES (%s, %s, %s, 'sending', '', '', 1, %s)
            ON CONFLICT (message_id, contact_id) DO UPDATE
                SET state = 'sending', tries = giliran_messages_attempt.tries + 1,
                    started_at = excluded.started_at, ended_at = NULL
            RETURNING id, tries
            """,
            [message_id, chosen.contact_id, chosen.channel, now],
        )
        attempt_id, tries = cursor.fetchone()
    return int(attempt_id), int(tries)


def put_back(message_id: int, due_at: datetime) -> None:
    """Let a message in our hand wait until a moment."""
    Message.objects.filter(id=message_id).update(state=Message.State.WAITING, due_at=due_at)


def end_untold(message_id: int, state: Message.State, *, now: datetime) -> None:
    """End a message in our hand that goes out no more.

    Where an attempt's outcome stayed unknown it is told as unsent, where one failed as failed.
    """
    tried = set(Attempt.objects.filter(message_id=message_id).values_list("state", flat=True))
    if Attempt.State.UNKNOWN in tried:
        state = Message.State.UNSENT
    elif Attempt.State.FAILED in tried:
        state = Message.State.FAILED
    Message.objects.filter(id=message_id).update(state=state, ended_at=now, body_sealed=b"")

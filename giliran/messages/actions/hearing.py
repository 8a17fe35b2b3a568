"""The durable inbox: what providers hand over is kept first and worked off afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from django.db import connection, transaction
from django.db.models import F

from giliran.encryption import blind_index, seal, unseal
from giliran.messages.bell import ring
from giliran.messages.models import Inbound

GIVEN_UP_AFTER = 5
AGAIN_AFTER = timedelta(minutes=1)


class Event(NamedTuple):
    """Something a provider told us: somebody wrote, or a message was read."""

    external_id: str
    """The provider's own id; a second delivery of the same id changes nothing."""
    kind: str
    body: str
    """JSON, as the channel's reader understands it."""
    speaker: str = ""
    """Whoever wrote: events of one speaker are handled one after the other."""


def receive(channel: str, events: Iterable[tuple[str, str, str] | Event], *, now: datetime) -> int:
    """Keep a delivery's events, sealed; returns how many were new.

    One statement for the whole delivery, and a job "messages.handle" in the same transaction. Ids
    follow the delivery's order, in which events are handled; rows are written in that of their
    names, so that two deliveries of the same events don't wait for each other in a circle.
    Answer the provider 200 only after this has returned outside of any transaction.
    """
    kept = {event.external_id: event for event in (Event(*each) for each in events)}
    if not kept:
        return 0
    rows = [
        (
            event.external_id,
            event.kind,
            blind_index(f"{channel} {event.speaker}") if event.speaker else b"",
            seal(event.body),
        )
        for event in kept.values()
    ]
    ids, kinds, speakers, bodies = (list(column) for column in zip(*rows, strict=True))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            WITH numbered AS MATERIALIZED (
                SELECT nextval(pg_get_serial_sequence('giliran_messages_inbound', 'id')) AS id, e.*
                FROM (
                    SELECT * FROM unnest(%s::text[], %s::text[], %s::bytea[], %s::bytea[])
                        WITH ORDINALITY AS u (external_id, kind, speaker_index, body_sealed, place)
                    ORDER BY place
                ) e
            )
            INSERT INTO giliran_messages_inbound
                (id, channel, external_id, kind, speaker_index, body_sealed, received_at, due_at,
                 tries, error)
            SELECT id, %s, external_id, kind, speaker_index, body_sealed, %s, %s, 0, ''
            FROM numbered ORDER BY external_id
            ON CONFLICT (channel, external_id) DO NOTHING
            """,
            [ids, kinds, speakers, bodies, channel, now, now],
        )
        new = int(cursor.rowcount)
        if new:
            ring("messages.handle")
    return new


def take(inbound_id: int, *, now: datetime) -> Event | None:
    """Lock one event for the caller's transaction; None if handled, or in other hands.

    Handle it, say ``handled`` and commit: then it was handled exactly once.
    """
    found = Inbound.objects.select_for_update(skip_locked=True).filter(
        id=inbound_id, handled_at__isnull=True
    )
    event = found.first()
    if event is None:
        return None
    return Event(event.external_id, event.kind, unseal(event.body_sealed))


class Taken(NamedTuple):
    """An event in the caller's hands until the end of the transaction."""

    inbound_id: int
    channel: str
    event: Event


class Unreadable(Exception):
    """What an event says can't be unsealed: another secret, or a damaged row."""

    def __init__(self, inbound_id: int) -> None:
        self.inbound_id = inbound_id
        super().__init__(f"Event {inbound_id} can't be unsealed.")


def take_next(*, now: datetime) -> Taken | None:
    """Lock the oldest event that is due for the caller's transaction; None if there is none.

    An event waits for all earlier ones of the same speaker. Raises ``Unreadable``.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT i.id, i.channel, i.external_id, i.kind, i.body_sealed
            FROM giliran_messages_inbound i
            WHERE i.handled_at IS NULL AND i.due_at <= %s AND NOT EXISTS (
                SELECT 1 FROM giliran_messages_inbound earlier
                WHERE i.speaker_index <> '' AND earlier.speaker_index = i.speaker_index
                  AND earlier.handled_at IS NULL AND earlier.id < i.id
            )
            ORDER BY i.id
            LIMIT 1
            FOR UPDATE OF i SKIP LOCKED
            """,
            [now],
        )
        found = cursor.fetchone()
    if found is None:
        return None
    inbound_id, channel, external_id, kind, sealed = found
    try:
        body = unseal(sealed)
    except InvalidTag:
        raise Unreadable(inbound_id) from None
    return Taken(inbound_id, channel, Event(external_id, kind, body))


def handled(inbound_id: int, *, now: datetime) -> None:
    """Note that an event was worked off, and erase what it said."""
    Inbound.objects.filter(id=inbound_id).update(handled_at=now, body_sealed=b"")


def give_up(inbound_id: int, *, error: str, now: datetime) -> None:
    """Note that handling failed, in a transaction of its own; tried again, five times in all.

    After that it counts as handled, with the ``error`` beside it and what it said kept.
    """
    tried = Inbound.objects.filter(id=inbound_id, handled_at__isnull=True)
    tried.update(tries=F("tries") + 1, error=error[:200], due_at=now + AGAIN_AFTER)
    tried.filter(tries__gte=GIVEN_UP_AFTER).update(handled_at=now)

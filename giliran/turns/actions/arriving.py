"""At the door: checking in, taking a number, going home again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from giliran.capacity import actions as capacity
from giliran.capacity import queries as capacity_now
from giliran.capacity.models import Offer
from giliran.core.turn import Move, State
from giliran.encryption import new_code, seal
from giliran.journal.actions import record
from giliran.journal.queries import moments
from giliran.offices import queries as offices
from giliran.people import actions as people
from giliran.turns.actions.asking import Asker, asked_before
from giliran.turns.actions.moving import move
from giliran.turns.actions.promising import keep_soon
from giliran.turns.models import Turn
from giliran.turns.refusals import (
    NotAtThisOffice,
    NotToday,
    NoWalkInPlaceLeft,
    OfficeShut,
    ServiceNotHere,
)

REPEATED_WITHIN = timedelta(days=1)
_TURNED_AWAY = 7_474_002  # first half of the advisory lock's key; the second is the request's


def next_number(office_id: int, day: date, letter: str) -> str:
    """Return the next queue number of a letter on a day, such as A014.

    One statement counts on; a number whose transaction fails is given again.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO turns_lastnumber AS n (office_id, day, letter, last)
            VALUES (%s, %s, %s, 1)
            ON CONFLICT (office_id, day, letter) DO UPDATE SET last = n.last + 1
            RETURNING last
            """,
            [office_id, day, letter],
        )
        (last,) = cursor.fetchone()
    return f"{letter}{last:03d}"


def take_number(
    *,
    office_id: int,
    service_id: int,
    request_key: UUID,
    is_priority: bool,
    needs: Sequence[str] = (),
    who: Asker | None = None,
    channel: str,
    actor: str,
    now: datetime,
) -> Turn:
    """Give somebody at the door a number for today.

    At the kiosk nobody is asked for a name: ``who`` may be None and the counter asks. The same
    ``request_key`` again returns the same number. Raises ``OfficeShut``, ``NoWalkInPlaceLeft``,
    ``ServiceNotHere`` or ``AlreadyHasTurn``; then nothing has changed.
    """
    earlier = Turn.objects.filter(request_key=request_key).first()
    if earlier is not None:
        return earlier
    office = offices.office_by_id(office_id)
    day = offices.local_day(office, now)
    offer = capacity_now.walk_in_offer(office_id, day=day)
    if offer is None or not offer.starts_at <= now < offer.ends_at:
        raise OfficeShut
    served = {service.id: service for service in offices.services(office_id=office_id)}
    if service_id not in served:
        raise ServiceNotHere
    letter = served[service_id].letter
    try:
        with transaction.atomic():
            citizen_id = people.know(who.nik, now=now) if who else None
            if capacity.take_place(offer.id, kind=Offer.Kind.WALK_IN, now=now) is None:
                raise NoWalkInPlaceLeft
            turn = Turn(
                code=new_code(),
                request_key=request_key,
                office_id=office_id,
                service_id=service_id,
                offer_id=offer.id,
                citizen_id=citizen_id,
                name_sealed=seal(who.name) if who else b"",
                phone_sealed=seal(who.phone) if who else b"",
                kind=Turn.Kind.WALK_IN,
                channel=channel,
                day=day,
                number=next_number(office_id, day, letter),
                is_priority=is_priority,
                needs=list(needs),
                state=State.WAITING,
                asked_at=now,
                arrived_at=now,
                move=Move.TAKE_NUMBER,
                moved_at=now,
                moved_by=actor,
            )
            turn.save(force_insert=True)
            keep_soon(office_id)
            return turn
    except IntegrityError as error:
        return asked_before(error, request_key)


def check_in(turn_id: int, *, office_id: int | None = None, actor: str, now: datetime) -> Turn:
    """Note that somebody with a booked turn is here, and give them their number.

    Checking in twice returns the same number. ``office_id`` is where the kiosk stands. Raises
    ``NotToday``, ``NotAtThisOffice``, ``OfficeShut``, ``MoveNotAllowed`` or ``NotFound``.
    """
    with transaction.atomic():
        turn = (
            Turn.objects.select_for_update(no_key=True, of=("self",))
            .select_related("office", "service", "counter")
            .filter(id=turn_id)
            .first()
        )
        if turn is not None and turn.state == State.BOOKED:
            if office_id is not None and turn.office_id != office_id:
                raise NotAtThisOffice(office=turn.office.name)
            if turn.day != offices.local_day(turn.office, now):
                raise NotToday(day=turn.day)
            door = capacity_now.walk_in_offer(turn.office_id, day=turn.day)
            if door is not None and not door.starts_at <= now < door.ends_at:
                raise OfficeShut
            number = next_number(turn.office_id, turn.day, turn.service.letter)
            arrived = move(
                turn_id, Move.CHECK_IN, now=now, actor=actor, number=number, arrived_at=now
            )
            keep_soon(turn.office_id)
            return arrived
        if turn is not None and turn.state in {State.WAITING, State.CALLED}:
            return turn
    return move(turn_id, Move.CHECK_IN, now=now, actor=actor)


def leave(turn_id: int, *, actor: str, now: datetime) -> Turn:
    """Note that somebody went home unserved. Raises ``MoveNotAllowed`` or ``NotFound``."""
    with transaction.atomic():
        gone = move(turn_id, Move.LEAVE, now=now, actor=actor, ended_at=now)
        keep_soon(gone.office_id)
        return gone


def turn_away(
    *,
    office_id: int,
    service_id: int | None,
    why: str,
    request_key: UUID | None = None,
    actor: str,
    now: datetime,
) -> None:
    """Count a person who was sent home at the door; a figure that managers and regions see.

    The same ``request_key`` again within a day counts nobody: the answer got lost, not a person.
    """
    with transaction.atomic():
        data: dict[str, Any] = {"service_id": service_id, "why": why}
        if request_key is not None:
            _come_one_by_one(request_key)
            data["request"] = str(request_key)
            if moments("door.turned_away", after=now - REPEATED_WITHIN, request=str(request_key)):
                return
        record("door.turned_away", at=now, actor=actor, office_id=office_id, **data)


def _come_one_by_one(request_key: UUID) -> None:
    """Let a request that is sent twice at once wait for its twin until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_TURNED_AWAY, str(request_key)]
        )

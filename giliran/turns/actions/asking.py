"""Asking for a turn from anywhere, moving it, giving it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from giliran.capacity import actions as capacity
from giliran.capacity.models import Offer
from giliran.claims import actions as claims
from giliran.core.identifiers import parse_nik
from giliran.core.refusal import NotFound
from giliran.core.turn import OPEN, Move, State, after
from giliran.encryption import new_code, seal
from giliran.offices.models import Counter, Office
from giliran.people import actions as people
from giliran.people.names import parse_name
from giliran.turns.actions.moving import move
from giliran.turns.actions.telling import turn_cancelled, turn_rescheduled
from giliran.turns.models import Application, Turn
from giliran.turns.refusals import AlreadyHasTurn, NoPlaceLeft, ServiceNotHere, TooLateToMove


class Asker(NamedTuple):
    """Who asks, cleaned and checked, as they stated it."""

    nik: str
    name: str
    phone: str


def asker(*, nik: str, name: str, phone: str) -> Asker:
    """Check what a person typed of themselves.

    Raises ``BadNik``, ``BadBirthInNik``, ``BadName`` or ``BadPhone``; the phone may be empty.
    """
    return Asker(parse_nik(nik), parse_name(name), people.parse_phone(phone))


def book(
    who: Asker,
    *,
    offer_id: int,
    service_id: int,
    request_key: UUID,
    is_priority: bool,
    needs: Sequence[str] = (),
    claim_id: int | None = None,
    channel: str,
    actor: str,
    now: datetime,
) -> Turn:
    """Give a person a place in a window, for a claim of theirs where ``claim_id`` is given.

    The same ``request_key`` again returns the turn that it made. Raises ``NoPlaceLeft``,
    ``AlreadyHasTurn``, ``ServiceNotHere`` or ``ClaimIsOver``; then nothing has changed.
    """
    try:
        with transaction.atomic():
            if claim_id is not None:
                claims.hold_for_visit(claim_id)
            citizen_id = people.know(who.nik, now=now)
            offer = capacity.take_place(offer_id, kind=Offer.Kind.WINDOW, now=now)
            if offer is None:
                raise _why_not(request_key, citizen_id, service_id)
            # Read whole, though only asked whether it is there: the answer names the office.
            office = Office.objects.filter(
                id=offer.office_id, counters__services=service_id
            ).first()
            if office is None:
                raise ServiceNotHere
            turn = Turn(
                code=new_code(),
                request_key=request_key,
                office=office,
                service_id=service_id,
                offer_id=offer.id,
                citizen_id=citizen_id,
                name_sealed=seal(who.name),
                phone_sealed=seal(who.phone),
                kind=Turn.Kind.APPOINTMENT,
                channel=channel,
                day=offer.day,
                window_from=offer.starts_at,
                window_till=offer.ends_at,
                is_priority=is_priority,
                needs=list(needs),
                claim_id=claim_id,
                state=State.BOOKED,
                asked_at=now,
                move=Move.BOOK,
                moved_at=now,
                moved_by=actor,
            )
            turn.save(force_insert=True)
            return turn
    except IntegrityError as error:
        return asked_before(error, request_key)
    except _AskedBefore as before:
        return before.turn


def serves(office_id: int, service_id: int) -> bool:
    """Return whether some counter of the office serves this."""
    return Counter.objects.filter(office_id=office_id, services=service_id).exists()


class _AskedBefore(Exception):
    """Not an error: the answer to a repeated request."""

    def __init__(self, turn: Turn) -> None:
        self.turn = turn


def _why_not(request_key: UUID, citizen_id: int, service_id: int) -> Exception:
    """Return why no place could be taken: asked before, has a turn already, or none is left."""
    earlier = Turn.objects.filter(request_key=request_key).first()
    if earlier is not None:
        return _AskedBefore(earlier)
    if Turn.objects.filter(citizen_id=citizen_id, service_id=service_id, state__in=OPEN).exists():
        return AlreadyHasTurn()
    return NoPlaceLeft()


def asked_before(error: IntegrityError, request_key: UUID) -> Turn:
    """Return the turn that the same request made, or raise what the broken constraint means."""
    text = str(error)
    if "request_key" in text or "one_open_turn" in text:
        # A double click breaks either constraint, whichever the database looks at first.
        earlier = Turn.objects.filter(request_key=request_key).first()
        if earlier is not None:
            return earlier
        raise AlreadyHasTurn from None
    raise error


def reschedule(turn_id: int, *, offer_id: int, actor: str, now: datetime) -> Turn:
    """Exchange a booked turn's window for another, at the same office or elsewhere.

    The new place is taken before the old one is given back, both or neither. Raises
    ``NoPlaceLeft``, ``TooLateToMove``, ``ServiceNotHere``, ``MoveNotAllowed`` or ``NotFound``.
    """
    with transaction.atomic():
        turn = Turn.objects.select_for_update(no_key=True).filter(id=turn_id).first()
        if turn is None:
            raise NotFound
        after(State(turn.state), Move.RESCHEDULE)
        if turn.offer_id == offer_id:
            return turn
        if turn.window_till is not None and turn.window_till <= now:
            raise TooLateToMove
        # Offers are locked in the order of their ids, so that two who swap don't block each other.
        new = None
        for locked_id in sorted({turn.offer_id, offer_id}):
            if locked_id == offer_id:
                new = capacity.take_place(offer_id, kind=Offer.Kind.WINDOW, now=now)
            else:
                capacity.give_back_place(locked_id)
        if new is None:
            raise NoPlaceLeft
        if not serves(new.office_id, turn.service_id):
            raise ServiceNotHere
        moved = move(
            turn_id,
            Move.RESCHEDULE,
            now=now,
            actor=actor,
            offer_id=new.id,
            office_id=new.office_id,
            day=new.day,
            window_from=new.starts_at,
            window_till=new.ends_at,
        )
        turn_rescheduled(moved, now=now)
        return moved


def cancel(turn_id: int, *, actor: str, now: datetime) -> Turn:
    """Give a turn back; its place is free at once. Raises ``MoveNotAllowed`` or ``NotFound``."""
    with transaction.atomic():
        turn = move(turn_id, Move.CANCEL, now=now, actor=actor, ended_at=now)
        if turn.arrived_at is None:
            capacity.give_back_place(turn.offer_id)
        turn_cancelled(turn, now=now)
        return turn


def erase_statements(*, before: date) -> int:
    """Erase names and phones of what ended before a day; returns of how many turns.

    With them goes what was kept to count applications of a telephone or net address. UU 27/2022
    Pasal 43: data is erased when it is no longer needed.
    """
    ended = Turn.objects.filter(day__lt=before).exclude(state__in=OPEN)
    asked = Application.objects.filter(ended_at__date__lt=before).exclude(
        state=Application.State.OPEN
    )
    asked.filter(Q(turn__isnull=True) | Q(turn__day__lt=before)).update(
        name_sealed=b"", phone_sealed=b"", phone_index=b"", address_index=b""
    )
    return ended.exclude(name_sealed=b"", phone_sealed=b"").update(
        name_sealed=b"", phone_sealed=b""
    )

"""At the counter: calling, serving, and everything that comes between."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from giliran.capacity import actions as capacity
from giliran.capacity import queries as capacity_now
from giliran.core.calling import POLICIES, claim, next_turn
from giliran.core.refusal import NotFound
from giliran.core.turn import AT_A_COUNTER, Move, MoveNotAllowed
from giliran.offices import queries as offices
from giliran.offices.models import Counter, Office
from giliran.people import actions as people
from giliran.turns import queries
from giliran.turns.actions.asking import Asker, serves
from giliran.turns.actions.moving import move
from giliran.turns.actions.promising import keep_soon
from giliran.turns.actions.telling import turn_called
from giliran.turns.models import Turn
from giliran.turns.refusals import (
    AlreadyHasTurn,
    CardNotChecked,
    CounterBusy,
    CounterNotOpen,
    NobodyAtCounter,
    ServiceNotHere,
    WrongPerson,
)


def call_next(counter_id: int, *, officer_id: int, now: datetime) -> Turn | None:
    """Call whoever is next to an officer's counter; None only if nobody waits for it.

    The office's line is locked for the choice, so two officers never get the same person and
    nobody waits unseen behind another's lock. Raises ``CounterNotOpen`` or ``CounterBusy``.
    """
    seat = capacity_now.seat_of(officer_id)
    if seat is None or seat.counter_id != counter_id:
        raise CounterNotOpen
    service_ids = frozenset(
        Counter.services.through.objects.filter(counter_id=counter_id).values_list(
            "service_id", flat=True
        )
    )
    try:
        with transaction.atomic():
            office = Office.objects.select_for_update(no_key=True).get(id=seat.office_id)
            while True:
                turn_id = next_turn(
                    queries.line(seat.office_id),
                    now=now,
                    policy=POLICIES[office.calling_policy],
                    counter_id=counter_id,
                    service_ids=service_ids,
                )
                if turn_id is None:
                    _refuse_if_busy(counter_id)
                    return None
                try:
                    called = move(
                        turn_id,
                        Move.CALL,
                        now=now,
                        actor=f"officer:{officer_id}",
                        counter_id=counter_id,
                        officer_id=officer_id,
                        called_at=now,
                        times_called=1,
                    )
                except (MoveNotAllowed, NotFound):
                    continue  # went home this very moment; leaving takes no lock on the line
                turn_called(called, now=now)
                keep_soon(seat.office_id)
                return called
    except IntegrityError as error:
        if "one_person_at_a_counter" not in str(error):
            raise
        _refuse_if_busy(counter_id)
        raise


def leave_counter(*, officer_id: int, now: datetime) -> str:
    """Let an officer get up from their open counter; returns its label.

    The line is locked, so nobody is called to a counter that is being closed. Raises
    ``CounterNotOpen``, or ``CounterBusy`` while somebody is called to it or served at it.
    """
    seat = capacity_now.seat_of(officer_id)
    if seat is None:
        raise CounterNotOpen
    with transaction.atomic():
        Office.objects.select_for_update(no_key=True).get(id=seat.office_id)
        _refuse_if_busy(seat.counter_id)
        capacity.close_counter(seat.counter_id, officer_id=officer_id, now=now)
        keep_soon(seat.office_id)
    return seat.label


def _refuse_if_busy(counter_id: int) -> None:
    busy = Turn.objects.filter(counter_id=counter_id, state__in=AT_A_COUNTER).first()
    if busy is not None:
        raise CounterBusy(number=busy.number)


def _mine(officer_id: int, counter_id: int | None = None) -> tuple[int, int]:
    """Return (turn, counter) of whoever is at the officer's counter, or raise why there is none.

    ``counter_id`` is the counter that the officer believes to sit at.
    """
    mine = Q(counter__openings__officer_id=officer_id, counter__openings__closed_at__isnull=True)
    found = Turn.objects.filter(mine, state__in=AT_A_COUNTER).values_list("id", "counter_id")
    at_my_counter = found.first()
    if at_my_counter is not None and counter_id in (None, at_my_counter[1]):
        return at_my_counter[0], int(at_my_counter[1] or 0)
    seat = capacity_now.seat_of(officer_id)
    if seat is None or counter_id not in (None, seat.counter_id):
        raise CounterNotOpen
    raise NobodyAtCounter


def _move_mine(
    step: Move, officer_id: int, counter_id: int | None, *, now: datetime, **changes: Any
) -> Turn:
    """Make a move with whoever is at the officer's counter."""
    turn_id, here = _mine(officer_id, counter_id)
    return move(
        turn_id,
        step,
        now=now,
        actor=f"officer:{officer_id}",
        only_if={"counter_id": here},
        **changes,
    )


def call_again(*, officer_id: int, counter_id: int | None = None, now: datetime) -> Turn:
    """Repeat the call on the board and in the loudspeaker.

    This and the next three raise ``CounterNotOpen``, also when the officer sits elsewhere than at
    ``counter_id``; ``NobodyAtCounter`` or ``MoveNotAllowed``.
    """
    again = {"times_called": F("times_called") + 1}
    return _move_mine(Move.CALL_AGAIN, officer_id, counter_id, now=now, **again)


def start(*, officer_id: int, counter_id: int | None = None, now: datetime) -> Turn:
    """The called person is here: the service begins.

    Raises ``CardNotChecked`` for a drawn turn whose card nobody has held against it.
    """
    turn_id, here = _mine(officer_id, counter_id)
    _check_card(turn_id)
    return move(
        turn_id,
        Move.START,
        now=now,
        actor=f"officer:{officer_id}",
        only_if={"counter_id": here},
        started_at=now,
    )


def _check_card(turn_id: int) -> None:
    """Hold the one step that makes a won place worthless to anybody but its winner."""
    drawn = Turn.objects.filter(id=turn_id, application__isnull=False).first()
    if drawn is not None and not queries.is_identified(drawn):
        raise CardNotChecked


def finish(*, officer_id: int, counter_id: int | None = None, now: datetime) -> Turn:
    """The service is done."""
    return _move_mine(Move.FINISH, officer_id, counter_id, now=now, ended_at=now)


def no_show(*, officer_id: int, counter_id: int | None = None, now: datetime) -> Turn:
    """The called person didn't come."""
    return _move_mine(Move.NO_SHOW, officer_id, counter_id, now=now, ended_at=now)


def _place_of(turn_id: int) -> datetime:
    """Return since when the person's claim has grown: the place that they keep.

    Raises ``NotFound`` for somebody who never arrived: there is no place to keep.
    """
    here = Turn.objects.select_related("office").filter(id=turn_id, arrived_at__isnull=False)
    turn = here.first()
    if turn is None:
        raise NotFound
    policy = POLICIES[turn.office.calling_policy]
    return claim(queries.as_waiting(turn), policy).since


def transfer(
    *, officer_id: int, service_id: int | None = None, counter_id: int | None = None, now: datetime
) -> Turn:
    """Send the person at the counter to another service or counter, keeping the place.

    Raises ``ServiceNotHere``, ``NobodyAtCounter`` or ``NotFound`` for another office's counter.
    """
    turn_id, here = _mine(officer_id)
    place_since = _place_of(turn_id)
    turn = Turn.objects.get(id=turn_id)
    goal = service_id or turn.service_id
    if not serves(turn.office_id, goal):
        raise ServiceNotHere
    if counter_id is not None and offices.counter(counter_id).office_id != turn.office_id:
        raise ServiceNotHere
    try:
        with transaction.atomic():
            return move(
                turn_id,
                Move.TRANSFER,
                now=now,
                actor=f"officer:{officer_id}",
                only_if={"counter_id": here},
                service_id=goal,
                counter_id=counter_id,
                officer_id=None,
                called_at=None,
                started_at=None,
                place_since=place_since,
            )
    except IntegrityError as error:
        if "one_open_turn" in str(error):
            raise AlreadyHasTurn from None
        raise


def park(*, officer_id: int, counter_id: int | None = None, now: datetime) -> Turn:
    """Let the person fetch a paper; the counter is free and the place is kept."""
    turn_id, here = _mine(officer_id, counter_id)
    return move(
        turn_id,
        Move.PARK,
        now=now,
        actor=f"officer:{officer_id}",
        only_if={"counter_id": here},
        counter_id=None,
        officer_id=None,
        place_since=_place_of(turn_id),
    )


def take_back(turn_id: int, *, officer_id: int, now: datetime) -> Turn:
    """Serve a parked person on at the officer's own free counter, without a new queue.

    Raises ``CounterNotOpen``, ``CounterBusy``, ``CardNotChecked``, ``MoveNotAllowed`` or
    ``NotFound``.
    """
    seat = capacity_now.seat_of(officer_id)
    if seat is None:
        raise CounterNotOpen
    _check_card(turn_id)
    try:
        with transaction.atomic():
            return move(
                turn_id,
                Move.TAKE_BACK,
                now=now,
                actor=f"officer:{officer_id}",
                only_if={"office_id": seat.office_id},
                counter_id=seat.counter_id,
                officer_id=officer_id,
                started_at=now,
            )
    except IntegrityError as error:
        if "one_person_at_a_counter" not in str(error):
            raise
        _refuse_if_busy(seat.counter_id)
        raise


def rejoin(turn_id: int, *, office_id: int, actor: str, now: datetime) -> Turn:
    """Put a parked person, or one who missed the call, back into the line at the kept place.

    Raises ``MoveNotAllowed``, ``AlreadyHasTurn`` or ``NotFound``; somebody who never arrived, or
    whose day is over, has nothing to come back to.
    """
    today = offices.local_day(offices.office_by_id(office_id), now)
    try:
        with transaction.atomic():
            return move(
                turn_id,
                Move.REJOIN,
                now=now,
                actor=actor,
                only_if={"office_id": office_id, "day": today},
                counter_id=None,
                officer_id=None,
                called_at=None,
                ended_at=None,
                place_since=_place_of(turn_id),
            )
    except IntegrityError as error:
        if "one_open_turn" in str(error):
            raise AlreadyHasTurn from None
        raise


def identify(turn_id: int, who: Asker, *, actor: str, office_id: int, now: datetime) -> Turn:
    """Check a person's card against the turn, or bind a walk-in's number to the card.

    Raises ``WrongPerson`` if the turn belongs to another NIK, ``AlreadyHasTurn`` if the person
    holds another open turn for this service.
    """
    try:
        with transaction.atomic():
            citizen_id = people.know(who.nik, now=now)
            bound = Turn.objects.values_list("citizen_id", flat=True).filter(
                id=turn_id, office_id=office_id
            )
            if any(other not in (None, citizen_id) for other in bound):
                raise WrongPerson
            changes = queries.statement(who) if not any(bound) else {}
            return move(
                turn_id,
                Move.IDENTIFY,
                now=now,
                actor=actor,
                only_if={"office_id": office_id},
                citizen_id=citizen_id,
                **changes,
            )
    except IntegrityError as error:
        if "one_open_turn" in str(error):
            raise AlreadyHasTurn from None
        raise

"""Calling one certain person out of the order, which is never done without saying why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from django.db import IntegrityError, connection, transaction

from giliran.capacity import queries as capacity
from giliran.core.refusal import Refusal, gettext_noop
from giliran.core.turn import Move
from giliran.journal.actions import record
from giliran.offices import queries as offices
from giliran.offices.models import Office
from giliran.turns import queries
from giliran.turns.actions.moving import move
from giliran.turns.actions.promising import keep_soon
from giliran.turns.actions.telling import turn_called
from giliran.turns.models import Turn
from giliran.turns.refusals import CounterBusy, CounterNotOpen


class Reason(StrEnum):
    """Why somebody is called before it is their turn: a code, so that the journal has no names."""

    PROMISES = "promises"  # more promises are kept than if the rule decides


class NotForThisCounter(Refusal):
    """The counter doesn't serve what the person came for, or they were sent to another one."""

    code = "not_for_this_counter"
    sentence = gettext_noop(
        "Nomor %(number)s menunggu loket lain, jadi tidak bisa dipanggil dari loket Anda."
    )


def call_person(
    counter_id: int,
    turn_id: int,
    *,
    officer_id: int,
    reason: Reason,
    saved: float | None = None,
    harmed: Sequence[str] = (),
    now: datetime,
) -> Turn:
    """Call somebody who waits, before those whom the rule would call first.

    The journal keeps who did it, why, how many promises it was said to save on average, and the
    numbers of those who wait longer for it. The office's line is locked as in ``call_next``. Raises
    ``CounterNotOpen``, ``CounterBusy``, ``NotForThisCounter``, ``MoveNotAllowed`` for somebody
    who doesn't wait any more, or ``NotFound`` for another office's turn.
    """
    seat = capacity.seat_of(officer_id)
    if seat is None or seat.counter_id != counter_id:
        raise CounterNotOpen
    try:
        with transaction.atomic():
            Office.objects.select_for_update(no_key=True).get(id=seat.office_id)
            _refuse_other_counters(seat, turn_id)
            turn = move(
                turn_id,
                Move.CALL,
                now=now,
                actor=f"officer:{officer_id}",
                only_if={"office_id": seat.office_id},
                counter_id=counter_id,
                officer_id=officer_id,
                called_at=now,
                times_called=1,
            )
            record(
                "counter.call_by_name",
                at=now,
                actor=f"officer:{officer_id}",
                office_id=seat.office_id,
                subject_id=counter_id,
                turn=turn_id,
                number=turn.number,
                reason=reason.value,
                saved=saved,
                harmed=list(harmed),
            )
            turn_called(turn, now=now)
            _forget_other_suggestions(seat.office_id)
            keep_soon(seat.office_id)
            return turn
    except IntegrityError as error:
        busy = queries.at_counter(counter_id)
        if "one_person_at_a_counter" not in str(error) or busy is None:
            raise
        raise CounterBusy(number=busy.number) from None


def _forget_other_suggestions(office_id: int) -> None:
    """Drop what the last forecast said of calling others first: it didn't know of this call."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE turns_outlook SET data = data || '{"rescues": [], "rescued_at": null}'
            WHERE office_id = %s""",
            [office_id],
        )


def _refuse_other_counters(seat: capacity.Seat, turn_id: int) -> None:
    """Raise if this counter never calls this person; who doesn't wait is left to the move."""
    person = next((one for one in queries.line(seat.office_id) if one.turn_id == turn_id), None)
    if person is None:
        return
    counter = next(c for c in offices.counters(seat.office_id) if c.id == seat.counter_id)
    if person.counter_id != counter.id and (
        person.counter_id is not None or person.service_id not in counter.service_ids
    ):
        raise NotForThisCounter(number=queries.by_id(turn_id).number)

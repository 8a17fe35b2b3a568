"""When promises are about to break: whom to call next, what that saves, and who waits longer."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from giliran.capacity.queries import Seat
from giliran.core.refusal import Refusal, gettext_noop
from giliran.core.turn import State
from giliran.offices import queries as offices
from giliran.turns import promises
from giliran.turns.actions.calling_by_name import Reason, call_person

if TYPE_CHECKING:
    from giliran.turns.models import Turn

_AT_MOST = 3


class SuggestionIsOld(Refusal):
    """The line has moved on: calling this person first doesn't save the most promises any more."""

    code = "suggestion_is_old"
    sentence = gettext_noop(
        "Antrean sudah berubah, jadi saran itu tidak berlaku lagi dan tidak ada yang dipanggil. "
        "Panggil menurut urutan, atau lihat saran yang baru."
    )


class Suggestion(NamedTuple):
    """Somebody to call before the others; odds are whole tenths, rounded down: none is certain."""

    turn: Turn
    promised_till: datetime
    saved: int
    """Whole promises, as a person counts them; at least 1."""
    tenths_by_rule: int
    tenths_if_called: int
    harmed: tuple[str, ...]
    """Numbers of those whose promise becomes less certain, worst first."""


def suggestions(office_id: int, *, now: datetime) -> list[Suggestion]:
    """Return whom to call out of the order at an office, best first; none when the rule does best.

    A gain of less than half a promise is no reason to pass anybody by.
    """
    found = [r for r in promises.rescues(office_id, now=now) if r.turn.state == State.WAITING]
    promised = promises.promises_of(office_id, now=now) if found else {}
    return [
        Suggestion(
            turn=one.turn,
            promised_till=promised[one.turn.id].ends,
            saved=round(one.saved),
            tenths_by_rule=int(10 * one.odds_before),
            tenths_if_called=int(10 * one.odds_after),
            harmed=one.harmed,
        )
        for one in found
        if round(one.saved) >= 1 and one.turn.id in promised
    ][:_AT_MOST]


def suggestion_for(seat: Seat, *, now: datetime) -> Suggestion | None:
    """Return the best suggestion that this counter may follow, or None."""
    found = suggestions(seat.office_id, now=now)
    if not found:
        return None
    counter = next(c for c in offices.counters(seat.office_id) if c.id == seat.counter_id)
    for one in found:
        sent_to = one.turn.counter_id
        if sent_to == counter.id or (
            sent_to is None and one.turn.service_id in counter.service_ids
        ):
            return one
    return None


def follow(seat: Seat, turn_id: int, *, now: datetime) -> Turn:
    """Call the suggested person to the counter.

    Raises ``SuggestionIsOld`` unless that is still what this counter is asked to do, and what
    ``call_person`` raises.
    """
    best = suggestion_for(seat, now=now)
    if best is None or best.turn.id != turn_id:
        raise SuggestionIsOld
    return call_person(
        seat.counter_id,
        turn_id,
        officer_id=seat.officer_id,
        reason=Reason.PROMISES,
        saved=best.saved,
        harmed=best.harmed,
        now=now,
    )

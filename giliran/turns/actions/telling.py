"""What people are told of their turn, by the channels that they confirmed, and when.

Each call stands in the transaction of the change that it tells of: if that is undone, nothing was
said. Nobody is told who didn't subscribe; who is told nothing costs one look.
"""

from __future__ import annotations

from datetime import datetime

from giliran.turns.models import Application, Turn


def turn_booked(turn: Turn, *, now: datetime) -> None:
    """Tell who just subscribed to a turn what was promised; the e-mail brings the calendar.

    Called when a channel was confirmed, not when a turn is booked: nobody has subscribed by then.
    """


def application_received(application: Application, *, now: datetime) -> None:
    """Tell who just subscribed to an application that it is in the draws, and till when at most."""


def turn_rescheduled(turn: Turn, *, now: datetime) -> None:
    """Tell the new window of a turn, or its new office; what was told of the old one dies."""


def turn_cancelled(turn: Turn, *, now: datetime) -> None:
    """Tell that a turn is no more, whoever gave it back."""


def turn_closed(turn: Turn, *, now: datetime) -> None:
    """Tell that the office ended its day before this person was served."""


def turn_called(turn: Turn, *, now: datetime) -> None:
    """Tell the number and the counter that it is called to, at any hour."""


def turn_placed(application: Application, turn: Turn, *, now: datetime) -> None:
    """Tell somebody standing by that a place got free and is theirs."""


def round_drawn(round_id: int) -> None:
    """Ask the worker to tell everybody who was in a round, in the draw's own transaction."""


def tell_round(round_id: int, *, now: datetime) -> int:
    """Tell everybody who was in a drawn round the result; returns how many messages are new.

    Asked twice, the second time tells nobody.
    """
    return 0


def round_result(application: Application, *, serial: int, now: datetime) -> None:
    """Tell one application's result in the round ``serial`` of its region."""


def promise_moved(
    turn_id: int, *, begins: datetime, ends: datetime, come_at: datetime | None, now: datetime
) -> None:
    """Tell that a promise moved, if it did by more than ten minutes since it was last told."""


def due_reminders(*, now: datetime) -> int:
    """Make the reminders that are due this minute; returns how many.

    The day before (who comes?), the morning (only who hasn't said yes), when to leave home, and
    when to come back in. Asked twice in a minute, the second time makes none.
    """
    return 0


def will_come(turn_id: int, *, actor: str, now: datetime) -> Turn:
    """Note that the person said yes: they are not asked again. Raises ``NotFound``.

    Raises ``MoveNotAllowed`` for a turn that isn't booked any more. "No" is ``cancel``.
    """
    raise NotImplementedError

"""Who is told of a turn, an application or a claim: channels, confirmed one by one, in an order."""

from __future__ import annotations

from datetime import datetime

from giliran.claims.queries import ClaimView
from giliran.messages import actions as messages
from giliran.turns.actions.telling import application_received, turn_booked
from giliran.turns.models import Application, Turn

Subject = tuple[str, int]
About = Turn | Application | ClaimView


def subject_of(about: About) -> Subject:
    """Return what people subscribe to: of a turn that was drawn the application.

    So who gives a place back and stays in the draws is still told.
    """
    if isinstance(about, ClaimView):
        return "claim", about.id
    if isinstance(about, Application):
        return "application", about.id
    application = Application.objects.filter(turn_id=about.id).first()
    return ("application", application.id) if application else ("turn", about.id)


def confirm_channel(contact_id: int, code: str, *, about: About, now: datetime) -> None:
    """Subscribe a contact whose owner typed the right code, after those that there are.

    Then they are told at once how things stand; a claim says so on its page. Raises ``WrongCode``,
    ``CodeExpired`` or ``TooManyTries``; never call it inside a transaction, or wrong tries aren't
    counted.
    """
    subject, subject_id = subject_of(about)
    messages.confirm_last(contact_id, code, subject=subject, subject_id=subject_id, now=now)
    if isinstance(about, ClaimView):
        return
    turn = about if isinstance(about, Turn) else about.turn
    if turn is not None:
        turn_booked(turn, now=now)
    elif isinstance(about, Application):
        application_received(about, now=now)

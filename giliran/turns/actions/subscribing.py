"""Who is told of a turn, an application or a claim: channels, confirmed one by one, in an order."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from giliran.claims.queries import ClaimView
from giliran.core.refusal import NotFound
from giliran.messages import actions as messages
from giliran.messages import queries as told
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
    before = told.subscriptions(subject, subject_id)
    same = [one.position for one in before if one.contact.id == contact_id]
    messages.confirm(
        contact_id,
        code,
        subject=subject,
        subject_id=subject_id,
        position=same[0] if same else max((one.position + 1 for one in before), default=0),
        now=now,
    )
    if isinstance(about, ClaimView):
        return
    turn = about if isinstance(about, Turn) else about.turn
    if turn is not None:
        turn_booked(turn, now=now)
    elif isinstance(about, Application):
        application_received(about, now=now)


def try_first(contact_id: int, *, about: About, now: datetime) -> None:
    """Let a channel be tried before the others. Raises ``NotFound`` if it isn't one of them."""
    subject, subject_id = subject_of(about)
    with transaction.atomic():
        ids = [one.contact.id for one in told.subscriptions(subject, subject_id)]
        if contact_id not in ids:
            raise NotFound
        ids.remove(contact_id)
        for position, each in enumerate([contact_id, *ids]):
            messages.subscribe(
                each, subject=subject, subject_id=subject_id, position=position, now=now
            )


def stop_telling(
    contact_id: int, *, about: About, everything: bool, actor: str, now: datetime
) -> None:
    """Tell a channel nothing more of this turn, application or claim, or of ``everything``.

    Raises ``NotFound`` if it isn't one of its channels.
    """
    subject, subject_id = subject_of(about)
    with transaction.atomic():
        if contact_id not in {one.contact.id for one in told.subscriptions(subject, subject_id)}:
            raise NotFound
        if everything:
            messages.opt_out(contact_id, actor=actor, now=now)
        messages.unsubscribe(contact_id, subject=subject, subject_id=subject_id, now=now)

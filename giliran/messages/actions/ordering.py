"""The channels of one subject, in the order in which they are tried."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from giliran.core.refusal import NotFound
from giliran.messages.actions.confirming import confirm
from giliran.messages.actions.consenting import opt_out, subscribe, unsubscribe
from giliran.messages.queries import subscriptions


def confirm_last(
    contact_id: int,
    code: str,
    *,
    subject: str,
    subject_id: int,
    actor: str = "citizen",
    now: datetime,
) -> None:
    """Check a code as ``confirm`` does, and let its contact be tried after those there are."""
    before = subscriptions(subject, subject_id)
    same = [one.position for one in before if one.contact.id == contact_id]
    confirm(
        contact_id,
        code,
        subject=subject,
        subject_id=subject_id,
        position=same[0] if same else max((one.position + 1 for one in before), default=0),
        actor=actor,
        now=now,
    )


def put_first(contact_id: int, *, subject: str, subject_id: int, now: datetime) -> None:
    """Let a contact be tried before the others. Raises ``NotFound`` if it isn't one of them."""
    with transaction.atomic():
        ids = [one.contact.id for one in subscriptions(subject, subject_id)]
        if contact_id not in ids:
            raise NotFound
        ids.remove(contact_id)
        for position, each in enumerate([contact_id, *ids]):
            subscribe(each, subject=subject, subject_id=subject_id, position=position, now=now)


def stop_telling(
    contact_id: int,
    *,
    subject: str,
    subject_id: int,
    everything: bool = False,
    actor: str = "citizen",
    now: datetime,
) -> None:
    """Tell a contact no more of this subject, or of ``everything``.

    Raises ``NotFound`` if it isn't one of the subject's contacts.
    """
    with transaction.atomic():
        if contact_id not in {one.contact.id for one in subscriptions(subject, subject_id)}:
            raise NotFound
        if everything:
            opt_out(contact_id, actor=actor, now=now)
        unsubscribe(contact_id, subject=subject, subject_id=subject_id, now=now)

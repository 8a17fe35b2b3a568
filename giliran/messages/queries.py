"""Reading what was told to whom, and who wants to be told."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from giliran.encryption import blind_index, unseal
from giliran.messages import trial
from giliran.messages.models import Contact, Message, Muted, Subscription

WINDOW = timedelta(hours=24)  # WhatsApp's customer service window


class ContactView(NamedTuple):
    """An address's standing, without the address."""

    id: int
    channel: str
    language: str
    is_confirmed: bool
    is_opted_in: bool
    is_opted_out: bool
    last_heard_at: datetime | None


class SubscriptionView(NamedTuple):
    contact: ContactView
    position: int


class MessageView(NamedTuple):
    """What a message is about; never what it said."""

    id: int
    kind: str
    subject: str
    subject_id: int
    data: dict[str, Any]
    key: str
    state: str
    made_at: datetime


class Told(NamedTuple):
    """What one day's messages came to, by kind of outcome and channel.

    ``channel`` is "" for messages that went out nowhere. ``cost`` in rupiah, where it is known.
    """

    day: date
    channel: str
    state: str
    messages: int
    cost: Decimal


def contact(contact_id: int) -> ContactView:
    """Return a contact; raises ``Contact.DoesNotExist`` for none."""
    return _view(Contact.objects.get(id=contact_id))


def contact_at(channel: str, address: str) -> ContactView | None:
    """Return the contact of an address as it is kept (E.164, lower case), None if never met."""
    known = Contact.objects.select_related("same_as")
    found = known.filter(channel=channel, address_index=blind_index(address)).first()
    return _view(found.same_as or found) if found else None


def address(contact_id: int) -> str:
    """Return the address in clear; whoever shows it records that it was seen."""
    return unseal(Contact.objects.values_list("address_sealed", flat=True).get(id=contact_id))


def phone(contact_id: int) -> str:
    """Return the telephone number in clear, "" where none is known."""
    found = Contact.objects.get(id=contact_id)
    if found.channel == "sms":
        return unseal(found.address_sealed)
    return unseal(found.phone_sealed)


def subscriptions(subject: str, subject_id: int) -> list[SubscriptionView]:
    """Return who is told of a subject, in the order in which channels are tried."""
    found = Subscription.objects.filter(subject=subject, subject_id=subject_id)
    ordered = found.select_related("contact").order_by("position", "id")
    return [SubscriptionView(_view(each.contact), each.position) for each in ordered]


def subjects(contact_id: int, subject: str) -> list[int]:
    """Return the ids of this kind of subject that a contact is told of, newest first."""
    found = Subscription.objects.filter(contact_id=contact_id, subject=subject)
    return list(found.order_by("-id").values_list("subject_id", flat=True))


def message(message_id: int) -> MessageView:
    """Return a message; raises ``Message.DoesNotExist`` for none."""
    m = Message.objects.get(id=message_id)
    return MessageView(m.id, m.kind, m.subject, m.subject_id, m.data, m.key, m.state, m.made_at)


def messages_about(subject: str, subject_id: int) -> list[MessageView]:
    """Return what was told or is to be told of a subject, oldest first."""
    found = Message.objects.filter(subject=subject, subject_id=subject_id).order_by("id")
    return [
        MessageView(m.id, m.kind, m.subject, m.subject_id, m.data, m.key, m.state, m.made_at)
        for m in found
    ]


def in_window(contact_id: int, now: datetime) -> bool:
    """Return whether the contact wrote within the last 24 hours (WhatsApp: free text allowed)."""
    heard = Contact.objects.values_list("last_heard_at", flat=True).get(id=contact_id)
    return heard is not None and now - heard < WINDOW


def answers(contact_id: int, *, since: datetime) -> int:
    """Return how many answers were written to a contact since a moment."""
    return Message.objects.filter(contact_id=contact_id, made_at__gte=since).count()


def outbox(*, since: datetime, until: datetime, zone: str = "Asia/Jakarta") -> list[Told]:
    """Return what the messages made in ``[since, until)`` came to, by day, channel and state.

    Days are those of ``zone``. A message counts once, under the channel of its latest attempt; the
    cost is that of all its attempts.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (m.made_at AT TIME ZONE %s)::date AS day, COALESCE(latest.channel, ''), m.state,
                   count(*), COALESCE(sum(latest.cost), 0)
            FROM giliran_messages_message m
            LEFT JOIN LATERAL (
                SELECT (array_agg(a.channel ORDER BY a.started_at DESC, a.id DESC))[1] AS channel,
                       sum(a.cost) AS cost
                FROM giliran_messages_attempt a WHERE a.message_id = m.id
            ) latest ON true
            WHERE m.made_at >= %s AND m.made_at < %s
            GROUP BY 1, 2, 3
            ORDER BY 1, 2, 3
            """,
            [zone, since, until],
        )
        return [Told(*row) for row in cursor.fetchall()]


def _view(found: Contact) -> ContactView:
    return ContactView(
        found.id,
        found.channel,
        found.language,
        found.confirmed_at is not None,
        found.opted_in_at is not None,
        found.opted_out_at is not None,
        found.last_heard_at,
    )


def muted(officer_id: int) -> frozenset[str]:
    """Return the topics of which an officer doesn't want to hear on their telephone."""
    return frozenset(Muted.objects.filter(officer_id=officer_id).values_list("topic", flat=True))


def last_trial(officer_id: int) -> MessageView | None:
    """Return the test message that an officer sent to themselves last, None if there was none."""
    sent = Message.objects.filter(kind=trial.KIND, subject="officer", subject_id=officer_id)
    newest = sent.order_by("-id").values_list("id", flat=True).first()
    return message(newest) if newest else None


def next_due(*, until: datetime) -> datetime | None:
    """Return when the next waiting message is due, None if none is by then."""
    waiting = Message.objects.filter(state=Message.State.WAITING, due_at__lte=until)
    return waiting.order_by("due_at").values_list("due_at", flat=True).first()

"""Who may be told, where: addresses, and what their owners allow (UU 27/2022 Pasal 20 to 24, 40).

Consent and its end are events in the journal, so that they can be shown; ids only.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction

from giliran.encryption import blind_index, seal
from giliran.journal.actions import record
from giliran.messages.models import Channel, Contact, Subscription
from giliran.messages.refusals import BadAddress, NotConfirmed
from giliran.people.actions import BadPhone, parse_phone


def parse_address(channel: str, address: str) -> str:
    """Return an address as it is kept: E.164 for SMS, lower case for e-mail.

    WhatsApp's ids are taken as they are. Raises ``BadPhone`` or ``BadAddress``.
    """
    if channel == Channel.SMS:
        return parse_phone(address)
    if channel == Channel.EMAIL:
        address = address.strip().lower()
        try:
            validate_email(address)
        except ValidationError:
            raise BadAddress("email") from None
    return address


def know(channel: str, address: str, *, language: str = "id", now: datetime) -> int:
    """Return the contact's id for an address, met before or not.

    The statement locks the contact's row. It says nothing of whether anybody reads it.
    """
    address = parse_address(channel, address)
    if not address:
        raise BadPhone("phone") if channel == Channel.SMS else BadAddress(channel)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO giliran_messages_contact
                (channel, address_index, address_sealed, phone_sealed, language, code_hash,
                 code_tries, made_at)
            VALUES (%(channel)s, %(index)s, %(sealed)s, '', %(language)s, '', 0, %(now)s)
            ON CONFLICT (channel, address_index) DO UPDATE
                SET address_sealed = excluded.address_sealed
            RETURNING id
            """,
            {
                "channel": channel,
                "index": blind_index(address),
                "sealed": seal(address),
                "language": language,
                "now": now,
            },
        )
        (contact_id,) = cursor.fetchone()
    return int(contact_id)


def heard_from(
    channel: str, address: str, *, phone: str = "", language: str = "", now: datetime
) -> int:
    """Note that somebody wrote from an address, and return the contact's id.

    Whoever writes from it reads it: it counts as confirmed, and WhatsApp's 24 hours begin. It is no
    consent to be told things. An empty ``language`` leaves the one that is known.
    """
    with transaction.atomic():
        contact = Contact.objects.get(id=know(channel, address, now=now))
        contact.confirmed_at = contact.confirmed_at or now
        contact.last_heard_at = max(contact.last_heard_at or now, now)
        changed = ["confirmed_at", "last_heard_at"]
        if phone:
            contact.phone_sealed = seal(phone)
            changed.append("phone_sealed")
        if language:
            contact.language = language
            changed.append("language")
        contact.save(update_fields=changed)
    return contact.id


def moved(channel: str, before: str, address: str, *, phone: str = "", now: datetime) -> None:
    """Note that the provider says that somebody's address is another one now.

    What they allowed and subscribed to moves along, unless the new address is known already: then
    that one's own wishes hold, and the old one is told nothing more.
    """
    with transaction.atomic():
        met = Contact.objects.filter(channel=channel)
        contact = met.filter(address_index=blind_index(before)).select_for_update().first()
        if contact is None:
            return
        if met.filter(address_index=blind_index(address)).exists():
            opt_out(contact.id, actor="provider", now=now)
            return
        contact.address_index, contact.address_sealed = blind_index(address), seal(address)
        contact.phone_sealed = seal(phone)
        contact.save(update_fields=["address_index", "address_sealed", "phone_sealed"])
        record("contact.moved", at=now, actor="provider", subject_id=contact.id, channel=channel)


def opt_in(contact_id: int, *, actor: str = "citizen", now: datetime) -> None:
    """Record that the owner wants to be told things here, also after having said no."""
    with transaction.atomic():
        contact = Contact.objects.select_for_update(no_key=True).get(id=contact_id)
        if contact.opted_in_at is not None:
            return
        Contact.objects.filter(id=contact_id).update(opted_in_at=now, opted_out_at=None)
        record(
            "contact.opted_in",
            at=now,
            actor=actor,
            subject_id=contact_id,
            channel=contact.channel,
        )


def opt_out(contact_id: int, *, actor: str = "citizen", now: datetime) -> None:
    """Record that the owner wants nothing more here; holds from the next message on.

    Answers to what they themselves write later still go out.
    """
    with transaction.atomic():
        contact = Contact.objects.select_for_update(no_key=True).get(id=contact_id)
        if contact.opted_out_at is not None:
            return
        Contact.objects.filter(id=contact_id).update(opted_in_at=None, opted_out_at=now)
        record(
            "contact.opted_out",
            at=now,
            actor=actor,
            subject_id=contact_id,
            channel=contact.channel,
        )


def subscribe(
    contact_id: int,
    *,
    subject: str,
    subject_id: int,
    position: int = 0,
    actor: str = "citizen",
    now: datetime,
) -> None:
    """Let a contact be told of a subject, because its owner asked for it; lowest position first.

    Asking is consent: it opts in whoever never said no (who did says ``opt_in`` first, or hears
    nothing). Twice changes the position only. Raises ``NotConfirmed``.
    """
    with transaction.atomic():
        contact = Contact.objects.select_for_update(no_key=True).get(id=contact_id)
        if contact.confirmed_at is None:
            raise NotConfirmed
        if contact.opted_out_at is None:
            opt_in(contact_id, actor=actor, now=now)
        Subscription.objects.update_or_create(
            contact_id=contact_id,
            subject=subject,
            subject_id=subject_id,
            defaults={"position": position},
            create_defaults={"position": position, "made_at": now},
        )


def unsubscribe(contact_id: int, *, subject: str, subject_id: int, now: datetime) -> None:
    """Let a contact be told no more of this subject; what is told of others stays."""
    Subscription.objects.filter(
        contact_id=contact_id, subject=subject, subject_id=subject_id
    ).delete()

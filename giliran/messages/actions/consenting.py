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

    The statement locks the address's row. It says nothing of whether anybody reads it.
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
            RETURNING coalesce(same_as_id, id)
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

    What they allowed and subscribed to moves along. The old address is nobody's any more: it may
    be given to somebody else.
    """
    with transaction.atomic():
        met = Contact.objects.filter(channel=channel)
        contact = met.filter(address_index=blind_index(before)).select_for_update().first()
        if contact is None:
            return
        if met.filter(address_index=blind_index(address)).exists():
            new_id = know(channel, address, now=now)
            if new_id != contact.id:
                _hand_over(contact, new_id, now=now)
            contact.address_index, contact.address_sealed = None, b""
            contact.phone_sealed, contact.same_as_id = b"", None
        else:
            contact.address_index, contact.address_sealed = blind_index(address), seal(address)
            contact.phone_sealed = seal(phone)
        contact.save(
            update_fields=["address_index", "address_sealed", "phone_sealed", "same_as_id"]
        )
        record("contact.moved", at=now, actor="provider", subject_id=contact.id, channel=channel)


def is_same(channel: str, address: str, other: str, *, now: datetime) -> int:
    """Note that two addresses are one person's, as the provider says; returns the one contact.

    WhatsApp knows people by an id, and pages know them by their number: whoever confirmed the one
    and writes from the other is answered, and told, as one. From now on both lead to the contact
    of ``other``, which is also where messages go.
    """
    with transaction.atomic():
        # Both rows in one order, so that no two who do this block each other.
        ids = {each: know(channel, each, now=now) for each in sorted((address, other))}
        kept_id = ids[other]
        if ids[address] != kept_id:
            alias = Contact.objects.get(channel=channel, address_index=blind_index(address))
            _hand_over(alias, kept_id, now=now)
            Contact.objects.filter(id=alias.id).update(same_as=kept_id)
            record("contact.same", at=now, actor="provider", subject_id=kept_id, was=alias.id)
    return kept_id


def _hand_over(old: Contact, new_id: int, *, now: datetime) -> None:
    """Give one contact what another was told of, allowed and forbade; a "no" of either holds."""
    new = Contact.objects.select_for_update(no_key=True).get(id=new_id)
    has = Subscription.objects.filter(contact=new).values("subject", "subject_id")
    for each in Subscription.objects.filter(contact=old):
        if {"subject": each.subject, "subject_id": each.subject_id} not in has:
            Subscription.objects.filter(id=each.id).update(contact=new)
    Subscription.objects.filter(contact=old).delete()
    if old.opted_out_at is not None:
        opt_out(new.id, actor="provider", now=now)
    elif old.opted_in_at is not None and new.opted_out_at is None:
        opt_in(new.id, actor="provider", now=now)
    moments = [one for one in (old.confirmed_at, new.confirmed_at) if one is not None]
    heard = [one for one in (old.last_heard_at, new.last_heard_at) if one is not None]
    Contact.objects.filter(id=new.id).update(
        confirmed_at=min(moments, default=None), last_heard_at=max(heard, default=None)
    )


def opt_in(contact_id: int, *, actor: str = "citizen", now: datetime) -> None:
    """Record that the owner wants to be told things here, also after having said no."""
    _wish(contact_id, wants=True, actor=actor, now=now)


def opt_out(contact_id: int, *, actor: str = "citizen", now: datetime) -> None:
    """Record that the owner wants nothing more here; holds from the next message on.

    Answers to what they themselves write later still go out.
    """
    _wish(contact_id, wants=False, actor=actor, now=now)


def _wish(contact_id: int, *, wants: bool, actor: str, now: datetime) -> None:
    with transaction.atomic():
        contact = Contact.objects.select_for_update(no_key=True).get(id=contact_id)
        if (contact.opted_in_at if wants else contact.opted_out_at) is not None:
            return
        contact.opted_in_at, contact.opted_out_at = (now, None) if wants else (None, now)
        contact.save(update_fields=["opted_in_at", "opted_out_at"])
        kind = "contact.opted_in" if wants else "contact.opted_out"
        record(kind, at=now, actor=actor, subject_id=contact_id, channel=contact.channel)


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

"""A code of six digits, so that what is told reaches the owner of an address and nobody else."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext, override

from giliran.core.refusal import Refusal
from giliran.encryption import blind_index, derived_key
from giliran.journal.actions import record
from giliran.journal.queries import moments
from giliran.messages.actions.consenting import know, opt_in, subscribe
from giliran.messages.actions.telling import write_answer
from giliran.messages.models import Contact
from giliran.messages.ports import port
from giliran.messages.refusals import ChannelNotHere, CodeExpired, TooManyTries, WrongCode
from giliran.messages.wording import Wording

LIVES = timedelta(minutes=10)
TRIES = 5
CODES_AN_HOUR = 3
"""To one address. With five tries each, a guesser is right once in 66,000 hours."""
CODES_A_DAY_TO_WHO_OPTED_OUT = 1
"""Who said no can come back by a code, and strangers can't pester them."""
CODES_AN_HOUR_FROM = 30
"""From one net address: a village office asks for many people."""


def start_confirming(
    channel: str,
    address: str,
    *,
    subject: str,
    subject_id: int,
    language: str,
    net_address: str = "",
    actor: str = "citizen",
    now: datetime,
) -> int:
    """Send six digits to an address, good for ten minutes and this subject; returns the contact.

    Whoever types them (``confirm``) owns it. The message names no person and no office. Another
    code takes the place of the one before. Raises ``BadPhone``, ``BadAddress``, ``ChannelNotHere``
    and ``TooManyTries`` (for this address, or from this ``net_address``).
    """
    if port(channel) is None:
        raise ChannelNotHere
    with transaction.atomic():
        contact_id = know(channel, address, language=language, now=now)
        contact = Contact.objects.get(id=contact_id)
        _refuse_too_many(contact, net_address, now=now)
        code = f"{secrets.randbelow(10**6):06}"
        contact.code_hash = _hash(contact_id, code, subject, subject_id)
        contact.code_expires_at = now + LIVES
        contact.code_tries = 0
        contact.save(update_fields=["code_hash", "code_expires_at", "code_tries"])
        event_key = secrets.token_hex(8)
        record(
            "contact.code_sent",
            at=now,
            actor=actor,
            subject_id=contact_id,
            contact=contact_id,
            net=_net_index(net_address) if net_address else "",
        )
        write_answer(
            contact_id,
            _code_wording(code, language),
            kind="code",
            key=f"code:{contact_id}:{event_key}",
            expires_at=now + LIVES,
            now=now,
        )
    return contact_id


def confirm(
    contact_id: int,
    code: str,
    *,
    subject: str,
    subject_id: int,
    position: int = 0,
    actor: str = "citizen",
    now: datetime,
) -> None:
    """Check a code; with the right one the contact is confirmed, opted in and subscribed.

    Raises ``WrongCode``, ``CodeExpired`` or ``TooManyTries``; a caller's own transaction must not
    roll back on them, or a wrong try isn't counted.
    """
    with transaction.atomic():
        refusal = _check(contact_id, code.strip(), subject, subject_id, now=now)
        if refusal is None:
            opt_in(contact_id, actor=actor, now=now)
            subscribe(
                contact_id, subject=subject, subject_id=subject_id, position=position, now=now
            )
    if refusal is not None:
        raise refusal


def _check(
    contact_id: int, code: str, subject: str, subject_id: int, *, now: datetime
) -> Refusal | None:
    contact = Contact.objects.select_for_update(no_key=True).get(id=contact_id)
    if contact.code_expires_at is None or contact.code_expires_at <= now:
        return CodeExpired()
    if contact.code_tries >= TRIES:
        return TooManyTries()
    right = _hash(contact_id, code, subject, subject_id)
    if not hmac.compare_digest(bytes(contact.code_hash), right):
        contact.code_tries += 1
        contact.save(update_fields=["code_tries"])
        left = TRIES - contact.code_tries
        return WrongCode(left=left) if left else TooManyTries()
    contact.code_hash, contact.code_expires_at = b"", None
    contact.confirmed_at = contact.confirmed_at or now
    contact.save(update_fields=["code_hash", "code_expires_at", "confirmed_at"])
    return None


def _refuse_too_many(contact: Contact, net_address: str, *, now: datetime) -> None:
    """Count what was asked for; the contact's row is locked, so that none slips by."""
    hour_ago, day_ago = now - timedelta(hours=1), now - timedelta(days=1)
    sent = moments("contact.code_sent", after=day_ago, contact=contact.id)
    if sum(moment > hour_ago for moment in sent) >= CODES_AN_HOUR:
        raise TooManyTries
    if contact.opted_out_at is not None and len(sent) >= CODES_A_DAY_TO_WHO_OPTED_OUT:
        raise TooManyTries
    if not net_address:
        return
    index = _net_index(net_address)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"code from {index}"])
    if len(moments("contact.code_sent", after=hour_ago, net=index)) >= CODES_AN_HOUR_FROM:
        raise TooManyTries


def _net_index(net_address: str) -> str:
    return blind_index(f"net {net_address}").hex()


def _hash(contact_id: int, code: str, subject: str, subject_id: int) -> bytes:
    said = f"{contact_id} {code} {subject} {subject_id}".encode()
    return hmac.new(derived_key("codes of contacts"), said, hashlib.sha256).digest()


def _code_wording(code: str, language: str) -> Wording:
    with override(language):
        text = gettext(
            "Kode Anda: %(code)s. Berlaku 10 menit. Jangan berikan kepada siapa pun, "
            "juga bukan kepada petugas."
        ) % {"code": code}
        title = gettext("Kode untuk alamat Anda")
    return Wording(text, text, title=title, template="code", parameters=(code,))

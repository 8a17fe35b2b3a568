"""Getting to know citizens and officers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import phonenumbers
from django.db import connection

from giliran.core.refusal import BadInput, Refusal, gettext_noop
from giliran.encryption import blind_index, seal
from giliran.journal.actions import record
from giliran.journal.queries import happened, moments
from giliran.people.models import Officer


class BadPhone(BadInput):
    """No telephone of Indonesia (or with its own +country code) has this number."""

    code = "bad_phone"
    sentence = gettext_noop(
        "Nomor telepon tidak dikenali. Tulis nomor yang aktif, misalnya 0812 3456 7890."
    )


def parse_phone(text: str) -> str:
    """Return a phone number as E.164 (+62812...); an empty text stays empty: not all have one.

    Raises ``BadPhone``.
    """
    if not text.strip():
        return ""
    try:
        number = phonenumbers.parse(text, "ID")
    except phonenumbers.NumberParseException:
        raise BadPhone("phone") from None
    if not phonenumbers.is_valid_number(number):
        raise BadPhone("phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def know(nik: str, *, now: datetime) -> int:
    """Return the citizen's id for a NIK, met before or not.

    The statement locks the citizen's row, so that two requests of one person come one by one.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO people_citizen (nik_index, nik_sealed, first_seen_at)
            VALUES (%s, %s, %s)
            ON CONFLICT (nik_index) DO UPDATE SET nik_index = excluded.nik_index
            RETURNING id
            """,
            [blind_index(nik), seal(nik), now],
        )
        (citizen_id,) = cursor.fetchone()
    return int(citizen_id)


def hire(username: str, *, full_name: str, password: str) -> Officer:
    """Create an officer who can log in, or give an existing one this name and password."""
    officer = Officer(username=username, full_name=full_name, is_active=True)
    officer.set_password(password)
    Officer.objects.bulk_create(
        [officer],
        update_conflicts=True,
        unique_fields=["username"],
        update_fields=["full_name", "is_active", "password"],
    )
    return officer


def disable(username: str) -> bool:
    """Let an officer log in no more, at once; what they did stays. Returns whether one is named so.

    Every request looks the officer up, so an open session ends with the next click.
    """
    return bool(Officer.objects.filter(username=username).update(is_active=False))


def note_look(
    citizen_id: int,
    *,
    what: str,
    turn_id: int | None = None,
    application_id: int | None = None,
    office_id: int,
    actor: str,
    now: datetime,
) -> None:
    """Record that somebody looked at a person's data (UU 27/2022).

    Once per officer and turn, or application: give the id of one of them. ``what`` is ``name``
    (with the masked NIK), ``nik`` (in full), ``contact`` (name and phone) or ``search`` (found by
    NIK).
    """
    of = {"turn": turn_id} if application_id is None else {"application": application_id}
    data = {**of, "what": what}
    if not happened("person.seen", subject_id=citizen_id, actor=actor, **data):
        record(
            "person.seen", at=now, actor=actor, office_id=office_id, subject_id=citizen_id, **data
        )


GUESSES = 5
GUESS_MINUTES = 10


class TooManyTries(Refusal):
    """Somebody guesses at passwords, or forgot theirs."""

    code = "too_many_tries"
    sentence = gettext_noop(
        "Terlalu banyak percobaan masuk yang salah. Tunggu %(minutes)s menit, lalu coba lagi. "
        "Lupa kata sandi? Hubungi administrator."
    )


def _traces(username: str, address: str) -> dict[str, str]:
    # What was typed as a name may be a password: only its blind index is kept.
    return {
        "username": blind_index(username.strip().casefold()).hex()[:32],
        "address": blind_index(address).hex()[:32],
    }


def check_guessing(username: str, address: str, *, now: datetime) -> None:
    """Refuse a log-in after 5 wrong tries of a username, or from an address, in 10 minutes.

    A log-in that succeeds begins the count anew: colleagues behind one address don't lock each
    other out. Raises ``TooManyTries``.
    """
    since = now - timedelta(minutes=GUESS_MINUTES)
    for key, trace in _traces(username, address).items():
        entered = moments("officer.login", after=since, **{key: trace})
        begin = entered[0] if entered else since
        failed = moments("officer.login_failed", after=begin, **{key: trace})
        if len(failed) >= GUESSES:
            left = failed[GUESSES - 1] + timedelta(minutes=GUESS_MINUTES) - now
            raise TooManyTries(minutes=max(1, -(-int(left.total_seconds()) // 60)))


def note_login(username: str, address: str, *, officer_id: int | None, now: datetime) -> None:
    """Record a log-in, or with no ``officer_id`` one that failed."""
    traces: dict[str, Any] = {**_traces(username, address)}
    record(
        "officer.login_failed" if officer_id is None else "officer.login",
        at=now,
        actor="visitor" if officer_id is None else f"officer:{officer_id}",
        subject_id=officer_id,
        **traces,
    )

"""Getting to know citizens and officers."""

from __future__ import annotations

from datetime import datetime

import phonenumbers
from django.db import connection

from giliran.core.refusal import BadInput, gettext_noop
from giliran.encryption import blind_index, seal
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
    officer, _ = Officer.objects.get_or_create(username=username, defaults={"full_name": full_name})
    officer.full_name = full_name
    officer.set_password(password)
    officer.save()
    return officer

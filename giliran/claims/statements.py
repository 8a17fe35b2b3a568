"""What claimants state of themselves: cleaned and checked, never rejected for what nobody knows."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from giliran.claims.refusals import BadBirth, BadKpj
from giliran.core.eligibility.sentence import MONTHS
from giliran.core.identifiers import parse_nik
from giliran.encryption import blind_index
from giliran.people import actions as people
from giliran.people.names import parse_name

FIRST_YEAR = 1900
_KPJ = re.compile(r"[0-9A-Z]{11}")
_MONTHS = {name.casefold(): number for number, name in enumerate(MONTHS, start=1)}


class Claimant(NamedTuple):
    """Who claims and is paid, cleaned and checked, as they stated it."""

    nik: str
    name: str
    phone: str
    birth: date


def claimant(*, nik: str, name: str, phone: str, birth: date | str) -> Claimant:
    """Check what a person typed of themselves; the phone may be empty.

    Raises ``BadNik``, ``BadBirthInNik``, ``BadName``, ``BadPhone`` or ``BadBirth``.
    """
    return Claimant(parse_nik(nik), parse_name(name), people.parse_phone(phone), parse_birth(birth))


def parse_birth(text: date | str) -> date:
    """Return a birth date as people write it: 17-08-1985, 17 Agustus 1985 or 1985-08-17.

    Raises ``BadBirth``.
    """
    if isinstance(text, date):
        return text
    parts = [part for part in re.split(r"[\s./\-]+", text.strip().casefold()) if part]
    if len(parts) == 1 and re.fullmatch(r"\d{8}", parts[0]):  # 17081985, as an SMS says it
        parts = [parts[0][:2], parts[0][2:4], parts[0][4:]]
    if len(parts) != 3:  # noqa: PLR2004 -- day, month, year
        raise BadBirth("birth")
    if len(parts[0]) == 4:  # noqa: PLR2004 -- ISO writes the year first
        parts.reverse()
    try:
        month = _MONTHS.get(parts[1]) or int(parts[1])
        found = date(int(parts[2]), month, int(parts[0]))
    except (ValueError, OverflowError):
        raise BadBirth("birth") from None
    if found.year < FIRST_YEAR:
        raise BadBirth("birth")
    return found


def parse_kpj(text: str) -> str:
    """Return a membership number as it is kept; empty stays empty. Raises ``BadKpj``."""
    kpj = re.sub(r"[\s.\-]", "", text).upper()
    if kpj and not _KPJ.fullmatch(kpj):
        raise BadKpj("kpj")
    return kpj


def birth_trace(birth: date) -> bytes:
    """Return the blind index by which a claimant's birth date is recognised."""
    return blind_index(birth.isoformat())

"""How times and offices are written in a message; in the language that is switched on."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import formats

from giliran.offices.queries import ZONE_NAMES

if TYPE_CHECKING:
    from giliran.offices.models import Office, Region

_SHORTER = (
    ("Kantor Cabang Perintis ", "KCP "),
    ("Kantor Cabang ", "KC "),
    ("Mal Pelayanan Publik ", "MPP "),
)
PLACE_LETTERS = 40  # of an office's name in an SMS


def tail(code: str) -> str:
    """Return the end of a code: enough to know one's own, too little to open its page."""
    return code[-4:]


def hour(moment: datetime, where: Office | Region) -> str:
    """Return 09.30, as the office's clock shows it."""
    return f"{moment.astimezone(ZoneInfo(where.time_zone)):%H.%M}"


def clock(moment: datetime, where: Office | Region) -> str:
    """Return 09.30 WIB."""
    return f"{hour(moment, where)} {ZONE_NAMES[where.time_zone]}"


def window(begins: datetime, ends: datetime, where: Office | Region) -> str:
    """Return 09.30-10.00 WIB; a plain hyphen, which every telephone has."""
    return f"{hour(begins, where)}-{clock(ends, where)}"


def day(value: date) -> str:
    """Return Rabu, 25 November 2026."""
    return formats.date_format(value, "l, j F Y")


def brief_day(value: date) -> str:
    """Return Rab 25 Nov."""
    return formats.date_format(value, "D j M")


def local_day(moment: datetime, where: Office | Region) -> date:
    """Return the day of a moment where somebody is."""
    return moment.astimezone(ZoneInfo(where.time_zone)).date()


def day_at(moment: datetime, zone: str) -> date:
    """Return the day of a moment in a time zone (an IANA name)."""
    return moment.astimezone(ZoneInfo(zone)).date()


def place(name: str) -> str:
    """Return an office's name as short as its own staff write it: KC Serang."""
    for long, short in _SHORTER:
        name = name.replace(long, short)
    return name if len(name) <= PLACE_LETTERS else f"{name[: PLACE_LETTERS - 1].rstrip()}."

"""People with telephones, and those made up for the demonstration."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from giliran.cli.phone.checks import Shown

SERANG = (-6.1201, 106.1503, "Alun-alun Serang")
BSD = (-6.3016, 106.6531, "Pasar Modern BSD")


@dataclass
class Person:
    """Somebody with a telephone. ``hides_number``: they chose a user name."""

    slug: str
    name: str
    phone: str
    user_id: str
    hides_number: bool = False
    has_whatsapp: bool = True
    stopped: bool = False
    place: tuple[float, float, str] = (-6.1201, 106.1503, "Alun-alun Serang")
    heard_at: datetime | None = None
    next_slot: float = 0.0
    thread: list[Entry] = field(default_factory=list)
    sms: list[Entry] = field(default_factory=list)


@dataclass
class Entry:
    """One message in a chat. ``note`` is our reference, ``ours`` whether giliran wrote it."""

    id: str
    at: datetime
    ours: bool
    shown: Shown
    note: str = ""
    status: str = "sent"
    price: dict[str, Any] = field(default_factory=dict)
    to_user_id: bool = False


def people() -> list[Person]:
    """Return new telephones, all chats empty."""
    return [
        Person("siti", "Siti Rahmawati", "6281210003001", "ID.10400011223344556601", place=SERANG),
        Person(
            "bagus",
            "Bagus Prasetyo",
            "6281210003002",
            "ID.10400011223344556602",
            hides_number=True,
            place=BSD,
        ),
        Person("maria", "Maria Lubis", "6281210003003", "ID.10400011223344556603", place=SERANG),
        Person("udin", "Udin Saepudin", "6281210003004", "", has_whatsapp=False),
        # Of the demonstration's staff, by the names under which they log in.
        Person("kepala", "Kepala Cabang Serang", "6281210003005", "ID.10400011223344556605"),
        Person("wilayah", "Kepala Kanwil Banten", "6281210003006", "ID.10400011223344556606"),
    ]

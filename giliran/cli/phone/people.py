"""Made-up people with telephones, for the demonstration."""

from __future__ import annotations

from giliran.cli.phone.provider import Person

SERANG = (-6.1201, 106.1503, "Alun-alun Serang")
BSD = (-6.3016, 106.6531, "Pasar Modern BSD")


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
    ]

"""Made-up people of the demonstration: no name or NIK is anybody's."""

from __future__ import annotations

import random

from giliran.turns import actions as turns

FIRST_NAMES = (
    *("Siti", "Agus", "Dewi", "Budi", "Rina", "Joko", "Ani", "Hendra", "Sri", "Eko", "Wati"),
    *("Yusuf", "Lestari", "Rahmat", "Nur", "Bayu", "Fitri", "Slamet", "Maya", "Ahmad", "Purwati"),
    *("Rizal", "Ningsih", "Tono", "Aisyah", "Dedi", "Ratna", "Udin", "Kartini", "Fajar"),
)
LAST_NAMES = (
    *("Aminah", "Santoso", "Lestari", "Hidayat", "Wulandari", "Saputra", "Rahmawati", "Gunawan"),
    *("Nurhaliza", "Pratama", "Suryani", "Kurniawan", "Handayani", "Firmansyah", "Maulana"),
    *("Permata", "Setiawan", "Anggraini", "Ramadhan", "Susanti"),
)


def somebody(chance: random.Random, *, with_phone: bool = True) -> turns.Asker:
    """Return a person with a well-formed NIK of Banten and, usually, a mobile phone."""
    woman, serial = chance.random() < 0.5, chance.randrange(1, 9999)  # noqa: PLR2004
    day = chance.randrange(1, 29) + (40 if woman else 0)
    nik = f"3604{chance.randrange(1, 30):02d}{day:02d}{chance.randrange(1, 13):02d}"
    return turns.asker(
        nik=f"{nik}{chance.randrange(60, 100)}{serial:04d}",
        name=f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}",
        phone=f"0812{chance.randrange(10**7, 10**8)}" if with_phone else "",
    )

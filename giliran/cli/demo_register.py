"""A small register for the demonstration: made-up members, their work, months and heirs."""

from __future__ import annotations

import csv
import random
import tempfile
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from giliran.cli.demo_people import FIRST_NAMES, LAST_NAMES
from giliran.core.eligibility.days import add_months
from giliran.people import matching
from giliran.people.register import importing
from giliran.web.public.trying import BIRTH, TRIED

MEMBERS, MONTHS = 200, 12
SAME_NIK, NEAR_NAME = 4, 3  # pairs of cards for the desk where they are joined
_COMPANIES = (
    ("JJ010001", "PT Contoh Garmen Cikande"),
    ("JJ010002", "PT Contoh Baja Cilegon"),
    ("JJ010003", "PT Contoh Alas Kaki Balaraja"),
    ("JJ010004", "CV Contoh Roti Serang"),
)


class Member(NamedTuple):
    """Somebody who doesn't exist, with a card."""

    nik: str
    name: str
    birth: date
    kpj: str
    company: int
    wage: int

    @property
    def balance(self) -> int:
        """Return a JHT balance in rupiah, such as some years of the wage give."""
        return self.wage * 4


def load(*, now: datetime) -> list[Member]:
    """Import the register as files of the agency would be, and look for doubles.

    Returns the members who have one card, those of the page "Cara mencoba" first.
    """
    single, double = _members()
    heirs = list(zip(single[100:], single[:100], strict=True))
    with tempfile.TemporaryDirectory() as folder:
        for kind, header, rows in (
            ("members", _MEMBERS, (_member(one, now.date()) for one in [*single, *double])),
            ("spells", _SPELLS, map(_spell, [*single, *double])),
            ("contributions", _MONTHS, _months([*single, *double], now.date())),
            ("heirs", _HEIRS, (_heir(of, one) for of, one in heirs)),
        ):
            path = Path(folder, f"{kind}.csv")
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([header, *rows])
            importing.take(path, actor="cli", now=now, kind=kind)
    while matching.search_next(now=now) is not None:
        pass
    return single


def _members() -> tuple[list[Member], list[Member]]:
    """Return members, and second cards of some of them."""
    chance = random.Random(175)  # noqa: S311 -- made-up people
    tried = [
        Member(one.nik, one.name, BIRTH, f"17{place:09d}", 0, 4_500_000)
        for place, one in enumerate(TRIED)
    ]
    others = [_somebody(chance, serial) for serial in range(MEMBERS - len(tried))]
    single = [*tried, *others]
    chosen = others[-SAME_NIK - NEAR_NAME :]
    double = [
        one._replace(kpj=f"19{place:09d}", company=(one.company + 1) % len(_COMPANIES))
        for place, one in enumerate(chosen)
    ]
    for place in range(NEAR_NAME):
        one = double[place]
        slip = one.nik[:-1] + ("2" if one.nik[-1] == "1" else "1")
        double[place] = one._replace(nik=slip, name=one.name.replace("i", "y", 1))
    return single, double


def _somebody(chance: random.Random, serial: int) -> Member:
    birth = date(1965, 1, 1) + timedelta(days=chance.randrange(40 * 365))
    day = birth.day + (40 if chance.random() < 0.5 else 0)  # noqa: PLR2004
    return Member(
        f"3604{chance.randrange(1, 30):02d}{day:02d}{birth:%m%y}{serial + 100:04d}",
        f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}",
        birth,
        f"18{serial:09d}",
        chance.randrange(len(_COMPANIES)),
        chance.randrange(28, 70) * 100_000,
    )


_MEMBERS = (
    *("kpj", "nik", "name", "birth_date", "segment", "opened_on", "balance", "balance_on"),
    "phone",
)
_SPELLS = ("kpj", "npp", "employer", "began_on", "ended_on")
_MONTHS = ("kpj", "month", "wage", "amount", "paid_on")
_HEIRS = ("nik", "heir_nik", "heir_name", "relation")


def _member(one: Member, today: date) -> tuple[object, ...]:
    opened = add_months(one.birth, 20 * 12)
    return (
        *(one.kpj, one.nik, one.name, one.birth, "PU", opened, one.balance, today),
        f"0812{int(one.kpj[-7:]) + 10_000_000}",
    )


def _spell(one: Member) -> tuple[object, ...]:
    npp, employer = _COMPANIES[one.company]
    return (one.kpj, npp, employer, add_months(one.birth, 20 * 12), "")


def _months(members: Iterable[Member], today: date) -> Iterable[tuple[object, ...]]:
    this_month = today.replace(day=1)
    for one in members:
        for back in range(MONTHS, 0, -1):
            month = add_months(this_month, -back)
            yield (
                *(one.kpj, month, one.wage, one.wage * 57 // 1000),
                add_months(month, 1) if back > 1 else "",
            )


def _heir(of: Member, one: Member) -> tuple[object, ...]:
    return (of.nik, one.nik, one.name, "spouse")

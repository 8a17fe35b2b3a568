"""An Indonesian sentence with its parameters kept apart, so that a page can translate it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Union

Param = Union[Decimal, int, date, str, "Sentence"]

MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)


def rupiah_text(amount: Decimal) -> str:
    """Write rupiah as people read it: Rp42.000.000."""
    return f"Rp{int(amount):,}".replace(",", ".")


def day_text(day: date) -> str:
    """Write a day as people read it: 12 November 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def percent_text(rate: Decimal) -> str:
    """Write a rate (0.6) as a percentage with a decimal comma (60%)."""
    number = format((rate * 100).normalize(), "f")
    return f"{number.replace('.', ',')}%"


@dataclass(frozen=True, slots=True)
class Sentence:
    """An Indonesian source sentence with named `%(...)s` places, and what fills them.

    A Decimal is rupiah, a date is a day, a nested Sentence is a name that is translated too.
    """

    text: str
    params: Mapping[str, Param] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % {name: _shown(value) for name, value in self.params.items()}

    def to_json(self) -> dict[str, Any]:
        params = {name: _plain(value) for name, value in self.params.items()}
        return {"text": str(self), "msgid": self.text, "params": params}


def _shown(value: Param) -> str:
    if isinstance(value, Decimal):
        return rupiah_text(value)
    return day_text(value) if isinstance(value, date) else str(value)


def _plain(value: Param) -> Any:
    if isinstance(value, Sentence):
        return value.to_json()
    if isinstance(value, Decimal):
        return int(value)
    return value.isoformat() if isinstance(value, date) else value

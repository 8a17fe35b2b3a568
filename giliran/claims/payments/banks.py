"""The banks to which claims are paid, from banks.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from giliran.core.refusal import BadInput, gettext_noop
from giliran.rules.reading import YAML_LOADER


class Bank(NamedTuple):
    """``code`` is what an account keeps, ``clearing`` Bank Indonesia's, ``bic`` ISO 9362."""

    code: str
    name: str
    clearing: str
    bic: str


class BankUnknown(BadInput):
    """We can't pay to this bank: it isn't on the list."""

    code = "bank_unknown"
    sentence = gettext_noop("Bank ini tidak ada di daftar. Pilih bank dari daftar.")


@cache
def banks() -> tuple[Bank, ...]:
    """Return all banks in the order in which a page offers them."""
    file = Path(__file__).with_name("banks.yaml")
    rows = yaml.load(file.read_text(encoding="utf-8"), Loader=YAML_LOADER)  # noqa: S506 - a safe one
    return tuple(Bank(**row) for row in rows)


def bank(named: str) -> Bank:
    """Return the bank with this code, BIC, clearing code or name, capitals or not.

    Raises ``BankUnknown`` (field ``bank``).
    """
    try:
        return _by_any_name()[named.strip().casefold()]
    except KeyError:
        raise BankUnknown("bank") from None


@cache
def _by_any_name() -> dict[str, Bank]:
    return {str(name).casefold(): one for one in banks() for name in one}

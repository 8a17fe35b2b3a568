"""Accounts: ours, and those that claims are paid to, opened only to write an order or a mask."""

from __future__ import annotations

import json
from typing import NamedTuple

from django.conf import settings

from giliran.claims.payments.banks import BankUnknown, bank
from giliran.claims.payments.order import Party
from giliran.claims.payments.refusals import PayerMissing
from giliran.encryption import unseal

SHOWN = 4  # last digits, enough to tell two accounts apart


class Masked(NamedTuple):
    """An account as a page shows it: BRI ••••1234. ``bank`` is empty where we can't pay to it."""

    bank: str
    number: str


def payer() -> Party:
    """Return the account that claims are paid from, or raise ``PayerMissing``."""
    named, _, rest = settings.GILIRAN_PAYER.partition(":")
    number, _, holder = rest.partition(":")
    if not number or not holder:
        raise PayerMissing
    try:
        return Party(bank(named), number, holder)
    except BankUnknown:
        raise PayerMissing from None


def party(sealed: bytes | memoryview) -> Party:
    """Open a sealed account. Raises ``BankUnknown`` for a bank that isn't on the list."""
    account = json.loads(unseal(sealed) or "{}")
    return Party(bank(account.get("bank", "")), account["number"], account["holder"])


def masked(sealed: bytes | memoryview) -> Masked:
    """Return a sealed account with the last four digits of its number: ••••1234."""
    account = json.loads(unseal(sealed) or '{"bank": "", "number": ""}')
    try:
        named = bank(account["bank"]).code
    except BankUnknown:
        named = ""
    return Masked(named, f"••••{account['number'][-SHOWN:]}")

"""Accounts: where the money goes, and whether they may be the claimant's."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from rapidfuzz import fuzz

from giliran.claims.models import Claim
from giliran.claims.refusals import BadAccount, HolderDiffers
from giliran.encryption import seal, unseal
from giliran.people.names import parse_name

NEAR_ENOUGH = 85  # of 100: one misspelt letter in a short name, or words in another order
CUT_OFF = 15  # banks print so many letters of a long name, or more
_ACCOUNT = re.compile(r"[0-9]{5,20}")
_OWNED = re.compile(r"\bQ\.?\s?Q\b\.?", re.IGNORECASE)
"""Quo quo: an account kept by the one before it and owned by the one after it."""
# Titles stand in many a bank's books and on no KTP.
_TITLES = frozenset(
    {"H", "HJ", "BPK", "IBU", "SDR", "SDRI", "TN", "NY", "NN", "DR", "DRS", "DRA", "IR", "PROF"}
    | {"SE", "SH", "ST", "SPD", "SKOM", "SSOS", "SAG", "SIP", "AMD", "MM", "MSI", "MPD", "MH"}
)


class Account(NamedTuple):
    """Where the money goes: a bank's code (BCA, BRI), the number and its holder's name."""

    bank: str
    number: str
    holder: str


def sealed_account(claim: Claim, account: Account) -> bytes:
    """Return a checked account of the claimant, sealed. Raises what ``checked`` raises."""
    kept = checked(account, name=unseal(claim.name_sealed))
    return seal(json.dumps(kept._asdict()))


def checked(account: Account, *, name: str) -> Account:
    """Return an account as it is kept: a bank on our list, digits only, held by this person.

    Raises ``BankUnknown``, ``BadAccount``, ``BadName`` or ``HolderDiffers``.
    """
    # Not above: payments read accounts from here.
    from giliran.claims.payments.banks import bank as bank_named

    bank = bank_named(account.bank).code
    number = re.sub(r"[\s.\-]", "", account.number)
    if not _ACCOUNT.fullmatch(number):
        raise BadAccount("number")
    holder = parse_name(account.holder, field="holder")
    if not is_near(holder, name):
        raise HolderDiffers("holder")
    return Account(bank, number, holder)


def is_near(holder: str, name: str) -> bool:
    """Say whether an account's holder may be the person of this name.

    Titles, order of words and a misspelt letter don't count; a long name may be cut off, as banks
    do it. Of "guardian QQ child" the child counts: that is how banks keep a minor's money.
    """
    ours, theirs = _folded(name), _folded(_OWNED.split(holder)[-1])
    if not ours or not theirs:
        return False
    if len(theirs) >= CUT_OFF and ours.startswith(theirs):
        return True
    return fuzz.token_sort_ratio(ours, theirs) >= NEAR_ENOUGH


def _folded(name: str) -> str:
    words = re.sub(r"[^\w\s]", "", name.upper()).split()
    return " ".join(word for word in words if word not in _TITLES)

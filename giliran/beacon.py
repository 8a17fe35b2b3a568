"""The public random beacon: drand's quicknet, run by the League of Entropy.

A round is named before it exists, so that nobody can know or choose its value when a list closes.
Every value carries a BLS signature that anybody can check; an endpoint is never believed.
The chain's constants: https://api.drand.sh/<CHAIN>/info (scheme bls-unchained-g1-rfc9380).
"""

from __future__ import annotations

import importlib
import logging
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import ModuleType

import httpx

CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
GENESIS = datetime.fromtimestamp(1692803367, UTC)
PERIOD = timedelta(seconds=3)
URLS = (
    "https://api.drand.sh",
    "https://api2.drand.sh",
    "https://api3.drand.sh",
    "https://drand.cloudflare.com",
)
# Our clock may be late: a round this long after closing is still unknown to everybody.
MARGIN = timedelta(minutes=1)
TIMEOUT_SECONDS = 5.0

_SIGNATURE = re.compile(r"[0-9a-f]{96}")
_LARGEST_ROUND = 2**63

log = logging.getLogger(__name__)


class WrongSignature(Exception):
    """The signature isn't the beacon's for this round."""


class CannotVerify(Exception):
    """This Python has no drand-verify: use commit-and-reveal, or Python 3.11 or 3.12."""


def round_after(moment: datetime, *, margin: timedelta = MARGIN) -> int:
    """Return the first round that appears strictly after an aware moment and the margin.

    Raises ValueError for a moment without a time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return max(1, (moment.astimezone(UTC) + margin - GENESIS) // PERIOD + 2)


def appears_at(round_number: int) -> datetime:
    """Return when a round's value becomes public (UTC); round 1 was the first."""
    return GENESIS + (round_number - 1) * PERIOD


def verified(round_number: int, signature_hex: str) -> str:
    """Check a round's signature (96 hex digits) and return its randomness (64 hex digits).

    Raises WrongSignature, or CannotVerify where drand-verify can't be installed.
    """
    library = _library()
    if not 1 <= round_number < _LARGEST_ROUND or not _SIGNATURE.fullmatch(signature_hex):
        # The library itself panics at what isn't hexadecimal.
        raise WrongSignature(f"no quicknet signature is written like that (round {round_number})")
    try:
        return str(library.verify_quicknet(round_number, signature_hex))
    except ValueError as fault:
        raise WrongSignature(
            f"the signature isn't quicknet's for round {round_number}: {fault}"
        ) from fault


def fetch(
    round_number: int, *, urls: Sequence[str] = URLS, timeout_seconds: float = TIMEOUT_SECONDS
) -> str | None:
    """Return a round's checked signature from the first endpoint that has it.

    None when none is reachable or the round isn't there yet: ask again later. An endpoint with a
    wrong signature is passed over. Raises CannotVerify where drand-verify can't be installed.
    """
    _library()
    for url in urls:
        try:
            reply = httpx.get(f"{url}/{CHAIN}/public/{round_number}", timeout=timeout_seconds)
            reply.raise_for_status()
            signature = reply.json()["signature"]
            verified(round_number, signature)
        except (httpx.HTTPError, ValueError, KeyError, TypeError, WrongSignature) as fault:
            log.warning("drand round %d not from %s: %r", round_number, url, fault)
        else:
            return str(signature)
    return None


def _library() -> ModuleType:
    try:
        return importlib.import_module("drand_verify")
    except ImportError as fault:
        raise CannotVerify(
            "drand's signatures can't be checked here: drand-verify has no build for this Python. "
            "Use commit-and-reveal as the region's source of randomness, or Python 3.11 or 3.12."
        ) from fault

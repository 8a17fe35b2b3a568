"""How many complaints one address may send: a village shares one, a flood comes from one.

Counted in this process's memory and gone within the hour. Nothing in the database says from where
an anonymous complaint came.
"""

from __future__ import annotations

from contextlib import suppress

from django.core.cache import cache

from giliran.core.refusal import Refusal, gettext_noop
from giliran.encryption import blind_name

AT_MOST, SECONDS = 20, 3600


class TooManyComplaints(Refusal):
    """One address sends complaints as fast as no village does."""

    code = "too_many_complaints"
    sentence = gettext_noop(
        "Dari jaringan ini terlalu banyak aduan dalam satu jam. Coba lagi nanti, telepon 175, atau "
        "sampaikan langsung kepada petugas."
    )


def check_flood(address: str) -> None:
    """Count one more complaint from a net address or a telephone; empty is nobody.

    Raises ``TooManyComplaints``.
    """
    if not address:
        return
    key = f"complaints-{blind_name('complaint flood', address)[:32]}"
    if cache.add(key, 1, SECONDS):
        return
    with suppress(ValueError):  # the hour ended in this very moment
        if cache.incr(key) > AT_MOST:
            raise TooManyComplaints

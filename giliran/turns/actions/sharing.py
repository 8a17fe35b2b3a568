"""Answers to applicants and the sealing of a round, kept apart by one lock a region.

Whoever is being answered shares the lock; sealing holds it alone. So a round that is sealed holds
everybody who was told "we have it" in time, and no row is written for it.
"""

from __future__ import annotations

from django.db import connection

from giliran.offices.models import Region

_LOCK = 7_474_001  # first half of the advisory lock's key; the second is the region's id


def share_the_round(region: Region) -> None:
    """Let sealing wait until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [_LOCK, region.id])


def hold_the_round(region: Region) -> None:
    """Let everybody who is being answered finish, and nobody begin until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, region.id])

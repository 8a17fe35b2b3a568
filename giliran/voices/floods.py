"""How many complaints one address may send: a village shares one, a flood comes from one.

Counted for all processes together, by the hour, in a table that the write-ahead log leaves out. A
row names a keyed hash of address and hour, and goes an hour later: nothing tells afterwards from
where an anonymous complaint came.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from giliran.core.refusal import Refusal, gettext_noop
from giliran.encryption import blind_name
from giliran.voices.models import Flood

AT_MOST, SECONDS = 20, 3600


class TooManyComplaints(Refusal):
    """One address sends complaints as fast as no village does."""

    code = "too_many_complaints"
    sentence = gettext_noop(
        "Dari jaringan ini terlalu banyak aduan dalam satu jam. Coba lagi nanti, telepon 175, atau "
        "sampaikan langsung kepada petugas."
    )


def check_flood(address: str, *, now: datetime) -> None:
    """Count one more complaint from a net address or a telephone; empty is nobody.

    Of the hour before counts the part that is less than an hour ago, as if it had come evenly.
    Raises ``TooManyComplaints``.
    """
    if not address:
        return
    hour, over = divmod(int(now.timestamp()), SECONDS)
    before = Flood.objects.filter(trace=_trace(address, hour - 1)).values_list("complaints")
    still = sum(n for (n,) in before) * (SECONDS - over) // SECONDS
    if still + _count(_trace(address, hour), hour) > AT_MOST:
        raise TooManyComplaints


def forget_floods(*, now: datetime) -> int:
    """Delete what was counted in hours that no limit looks at any more; returns of how many."""
    hour = int(now.timestamp()) // SECONDS
    return Flood.objects.filter(hour__lt=hour - 1).delete()[0]


def _count(trace: str, hour: int) -> int:
    """Count in one statement, so that two at once are two."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO voices_flood AS f (trace, hour, complaints) VALUES (%s, %s, 1)
            ON CONFLICT (trace) DO UPDATE SET complaints = f.complaints + 1
            RETURNING complaints
            """,
            [trace, hour],
        )
        return int(cursor.fetchone()[0])


def _trace(address: str, hour: int) -> str:
    return blind_name("complaint flood", f"{hour} {address}")

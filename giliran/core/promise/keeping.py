"""Whether a promised window moved, and whether it was kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

WORTH_TELLING: Final = timedelta(minutes=10)


def has_moved(
    told: tuple[datetime, datetime],
    found: tuple[datetime, datetime],
    *,
    now: datetime,
    earliest: datetime,
) -> bool:
    """Return whether somebody should be told another window than the one that they know.

    So if an end of it moved by more than ten minutes, or if it can no longer hold: it is over, or
    ends before the ``earliest`` moment at which they are probably called. Times are aware.
    """
    (begins, ends), (new_begins, new_ends) = told, found
    if abs(new_begins - begins) > WORTH_TELLING or abs(new_ends - ends) > WORTH_TELLING:
        return True
    return max(now, earliest) > ends and found != told


def was_kept(
    begins: datetime,
    ends: datetime,
    *,
    called_at: datetime | None,
    gone_at: datetime | None = None,
    ended_by_office: bool = False,
) -> bool | None:
    """Return whether a first promise was kept; None while that isn't known, or counts nowhere.

    - Called between ``begins`` and ``ends``, both included: kept. Whether the person answered
      doesn't matter: the office kept its word, and what follows (a transfer, fetching a paper,
      coming back) is no part of it.
    - Called earlier: not kept. Nobody can be blamed for not being there yet.
    - Called later, or gone unserved (``gone_at``) after ``ends``: not kept.
    - Gone before ``ends``, by their own wish: nobody knows what would have been; counts nowhere.
    - Sent home when the office ended its day (``ended_by_office``): not kept, whenever it was.
    """
    if called_at is not None:
        return begins <= called_at <= ends
    if ended_by_office:
        return False
    if gone_at is not None and gone_at > ends:
        return False
    return None

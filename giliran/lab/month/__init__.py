"""A month of one office or a region, played as it is and with each remedy, many times over.

What isn't known for sure (how many come, how long they take, who stays away) is drawn anew for
each play from how sure its estimate is, and the same people with the same chances meet every
remedy: their difference is the remedy's, not the dice's.
"""

from giliran.lab.month.playing import (
    AS_IS,
    BOOKED_MINUTES,
    PLAYS,
    WALK_IN_MINUTES,
    Change,
    Interval,
    Totals,
    interval,
    play_month,
)
from giliran.lab.month.remedies import (
    FEWER_NO_SHOWS,
    LONGER_HALF_HOURS,
    MOST_HALF_HOURS,
    PRECHECKED,
    TO_BOOTH,
    Found,
    Remedy,
    Way,
    remedies,
)
from giliran.lab.month.shortage import Shortage, shortage
from giliran.lab.month.site import OpenDay, Site
from giliran.lab.month.supposing import supposed

__all__ = [
    "AS_IS",
    "BOOKED_MINUTES",
    "FEWER_NO_SHOWS",
    "LONGER_HALF_HOURS",
    "MOST_HALF_HOURS",
    "PLAYS",
    "PRECHECKED",
    "TO_BOOTH",
    "WALK_IN_MINUTES",
    "Change",
    "Found",
    "Interval",
    "OpenDay",
    "Remedy",
    "Shortage",
    "Site",
    "Totals",
    "Way",
    "interval",
    "play_month",
    "remedies",
    "shortage",
    "supposed",
]

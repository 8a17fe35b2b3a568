"""What is assumed of the town, the offices and the scalpers. See docs/guides/market.md."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

FAST, SLOW, OFFLINE = 0, 1, 2

CHANNEL_SHARES: Final = (0.5, 0.3, 0.2)
"""Online fast, online slow, offline. Our assumption."""
SECONDS: Final = (30.0, 180.0, 7200.0)
"""Median seconds from the release until such a person has booked. Our assumption: a good phone, a
poor connection, and somebody who must first come to a desk or find a helper."""
PERSON_SIGMA: Final = 0.6
DAY_SIGMA: Final = 0.5
"""Spread of log seconds between people (who stay as they are) and between a person's days."""
ONLINE_THEN: Final = (0.9, 0.7, 0.5)
"""Chance to be free at the moment of release on a day. Our assumption."""
PRIORITY_SHARE: Final = 0.2
FAR_SHARE: Final = 0.1
WOULD_BUY: Final = 0.5
"""Share of people who would pay a scalper at all. Our assumption."""
PRICE_MEDIAN: Final = 100_000.0
PRICE_SIGMA: Final = 0.8
"""Willingness of those to pay for a place now, in Rupiah, lognormal. Our assumption; no tariff of
scalpers is published. Its level cancels in every ratio of incomes."""
PRICE_LEAST: Final = 10_000.0
"""Below this a scalper doesn't bother."""
PATIENCE_MEDIAN_DAYS: Final = 365.0
PATIENCE_SIGMA: Final = 0.7
SWAP_SUCCESS: Final = 0.95
"""First come: chance that the buyer gets the place which the scalper cancels at an agreed moment
(Hakimov et al. 2021 describe the practice; the figure is ours)."""
SECONDS_PER_BOOKING_BOT: Final = 10.0
SECONDS_PER_BOOKING_HAND: Final = 30.0
"""A program needs so long for the form and its puzzle, a scalper without one so long by hand."""
HALVES: Final = 2
ROUNDS_TO_BE_SEEN: Final = 3
"""Rounds until somebody real who must show a card at a desk has done so. Our assumption."""
FALSE_KINDS: Final = 7
"""What false names claim to be: everything (priority, far, offline), the worst case."""


@dataclass(frozen=True)
class Setting:
    """One region. Shares are from 0 to 1; `places` and `arrivals` are a day's, of all offices."""

    days: int = 120
    places: int = 60  # Serang serves 60 a day (Bantenraya 2025)
    arrivals: float = 57.0  # as many as can be served when 5 % stay away
    backlog_days: float = 10.0
    offices: int = 3
    narrow: float = 0.1  # who accept only one half-day at one office
    narrow_credit: float = 0.0  # credit that these earn for a lost round; others earn 1
    no_show: float = 0.05
    declines: float = 0.05  # who say "doesn't suit" in time
    refill: float = 0.9  # places declined in time that somebody standing by takes
    at_the_door: float = 0.0  # places found empty on the day that somebody at the door takes
    scalpers: int = 3
    bots: int = 6  # programs, shared by the scalpers
    accomplices: int = 5  # real people who lend a scalper their identity
    made_up: int = 200  # NIKs that each scalper makes up and tries
    false_identities: float = 0.3  # share of those that pass when applying
    phones: int = 20  # phone numbers that a scalper has
    names_per_phone: int = 3  # the draw's limit; 0: no limit
    pause: int = 0  # rounds that a name which won and did not come sits out of the draw
    seen_first: bool = False  # such a name must show its card at a desk before it applies again
    door_check: float = 1.0  # chance that a wrong person is found at the door
    returned: float = 0.0  # unsold places that a scalper gives back in time
    order_known: bool = False  # whether those standing by know who is next

    def __post_init__(self) -> None:
        counts = (
            self.backlog_days,
            self.arrivals,
            self.scalpers,
            self.bots,
            self.accomplices,
            self.made_up,
            self.phones,
            self.names_per_phone,
            self.pause,
        )
        if min(self.days, self.places, self.offices) < 1 or min(counts) < 0:
            raise ValueError("There is at least one day, place and office, and no count below 0.")
        if self.places < self.offices * HALVES:
            raise ValueError(
                f"{self.offices} offices need at least {self.offices * HALVES} places."
            )
        if not math.isfinite(self.arrivals) or not math.isfinite(self.backlog_days):
            raise ValueError("Arrivals and backlog are finite.")
        shares = (
            self.narrow,
            self.narrow_credit,
            self.no_show,
            self.declines,
            self.refill,
            self.at_the_door,
            self.false_identities,
            self.door_check,
            self.returned,
        )
        if not all(0 <= share <= 1 for share in shares):
            raise ValueError("A share is from 0 to 1.")

    def names_of_a_scalper(self, *, limited: bool) -> int:
        """Count the identities that a scalper can apply with, under the draw's limit or without."""
        names = self.accomplices + round(self.made_up * self.false_identities)
        if limited and self.names_per_phone:
            return min(names, self.phones * self.names_per_phone)
        return names

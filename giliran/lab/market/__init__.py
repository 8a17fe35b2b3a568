"""Who gets a scarce place, and what a scalper (calo) could earn: three mechanisms, one town.

The same honest people, bots and scalpers meet `first_come` (places of a day are released at one
moment and the quickest win), `plain_lottery` (giliran's draw without credit) and `credit_first`
(giliran's draw). The draw is `giliran.core.draw.draw`, the function that the offices use. After
R. Hakimov, C.-P. Heller, D. Kübler, M. Kurino, "How to Avoid Black Markets for Appointments with
Online Booking Systems", American Economic Review 111 (7), 2021: a place bound to an identity and
drawn among applications is worth nothing to whoever resells it.

Every number is an assumption of ours unless a source stands beside it in `setting.py`;
docs/guides/market.md tells them to people who don't read code. Time is counted in days from 0,
money in Rupiah. The same setting and seed give the same figures bit for bit, and a seed gives
every mechanism the same people with the same habits on the same days (common random numbers).
"""

from __future__ import annotations

from giliran.lab.market.drawn import drawn_days
from giliran.lab.market.figures import CHANNELS, Figures, figures_of, interval
from giliran.lab.market.first_come import first_come_days
from giliran.lab.market.setting import Setting
from giliran.lab.market.town import Run, town

MECHANISMS = ("first_come", "plain_lottery", "credit_first")

__all__ = [
    "CHANNELS",
    "MECHANISMS",
    "Figures",
    "Run",
    "Setting",
    "figures_of",
    "interval",
    "play",
    "town",
]


def play(setting: Setting, mechanism: str, *, seed: int) -> Figures:
    """Play one town under one mechanism (of MECHANISMS) and add up what happened."""
    if mechanism not in MECHANISMS:
        raise ValueError(f"No mechanism {mechanism!r}; there are: {', '.join(MECHANISMS)}.")
    run = Run.start(town(setting, seed=seed))
    if mechanism == "first_come":
        first_come_days(run)
    else:
        drawn_days(run, credit_first=mechanism == "credit_first")
    return figures_of(run)

"""A whole network over some weeks: come at dawn as today, or ask from anywhere and be drawn.

People ask on a day, with their home near one branch. With `first_come` they stand at its door
until they get a number; with `draw` they apply, `core.seats` ranks what they would accept,
`core.draw` gives the places that `core.offers` plans, and they come to their window; a share
still stands at the door for the numbers that are kept. Every branch's day is played by the same
compiled loop as `lab.office`, with the order of `core.calling`. Officers on leave are known
before places are offered, and nobody is lent.

Assumptions stand in `setting.py` and `town.py`, and docs/guides/lab.md tells them. The same seed
gives the same story bit for bit; ways and settings share their people (common random numbers).
"""

from __future__ import annotations

from giliran.lab.network.days import BOOKED, GAVE_UP, SERVED, WAITING, Story, play_network
from giliran.lab.network.figures import ALL, figures_of, together
from giliran.lab.network.setting import WAYS, Branch, Network, five_branches

__all__ = [
    "ALL",
    "BOOKED",
    "GAVE_UP",
    "SERVED",
    "WAITING",
    "WAYS",
    "Branch",
    "Network",
    "Story",
    "figures_of",
    "five_branches",
    "play_network",
    "together",
]

"""Work -> officers needed: published formulas for small offices, over a day that changes."""

from giliran.core.need.erlang import (
    Line,
    blocked,
    leaves,
    mean_wait,
    must_wait,
    waits_longer,
    would_wait_longer,
)
from giliran.core.need.offered import BOOKED, WALK_IN, Target, need, offered_load, officers_needed

__all__ = [
    "BOOKED",
    "WALK_IN",
    "Line",
    "Target",
    "blocked",
    "leaves",
    "mean_wait",
    "must_wait",
    "need",
    "offered_load",
    "officers_needed",
    "waits_longer",
    "would_wait_longer",
]

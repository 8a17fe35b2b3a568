"""Work -> officers needed: published formulas for small offices, over a day that changes."""

from giliran.core.need.day import Course, day_course, need_of_day
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
    "Course",
    "Line",
    "Target",
    "blocked",
    "day_course",
    "leaves",
    "mean_wait",
    "must_wait",
    "need",
    "need_of_day",
    "offered_load",
    "officers_needed",
    "waits_longer",
    "would_wait_longer",
]
